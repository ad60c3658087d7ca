//! Whom a campaign goes to: read by the company's own jobs, for everybody.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use entity::{
    batch_ticket, contract, contract_party, erasure, handover, ownership, prospect, rectification_batch,
    survey_invitation, ticket, unit,
    vocab::{BatchKind, BatchStatus, ContractStatus, HandoverStatus, SurveyKind},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::CHUNK;
use crate::{domain::survey::calendar::handed_over_on, error::Result, store};

/// A customer to ask, about a contract, or about a home where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guest {
    pub subject_id: Uuid,
    pub unit_id: Uuid,
    pub owner_id: Uuid,
    pub ambassador_id: Option<Uuid>,
    pub sales_agent_id: Option<Uuid>,
}

/// A span of days, both included.
pub type Days = (NaiveDate, NaiveDate);

fn in_force() -> Condition {
    Condition::all().add(contract::Column::Status.is_in([ContractStatus::Signed, ContractStatus::HandedOver]))
}

/// The buyers of the contracts that were signed on these days.
pub async fn signed(conn: &impl ConnectionTrait, project_id: Uuid, (first, last): Days) -> Result<Vec<Guest>> {
    use contract::Column;
    let contracts = contract::Entity::find()
        .filter(in_force())
        .filter(Column::ProjectId.eq(project_id))
        .filter(Column::SignedOn.between(first, last))
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    let ids: Vec<Uuid> = contracts.iter().map(|row| row.id).collect();
    let units: Vec<Uuid> = contracts.iter().map(|row| row.unit_id).collect();
    let (buyers, owners) = (first_parties(conn, &ids).await?, first_owners(conn, &units).await?);
    let guests = contracts.iter().filter_map(|row| {
        let owner_id = buyers.get(&row.id).or_else(|| owners.get(&row.unit_id))?;
        Some(guest(row.id, row.unit_id, *owner_id))
    });
    let mut guests = complete(conn, guests.collect()).await?;
    let agents = sales_agents(conn, project_id, &guests).await?;
    for guest in &mut guests {
        guest.sales_agent_id = agents.get(&guest.owner_id).copied();
    }
    not_asked_before(conn, SurveyKind::Sales, guests).await
}

/// Those whose homes were handed over on these days. A handover says so itself; of homes without one the ledger does.
pub async fn handed_over(conn: &impl ConnectionTrait, project_id: Uuid, days: Days) -> Result<Vec<Guest>> {
    let candidates = perhaps_handed_over(conn, project_id, days).await?;
    let homes = homes(conn, &candidates).await?;
    let handovers = completed_handovers(conn, &candidates).await?;
    let contracts = contracts_of(conn, &candidates).await?;
    let owners = first_owners(conn, &candidates).await?;
    let guests = homes.iter().filter_map(|home| {
        let (handover, contract) = (handovers.get(&home.id), contracts.get(&home.id));
        let completed_on = handover.and_then(|row| row.completed_on);
        let day = handed_over_on(completed_on, home.handed_over_on, contract.and_then(|row| row.handed_over_on))?;
        let contract_id = handover.map(|row| row.contract_id).or(contract.map(|row| row.id));
        let owner_id = handover.map(|row| row.owner_id).or_else(|| owners.get(&home.id).copied())?;
        (days.0 <= day && day <= days.1).then(|| guest(contract_id.unwrap_or(home.id), home.id, owner_id))
    });
    let guests = complete(conn, guests.collect()).await?;
    not_asked_before(conn, SurveyKind::Handover, guests).await
}

async fn perhaps_handed_over(conn: &impl ConnectionTrait, project_id: Uuid, (first, last): Days) -> Result<Vec<Uuid>> {
    let completed = handover::Entity::find()
        .filter(handover::Column::ProjectId.eq(project_id))
        .filter(handover::Column::CompletedOn.between(first, last))
        .all(conn)
        .await?;
    let contracts = contract::Entity::find()
        .filter(in_force())
        .filter(contract::Column::ProjectId.eq(project_id))
        .filter(contract::Column::HandedOverOn.between(first, last))
        .all(conn)
        .await?;
    let units = unit::Entity::find()
        .filter(unit::Column::ProjectId.eq(project_id))
        .filter(unit::Column::HandedOverOn.between(first, last))
        .all(conn)
        .await?;
    let all = completed.iter().map(|row| row.unit_id).chain(contracts.iter().map(|row| row.unit_id));
    Ok(all.chain(units.iter().map(|row| row.id)).collect::<BTreeSet<_>>().into_iter().collect())
}

