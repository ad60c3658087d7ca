//! What one request asks the database for: the wishes of its plan with the values of its variables. Arguments that do not
//! fit are left to the resolvers, who say what is wrong with them.

use async_graphql::parser::types::Field as Selected;
use async_graphql::{ID, InputType, Name, Value, Variables};
use chrono::{DateTime, Utc};
use entity::{ticket, unit};
use uuid::Uuid;

use super::{
    super::{
        connection,
        enums::TicketOrder as Order,
        id::decode,
        staff::{households_of, searched},
        ticket_query::TicketFilterInput,
    },
    plan::{Connection, Listing, ListingOf, Object, Plan, Root, Wish},
    shapes::Spelling,
};
use crate::{
    auth::viewer::{Principal, Viewer},
    page::{Cursor, Page},
    service::Services,
    store::{
        direct::{Cell, Field, List, ListOf, Stretch, is_placeholder, placeholder},
        event::noted_by_house,
        ticket::{TicketFilter, TicketOrder},
        unit::UnitFilter,
    },
};

/// Who asks, as statements are written for: the viewer's kind with an id that stands for any.
pub fn stand_in(viewer: &Viewer) -> Viewer {
    let id = placeholder(VIEWER);
    Viewer::of(match viewer.principal {
        Principal::Owner(_) => Principal::Owner(id),
        Principal::Staff { role, department, .. } => Principal::Staff { id, role, department },
        Principal::Partner(_) => Principal::Partner(id),
        other @ (Principal::Anonymous | Principal::System) => other,
    })
}

/// The moment that statements are written for.
pub const THEN: DateTime<Utc> = DateTime::from_timestamp_nanos(-1_000);

/// The numbers of the placeholders: the viewer, the row that the request is about, and the ids of `node`.
const VIEWER: u8 = 0;
const SUBJECT: u8 = 1;
const NODES: u8 = 2;

/// A request, ready to be sent.
#[derive(Debug)]
pub struct Request {
    pub arguments: Arguments,
    /// What takes the place of the placeholders.
    pub ids: Vec<(Uuid, Uuid)>,
}

/// What makes one statement of a plan another than the next, beside who asks.
#[derive(Debug, PartialEq)]
pub struct Arguments {
    /// What each of the plan's connections shows.
    pub shown: Vec<Shown>,
    /// To which of its kinds each root field's id leads.
    pub kinds: Vec<Option<usize>>,
}

/// What a connection shows.
#[derive(Debug, PartialEq)]
pub struct Shown {
    pub page: Page,
    pub of: ShownOf,
}

/// What a connection shows a page of.
#[derive(Debug, PartialEq)]
pub enum ShownOf {
    Tickets(TicketFilter, TicketOrder),
    Units(UnitFilter),
    Log,
}

/// How a row's place is said, in the first values of its array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Id,
    /// The deadline, and the id after it.
    Deadline,
    Seq,
}

impl Place {
    /// How many values it takes.
    pub fn values(self) -> usize {
        match self {
            Self::Id | Self::Seq => 1,
            Self::Deadline => 2,
        }
    }
}

impl Shown {
    pub fn place(&self) -> Place {
        match &self.of {
            ShownOf::Tickets(_, TicketOrder::DeadlineAsc) => Place::Deadline,
            ShownOf::Tickets(..) | ShownOf::Units(_) => Place::Id,
            ShownOf::Log => Place::Seq,
        }
    }

    /// Whether the statement will be sent again with the same values: nobody turns to the same page twice.
    fn is_usual(&self) -> bool {
        self.page.after.is_none()
            && self.page.before.is_none()
            && match &self.of {
                ShownOf::Tickets(filter, _) => {
                    filter.search.is_none() && filter.created_from.is_none() && filter.created_to.is_none()
                }
                ShownOf::Units(filter) => filter.search.is_none(),
                ShownOf::Log => true,
            }
    }

    /// Whether a client has written a placeholder, which would be taken for what it stands for.
    fn names_placeholder(&self) -> bool {
        let in_cursor = |cursor: &Cursor| match cursor {
            Cursor::Id(id) => is_placeholder(id),
            Cursor::Instant(at, id) => *at == THEN || is_placeholder(id),
            Cursor::Seq(_) | Cursor::Place(..) => false,
        };
        let in_page = self.page.after.iter().chain(&self.page.before).any(in_cursor);
        in_page
            || match &self.of {
                ShownOf::Tickets(filter, _) => {
                    let ids = [filter.project_id, filter.unit_id, filter.assignee_id, filter.batch_id];
                    let instants = [filter.created_from, filter.created_to];
                    ids.iter().flatten().any(is_placeholder) || instants.iter().flatten().any(|at| *at == THEN)
                }
                // Nothing in it is a client's but the text of the search.
                ShownOf::Units(_) | ShownOf::Log => false,
            }
    }
}

