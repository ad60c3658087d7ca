//! Invitations and their answers: found, guarded, reminded, expired, and made anonymous.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    survey_answer as answer,
    survey_invitation::{ActiveModel, Column, Entity, Model},
    survey_question as question,
    vocab::{InvitationStatus, QuestionKind, SurveyKind},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{ExprTrait, OnConflict, SelectStatement},
};
use uuid::Uuid;

use super::CHUNK;
use crate::{auth::viewer::Viewer, error::Result, store::list::List};

/// Which invitations a list is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InvitationFilter {
    pub status: Option<InvitationStatus>,
    pub kind: Option<SurveyKind>,
    pub project_id: Option<Uuid>,
    pub campaign_id: Option<Uuid>,
}

/// Invitations, the newest first. One whose time is over counts as expired, even before anybody has noted it.
pub fn list(viewer: &Viewer, filter: &InvitationFilter, now: DateTime<Utc>) -> List<Entity> {
    List::by_id(select(viewer, filter, now), Column::Id, |row| row.id).newest_first()
}

/// Those that were sent from an instant on and before another, in the order in which they were entered.
pub fn sent_between(
    viewer: &Viewer,
    filter: &InvitationFilter,
    (from, before): (Option<DateTime<Utc>>, DateTime<Utc>),
    now: DateTime<Utc>,
) -> List<Entity> {
    let sent =
        Condition::all().add_option(from.map(|from| Column::InvitedAt.gte(from))).add(Column::InvitedAt.lt(before));
    List::by_id(select(viewer, filter, now).filter(sent), Column::Id, |row| row.id)
}

fn select(viewer: &Viewer, filter: &InvitationFilter, now: DateTime<Utc>) -> Select<Entity> {
    let condition = Condition::all()
        .add_option(filter.status.map(|status| standing(status, now)))
        .add_option(filter.kind.map(|kind| Column::Kind.eq(kind)))
        .add_option(filter.project_id.map(|id| Column::ProjectId.eq(id)))
        .add_option(filter.campaign_id.map(|id| Column::CampaignId.eq(id)));
    crate::store::find::<Entity>(viewer).filter(condition)
}

fn standing(status: InvitationStatus, now: DateTime<Utc>) -> Condition {
    match status {
        InvitationStatus::Open => open_at(now),
        InvitationStatus::Submitted => Condition::all().add(Column::Status.eq(status)),
        InvitationStatus::Expired => Condition::any()
            .add(Column::Status.eq(status))
            .add(Column::Status.eq(InvitationStatus::Open).and(Column::ExpiresAt.lte(now))),
    }
}

fn open_at(now: DateTime<Utc>) -> Condition {
    Condition::all().add(Column::Status.eq(InvitationStatus::Open)).add(Column::ExpiresAt.gt(now))
}

