//! Who may do what: one table for the root fields of the API, one for the actions on a ticket. Deny by default: a
//! field without a row can't be called, and an action whose last arm is reached is refused.
//! Which rows a principal sees is said in `scope.rs`.

use std::fmt::Write;

use entity::vocab::{Role, TicketAction};

use super::viewer::{Principal, Viewer};

/// Groups of callers, as the root table names them.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Caller {
    Anyone,
    Owner,
    Partner,
    Staff(Role),
}

use Caller::{Anyone, Owner, Partner};

const AMBASSADOR: Caller = Caller::Staff(Role::Ambassador);
const TECHNICIAN: Caller = Caller::Staff(Role::Technician);
const SERVICE_AGENT: Caller = Caller::Staff(Role::ServiceAgent);
const SALES_AGENT: Caller = Caller::Staff(Role::SalesAgent);
const MANAGER: Caller = Caller::Staff(Role::Manager);
const GROUP_SUPERVISOR: Caller = Caller::Staff(Role::GroupSupervisor);
const AUDITOR: Caller = Caller::Staff(Role::Auditor);
const ADMIN: Caller = Caller::Staff(Role::Admin);

const SIGNED_IN: &[Caller] =
    &[Owner, Partner, AMBASSADOR, TECHNICIAN, SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR, ADMIN];
const PEOPLE: &[Caller] =
    &[Owner, AMBASSADOR, TECHNICIAN, SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR, ADMIN];
const TICKET_READERS: &[Caller] =
    &[Owner, AMBASSADOR, TECHNICIAN, SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR];
const ON_SITE: &[Caller] = &[AMBASSADOR, TECHNICIAN, SERVICE_AGENT, MANAGER];

/// Every root field and who may call it. What a caller then sees is narrowed by scope, and what it may do by `may_act`.
const ROOT_FIELDS: &[(&str, &[Caller])] = &[
    // Queries
    ("viewer", PEOPLE),
    ("node", SIGNED_IN),
    ("nodes", SIGNED_IN),
    ("tickets", TICKET_READERS),
    ("ticketEvents", TICKET_READERS),
    ("lectures", SIGNED_IN),
    // Signing in and out
    ("requestSignInCode", &[Anyone]),
    ("signInWithCode", &[Anyone]),
    ("signInWithPassword", &[Anyone]),
    ("refreshSession", &[Anyone]),
    ("signOut", SIGNED_IN),
    ("registerDevice", PEOPLE),
    // Tickets
    ("createTicket", &[Owner, AMBASSADOR, SERVICE_AGENT, MANAGER]),
    ("acceptTicket", &[AMBASSADOR, SERVICE_AGENT, MANAGER]),
    ("assignTicket", &[AMBASSADOR, SERVICE_AGENT, MANAGER]),
    ("startTicket", ON_SITE),
    ("holdTicket", ON_SITE),
    ("resumeTicket", ON_SITE),
    ("resolveTicket", ON_SITE),
    ("triageTicket", &[SERVICE_AGENT, MANAGER]),
    ("rescheduleTicket", &[Owner, AMBASSADOR, SERVICE_AGENT, MANAGER]),
    ("confirmTicket", &[Owner, SERVICE_AGENT]),
    ("rejectResolution", &[Owner]),
    ("recordFollowUp", &[AMBASSADOR, SERVICE_AGENT, MANAGER]),
    ("escalateTicket", &[Owner, AMBASSADOR, SERVICE_AGENT]),
    ("cancelTicket", &[Owner, SERVICE_AGENT, MANAGER]),
    ("reopenTicket", &[Owner, SERVICE_AGENT]),
    // Households
    ("revealPhone", &[AMBASSADOR, TECHNICIAN, SERVICE_AGENT, SALES_AGENT, MANAGER]),
    ("recordInteraction", &[AMBASSADOR, SERVICE_AGENT, SALES_AGENT, MANAGER]),
    ("transferHouseholds", &[MANAGER, ADMIN]),
    // The company
    ("recordAbsence", &[MANAGER, ADMIN]),
    ("recordTraining", &[MANAGER, ADMIN]),
    ("disableStaff", &[ADMIN]),
    // What is learned from complaints
    ("complaintsToAnalyse", &[SERVICE_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("complaintStatistics", &[SERVICE_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("analyseComplaint", &[SERVICE_AGENT, MANAGER]),
    // Rounds
    ("inspectionPlans", &[SERVICE_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR, ADMIN]),
    ("inspectionsDue", &[SERVICE_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR, ADMIN]),
    ("inspections", &[SERVICE_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("createInspectionPlan", &[MANAGER, ADMIN]),
    ("updateInspectionPlan", &[MANAGER, ADMIN]),
    ("recordInspection", &[SERVICE_AGENT, MANAGER]),
    // Incidents
    ("incidents", &[SERVICE_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("recordIncident", &[SERVICE_AGENT, MANAGER]),
    ("judgeIncident", &[MANAGER]),
    // Trainings
    ("trainingStatus", &[MANAGER, GROUP_SUPERVISOR, AUDITOR, ADMIN]),
    // Live
    ("ticketStatusChanged", TICKET_READERS),
];

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
    let Some((_, callers)) = ROOT_FIELDS.iter().find(|(name, _)| *name == field) else {
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
        A::Cancel | A::Triage => agent || manager,
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
        A::Confirm | A::Escalate | A::ReturnToQueue | A::RespondBreached | A::ArriveBreached | A::ResolveBreached
    )
}

/// Who may learn a customer's full number; each time is audited.
pub fn may_reveal(viewer: &Viewer) -> bool {
    may_call(viewer, "revealPhone") == Verdict::Allowed
}

/// The root table as text that a customer can read: one line a field, one column a caller.
pub fn root_matrix() -> String {
    let mut text =
        String::from("root field              anon owner partn ambas techn agent sales manag super audit admin\n");
    for (field, callers) in ROOT_FIELDS {
        let anyone = callers.contains(&Anyone);
        let _ = write!(text, "{field:<24}{}", mark(anyone));
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
