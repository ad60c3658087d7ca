//! Look-up by global id. What the viewer may not see is null, like what never was.

use async_graphql::{Context, ID, Interface, Object, Union};
use entity::{audit_entry, bulletin_delivery, contract, device, interaction, ticket_event, warranty_item};
use uuid::Uuid;

use super::{
    absence::Absence,
    area::{AreaDuty, AreaTransfer},
    audit::AuditEntry,
    bulletin::{Bulletin, BulletinDelivery},
    context::{Ask, RequestContext},
    contractor::Contractor,
    customer_file::OwnerDocument,
    duty::DutyShift,
    handover::{Handover, HandoverSlot},
    household::Interaction,
    id::{Kind, decode},
    lecture::{Lecture, Partner},
    loaders::{OwnerOf, PartnerOf, PlaceOf, ProjectOf, StaffOf, TicketOf},
    milestone::Milestone,
    owner::Owner,
    rectification::RectificationBatch,
    session::Device,
    staff::Staff,
    ticket::{Attachment, Ticket},
    ticket_event::TicketEvent,
    unit::{Building, Contract, Project, Unit, WarrantyItem},
};
use crate::{
    auth::viewer::Principal,
    error::{Error, FaultCode, Result},
    store,
};

/// Anything with a global id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Global id."))]
#[allow(clippy::large_enum_variant)]
pub enum Node {
    Ticket(Ticket),
    TicketEvent(TicketEvent),
    Attachment(Attachment),
    Unit(Unit),
    Building(Building),
    Project(Project),
    Owner(Owner),
    Staff(Staff),
    Contract(Contract),
    WarrantyItem(WarrantyItem),
    Lecture(Lecture),
    Partner(Partner),
    Device(Device),
    Interaction(Interaction),
    Bulletin(Bulletin),
    BulletinDelivery(BulletinDelivery),
    Milestone(Milestone),
    Contractor(Contractor),
    RectificationBatch(RectificationBatch),
    Handover(Handover),
    HandoverSlot(HandoverSlot),
    OwnerDocument(OwnerDocument),
    AuditEntry(AuditEntry),
    AreaDuty(AreaDuty),
    AreaTransfer(AreaTransfer),
    DutyShift(DutyShift),
    Absence(Absence),
}

/// Who is signed in.
#[derive(Union)]
#[allow(clippy::large_enum_variant)]
pub enum Viewer {
    Owner(Owner),
    Staff(Staff),
}

/// The most ids in one call.
const MOST_IDS: usize = 100;

/// Look-up and the viewer.
#[derive(Default)]
pub struct NodeQueries;

#[Object]
impl NodeQueries {
    /// Who is signed in: an owner or a member of staff.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Result<Viewer>> {
        let request = ctx.ask();
        match request.viewer.principal {
            Principal::Owner(id) => request.find(OwnerOf(id), |row| Viewer::Owner(Owner(row))).await,
            Principal::Staff { id, .. } => request.find(StaffOf(id), |row| Viewer::Staff(Staff(row))).await,
            Principal::Partner(_) | Principal::Anonymous | Principal::System => None,
        }
    }

    /// The thing with this global id; null when there is none that you may see.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A global id that you were given before.")] id: ID,
    ) -> Option<Result<Node>> {
        find(ctx.ask(), &id).await.transpose()
    }

    /// The things with these global ids, in their order, with null in the place of each that you may not see.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most 100 global ids.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        if ids.len() > MOST_IDS {
            return Err(Error::fault(FaultCode::OutOfRange, "ids", format!("Ask for at most {MOST_IDS} at a time.")));
        }
        let found = ids.iter().map(|id| find(ctx.ask(), id));
        futures_util::future::try_join_all(found).await
    }
}

async fn find(request: &RequestContext, id: &ID) -> Result<Option<Node>> {
    let Some((kind, id)) = decode(id) else { return Ok(None) };
    Ok(match kind {
        Kind::Ticket => request.load(TicketOf(id)).await?.map(|row| Node::Ticket(Ticket(row))),
        Kind::Unit => request.load(PlaceOf(id)).await?.map(|place| Node::Unit(place.into())),
        Kind::Project => request.load(ProjectOf(id)).await?.map(|row| Node::Project(Project(row))),
        Kind::Owner => request.load(OwnerOf(id)).await?.map(|row| Node::Owner(Owner(row))),
        Kind::Staff => request.load(StaffOf(id)).await?.map(|row| Node::Staff(Staff(row))),
        Kind::Partner => request.load(PartnerOf(id)).await?.map(|row| Node::Partner(Partner(row))),
        Kind::Bulletin
        | Kind::BulletinDelivery
        | Kind::Milestone
        | Kind::Contractor
        | Kind::RectificationBatch
        | Kind::Handover
        | Kind::HandoverSlot
        | Kind::OwnerDocument
        | Kind::AuditEntry => find_bulletin(request, kind, id).await?,
        Kind::AreaDuty | Kind::AreaTransfer | Kind::DutyShift | Kind::Absence => find_work(request, kind, id).await?,
        Kind::TicketEvent
        | Kind::Attachment
        | Kind::Building
        | Kind::Contract
        | Kind::WarrantyItem
        | Kind::Lecture
        | Kind::Device
        | Kind::Interaction => find_single(request, kind, id).await?,
    })
}

