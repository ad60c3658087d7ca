//! Who sees notifications: the person told, and nobody else. What was told of a ticket that one sees no more, because the
//! household has another ambassador by now, is gone with it.

use entity::{
    notification::{Column, Entity},
    ticket,
};
use sea_orm::{
    ColumnTrait, Condition,
    sea_query::{Expr, ExprTrait},
};

use super::{Scoped, everything, nothing, tickets::with_ticket_of};
use crate::auth::viewer::{Principal, Viewer};

impl Scoped for Entity {
    fn scope(viewer: &Viewer) -> Condition {
        let Some(id) = viewer.id() else {
            return if viewer.principal == Principal::System { everything() } else { nothing() };
        };
        // Each notification asks for its own ticket: the list of all tickets that one sees would be long.
        let this = Expr::col((ticket::Entity, ticket::Column::Id)).equals((Entity, Column::TicketId));
        let visible = with_ticket_of(viewer, Column::TicketId, Condition::all().add(this));
        let own = Condition::all().add(Column::RecipientId.eq(id)).add(Column::RecipientKind.eq(viewer.kind()));
        // An empty condition is everything alone, and nothing beside another.
        if visible.is_empty() { own } else { own.add(Condition::any().add(Column::TicketId.is_null()).add(visible)) }
    }
}
