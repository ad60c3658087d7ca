//! Potential customers: who looks at homes in which project, and who looks after them.

use std::collections::HashMap;

use entity::{
    contract_party, owner, ownership,
    prospect::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::list::List;
use crate::{
    auth::{scope::customers_of_projects, viewer::Viewer},
    error::Result,
};

/// Which potential customers a list is about; what is `None` does not narrow it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProspectFilter {
    pub project_id: Option<Uuid>,
    pub sales_agent_id: Option<Uuid>,
}

/// The newest first.
pub fn list(viewer: &Viewer, filter: &ProspectFilter) -> List<Entity> {
    let mut rows = super::find::<Entity>(viewer);
    if let Some(id) = filter.project_id {
        rows = rows.filter(Column::ProjectId.eq(id));
    }
    if let Some(id) = filter.sales_agent_id {
        rows = rows.filter(Column::SalesAgentId.eq(id));
    }
    List::by_id(rows, Column::Id, |row| row.id).newest_first()
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    super::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

/// The projects in which an owner looks at homes, as far as the viewer may know.
pub async fn of_owner(conn: &impl ConnectionTrait, viewer: &Viewer, owner_id: Uuid) -> Result<Vec<Model>> {
    let rows = super::find::<Entity>(viewer).filter(Column::OwnerId.eq(owner_id)).order_by_asc(Column::Id);
    Ok(rows.all(conn).await?)
}

/// Adds one, unless the owner looks at this project already; then that one. The second value says whether it is new.
pub async fn add(conn: &impl ConnectionTrait, row: Model) -> Result<(Model, bool)> {
    let (owner_id, project_id) = (row.owner_id, row.project_id);
    if super::insert_new(Entity, conn, row.clone(), [Column::OwnerId, Column::ProjectId]).await? {
        return Ok((row, true));
    }
    let pair = Entity::find().filter(Column::OwnerId.eq(owner_id)).filter(Column::ProjectId.eq(project_id));
    Ok((pair.one(conn).await?.unwrap_or(row), false))
}

/// Gives a potential customer to a sales agent, from the one who had it. Says whether that was still so.
pub async fn give(conn: &impl ConnectionTrait, prospect: &Model, sales_agent_id: Uuid) -> Result<bool> {
    let row = ActiveModel { sales_agent_id: ActiveValue::Set(Some(sales_agent_id)), ..Default::default() };
    let holder = match prospect.sales_agent_id {
        Some(id) => Column::SalesAgentId.eq(id),
        None => Column::SalesAgentId.is_null(),
    };
    let given = Entity::update_many().set(row).filter(Column::Id.eq(prospect.id)).filter(holder).exec(conn).await?;
    Ok(given.rows_affected == 1)
}

/// Makes a customer, unless somebody has the phone already. Says whether it did.
pub async fn add_customer(conn: &impl ConnectionTrait, row: owner::Model) -> Result<bool> {
    super::insert_new(owner::Entity, conn, row, [owner::Column::PhoneHash]).await
}

/// Potential customers of a project with this name whose phone is another's for look-up, and looks like this one masked.
pub async fn sharing_a_phone(
    conn: &impl ConnectionTrait,
    project_id: Uuid,
    name: &str,
    masked: &str,
) -> Result<Vec<owner::Model>> {
    let of_project =
        Entity::find().select_only().column(Column::OwnerId).filter(Column::ProjectId.eq(project_id)).into_query();
    let rows = owner::Entity::find()
        .filter(owner::Column::Name.eq(name))
        .filter(owner::Column::PhoneHash.is_null())
        .filter(owner::Column::PhoneMasked.eq(masked))
        .filter(owner::Column::Id.in_subquery(of_project))
        .all(conn)
        .await?;
    Ok(rows)
}

/// Which of these owners have a life elsewhere, while the viewer's projects know them as nothing but potential customers.
pub async fn strangers(conn: &impl ConnectionTrait, viewer: &Viewer, owners: &[Uuid]) -> Result<HashMap<Uuid, bool>> {
    let Some(customers) = customers_of_projects(viewer) else { return Ok(HashMap::new()) };
    let own = ownership::Entity::find()
        .select_only()
        .column(ownership::Column::OwnerId)
        .filter(ownership::Column::OwnerId.is_in(owners.iter().copied()))
        .into_query();
    let buy = contract_party::Entity::find()
        .select_only()
        .column(contract_party::Column::OwnerId)
        .filter(contract_party::Column::OwnerId.is_in(owners.iter().copied()))
        .into_query();
    let elsewhere = Condition::any().add(owner::Column::Id.in_subquery(own)).add(owner::Column::Id.in_subquery(buy));
    let found = owner::Entity::find()
        .select_only()
        .column(owner::Column::Id)
        .filter(owner::Column::Id.is_in(owners.iter().copied()))
        .filter(owner::Column::Id.not_in_subquery(customers))
        .filter(elsewhere)
        .into_tuple::<Uuid>()
        .all(conn)
        .await?;
    Ok(found.into_iter().map(|id| (id, true)).collect())
}
