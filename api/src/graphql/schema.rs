//! The schema: which nouns make up its three roots.

use async_graphql::{MergedObject, SDLExportOptions, Schema, SchemaBuilder};
use chrono::{DateTime, Utc};

use super::{
    absence::{Absence, AbsenceMutations, AbsenceQueries},
    activity::{Activity, ActivityInvitation, ActivityRegistration},
    activity_mutation::ActivityMutations,
    activity_opinion::{ActivityOpinion, OpinionMutations, OpinionQueries},
    activity_query::ActivityQueries,
    appointment::{AppointmentMutations, AppointmentQueries, SalesAppointment},
    area::{AreaDuty, AreaMutations, AreaQueries, AreaTransfer},
    article::{Article, ArticleMutations, ArticleQueries},
    audit::{AuditEntry, AuditQueries},
    bulletin::{Bulletin, BulletinDelivery, BulletinMutations, BulletinQueries},
    calendar_feed::{CalendarFeed, CalendarFeedMutations, CalendarFeedQueries},
    complaint::{ComplaintMutations, ComplaintQueries},
    connection::{Counted, Plain},
    contract::{ContractMutations, ContractQueries},
    contractor::{Contractor, ContractorMutations, ContractorQueries},
    customer_file::{CustomerFileMutations, CustomerFileQueries},
    disclosure::DisclosureMutations,
    display_name::DisplayNameQueries,
    duty::{DutyMutations, DutyQueries, DutyShift},
    figure::FigureItem,
    figure_query::FigureQueries,
    follow_up::FollowUpQueries,
    handover::{Handover, HandoverQueries, HandoverSlot},
    handover_mutation::HandoverMutations,
    household::{HouseholdMutations, Interaction},
    incident::{Incident, IncidentMutations, IncidentQueries},
    inspection::{Inspection, InspectionPlan, InspectionQueries},
    inspection_input::InspectionMutations,
    journey::{JourneyMutations, JourneyQueries, Touchpoint},
    lecture::{Lecture, LectureQueries, Partner},
    milestone::MilestoneMutations,
    node::NodeQueries,
    notification::{Notification, NotificationMutations, NotificationQueries},
    notification_setting::{NotificationDelivery, NotificationSettingMutations, NotificationSettingQueries},
    owner::Owner,
    partner::PartnerMutations,
    policy::{PolicyMutations, PolicyQueries},
    privacy::PrivacyMutations,
    project::{ProjectMutations, ProjectQueries},
    prospect::{Prospect, ProspectMutations, ProspectQueries},
    publication::{Publication, PublicationMutations, PublicationQueries},
    rectification::{RectificationBatch, RectificationMutations, RectificationQueries},
    registration_mutation::RegistrationMutations,
    session::SessionMutations,
    staff::Staff,
    staff_mutation::StaffMutations,
    staff_query::StaffQueries,
    stage::{StageChange, StageMutations},
    subscription::Subscriptions,
    survey::{ImprovementTask, Survey, SurveyInvitation, SurveyMutations, SurveyQueries, SurveyTemplate},
    ticket::Ticket,
    ticket_event::TicketEvent,
    ticket_mutation::TicketMutations,
    ticket_query::TicketQueries,
    ticket_queue::TicketQueueMutations,
    training::{Training, TrainingQueries},
    unit::{Contract, Project, Unit, WarrantyItem},
    warranty::{WarrantyMutations, WarrantyQueries},
    webhook::{WebhookDelivery, WebhookEndpoint, WebhookQueries},
    webhook_mutation::WebhookMutations,
};

// Merging is nested: a chain of all nouns would stand on the stack as deep as it is long.

/// People, their papers and their ways in: reading.
#[derive(MergedObject, Default)]
pub struct PeopleQueries(
    NodeQueries,
    NotificationQueries,
    NotificationSettingQueries,
    DisplayNameQueries,
    CustomerFileQueries,
    JourneyQueries,
);

/// Before and at the signing: reading.
#[derive(MergedObject, Default)]
pub struct SalesQueries(PublicationQueries, ProspectQueries, ContractQueries, AppointmentQueries);

/// The home and what its owners are told: reading.
#[derive(MergedObject, Default)]
pub struct HomeQueries(BulletinQueries, HandoverQueries, ContractorQueries, RectificationQueries, WarrantyQueries);

