//! Who may do what: one table for the root fields of the API, one for the actions on a ticket. Deny by default: a
//! field without a row can't be called, and an action whose last arm is reached is refused.
//! Which rows a principal sees is said in `scope.rs`.

mod roots;

use std::fmt::Write;

use entity::vocab::{Department, OwnerStage, Role, TicketAction};

use super::viewer::{Principal, Viewer};
use roots::{Anyone, Caller, EXPORTS, Owner, Partner, ROOT_FIELDS, SIGNED_IN};

/// What the table says to a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    Allowed,
    /// Nobody is signed in.
    SignInFirst,
    Refused,
}

/// Whether a principal may call a root field at all.
pub fn may_call(viewer: &Viewer, field: &str) -> Verdict {
    verdict(ROOT_FIELDS, viewer, field)
}

/// Whether a principal may take something away as a file. Whoever runs the program over the database takes away what there is.
pub fn may_export(viewer: &Viewer, subject: &str) -> bool {
    match viewer.principal {
        Principal::System => EXPORTS.iter().any(|(row, _)| *row == subject),
        _ => verdict(EXPORTS, viewer, subject) == Verdict::Allowed,
    }
}

fn verdict(table: &[(&str, &[Caller])], viewer: &Viewer, row: &str) -> Verdict {
    let Some((_, callers)) = table.iter().find(|(name, _)| *name == row) else {
        return Verdict::Refused;
    };
    match viewer.principal {
        _ if callers.contains(&Anyone) => Verdict::Allowed,
        Principal::Anonymous => Verdict::SignInFirst,
        Principal::Owner(_) if callers.contains(&Owner) => Verdict::Allowed,
        Principal::Partner(_) if callers.contains(&Partner) => Verdict::Allowed,
        Principal::Staff { role, .. } if callers.contains(&Caller::Staff(role)) => Verdict::Allowed,
        _ => Verdict::Refused,
    }
}

/// Every root field that has a row.
pub fn root_fields() -> impl Iterator<Item = &'static str> {
    ROOT_FIELDS.iter().map(|(name, _)| *name)
}

/// How the caller stands to a ticket it can see.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Standing {
    /// The household is the ambassador's own at this moment.
    pub answers_for_household: bool,
    pub is_assignee: bool,
    /// Started or resolved it before.
    pub has_worked_on_it: bool,
}

/// Whether a principal may do an action on a ticket it can see. Whether the ticket's state allows it is the domain's.
pub fn may_act(viewer: &Viewer, action: TicketAction, standing: Standing) -> bool {
    use TicketAction as A;
    let role = match viewer.principal {
        Principal::Owner(_) => return owner_may(action),
        Principal::System => return system_may(action),
        Principal::Staff { role, .. } => role,
        Principal::Anonymous | Principal::Partner(_) => return false,
    };
    let ambassador = role == Role::Ambassador && standing.answers_for_household;
    let agent = role == Role::ServiceAgent;
    let manager = role == Role::Manager;
    let on_site = matches!(role, Role::Technician | Role::Ambassador | Role::ServiceAgent | Role::Manager);
    match action {
        A::Create | A::Accept | A::Assign | A::RecordFollowUp | A::Reschedule => ambassador || agent || manager,
        A::Start | A::Resolve => on_site && standing.is_assignee,
        A::Hold | A::Resume => (on_site && standing.is_assignee) || agent || manager,
        A::Confirm => agent && !standing.is_assignee && !standing.has_worked_on_it,
        A::Escalate => ambassador || agent,
        A::Cancel | A::Triage | A::Collect => agent || manager,
        A::Reopen => agent,
        _ => false,
    }
}

fn owner_may(action: TicketAction) -> bool {
    use TicketAction as A;
    matches!(action, A::Create | A::Confirm | A::Reject | A::Escalate | A::Cancel | A::Reopen | A::Reschedule)
}

fn system_may(action: TicketAction) -> bool {
    use TicketAction as A;
    matches!(
        action,
        A::Confirm
            | A::Escalate
            | A::ReturnToQueue
            | A::Collect
            | A::RespondBreached
            | A::ArriveBreached
            | A::ResolveBreached
    )
}

/// Who keeps the company's accounts, and so sees by which names they sign in.
pub fn may_administer(viewer: &Viewer) -> bool {
    viewer.role() == Some(Role::Admin)
}

