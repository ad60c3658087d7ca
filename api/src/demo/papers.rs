//! Homes handed over in the past, times and bookings for those that wait, and what customers' files hold.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use entity::{
    contract, handover, handover_step, owner_document,
    vocab::{HandoverStatus, HandoverStepKind, Role},
};
use uuid::Uuid;

use super::{
    company::{Company, insert_all},
    days::{local_day, on},
    households::Household,
};
use crate::{
    auth::viewer::{Principal, Viewer},
    domain::handover::is_mandatory,
    error::Result,
    service::{
        Services,
        handover::{self as visits, Booking, NewSlot, Target},
    },
    store,
};

/// On how many days to come homes are handed over, and at which hours.
const DAYS: u64 = 10;
const HOURS: [u32; 2] = [10, 14];
const PLACES: i32 = 4;

/// How many of the waiting homes of a project have a time.
const BOOKED: usize = 5;

/// One file of so many lacks its last document.
const INCOMPLETE: usize = 11;

/// Writes it all down; the clock stands at `now`.
pub(super) async fn keep(services: &Services, company: &Company, now: DateTime<Utc>) -> Result<()> {
    look_back(services, company).await?;
    file(services, company, now).await?;
    for site in 0..company.projects.len() {
        look_ahead(services, company, site, now).await?;
    }
    Ok(())
}

/// The handovers of the homes that have their owners.
async fn look_back(services: &Services, company: &Company) -> Result<()> {
    let units: Vec<Uuid> = company.households.iter().map(|household| household.unit_id).collect();
    let contracts = store::unit::contracts(services.db.reader(), &Viewer::system(), &units).await?;
    let (mut handovers, mut steps) = (Vec::new(), Vec::new());
    for household in &company.households {
        if let (Some(day), Some(contract)) = (household.handed_over_on, contracts.get(&household.unit_id)) {
            let row = past(services, company, household, contract, day);
            steps.extend(ticked(services, &row));
            handovers.push(row);
        }
    }
    let tx = services.db.begin().await?;
    insert_all::<handover::Entity>(&tx, handovers).await?;
    insert_all::<handover_step::Entity>(&tx, steps).await?;
    tx.commit().await.map_err(Into::into)
}

fn past(
    services: &Services,
    company: &Company,
    household: &Household,
    contract: &contract::Model,
    day: NaiveDate,
) -> handover::Model {
    let created_at = on(day - Days::new(9), 11, 0);
    handover::Model {
        id: services.new_id(created_at),
        project_id: contract.project_id,
        unit_id: household.unit_id,
        contract_id: contract.id,
        owner_id: household.owners[0],
        slot_id: None,
        accompanied_by: Some(company.only(Role::ServiceAgent).id),
        status: HandoverStatus::Completed,
        version: 12,
        started_at: Some(on(day, 10, 0)),
        completed_at: Some(on(day, 11, 30)),
        completed_on: Some(day),
        cancelled_at: None,
        cancel_reason: None,
        created_at,
    }
}

fn ticked(services: &Services, handover: &handover::Model) -> Vec<handover_step::Model> {
    let step = |kind: &HandoverStepKind| handover_step::Model {
        id: services.new_id(handover.created_at),
        handover_id: handover.id,
        kind: *kind,
        is_mandatory: is_mandatory(*kind),
        note: (*kind == HandoverStepKind::MetersRead).then(|| "电表 3.6，水表 1.2，燃气表 0.0".to_owned()),
        ticked_by: handover.accompanied_by,
        ticked_at: handover.completed_at,
    };
    HandoverStepKind::ALL.iter().map(step).collect()
}

/// What each customer's stage asks for, but for the last paper of some.
async fn file(services: &Services, company: &Company, now: DateTime<Utc>) -> Result<()> {
    let conn = services.db.reader();
    let units: Vec<Uuid> = company.households.iter().map(|household| household.unit_id).collect();
    let required = store::customer_file::required(conn, &Viewer::system()).await?;
    let by_unit = store::owner::of_units(conn, &Viewer::system(), &units).await?;
    let mut owners = HashMap::new();
    for (household, owner) in company
        .households
        .iter()
        .flat_map(|home| by_unit.get(&home.unit_id).into_iter().flatten().map(move |it| (home, it)))
    {
        owners.entry(owner.id).or_insert((household, owner));
    }
    let mut people: Vec<_> = owners.into_values().collect();
    people.sort_unstable_by_key(|(_, owner)| (owner.created_at, owner.id));
    let mut rows = Vec::new();
    for (number, (household, owner)) in people.into_iter().enumerate() {
        let kinds = required.get(&owner.stage).map(Vec::as_slice).unwrap_or_default();
        let kept = kinds.len() - usize::from(number % INCOMPLETE == INCOMPLETE - 1 && !kinds.is_empty());
        rows.extend(kinds[..kept].iter().map(|kind| owner_document::Model {
            id: services.new_id(owner.created_at),
            owner_id: owner.id,
            unit_id: Some(household.unit_id),
            kind: *kind,
            reference: format!("客户档案室 {}-{:03}", household.site + 1, number + 1),
            filed_by: Some(company.only(Role::ServiceAgent).id),
            filed_on: local_day(owner.created_at).min(local_day(now)),
            created_at: owner.created_at,
            removed_at: None,
        }));
    }
    let tx = services.db.begin().await?;
    insert_all::<owner_document::Entity>(&tx, rows).await?;
    tx.commit().await.map_err(Into::into)
}

/// Times for the homes that wait, and the first bookings, made by the owners themselves.
async fn look_ahead(services: &Services, company: &Company, site: usize, now: DateTime<Utc>) -> Result<()> {
    let agent = company.only(Role::ServiceAgent).viewer();
    let times = (1..=DAYS).flat_map(|day| HOURS.map(|hour| on(local_day(now) + Days::new(day), hour, 0)));
    let times: Vec<NewSlot> = times
        .map(|starts_at| NewSlot { starts_at, ends_at: starts_at + TimeDelta::hours(2), capacity: PLACES })
        .collect();
    let slots = visits::create_slots(services, &agent, (company.projects[site].id, None), &times).await?;
    let waiting = company.households.iter().filter(|home| home.site == site && home.handed_over_on.is_none());
    for (household, slot) in waiting.take(BOOKED).zip(&slots) {
        let owner = Viewer::of(Principal::Owner(household.owners[0]));
        let booking = Booking { unit_id: household.unit_id, slot_id: slot.id, owner_id: None, idempotency_key: None };
        let handover = visits::book(services, &owner, booking).await?;
        let target = Target { handover_id: handover.id, expected_version: None };
        visits::accompany(services, &agent, target, company.only(Role::ServiceAgent).id).await?;
    }
    Ok(())
}
