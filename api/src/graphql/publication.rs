//! What a project publishes, and its way through the review.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::{publication, publication_review, vocab};

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    enums::{Department, PublicationKind, PublicationStatus, ReviewVerdict},
    id::Kind,
    loaders::{ProjectOf, ReviewsOfPublication, StaffOf},
    staff::Staff,
    unit::Project,
    user_error::payloads,
};
use crate::{
    domain::publication::{Lack, lacking},
    error::Result,
    service::publication::{self as service, Edit, NewPublication, Review},
    store::{self, publication::PublicationFilter},
};

/// Something that the company publishes about a project.
pub struct Publication(pub publication::Model);

impl From<publication::Model> for Publication {
    fn from(row: publication::Model) -> Self {
        Self(row)
    }
}

/// Something that the company publishes about a project: what sales agents tell, a brochure, a floor plan, an advertisement. The project's agents and managers see all; its customers and other staff see what is on show.
#[Object]
impl Publication {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Publication.id(self.0.id)
    }

    /// What kind of thing.
    async fn kind(&self) -> PublicationKind {
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

    /// The number of the present version; goes up with each change of title or text. Reviews count for one version.
    async fn content_version(&self) -> i32 {
        self.0.content_version
    }

    /// Where it stands.
    async fn status(&self) -> PublicationStatus {
        self.0.status.into()
    }

    /// The version that is, or was last, on show; null when none ever was.
    async fn published_version(&self) -> Option<i32> {
        self.0.published_version
    }

    /// When it last went on show; null when it never did.
    async fn published_at(&self) -> Option<DateTime<Utc>> {
        self.0.published_at
    }

    /// When it was last changed, reviewed, shown or taken down.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// The project.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.ask().find(ProjectOf(self.0.project_id), Project).await
    }

    /// Who began it.
    async fn created_by(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.created_by), Staff).await
    }

    /// Who wrote the present version. They can't review it.
    async fn edited_by(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.edited_by), Staff).await
    }

    /// What the departments say about the present version, one review a department. Empty for whoever only sees what is on show.
    async fn reviews(&self, ctx: &Context<'_>) -> Result<Vec<PublicationReview>> {
        Ok(self.present_reviews(ctx).await?.into_iter().map(PublicationReview).collect())
    }

    /// The departments of PROJECT_MANAGEMENT and LEGAL that have not approved the present version. Empty when it may go out, or is on show.
    async fn missing_approvals(&self, ctx: &Context<'_>) -> Result<Vec<Department>> {
        if self.0.status == vocab::PublicationStatus::Published {
            return Ok(Vec::new());
        }
        let reviews = self.present_reviews(ctx).await?;
        let verdicts: Vec<_> = reviews.iter().map(|review| (review.department, review.verdict)).collect();
        Ok(lacking(&verdicts).into_iter().map(Lack::department).map(Into::into).collect())
    }
}

impl Publication {
    async fn present_reviews(&self, ctx: &Context<'_>) -> Result<Vec<publication_review::Model>> {
        let reviews = ctx.ask().load(ReviewsOfPublication(self.0.id)).await?.unwrap_or_default();
        Ok(reviews.into_iter().filter(|review| review.content_version == self.0.content_version).collect())
    }
}

/// What a department says about a version.
pub struct PublicationReview(publication_review::Model);

/// What a department says about one version of a publication. Visible to the project's agents and managers, to supervisors, auditors and administrators.
#[Object]
impl PublicationReview {
    /// The department.
    async fn department(&self) -> Department {
        self.0.department.into()
    }

    /// Its verdict.
    async fn verdict(&self) -> ReviewVerdict {
        self.0.verdict.into()
    }

    /// What it says besides; always there with a rejection.
    async fn comment(&self) -> Option<&str> {
        self.0.comment.as_deref()
    }

    /// The version that it is about.
    async fn content_version(&self) -> i32 {
        self.0.content_version
    }

    /// When it was said.
    async fn reviewed_at(&self) -> DateTime<Utc> {
        self.0.reviewed_at
    }

    /// Who said it.
    async fn reviewer(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.reviewer_id), Staff).await
    }
}

/// Publications.
#[derive(Default)]
pub struct PublicationQueries;

#[Object]
impl PublicationQueries {
    /// What the company publishes about projects, the newest first. The project's agents and managers see all; its customers and other staff see what is on show.
    #[allow(clippy::too_many_arguments)]
    async fn publications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of one project; of all that you see when left out.")] project_id: Option<ID>,
        #[graphql(desc = "Of one kind.")] kind: Option<PublicationKind>,
        #[graphql(desc = "Only those that stand here.")] status: Option<PublicationStatus>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<Publication>> {
        let filter = PublicationFilter {
            project_id: Kind::Project.read_optional("projectId", project_id.as_ref())?,
            kind: kind.map(Into::into),
            status: status.map(Into::into),
        };
        let list = store::publication::list(&ctx.ask().viewer, &filter);
        listed(ctx, list, page(first, after, last, before)?).await
    }
}

