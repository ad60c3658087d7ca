//! The schema: which nouns make up its three roots.

use async_graphql::{MergedObject, SDLExportOptions, Schema, SchemaBuilder};
use chrono::{DateTime, Utc};

use super::{
    complaint::{ComplaintMutations, ComplaintQueries},
    connection::{Counted, Plain},
    household::HouseholdMutations,
    incident::{Incident, IncidentMutations, IncidentQueries},
    inspection::{Inspection, InspectionPlan, InspectionQueries},
    inspection_input::InspectionMutations,
    lecture::{Lecture, LectureQueries},
    node::NodeQueries,
    session::SessionMutations,
    staff::Staff,
    subscription::Subscriptions,
    ticket::Ticket,
    ticket_event::TicketEvent,
    ticket_mutation::TicketMutations,
    ticket_query::TicketQueries,
    training::{Training, TrainingQueries},
    unit::Unit,
};

/// Reading. Everything is narrowed to what you may see.
#[derive(MergedObject, Default)]
pub struct Query(
    NodeQueries,
    TicketQueries,
    LectureQueries,
    ComplaintQueries,
    InspectionQueries,
    IncidentQueries,
    TrainingQueries,
);

/// Changing. Each takes one `input` and answers the object and `userErrors`.
#[derive(MergedObject, Default)]
pub struct Mutation(
    SessionMutations,
    TicketMutations,
    HouseholdMutations,
    ComplaintMutations,
    InspectionMutations,
    IncidentMutations,
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
        .override_output_type_description::<Counted<Lecture>>("A page of lectures.")
        .override_output_type_description::<Counted<Ticket>>("A page of tickets.")
        .override_output_type_description::<Counted<Unit>>("A page of homes.")
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
