//! How many households somebody answers for, and what each ambassador of a project carries.

use std::collections::HashMap;

use entity::{ambassador_assignment as assignment, staff, staff_project, ticket, unit, vocab::Role};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, RelationDef, Select,
};
use uuid::Uuid;

use crate::{auth::viewer::Viewer, error::Result};

/// How many of a project's handed-over homes have somebody who answers for them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Coverage {
    pub households: i64,
    pub covered: i64,
}

#[derive(FromQueryResult)]
struct ProjectCount {
    project_id: Uuid,
    found: i64,
}

/// The homes of these projects that were handed over.
fn handed_over(viewer: &Viewer, projects: &[Uuid]) -> Select<unit::Entity> {
    super::find::<unit::Entity>(viewer)
        .filter(unit::Column::ProjectId.is_in(projects.iter().copied()))
        .filter(unit::Column::HandedOverOn.is_not_null())
        .filter(unit::Column::IsPublicArea.eq(false))
}

async fn by_project(conn: &impl ConnectionTrait, homes: Select<unit::Entity>) -> Result<Vec<ProjectCount>> {
    let counts = homes
        .select_only()
        .column(unit::Column::ProjectId)
        .column_as(unit::Column::Id.count(), "found")
        .group_by(unit::Column::ProjectId)
        .into_model::<ProjectCount>();
    Ok(counts.all(conn).await?)
}

/// The coverage of each of these projects.
pub async fn of_projects(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    projects: &[Uuid],
) -> Result<HashMap<Uuid, Coverage>> {
    let current = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::UnitId)
        .filter(assignment::Column::EndedAt.is_null())
        .into_query();
    let mut found: HashMap<Uuid, Coverage> = HashMap::new();
    for count in by_project(conn, handed_over(viewer, projects)).await? {
        found.entry(count.project_id).or_default().households = count.found;
    }
    let covered = handed_over(viewer, projects).filter(unit::Column::Id.in_subquery(current));
    for count in by_project(conn, covered).await? {
        found.entry(count.project_id).or_default().covered = count.found;
    }
    Ok(found)
}

/// What one ambassador carries in one project.
#[derive(Clone, Debug, PartialEq)]
pub struct Load {
    pub staff: staff::Model,
    pub households: i64,
    pub open_tickets: i64,
}

#[derive(FromQueryResult)]
struct StaffCount {
    project_id: Uuid,
    staff_id: Uuid,
    found: i64,
}

type Counts = HashMap<(Uuid, Uuid), i64>;

fn by_place(counts: Vec<StaffCount>) -> Counts {
    counts.into_iter().map(|count| ((count.project_id, count.staff_id), count.found)).collect()
}

/// What each active ambassador of these projects carries, in the order of their numbers.
pub async fn loads(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    projects: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Load>>> {
    let members = staff_project::Entity::find()
        .filter(staff_project::Column::ProjectId.is_in(projects.iter().copied()))
        .all(conn)
        .await?;
    let ambassadors = super::find::<staff::Entity>(viewer)
        .filter(staff::Column::Id.is_in(members.iter().map(|row| row.staff_id)))
        .filter(staff::Column::Role.eq(Role::Ambassador))
        .filter(staff::Column::IsActive.eq(true))
        .order_by_asc(staff::Column::Number)
        .all(conn)
        .await?;
    let (households, tickets) = (households(conn, projects).await?, tickets(conn, viewer, projects).await?);
    let mut by_project: HashMap<Uuid, Vec<Load>> = HashMap::new();
    for staff in ambassadors {
        for member in members.iter().filter(|row| row.staff_id == staff.id) {
            let count = |counts: &Counts| counts.get(&(member.project_id, staff.id)).copied().unwrap_or(0);
            let load = Load { staff: staff.clone(), households: count(&households), open_tickets: count(&tickets) };
            by_project.entry(member.project_id).or_default().push(load);
        }
    }
    Ok(by_project)
}

fn to_unit() -> RelationDef {
    assignment::Entity::belongs_to(unit::Entity).from(assignment::Column::UnitId).to(unit::Column::Id).into()
}

fn to_tickets() -> RelationDef {
    assignment::Entity::belongs_to(ticket::Entity).from(assignment::Column::UnitId).to(ticket::Column::UnitId).into()
}

fn current() -> Select<assignment::Entity> {
    assignment::Entity::find()
        .select_only()
        .column(assignment::Column::StaffId)
        .filter(assignment::Column::EndedAt.is_null())
}

async fn households(conn: &impl ConnectionTrait, projects: &[Uuid]) -> Result<Counts> {
    let counts = current()
        .join(JoinType::InnerJoin, to_unit())
        .column(unit::Column::ProjectId)
        .column_as(assignment::Column::Id.count(), "found")
        .filter(unit::Column::ProjectId.is_in(projects.iter().copied()))
        .group_by(unit::Column::ProjectId)
        .group_by(assignment::Column::StaffId)
        .into_model::<StaffCount>();
    Ok(by_place(counts.all(conn).await?))
}

async fn tickets(conn: &impl ConnectionTrait, viewer: &Viewer, projects: &[Uuid]) -> Result<Counts> {
    let visible = super::find::<ticket::Entity>(viewer)
        .select_only()
        .column(ticket::Column::Id)
        .filter(ticket::Column::ProjectId.is_in(projects.iter().copied()))
        .filter(ticket::Column::IsOpen.eq(true))
        .into_query();
    let counts = current()
        .join(JoinType::InnerJoin, to_tickets())
        .column(ticket::Column::ProjectId)
        .column_as(ticket::Column::Id.count(), "found")
        .filter(Condition::all().add(ticket::Column::Id.in_subquery(visible)))
        .group_by(ticket::Column::ProjectId)
        .group_by(assignment::Column::StaffId)
        .into_model::<StaffCount>();
    Ok(by_place(counts.all(conn).await?))
}
