//! What an operation asks for, once read: a tree of wishes in the order of the answer. It is the same for whoever sends
//! the document, and knows no variable yet.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use async_graphql::{
    Name, Positioned, Value,
    parser::types::{Field as Selected, FragmentDefinition, OperationDefinition, SelectionSet},
};

use super::{
    super::{document::Checked, id::Kind},
    reader,
    shapes::Spelling,
};
use crate::{
    auth::viewer::Viewer,
    store::direct::{Field, Link, RowOf},
};

/// The plans of a document, each made when it is first asked for.
#[derive(Debug, Default)]
pub struct Plans {
    query: OnceLock<Option<Plan>>,
    /// What its changes are to answer of their tickets, by where that stands in the document.
    tickets: Mutex<HashMap<Place, Option<Arc<Plan>>>>,
}

/// The line and the column.
type Place = (usize, usize);

impl Plans {
    pub fn of_query(&self, checked: &Checked) -> Option<&Plan> {
        self.query.get_or_init(|| reader::query(checked)).as_ref()
    }

    pub fn of_ticket(
        &self,
        selected: &Positioned<SelectionSet>,
        fragments: &HashMap<Name, Positioned<FragmentDefinition>>,
        operation: &OperationDefinition,
    ) -> Option<Arc<Plan>> {
        let mut tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        let place = (selected.pos.line, selected.pos.column);
        let plan = || reader::ticket(&selected.node, fragments, operation).map(Arc::new);
        tickets.entry(place).or_insert_with(plan).clone()
    }
}

/// A query that can be answered directly, as far as the viewer is one for whom it can.
#[derive(Debug)]
pub struct Plan {
    pub roots: Vec<(String, Root)>,
    /// The values of variables that are not given.
    pub defaults: HashMap<Name, Value>,
    /// The connections in it, by their numbers.
    pub lists: Vec<Listing>,
    /// By which its statements are found again.
    pub number: u64,
    /// Whom it can be answered for directly.
    pub conditions: Vec<fn(&Viewer) -> bool>,
}

/// A connection with its arguments.
#[derive(Debug)]
pub struct Listing {
    pub arguments: Selected,
    pub of: ListingOf,
}

/// What a connection is a page of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListingOf {
    Tickets,
    /// The homes that the viewer answers for.
    Households,
    Log,
}

/// A root field.
#[derive(Debug)]
pub enum Root {
    Tickets(Connection),
    /// What an id leads to, by its kind.
    Node(Selected, Vec<(Kind, RowOf, Object)>),
    /// A row that the request is about: the member of staff who asks, or what was changed.
    Row(RowOf, Object),
}

/// What is asked for of an object.
#[derive(Debug)]
pub struct Object {
    pub name: &'static str,
    pub wishes: Vec<(String, Wish)>,
}

/// What a field asks for.
#[derive(Debug)]
pub enum Wish {
    TypeName,
    Leaf(Field, Spelling),
    IsPast(Field),
    Here(Object),
    /// Where the column holds something.
    HereIf(Field, Object),
    One(Link, Object),
    Either([(Link, Object); 2]),
    Many(Link, Object),
    Page(Link, Field, Connection),
    Last(Link, Field, Object),
    Count(Link),
    Households(Connection),
}

/// What is asked for of a connection. Of each row there is an array for every one of `objects`.
#[derive(Debug)]
pub struct Connection {
    /// Which of the plan's connections it is.
    pub number: usize,
    pub of: &'static str,
    pub parts: Vec<(String, ConnectionPart)>,
    pub objects: Vec<Object>,
    pub is_counted: bool,
}

#[derive(Debug)]
pub enum ConnectionPart {
    TypeName,
    TotalCount,
    Nodes(usize),
    Edges(Vec<(String, EdgePart)>),
    PageInfo(Vec<(String, InfoPart)>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgePart {
    TypeName,
    Cursor,
    Node(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InfoPart {
    TypeName,
    HasNextPage,
    HasPreviousPage,
    StartCursor,
    EndCursor,
}

impl Plan {
    pub fn is_for(&self, viewer: &Viewer) -> bool {
        self.conditions.iter().all(|holds| holds(viewer))
    }
}

impl Connection {
    /// Whether it matters if there is more than the page shows.
    pub fn tells_of_more(&self) -> bool {
        self.parts.iter().any(|(_, part)| matches!(part, ConnectionPart::PageInfo(_)))
    }

    /// One more object for each row; its number.
    pub fn add(&mut self, object: Object) -> usize {
        self.objects.push(object);
        self.objects.len() - 1
    }
}
