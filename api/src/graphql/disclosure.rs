//! What a sales site has on show.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::{disclosure, show_home_deviation};
use uuid::Uuid;

use super::{
    context::Ask,
    enums::DisclosureKind,
    id::Kind,
    loaders::{DeviationsOfProject, DisclosureOf, DisclosuresOfProject, ProjectOf},
    unit::Project,
    user_error::payloads,
};
use crate::{
    domain::disclosure::missing,
    error::Result,
    service::disclosure::{self as service, NewDeviation, NewDisclosure},
};

/// Something on show at a sales site.
pub struct Disclosure(pub disclosure::Model);

impl From<disclosure::Model> for Disclosure {
    fn from(row: disclosure::Model) -> Self {
        Self(row)
    }
}

/// Something on show at a sales site (公示). Everyone of the project sees what is on show, its customers too.
#[Object]
impl Disclosure {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Disclosure.id(self.0.id)
    }

    /// What kind of thing.
    async fn kind(&self) -> DisclosureKind {
        self.0.kind.into()
    }

    /// The title, one line.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The text, in Markdown.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// The number under which an authority keeps it; certificates and permits have one.
    async fn document_number(&self) -> Option<&str> {
        self.0.document_number.as_deref()
    }

    /// When it was put on show.
    async fn published_at(&self) -> Option<DateTime<Utc>> {
        self.0.published_at
    }

    /// When it was taken down; null while it is on show.
    async fn withdrawn_at(&self) -> Option<DateTime<Utc>> {
        self.0.withdrawn_at
    }

    /// The project.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.ask().find(ProjectOf(self.0.project_id), Project).await
    }
}

/// Where a show home is not like what is delivered.
pub struct ShowHomeDeviation(pub show_home_deviation::Model);

impl From<show_home_deviation::Model> for ShowHomeDeviation {
    fn from(row: show_home_deviation::Model) -> Self {
        Self(row)
    }
}

/// Where a show home (样板间) is not like what is delivered. Customers see those of which a notice tells.
#[Object]
impl ShowHomeDeviation {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::ShowHomeDeviation.id(self.0.id)
    }

    /// Where: the show home and the spot in it.
    async fn place(&self) -> &str {
        &self.0.place
    }

    /// What the drawings say, and what is delivered.
    async fn drawing_says(&self) -> &str {
        &self.0.drawing_says
    }

    /// What the show home shows.
    async fn show_home_shows(&self) -> &str {
        &self.0.show_home_shows
    }

    /// When it was written down.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// The notice that tells customers of it, also one that was taken down; null when there is none.
    async fn notice(&self, ctx: &Context<'_>) -> Option<Result<Disclosure>> {
        ctx.ask().find(DisclosureOf(self.0.notice_id?), Disclosure).await
    }
}

/// What a project's sales site has on show, and what it lacks.
#[derive(SimpleObject)]
pub struct ProjectDisclosures {
    /// What is on show, in the order of publication.
    published: Vec<Disclosure>,
    /// What must be on show and is not: qualification, the five permits, staff on duty, homes on sale, contract text, risks, where to complain.
    missing: Vec<DisclosureKind>,
    /// Where show homes deviate, in the order in which it was written down. Customers see those of which a notice tells.
    deviations: Vec<ShowHomeDeviation>,
    /// The deviations of which no notice on show tells. Empty for customers, who don't see them.
    deviations_without_notice: Vec<ShowHomeDeviation>,
    /// Whether nothing required is missing and each deviation that you see has its notice.
    is_complete: bool,
}

/// What a project has on show; nothing for partners, who read the lecture schedule only.
pub(super) async fn of_project(ctx: &Context<'_>, project_id: Uuid) -> Result<ProjectDisclosures> {
    let request = ctx.ask();
    let published = request.load(DisclosuresOfProject(project_id)).await?.unwrap_or_default();
    let deviations = request.load(DeviationsOfProject(project_id)).await?.unwrap_or_default();
    let kinds: Vec<_> = published.iter().map(|row| row.kind).collect();
    let missing = missing(&kinds);
    let is_told = |deviation: &&show_home_deviation::Model| {
        deviation.notice_id.is_some_and(|notice| published.iter().any(|row| row.id == notice))
    };
    let untold: Vec<_> = deviations.iter().filter(|row| !is_told(row)).cloned().collect();
    Ok(ProjectDisclosures {
        is_complete: missing.is_empty() && untold.is_empty(),
        missing: missing.into_iter().map(Into::into).collect(),
        deviations_without_notice: untold.into_iter().map(ShowHomeDeviation).collect(),
        deviations: deviations.into_iter().map(ShowHomeDeviation).collect(),
        published: published.into_iter().map(Disclosure).collect(),
    })
}

