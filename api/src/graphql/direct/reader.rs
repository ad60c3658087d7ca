//! Reads a selection into the wishes of a plan: fragments written out, fields of one name put together.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicU64, Ordering},
};

use async_graphql::{
    Name, Positioned,
    parser::types::{
        Field as Selected, FragmentDefinition, OperationDefinition, OperationType, Selection, SelectionSet,
    },
};

use super::{
    super::{document::Checked, id::Kind},
    plan::{Connection, ConnectionPart, EdgePart, InfoPart, Listing, ListingOf, Object, Plan, Root, Wish},
    shapes::{Part, Shape, TICKET, UNIT, VIEWING_STAFF},
};
use crate::{auth::viewer::Viewer, store::direct::RowOf};

/// Reads an operation; none for what is left to the resolvers.
pub fn query(checked: &Checked) -> Option<Plan> {
    let operation = &checked.operation().node;
    if checked.operation_type != OperationType::Query || !operation.directives.is_empty() {
        return None;
    }
    let mut reader = Reader::new(&checked.document.fragments);
    let mut roots = Vec::new();
    for asked in reader.collect("Query", &[&operation.selection_set.node])? {
        roots.push((asked.key.to_owned(), reader.root(&asked)?));
    }
    Some(reader.plan(roots, operation))
}

/// Reads what a change is to answer of its ticket.
pub fn ticket(
    selected: &SelectionSet,
    fragments: &HashMap<Name, Positioned<FragmentDefinition>>,
    operation: &OperationDefinition,
) -> Option<Plan> {
    let mut reader = Reader::new(fragments);
    let root = Root::Row(RowOf::Ticket, reader.object(&TICKET, &[selected])?);
    Some(reader.plan(vec![(String::new(), root)], operation))
}

/// A field of the answer: all that was selected under its name.
struct Asked<'a> {
    key: &'a str,
    fields: Vec<&'a Selected>,
}

impl<'a> Asked<'a> {
    fn name(&self) -> &'a str {
        self.fields.first().map_or("", |field| field.name.node.as_str())
    }

    fn below(&self) -> Vec<&'a SelectionSet> {
        self.fields.iter().map(|field| &field.selection_set.node).collect()
    }

    /// The field with its arguments, which are the same wherever it is selected under this name.
    fn arguments(&self) -> Option<Selected> {
        let field = (*self.fields.first()?).clone();
        Some(Selected { selection_set: Positioned::new(SelectionSet::default(), field.selection_set.pos), ..field })
    }
}

struct Reader<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    lists: Vec<Listing>,
    conditions: Vec<fn(&Viewer) -> bool>,
}

/// The types that stand for several.
pub const ABSTRACT: [&str; 3] = ["Actor", "Node", "Viewer"];

impl<'a> Reader<'a> {
    fn new(fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>) -> Self {
        Self { fragments, lists: Vec::new(), conditions: Vec::new() }
    }

    fn plan(self, roots: Vec<(String, Root)>, operation: &OperationDefinition) -> Plan {
        let defaults = operation.variable_definitions.iter().filter_map(|definition| {
            let default = definition.node.default_value.as_ref()?;
            Some((definition.node.name.node.clone(), default.node.clone()))
        });
        static PLANS: AtomicU64 = AtomicU64::new(0);
        let number = PLANS.fetch_add(1, Ordering::Relaxed);
        Plan { roots, defaults: defaults.collect(), lists: self.lists, number, conditions: self.conditions }
    }

