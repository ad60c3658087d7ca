//! Where the owner of a unit stands in the life of a home, as far as a ledger tells. Whether that is further than what
//! is known already, and who is a former owner, is for whoever knows the owner's other homes.

use entity::vocab::OwnerStage;

/// Remarks that speak of a home nobody lives in, though they hold a word of the lists below.
const EMPTY: [&str; 6] = ["未装修", "未入住", "待装修", "未装", "空置", "毛坯"];
const RENOVATING: [&str; 4] = ["装修中", "在装修", "正装修", "施工中"];
const RESIDENT: [&str; 5] = ["已装修", "入住", "自住", "常住", "出租"];

/// Before the handover an owner has signed and nothing more, whatever the remark says. After it the remark decides: a
/// home that is being renovated, one that is lived in (also by tenants, and when its renovation is done), or an empty one.
pub fn of(is_handed_over: bool, remark: Option<&str>) -> OwnerStage {
    let says = |words: &[&str]| remark.is_some_and(|remark| words.iter().any(|word| remark.contains(word)));
    if !is_handed_over {
        OwnerStage::Signed
    } else if says(&EMPTY) {
        OwnerStage::HandedOver
    } else if says(&RENOVATING) {
        OwnerStage::Renovating
    } else if says(&RESIDENT) {
        OwnerStage::Resident
    } else {
        OwnerStage::HandedOver
    }
}

/// The further of two stages: an owner of several homes stands where the furthest of them does, and a ledger never
/// takes anybody back. A former owner who has a home again begins anew.
pub fn furthest(known: OwnerStage, told: OwnerStage) -> OwnerStage {
    if known == OwnerStage::Former { told } else { known.max(told) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use OwnerStage::*;

    #[test]
    fn the_remark_decides_after_the_handover_and_not_before() {
        for (remark, stage) in [
            (None, HandedOver),
            (Some("VIP"), HandedOver),
            (Some("空置"), HandedOver),
            (Some("未装修,空置"), HandedOver),
            (Some("尚未入住"), HandedOver),
            (Some("装修中"), Renovating),
            (Some("已装修"), Resident),
            (Some("出租"), Resident),
        ] {
            assert_eq!(of(true, remark), stage, "{remark:?}");
            assert_eq!(of(false, remark), Signed, "{remark:?}");
        }
    }

    #[test]
    fn an_owner_stands_where_the_furthest_home_does() {
        assert_eq!(furthest(Signed, Resident), Resident);
        assert_eq!(furthest(Resident, Signed), Resident);
        assert_eq!(furthest(Prospect, Signed), Signed);
        assert_eq!(furthest(Former, Signed), Signed);
    }
}
