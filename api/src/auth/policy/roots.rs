//! The root fields of the API and who may call each. A field without a row can't be called.

use entity::vocab::Role;

/// Groups of callers, as the root table names them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Caller {
    Anyone,
    Owner,
    Partner,
    Staff(Role),
}

pub(super) use Caller::{Anyone, Owner, Partner};

const AMBASSADOR: Caller = Caller::Staff(Role::Ambassador);
const TECHNICIAN: Caller = Caller::Staff(Role::Technician);
const SERVICE_AGENT: Caller = Caller::Staff(Role::ServiceAgent);
const SALES_AGENT: Caller = Caller::Staff(Role::SalesAgent);
const MANAGER: Caller = Caller::Staff(Role::Manager);
const GROUP_SUPERVISOR: Caller = Caller::Staff(Role::GroupSupervisor);
const AUDITOR: Caller = Caller::Staff(Role::Auditor);
const ADMIN: Caller = Caller::Staff(Role::Admin);

pub(super) const SIGNED_IN: &[Caller] =
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

/// Everyone who signs in with a password.
const STAFF: &[Caller] =
    &[AMBASSADOR, TECHNICIAN, SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR, ADMIN];

const SALES: &[Caller] = &[SALES_AGENT, MANAGER];
const DESK: &[Caller] = &[SERVICE_AGENT, SALES_AGENT, MANAGER];
const DESK_READERS: &[Caller] = &[SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR];

/// What can be taken away as a file, and who may: those who list it in the API, except customers and whoever is only sent to
/// a home. What is in the file is narrowed by scope.
pub(super) const EXPORTS: &[(&str, &[Caller])] = &[
    ("tickets", &[AMBASSADOR, SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("surveys", DESK_READERS),
    ("figures", FIGURE_READERS),
    ("owner-ledger", &[AMBASSADOR, SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("warranty-ledger", &[AMBASSADOR, SERVICE_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
];

/// Every root field and who may call it. What a caller then sees is narrowed by scope, and what it may do by `may_act`.
pub(super) const ROOT_FIELDS: &[(&str, &[Caller])] = &[
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
    ("unregisterDevice", PEOPLE),
    // Tickets
    ("applyTicketActions", &[Owner, AMBASSADOR, TECHNICIAN, SERVICE_AGENT, MANAGER]),
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
    ("staff", &[MANAGER, GROUP_SUPERVISOR, AUDITOR, ADMIN]),
    ("createStaff", &[ADMIN]),
    ("updateStaff", &[ADMIN]),
    ("setStaffProjects", &[ADMIN]),
    ("disableStaff", &[ADMIN]),
    ("enableStaff", &[ADMIN]),
    ("resetStaffPassword", &[ADMIN]),
    ("changePassword", STAFF),
    ("projects", &[GROUP_SUPERVISOR, AUDITOR, ADMIN]),
    ("createProject", &[ADMIN]),
    ("updateProject", &[ADMIN]),
    ("createPartner", &[ADMIN]),
    ("updatePartner", &[ADMIN]),
    ("rotatePartnerSecret", &[ADMIN]),
    ("endOldPartnerSecret", &[ADMIN]),
    ("disablePartner", &[ADMIN]),
    ("enablePartner", &[ADMIN]),
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
    (
        "createCalendarFeed",
        &[Owner, Partner, AMBASSADOR, TECHNICIAN, SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, ADMIN],
    ),
    (
        "revokeCalendarFeed",
        &[Owner, Partner, AMBASSADOR, TECHNICIAN, SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, ADMIN],
    ),
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
    // What one is told
    ("notifications", PEOPLE),
    ("unreadNotificationCount", PEOPLE),
    ("markNotificationsRead", PEOPLE),
    ("notificationReceived", PEOPLE),
    ("notificationSettings", PEOPLE),
    ("enumDisplayNames", &[Anyone]),
    ("updateNotificationSettings", PEOPLE),
    ("resendNotifications", &[ADMIN]),
    ("undeliveredNotifications", &[ADMIN]),
    // Operators' systems
    ("webhookEndpoints", &[ADMIN]),
    ("webhookDeliveries", &[ADMIN]),
    ("createWebhookEndpoint", &[ADMIN]),
    ("updateWebhookEndpoint", &[ADMIN]),
    ("pauseWebhookEndpoint", &[ADMIN]),
    ("resumeWebhookEndpoint", &[ADMIN]),
    ("deleteWebhookEndpoint", &[ADMIN]),
    ("rotateWebhookSecret", &[ADMIN]),
    ("testWebhookEndpoint", &[ADMIN]),
    ("replayWebhookDeliveries", &[ADMIN]),
    ("planMilestone", &[SERVICE_AGENT, MANAGER]),
    ("reachMilestone", &[SERVICE_AGENT, MANAGER]),
    // Warranties and contractors
    ("warrantyTerms", &[SERVICE_AGENT, SALES_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR, ADMIN]),
    ("warrantyItems", &[AMBASSADOR, SERVICE_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("contractors", &[SERVICE_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR, ADMIN]),
    ("rectificationBatches", &[SERVICE_AGENT, MANAGER, GROUP_SUPERVISOR, AUDITOR]),
    ("setWarrantyTerm", &[MANAGER, ADMIN]),
    ("deadlinePolicies", &[MANAGER, GROUP_SUPERVISOR, AUDITOR, ADMIN]),
    ("setDeadlinePolicy", &[ADMIN]),
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
