//! Notices to owners: reading them, publishing them, and who has read them.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::{bulletin, bulletin_delivery};
use serde::Deserialize;

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    enums::BulletinKind,
    id::Kind,
    loaders::{ArrivalsOf, BuildingOf, OwnerOf, PlaceOf, ProjectOf, ReachOf, ReadingOf, ReceiptsOf, StaffOf},
    owner::Owner,
    reach::{ChannelMessage, ChannelReach},
    staff::Staff,
    unit::{Building, Project, Unit},
    user_error::payloads,
};
use crate::{
    domain::bulletin::Notice,
    error::{Error, FaultCode, Message, Result},
    language::{Text, notice},
    page::Cursor,
    service::bulletin::{self as service, NewBulletin},
    store::{self, bulletin::BulletinFilter},
};

/// A notice to owners.
pub struct Bulletin(pub bulletin::Model);

impl From<bulletin::Model> for Bulletin {
    fn from(row: bulletin::Model) -> Self {
        Self(row)
    }
}

impl Bulletin {
    /// What the house wrote by itself comes in the reader's language, what people wrote as they wrote it.
    fn text(&self, ctx: &Context<'_>) -> Text {
        match self.0.written.as_ref().and_then(|kept| Notice::deserialize(kept).ok()) {
            Some(kept) => notice(&kept, ctx.look().language()),
            None => Text { title: self.0.title.clone(), body: self.0.body.clone() },
        }
    }
}

/// A notice (公告) to the owners of a project, a building or a home. Owners see those that were delivered to them; staff those of their projects, ambassadors of single homes only their own households'.
#[Object]
impl Bulletin {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Bulletin.id(self.0.id)
    }

    /// The place in the stream of bulletins. Keep the last one you saw: `bulletinPublished` goes on after it.
    async fn cursor(&self) -> String {
        Cursor::Seq(self.0.seq).encode()
    }

    /// What it is about.
    async fn kind(&self) -> BulletinKind {
        self.0.kind.into()
    }

    /// The headline, one line of at most 120 characters. That of a milestone or of a warranty's end comes in your language, what people wrote as they wrote it.
    async fn title(&self, ctx: &Context<'_>) -> String {
        self.text(ctx).title
    }

    /// The text, of any number of lines; at most 4000 characters. It comes in your language as far as the headline does.
    async fn body(&self, ctx: &Context<'_>) -> String {
        self.text(ctx).body
    }

    /// Whether people or property are in danger: show it at once and above everything else.
    async fn is_emergency(&self) -> bool {
        self.0.is_emergency
    }

    /// When it was published.
    async fn published_at(&self) -> DateTime<Utc> {
        self.0.published_at
    }

    /// When you, the owner who asks, read it; null before, and for staff.
    async fn read_at(&self, ctx: &Context<'_>) -> Option<Result<DateTime<Utc>>> {
        ctx.ask().viewer.owner_id()?;
        ctx.ask().find(ReadingOf(self.0.id), |at| at).await
    }

    /// The project it was published in.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.look().find(ProjectOf(self.0.project_id), Project).await
    }

    /// The building whose owners it is for; null when it is for the whole project or one home.
    async fn building(&self, ctx: &Context<'_>) -> Option<Result<Building>> {
        ctx.ask().find(BuildingOf(self.0.building_id?), Building::from).await
    }

    /// The home whose owners it is for; null when it is for a building or the whole project.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        ctx.look().find(PlaceOf(self.0.unit_id?), Unit::from).await
    }

    /// The member of staff who published it; null for what comes by itself, and for owners.
    async fn published_by(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        if ctx.ask().viewer.owner_id().is_some() {
            return None;
        }
        ctx.ask().find(StaffOf(self.0.published_by?), Staff).await
    }

    /// For staff: to how many customers it was delivered, as far as you may see them. Null for owners.
    async fn delivery_count(&self, ctx: &Context<'_>) -> Option<Result<i64>> {
        self.receipts(ctx, |receipts| receipts.delivered).await
    }

    /// For staff: how many of them have read it. Null for owners.
    async fn read_count(&self, ctx: &Context<'_>) -> Option<Result<i64>> {
        self.receipts(ctx, |receipts| receipts.read).await
    }

    /// For staff: what became of the messages that told of it, channel by channel, as far as you may see to whom it was delivered. A channel by which nothing was to go is left out; what is older than a year is not known any more. Null for owners. Notices of milestones and warranties are bulletins too.
    async fn reach(&self, ctx: &Context<'_>) -> Option<Result<Vec<ChannelReach>>> {
        if ctx.ask().viewer.owner_id().is_some() {
            return None;
        }
        let reach = ctx.ask().load(ReachOf(self.0.id)).await;
        Some(reach.map(|channels| channels.unwrap_or_default().into_iter().map(ChannelReach::from).collect()))
    }
}

impl Bulletin {
    async fn receipts(&self, ctx: &Context<'_>, count: fn(store::bulletin::Receipts) -> i64) -> Option<Result<i64>> {
        if ctx.ask().viewer.owner_id().is_some() {
            return None;
        }
        Some(ctx.ask().load(ReceiptsOf(self.0.id)).await.map(|receipts| receipts.map_or(0, count)))
    }
}

/// A bulletin in the hands of one customer.
pub struct BulletinDelivery(pub bulletin_delivery::Model);

impl From<bulletin_delivery::Model> for BulletinDelivery {
    fn from(row: bulletin_delivery::Model) -> Self {
        Self(row)
    }
}

