//! Trainings of staff: who has which, how many are trained, whose ends soon.

use async_graphql::{Context, ID, Object};
use chrono::{Days, NaiveDate};
use entity::{project, training};

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    id::Kind,
    loaders::StaffOf,
    scalar::Date,
    staff::Staff,
    unit::Project,
};
use crate::{
    domain::training::TrainingCount,
    error::{Error, FaultCode, Message, Result},
    service::ticket::time_zone,
    store,
};

/// The longest look ahead, in days.
const LONGEST_LOOK: u32 = 366;

/// A training.
pub struct Training(training::Model);

impl From<training::Model> for Training {
    fn from(row: training::Model) -> Self {
        Self(row)
    }
}

/// A training that a member of staff passed (培训记录). Visible to oneself, the managers of one's projects, administrators, supervisors and auditors.
#[Object]
impl Training {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Training.id(self.0.id)
    }

    /// What it was about.
    async fn topic(&self) -> &str {
        &self.0.topic
    }

    /// When it was passed.
    async fn passed_on(&self) -> Date {
        Date(self.0.passed_on)
    }

    /// The last day on which it counts.
    async fn expires_on(&self) -> Date {
        Date(self.0.valid_until)
    }

    /// Who passed it.
    async fn staff(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.staff_id), Staff).await
    }
}

/// How well the staff of a project is trained.
pub struct TrainingStatus {
    project: project::Model,
    today: NaiveDate,
    count: TrainingCount,
}

/// How well the active service staff of a project is trained today: its ambassadors, technicians and service agents, as far as you may see them.
#[Object]
impl TrainingStatus {
    /// The project.
    async fn project(&self) -> Project {
        Project(self.project.clone())
    }

    /// How many active service staff work for it.
    async fn staff_count(&self) -> u64 {
        self.count.staff
    }

    /// How many of them have a valid training.
    async fn trained_count(&self) -> u64 {
        self.count.trained
    }

    /// The on-the-job training rate (上岗培训率) in per cent; null where there is nobody to train.
    async fn rate(&self) -> Option<f64> {
        self.count.rate()
    }

    /// The work list of those who have no valid training. They can't be given tickets.
    async fn untrained(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<Staff>> {
        let list = store::training::untrained(&ctx.ask().viewer, self.project.id, self.today);
        listed(ctx, list, page(first, after, last, before)?).await
    }

    /// The work list of trainings that end soon, when nothing else of the same person is valid longer; the first to end first.
    #[allow(clippy::too_many_arguments)]
    async fn expiring(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Ending today or within so many days; at most 366.", default = 30)] within_days: u32,
    ) -> Result<Counted<Training>> {
        if within_days > LONGEST_LOOK {
            let message = Message::LookAhead { days: LONGEST_LOOK.into() };
            return Err(Error::fault(FaultCode::OutOfRange, "withinDays", message));
        }
        let until = self.today + Days::new(u64::from(within_days));
        let list = store::training::expiring(&ctx.ask().viewer, self.project.id, self.today, until);
        listed(ctx, list, page(first, after, last, before)?).await
    }
}

/// Reading trainings.
#[derive(Default)]
pub struct TrainingQueries;

#[Object]
impl TrainingQueries {
    /// How well the service staff of a project is trained today. Null when there is no such project for you.
    async fn training_status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project.")] project_id: ID,
    ) -> Result<Option<TrainingStatus>> {
        let request = ctx.ask();
        let (conn, viewer) = (request.services.db.reader(), &request.viewer);
        let id = Kind::Project.read("projectId", &project_id)?;
        let Some(project) = store::company::project(conn, viewer, id).await? else { return Ok(None) };
        let today = request.now().with_timezone(&time_zone(&project)?).date_naive();
        let count = store::training::count(conn, viewer, project.id, today).await?;
        Ok(Some(TrainingStatus { project, today, count }))
    }
}
