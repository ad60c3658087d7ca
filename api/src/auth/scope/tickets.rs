//! Who sees tickets, and what hangs on them: their log and their pictures.

use entity::{attachment, ticket, ticket_event};
use sea_orm::{
    ColumnTrait, Condition,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::{
    Reach, Scoped,
    beneath::among_few_tickets,
    both, everything, is_narrow,
    lists::{ids, is, projects_of_staff, sent_to, tickets_of_ambassador, tickets_of_owner, tickets_where},
    nothing, reach, serves_customers,
};
use crate::auth::viewer::Viewer;

impl Scoped for ticket::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        Self::scope_of(viewer, everything())
    }

    fn scope_of(viewer: &Viewer, rows: Condition) -> Condition {
        use ticket::Column;
        match reach(viewer) {
            Reach::Nothing | Reach::Partner(_) | Reach::Configuration(_) => nothing(),
            Reach::Everything => rows,
            Reach::Owner(id) => Condition::all().add(Column::Id.in_subquery(tickets_of_owner(id, rows))),
            Reach::Households(id) => Condition::all().add(Column::Id.in_subquery(tickets_of_ambassador(id, rows))),
            Reach::Assigned(id) => both(sent_to(id), rows),
            Reach::Projects(id, department) => {
                let own = both(Condition::all().add(Column::ProjectId.in_subquery(projects_of_staff(id))), rows);
                if serves_customers(department) {
                    own
                } else {
                    own.add(
                        Condition::any()
                            .add(Column::ResponsibleDepartment.eq(department))
                            .add(is(Column::AssigneeId, id)),
                    )
                }
            }
        }
    }
}

/// Rows that hang on a ticket are visible exactly where the ticket is.
pub(super) fn with_ticket(viewer: &Viewer, column: impl ColumnTrait) -> Condition {
    with_ticket_of(viewer, column, everything())
}

/// Rows that hang on one of these tickets. They are visible exactly where the ticket is.
pub fn on_tickets(viewer: &Viewer, column: impl ColumnTrait, tickets: &[Uuid]) -> Condition {
    let these = Condition::all().add(ticket::Column::Id.is_in(tickets.iter().copied()));
    with_ticket_of(viewer, column, these).add(column.is_in(tickets.iter().copied()))
}

/// Rows that hang on a ticket for which the condition holds, and that the viewer sees.
pub(super) fn with_ticket_of(viewer: &Viewer, column: impl ColumnTrait, rows: Condition) -> Condition {
    match reach(viewer) {
        Reach::Everything => everything(),
        Reach::Nothing | Reach::Partner(_) | Reach::Configuration(_) => nothing(),
        Reach::Owner(id) => Condition::all().add(column.in_subquery(tickets_of_owner(id, rows))),
        Reach::Households(id) => Condition::all().add(column.in_subquery(tickets_of_ambassador(id, rows))),
        Reach::Assigned(_) | Reach::Projects(..) => {
            Condition::all().add(column.in_subquery(tickets_where(ticket::Entity::scope_of(viewer, rows))))
        }
    }
}

impl Scoped for ticket_event::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        events_of(viewer, everything())
    }
}

/// Of a part of the log, a condition on few of its rows, what exists for the viewer: asked by way of the tickets that these
/// rows are of, and not of all that the viewer sees.
pub fn part_of_log(viewer: &Viewer, rows: Condition) -> Condition {
    let theirs = ids::<ticket_event::Entity>(ticket_event::Column::TicketId, rows.clone());
    both(events_of(viewer, Condition::all().add(ticket::Column::Id.in_subquery(theirs))), rows)
}

/// The same of a part that is short, such as what has just been appended: each row is asked for its own ticket, so it costs
/// the same however many tickets the viewer sees.
pub fn short_part_of_log(viewer: &Viewer, rows: Condition) -> Condition {
    if !is_narrow(viewer) {
        return part_of_log(viewer, rows);
    }
    let its_ticket = ticket::Column::Id.into_expr().equals((ticket_event::Entity, ticket_event::Column::TicketId));
    // A value and not a list: a database would make a list of all of the viewer's tickets to find these in it.
    let is_seen =
        Query::select().expr(Expr::from(among_few_tickets(viewer))).from(ticket::Entity).and_where(its_ticket).take();
    both(Condition::all().add(Expr::expr(is_seen)), rows)
}

/// The events of these tickets that exist for the viewer; where the tickets need not be asked, of any.
fn events_of(viewer: &Viewer, tickets: Condition) -> Condition {
    use ticket_event::Column;
    match reach(viewer) {
        // An event knows its ticket's project, which never changes. To ask the tickets would be to gather hundreds of
        // thousands of them for the few events after a place in the log.
        Reach::Projects(id, department) if serves_customers(department) => {
            Condition::all().add(Column::ProjectId.in_subquery(projects_of_staff(id)))
        }
        _ => with_ticket_of(viewer, Column::TicketId, tickets),
    }
}

impl Scoped for attachment::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        // A picture that waits for its ticket has not been handed in yet: nobody but its owner sees it.
        let on_ticket =
            with_ticket(viewer, attachment::Column::TicketId).add(attachment::Column::TicketId.is_not_null());
        match viewer.id() {
            Some(id) => Condition::any().add(on_ticket).add(
                attachment::Column::TicketId
                    .is_null()
                    .and(attachment::Column::UploaderId.eq(id))
                    .and(attachment::Column::UploaderKind.eq(viewer.kind())),
            ),
            None => on_ticket,
        }
    }
}
