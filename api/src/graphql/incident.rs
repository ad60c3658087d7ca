//! Incidents of safety, fire and equipment.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::incident;

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    enums::{IncidentKind, IncidentSeverity},
    id::Kind,
    loaders::{ProjectOf, StaffOf},
    scalar::{instant, optional_instant},
    staff::Staff,
    unit::Project,
    user_error::payloads,
};
use crate::{
    error::Result,
    service::incident::{self as service, NewIncident},
    store::{self, incident::IncidentFilter},
};

/// An incident.
pub struct Incident(incident::Model);

impl From<incident::Model> for Incident {
    fn from(row: incident::Model) -> Self {
        Self(row)
    }
}

/// An incident of safety, fire or equipment (责任事故). Visible to the project's service agents and managers, supervisors and auditors.
#[Object]
impl Incident {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Incident.id(self.0.id)
    }

    /// What kind it is.
    async fn kind(&self) -> IncidentKind {
        self.0.kind.into()
    }

    /// How grave it is.
    async fn severity(&self) -> IncidentSeverity {
        self.0.severity.into()
    }

    /// Whether the company answers for it. The figures count what is SERIOUS and liable.
    async fn is_liable(&self) -> bool {
        self.0.is_liable
    }

    /// What happened.
    async fn summary(&self) -> &str {
        &self.0.summary
    }

    /// When it happened.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at
    }

    /// When it was written down.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// The project in which it happened.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.ask().find(ProjectOf(self.0.project_id), Project).await
    }

    /// Who wrote it down.
    async fn recorded_by(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.recorded_by), Staff).await
    }
}

/// Narrows a list of incidents. What is left out does not narrow it; several conditions must all hold.
#[derive(InputObject, Default)]
#[graphql(name = "IncidentFilter")]
pub struct IncidentFilterInput {
    /// In this project.
    project_id: Option<ID>,
    /// Of this kind.
    kind: Option<IncidentKind>,
    /// Of this gravity.
    severity: Option<IncidentSeverity>,
    /// True: the company answers for it. False: it does not.
    is_liable: Option<bool>,
    /// Happened at this instant or later.
    from: Option<DateTime<Utc>>,
    /// Happened before this instant.
    to: Option<DateTime<Utc>>,
}

impl IncidentFilterInput {
    fn read(self) -> Result<IncidentFilter> {
        Ok(IncidentFilter {
            project_id: Kind::Project.read_optional("filter.projectId", self.project_id.as_ref())?,
            kind: self.kind.map(Into::into),
            severity: self.severity.map(Into::into),
            is_liable: self.is_liable,
            from: optional_instant("filter.from", self.from)?,
            to: optional_instant("filter.to", self.to)?,
        })
    }
}

/// Reading incidents.
#[derive(Default)]
pub struct IncidentQueries;

#[Object]
impl IncidentQueries {
    /// The incidents that you may see, the latest first.
    #[allow(clippy::too_many_arguments)]
    async fn incidents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Narrows the list.")] filter: Option<IncidentFilterInput>,
    ) -> Result<Counted<Incident>> {
        let list = store::incident::list(&ctx.ask().viewer, &filter.unwrap_or_default().read()?);
        listed(ctx, list, page(first, after, last, before)?).await
    }
}

/// Writes an incident down.
#[derive(InputObject)]
pub struct RecordIncidentInput {
    /// The project in which it happened.
    project_id: ID,
    /// What kind it is.
    kind: IncidentKind,
    /// How grave it is.
    severity: IncidentSeverity,
    /// Whether the company answers for it; `judgeIncident` changes it when more is known.
    is_liable: bool,
    /// What happened; at most 2000 characters, without personal numbers.
    summary: String,
    /// When it happened; not in the future.
    occurred_at: DateTime<Utc>,
    /// Makes a repeated call harmless: the same key carries the call out once.
    idempotency_key: Option<String>,
}

/// Judges an incident anew.
#[derive(InputObject)]
pub struct JudgeIncidentInput {
    /// The incident.
    incident_id: ID,
    /// How grave it is.
    severity: IncidentSeverity,
    /// Whether the company answers for it.
    is_liable: bool,
    /// What was found out; kept in the audit log, at most 500 characters.
    reason: String,
}

payloads! {
    /// The incident that was written down.
    RecordIncidentPayload {
        /// The incident; null when the call was refused.
        incident: Incident
    }
    /// The incident that was judged anew.
    JudgeIncidentPayload {
        /// The incident; null when the call was refused.
        incident: Incident
    }
}

/// Writing incidents down.
#[derive(Default)]
pub struct IncidentMutations;

#[Object]
impl IncidentMutations {
    /// Writes an incident of safety, fire or equipment down. Written to the audit log.
    async fn record_incident(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RecordIncidentInput,
    ) -> Result<RecordIncidentPayload> {
        let request = ctx.ask();
        let outcome = async {
            let new = NewIncident {
                project_id: Kind::Project.read("projectId", &input.project_id)?,
                kind: input.kind.into(),
                severity: input.severity.into(),
                is_liable: input.is_liable,
                summary: input.summary,
                occurred_at: instant("occurredAt", input.occurred_at)?,
                idempotency_key: input.idempotency_key,
            };
            service::record(&request.services, &request.viewer, new).await
        };
        RecordIncidentPayload::of(outcome.await)
    }

    /// Says anew how grave an incident was and whether the company answers for it. Written to the audit log with what was said before.
    async fn judge_incident(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: JudgeIncidentInput,
    ) -> Result<JudgeIncidentPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Incident.read("incidentId", &input.incident_id)?;
            let judgement = (input.severity.into(), input.is_liable);
            service::judge(&request.services, &request.viewer, id, judgement, &input.reason).await
        };
        JudgeIncidentPayload::of(outcome.await)
    }
}