impl Arguments {
    pub fn is_usual(&self) -> bool {
        self.shown.iter().all(Shown::is_usual)
    }
}

impl Request {
    /// None where the resolvers must answer. The subject is the row that the plan is about, where it is about one.
    pub fn of(
        (services, viewer): (&Services, &Viewer),
        plan: &Plan,
        variables: &Variables,
        subject: Option<Uuid>,
    ) -> Option<Self> {
        if !plan.is_for(viewer) {
            return None;
        }
        let reading = Reading { services, stand_in: stand_in(viewer), plan, variables };
        let shown: Vec<Shown> = plan.lists.iter().map(|list| reading.shown(list)).collect::<Option<_>>()?;
        if shown.iter().any(Shown::names_placeholder) {
            return None;
        }
        let named = |number, id: Option<Uuid>| id.map(|id| (placeholder(number), id));
        let mut ids: Vec<_> = named(VIEWER, viewer.id()).into_iter().chain(named(SUBJECT, subject)).collect();
        let mut kinds = Vec::with_capacity(plan.roots.len());
        for (number, (_, root)) in (NODES..).zip(&plan.roots) {
            let found = match root {
                Root::Node(arguments, known) => {
                    let (kind, id) = decode(&reading.argument::<ID>(arguments, "id")?)?;
                    ids.push((placeholder(number), id));
                    Some(known.iter().position(|(known, ..)| *known == kind)?)
                }
                Root::Row(..) if subject.is_none() => return None,
                Root::Row(..) | Root::Tickets(_) => None,
            };
            kinds.push(found);
        }
        Some(Self { arguments: Arguments { shown, kinds }, ids })
    }
}

struct Reading<'a> {
    services: &'a Services,
    stand_in: Viewer,
    plan: &'a Plan,
    variables: &'a Variables,
}

impl Reading<'_> {
    fn shown(&self, list: &Listing) -> Option<Shown> {
        let arguments = &list.arguments;
        let number = |name| self.argument::<Option<i32>>(arguments, name);
        let text = |name| self.argument::<Option<String>>(arguments, name);
        let page = connection::page(number("first")?, text("after")?, number("last")?, text("before")?).ok()?;
        let of = match list.of {
            ListingOf::Tickets => self.tickets(arguments)?,
            ListingOf::Households => {
                let Principal::Staff { id, role, .. } = self.stand_in.principal else { return None };
                let filter = searched(self.services, households_of(id, role), text("search")?.as_deref());
                ShownOf::Units(filter.ok()?)
            }
            ListingOf::Log => ShownOf::Log,
        };
        Some(Shown { page, of })
    }

    fn tickets(&self, arguments: &Selected) -> Option<ShownOf> {
        let filter = self.argument::<Option<TicketFilterInput>>(arguments, "filter")?;
        let filter = filter.map_or_else(|| Some(TicketFilter::default()), |filter| filter.read().ok())?;
        let order = match arguments.get_argument("orderBy") {
            Some(_) => self.argument::<Order>(arguments, "orderBy")?.into(),
            None => TicketOrder::CreatedAtDesc,
        };
        Some(ShownOf::Tickets(filter, order))
    }

    /// An argument as its resolver would be given it.
    fn argument<T: InputType>(&self, field: &Selected, name: &str) -> Option<T> {
        let Some(value) = field.get_argument(name) else { return T::parse(None).ok() };
        if let async_graphql_value::Value::Variable(name) = &value.node {
            return T::parse(self.variable(name).cloned()).ok();
        }
        let value = value.node.clone().into_const_with(|name| self.variable(&name).cloned().ok_or(()));
        T::parse(Some(value.ok()?)).ok()
    }

    fn variable(&self, name: &Name) -> Option<&Value> {
        self.variables.get(name).or_else(|| self.plan.defaults.get(name))
    }
}

