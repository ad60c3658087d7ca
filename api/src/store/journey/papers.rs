//! Which homes a customer has or wants, and what their papers say.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    ambassador_assignment, contract, contract_party, handover, ownership, project, prospect, unit,
    vocab::{ContractStatus, HandoverStatus},
    warranty_item,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{Gathering, Place, visible_projects, zone};
use crate::{
    domain::journey::{Home, Warranty},
    error::Result,
    store::find,
};

pub(super) async fn gather<C: ConnectionTrait>(gathering: &mut Gathering<'_, C>) -> Result<()> {
    let wanted = wanted(gathering).await?;
    let contracts = contracts(gathering, &wanted).await?;
    places(gathering, wanted, &contracts).await?;
    for contract in contracts {
        enter(gathering, &contract);
    }
    prospects(gathering).await?;
    handovers(gathering).await?;
    warranties(gathering).await?;
    ambassadors(gathering).await
}

/// Owners with the units that they own, and with the contracts that they are a party of.
struct Wanted {
    owned: Vec<(Uuid, Uuid)>,
    parties: Vec<(Uuid, Uuid)>,
}

async fn wanted<C: ConnectionTrait>(gathering: &Gathering<'_, C>) -> Result<Wanted> {
    let owned = find::<ownership::Entity>(gathering.viewer)
        .select_only()
        .columns([ownership::Column::OwnerId, ownership::Column::UnitId])
        .filter(ownership::Column::OwnerId.is_in(gathering.owners.clone()))
        .filter(ownership::Column::EndedOn.is_null())
        .into_tuple()
        .all(gathering.conn)
        .await?;
    let parties = contract_party::Entity::find()
        .select_only()
        .columns([contract_party::Column::OwnerId, contract_party::Column::ContractId])
        .filter(contract_party::Column::OwnerId.is_in(gathering.owners.clone()))
        .into_tuple()
        .all(gathering.conn)
        .await?;
    Ok(Wanted { owned, parties })
}

/// The contracts in force or under way, the latest last.
async fn contracts<C: ConnectionTrait>(gathering: &Gathering<'_, C>, wanted: &Wanted) -> Result<Vec<contract::Model>> {
    use contract::Column;
    let about = Condition::any()
        .add(Column::UnitId.is_in(wanted.owned.iter().map(|(_, unit)| *unit)))
        .add(Column::Id.is_in(wanted.parties.iter().map(|(_, contract)| *contract)));
    let rows = find::<contract::Entity>(gathering.viewer)
        .filter(about)
        .filter(Column::Status.ne(ContractStatus::Terminated))
        .order_by_asc(Column::Id)
        .all(gathering.conn)
        .await?;
    Ok(rows)
}

/// Makes a place for each home that an owner owns or buys.
async fn places<C: ConnectionTrait>(
    gathering: &mut Gathering<'_, C>,
    wanted: Wanted,
    contracts: &[contract::Model],
) -> Result<()> {
    let mut pairs = wanted.owned;
    for (owner, contract_id) in wanted.parties {
        let bought = contracts.iter().filter(|contract| contract.id == contract_id);
        pairs.extend(bought.map(|contract| (owner, contract.unit_id)));
    }
    let rows = unit::Entity::find()
        .filter(unit::Column::Id.is_in(pairs.iter().map(|(_, unit)| *unit)))
        .find_also_related(project::Entity)
        .all(gathering.conn)
        .await?;
    let mut units: HashMap<Uuid, (unit::Model, Tz)> = HashMap::new();
    for (unit, project) in rows {
        if let Some(project) = project {
            units.insert(unit.id, (unit, zone(&project)?));
        }
    }
    for (owner, id) in pairs {
        let Some((unit, time_zone)) = units.get(&id) else { continue };
        let place = Place { owner, project: unit.project_id, unit: Some(id) };
        let home = Home { handed_over_on: unit.handed_over_on, ..Home::new(*time_zone) };
        gathering.homes.entry(place).or_insert(home);
    }
    Ok(())
}

