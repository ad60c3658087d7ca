//! A later ledger over what an earlier one loaded: it updates what it says, and nothing else.

use entity::{
    owner_stage_change,
    vocab::{ContractStatus, OwnerStage, WarrantyPart},
};

use super::*;

#[tokio::test]
async fn a_handover_arrives() {
    let fixture = Fixture::new().await;
    fixture.import(&["云庭,1#,,101,89,张三,,13800000001,A-1,2024-03-05,,,已装修"]).await;
    assert_eq!(fixture.owner("张三").await.stage, OwnerStage::Signed);

    let changes = fixture.import(&["云庭,1#,,101,90.25,张三,,13800000001,A-1,2024-03-05,2026-05-01,,已装修"]).await;
    let unit = fixture.unit("1号楼-101").await;
    assert_eq!((unit.floor_area_centi, unit.handed_over_on), (Some(9025), Some(on("2026-05-01"))));
    let contract = fixture.all::<contract::Entity>().await.remove(0);
    assert_eq!((contract.status, contract.handed_over_on), (ContractStatus::HandedOver, Some(on("2026-05-01"))));
    assert_eq!(fixture.owner("张三").await.stage, OwnerStage::Resident);
    assert_eq!(changes.of(Table::WarrantyItems).new, WarrantyPart::ALL.len() as u64);
    assert_eq!(changes.of(Table::Ownerships), Change::default());
}

#[tokio::test]
async fn each_step_from_stage_to_stage_is_written_down_once() {
    let fixture = Fixture::new().await;
    let (old, new) = (identity(1), identity(2));
    fixture.import(&[&format!("云庭,1#,,101,,张三,{old},13800000001,A-1,2024-03-05,,,")]).await;
    fixture.import(&[&format!("云庭,1#,,101,,张三,{old},13800000001,A-1,2024-03-05,2026-05-01,,")]).await;
    fixture.import(&[&format!("云庭,1#,,101,,李四,{new},13800000002,B-9,2026-08-01,,,")]).await;
    let id = fixture.owner("张三").await.id;
    let changes = fixture.all::<owner_stage_change::Entity>().await;
    let mut changes: Vec<_> = changes.into_iter().filter(|change| change.owner_id == id).collect();
    changes.sort_by_key(|change| change.id);
    let steps: Vec<_> = changes.iter().map(|change| (change.from_stage, change.to_stage)).collect();
    let handed_over = OwnerStage::HandedOver;
    assert_eq!(
        steps,
        [(None, OwnerStage::Signed), (Some(OwnerStage::Signed), handed_over), (Some(handed_over), OwnerStage::Former),]
    );
}

#[tokio::test]
async fn a_corrected_day_of_handover_moves_the_warranty_and_forgets_the_notice() {
    let fixture = Fixture::new().await;
    fixture.import(&["云庭,1#,,101,,张三,,13800000001,A-1,,2026-05-01,,"]).await;
    let noticed =
        warranty_item::ActiveModel { noticed_at: sea_orm::ActiveValue::Set(Some(fixture.now())), ..Default::default() };
    warranty_item::Entity::update_many().set(noticed).exec(fixture.tools.db.writer()).await.unwrap();
    let ids = |items: &[warranty_item::Model]| items.iter().map(|item| item.id).collect::<Vec<_>>();
    let before = fixture.all::<warranty_item::Entity>().await;

    fixture.import(&["云庭,1#,,101,,张三,,13800000001,A-1,,2026-06-01,,"]).await;
    let after = fixture.all::<warranty_item::Entity>().await;
    assert_eq!(ids(&after), ids(&before));
    assert!(after.iter().all(|item| item.starts_on == on("2026-06-01") && item.noticed_at.is_none()));
    let wiring = after.iter().find(|item| item.part == WarrantyPart::Wiring).unwrap();
    assert_eq!(wiring.expires_on, on("2028-06-01"));
}

#[tokio::test]
async fn a_sold_home_has_new_owners_and_a_history() {
    let fixture = Fixture::new().await;
    let (old, new) = (identity(1), identity(2));
    fixture.import(&[&format!("云庭,1#,,101,,张三,{old},13800000001,A-1,2024-03-05,,,")]).await;
    fixture.import(&[&format!("云庭,1#,,101,,李四,{new},13800000002,B-9,2026-08-01,,,")]).await;
    let sold = on("2026-08-01");
    let expected = [("张三".to_owned(), on("2024-03-05"), Some(sold)), ("李四".to_owned(), sold, None)];
    assert_eq!(fixture.history("1号楼-101").await, expected);
    assert_eq!(fixture.owner("张三").await.stage, OwnerStage::Former);
    assert_eq!(fixture.owner("李四").await.stage, OwnerStage::Signed);
    let contracts = fixture.all::<contract::Entity>().await;
    let status = |number: &str| contracts.iter().find(|row| row.number == number).unwrap().status;
    assert_eq!((status("A-1"), status("B-9")), (ContractStatus::Terminated, ContractStatus::Signed));
}