/// The cells of a statement, one for each root of its plan; none when the plan and the arguments are not of each other.
pub fn cells(plan: &Plan, arguments: &Arguments) -> Option<Vec<Cell>> {
    let asking = Asking { arguments };
    let roots = (NODES..).zip(&plan.roots).zip(&arguments.kinds);
    roots.map(|((number, (_, root)), kind)| asking.root(root, placeholder(number), *kind)).collect()
}

struct Asking<'a> {
    arguments: &'a Arguments,
}

impl Asking<'_> {
    fn root(&self, root: &Root, id: Uuid, kind: Option<usize>) -> Option<Cell> {
        match root {
            Root::Tickets(connection) => self.list(connection),
            Root::Node(_, kinds) => {
                let (_, row, object) = kinds.get(kind?)?;
                Some(Cell::Row(*row, id, self.object(object)?))
            }
            Root::Row(row, object) => Some(Cell::Row(*row, placeholder(SUBJECT), self.object(object)?)),
        }
    }

    fn shown(&self, connection: &Connection) -> Option<&Shown> {
        self.arguments.shown.get(connection.number)
    }

    fn list(&self, connection: &Connection) -> Option<Cell> {
        let shown = self.shown(connection)?;
        let (of, place) = match &shown.of {
            ShownOf::Tickets(filter, order) => {
                let id = Cell::Id(Field::of(ticket::Column::Id));
                let deadline = Cell::Value(Field::of(ticket::Column::QueueDeadlineAt));
                let place = if shown.place() == Place::Deadline { vec![deadline, id] } else { vec![id] };
                (ListOf::Tickets { filter: filter.clone(), order: *order, now: THEN }, place)
            }
            ShownOf::Units(filter) => (ListOf::Units(filter.clone()), vec![Cell::Id(Field::of(unit::Column::Id))]),
            ShownOf::Log => return None,
        };
        let list = List { of, page: shown.page, is_counted: connection.is_counted };
        Some(Cell::List(Box::new(list), self.rows(connection, place)?))
    }

    /// What is asked for of each row of a connection: its place, and an array for each object.
    fn rows(&self, connection: &Connection, place: Vec<Cell>) -> Option<Vec<Cell>> {
        let mut cells = place;
        for object in &connection.objects {
            cells.push(Cell::Here(self.object(object)?));
        }
        Some(cells)
    }

    fn object(&self, object: &Object) -> Option<Vec<Cell>> {
        let mut cells = Vec::with_capacity(object.wishes.len());
        for (_, wish) in &object.wishes {
            self.wish(wish, &mut cells)?;
        }
        Some(cells)
    }

    fn wish(&self, wish: &Wish, cells: &mut Vec<Cell>) -> Option<()> {
        let cell = match wish {
            Wish::TypeName => return Some(()),
            Wish::Leaf(field, spelling) if spelling.is_of_id() => Cell::Id(field.clone()),
            Wish::Leaf(field, Spelling::Note) => Cell::Marked(field.clone(), noted_by_house),
            Wish::Leaf(field, _) => Cell::Value(field.clone()),
            Wish::IsPast(field) => Cell::IsPast(field.clone(), THEN),
            Wish::Here(object) => Cell::Here(self.object(object)?),
            Wish::HereIf(field, object) => {
                let mut here = vec![Cell::Value(field.clone())];
                here.extend(self.object(object)?);
                Cell::Here(here)
            }
            Wish::One(link, object) => Cell::One(*link, self.object(object)?),
            Wish::Either([(one, first), (other, second)]) => {
                cells.push(Cell::One(*one, self.object(first)?));
                Cell::One(*other, self.object(second)?)
            }
            Wish::Many(link, object) => Cell::Many(*link, None, self.object(object)?),
            Wish::Page(link, by, connection) => {
                let page = self.shown(connection)?.page;
                let most = if connection.tells_of_more() { page.fetch() } else { page.fetch() - 1 };
                let rows = self.rows(connection, vec![Cell::Value(by.clone())])?;
                Cell::Many(*link, Some(Stretch { by: by.clone(), page, most }), rows)
            }
            Wish::Last(link, by, object) => {
                let page = Page { limit: 1, backward: true, after: None, before: None };
                let stretch = Stretch { by: by.clone(), page, most: 1 };
                Cell::Many(*link, Some(stretch), self.object(object)?)
            }
            Wish::Count(link) => Cell::Count(*link),
            Wish::Households(connection) => self.list(connection)?,
        };
        cells.push(cell);
        Some(())
    }
}