pub async fn by_id(conn: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Option<Model>> {
    crate::store::by_id::<Entity>(conn, viewer, Column::Id, id).await
}

#[derive(FromQueryResult)]
struct OwnerCount {
    owner_id: Uuid,
    surveys: i64,
}

/// How many surveys each of these owners can answer at this moment, as far as the viewer sees them.
pub async fn open_by_owner(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    owners: &[Uuid],
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, i64>> {
    let counts = crate::store::find::<Entity>(viewer)
        .select_only()
        .column(Column::OwnerId)
        .column_as(Column::Id.count(), "surveys")
        .filter(Column::OwnerId.is_in(owners.iter().copied()))
        .filter(open_at(now))
        .group_by(Column::OwnerId)
        .into_model::<OwnerCount>()
        .all(conn)
        .await?;
    Ok(counts.into_iter().map(|count| (count.owner_id, count.surveys)).collect())
}

/// Invites, except where the same contract was invited to the same campaign before. Returns how many were.
pub async fn invite(conn: &impl ConnectionTrait, invitations: Vec<Model>) -> Result<u64> {
    let mut invited = 0;
    for chunk in invitations.chunks(CHUNK) {
        let rows = chunk.iter().cloned().map(|row| row.into_active_model().reset_all());
        let once = OnConflict::columns([Column::CampaignId, Column::SubjectId]).do_nothing().to_owned();
        invited += Entity::insert_many(rows).on_conflict(once).exec_without_returning(conn).await?;
    }
    Ok(invited)
}

/// Notes that answers come in, and so holds the invitation to the end of the transaction; says whether it is open.
pub async fn hold_open(conn: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let row = ActiveModel { saved_at: ActiveValue::Set(Some(now)), ..Default::default() };
    let done = Entity::update_many().set(row).filter(Column::Id.eq(id)).filter(open_at(now)).exec(conn).await?;
    Ok(done.rows_affected == 1)
}

/// Writes back an invitation that this transaction holds.
pub async fn update(conn: &impl ConnectionTrait, invitation: Model) -> Result<()> {
    crate::store::write_back(Entity, conn, invitation).await
}

/// The answers to each of these invitations that the viewer may read.
pub async fn answers(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    invitations: &[Uuid],
) -> Result<HashMap<Uuid, Vec<answer::Model>>> {
    let rows = crate::store::find::<answer::Entity>(viewer)
        .filter(answer::Column::InvitationId.is_in(invitations.iter().copied()))
        .order_by_asc(answer::Column::Id)
        .all(conn)
        .await?;
    let mut by_invitation: HashMap<Uuid, Vec<_>> = HashMap::new();
    for row in rows {
        by_invitation.entry(row.invitation_id).or_default().push(row);
    }
    Ok(by_invitation)
}

/// Keeps answers, each in the place of an earlier one to the same question.
pub async fn keep(conn: &impl ConnectionTrait, answers: Vec<answer::Model>) -> Result<()> {
    use answer::Column;
    if answers.is_empty() {
        return Ok(());
    }
    let rows = answers.into_iter().map(|row| row.into_active_model().reset_all());
    let anew = OnConflict::columns([Column::InvitationId, Column::QuestionId])
        .update_columns([Column::Value, Column::Number, Column::AnsweredAt])
        .to_owned();
    answer::Entity::insert_many(rows).on_conflict(anew).exec_without_returning(conn).await?;
    Ok(())
}

/// Takes back the answers to these questions.
pub async fn take_back(conn: &impl ConnectionTrait, invitation_id: Uuid, questions: &[Uuid]) -> Result<()> {
    if questions.is_empty() {
        return Ok(());
    }
    answer::Entity::delete_many()
        .filter(answer::Column::InvitationId.eq(invitation_id))
        .filter(answer::Column::QuestionId.is_in(questions.iter().copied()))
        .exec(conn)
        .await?;
    Ok(())
}

fn some_of(condition: Condition, limit: u64) -> SelectStatement {
    Entity::find().select_only().column(Column::Id).filter(condition).limit(limit).into_query()
}

/// Notes of some that end soon that they were reminded. Returns how many.
pub async fn remind(conn: &impl ConnectionTrait, now: DateTime<Utc>, until: DateTime<Utc>, limit: u64) -> Result<u64> {
    let soon = to_remind(now, until);
    let row = ActiveModel { reminded_at: ActiveValue::Set(Some(now)), ..Default::default() };
    let some = Column::Id.in_subquery(some_of(soon.clone(), limit));
    Ok(Entity::update_many().set(row).filter(some).filter(soon).exec(conn).await?.rows_affected)
}

pub(in crate::store) fn to_remind(now: DateTime<Utc>, until: DateTime<Utc>) -> Condition {
    open_at(now).add(Column::ExpiresAt.lte(until)).add(Column::RemindedAt.is_null())
}

pub(in crate::store) fn to_expire(now: DateTime<Utc>) -> Condition {
    Condition::all().add(Column::Status.eq(InvitationStatus::Open)).add(Column::ExpiresAt.lte(now))
}

/// Ends some whose time is over. Returns how many.
pub async fn expire(conn: &impl ConnectionTrait, now: DateTime<Utc>, limit: u64) -> Result<u64> {
    let over = to_expire(now);
    let row = ActiveModel { status: ActiveValue::Set(InvitationStatus::Expired), ..Default::default() };
    let some = Column::Id.in_subquery(some_of(over.clone(), limit));
    Ok(Entity::update_many().set(row).filter(some).filter(over).exec(conn).await?.rows_affected)
}

/// Ends whatever of a campaign is still open. Waits for those who are handing in at this moment.
pub async fn expire_campaign(conn: &impl ConnectionTrait, campaign_id: Uuid) -> Result<()> {
    let row = ActiveModel { status: ActiveValue::Set(InvitationStatus::Expired), ..Default::default() };
    let open = Condition::all().add(Column::CampaignId.eq(campaign_id)).add(Column::Status.eq(InvitationStatus::Open));
    Entity::update_many().set(row).filter(open).exec(conn).await?;
    Ok(())
}

/// Takes a customer out of all surveys. What was handed in stays, without the words that could tell who wrote them;
/// what was only begun goes.
pub async fn forget(conn: &impl ConnectionTrait, owner_id: Uuid) -> Result<u64> {
    let own = |status| Condition::all().add(Column::OwnerId.eq(owner_id)).add_option(status);
    let ids = |condition| Entity::find().select_only().column(Column::Id).filter(condition).into_query();
    let unfinished = ids(own(Some(Column::Status.ne(InvitationStatus::Submitted))));
    answer::Entity::delete_many().filter(answer::Column::InvitationId.in_subquery(unfinished)).exec(conn).await?;
    let texts = question::Entity::find()
        .select_only()
        .column(question::Column::Id)
        .filter(question::Column::Kind.eq(QuestionKind::Text))
        .into_query();
    let blank = answer::ActiveModel { value: ActiveValue::Set(String::new()), ..Default::default() };
    answer::Entity::update_many()
        .set(blank)
        .filter(answer::Column::InvitationId.in_subquery(ids(own(None))))
        .filter(answer::Column::QuestionId.in_subquery(texts))
        .exec(conn)
        .await?;
    let ended = ActiveModel { status: ActiveValue::Set(InvitationStatus::Expired), ..Default::default() };
    let open = own(Some(Column::Status.eq(InvitationStatus::Open)));
    Entity::update_many().set(ended).filter(open).exec(conn).await?;
    let nobody = ActiveModel {
        owner_id: ActiveValue::Set(None),
        unit_id: ActiveValue::Set(None),
        subject_id: ActiveValue::Set(None),
        ..Default::default()
    };
    Ok(Entity::update_many().set(nobody).filter(own(None)).exec(conn).await?.rows_affected)
}