/// What customers take part in and are asked: reading.
#[derive(MergedObject, Default)]
pub struct TogetherQueries(
    LectureQueries,
    ActivityQueries,
    OpinionQueries,
    CalendarFeedQueries,
    ArticleQueries,
    SurveyQueries,
);

/// Tickets and the work of every day: reading.
#[derive(MergedObject, Default)]
pub struct ServiceQueries(
    TicketQueries,
    FollowUpQueries,
    ComplaintQueries,
    InspectionQueries,
    IncidentQueries,
    AreaQueries,
    AbsenceQueries,
    DutyQueries,
);

/// What is measured and kept: reading.
#[derive(MergedObject, Default)]
pub struct MeasureQueries(TrainingQueries, FigureQueries, AuditQueries, WebhookQueries, PolicyQueries);

/// The company itself: reading.
#[derive(MergedObject, Default)]
pub struct CompanyQueries(ProjectQueries, StaffQueries);

/// Reading. Everything is narrowed to what you may see.
#[derive(MergedObject, Default)]
pub struct Query(
    PeopleQueries,
    SalesQueries,
    HomeQueries,
    TogetherQueries,
    ServiceQueries,
    MeasureQueries,
    CompanyQueries,
);

/// People, their papers and their ways in: changing.
#[derive(MergedObject, Default)]
pub struct PeopleMutations(
    SessionMutations,
    NotificationMutations,
    NotificationSettingMutations,
    HouseholdMutations,
    CustomerFileMutations,
    PrivacyMutations,
    StageMutations,
    JourneyMutations,
    WebhookMutations,
);

/// Before and at the signing: changing.
#[derive(MergedObject, Default)]
pub struct SalesMutations(
    PublicationMutations,
    DisclosureMutations,
    ProspectMutations,
    ContractMutations,
    AppointmentMutations,
);

/// The home and what its owners are told: changing.
#[derive(MergedObject, Default)]
pub struct HomeMutations(
    BulletinMutations,
    MilestoneMutations,
    HandoverMutations,
    ContractorMutations,
    RectificationMutations,
    WarrantyMutations,
);

/// What customers take part in and are asked: changing.
#[derive(MergedObject, Default)]
pub struct TogetherMutations(
    ActivityMutations,
    RegistrationMutations,
    OpinionMutations,
    CalendarFeedMutations,
    ArticleMutations,
    SurveyMutations,
);

/// Tickets and the work of every day: changing.
#[derive(MergedObject, Default)]
pub struct ServiceMutations(
    TicketMutations,
    TicketQueueMutations,
    PolicyMutations,
    ComplaintMutations,
    InspectionMutations,
    IncidentMutations,
    AreaMutations,
    AbsenceMutations,
    DutyMutations,
);

/// The company itself: changing.
#[derive(MergedObject, Default)]
pub struct CompanyMutations(ProjectMutations, PartnerMutations, StaffMutations);

/// Changing. Each takes one `input` and answers the object and `userErrors`.
#[derive(MergedObject, Default)]
pub struct Mutation(
    PeopleMutations,
    SalesMutations,
    HomeMutations,
    TogetherMutations,
    ServiceMutations,
    CompanyMutations,
);

/// The schema of the API.
pub type AnjuSchema = Schema<Query, Mutation, Subscriptions>;

/// How the schema is built.
#[derive(Clone, Copy, Debug, Default)]
pub struct SchemaOptions {
    /// No introspection and no suggestions.
    pub production: bool,
}

/// The schema, to be finished by whoever uses it. Limits are not set here: documents are checked before they run.
pub fn builder(options: SchemaOptions) -> SchemaBuilder<Query, Mutation, Subscriptions> {
    let builder = described(Schema::build(Query::default(), Mutation::default(), Subscriptions));
    if options.production { builder.disable_introspection().disable_suggestions() } else { builder }
}

