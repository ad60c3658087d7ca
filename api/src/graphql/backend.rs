//! What the transports ask of GraphQL, and nothing more. The transports know no schema, no table and no clock of their own.

use std::future::Future;
use std::net::IpAddr;

use async_graphql::parser::types::OperationType;
use async_graphql::{Response, Variables};
use chrono::{DateTime, Utc};
use futures_util::Stream;
use serde_json::{Map, Value};

use super::error::Said;
pub use super::live::Pushed;
use crate::{
    error::Message,
    language::{Language, say},
};

/// One operation as a client sent it, decoded and not yet looked at, and from where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GraphqlRequest {
    pub query: String,
    pub operation_name: Option<String>,
    pub variables: Variables,
    pub extensions: Map<String, Value>,
    /// The client's own address, as far as it is known.
    pub address: Option<IpAddr>,
    /// In which language whoever asks is written to, where that is known.
    pub language: Option<Language>,
    /// Whether the viewer was authenticated for this very request, and not when a socket was opened.
    pub is_viewer_fresh: bool,
}

/// Why a request is answered by nothing but an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    pub code: &'static str,
    pub said: Said,
}

impl Denied {
    pub fn new(code: &'static str, said: impl Into<Said>) -> Self {
        Self { code, said: said.into() }
    }

    /// What it says, for those who are written to in English only.
    pub fn in_english(&self) -> String {
        match &self.said {
            Said::ToPeople(message) => say(message, Language::En),
            Said::ToDevelopers(text) => text.clone(),
        }
    }

    pub(crate) fn unauthenticated(message: Message) -> Self {
        Self::new("UNAUTHENTICATED", message)
    }
}

/// GraphQL behind any transport: one step for each thing a transport must be able to tell apart.
pub trait Backend: Clone + Send + Sync + 'static {
    /// Who asks.
    type Viewer: Clone + Send + Sync + 'static;
    /// An operation that was checked, validated and allowed, and has not run.
    type Prepared: Send + 'static;

    /// `None` stands for no credentials at all. A bad token is refused, never taken for none.
    fn authenticate(&self, bearer: Option<&str>) -> impl Future<Output = Result<Self::Viewer, Denied>> + Send;

    /// The language that the viewer has chosen; none when they chose none.
    fn language(&self, viewer: &Self::Viewer) -> Option<Language>;

    /// From this instant on the viewer's token counts for nothing.
    fn expires_at(&self, viewer: &Self::Viewer) -> Option<DateTime<Utc>>;

    /// An error here is a request error: nothing has run, and the answer has no `data`.
    #[allow(clippy::result_large_err)]
    fn prepare(&self, viewer: &Self::Viewer, request: GraphqlRequest) -> Result<Self::Prepared, Response>;

    fn operation_type(&self, prepared: &Self::Prepared) -> OperationType;

    /// Runs a query or a mutation.
    fn execute(
        &self,
        viewer: &Self::Viewer,
        prepared: Self::Prepared,
        request_id: &str,
    ) -> impl Future<Output = Response> + Send;

    /// Runs a subscription. Dropping the stream ends it.
    fn subscribe(&self, viewer: &Self::Viewer, prepared: Self::Prepared)
    -> impl Stream<Item = Pushed> + Send + 'static;

    /// Resolves when the viewer's session is ended before its token is: sign-out, or the account was disabled.
    fn ended(&self, viewer: &Self::Viewer) -> impl Future<Output = ()> + Send;

    fn now(&self) -> DateTime<Utc>;
}