/// The owners of homes whose centralised rectification was finished on these days.
pub async fn rectified(conn: &impl ConnectionTrait, project_id: Uuid, (first, last): Days) -> Result<Vec<Guest>> {
    use rectification_batch::Column;
    let batches = rectification_batch::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::ProjectId.eq(project_id))
        .filter(Column::Kind.eq(BatchKind::Centralised))
        .filter(Column::Status.eq(BatchStatus::Completed))
        .filter(Column::CompletedOn.between(first, last))
        .into_query();
    of_tickets(conn, Condition::all().add(batch_ticket::Column::BatchId.in_subquery(batches))).await
}

/// The owners of the homes that a rectification batch was about.
pub async fn of_batch(conn: &impl ConnectionTrait, batch_id: Uuid) -> Result<Vec<Guest>> {
    of_tickets(conn, Condition::all().add(batch_ticket::Column::BatchId.eq(batch_id))).await
}

async fn of_tickets(conn: &impl ConnectionTrait, batched: Condition) -> Result<Vec<Guest>> {
    let tickets =
        batch_ticket::Entity::find().select_only().column(batch_ticket::Column::TicketId).filter(batched).into_query();
    let units = ticket::Entity::find()
        .select_only()
        .column(ticket::Column::UnitId)
        .distinct()
        .filter(ticket::Column::Id.in_subquery(tickets))
        .into_tuple::<Uuid>()
        .all(conn)
        .await?;
    of_homes(conn, &units).await
}

/// The households of a project: the owners of homes that were handed over.
pub async fn households(conn: &impl ConnectionTrait, project_id: Uuid) -> Result<Vec<Guest>> {
    let units = unit::Entity::find()
        .select_only()
        .column(unit::Column::Id)
        .filter(unit::Column::ProjectId.eq(project_id))
        .filter(unit::Column::HandedOverOn.is_not_null())
        .order_by_asc(unit::Column::Id)
        .into_tuple::<Uuid>()
        .all(conn)
        .await?;
    of_homes(conn, &units).await
}

/// The present owners of homes, one each. Nobody owns a public area.
async fn of_homes(conn: &impl ConnectionTrait, units: &[Uuid]) -> Result<Vec<Guest>> {
    let (contracts, owners) = (contracts_of(conn, units).await?, first_owners(conn, units).await?);
    let homes = homes(conn, units).await?;
    let guests = homes.iter().filter_map(|home| {
        let subject_id = contracts.get(&home.id).map_or(home.id, |row| row.id);
        Some(guest(subject_id, home.id, *owners.get(&home.id)?))
    });
    complete(conn, guests.collect()).await
}

fn guest(subject_id: Uuid, unit_id: Uuid, owner_id: Uuid) -> Guest {
    Guest { subject_id, unit_id, owner_id, ambassador_id: None, sales_agent_id: None }
}

/// Without those whose data were erased, and with the ambassadors of the others.
async fn complete(conn: &impl ConnectionTrait, mut guests: Vec<Guest>) -> Result<Vec<Guest>> {
    let mut ambassadors = HashMap::new();
    let mut erased = HashSet::new();
    for chunk in guests.chunks(CHUNK) {
        let units: Vec<Uuid> = chunk.iter().map(|guest| guest.unit_id).collect();
        ambassadors.extend(store::ambassador::current_of_units(conn, &units).await?);
        let owners = chunk.iter().map(|guest| guest.owner_id);
        let rows = erasure::Entity::find().filter(erasure::Column::OwnerId.is_in(owners)).all(conn).await?;
        erased.extend(rows.into_iter().map(|row| row.owner_id));
    }
    guests.retain(|guest| !erased.contains(&guest.owner_id));
    for guest in &mut guests {
        guest.ambassador_id = ambassadors.get(&guest.unit_id).copied();
    }
    Ok(guests)
}