/// Who sees how the households of a project are spread over its ambassadors: whoever leads or supervises the service.
pub fn may_see_workload(viewer: &Viewer) -> bool {
    matches!(viewer.role(), Some(Role::ServiceAgent | Role::Manager | Role::GroupSupervisor | Role::Auditor))
}

/// Who reads why a colleague is away: the person, and whoever plans the work.
pub fn may_see_reason_of_absence(viewer: &Viewer, staff_id: uuid::Uuid) -> bool {
    viewer.staff_id() == Some(staff_id)
        || matches!(viewer.role(), Some(Role::Manager | Role::GroupSupervisor | Role::Auditor | Role::Admin))
}

/// Who may learn a customer's full number; each time is audited.
pub fn may_reveal(viewer: &Viewer) -> bool {
    may_call(viewer, "revealPhone") == Verdict::Allowed
}

/// Who may look into a customer's file; whose is the scope's to say.
pub fn may_see_file(viewer: &Viewer) -> bool {
    match viewer.principal {
        Principal::Owner(_) => true,
        Principal::Staff { role, .. } => !matches!(role, Role::Technician | Role::Admin),
        Principal::Anonymous | Principal::Partner(_) | Principal::System => false,
    }
}

/// Who sees the ends of a customer's identity number: staff who keep the customer's papers, and whoever runs the program.
pub fn may_see_masked_identity(viewer: &Viewer) -> bool {
    viewer.principal == Principal::System || (viewer.staff_id().is_some() && may_see_file(viewer))
}

/// Whether activities other than lectures exist for a principal.
pub fn may_see_activities(viewer: &Viewer) -> bool {
    may_call(viewer, "activities") == Verdict::Allowed
}

/// Who runs surveys: the group's own department for property services, and whoever configures the system.
pub fn runs_surveys(viewer: &Viewer) -> bool {
    match viewer.principal {
        Principal::Staff { role: Role::GroupSupervisor, department, .. } => department == Department::GroupProperty,
        Principal::Staff { role, .. } => role == Role::Admin,
        Principal::Anonymous | Principal::Owner(_) | Principal::Partner(_) | Principal::System => false,
    }
}

/// Who may bring an owner to a stage by hand. Owners say when they renovate and when they move in; sales agents, that
/// somebody looks no more.
pub fn may_move_stage(viewer: &Viewer, from: OwnerStage, to: OwnerStage) -> bool {
    use OwnerStage as S;
    let lives_there = matches!(to, S::Renovating | S::Resident);
    match viewer.principal {
        Principal::Owner(_) => lives_there,
        Principal::Staff { role: Role::Ambassador, .. } => lives_there,
        Principal::Staff { role: Role::SalesAgent, .. } => from == S::Prospect && to == S::Former,
        Principal::Staff { role: Role::ServiceAgent | Role::Manager, .. } => true,
        _ => false,
    }
}

/// The root table as text that a customer can read: one line a field, one column a caller.
pub fn root_matrix() -> String {
    matrix("root field", ROOT_FIELDS)
}

/// The table of what can be taken away as a file, in the same form.
pub fn export_matrix() -> String {
    matrix("export", EXPORTS)
}

fn matrix(head: &str, table: &[(&str, &[Caller])]) -> String {
    let names = table.iter().map(|(name, _)| name.len());
    let width = names.chain([head.len()]).max().unwrap_or_default() + 1;
    let mut text = format!("{head:<width$}anon owner partn ambas techn agent sales manag super audit admin\n");
    for (field, callers) in table {
        let anyone = callers.contains(&Anyone);
        let _ = write!(text, "{field:<width$}{}", mark(anyone));
        for caller in SIGNED_IN {
            let _ = write!(text, " {}", mark(anyone || callers.contains(caller)));
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text
}

fn mark(allowed: bool) -> &'static str {
    if allowed { "yes  " } else { "-    " }
}

/// Who may add pictures: whoever makes or works on tickets.
pub fn may_attach(viewer: &Viewer) -> bool {
    match viewer.principal {
        Principal::Owner(_) => true,
        Principal::Staff { role, .. } => {
            matches!(role, Role::Ambassador | Role::Technician | Role::ServiceAgent | Role::Manager)
        }
        Principal::Anonymous | Principal::Partner(_) | Principal::System => false,
    }
}
