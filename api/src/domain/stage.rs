//! The stages in the life of a home, and which follow which (S14).

use entity::vocab::OwnerStage;

/// Why an owner can't come from one stage to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IllegalJump {
    pub from: OwnerStage,
    pub to: OwnerStage,
}

/// Whether one stage may follow another. People skip the renovation, renovate again, sell and buy; nobody becomes a
/// prospect again, and nothing is handed over before it is signed for.
pub fn follows(from: OwnerStage, to: OwnerStage) -> Result<(), IllegalJump> {
    use OwnerStage::{Former, HandedOver, Prospect, Renovating, Resident, Signed};
    let legal = matches!(
        (from, to),
        (Prospect, Signed | Former)
            | (Signed, HandedOver | Former)
            | (HandedOver, Renovating | Resident | Former)
            | (Renovating, Resident | Former)
            | (Resident, Renovating | Former)
            | (Former, Signed)
    );
    if legal { Ok(()) } else { Err(IllegalJump { from, to }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_of_a_home_is_open_and_shortcuts_are_not() {
        use OwnerStage::*;
        for (from, to) in [(Prospect, Signed), (Signed, HandedOver), (HandedOver, Renovating), (Renovating, Resident)] {
            assert_eq!(follows(from, to), Ok(()));
            assert!(follows(to, from).is_err() || (from, to) == (Renovating, Resident), "{to:?} to {from:?}");
        }
        for (from, to) in [(Prospect, HandedOver), (Prospect, Resident), (Signed, Renovating), (Former, Resident)] {
            assert_eq!(follows(from, to), Err(IllegalJump { from, to }));
        }
    }

    #[test]
    fn no_stage_follows_itself_and_none_leads_back_to_prospect() {
        for stage in OwnerStage::ALL {
            assert!(follows(*stage, *stage).is_err());
            assert!(follows(*stage, OwnerStage::Prospect).is_err());
        }
    }
}
