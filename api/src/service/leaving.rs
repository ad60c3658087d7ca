//! What becomes of what somebody holds who has left, does other work, or works elsewhere: it goes back, in the transaction that
//! takes the right to it from them. A ticket waits in the queue again, a household is without an ambassador and counted so,
//! a building, a shift, a visit or a customer is nobody's until somebody is named.

use entity::{absence, staff, vocab::Role};
use serde::Serialize;
use uuid::Uuid;

use super::{Services, ticket};
use crate::{
    auth::viewer::Viewer,
    domain::{
        duty::{WORKS_ON_SITE, answers_for_buildings},
        ticket::SystemNote,
    },
    error::Result,
    store::{self, db::Tx, leaving::Keeps},
};

/// How much went back, for the audit log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HandedBack {
    tickets: usize,
    households: u64,
    buildings: u64,
    shifts: u64,
    substitutions: u64,
    customers: u64,
    visits: u64,
    handovers: u64,
}

/// Takes from somebody what they may not hold as they are now: the row, and the projects, must have been written.
pub(super) async fn hand_back(services: &Services, tx: &Tx, staff: &staff::Model) -> Result<HandedBack> {
    let now = services.now();
    let works_for = if staff.is_active { store::account::project_ids(tx, staff.id).await? } else { Vec::new() };
    let keeps = |may: bool| Keeps { staff_id: staff.id, projects: if may { &works_for } else { &[] } };
    let role = staff.role;
    let on_site = WORKS_ON_SITE.contains(&role);
    let of_buildings = answers_for_buildings(role, staff.department);
    let at_the_desk = matches!(role, Role::ServiceAgent | Role::SalesAgent | Role::Manager);
    let is_ambassador = role == Role::Ambassador && staff.is_active;
    let mut back = HandedBack {
        substitutions: end_substitutions(services, tx, staff.id).await?,
        households: store::leaving::end_households(tx, keeps(role == Role::Ambassador), now).await?,
        buildings: store::leaving::end_duties(tx, keeps(of_buildings), now).await?,
        shifts: store::leaving::end_shifts(tx, keeps(on_site), now).await?,
        customers: store::leaving::release_customers(tx, keeps(role == Role::SalesAgent)).await?,
        visits: store::leaving::release_visits(tx, keeps(true)).await?,
        handovers: store::leaving::release_handovers(tx, keeps(at_the_desk), is_ambassador).await?,
        ..HandedBack::default()
    };
    // The log is the last that is locked.
    back.tickets = give_tickets_back(services, tx, staff, keeps(on_site)).await?;
    Ok(back)
}

async fn give_tickets_back(services: &Services, tx: &Tx, staff: &staff::Model, keeps: Keeps<'_>) -> Result<usize> {
    let why = if staff.is_active { SystemNote::Moved } else { SystemNote::Left };
    let held = store::leaving::hold_tickets(tx, keeps).await?;
    let count = held.len();
    for row in held {
        ticket::give_back(services, tx, row, &why.stored()).await?;
    }
    Ok(count)
}

/// Whoever stands in for somebody sees their households, and so must be able to do all that the other can.
async fn end_substitutions(services: &Services, tx: &Tx, staff_id: Uuid) -> Result<u64> {
    let mut ended = 0;
    for row in store::leaving::substitutions(tx, staff_id, services.now()).await? {
        if !is_fit(tx, &row).await? {
            store::leaving::end_substitution(tx, row.id).await?;
            ended += 1;
        }
    }
    Ok(ended)
}

async fn is_fit(tx: &Tx, row: &absence::Model) -> Result<bool> {
    let system = Viewer::system();
    let Some(substitute_id) = row.substitute_id else { return Ok(true) };
    let absent = store::staff::by_id(tx, &system, row.staff_id).await?;
    let substitute = store::staff::by_id(tx, &system, substitute_id).await?;
    let (Some(absent), Some(substitute)) = (absent, substitute) else { return Ok(false) };
    if !absent.is_active || !substitute.is_active || absent.role != substitute.role {
        return Ok(false);
    }
    let works_for = store::account::project_ids(tx, substitute.id).await?;
    let needed = store::account::project_ids(tx, absent.id).await?;
    Ok(needed.iter().all(|id| works_for.contains(id)))
}
