//! Who is the same person, and whom a phone signs in.

use entity::vocab::OwnerStage;

use super::*;

#[tokio::test]
async fn one_person_with_several_homes_is_one_owner_and_the_first_row_tells_the_phone() {
    let fixture = Fixture::new().await;
    let id = identity(1);
    let row = |room: u32, phone: &str, handover: &str| {
        format!("云庭,1#,,{room},,张三,{id},{phone},,2024-03-05,{handover},,出租")
    };
    let rows: Vec<String> = (0..600)
        .map(|room| {
            row(
                room + 1,
                if room == 0 { "13800000001" } else { "13800000002" },
                if room == 599 { "2026-05-01" } else { "" },
            )
        })
        .collect();
    fixture.import(&rows.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let owner = fixture.owner("张三").await;
    assert_eq!(fixture.phone_of(&owner), "13800000001");
    assert_eq!(owner.stage, OwnerStage::Resident, "the furthest of the homes decides, though it is the last");
    assert_eq!(fixture.signs_in("13800000002").await, None);
}

#[tokio::test]
async fn a_couple_that_shares_a_phone_is_two_owners_and_the_first_signs_in() {
    let fixture = Fixture::new().await;
    let (wife, husband) = (identity(1), identity(2));
    let couple = format!("云庭,1#,,101,,王芳/李强,{wife}/{husband},13800000001/13800000001,,2024-03-05,,,");
    let second = format!("云庭,1#,,102,,李强,{husband},13800000001,,2024-03-05,,,");
    fixture.import(&[&couple, &second]).await;
    assert_eq!(fixture.all::<owner::Entity>().await.len(), 2);
    assert_eq!(fixture.signs_in("13800000001").await.as_deref(), Some("王芳"));
    assert_eq!(fixture.phone_of(&fixture.owner("李强").await), "13800000001");

    // She changes hers, and his signs him in.
    let couple = couple.replacen("13800000001", "13900000009", 1);
    fixture.import(&[&couple, &second]).await;
    assert_eq!(fixture.signs_in("13900000009").await.as_deref(), Some("王芳"));
    assert_eq!(fixture.signs_in("13800000001").await.as_deref(), Some("李强"));
}

#[tokio::test]
async fn without_numbers_name_and_phone_tell_persons_apart() {
    let fixture = Fixture::new().await;
    fixture
        .import(&[
            "云庭,1#,,101,,王芳/李强,,13800000001/13800000001,,2024-03-05,,,",
            "云庭,1#,,102,,李强,,13800000001,,2024-03-05,,,",
            "云庭,1#,,103,,李强,,13800000003,,2024-03-05,,,",
        ])
        .await;
    let owners = fixture.all::<owner::Entity>().await;
    assert_eq!(owners.len(), 3);
    assert_eq!(fixture.present_owners("1号楼-101").await, ["王芳", "李强"]);
    assert_eq!(fixture.signs_in("13800000001").await.as_deref(), Some("王芳"));
    assert_eq!(fixture.signs_in("13800000003").await.as_deref(), Some("李强"));
}

#[tokio::test]
async fn an_identity_number_that_is_told_later_finds_its_person() {
    let fixture = Fixture::new().await;
    let id = identity(1);
    fixture.import(&["云庭,1#,,101,,张三,,13800000001,,2024-03-05,,,"]).await;
    let before = fixture.owner("张三").await;
    let with_id = format!("云庭,1#,,101,,张三,{id},13900000009,,2024-03-05,,,");
    fixture.import(&[&with_id]).await;
    let after = fixture.owner("张三").await;
    assert_eq!(after.id, before.id);
    assert_eq!(after.identity_hash, Some(fixture.tools.vault.identity_hash(&id)));
    assert_eq!(fixture.signs_in("13900000009").await.as_deref(), Some("张三"));
    assert_eq!(fixture.signs_in("13800000001").await, None);
}

#[tokio::test]
async fn a_corrected_identity_number_stays_with_its_person() {
    let fixture = Fixture::new().await;
    let row = |id: &str| format!("云庭,1#,,101,,张三,{id},13800000001,,2024-03-05,,,");
    fixture.import(&[&row(&identity(1))]).await;
    let before = fixture.owner("张三").await;
    fixture.import(&[&row(&identity(2))]).await;
    let after = fixture.owner("张三").await;
    assert_eq!((after.id, after.identity_masked), (before.id, Some(identity_number::mask(&identity(2)))));
}

#[tokio::test]
async fn a_namesake_with_another_number_and_phone_is_another_person() {
    let fixture = Fixture::new().await;
    let row = |seed: u32, phone: &str| format!("云庭,1#,,101,,张三,{},{phone},,2024-03-05,,,", identity(seed));
    fixture.import(&[&row(1, "13800000001")]).await;
    fixture.import(&[&row(2, "13800000002")]).await;
    assert_eq!(fixture.all::<owner::Entity>().await.len(), 2);
    assert_eq!(fixture.present_owners("1号楼-101").await.len(), 1);
}

#[tokio::test]
async fn a_phone_passes_on_from_who_owns_no_home_any_more() {
    let fixture = Fixture::new().await;
    let row = |name: &str, seed: u32| format!("云庭,1#,,101,,{name},{},13800000001,,2024-03-05,,,", identity(seed));
    fixture.import(&[&row("张父", 1)]).await;
    fixture.import(&[&row("张子", 2)]).await;
    assert_eq!(fixture.owner("张父").await.stage, OwnerStage::Former);
    assert_eq!(fixture.signs_in("13800000001").await.as_deref(), Some("张子"));
    assert_eq!(fixture.phone_of(&fixture.owner("张父").await), "13800000001", "for the file");
}

#[tokio::test]
async fn two_persons_who_swap_phones_both_sign_in() {
    let fixture = Fixture::new().await;
    let rows = |first: &str, second: &str| {
        [
            format!("云庭,1#,,101,,张三,{},{first},,2024-03-05,,,", identity(1)),
            format!("云庭,1#,,102,,李四,{},{second},,2024-03-05,,,", identity(2)),
        ]
    };
    let [one, two] = rows("13800000001", "13800000002");
    fixture.import(&[&one, &two]).await;
    let [one, two] = rows("13800000002", "13800000001");
    fixture.import(&[&one, &two]).await;
    assert_eq!(fixture.signs_in("13800000002").await.as_deref(), Some("张三"));
    assert_eq!(fixture.signs_in("13800000001").await.as_deref(), Some("李四"));
}

#[tokio::test]
async fn a_marriage_changes_the_name_and_not_the_person() {
    let fixture = Fixture::new().await;
    let row = |name: &str| format!("云庭,1#,,101,,{name},{},13800000001,,2024-03-05,,,", identity(1));
    fixture.import(&[&row("王芳")]).await;
    let changes = fixture.import(&[&row("陈王芳")]).await;
    assert_eq!(changes.of(Table::Owners), Change { new: 0, changed: 1 });
    assert_eq!(fixture.present_owners("1号楼-101").await, ["陈王芳"]);
}
