//! Look-up by global id. What the viewer may not see is null, like what never was.

use async_graphql::{Context, ID, Interface, Object, Union};
use entity::{
    audit_entry, bulletin_delivery, contract, device, improvement_task, interaction, notification,
    notification_delivery, survey_campaign, survey_invitation, survey_question, survey_template, ticket_event,
    warranty_item, webhook_delivery, webhook_endpoint,
};
use uuid::Uuid;

use super::{
    absence::Absence,
    activity::{Activity, ActivityRegistration},
    activity_opinion::ActivityOpinion,
    appointment::SalesAppointment,
    area::{AreaDuty, AreaTransfer},
    article::Article,
    audit::AuditEntry,
    bulletin::{Bulletin, BulletinDelivery},
    calendar_feed::CalendarFeed,
    complaint::ComplaintAnalysis,
    context::{Ask, RequestContext},
    contract::ContractClause,
    contractor::Contractor,
    customer_file::OwnerDocument,
    disclosure::{Disclosure, ShowHomeDeviation},
    duty::DutyShift,
    handover::{Handover, HandoverSlot},
    household::Interaction,
    id::{Kind, decode},
    incident::Incident,
    inspection::{Inspection, InspectionFinding, InspectionPlan, InspectionPoint},
    journey::Touchpoint,
    lecture::{Lecture, Partner},
    loaders::{ActivityOf, InspectionOf, OwnerOf, PartnerOf, PlaceOf, PlanOf, PointOf, ProjectOf, StaffOf, TicketOf},
    milestone::Milestone,
    notification::Notification,
    notification_setting::NotificationDelivery,
    owner::Owner,
    prospect::Prospect,
    publication::Publication,
    rectification::RectificationBatch,
    session::Device,
    staff::Staff,
    survey::{ImprovementTask, Survey, SurveyInvitation, SurveyQuestion, SurveyTemplate},
    ticket::{Attachment, Ticket},
    ticket_event::TicketEvent,
    training::Training,
    unit::{Building, Contract, Project, Unit, WarrantyItem},
    webhook::{WebhookDelivery, WebhookEndpoint},
};
use crate::{
    auth::{policy::may_see_activities, viewer::Principal},
    error::{Error, FaultCode, Message, Result},
    store,
};

/// Declares what has a global id: the kinds that are loaded in batches, with their loaders; rows of a table; and what
/// the store finds in its own way. Each kind is named like its object.
macro_rules! nodes {
    (
        batches { $($batch:ident: $loader:ident),+ $(,)? }
        rows { $($row:ident: $table:ident),+ $(,)? }
        finders { $($found:ident: $find:path),+ $(,)? }
    ) => {
        /// Anything with a global id.
        #[derive(Interface)]
        #[graphql(field(name = "id", ty = "ID", desc = "Global id."))]
        #[allow(clippy::large_enum_variant)]
        pub enum Node {
            $($batch($batch),)+
            $($row($row),)+
            $($found($found),)+
        }

        async fn look_up(request: &RequestContext, kind: Kind, id: Uuid) -> Result<Option<Node>> {
            let (conn, viewer) = (request.services.db.reader(), &request.viewer);
            Ok(match kind {
                $(Kind::$batch => request.load($loader(id)).await?.map(|row| Node::$batch(row.into())),)+
                $(Kind::$row => {
                    let row = store::by_id::<$table::Entity>(conn, viewer, $table::Column::Id, id).await?;
                    row.map(|row| Node::$row(row.into()))
                })+
                $(Kind::$found => $find(conn, viewer, id).await?.map(|row| Node::$found(row.into())),)+
            })
        }
    };
}

nodes! {
    batches {
        Ticket: TicketOf,
        Unit: PlaceOf,
        Project: ProjectOf,
        Owner: OwnerOf,
        Staff: StaffOf,
        Partner: PartnerOf,
        Activity: ActivityOf,
        InspectionPlan: PlanOf,
        InspectionPoint: PointOf,
        Inspection: InspectionOf,
    }
    rows {
        TicketEvent: ticket_event,
        Contract: contract,
        WarrantyItem: warranty_item,
        Device: device,
        Interaction: interaction,
        BulletinDelivery: bulletin_delivery,
        Notification: notification,
        NotificationDelivery: notification_delivery,
        WebhookEndpoint: webhook_endpoint,
        WebhookDelivery: webhook_delivery,
        AuditEntry: audit_entry,
        SurveyInvitation: survey_invitation,
        Survey: survey_campaign,
        SurveyQuestion: survey_question,
        SurveyTemplate: survey_template,
        ImprovementTask: improvement_task,
    }
    finders {
        Attachment: store::attachment::by_id,
        Building: store::company::building,
        Lecture: store::lecture::by_id,
        Bulletin: store::bulletin::by_id,
        Milestone: store::milestone::by_id,
        Contractor: store::contractor::by_id,
        RectificationBatch: store::rectification::by_id,
        Handover: store::handover::by_id,
        HandoverSlot: store::handover::slot,
        OwnerDocument: store::customer_file::by_id,
        ActivityRegistration: store::registration::by_id,
        ActivityOpinion: store::opinion::by_id,
        CalendarFeed: store::calendar_feed::by_id,
        Article: store::article::by_id,
        Touchpoint: store::journey::touchpoint,
        Publication: store::publication::by_id,
        Disclosure: store::disclosure::by_id,
        ShowHomeDeviation: store::disclosure::deviation,
        Prospect: store::prospect::by_id,
        ContractClause: store::contract::clause,
        SalesAppointment: store::appointment::by_id,
        ComplaintAnalysis: store::complaint::by_id,
        InspectionFinding: store::inspection::finding,
        Incident: store::incident::by_id,
        Training: store::training::by_id,
        AreaDuty: store::area::duty,
        AreaTransfer: store::area::transfer,
        DutyShift: store::duty::by_id,
        Absence: store::absence::by_id,
    }
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
            return Err(Error::fault(FaultCode::OutOfRange, "ids", Message::AtMostIds { most: MOST_IDS.into() }));
        }
        let found = ids.iter().map(|id| find(ctx.ask(), id));
        futures_util::future::try_join_all(found).await
    }
}

async fn find(request: &RequestContext, id: &ID) -> Result<Option<Node>> {
    match decode(id) {
        // A partner knows lectures by their own kind, and no other activity.
        Some((Kind::Activity, _)) if !may_see_activities(&request.viewer) => Ok(None),
        Some((kind, id)) => look_up(request, kind, id).await,
        None => Ok(None),
    }
}