/// Describes what the library makes: its types come without a word, or with one for Rust programmers.
fn described(builder: SchemaBuilder<Query, Mutation, Subscriptions>) -> SchemaBuilder<Query, Mutation, Subscriptions> {
    builder
        .override_output_type_description::<DateTime<Utc>>(
            "An instant, as in RFC 3339 with a zone: `2026-11-23T09:30:00+08:00`. Answers are in UTC, with microseconds at most.",
        )
        .override_output_type_description::<Counted<Absence>>("A page of absences.")
        .override_output_type_description::<Counted<AreaDuty>>("A page of duties for buildings.")
        .override_output_type_description::<Counted<AreaTransfer>>("A page of transfers of areas.")
        .override_output_type_description::<Counted<DutyShift>>("A page of the roster.")
        .override_output_type_description::<Counted<Bulletin>>("A page of bulletins.")
        .override_output_type_description::<Counted<Notification>>("A page of notifications.")
        .override_output_type_description::<Counted<NotificationDelivery>>("A page of messages that were given up.")
        .override_output_type_description::<Counted<WebhookEndpoint>>("A page of operators' endpoints.")
        .override_output_type_description::<Counted<WebhookDelivery>>("A page of what an endpoint was sent.")
        .override_output_type_description::<Counted<BulletinDelivery>>("A page of read receipts.")
        .override_output_type_description::<Counted<Contractor>>("A page of contractors.")
        .override_output_type_description::<Counted<RectificationBatch>>("A page of rectification batches.")
        .override_output_type_description::<Counted<WarrantyItem>>("A page of the ledger of warranties.")
        .override_output_type_description::<Counted<AuditEntry>>("A page of the audit log.")
        .override_output_type_description::<Counted<Handover>>("A page of handovers.")
        .override_output_type_description::<Counted<HandoverSlot>>("A page of times for handovers.")
        .override_output_type_description::<Counted<Owner>>("A page of owners.")
        .override_output_type_description::<Counted<Activity>>("A page of activities.")
        .override_output_type_description::<Counted<ActivityRegistration>>("A page of registrations.")
        .override_output_type_description::<Counted<ActivityInvitation>>("A page of invitations.")
        .override_output_type_description::<Counted<ActivityOpinion>>("A page of what visitors said.")
        .override_output_type_description::<Counted<CalendarFeed>>("A page of calendar links.")
        .override_output_type_description::<Counted<Article>>("A page of standard answers.")
        .override_output_type_description::<Counted<Partner>>("A page of partners.")
        .override_output_type_description::<Counted<Project>>("A page of projects.")
        .override_output_type_description::<Counted<Lecture>>("A page of lectures.")
        .override_output_type_description::<Counted<Ticket>>("A page of tickets.")
        .override_output_type_description::<Counted<Unit>>("A page of homes.")
        .override_output_type_description::<Counted<SurveyInvitation>>("A page of survey invitations.")
        .override_output_type_description::<Counted<Survey>>("A page of surveys.")
        .override_output_type_description::<Counted<SurveyTemplate>>("A page of questionnaires.")
        .override_output_type_description::<Counted<ImprovementTask>>("A page of improvement tasks.")
        .override_output_type_description::<Counted<FigureItem>>("A page of what a figure is counted from.")
        .override_output_type_description::<Counted<Touchpoint>>("A page of touchpoints.")
        .override_output_type_description::<Counted<SalesAppointment>>("A page of visits.")
        .override_output_type_description::<Counted<Contract>>("A page of contracts.")
        .override_output_type_description::<Counted<Interaction>>("A page of contacts with customers.")
        .override_output_type_description::<Counted<Prospect>>("A page of potential customers.")
        .override_output_type_description::<Counted<Publication>>("A page of publications.")
        .override_output_type_description::<Counted<StageChange>>("A page of steps from stage to stage.")
        .override_output_type_description::<Counted<InspectionPlan>>("A page of plans of rounds.")
        .override_output_type_description::<Counted<Inspection>>("A page of rounds.")
        .override_output_type_description::<Counted<Incident>>("A page of incidents.")
        .override_output_type_description::<Counted<Training>>("A page of trainings.")
        .override_output_type_description::<Counted<Staff>>("A page of members of staff.")
        .override_output_type_description::<Plain<TicketEvent>>("A page of what happened to tickets.")
}

/// The schema definition in SDL, as in `schema.graphql`.
pub fn sdl() -> String {
    let schema = builder(SchemaOptions::default()).finish();
    let mut text = schema.sdl_with_options(SDLExportOptions::new().include_specified_by());
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}
