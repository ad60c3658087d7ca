//! The schema: which nouns make up its three roots.

use async_graphql::{MergedObject, Schema, SchemaBuilder};

use super::{
    connection::{Counted, Plain},
    household::HouseholdMutations,
    lecture::{Lecture, LectureQueries},
    node::NodeQueries,
    session::SessionMutations,
    subscription::Subscriptions,
    ticket::Ticket,
    ticket_event::TicketEvent,
    ticket_mutation::TicketMutations,
    ticket_query::TicketQueries,
    unit::Unit,
};

/// Reading. Everything is narrowed to what you may see.
#[derive(MergedObject, Default)]
pub struct Query(NodeQueries, TicketQueries, LectureQueries);

/// Changing. Each takes one `input` and answers the object and `userErrors`.
#[derive(MergedObject, Default)]
pub struct Mutation(SessionMutations, TicketMutations, HouseholdMutations);

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
    let builder = describe(Schema::build(Query::default(), Mutation::default(), Subscriptions));
    if options.production { builder.disable_introspection().disable_suggestions() } else { builder }
}

/// The library describes edges and pages, and leaves the lists themselves to us.
fn describe(builder: SchemaBuilder<Query, Mutation, Subscriptions>) -> SchemaBuilder<Query, Mutation, Subscriptions> {
    builder
        .override_output_type_description::<Counted<Ticket>>("A page of tickets, in the order that was asked for.")
        .override_output_type_description::<Counted<Unit>>("A page of homes, in the order in which they were entered.")
        .override_output_type_description::<Counted<Lecture>>("A page of the lecture schedule, the earliest first.")
        .override_output_type_description::<Plain<TicketEvent>>("A page of what happened, the oldest first.")
}

/// The schema definition in SDL, as in `schema.graphql`.
pub fn sdl() -> String {
    let mut text = builder(SchemaOptions::default()).finish().sdl();
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}