/// Puts something on show.
#[derive(InputObject)]
pub struct PublishDisclosureInput {
    /// The project.
    project_id: ID,
    /// What kind of thing. Permits and notices of deviations may be several; of everything else a new one takes the place of the one before.
    kind: DisclosureKind,
    /// The title; one line of at most 200 characters.
    title: String,
    /// The text, in Markdown; at most 20000 characters.
    body: String,
    /// The number under which an authority keeps it; needed with the qualification and the five permits, at most 200 characters.
    document_number: Option<String>,
}

/// Takes something down.
#[derive(InputObject)]
pub struct WithdrawDisclosureInput {
    /// What is on show.
    disclosure_id: ID,
    /// Why; kept in the audit log, at most 500 characters.
    reason: String,
}

/// Writes down where a show home deviates.
#[derive(InputObject)]
pub struct RecordShowHomeDeviationInput {
    /// The project.
    project_id: ID,
    /// Where: the show home and the spot in it; at most 200 characters.
    place: String,
    /// What the drawings say, and what is delivered; at most 500 characters.
    drawing_says: String,
    /// What the show home shows; at most 500 characters.
    show_home_shows: String,
    /// The notice that tells customers of it: a disclosure of kind SHOW_HOME_DEVIATION on show. May be attached later.
    notice_id: Option<ID>,
}

/// Says which notice tells of a deviation.
#[derive(InputObject)]
pub struct AttachDeviationNoticeInput {
    /// The deviation.
    deviation_id: ID,
    /// A disclosure of kind SHOW_HOME_DEVIATION of the same project, on show.
    notice_id: ID,
}

payloads! {
    /// What is on show now.
    PublishDisclosurePayload {
        /// What is on show; null when the call was refused.
        disclosure: Disclosure
    }
    /// What was taken down.
    WithdrawDisclosurePayload {
        /// What was taken down; null when the call was refused.
        disclosure: Disclosure
    }
    /// The deviation that was written down.
    RecordShowHomeDeviationPayload {
        /// The deviation; null when the call was refused.
        deviation: ShowHomeDeviation
    }
    /// The deviation with its notice.
    AttachDeviationNoticePayload {
        /// The deviation; null when the call was refused.
        deviation: ShowHomeDeviation
    }
}

/// Putting things on show.
#[derive(Default)]
pub struct DisclosureMutations;

#[Object]
impl DisclosureMutations {
    /// Puts something on show at a project's sales site. For sales agents and managers of the project.
    async fn publish_disclosure(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: PublishDisclosureInput,
    ) -> Result<PublishDisclosurePayload> {
        let request = ctx.ask();
        let outcome = async {
            let new = NewDisclosure {
                project_id: Kind::Project.read("projectId", &input.project_id)?,
                kind: input.kind.into(),
                title: input.title,
                body: input.body,
                document_number: input.document_number,
            };
            service::publish(&request.services, &request.viewer, new).await
        };
        PublishDisclosurePayload::of(outcome.await)
    }

    /// Takes something down.
    async fn withdraw_disclosure(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: WithdrawDisclosureInput,
    ) -> Result<WithdrawDisclosurePayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Disclosure.read("disclosureId", &input.disclosure_id)?;
            service::withdraw(&request.services, &request.viewer, id, &input.reason).await
        };
        WithdrawDisclosurePayload::of(outcome.await)
    }

    /// Writes down where a show home is not like what is delivered.
    async fn record_show_home_deviation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RecordShowHomeDeviationInput,
    ) -> Result<RecordShowHomeDeviationPayload> {
        let request = ctx.ask();
        let outcome = async {
            let new = NewDeviation {
                project_id: Kind::Project.read("projectId", &input.project_id)?,
                place: input.place,
                drawing_says: input.drawing_says,
                show_home_shows: input.show_home_shows,
                notice_id: Kind::Disclosure.read_optional("noticeId", input.notice_id.as_ref())?,
            };
            service::record_deviation(&request.services, &request.viewer, new).await
        };
        RecordShowHomeDeviationPayload::of(outcome.await)
    }

    /// Says which notice tells customers of a deviation, in the place of the one before.
    async fn attach_deviation_notice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: AttachDeviationNoticeInput,
    ) -> Result<AttachDeviationNoticePayload> {
        let request = ctx.ask();
        let outcome = async {
            let deviation_id = Kind::ShowHomeDeviation.read("deviationId", &input.deviation_id)?;
            let notice_id = Kind::Disclosure.read("noticeId", &input.notice_id)?;
            service::attach_notice(&request.services, &request.viewer, deviation_id, notice_id).await
        };
        AttachDeviationNoticePayload::of(outcome.await)
    }
}
