//! Who is sent: whether somebody whom a person chose may go, and whom the house sends by itself: the one on duty when
//! it is urgent, the substitute when the assignee is away.

use chrono::{DateTime, Utc};
use entity::{ticket, vocab::Urgency};
use uuid::Uuid;

use super::ticket::{local_day, project_of};
use crate::{
    auth::viewer::Viewer,
    domain::{
        duty::{WORKS_ON_SITE, first_to_go},
        ticket::{Command, SystemNote},
    },
    error::{Error, FaultCode, Message, Result},
    store::{self, Conn},
};

/// An assignee must be there, be trained, and work on site in the ticket's project.
pub(super) async fn check_assignee(
    conn: &impl Conn,
    viewer: &Viewer,
    ticket: &ticket::Model,
    command: &Command,
    now: DateTime<Utc>,
) -> Result<()> {
    let Command::Assign { assignee_id, .. } = command else { return Ok(()) };
    let refuse = |message| Err(Error::fault(FaultCode::NotAvailable, "assigneeId", message));
    let staff = store::staff::present(conn, viewer, *assignee_id).await?.ok_or_else(|| Error::unknown("assigneeId"))?;
    if !staff.is_active || !WORKS_ON_SITE.contains(&staff.role) {
        return refuse(Message::TakesNoTickets);
    }
    if !store::staff::works_for(conn, staff.id, ticket.project_id).await? {
        return refuse(Message::NotOfTheTicketsProject);
    }
    let today = local_day(&project_of(conn, ticket.project_id).await?, now)?;
    if !store::staff::is_trained(conn, staff.id, today).await? {
        return refuse(Message::NotTrained);
    }
    if store::staff::is_absent(conn, staff.id, now).await? {
        return refuse(Message::StaffIsAway);
    }
    Ok(())
}

/// The assignment that follows by itself when a command brings a ticket into the queue; none when it waits there for
/// people.
pub(super) async fn next(
    conn: &impl Conn,
    ticket: &ticket::Model,
    command: &Command,
    now: DateTime<Utc>,
) -> Result<Option<Command>> {
    let urgency = match command {
        Command::Accept { urgency, .. } => *urgency,
        Command::Reopen { .. } | Command::ReturnToQueue { .. } => ticket.urgency,
        _ => return Ok(None),
    };
    let assign = |why: SystemNote<'_>| {
        let note = Some(why.stored().into_owned());
        move |assignee_id| Command::Assign { assignee_id, note }
    };
    if let (Command::ReturnToQueue { .. }, Some(assignee)) = (command, ticket.assignee_id)
        && let Some(substitute) = store::absence::substitute_of(conn, assignee, now).await?
        && let Some(substitute) = fittest(conn, ticket, &[substitute], now).await?
    {
        return Ok(Some(assign(SystemNote::StandsIn)(substitute)));
    }
    if urgency != Urgency::Urgent {
        return Ok(None);
    }
    let on_duty = store::duty::on_duty(conn, ticket.project_id, now).await?;
    Ok(fittest(conn, ticket, &on_duty, now).await?.map(assign(SystemNote::OnDuty)))
}

/// Who of these is sent to a ticket.
async fn fittest(conn: &impl Conn, ticket: &ticket::Model, staff: &[Uuid], now: DateTime<Utc>) -> Result<Option<Uuid>> {
    if staff.is_empty() {
        return Ok(None);
    }
    store::staff::keep_present(conn, staff).await?;
    let today = local_day(&project_of(conn, ticket.project_id).await?, now)?;
    let candidates = store::duty::candidates(conn, staff, ticket.project_id, (today, now)).await?;
    Ok(first_to_go(&candidates))
}
