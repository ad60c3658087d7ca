//! Taking from somebody what lies outside of the projects in which they may hold it: everywhere, when there is none. What is
//! over stays on record as theirs.

use chrono::{DateTime, Utc};
use entity::{
    absence, ambassador_assignment as assignment, appointment, area_duty, duty_shift, handover, owner, prospect,
    ticket, unit,
    vocab::{AppointmentStatus, HandoverStatus, OwnerStage},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, LockType},
};
use uuid::Uuid;

use super::db::Tx;
use crate::{auth::scope::replaced_by, error::Result};

/// Who is left, and the projects in which they keep what they hold.
#[derive(Clone, Copy, Debug)]
pub struct Keeps<'a> {
    pub staff_id: Uuid,
    pub projects: &'a [Uuid],
}

impl Keeps<'_> {
    /// What is theirs and lies outside, by the columns that say whose it is and where.
    fn lost(&self, staff: impl ColumnTrait, project: impl ColumnTrait) -> Condition {
        let outside = project.is_not_in(self.projects.iter().copied());
        Condition::all().add(staff.eq(self.staff_id)).add(outside)
    }
}

/// Ends their answering for households. How many those were.
pub async fn end_households(tx: &Tx, keeps: Keeps<'_>, at: DateTime<Utc>) -> Result<u64> {
    use assignment::{Column, Entity};
    let outside = unit::Entity::find()
        .select_only()
        .column(unit::Column::Id)
        .filter(unit::Column::ProjectId.is_not_in(keeps.projects.iter().copied()));
    let lost = Condition::all()
        .add(Column::StaffId.eq(keeps.staff_id))
        .add(Column::EndedAt.is_null())
        .add(Column::UnitId.in_subquery(outside.into_query()));
    let ended = Entity::update_many().col_expr(Column::EndedAt, Expr::value(at)).filter(lost).exec(tx).await?;
    Ok(ended.rows_affected)
}

/// Ends their answering for buildings. How many those were.
pub async fn end_duties(tx: &Tx, keeps: Keeps<'_>, at: DateTime<Utc>) -> Result<u64> {
    use area_duty::{Column, Entity};
    let lost = keeps.lost(Column::StaffId, Column::ProjectId).add(Column::EndedAt.is_null());
    let ended = Entity::update_many().col_expr(Column::EndedAt, Expr::value(at)).filter(lost).exec(tx).await?;
    Ok(ended.rows_affected)
}

/// Takes them off the roster of those on call: a shift that runs ends, and those to come fall away. How many those were.
pub async fn end_shifts(tx: &Tx, keeps: Keeps<'_>, at: DateTime<Utc>) -> Result<u64> {
    use duty_shift::{Column, Entity};
    let lost = || keeps.lost(Column::StaffId, Column::ProjectId);
    let gone = Entity::delete_many().filter(lost().add(Column::StartsAt.gte(at))).exec(tx).await?;
    let ended = Entity::update_many()
        .col_expr(Column::EndsAt, Expr::value(at))
        .filter(lost().add(Column::StartsAt.lt(at)).add(Column::EndsAt.gt(at)))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected + ended.rows_affected)
}

/// Leaves customers who look at homes to whoever takes them on. Who has bought was theirs, and stays so. How many those were.
pub async fn release_customers(tx: &Tx, keeps: Keeps<'_>) -> Result<u64> {
    use prospect::{Column, Entity};
    let looking = owner::Entity::find()
        .select_only()
        .column(owner::Column::Id)
        .filter(owner::Column::Stage.eq(OwnerStage::Prospect));
    let lost =
        keeps.lost(Column::SalesAgentId, Column::ProjectId).add(Column::OwnerId.in_subquery(looking.into_query()));
    let nobody = Expr::value(Option::<Uuid>::None);
    let released = Entity::update_many().col_expr(Column::SalesAgentId, nobody).filter(lost).exec(tx).await?;
    Ok(released.rows_affected)
}

/// Leaves visits that have not begun to another host. How many those were.
pub async fn release_visits(tx: &Tx, keeps: Keeps<'_>) -> Result<u64> {
    use appointment::{Column, Entity};
    let waiting = [AppointmentStatus::Booked, AppointmentStatus::CheckedIn];
    let lost = keeps.lost(Column::StaffId, Column::ProjectId).add(Column::Status.is_in(waiting));
    let nobody = Expr::value(Option::<Uuid>::None);
    let released = Entity::update_many().col_expr(Column::StaffId, nobody).filter(lost).exec(tx).await?;
    Ok(released.rows_affected)
}

/// Leaves handovers that are not over without a companion, except those of households for which they answer, if they keep
/// these. How many those were.
pub async fn release_handovers(tx: &Tx, keeps: Keeps<'_>, keeps_households: bool) -> Result<u64> {
    use handover::{Column, Entity};
    let open = [HandoverStatus::Booked, HandoverStatus::InProgress];
    let mut lost = keeps.lost(Column::AccompaniedBy, Column::ProjectId).add(Column::Status.is_in(open));
    if keeps_households {
        let answered_for = assignment::Entity::find()
            .select_only()
            .column(assignment::Column::UnitId)
            .filter(assignment::Column::EndedAt.is_null())
            .filter(
                Condition::any()
                    .add(assignment::Column::StaffId.eq(keeps.staff_id))
                    .add(assignment::Column::StaffId.in_subquery(replaced_by(keeps.staff_id))),
            );
        lost = lost.add(Column::UnitId.not_in_subquery(answered_for.into_query()));
    }
    let released = Entity::update_many()
        .col_expr(Column::AccompaniedBy, Expr::value(Option::<Uuid>::None))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(lost)
        .exec(tx)
        .await?;
    Ok(released.rows_affected)
}

/// The unfinished tickets in their hands, which nobody else changes before the transaction ends. In the order of their ids, so
/// that two who take several wait for each other and not both.
pub async fn hold_tickets(tx: &Tx, keeps: Keeps<'_>) -> Result<Vec<ticket::Model>> {
    use ticket::Column;
    let lost = super::ticket::in_hands().filter(keeps.lost(Column::AssigneeId, Column::ProjectId));
    Ok(lost.order_by_asc(Column::Id).lock(LockType::NoKeyUpdate).all(tx).await?)
}

/// The absences that are not over in which somebody stands in for this person, or this person for somebody.
pub async fn substitutions(tx: &Tx, staff_id: Uuid, at: DateTime<Utc>) -> Result<Vec<absence::Model>> {
    use absence::{Column, Entity};
    let concerned = Condition::any().add(Column::StaffId.eq(staff_id)).add(Column::SubstituteId.eq(staff_id));
    let open = Entity::find().filter(Column::SubstituteId.is_not_null()).filter(Column::EndsAt.gt(at));
    Ok(open.filter(concerned).order_by_asc(Column::Id).all(tx).await?)
}

/// Nobody stands in any more in this absence.
pub async fn end_substitution(tx: &Tx, absence_id: Uuid) -> Result<()> {
    use absence::{Column, Entity};
    Entity::update_many()
        .col_expr(Column::SubstituteId, Expr::value(Option::<Uuid>::None))
        .col_expr(Column::StandsIn, Expr::value(false))
        .filter(Column::Id.eq(absence_id))
        .exec(tx)
        .await?;
    Ok(())
}