/// A bulletin in the hands of one customer: the read receipt.
#[Object]
impl BulletinDelivery {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::BulletinDelivery.id(self.0.id)
    }

    /// The customer.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Owner>> {
        ctx.ask().find(OwnerOf(self.0.owner_id), Owner).await
    }

    /// When it was delivered.
    async fn delivered_at(&self) -> DateTime<Utc> {
        self.0.delivered_at
    }

    /// When the customer read it; null before.
    async fn read_at(&self) -> Option<DateTime<Utc>> {
        self.0.read_at
    }

    /// The messages that told the customer of it beside the app, one for each channel.
    async fn messages(&self, ctx: &Context<'_>) -> Result<Vec<ChannelMessage>> {
        let arrivals = ctx.ask().load(ArrivalsOf(self.0.id)).await?.unwrap_or_default();
        Ok(arrivals.into_iter().map(ChannelMessage::from).collect())
    }
}

/// Narrows a list of bulletins. What is left out does not narrow it; several conditions must all hold.
#[derive(InputObject, Default)]
#[graphql(name = "BulletinFilter")]
pub struct BulletinFilterInput {
    /// Published in this project.
    project_id: Option<ID>,
    /// One of these kinds; at most 20.
    kinds: Option<Vec<BulletinKind>>,
    /// For owners. True: not read by you yet. False: read by you.
    unread: Option<bool>,
}

/// The most values in one list of a filter.
const MOST_VALUES: usize = 20;

impl BulletinFilterInput {
    fn read(self) -> Result<BulletinFilter> {
        let kinds = self.kinds.unwrap_or_default();
        if kinds.len() > MOST_VALUES {
            let message = Message::AtMostValues { most: MOST_VALUES.into() };
            return Err(Error::fault(FaultCode::OutOfRange, "filter.kinds", message));
        }
        Ok(BulletinFilter {
            project_id: Kind::Project.read_optional("filter.projectId", self.project_id.as_ref())?,
            kinds: kinds.into_iter().map(Into::into).collect(),
            unread: self.unread,
        })
    }
}

/// Publishes a bulletin to the owners of a project, a building or a home.
#[derive(InputObject)]
pub struct PublishBulletinInput {
    /// The project.
    project_id: ID,
    /// Only to the owners of this building of the project.
    building_id: Option<ID>,
    /// Only to the owners of this home of the project.
    unit_id: Option<ID>,
    /// What it is about; MILESTONE and WARRANTY come by themselves and can't be written by hand.
    kind: BulletinKind,
    /// The headline: one line of at most 120 characters.
    title: String,
    /// The text: at most 4000 characters.
    body: String,
    /// Whether people or property are in danger: connected apps show it at once. Always so for the kind EMERGENCY.
    #[graphql(default)]
    is_emergency: bool,
    /// A key of your own, such as a random UUID, so that a repeated call does nothing twice.
    idempotency_key: Option<String>,
}

/// Notes that you have read a bulletin.
#[derive(InputObject)]
pub struct MarkBulletinReadInput {
    /// The bulletin.
    bulletin_id: ID,
}

payloads! {
    /// The bulletin that was published.
    PublishBulletinPayload {
        /// The bulletin; null when the call was refused.
        bulletin: Bulletin
    }
    /// The bulletin that was read.
    MarkBulletinReadPayload {
        /// The bulletin; null when the call was refused.
        bulletin: Bulletin
    }
}

/// Reading bulletins.
#[derive(Default)]
pub struct BulletinQueries;

#[Object]
impl BulletinQueries {
    /// The bulletins that you may see, the newest first: an owner's own, those of a member of staff's projects.
    async fn bulletins(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Narrows the list.")] filter: Option<BulletinFilterInput>,
    ) -> Result<Counted<Bulletin>> {
        let list = store::bulletin::list(&ctx.ask().viewer, &filter.unwrap_or_default().read()?);
        listed(ctx, list, page(first, after, last, before)?).await
    }

    /// Whom a bulletin was delivered to, as far as you may see them, and when each read it.
    #[allow(clippy::too_many_arguments)]
    async fn bulletin_deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The bulletin.")] bulletin_id: ID,
        #[graphql(desc = "True: only those who have read it. False: only those who have not.")] is_read: Option<bool>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<BulletinDelivery>> {
        let bulletin_id = Kind::Bulletin.read("bulletinId", &bulletin_id)?;
        let list = store::bulletin::deliveries(&ctx.ask().viewer, bulletin_id, is_read);
        listed(ctx, list, page(first, after, last, before)?).await
    }
}

/// Publishing and reading.
#[derive(Default)]
pub struct BulletinMutations;

#[Object]
impl BulletinMutations {
    /// Publishes a bulletin to everyone who owns a home in the project, building or home. Apps that are connected show it at once.
    async fn publish_bulletin(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: PublishBulletinInput,
    ) -> Result<PublishBulletinPayload> {
        let request = ctx.ask();
        let outcome = async {
            let new = NewBulletin {
                project_id: Kind::Project.read("projectId", &input.project_id)?,
                building_id: Kind::Building.read_optional("buildingId", input.building_id.as_ref())?,
                unit_id: Kind::Unit.read_optional("unitId", input.unit_id.as_ref())?,
                kind: input.kind.into(),
                title: input.title,
                body: input.body,
                is_emergency: input.is_emergency,
            };
            service::publish(&request.services, &request.viewer, new, input.idempotency_key.as_deref()).await
        };
        PublishBulletinPayload::of(outcome.await)
    }

    /// Notes that you have read a bulletin. The first time counts; repeating it changes nothing.
    async fn mark_bulletin_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: MarkBulletinReadInput,
    ) -> Result<MarkBulletinReadPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Bulletin.read("bulletinId", &input.bulletin_id)?;
            service::mark_read(&request.services, &request.viewer, id).await
        };
        MarkBulletinReadPayload::of(outcome.await)
    }
}
