//! Campaigns: opened once for each cohort, closed once.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    project,
    survey_campaign::{ActiveModel, Column, Entity, Model},
    survey_invitation as invitation,
    vocab::{InvitationStatus, SurveyKind},
};
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use uuid::Uuid;

use crate::{auth::viewer::Viewer, domain::survey::calendar::Window, error::Result, store::list::List};

/// Which campaigns a list is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CampaignFilter {
    pub kind: Option<SurveyKind>,
    pub project_id: Option<Uuid>,
    pub open: Option<bool>,
}

/// Campaigns, the newest first.
pub fn list(viewer: &Viewer, filter: &CampaignFilter) -> List<Entity> {
    let condition = Condition::all()
        .add_option(filter.kind.map(|kind| Column::Kind.eq(kind)))
        .add_option(filter.project_id.map(|id| Column::ProjectId.eq(id)))
        .add_option(
            filter.open.map(|open| if open { Column::ClosedAt.is_null() } else { Column::ClosedAt.is_not_null() }),
        );
    List::by_id(crate::store::find::<Entity>(viewer).filter(condition), Column::Id, |row| row.id).newest_first()
}

pub async fn by_ids(conn: &impl ConnectionTrait, viewer: &Viewer, ids: &[Uuid]) -> Result<HashMap<Uuid, Model>> {
    crate::store::by_ids::<Entity, Uuid>(conn, viewer, Column::Id, ids, |row| row.id).await
}

/// The projects that a viewer sees, in the order of their codes.
pub async fn projects(conn: &impl ConnectionTrait, viewer: &Viewer) -> Result<Vec<project::Model>> {
    Ok(crate::store::find::<project::Entity>(viewer).order_by_asc(project::Column::Code).all(conn).await?)
}

/// The monthly campaigns of these months, whatever the project.
pub async fn of_months(conn: &impl ConnectionTrait, months: &[NaiveDate], kinds: &[SurveyKind]) -> Result<Vec<Model>> {
    let these = Condition::all()
        .add(Column::CohortMonth.is_in(months.iter().copied()))
        .add(Column::Kind.is_in(kinds.iter().copied()));
    Ok(Entity::find().filter(these).all(conn).await?)
}

/// Opens a campaign unless there is one for its cohort; says whether it did. Of two servers one waits for the other.
pub async fn open(conn: &impl ConnectionTrait, campaign: Model) -> Result<bool> {
    crate::store::insert_new(Entity, conn, campaign, [Column::ProjectId, Column::Kind, Column::Cohort]).await
}

/// Takes the turn to look for a campaign's customers today; says whether nobody had.
pub async fn gather(conn: &impl ConnectionTrait, id: Uuid, today: NaiveDate) -> Result<bool> {
    let row = ActiveModel { gathered_on: ActiveValue::Set(Some(today)), ..Default::default() };
    let earlier = Condition::any().add(Column::GatheredOn.is_null()).add(Column::GatheredOn.lt(today));
    let done = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(id))
        .filter(Column::ClosedAt.is_null())
        .filter(earlier)
        .exec(conn)
        .await?;
    Ok(done.rows_affected == 1)
}

/// The campaigns whose time is over and that are not closed yet, the oldest first.
pub async fn due(conn: &impl ConnectionTrait, now: DateTime<Utc>, limit: u64) -> Result<Vec<Model>> {
    Ok(to_close(now).order_by_asc(Column::ExpiresAt).order_by_asc(Column::Id).limit(limit).all(conn).await?)
}

pub(in crate::store) fn to_close(now: DateTime<Utc>) -> Select<Entity> {
    Entity::find().filter(Column::ClosedAt.is_null()).filter(Column::ExpiresAt.lte(now))
}

/// The month's campaign of a project when nothing is left to be done for it on the window's day.
pub(in crate::store) fn gathered(project_id: Uuid, kind: SurveyKind, window: Window) -> Select<Entity> {
    let done = Condition::any().add(Column::ClosedAt.is_not_null()).add(Column::GatheredOn.gte(window.today));
    let campaign = Entity::find()
        .filter(Column::ProjectId.eq(project_id))
        .filter(Column::Kind.eq(kind))
        .filter(Column::CohortMonth.eq(window.month));
    if window.is_late { campaign } else { campaign.filter(done) }
}

/// Closes a campaign; says whether nobody had.
pub async fn close(conn: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let row = ActiveModel { closed_at: ActiveValue::Set(Some(now)), ..Default::default() };
    let open = Condition::all().add(Column::Id.eq(id)).add(Column::ClosedAt.is_null());
    Ok(Entity::update_many().set(row).filter(open).exec(conn).await?.rows_affected == 1)
}

/// How many were invited, and how many answered.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Turnout {
    pub invitations: i64,
    pub responses: i64,
}

#[derive(FromQueryResult)]
struct StatusCount {
    campaign_id: Uuid,
    status: InvitationStatus,
    invitations: i64,
}

/// The turnout of each of these campaigns, as far as the viewer sees their invitations.
pub async fn turnouts(conn: &impl ConnectionTrait, viewer: &Viewer, ids: &[Uuid]) -> Result<HashMap<Uuid, Turnout>> {
    use invitation::Column;
    let counts = crate::store::find::<invitation::Entity>(viewer)
        .select_only()
        .columns([Column::CampaignId, Column::Status])
        .column_as(Column::Id.count(), "invitations")
        .filter(Column::CampaignId.is_in(ids.iter().copied()))
        .group_by(Column::CampaignId)
        .group_by(Column::Status)
        .into_model::<StatusCount>()
        .all(conn)
        .await?;
    let mut turnouts: HashMap<Uuid, Turnout> = HashMap::new();
    for count in counts {
        let turnout = turnouts.entry(count.campaign_id).or_default();
        turnout.invitations += count.invitations;
        if count.status == InvitationStatus::Submitted {
            turnout.responses += count.invitations;
        }
    }
    Ok(turnouts)
}
