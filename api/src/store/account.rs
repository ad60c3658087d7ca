//! Accounts of staff as administrators keep them. Their changes go one after the other, so that what is decided by looking at
//! several, such as whether an administrator is left, stays true.

use entity::{
    staff::{Column, Entity, Model},
    staff_project,
    vocab::{Department, Role},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Func, LockType},
};
use uuid::Uuid;

use super::{db::Tx, list::List};
use crate::{auth::viewer::Viewer, error::Result};

/// Which members of staff a list is about; what is `None` or empty does not narrow it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StaffFilter {
    pub roles: Vec<Role>,
    pub department: Option<Department>,
    pub project_id: Option<Uuid>,
    pub is_active: Option<bool>,
    /// Part of the number or name.
    pub search: Option<String>,
    /// Whether the search looks at logins too.
    pub knows_logins: bool,
}

/// The staff that exist for the viewer, the first known first.
pub fn list(viewer: &Viewer, filter: &StaffFilter) -> List<Entity> {
    let of_project = filter.project_id.map(|id| {
        let members = staff_project::Entity::find()
            .select_only()
            .column(staff_project::Column::StaffId)
            .filter(staff_project::Column::ProjectId.eq(id));
        Column::Id.in_subquery(members.into_query())
    });
    let mut narrowed = Condition::all()
        .add_option(filter.department.map(|department| Column::Department.eq(department)))
        .add_option(of_project)
        .add_option(filter.is_active.map(|is_active| Column::IsActive.eq(is_active)))
        .add_option(filter.search.as_deref().map(|text| named(text, filter.knows_logins)));
    if !filter.roles.is_empty() {
        narrowed = narrowed.add(Column::Role.is_in(filter.roles.iter().copied()));
    }
    List::by_id(super::find::<Entity>(viewer).filter(narrowed), Column::Id, |row| row.id)
}

fn named(text: &str, knows_logins: bool) -> Condition {
    let part = |column| super::contains((Entity, column), text);
    let named = Condition::any().add(part(Column::Number)).add(part(Column::Name));
    named.add_option(knows_logins.then(|| part(Column::Login)))
}

/// Makes changes of accounts go one after the other, and after a ledger that is loaded. Everybody reads meanwhile. On SQLite
/// the transaction itself does so.
pub async fn lock(tx: &Tx) -> Result<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared("LOCK TABLE staff, staff_projects IN SHARE ROW EXCLUSIVE MODE").await?;
    }
    Ok(())
}

/// Somebody to whom nothing is given before the transaction ends.
pub async fn hold(tx: &Tx, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    lock(tx).await?;
    let row = super::find::<Entity>(viewer).filter(Column::Id.eq(id));
    Ok(row.lock(LockType::NoKeyUpdate).one(tx).await?)
}

/// How many administrators there are beside somebody.
pub async fn other_administrators(tx: &Tx, id: Uuid) -> Result<u64> {
    let others =
        Condition::all().add(Column::Role.eq(Role::Admin)).add(Column::IsActive.eq(true)).add(Column::Id.ne(id));
    Ok(Entity::find().filter(others).count(tx).await?)
}

/// Whether somebody else has this number, whatever the case of its letters.
pub async fn has_number(tx: &Tx, row: &Model) -> Result<bool> {
    is_taken(tx, Column::Number, &row.number, row.id).await
}

/// Whether somebody else signs in by this name.
pub async fn has_login(tx: &Tx, row: &Model) -> Result<bool> {
    is_taken(tx, Column::Login, &row.login, row.id).await
}

async fn is_taken(tx: &Tx, column: Column, text: &str, id: Uuid) -> Result<bool> {
    let same = Expr::from(Func::lower(Expr::col((Entity, column)))).eq(Expr::from(Func::lower(Expr::val(text))));
    Ok(Entity::find().filter(same).filter(Column::Id.ne(id)).count(tx).await? > 0)
}

pub async fn insert(tx: &Tx, row: Model) -> Result<()> {
    super::insert(Entity, tx, row).await
}

/// Changes somebody who is held.
pub async fn update(tx: &Tx, row: Model) -> Result<()> {
    super::write_back(Entity, tx, row).await
}

/// The projects somebody works for, in the order of their ids.
pub async fn project_ids(tx: &Tx, staff_id: Uuid) -> Result<Vec<Uuid>> {
    use staff_project::{Column, Entity};
    let ids = Entity::find().select_only().column(Column::ProjectId).filter(Column::StaffId.eq(staff_id));
    Ok(ids.order_by_asc(Column::ProjectId).into_tuple().all(tx).await?)
}

/// Makes somebody work for exactly these projects.
pub async fn set_projects(tx: &Tx, staff_id: Uuid, projects: &[Uuid]) -> Result<()> {
    use staff_project::{Column, Entity};
    let known = project_ids(tx, staff_id).await?;
    let left = known.iter().copied().filter(|id| !projects.contains(id));
    let theirs = Entity::delete_many().filter(Column::StaffId.eq(staff_id));
    theirs.filter(Column::ProjectId.is_in(left)).exec(tx).await?;
    let added = projects.iter().filter(|id| !known.contains(id));
    super::insert_all(Entity, tx, added.map(|id| staff_project::Model { staff_id, project_id: *id })).await
}
