//! Answers without the executor: a query whose every field is a column, or hangs on a row by a known link, is one
//! statement (`store::direct`), whose JSON arrays are written out under the names that the client asked for. An executor
//! that makes a future and a map entry for each field, and a statement for each level, costs several times as much.
//!
//! The rooms: `shapes` says what the objects consist of; `reader` reads a document once, as the `plan` that is kept with
//! it, a tree of wishes; `ask` turns the wishes of one request into the cells of a statement; `templates` keeps the
//! statements that come again; `spell` writes the answer. Who sees what is said by the policy's scopes alone. Whatever is
//! not known here, or is asked for in a wrong way, is left to the resolvers, which answer the same.

mod ask;
mod cell;
mod plan;
mod reader;
mod shapes;
mod spell;
mod templates;

use std::sync::Arc;

use async_graphql::{ContextSelectionSet, Name, PathSegment, Pos, Response, ServerError, Value, Variables};
use async_graphql_value::RAW_VALUE_TOKEN;
use uuid::Uuid;

use super::{context::RequestContext, document::Checked};
use crate::{auth::viewer::Viewer, error::Error, language::Language, service::Services};

pub use plan::Plans;
pub use templates::Templates;

use ask::Request;
use plan::Plan;

/// The answer to a query; none where the resolvers must give it.
pub async fn answer(
    templates: &Templates,
    (services, viewer, language): (&Services, &Viewer, Language),
    checked: &Checked,
    variables: &Variables,
) -> Option<Response> {
    let plan = checked.plans.of_query(checked)?;
    let asked = Request::of((services, viewer), plan, variables, viewer.staff_id())?;
    let read = templates.read((services, viewer), plan, asked, services.now()).await;
    match read.and_then(|(arguments, text)| spell::answer(plan, (&arguments, language), &text)) {
        Ok(text) => Some(Response::new(raw(text))),
        // The resolvers would only wait once more.
        Err(Error::Busy) => Some(failed(plan, Error::Busy)),
        Err(error) => {
            tracing::error!(?error, "a query could not be answered directly");
            None
        }
    }
}

/// What a change needs to be answered directly.
#[derive(Clone)]
pub struct Shortcut {
    pub templates: Arc<Templates>,
    pub checked: Arc<Checked>,
}

/// What a change is to answer of its ticket; none where the resolvers must give it, also for a ticket that the change took
/// out of the viewer's sight.
pub async fn ticket(ctx: &ContextSelectionSet<'_>, id: Uuid) -> Option<Value> {
    let context = ctx.data_unchecked::<RequestContext>();
    let Shortcut { templates, checked } = context.shortcut.as_ref()?;
    let query = ctx.query_env;
    let plan = checked.plans.of_ticket(ctx.item, &query.fragments, &query.operation.node)?;
    let (services, viewer) = (&context.services, &context.viewer);
    let asked = Request::of((services, viewer), &plan, &query.variables, Some(id))?;
    let read = templates.read((services, viewer), &plan, asked, context.now()).await;
    match read.and_then(|(arguments, text)| spell::one(&plan, (&arguments, context.language), &text)) {
        Ok(text) => text.map(raw),
        Err(error) => {
            tracing::warn!(?error, "a changed ticket could not be shown directly");
            None
        }
    }
}

/// Text that is JSON already.
fn raw(text: String) -> Value {
    Value::Object(std::iter::once((Name::new(RAW_VALUE_TOKEN), Value::String(text))).collect())
}

fn failed(plan: &Plan, error: Error) -> Response {
    let mut error: ServerError = async_graphql::Error::from(error).into_server_error(Pos::default());
    error.locations.clear();
    error.path = plan.roots.iter().take(1).map(|(key, _)| PathSegment::Field(key.clone())).collect();
    Response::from_errors(vec![error])
}

fn unexpected() -> Error {
    Error::internal("a statement answered something else than was asked for")
}
