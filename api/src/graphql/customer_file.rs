//! Customers' files as the API shows them: what they hold, what they must hold, which lack something.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::owner_document;

use super::{
    connection::{Counted, listed, page},
    context::{Ask, RequestContext},
    enums::{DocumentKind, OwnerStage},
    id::Kind,
    loaders::{DocumentsOfOwner, OwnerOf, PlaceOf, RequiredAt, StaffOf},
    owner::Owner,
    scalar::Date,
    staff::Staff,
    unit::Unit,
    user_error::{UserError, payloads, settle},
};
use crate::{
    domain::customer_file::missing,
    error::Result,
    service::customer_file::{self, NewDocument},
    store,
};

/// A document in a customer's file.
pub struct OwnerDocument(pub owner_document::Model);

impl From<owner_document::Model> for OwnerDocument {
    fn from(row: owner_document::Model) -> Self {
        Self(row)
    }
}

/// A document in a customer's file. Visible to the customer and to staff who serve the customer, except whoever is only sent to the home.
#[Object]
impl OwnerDocument {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::OwnerDocument.id(self.0.id)
    }

    /// What it is.
    async fn kind(&self) -> DocumentKind {
        self.0.kind.into()
    }

    /// Where the paper or the scan is kept.
    async fn reference(&self) -> &str {
        &self.0.reference
    }

    /// The day on which it was filed.
    async fn filed_on(&self) -> Date {
        Date(self.0.filed_on)
    }

    /// Whether it was taken out of the file again.
    async fn is_removed(&self) -> bool {
        self.0.removed_at.is_some()
    }

    /// Whose file it is in.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Owner>> {
        ctx.ask().find(OwnerOf(self.0.owner_id), Owner).await
    }

    /// The home it is about, if it is about one.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        ctx.ask().find(PlaceOf(self.0.unit_id?), Unit::from).await
    }

    /// Who filed it; null when that colleague is not visible to you.
    async fn filed_by(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.0.filed_by?), Staff).await
    }
}

/// A customer's file (客户档案).
#[derive(SimpleObject)]
pub struct OwnerFile {
    /// What it holds, the first filed first.
    documents: Vec<OwnerDocument>,
    /// What it must hold where the customer stands now.
    required: Vec<DocumentKind>,
    /// What of that it lacks.
    missing: Vec<DocumentKind>,
    /// Whether it lacks nothing.
    is_complete: bool,
}

impl OwnerFile {
    /// The file of an owner.
    pub(super) async fn of(request: &RequestContext, owner: &entity::owner::Model) -> Result<Self> {
        let documents = request.load(DocumentsOfOwner(owner.id)).await?.unwrap_or_default();
        let required = request.load(RequiredAt(owner.stage)).await?.unwrap_or_default();
        let filed: Vec<_> = documents.iter().map(|document| document.kind).collect();
        let missing = missing(&required, &filed);
        Ok(Self {
            documents: documents.into_iter().map(OwnerDocument).collect(),
            is_complete: missing.is_empty(),
            missing: missing.into_iter().map(Into::into).collect(),
            required: required.into_iter().map(Into::into).collect(),
        })
    }
}

/// What the files of customers at a stage must hold.
#[derive(SimpleObject)]
pub struct RequiredDocuments {
    /// The stage.
    stage: OwnerStage,
    /// The documents; the whole list of this stage.
    kinds: Vec<DocumentKind>,
}

/// Files a document of a customer.
#[derive(InputObject)]
pub struct FileOwnerDocumentInput {
    /// The customer.
    owner_id: ID,
    /// The home it is about, if it is about one.
    unit_id: Option<ID>,
    /// What it is.
    kind: DocumentKind,
    /// Where the paper or the scan is kept, in one line of at most 200 characters.
    reference: String,
    /// The day on which it was filed; today when left out, never in the future.
    filed_on: Option<Date>,
}

/// Takes a document out of its file.
#[derive(InputObject)]
pub struct RemoveOwnerDocumentInput {
    /// The document.
    document_id: ID,
    /// Why, at most 500 characters; kept in the audit log.
    reason: String,
}

