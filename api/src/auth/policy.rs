//! Who may do what: one table for the root fields of the API, one for the actions on a ticket. Deny by default: a
//! field without a row can't be called, and an action whose last arm is reached is refused.
//! Which rows a principal sees is said in `scope.rs`.

use std::fmt::Write;

use entity::vocab::{Department, OwnerStage, Role, TicketAction};

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
const NOTICE_READERS: &[Caller] = &[Owner, AMBASSADOR, SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR];
/// Who sees what a household has signed: everyone who sees tickets, except whoever is sent to the home.
const PAPER_READERS: &[Caller] = &[Owner, AMBASSADOR, SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR];
/// Who receives customers and keeps their papers.
const AT_THE_DOOR: &[Caller] = &[AMBASSADOR, SERVICE_AGENT, SALES_AGENT, MANAGER];
const VISITOR_READERS: &[Caller] = &[Owner, AMBASSADOR, SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR];
/// Those who plan events for customers and look after them.
const ORGANISERS: &[Caller] = &[SERVICE_AGENT, SALES_AGENT, MANAGER];
const FIGURE_READERS: &[Caller] = &[MANAGER, GROUP_SUPERVISOR, AUDITOR];
/// Who reads the roster: who works on site, and who supervises or configures.
const STAFF_ON_SITE_AND_ABOVE: &[Caller] =
    &[AMBASSADOR, TECHNICIAN, SERVICE_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR, ADMIN];
const ON_SITE: &[Caller] = &[AMBASSADOR, TECHNICIAN, SERVICE_AGENT, MANAGER];

const SALES: &[Caller] = &[SALES_AGENT, MANAGER];
const DESK: &[Caller] = &[SERVICE_AGENT, SALES_AGENT, MANAGER];
const DESK_READERS: &[Caller] = &[SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR];

