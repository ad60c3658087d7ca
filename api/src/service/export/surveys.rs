//! The table of surveys: one row an answer, and one for each invitation of which the viewer reads no answer.

use std::collections::HashMap;

use chrono_tz::Tz;
use entity::{
    owner, staff, survey_answer, survey_campaign, survey_invitation, survey_question,
    vocab::{InvitationStatus, QuestionKind},
};
use uuid::Uuid;

use super::{Ask, PLACE, Page, Spot, distinct, keyset, place_cells, time_zone};
use crate::{
    domain::{
        export::{Cell, Heading, Row, Word},
        survey::calendar,
    },
    error::Result,
    language::written,
    service::survey::template::options,
    store::{
        self,
        survey::{campaign, invitation, invitation::InvitationFilter, template},
    },
};

pub(super) const HEADINGS: &[Heading] = &[
    Heading::new("调查", "Survey", 24),
    Heading::new("调查类型", "Survey kind", 16),
    Heading::new("月份", "Month", 10),
    PLACE[0],
    PLACE[1],
    PLACE[2],
    PLACE[3],
    Heading::new("客户", "Customer", 12),
    Heading::new("状态", "Status", 10),
    Heading::new("时区", "Time zone", 16),
    Heading::new("邀请时间", "Invited at", 20),
    Heading::new("截止时间", "Expires at", 20),
    Heading::new("提交时间", "Submitted at", 20),
    Heading::new("渠道", "Channel", 8),
    Heading::new("访问员", "Interviewer", 12),
    Heading::new("题号", "Question number", 8),
    Heading::new("题型", "Question kind", 10),
    Heading::new("维度", "Dimension", 8),
    Heading::new("题目", "Question", 40),
    Heading::new("回答", "Answer", 30),
    Heading::new("分值", "Number", 8),
];

/// How many of the columns are about a question.
const OF_A_QUESTION: usize = 6;

/// Whom and what the invitations of a page name.
struct Named {
    places: HashMap<Uuid, Spot>,
    /// The time zones of the projects, for customers without a home in them.
    zones: HashMap<Uuid, (String, Tz)>,
    owners: HashMap<Uuid, owner::Model>,
    staff: HashMap<Uuid, staff::Model>,
    campaigns: HashMap<Uuid, survey_campaign::Model>,
    questions: HashMap<Uuid, survey_question::Model>,
    answers: HashMap<Uuid, Vec<survey_answer::Model>>,
}

pub(super) async fn page(ask: &Ask, after: Option<Uuid>) -> Result<Page> {
    let conn = ask.services.db.reader();
    let filter = InvitationFilter {
        kind: ask.narrowing.survey_kind,
        project_id: ask.narrowing.project_id,
        ..InvitationFilter::default()
    };
    let list = invitation::sent_between(&ask.viewer, &filter, (ask.narrowing.from, ask.end()), ask.now);
    let slice = list.page(conn, &keyset(after)).await?;
    let last = slice.rows.last().filter(|_| slice.has_next).map(|row| row.id);
    let mut named = named(ask, &slice.rows).await?;
    let mut rows = Vec::new();
    for invitation in slice.rows {
        let answers = named.answers.remove(&invitation.id).unwrap_or_default();
        rows.extend(rows_of(ask, &invitation, answers, &named));
    }
    Ok((rows, last))
}

async fn named(ask: &Ask, rows: &[survey_invitation::Model]) -> Result<Named> {
    let (conn, viewer) = (ask.services.db.reader(), &ask.viewer);
    let ids = |of: fn(&survey_invitation::Model) -> Option<Uuid>| distinct(rows.iter().filter_map(of).collect());
    let campaigns = campaign::by_ids(conn, viewer, &ids(|row| Some(row.campaign_id))).await?;
    let templates = distinct(campaigns.values().map(|campaign| campaign.template_id).collect());
    let questions = template::questions(conn, viewer, &templates).await?.into_values().flatten();
    let projects = store::company::projects(conn, viewer, &ids(|row| Some(row.project_id))).await?;
    let zone = |(id, row): (Uuid, entity::project::Model)| Ok((id, (row.name.clone(), time_zone(&row)?)));
    Ok(Named {
        places: ask.places(ids(|row| row.unit_id)).await?,
        zones: projects.into_iter().map(zone).collect::<Result<_>>()?,
        owners: store::owner::by_ids(conn, viewer, &ids(|row| row.owner_id)).await?,
        staff: store::staff::by_ids(conn, viewer, &ids(|row| row.interviewer_id)).await?,
        campaigns,
        questions: questions.map(|question| (question.id, question)).collect(),
        answers: invitation::answers(conn, viewer, &ids(|row| Some(row.id))).await?,
    })
}