/// Says anew what the files of customers at a stage must hold.
#[derive(InputObject)]
pub struct SetRequiredDocumentsInput {
    /// The stage.
    stage: OwnerStage,
    /// The whole list; empty when nothing is required.
    kinds: Vec<DocumentKind>,
}

payloads! {
    /// The document that was filed.
    FileOwnerDocumentPayload {
        /// The document; null when the call was refused.
        document: OwnerDocument
    }
    /// The customer whose file a document was taken out of.
    RemoveOwnerDocumentPayload {
        /// The customer; null when the call was refused.
        owner: Owner
    }
}

/// What the files of a stage must hold now.
#[derive(SimpleObject)]
pub struct SetRequiredDocumentsPayload {
    /// The stage and its documents; null when the call was refused.
    required_documents: Option<RequiredDocuments>,
    /// What is wrong with the call; empty when it was carried out.
    user_errors: Vec<UserError>,
}

/// Customers' files.
#[derive(Default)]
pub struct CustomerFileQueries;

#[Object]
impl CustomerFileQueries {
    /// What customers' files must hold at each stage that asks for something.
    async fn required_documents(&self, ctx: &Context<'_>) -> Result<Vec<RequiredDocuments>> {
        let request = ctx.ask();
        let by_stage = store::customer_file::required(request.services.db.reader(), &request.viewer).await?;
        let mut stages: Vec<_> = by_stage.into_iter().collect();
        stages.sort_unstable();
        let shown = stages.into_iter().map(|(stage, kinds)| RequiredDocuments {
            stage: stage.into(),
            kinds: kinds.into_iter().map(Into::into).collect(),
        });
        Ok(shown.collect())
    }

    /// The customers whose files lack something that their stage asks for, as a work list.
    #[allow(clippy::too_many_arguments)]
    async fn incomplete_files(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only owners of homes of this project.")] project_id: Option<ID>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<Owner>> {
        let page = page(first, after, last, before)?;
        let project_id = Kind::Project.read_optional("projectId", project_id.as_ref())?;
        listed(ctx, store::customer_file::incomplete(&ctx.ask().viewer, project_id), page).await
    }
}

/// Keeping customers' files.
#[derive(Default)]
pub struct CustomerFileMutations;

#[Object]
impl CustomerFileMutations {
    /// Files a document of a customer.
    async fn file_owner_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: FileOwnerDocumentInput,
    ) -> Result<FileOwnerDocumentPayload> {
        let request = ctx.ask();
        let outcome = async {
            let new = NewDocument {
                owner_id: Kind::Owner.read("ownerId", &input.owner_id)?,
                unit_id: Kind::Unit.read_optional("unitId", input.unit_id.as_ref())?,
                kind: input.kind.into(),
                reference: input.reference,
                filed_on: input.filed_on.map(|day| day.0),
            };
            customer_file::file_document(&request.services, &request.viewer, new).await
        };
        FileOwnerDocumentPayload::of(outcome.await)
    }

    /// Takes a document out of a customer's file. That it was there stays in the audit log.
    async fn remove_owner_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RemoveOwnerDocumentInput,
    ) -> Result<RemoveOwnerDocumentPayload> {
        let request = ctx.ask();
        let outcome = async {
            let document_id = Kind::OwnerDocument.read("documentId", &input.document_id)?;
            customer_file::remove_document(&request.services, &request.viewer, document_id, &input.reason).await
        };
        RemoveOwnerDocumentPayload::of(outcome.await)
    }

    /// Says anew what the files of customers at a stage must hold.
    async fn set_required_documents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: SetRequiredDocumentsInput,
    ) -> Result<SetRequiredDocumentsPayload> {
        let request = ctx.ask();
        let kinds = input.kinds.into_iter().map(Into::into).collect();
        let outcome =
            customer_file::require_documents(&request.services, &request.viewer, input.stage.into(), kinds).await;
        let (kinds, user_errors) = settle(outcome)?;
        let required_documents = kinds
            .map(|kinds| RequiredDocuments { stage: input.stage, kinds: kinds.into_iter().map(Into::into).collect() });
        Ok(SetRequiredDocumentsPayload { required_documents, user_errors })
    }
}
