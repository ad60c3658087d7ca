// @graphql-eslint's schema-recommended and schema-relay over the schema, whole, with the few allowances that it needs. Each
// stands here with its reason; `suites/lint.js` fails when one covers more than is listed, or nothing any more.

import graphql from '@graphql-eslint/eslint-plugin';

import { ROOT } from './server.js';

/** Types without an id, beside payloads, connections and edges: nothing of theirs can be asked for again by itself. */
export const VALUES = {
  'counted for the question that was asked': [
    'AmbassadorCoverage', 'AmbassadorLoad', 'AppointmentStatistics', 'ChannelReach', 'ComplaintCounts', 'ComplaintStatistics', 'ComplaintsOfCause',
    'ComplaintsOfDepartment', 'ComplaintsOfMonth', 'DepartmentRank', 'Figure', 'FigureCorrection', 'FigureItem', 'FollowUpRate',
    'MilestoneCoverage', 'PublishedFigure', 'StaffRank', 'SurveyAlert', 'SurveyDimensionResult', 'SurveyGroup', 'SurveyQuestionResult',
    'SurveyResult', 'SurveyStatistics', 'SurveyValueCount', 'TrainingStatus', 'UrgentReaction', 'WebhookTest',
  ],
  'a part of the object that holds it, read and changed with it': [
    'ActivityInvitation', 'AmbassadorAssignment', 'Appointment', 'ChannelMessage', 'ClauseAcknowledgement', 'EnumValueDisplayName', 'HandoverStep', 'JourneyEntry',
    'NotificationChoice', 'OwnerFile', 'ProjectDisclosures', 'PublicationReview', 'QuietHours', 'StageChange', 'SurveyAnswer', 'SurveyOption', 'SurveyShowIf', 'TouchpointDue',
    'WorkingCalendar', 'WorkingPeriod',
  ],
  'the settings of whoever asks, of which there is one': ['NotificationSettings'],
  'a row of the company\'s settings, known by its kind': ['DeadlinePolicy', 'RequiredDocuments', 'WarrantyTerm'],
  'a list of the schema\'s own, known by its name': ['EnumDisplayNames'],
  'has tokens instead': ['Session'],
  'has the key of its action': ['TicketActionOutcome'],
  'has the cursor of its event': ['TicketStatusChange'],
  'Relay\'s specification says what it holds': ['PageInfo'],
  'says what is wrong with a call': ['UserError'],
};

/** Lists of objects that are no connections: all of them are short, and are always shown whole. */
export const SHORT_LISTS = {
  'the apps\' documents read it as a list': [
    'Owner.journey', 'Staff.projects', 'Survey.questions', 'SurveyInvitation.answers', 'SurveyQuestion.options', 'Ticket.attachments',
    'Unit.owners', 'Unit.warrantyItems',
  ],
  'Relay\'s specification says so': ['Query.nodes'],
  'one for each action that was sent': ['ApplyTicketActionsPayload.outcomes'],
  'one for each value of an enum, or for each part of a closed list': [
    'Handover.steps', 'Project.milestones', 'Project.publishedFigures', 'ProjectDisclosures.published', 'Publication.reviews',
    'Bulletin.reach', 'BulletinDelivery.messages', 'EnumDisplayNames.values', 'NotificationSettings.choices', 'Query.deadlinePolicies', 'Query.enumDisplayNames', 'Query.requiredDocuments', 'Query.warrantyTerms', 'Query.figures', 'SurveyDimensionResult.distribution',
    'SurveyQuestionResult.distribution', 'SurveyResult.dimensions', 'ComplaintStatistics.byRootCause', 'ComplaintStatistics.byDepartment',
  ],
  'one for each month, member of staff, department or group of what was counted': [
    'ComplaintStatistics.byMonth', 'Project.ambassadorLoads', 'Query.staffRanking', 'Query.departmentRanking', 'Query.surveyAlerts',
    'SurveyStatistics.groups',
  ],
  'what one contract, home, handover, inspection, template or person has of it': [
    'Contract.buyers', 'Contract.clauses', 'ContractClause.acknowledgements', 'CreateHandoverSlotsPayload.slots', 'Handover.defects',
    'Inspection.findings', 'InspectionPlan.points', 'OwnerFile.documents', 'ProjectDisclosures.deviations',
    'ProjectDisclosures.deviationsWithoutNotice', 'Staff.trainings', 'SurveyResult.questions', 'SurveyTemplate.questions',
    'Unit.ambassadorHistory', 'WorkingCalendar.periods',
  ],
};

/** Edges whose node is one of the values above: they are paged through, and have no id. */
export const EDGES_OF_VALUES = ['ActivityInvitationEdge', 'FigureItemEdge', 'StageChangeEdge'];

const PLUGIN = '@graphql-eslint';

/** Everything that the two presets say, without any allowance. */
const strict = { ...graphql.configs['flat/schema-recommended'].rules, ...graphql.configs['flat/schema-relay'].rules };

const allowances = {
  // Payloads, connections and edges are wrappers, as Relay has them.
  [`${PLUGIN}/strict-id-in-types`]: ['error', { exceptions: { suffixes: ['Payload', 'Connection', 'Edge'], types: Object.values(VALUES).flat() } }],
  // The rule takes every list beside `edges` for a fault. The apps' documents read `nodes`, `userErrors` and short lists.
  [`${PLUGIN}/relay-edge-types`]: ['error', { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false }],
};

function config(rules) {
  const languageOptions = { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: `${ROOT}schema.graphql` } } };
  return [{ files: ['**/*.graphql'], languageOptions, plugins: { [PLUGIN]: graphql }, rules }];
}

export const STRICT = config(strict);
export const ALLOWING = config({ ...strict, ...allowances });