/// Every root field and who may call it. What a caller then sees is narrowed by scope, and what it may do by `may_act`.
const ROOT_FIELDS: &[(&str, &[Caller])] = &[
    // Queries
    ("viewer", PEOPLE),
    ("node", SIGNED_IN),
    ("nodes", SIGNED_IN),
    ("tickets", TICKET_READERS),
    ("ticketEvents", TICKET_READERS),
    ("lectures", SIGNED_IN),
    // Handovers, customers' files, privacy, audit
    ("handoverSlots", PAPER_READERS),
    ("handovers", PAPER_READERS),
    ("requiredDocuments", PEOPLE),
    ("incompleteFiles", &[AMBASSADOR, SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("auditEntries", &[GROUP_SUPERVISOR, AUDITOR, ADMIN]),
    // Figures and journeys
    ("figures", FIGURE_READERS),
    ("staffRanking", FIGURE_READERS),
    ("departmentRanking", FIGURE_READERS),
    ("touchpoints", PEOPLE),
    // Before and at the signing, reading
    ("publications", PEOPLE),
    ("prospects", DESK_READERS),
    ("overdueFollowUps", &[AMBASSADOR, SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("contracts", &[Owner, AMBASSADOR, SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("appointments", &[Owner, SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("appointmentStatistics", &[MANAGER, GROUP_SUPERVISOR, AUDITOR]),
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
    // Handovers, customers' files, privacy
    ("createHandoverSlots", &[SERVICE_AGENT, MANAGER]),
    ("bookHandover", &[Owner, AMBASSADOR, SERVICE_AGENT, MANAGER]),
    ("rescheduleHandover", &[Owner, AMBASSADOR, SERVICE_AGENT, MANAGER]),
    ("cancelHandover", &[Owner, AMBASSADOR, SERVICE_AGENT, MANAGER]),
    ("assignHandoverStaff", &[SERVICE_AGENT, MANAGER]),
    ("startHandover", AT_THE_DOOR),
    ("tickHandoverStep", AT_THE_DOOR),
    ("recordHandoverDefect", AT_THE_DOOR),
    ("completeHandover", AT_THE_DOOR),
    ("fileOwnerDocument", AT_THE_DOOR),
    ("removeOwnerDocument", AT_THE_DOOR),
    ("setRequiredDocuments", &[ADMIN]),
    ("revealIdentityNumber", &[SERVICE_AGENT, SALES_AGENT, MANAGER]),
    ("recordIdentityNumber", &[SERVICE_AGENT, SALES_AGENT, MANAGER]),
    ("exportPersonalData", &[Owner, MANAGER]),
    ("eraseOwner", &[Owner, MANAGER]),
    // Activities
    ("activities", PEOPLE),
    ("activityRegistrations", VISITOR_READERS),
    ("activityInvitations", VISITOR_READERS),
    ("activityOpinions", VISITOR_READERS),
    ("partners", &[SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR, ADMIN]),
    ("createActivity", ORGANISERS),
    ("updateActivity", ORGANISERS),
    ("publishActivity", ORGANISERS),
    ("cancelActivity", ORGANISERS),
    ("inviteToActivity", ORGANISERS),
    ("evaluateActivity", ORGANISERS),
    ("closeActivity", ORGANISERS),
    ("nameCustomerClub", &[MANAGER, ADMIN]),
    ("registerForActivity", &[Owner, AMBASSADOR, SERVICE_AGENT, SALES_AGENT, MANAGER]),
    ("cancelRegistration", &[Owner, AMBASSADOR, SERVICE_AGENT, SALES_AGENT, MANAGER]),
    ("recordAttendance", &[AMBASSADOR, SERVICE_AGENT, SALES_AGENT, MANAGER]),
    ("recordOpinion", &[Owner, AMBASSADOR, SERVICE_AGENT, SALES_AGENT, MANAGER]),
    ("assignOpinion", ORGANISERS),
    ("answerOpinion", ORGANISERS),
    ("calendarFeeds", SIGNED_IN),
    ("createCalendarFeed", SIGNED_IN),
    ("revokeCalendarFeed", SIGNED_IN),
    // Standard answers
    ("articles", PEOPLE),
    ("createArticle", &[SERVICE_AGENT, MANAGER, ADMIN]),
    ("updateArticle", &[SERVICE_AGENT, MANAGER, ADMIN]),
    ("publishArticle", &[MANAGER, ADMIN]),
    ("retireArticle", &[MANAGER, ADMIN]),
    // Surveys
    ("surveyInvitations", &[Owner, SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("surveys", &[SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("surveyTemplates", &[SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR, ADMIN]),
    ("improvementTasks", &[SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("surveyStatistics", &[MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("surveyAlerts", &[MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("saveSurveyAnswers", &[Owner, SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR]),
    ("submitSurvey", &[Owner, SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR]),
    ("createSurveyTemplate", &[GROUP_SUPERVISOR, ADMIN]),
    ("updateSurveyTemplate", &[GROUP_SUPERVISOR, ADMIN]),
    ("activateSurveyTemplate", &[GROUP_SUPERVISOR, ADMIN]),
    ("openSurvey", &[GROUP_SUPERVISOR]),
    ("completeImprovementTask", &[MANAGER, GROUP_SUPERVISOR]),
    // The catalogue of touchpoints
    ("updateTouchpoint", &[ADMIN]),
    // Before and at the signing
    ("createPublication", SALES),
    ("updatePublication", SALES),
    ("reviewPublication", DESK),
    ("publishPublication", &[MANAGER]),
    ("withdrawPublication", &[MANAGER]),
    ("publishDisclosure", SALES),
    ("withdrawDisclosure", SALES),
    ("recordShowHomeDeviation", SALES),
    ("attachDeviationNotice", SALES),
    ("registerProspect", SALES),
    ("assignProspect", &[MANAGER]),
    ("draftContract", SALES),
    ("acknowledgeClause", &[Owner, SALES_AGENT, MANAGER]),
    ("signContract", SALES),
    ("terminateContract", SALES),
    ("bookAppointment", &[Owner, SERVICE_AGENT, SALES_AGENT, MANAGER]),
    ("checkInAppointment", DESK),
    ("startAppointment", DESK),
    ("endAppointment", DESK),
    ("cancelAppointment", &[Owner, SERVICE_AGENT, SALES_AGENT, MANAGER]),
    ("markNoShow", DESK),
    ("moveStage", &[Owner, AMBASSADOR, SERVICE_AGENT, SALES_AGENT, MANAGER]),
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
    // Bulletins and milestones
    ("bulletins", NOTICE_READERS),
    ("bulletinDeliveries", &[AMBASSADOR, SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("publishBulletin", &[SERVICE_AGENT, MANAGER]),
    ("markBulletinRead", &[Owner]),
    ("bulletinPublished", NOTICE_READERS),
    ("planMilestone", &[SERVICE_AGENT, MANAGER]),
    ("reachMilestone", &[SERVICE_AGENT, MANAGER]),
    // Warranties and contractors
    ("warrantyTerms", &[SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR, ADMIN]),
    ("warrantyItems", &[AMBASSADOR, SERVICE_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("contractors", &[SERVICE_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR, ADMIN]),
    ("rectificationBatches", &[SERVICE_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("setWarrantyTerm", &[MANAGER, ADMIN]),
    ("createContractor", &[MANAGER, ADMIN]),
    ("updateContractor", &[MANAGER, ADMIN]),
    ("assignContractorParts", &[MANAGER, ADMIN]),
    ("createRectificationBatch", &[SERVICE_AGENT, MANAGER]),
    ("addTicketToBatch", &[SERVICE_AGENT, MANAGER]),
    ("sendRectificationBatch", &[SERVICE_AGENT, MANAGER]),
    ("completeRectificationBatch", &[SERVICE_AGENT, MANAGER]),
    // Areas, duty, follow-ups, escalations
    ("areaDuties", &[AMBASSADOR, SERVICE_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR, ADMIN]),
    ("areaTransfers", &[AMBASSADOR, MANAGER, GROUP_SUPERVISOR, AUDITOR, ADMIN]),
    ("absences", STAFF_ON_SITE_AND_ABOVE),
    ("dutyShifts", STAFF_ON_SITE_AND_ABOVE),
    ("followUpsDue", &[AMBASSADOR, SERVICE_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("followUpRate", &[SERVICE_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("escalations", &[MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("urgentReaction", &[SERVICE_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("transferArea", &[MANAGER, ADMIN]),
    ("cancelAreaTransfer", &[MANAGER, ADMIN]),
    ("assignArea", &[MANAGER, ADMIN]),
    ("assignHouseholds", &[MANAGER]),
    ("endAbsence", &[MANAGER, ADMIN]),
    ("planDutyShift", &[MANAGER, ADMIN]),
    ("cancelDutyShift", &[MANAGER, ADMIN]),
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

/// Who sees the ends of a customer's identity number: staff who keep the customer's papers.
pub fn may_see_masked_identity(viewer: &Viewer) -> bool {
    viewer.staff_id().is_some() && may_see_file(viewer)
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
    let width = root_fields().map(str::len).max().unwrap_or_default() + 1;
    let mut text =
        format!("{:<width$}anon owner partn ambas techn agent sales manag super audit admin\n", "root field");
    for (field, callers) in ROOT_FIELDS {
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
