//! Analyses of complaints, the complaints that wait for one, and the statistics.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use entity::complaint_analysis;

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    enums::{Department, RootCause},
    id::Kind,
    loaders::{StaffOf, TicketOf},
    scalar::Date,
    staff::Staff,
    ticket::Ticket,
    user_error::payloads,
};
use crate::{
    domain::complaint::{Counts, Days, Statistics},
    error::Result,
    service::complaint::{self, Analysis},
    store::{self, complaint::ComplaintFilter},
};

/// Why a complaint came about.
pub struct ComplaintAnalysis(complaint_analysis::Model);

impl From<complaint_analysis::Model> for ComplaintAnalysis {
    fn from(row: complaint_analysis::Model) -> Self {
        Self(row)
    }
}

/// Why a complaint came about and what will keep it from coming again (投诉分析). Visible to the project's agents and managers, the household's ambassador, supervisors and auditors; customers and technicians never see it.
#[Object]
impl ComplaintAnalysis {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::ComplaintAnalysis.id(self.0.id)
    }

    /// Why it came about.
    async fn root_cause(&self) -> RootCause {
        self.0.root_cause.into()
    }

    /// The department that must do something about it.
    async fn responsible_department(&self) -> Department {
        self.0.responsible_department.into()
    }

    /// What that department will do.
    async fn improvement_measure(&self) -> &str {
        &self.0.improvement_measure
    }

    /// When it was written down last.
    async fn analysed_at(&self) -> DateTime<Utc> {
        self.0.analysed_at
    }

    /// Who wrote it down last.
    async fn analysed_by(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.analysed_by), Staff).await
    }

    /// The complaint.
    async fn ticket(&self, ctx: &Context<'_>) -> Option<Result<Ticket>> {
        ctx.ask().find(TicketOf(self.0.ticket_id), Ticket).await
    }
}

/// Which complaints are counted. Withdrawn ones never are.
#[derive(InputObject)]
#[graphql(name = "ComplaintStatisticsFilter")]
pub struct ComplaintStatisticsFilterInput {
    /// The first day on which a complaint was reported, in its project's time zone.
    from: Date,
    /// The last day, itself included; within three years of the first.
    to: Date,
    /// In this project; in all that you see when left out.
    project_id: Option<ID>,
    /// Only analysed ones of this root cause.
    root_cause: Option<RootCause>,
    /// Only analysed ones for which this department answers.
    responsible_department: Option<Department>,
}

impl ComplaintStatisticsFilterInput {
    fn read(self) -> Result<ComplaintFilter> {
        Ok(ComplaintFilter {
            days: Days::new(self.from.0, self.to.0)?,
            project_id: Kind::Project.read_optional("filter.projectId", self.project_id.as_ref())?,
            root_cause: self.root_cause.map(Into::into),
            department: self.responsible_department.map(Into::into),
        })
    }
}

/// How many complaints there are.
#[derive(SimpleObject)]
pub struct ComplaintCounts {
    /// All of them, without withdrawn ones.
    total: u32,
    /// How many were found valid.
    valid: u32,
    /// How many were found invalid. The rest was not judged yet.
    invalid: u32,
    /// How many are analysed.
    analysed: u32,
}

impl From<Counts> for ComplaintCounts {
    fn from(counts: Counts) -> Self {
        let Counts { total, valid, invalid, analysed } = counts;
        Self { total, valid, invalid, analysed }
    }
}

/// The complaints of one root cause.
#[derive(SimpleObject)]
pub struct ComplaintsOfCause {
    /// The root cause.
    root_cause: RootCause,
    /// How many.
    counts: ComplaintCounts,
}

/// The complaints for which one department answers.
#[derive(SimpleObject)]
pub struct ComplaintsOfDepartment {
    /// The department.
    department: Department,
    /// How many.
    counts: ComplaintCounts,
}

/// The complaints of one month.
#[derive(SimpleObject)]
pub struct ComplaintsOfMonth {
    /// The first day of the month, in the project's time zone.
    month_on: Date,
    /// How many.
    counts: ComplaintCounts,
}