    /// The fields that are selected of an object of this type, each once. Directives are left to the resolvers.
    fn collect(&self, on: &str, sets: &[&'a SelectionSet]) -> Option<Vec<Asked<'a>>> {
        let mut found = Vec::new();
        for set in sets {
            self.collect_into(on, set, &mut found)?;
        }
        Some(found)
    }

    fn collect_into(&self, on: &str, set: &'a SelectionSet, found: &mut Vec<Asked<'a>>) -> Option<()> {
        for item in &set.items {
            if !item.node.directives().is_empty() {
                return None;
            }
            let (condition, below) = match &item.node {
                Selection::Field(field) => {
                    let key = field.node.response_key().node.as_str();
                    match found.iter_mut().find(|asked| asked.key == key) {
                        Some(asked) => asked.fields.push(&field.node),
                        None => found.push(Asked { key, fields: vec![&field.node] }),
                    }
                    continue;
                }
                Selection::InlineFragment(inline) => {
                    (inline.node.type_condition.as_ref(), &inline.node.selection_set.node)
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = &self.fragments.get(&spread.node.fragment_name.node)?.node;
                    (Some(&fragment.type_condition), &fragment.selection_set.node)
                }
            };
            let condition = condition.map(|condition| condition.node.on.node.as_str());
            if condition.is_none_or(|name| name == on || ABSTRACT.contains(&name)) {
                self.collect_into(on, below, found)?;
            }
        }
        Some(())
    }

    fn root(&mut self, asked: &Asked<'a>) -> Option<Root> {
        Some(match asked.name() {
            "tickets" => Root::Tickets(self.connection(ListingOf::Tickets, &TICKET, asked)?),
            "node" => {
                let kinds = [(Kind::Ticket, RowOf::Ticket, &TICKET), (Kind::Unit, RowOf::Unit, &UNIT)];
                let known = kinds.into_iter().filter_map(|(kind, row, shape)| {
                    // One kind may be left to the resolvers and another not.
                    Some((kind, row, self.object(shape, &asked.below())?))
                });
                Root::Node(asked.arguments()?, known.collect())
            }
            "viewer" => Root::Row(RowOf::Staff, self.object(&VIEWING_STAFF, &asked.below())?),
            _ => return None,
        })
    }

    fn object(&mut self, shape: &'static Shape, sets: &[&'a SelectionSet]) -> Option<Object> {
        let mut wishes = Vec::new();
        for asked in self.collect(shape.name, sets)? {
            wishes.push((asked.key.to_owned(), self.wish(shape, &asked)?));
        }
        Some(Object { name: shape.name, wishes })
    }

    fn wish(&mut self, shape: &Shape, asked: &Asked<'a>) -> Option<Wish> {
        if asked.name() == "__typename" {
            return Some(Wish::TypeName);
        }
        let below = asked.below();
        Some(match (shape.part)(asked.name())? {
            Part::Leaf(field, spelling) => Wish::Leaf(field, spelling),
            Part::LeafFor(whom, field, spelling) => {
                self.conditions.push(whom);
                Wish::Leaf(field, spelling)
            }
            Part::IsPast(field) => Wish::IsPast(field),
            Part::Here(shape) => Wish::Here(self.object(shape, &below)?),
            Part::HereIf(field, shape) => Wish::HereIf(field, self.object(shape, &below)?),
            Part::One(link, shape) => Wish::One(link, self.object(shape, &below)?),
            Part::Either([(one, first), (other, second)]) => {
                Wish::Either([(one, self.object(first, &below)?), (other, self.object(second, &below)?)])
            }
            Part::Many(link, shape) => Wish::Many(link, self.object(shape, &below)?),
            Part::Page(link, by, shape) => Wish::Page(link, by, self.connection(ListingOf::Log, shape, asked)?),
            Part::Last(link, by, shape) => Wish::Last(link, by, self.object(shape, &below)?),
            Part::Count(link) => Wish::Count(link),
            Part::Households => Wish::Households(self.connection(ListingOf::Households, &UNIT, asked)?),
        })
    }

    fn connection(&mut self, of: ListingOf, shape: &'static Shape, asked: &Asked<'a>) -> Option<Connection> {
        let number = self.lists.len();
        self.lists.push(Listing { arguments: asked.arguments()?, of });
        let of = shape.name;
        let mut connection = Connection { number, of, parts: Vec::new(), objects: Vec::new(), is_counted: false };
        for part in self.collect(&format!("{}Connection", shape.name), &asked.below())? {
            let wanted = match part.name() {
                "__typename" => ConnectionPart::TypeName,
                "totalCount" => {
                    connection.is_counted = true;
                    ConnectionPart::TotalCount
                }
                "nodes" => ConnectionPart::Nodes(connection.add(self.object(shape, &part.below())?)),
                "edges" => ConnectionPart::Edges(self.edges(shape, &part, &mut connection)?),
                "pageInfo" => ConnectionPart::PageInfo(self.page_info(&part)?),
                _ => return None,
            };
            connection.parts.push((part.key.to_owned(), wanted));
        }
        Some(connection)
    }

    fn edges(
        &mut self,
        shape: &'static Shape,
        asked: &Asked<'a>,
        connection: &mut Connection,
    ) -> Option<Vec<(String, EdgePart)>> {
        let mut parts = Vec::new();
        for part in self.collect(&format!("{}Edge", shape.name), &asked.below())? {
            let wanted = match part.name() {
                "__typename" => EdgePart::TypeName,
                "cursor" => EdgePart::Cursor,
                "node" => EdgePart::Node(connection.add(self.object(shape, &part.below())?)),
                _ => return None,
            };
            parts.push((part.key.to_owned(), wanted));
        }
        Some(parts)
    }

    fn page_info(&self, asked: &Asked<'a>) -> Option<Vec<(String, InfoPart)>> {
        let mut parts = Vec::new();
        for part in self.collect("PageInfo", &asked.below())? {
            let wanted = match part.name() {
                "__typename" => InfoPart::TypeName,
                "hasNextPage" => InfoPart::HasNextPage,
                "hasPreviousPage" => InfoPart::HasPreviousPage,
                "startCursor" => InfoPart::StartCursor,
                "endCursor" => InfoPart::EndCursor,
                _ => return None,
            };
            parts.push((part.key.to_owned(), wanted));
        }
        Some(parts)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::Variables;
    use entity::vocab::{Department, Role};
    use uuid::Uuid;

    use super::super::super::document::{Limits, check};
    use super::*;
    use crate::auth::viewer::Principal;

    fn plan(document: &str) -> Option<Plan> {
        query(&check(document, None, &Variables::default(), &Limits::default()).unwrap())
    }

    #[test]
    fn what_is_not_known_is_left_to_the_resolvers() {
        let left = [
            "mutation { signOut { userErrors { code } } }",
            "{ tickets { nodes { reporter { __typename } } } }",
            "{ tickets { nodes { id @include(if: true) } } }",
            "query($no: Boolean!) { tickets @skip(if: $no) { totalCount } }",
            "{ tickets { totalCount } lectures(from: \"\", to: \"\") { totalCount } }",
            "{ __schema { types { name } } }",
            "{ viewer { ... on Staff { projects { id } } } }",
        ];
        for document in left {
            assert!(plan(document).is_none(), "{document}");
        }
    }

    #[test]
    fn fields_under_one_name_are_one_and_stand_where_the_first_stood() {
        let plan = plan(
            "{ tickets { nodes { unit { id } number ...More ... on Ticket { unit { room } } ... on Owner { name } } } }
             fragment More on Ticket { unit { code id } number }",
        );
        let (_, Root::Tickets(connection)) = &plan.as_ref().unwrap().roots[0] else { panic!("{plan:?}") };
        let keys = |object: &Object| object.wishes.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
        let ticket = &connection.objects[0];
        assert_eq!(keys(ticket), ["unit", "number"]);
        let (_, Wish::One(_, unit)) = &ticket.wishes[0] else { panic!("{ticket:?}") };
        assert_eq!(keys(unit), ["id", "code", "room"]);
    }

    #[test]
    fn who_is_shown_something_else_is_answered_by_the_resolvers() {
        let plan = plan("{ tickets { nodes { unit { owners { phone stage } } } } }").unwrap();
        let staff =
            |role| Viewer::of(Principal::Staff { id: Uuid::nil(), role, department: Department::CustomerService });
        assert!(plan.is_for(&staff(Role::Ambassador)));
        assert!(!plan.is_for(&staff(Role::Manager)), "stages by project");
        assert!(!plan.is_for(&Viewer::of(Principal::Owner(Uuid::nil()))), "the own number in full");
    }

    #[test]
    fn every_type_that_stands_for_several_is_known() {
        let sdl = super::super::super::schema::sdl();
        let mut names: Vec<&str> = sdl
            .lines()
            .filter_map(|line| line.strip_prefix("interface ").or_else(|| line.strip_prefix("union ")))
            .filter_map(|rest| rest.split(' ').next())
            .collect();
        names.sort_unstable();
        assert_eq!(names, ABSTRACT);
    }
}
