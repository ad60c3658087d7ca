//! Who sees notifications: the person told, and nobody else. What was told of a ticket that one sees no more, because the
//! household has another ambassador by now, is gone with it.

use entity::{
    notification::{Column, Entity, Model},
    notification_delivery, notification_preference, notification_setting, push_receipt, ticket,
};
use sea_orm::{
    ColumnTrait, Condition,
    sea_query::{Expr, ExprTrait},
};

use super::{Reach, Scoped, everything, nothing, reach, tickets::with_ticket_of};
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

/// Whether one may see a notification no more that one was told: what it tells of a ticket goes with the ticket.
pub fn sees_by_ticket(row: &Model) -> bool {
    row.ticket_id.is_some()
}

impl Scoped for notification_setting::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use notification_setting::Column;
        own(viewer, Column::PrincipalId, Column::PrincipalKind)
    }
}

impl Scoped for notification_preference::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use notification_preference::Column;
        own(viewer, Column::PrincipalId, Column::PrincipalKind)
    }
}

/// What belongs to one person, and what the house reads to write to everybody.
fn own(viewer: &Viewer, id_column: impl ColumnTrait, kind_column: impl ColumnTrait) -> Condition {
    match viewer.id() {
        Some(id) => Condition::all().add(id_column.eq(id)).add(kind_column.eq(viewer.kind())),
        None if viewer.principal == Principal::System => everything(),
        None => nothing(),
    }
}

impl Scoped for notification_delivery::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        match reach(viewer) {
            // That messages do not go out is a matter of the settings. Whose they are is not said.
            Reach::Configuration(_) => everything(),
            Reach::Everything if viewer.principal == Principal::System => everything(),
            Reach::Nothing
            | Reach::Owner(_)
            | Reach::Households(_)
            | Reach::Assigned(_)
            | Reach::Projects(..)
            | Reach::Everything
            | Reach::Partner(_) => nothing(),
        }
    }
}

impl Scoped for push_receipt::Entity {
    /// Which device has got what is nobody's to look at.
    fn scope(viewer: &Viewer) -> Condition {
        if viewer.principal == Principal::System { everything() } else { nothing() }
    }
}