/// A contract is asked once about its signing and once about its handover, also when a date is corrected afterwards.
async fn not_asked_before(conn: &impl ConnectionTrait, kind: SurveyKind, mut guests: Vec<Guest>) -> Result<Vec<Guest>> {
    use survey_invitation::Column;
    let mut asked = HashSet::new();
    for chunk in guests.chunks(CHUNK) {
        let rows = survey_invitation::Entity::find()
            .filter(Column::Kind.eq(kind))
            .filter(Column::SubjectId.is_in(chunk.iter().map(|guest| guest.subject_id)))
            .all(conn)
            .await?;
        asked.extend(rows.into_iter().filter_map(|row| row.subject_id));
    }
    guests.retain(|guest| !asked.contains(&guest.subject_id));
    Ok(guests)
}

async fn homes(conn: &impl ConnectionTrait, units: &[Uuid]) -> Result<Vec<unit::Model>> {
    let mut homes = Vec::new();
    for chunk in units.chunks(CHUNK) {
        let these = Condition::all()
            .add(unit::Column::Id.is_in(chunk.iter().copied()))
            .add(unit::Column::IsPublicArea.eq(false));
        homes.extend(unit::Entity::find().filter(these).order_by_asc(unit::Column::Id).all(conn).await?);
    }
    Ok(homes)
}

/// The contract in force of each unit.
async fn contracts_of(conn: &impl ConnectionTrait, units: &[Uuid]) -> Result<HashMap<Uuid, contract::Model>> {
    let mut contracts = HashMap::new();
    for chunk in units.chunks(CHUNK) {
        let these = in_force().add(contract::Column::UnitId.is_in(chunk.iter().copied()));
        let rows = contract::Entity::find().filter(these).order_by_asc(contract::Column::Id).all(conn).await?;
        contracts.extend(rows.into_iter().map(|row| (row.unit_id, row)));
    }
    Ok(contracts)
}

/// The last completed handover of each unit.
async fn completed_handovers(conn: &impl ConnectionTrait, units: &[Uuid]) -> Result<HashMap<Uuid, handover::Model>> {
    let mut handovers = HashMap::new();
    for chunk in units.chunks(CHUNK) {
        let rows = handover::Entity::find()
            .filter(handover::Column::UnitId.is_in(chunk.iter().copied()))
            .filter(handover::Column::Status.eq(HandoverStatus::Completed))
            .order_by_asc(handover::Column::CompletedOn)
            .all(conn)
            .await?;
        handovers.extend(rows.into_iter().map(|row| (row.unit_id, row)));
    }
    Ok(handovers)
}

/// Who stands first among the present owners of each unit.
async fn first_owners(conn: &impl ConnectionTrait, units: &[Uuid]) -> Result<HashMap<Uuid, Uuid>> {
    let mut owners = HashMap::new();
    for chunk in units.chunks(CHUNK) {
        let rows = ownership::Entity::find()
            .filter(ownership::Column::UnitId.is_in(chunk.iter().copied()))
            .filter(ownership::Column::EndedOn.is_null())
            .order_by_desc(ownership::Column::Position)
            .order_by_desc(ownership::Column::Id)
            .all(conn)
            .await?;
        owners.extend(rows.into_iter().map(|row| (row.unit_id, row.owner_id)));
    }
    Ok(owners)
}

/// Who stands first among the buyers of each contract.
async fn first_parties(conn: &impl ConnectionTrait, contracts: &[Uuid]) -> Result<HashMap<Uuid, Uuid>> {
    let mut buyers = HashMap::new();
    for chunk in contracts.chunks(CHUNK) {
        let rows = contract_party::Entity::find()
            .filter(contract_party::Column::ContractId.is_in(chunk.iter().copied()))
            .order_by_desc(contract_party::Column::Position)
            .all(conn)
            .await?;
        buyers.extend(rows.into_iter().map(|row| (row.contract_id, row.owner_id)));
    }
    Ok(buyers)
}

/// Who sold to each of these customers.
async fn sales_agents(conn: &impl ConnectionTrait, project_id: Uuid, guests: &[Guest]) -> Result<HashMap<Uuid, Uuid>> {
    let mut agents = HashMap::new();
    for chunk in guests.chunks(CHUNK) {
        let rows = prospect::Entity::find()
            .filter(prospect::Column::ProjectId.eq(project_id))
            .filter(prospect::Column::OwnerId.is_in(chunk.iter().map(|guest| guest.owner_id)))
            .all(conn)
            .await?;
        agents.extend(rows.into_iter().filter_map(|row| Some((row.owner_id, row.sales_agent_id?))));
    }
    Ok(agents)
}
