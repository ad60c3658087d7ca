//! An owner's file as the API shows it.

use async_graphql::{Context, ID, Object};
use entity::owner;

use super::{
    appointment::SalesAppointment,
    connection::{Counted, Total, counted, listed, page},
    context::Ask,
    customer_file::OwnerFile,
    enums::OwnerStage,
    household::Interaction,
    id::Kind,
    journey::{JourneyEntry, journey},
    loaders::IsStranger,
    loaders::OpenSurveysOfOwner,
    loaders::UnreadOfOwner,
    stage::StageChange,
    unit::{Contract, Unit},
};
use crate::{
    auth::policy::{may_see_file, may_see_masked_identity},
    error::Result,
    page::Cursor,
    service::{household, privacy},
    store::{self, appointment::AppointmentFilter, unit::UnitFilter},
};

/// An owner.
pub struct Owner(pub owner::Model);

impl From<owner::Model> for Owner {
    fn from(row: owner::Model) -> Self {
        Self(row)
    }
}

/// An owner (业主). Owners see their own file; staff see the owners they serve.
#[Object]
impl Owner {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Owner.id(self.0.id)
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The mobile number: in full for the owner, masked such as `138****5678` for everybody else. Staff who need it call `revealPhone`, which is audited.
    async fn phone(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        if ctx.look().is_owner(self.0.id) {
            household::full_phone(&ctx.ask().services, &self.0).transpose()
        } else {
            self.0.phone_masked.clone().map(Ok)
        }
    }

    /// The number of the identity card: in full for the owner, masked such as `110***********1234` for staff who keep the customer's papers, null for whoever is only sent to the home. Staff who need it call `revealIdentityNumber`, which is audited.
    async fn identity_number(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        let request = ctx.ask();
        if request.is_owner(self.0.id) {
            privacy::full_identity(&request.services, &self.0).transpose()
        } else {
            self.0.identity_masked.clone().filter(|_| may_see_masked_identity(&request.viewer)).map(Ok)
        }
    }

    /// The customer's file: what it holds and what it lacks. Null for whoever is only sent to the home.
    async fn file(&self, ctx: &Context<'_>) -> Option<Result<OwnerFile>> {
        let request = ctx.ask();
        if !may_see_file(&request.viewer) {
            return None;
        }
        Some(OwnerFile::of(request, &self.0).await)
    }

    /// Where the owner stands in the life of the home. In a project where somebody only looks at homes, PROSPECT, whatever they own elsewhere.
    async fn stage(&self, ctx: &Context<'_>) -> Result<OwnerStage> {
        let is_stranger = ctx.ask().sees_by_project() && ctx.ask().load(IsStranger(self.0.id)).await? == Some(true);
        Ok(if is_stranger { OwnerStage::Prospect } else { self.0.stage.into() })
    }

    /// How many bulletins the owner has not read yet, as far as you may see them.
    async fn unread_bulletin_count(&self, ctx: &Context<'_>) -> Result<i64> {
        Ok(ctx.ask().load(UnreadOfOwner(self.0.id)).await?.unwrap_or(0))
    }

    /// How many surveys wait for an answer, as far as you may see them.
    async fn open_survey_count(&self, ctx: &Context<'_>) -> Result<i64> {
        let key = OpenSurveysOfOwner { owner_id: self.0.id, now: ctx.ask().now() };
        Ok(ctx.ask().load(key).await?.unwrap_or(0))
    }

    /// The whole way with the company: each touchpoint of the service standard in its order, and where this owner stands with it. Of several homes the one that matters most is shown. Empty where you see no more than an address and a contact.
    async fn journey(&self, ctx: &Context<'_>) -> Result<Vec<JourneyEntry>> {
        journey(ctx, self.0.id).await
    }

    /// The homes owned at present, as far as you may see them.
    async fn units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<Unit>> {
        let filter = UnitFilter { owner_id: Some(self.0.id), ..UnitFilter::default() };
        units(ctx, filter, page(first, after, last, before)?).await
    }

    /// How the owner came from stage to stage, the oldest first.
    async fn stage_history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<StageChange>> {
        let list = store::stage::history(&ctx.ask().viewer, self.0.id);
        listed(ctx, list, page(first, after, last, before)?).await
    }

    /// The contacts with this customer in your projects, the latest first. Owners do not see them.
    async fn interactions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<Interaction>> {
        let list = store::interaction::of_owner(&ctx.ask().viewer, self.0.id);
        listed(ctx, list, page(first, after, last, before)?).await
    }

    /// The contracts in which the owner is a buyer, drafts too, and those in force over the owner's homes; the newest first.
    async fn contracts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<Contract>> {
        let list = store::contract::of_owner(&ctx.ask().viewer, self.0.id);
        listed(ctx, list, page(first, after, last, before)?).await
    }

    /// The owner's visits to sales offices, the earliest first.
    async fn appointments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<SalesAppointment>> {
        let filter = AppointmentFilter { owner_id: Some(self.0.id), ..AppointmentFilter::default() };
        let list = store::appointment::list(&ctx.ask().viewer, &filter);
        listed(ctx, list, page(first, after, last, before)?).await
    }
}

/// A page of units as a connection.
pub(super) async fn units(ctx: &Context<'_>, filter: UnitFilter, page: crate::page::Page) -> Result<Counted<Unit>> {
    let request = ctx.ask();
    let (db, viewer) = (request.services.db.clone(), request.viewer.clone());
    let slice = store::unit::list(db.reader(), &viewer, &filter, &page).await?;
    let total = Total::new(move || {
        let (db, viewer, filter) = (db.clone(), viewer.clone(), filter.clone());
        Box::pin(async move { store::unit::count(db.reader(), &viewer, &filter).await })
    });
    Ok(counted(slice, total, |place| Cursor::Id(place.unit.id), Unit::from))
}