/// Begins a publication.
#[derive(InputObject)]
pub struct CreatePublicationInput {
    /// The project it is about.
    project_id: ID,
    /// What kind of thing.
    kind: PublicationKind,
    /// The title; one line of at most 200 characters.
    title: String,
    /// The text, in Markdown; at most 20000 characters.
    body: String,
    /// Repeat the call with the same key after a failed answer: it is done once. At most 100 characters.
    idempotency_key: Option<String>,
}

/// Changes a publication.
#[derive(InputObject)]
pub struct UpdatePublicationInput {
    /// The publication.
    publication_id: ID,
    /// The new title; unchanged when left out.
    title: Option<String>,
    /// The new text; unchanged when left out.
    body: Option<String>,
    /// The version you saw; refused with CONFLICT when it is another one by now.
    expected_version: Option<i32>,
}

/// Gives your department's verdict.
#[derive(InputObject)]
pub struct ReviewPublicationInput {
    /// The publication.
    publication_id: ID,
    /// The version that you have read; refused with CONFLICT when it is another one by now.
    content_version: i32,
    /// The verdict.
    verdict: ReviewVerdict,
    /// What is to be said; needed with a rejection, at most 2000 characters.
    comment: Option<String>,
}

/// Puts a publication on show.
#[derive(InputObject)]
pub struct PublishPublicationInput {
    /// The publication.
    publication_id: ID,
}

/// Takes a publication down.
#[derive(InputObject)]
pub struct WithdrawPublicationInput {
    /// The publication.
    publication_id: ID,
    /// Why; kept in the audit log, at most 2000 characters.
    reason: String,
}

payloads! {
    /// The publication that was begun.
    CreatePublicationPayload {
        /// The publication; null when the call was refused.
        publication: Publication
    }
    /// The publication as it is now.
    UpdatePublicationPayload {
        /// The publication; null when the call was refused.
        publication: Publication
    }
    /// The publication that was reviewed.
    ReviewPublicationPayload {
        /// The publication; null when the call was refused.
        publication: Publication
    }
    /// The publication that is on show now.
    PublishPublicationPayload {
        /// The publication; null when the call was refused.
        publication: Publication
    }
    /// The publication that was taken down.
    WithdrawPublicationPayload {
        /// The publication; null when the call was refused.
        publication: Publication
    }
}

/// Writing, reviewing and showing publications.
#[derive(Default)]
pub struct PublicationMutations;

#[Object]
impl PublicationMutations {
    /// Begins a publication, as a draft. For sales agents and managers of the project.
    async fn create_publication(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CreatePublicationInput,
    ) -> Result<CreatePublicationPayload> {
        let request = ctx.ask();
        let outcome = async {
            let new = NewPublication {
                project_id: Kind::Project.read("projectId", &input.project_id)?,
                kind: input.kind.into(),
                title: input.title,
                body: input.body,
                idempotency_key: input.idempotency_key,
            };
            service::create(&request.services, &request.viewer, new).await
        };
        CreatePublicationPayload::of(outcome.await)
    }

    /// Changes title or text. The new version has no approvals, and one that was on show is a draft again.
    async fn update_publication(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: UpdatePublicationInput,
    ) -> Result<UpdatePublicationPayload> {
        let request = ctx.ask();
        let outcome = async {
            let edit = Edit {
                publication_id: Kind::Publication.read("publicationId", &input.publication_id)?,
                title: input.title,
                body: input.body,
                expected_version: input.expected_version,
            };
            service::edit(&request.services, &request.viewer, edit).await
        };
        UpdatePublicationPayload::of(outcome.await)
    }

    /// Gives the verdict of your department on the present version, over one that it gave on this version before. For staff of PROJECT_MANAGEMENT and LEGAL, and not for who wrote it.
    async fn review_publication(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: ReviewPublicationInput,
    ) -> Result<ReviewPublicationPayload> {
        let request = ctx.ask();
        let outcome = async {
            let review = Review {
                publication_id: Kind::Publication.read("publicationId", &input.publication_id)?,
                content_version: input.content_version,
                verdict: input.verdict.into(),
                comment: input.comment,
            };
            service::review(&request.services, &request.viewer, review).await
        };
        ReviewPublicationPayload::of(outcome.await)
    }

    /// Puts a publication on show. Refused with INCOMPLETE, once for each of PROJECT_MANAGEMENT and LEGAL that has not approved the present version.
    async fn publish_publication(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: PublishPublicationInput,
    ) -> Result<PublishPublicationPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Publication.read("publicationId", &input.publication_id)?;
            service::publish(&request.services, &request.viewer, id).await
        };
        PublishPublicationPayload::of(outcome.await)
    }

    /// Takes a publication down.
    async fn withdraw_publication(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: WithdrawPublicationInput,
    ) -> Result<WithdrawPublicationPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Publication.read("publicationId", &input.publication_id)?;
            service::withdraw(&request.services, &request.viewer, id, &input.reason).await
        };
        WithdrawPublicationPayload::of(outcome.await)
    }
}