/// The kinds that are rarely looked up by id, one statement each.
async fn find_single(request: &RequestContext, kind: Kind, id: Uuid) -> Result<Option<Node>> {
    let (conn, viewer) = (request.services.db.reader(), &request.viewer);
    Ok(match kind {
        Kind::TicketEvent => {
            let row = store::by_id::<ticket_event::Entity>(conn, viewer, ticket_event::Column::Id, id).await?;
            row.map(|row| Node::TicketEvent(TicketEvent(row)))
        }
        Kind::Attachment => store::attachment::by_id(conn, viewer, id).await?.map(|row| Node::Attachment(row.into())),
        Kind::Building => store::company::building(conn, viewer, id).await?.map(|row| Node::Building(row.into())),
        Kind::Contract => {
            let row = store::by_id::<contract::Entity>(conn, viewer, contract::Column::Id, id).await?;
            row.map(|row| Node::Contract(Contract(row)))
        }
        Kind::WarrantyItem => {
            let row = store::by_id::<warranty_item::Entity>(conn, viewer, warranty_item::Column::Id, id).await?;
            row.map(|row| Node::WarrantyItem(WarrantyItem(row)))
        }
        Kind::Lecture => store::lecture::by_id(conn, viewer, id).await?.map(|row| Node::Lecture(Lecture(row))),
        Kind::Device => {
            let row = store::by_id::<device::Entity>(conn, viewer, device::Column::Id, id).await?;
            row.map(|row| Node::Device(Device(row)))
        }
        Kind::Interaction => {
            let row = store::by_id::<interaction::Entity>(conn, viewer, interaction::Column::Id, id).await?;
            row.map(|row| Node::Interaction(Interaction(row)))
        }
        _ => None,
    })
}

/// Bulletins, milestones, and what contractors work on.
async fn find_bulletin(request: &RequestContext, kind: Kind, id: Uuid) -> Result<Option<Node>> {
    let (conn, viewer) = (request.services.db.reader(), &request.viewer);
    Ok(match kind {
        Kind::Bulletin => store::bulletin::by_id(conn, viewer, id).await?.map(|row| Node::Bulletin(row.into())),
        Kind::BulletinDelivery => {
            let key = bulletin_delivery::Column::Id;
            let row = store::by_id::<bulletin_delivery::Entity>(conn, viewer, key, id).await?;
            row.map(|row| Node::BulletinDelivery(row.into()))
        }
        Kind::Milestone => store::milestone::by_id(conn, viewer, id).await?.map(|row| Node::Milestone(row.into())),
        Kind::Contractor => store::contractor::by_id(conn, viewer, id).await?.map(|row| Node::Contractor(row.into())),
        Kind::RectificationBatch => {
            let row = store::rectification::by_id(conn, viewer, id).await?;
            row.map(|row| Node::RectificationBatch(row.into()))
        }
        Kind::Handover => store::handover::by_id(conn, viewer, id).await?.map(|row| Node::Handover(row.into())),
        Kind::HandoverSlot => store::handover::slot(conn, viewer, id).await?.map(|row| Node::HandoverSlot(row.into())),
        Kind::OwnerDocument => {
            store::customer_file::by_id(conn, viewer, id).await?.map(|row| Node::OwnerDocument(row.into()))
        }
        Kind::AuditEntry => {
            let row = store::by_id::<audit_entry::Entity>(conn, viewer, audit_entry::Column::Id, id).await?;
            row.map(|row| Node::AuditEntry(row.into()))
        }
        _ => None,
    })
}

/// How the property company divides its work.
async fn find_work(request: &RequestContext, kind: Kind, id: Uuid) -> Result<Option<Node>> {
    let (conn, viewer) = (request.services.db.reader(), &request.viewer);
    Ok(match kind {
        Kind::AreaDuty => store::area::duty(conn, viewer, id).await?.map(|row| Node::AreaDuty(row.into())),
        Kind::AreaTransfer => store::area::transfer(conn, viewer, id).await?.map(|row| Node::AreaTransfer(row.into())),
        Kind::DutyShift => store::duty::by_id(conn, viewer, id).await?.map(|row| Node::DutyShift(row.into())),
        Kind::Absence => store::absence::by_id(conn, viewer, id).await?.map(|row| Node::Absence(row.into())),
        _ => None,
    })
}