#[tokio::test]
async fn who_left_by_mistake_comes_back_whole() {
    let fixture = Fixture::new().await;
    let rows =
        ["云庭,1#,,101,,张三,,13800000001,A-1,2024-03-05,,,", "云庭,1#,,101,,李四,,13800000002,A-1,2024-03-05,,,"];
    for (row, name) in [(0, "张三"), (1, "李四"), (0, "张三"), (1, "李四")] {
        fixture.import(&[rows[row]]).await;
        assert_eq!(fixture.present_owners("1号楼-101").await, [name]);
        assert_eq!(fixture.owner(name).await.stage, OwnerStage::Signed);
    }
    assert_eq!(fixture.owner("张三").await.stage, OwnerStage::Former);
}

#[tokio::test]
async fn a_co_owner_joins_and_the_order_changes() {
    let fixture = Fixture::new().await;
    fixture.import(&["云庭,1#,,101,,张三,,13800000001,A-1,2024-03-05,,,"]).await;
    let today = fixture.now().date_naive();
    fixture.import(&["云庭,1#,,101,,李四/张三,,13800000002/13800000001,A-1,2024-03-05,,,"]).await;
    let history = fixture.history("1号楼-101").await;
    assert_eq!(history, [("张三".to_owned(), on("2024-03-05"), None), ("李四".to_owned(), today, None)]);
    let positions: Vec<i32> = fixture.all::<ownership::Entity>().await.iter().map(|row| row.position).collect();
    assert_eq!(positions, [1, 0]);
}

#[tokio::test]
async fn a_corrected_day_of_signing_corrects_the_first_owners() {
    let fixture = Fixture::new().await;
    fixture.import(&["云庭,1#,,101,,张三/李四,,13800000001/13800000002,A-1,,,,"]).await;
    fixture.import(&["云庭,1#,,101,,张三/李四,,13800000001/13800000002,A-1,2024-03-05,,,"]).await;
    let history = fixture.history("1号楼-101").await;
    assert!(history.len() == 2 && history.iter().all(|(_, started, _)| *started == on("2024-03-05")));
    assert_eq!(fixture.all::<contract::Entity>().await[0].signed_on, Some(on("2024-03-05")));
}

#[tokio::test]
async fn another_ambassador_takes_over() {
    let fixture = Fixture::new().await;
    fixture.import(&["云庭,1#,,101,,张三,,13800000001,A-1,2024-03-05,,GJ001,"]).await;
    let then = fixture.now();
    fixture.import(&["云庭,1#,,101,,张三,,13800000001,A-1,2024-03-05,,GJ002,"]).await;
    let mut assignments = fixture.all::<ambassador_assignment::Entity>().await;
    assignments.sort_by_key(|row| row.started_at);
    assert_eq!(assignments.len(), 2);
    assert_eq!((assignments[0].ended_at, assignments[1].started_at), (Some(then), then));
    assert_eq!(assignments[1].ended_at, None);
}

#[tokio::test]
async fn blank_cells_say_nothing() {
    let fixture = Fixture::new().await;
    let id = identity(1);
    fixture.import(&[&format!("云庭,1#,,101,89,张三,{id},13800000001,A-1,2024-03-05,2026-05-01,GJ001,已装修")]).await;
    let before = fixture.dump().await;
    let changes = fixture.import(&["云庭,1#,,101,,张三,,13800000001,,,,,"]).await;
    assert!(changes.is_empty(), "{changes:?}");
    assert_eq!(fixture.dump().await, before);
}

#[tokio::test]
async fn what_the_ledger_does_not_name_stays() {
    let fixture = Fixture::new().await;
    let rows =
        ["云庭,1#,,101,,张三,,13800000001,A-1,2024-03-05,,,", "云庭,1#,,102,,李四,,13800000002,A-2,2024-03-05,,,"];
    fixture.import(&rows).await;
    let before = fixture.dump().await;
    assert!(fixture.import(&rows[1..]).await.is_empty());
    assert_eq!(fixture.dump().await, before);
}