fn enter<C: ConnectionTrait>(gathering: &mut Gathering<'_, C>, contract: &contract::Model) {
    let is_signed = matches!(contract.status, ContractStatus::Signed | ContractStatus::HandedOver);
    for home in gathering.of_unit(contract.unit_id) {
        home.known_since = Some(contract.created_at.with_timezone(&home.time_zone).date_naive());
        home.signed_on = contract.signed_on.filter(|_| is_signed);
        home.handover_due_on = contract.handover_due_on;
        home.handed_over_on = home.handed_over_on.or(contract.handed_over_on);
    }
}

/// Interest in a project is the first contact with it, also when no home has been chosen yet.
async fn prospects<C: ConnectionTrait>(gathering: &mut Gathering<'_, C>) -> Result<()> {
    let rows = prospect::Entity::find()
        .filter(prospect::Column::OwnerId.is_in(gathering.owners.clone()))
        .filter(prospect::Column::ProjectId.in_subquery(visible_projects(gathering.viewer)))
        .all(gathering.conn)
        .await?;
    let projects = project::Entity::find()
        .filter(project::Column::Id.is_in(rows.iter().map(|row| row.project_id)))
        .all(gathering.conn)
        .await?;
    let zones: HashMap<Uuid, Tz> =
        projects.into_iter().map(|project| Ok((project.id, zone(&project)?))).collect::<Result<_>>()?;
    for row in rows {
        let Some(time_zone) = zones.get(&row.project_id) else { continue };
        if gathering.of_owner(row.owner_id, row.project_id).next().is_none() {
            let place = Place { owner: row.owner_id, project: row.project_id, unit: None };
            gathering.homes.insert(place, Home::new(*time_zone));
        }
        for home in gathering.of_owner(row.owner_id, row.project_id) {
            home.first_contact_at = Some(row.created_at);
        }
    }
    Ok(())
}

async fn handovers<C: ConnectionTrait>(gathering: &mut Gathering<'_, C>) -> Result<()> {
    use handover::Column;
    let rows: Vec<(Uuid, Option<DateTime<Utc>>)> = handover::Entity::find()
        .select_only()
        .columns([Column::UnitId, Column::CompletedAt])
        .filter(Column::UnitId.is_in(gathering.units()))
        .filter(Column::Status.eq(HandoverStatus::Completed))
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(gathering.conn)
        .await?;
    for (unit, completed_at) in rows {
        for home in gathering.of_unit(unit) {
            home.handover_completed_at = completed_at;
        }
    }
    Ok(())
}

async fn warranties<C: ConnectionTrait>(gathering: &mut Gathering<'_, C>) -> Result<()> {
    use warranty_item::Column;
    let rows = find::<warranty_item::Entity>(gathering.viewer)
        .filter(Column::UnitId.is_in(gathering.units()))
        .all(gathering.conn)
        .await?;
    for row in rows {
        for home in gathering.of_unit(row.unit_id) {
            home.warranties.push(Warranty { expires_on: row.expires_on, noticed_at: row.noticed_at });
        }
    }
    Ok(())
}

/// Since when somebody has answered for each household, whoever it was.
async fn ambassadors<C: ConnectionTrait>(gathering: &mut Gathering<'_, C>) -> Result<()> {
    use ambassador_assignment::Column;
    let rows: Vec<(Uuid, DateTime<Utc>)> = find::<ambassador_assignment::Entity>(gathering.viewer)
        .select_only()
        .columns([Column::UnitId, Column::StartedAt])
        .filter(Column::UnitId.is_in(gathering.units()))
        .filter(Column::EndedAt.is_null())
        .into_tuple()
        .all(gathering.conn)
        .await?;
    for (unit, started_at) in rows {
        for home in gathering.of_unit(unit) {
            home.ambassador_since = Some(started_at);
        }
    }
    Ok(())
}