/// How many complaints there are, by root cause, department and month. The causes and the departments each add up to the analysed ones, the months to all.
#[derive(SimpleObject)]
pub struct ComplaintStatistics {
    /// All together.
    all: ComplaintCounts,
    /// By root cause, the commonest first; without complaints that are not analysed yet.
    by_root_cause: Vec<ComplaintsOfCause>,
    /// By responsible department, the commonest first; without complaints that are not analysed yet.
    by_department: Vec<ComplaintsOfDepartment>,
    /// By month of the report, every month of the period in its order.
    by_month: Vec<ComplaintsOfMonth>,
}

impl From<Statistics> for ComplaintStatistics {
    fn from(counted: Statistics) -> Self {
        let cause = |(cause, counts): (entity::vocab::RootCause, Counts)| ComplaintsOfCause {
            root_cause: cause.into(),
            counts: counts.into(),
        };
        let department = |(department, counts): (entity::vocab::Department, Counts)| ComplaintsOfDepartment {
            department: department.into(),
            counts: counts.into(),
        };
        let month =
            |(month, counts): (NaiveDate, Counts)| ComplaintsOfMonth { month_on: Date(month), counts: counts.into() };
        Self {
            all: counted.all.into(),
            by_root_cause: counted.by_root_cause.into_iter().map(cause).collect(),
            by_department: counted.by_department.into_iter().map(department).collect(),
            by_month: counted.by_month.into_iter().map(month).collect(),
        }
    }
}

/// Learning from complaints.
#[derive(Default)]
pub struct ComplaintQueries;

#[Object]
impl ComplaintQueries {
    /// The work list of analyses: complaints that are resolved, confirmed or closed and not analysed yet, the oldest first.
    #[allow(clippy::too_many_arguments)]
    async fn complaints_to_analyse(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "In this project; in all that you see when left out.")] project_id: Option<ID>,
    ) -> Result<Counted<Ticket>> {
        let project_id = Kind::Project.read_optional("projectId", project_id.as_ref())?;
        let list = store::complaint::to_analyse(&ctx.ask().viewer, project_id);
        listed(ctx, list, page(first, after, last, before)?).await
    }

    /// How many complaints there were, by root cause, department and month, as far as you may see them.
    async fn complaint_statistics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which complaints.")] filter: ComplaintStatisticsFilterInput,
    ) -> Result<ComplaintStatistics> {
        let request = ctx.ask();
        let counted = complaint::count(&request.services, &request.viewer, &filter.read()?).await?;
        Ok(counted.into())
    }
}

/// Writes down why a complaint came about.
#[derive(InputObject)]
pub struct AnalyseComplaintInput {
    /// The complaint; resolved, confirmed or closed.
    ticket_id: ID,
    /// Why it came about.
    root_cause: RootCause,
    /// The department that must do something about it.
    responsible_department: Department,
    /// What that department will do; at most 2000 characters.
    improvement_measure: String,
    /// Makes a repeated call harmless: the same key carries the call out once.
    idempotency_key: Option<String>,
}

payloads! {
    /// The complaint that was analysed.
    AnalyseComplaintPayload {
        /// The complaint, with its analysis; null when the call was refused.
        ticket: Ticket
    }
}

/// Learning from complaints.
#[derive(Default)]
pub struct ComplaintMutations;

#[Object]
impl ComplaintMutations {
    /// Writes down why a complaint came about, in the place of what was written down before. Changes nothing about the ticket itself. Written to the audit log.
    async fn analyse_complaint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: AnalyseComplaintInput,
    ) -> Result<AnalyseComplaintPayload> {
        let request = ctx.ask();
        let outcome = async {
            let analysis = Analysis {
                ticket_id: Kind::Ticket.read("ticketId", &input.ticket_id)?,
                root_cause: input.root_cause.into(),
                department: input.responsible_department.into(),
                improvement_measure: input.improvement_measure,
                idempotency_key: input.idempotency_key,
            };
            complaint::analyse(&request.services, &request.viewer, analysis).await
        };
        AnalyseComplaintPayload::of(outcome.await)
    }
}
