//! Decoration lectures and the partners who give them.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{activity, partner};

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    enums::LectureStatus,
    id::Kind,
    loaders::{PartnerOf, ProjectOf, SeatsOfActivity},
    scalar::instant,
    unit::Project,
};
use crate::{
    auth::{policy::may_administer, viewer::Principal},
    error::{Error, FaultCode, Message, Result},
    service::partner::old_secret_ends_at,
    store::{self, lecture::Period},
};

/// The longest period that a schedule is asked for.
const LONGEST_PERIOD: TimeDelta = TimeDelta::days(731);

/// A decoration lecture.
pub struct Lecture(pub activity::Model);

impl From<activity::Model> for Lecture {
    fn from(row: activity::Model) -> Self {
        Self(row)
    }
}

/// A decoration lecture (装修讲座), as the schedule shows it. Owners register for it as an activity: see `activities`.
#[Object]
impl Lecture {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Lecture.id(self.0.id)
    }

    /// What it is about, in one line.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// What it is about, in full.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// When it starts.
    async fn starts_at(&self) -> DateTime<Utc> {
        self.0.starts_at
    }

    /// When it ends.
    async fn ends_at(&self) -> DateTime<Utc> {
        self.0.ends_at
    }

    /// Where it takes place.
    async fn venue(&self) -> &str {
        &self.0.venue
    }

    /// How many seats there are.
    async fn capacity(&self) -> i32 {
        self.0.capacity
    }

    /// Where it stands. Owners and partners see published ones only.
    async fn status(&self) -> LectureStatus {
        self.0.status.into()
    }

    /// How many seats are taken. Partners see this for their own lectures, and null for others'.
    async fn registration_count(&self, ctx: &Context<'_>) -> Option<Result<i64>> {
        if let Principal::Partner(id) = ctx.ask().viewer.principal
            && self.0.partner_id != Some(id)
        {
            return None;
        }
        Some(ctx.ask().load(SeatsOfActivity(self.0.id)).await.map(Option::unwrap_or_default))
    }

    /// The project whose owners it is for.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.ask().find(ProjectOf(self.0.project_id), Project).await
    }

    /// The partner who gives it; null when the company does.
    async fn partner(&self, ctx: &Context<'_>) -> Option<Result<Partner>> {
        ctx.ask().find(PartnerOf(self.0.partner_id?), Partner).await
    }
}

/// A decoration partner.
pub struct Partner(pub partner::Model);

impl From<partner::Model> for Partner {
    fn from(row: partner::Model) -> Self {
        Self(row)
    }
}

/// A decoration partner (装修合作商家).
#[Object]
impl Partner {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Partner.id(self.0.id)
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether it can take tokens and be asked for lectures. Null for customers and for partners.
    async fn is_active(&self, ctx: &Context<'_>) -> Option<bool> {
        ctx.ask().viewer.staff_id().map(|_| self.0.is_active)
    }

    /// The id by which it takes tokens (`POST /oauth/token`). For administrators; null for everybody else.
    async fn client_id(&self, ctx: &Context<'_>) -> Option<&str> {
        may_administer(&ctx.ask().viewer).then_some(&self.0.client_id)
    }

    /// When its secret before the newest one ends, for which it takes tokens too until then; null when there is none. For administrators; null for everybody else.
    async fn old_secret_ends_at(&self, ctx: &Context<'_>) -> Option<DateTime<Utc>> {
        let request = ctx.ask();
        old_secret_ends_at(&self.0, request.now()).filter(|_| may_administer(&request.viewer))
    }
}

/// The lecture schedule.
#[derive(Default)]
pub struct LectureQueries;

#[Object]
impl LectureQueries {
    /// The schedule of decoration lectures that start in a period, the earliest first. Partners see all published lectures; owners those of their projects; staff those of theirs, drafts too.
    #[allow(clippy::too_many_arguments)]
    async fn lectures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first instant of the period.")] from: DateTime<Utc>,
        #[graphql(desc = "The first instant after the period; at most two years after its start.")] to: DateTime<Utc>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<Lecture>> {
        let page = page(first, after, last, before)?;
        let (from, to) = (instant("from", from)?, instant("to", to)?);
        if to <= from || to - from > LONGEST_PERIOD {
            return Err(Error::fault(FaultCode::OutOfRange, "to", Message::PeriodOfTwoYears));
        }
        listed(ctx, store::lecture::list(&ctx.ask().viewer, Period { from, to }), page).await
    }
}