fn rows_of(
    ask: &Ask,
    invitation: &survey_invitation::Model,
    answers: Vec<survey_answer::Model>,
    named: &Named,
) -> Vec<Row> {
    let begin = cells(ask, invitation, named);
    if answers.is_empty() {
        return vec![begin.into_iter().chain([const { Cell::Empty }; OF_A_QUESTION]).collect()];
    }
    let mut answered: Vec<_> =
        answers.into_iter().map(|answer| (named.questions.get(&answer.question_id), answer)).collect();
    answered.sort_by_key(|(question, answer)| (question.map(|question| question.position), answer.id));
    let row = |(question, answer)| begin.iter().cloned().chain(answer_cells(ask, question, answer)).collect();
    answered.into_iter().map(row).collect()
}

fn cells(ask: &Ask, invitation: &survey_invitation::Model, named: &Named) -> Vec<Cell> {
    let language = ask.language;
    let campaign = named.campaigns.get(&invitation.campaign_id);
    let (project, time_zone) =
        named.zones.get(&invitation.project_id).map_or(("", Tz::UTC), |(name, zone)| (name.as_str(), *zone));
    let is_over = invitation.status == InvitationStatus::Open && invitation.expires_at <= ask.now;
    let status = if is_over { InvitationStatus::Expired } else { invitation.status };
    let [_, building, section, room] = place_cells(invitation.unit_id.and_then(|id| named.places.get(&id)));
    let owner = invitation.owner_id.and_then(|id| named.owners.get(&id));
    let interviewer = invitation.interviewer_id.and_then(|id| named.staff.get(&id));
    vec![
        Cell::optional(campaign, |campaign| {
            Cell::text(written(campaign.written.as_ref(), &campaign.title, language.spoken()))
        }),
        invitation.kind.cell(language),
        Cell::optional(invitation.cohort_month, |month| Cell::text(calendar::written(month))),
        Cell::text(project),
        building,
        section,
        room,
        Cell::optional(owner, |owner| Cell::text(&owner.name)),
        status.cell(language),
        Cell::text(time_zone.name()),
        Cell::at(invitation.invited_at, time_zone),
        Cell::at(invitation.expires_at, time_zone),
        Cell::optional(invitation.submitted_at, |at| Cell::at(at, time_zone)),
        Cell::optional(invitation.channel, |channel| channel.cell(language)),
        Cell::optional(interviewer, |staff| Cell::text(&staff.name)),
    ]
}

fn answer_cells(
    ask: &Ask,
    question: Option<&survey_question::Model>,
    answer: survey_answer::Model,
) -> [Cell; OF_A_QUESTION] {
    let number = Cell::optional(answer.number, |number| Cell::Count(number.into()));
    let Some(question) = question else {
        return [Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, Cell::text(answer.value), number];
    };
    [
        Cell::Count(question.position.into()),
        question.kind.cell(ask.language),
        question.dimension.cell(ask.language),
        Cell::text(&question.prompt),
        Cell::text(said(question, answer.value)),
        number,
    ]
}

/// The answer as the customer read it: of a choice its labels.
fn said(question: &survey_question::Model, value: String) -> String {
    let chosen: Vec<String> = match question.kind {
        QuestionKind::SingleChoice => vec![value.clone()],
        QuestionKind::MultipleChoice => serde_json::from_str(&value).unwrap_or_default(),
        QuestionKind::Rating | QuestionKind::Nps | QuestionKind::Text => Vec::new(),
    };
    if chosen.is_empty() {
        return value;
    }
    let options = options(question);
    let label =
        |value: &String| options.iter().find(|it| it.value == *value).map_or(value.clone(), |it| it.label.clone());
    chosen.iter().map(label).collect::<Vec<_>>().join("、")
}
