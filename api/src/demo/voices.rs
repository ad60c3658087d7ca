//! What customers were asked and what they said: the surveys of the last two months, opened and closed by the job, and
//! answered by the customers themselves.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    improvement_task as task, survey_invitation as invitation, survey_question as question,
    vocab::{Department, Dimension, InvitationStatus, QuestionKind, Role, SurveyKind},
};
use uuid::Uuid;

use super::{
    company::{Company, all},
    days::{local_day, on},
    households::FIRST_HOMES,
    random::Random,
};
use crate::{
    auth::viewer::{Principal, Viewer},
    clock::ManualClock,
    domain::figure::Month,
    error::Result,
    jobs,
    service::{
        Services,
        survey::{
            answer::{self, Reply},
            campaign as campaigns, improvement, template,
        },
    },
    store,
};

/// What is done about surveys, and when.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    /// The job comes by.
    Job,
    /// The group asks the households of the first so many projects.
    Ask(usize),
    /// Customers answer: so many of a hundred of those who were asked about a handover, and about everyday service.
    Answer(u64, u64),
    /// A department says what it did about a bad result.
    Improve,
}

/// How long ago the households of the first project were asked: they may still answer.
const ASKED: TimeDelta = TimeDelta::days(2);

const WISHES: [&str; 4] =
    ["报修时能先告诉大概几点到", "地下车库灯光太暗", "活动可以多安排在周末", "管家很负责，希望不要换人"];

/// Lives through the surveys until `now`.
pub(super) async fn hear(
    services: &Services,
    clock: &ManualClock,
    company: &Company,
    random: &mut Random,
    now: DateTime<Utc>,
) -> Result<()> {
    for (at, step) in steps(now) {
        clock.set(at);
        match step {
            Step::Job => {
                jobs::run_surveys(services).await?;
            }
            Step::Ask(projects) => ask(services, company, projects).await?,
            Step::Answer(handovers, service) => {
                answer_all(services, clock, company, random, (handovers, service), now).await?;
            }
            Step::Improve => improve(services, company).await?,
        }
    }
    Ok(())
}

/// In the order of time, nothing that lies ahead.
fn steps(now: DateTime<Utc>) -> Vec<(DateTime<Utc>, Step)> {
    let month = Month::of(local_day(now - ASKED));
    let opening = |month: Month| on(month.first(), 9, 10);
    let (earlier, later) = (opening(month.previous()), opening(month));
    let days = TimeDelta::days;
    let mut steps = vec![
        (earlier, Step::Job),
        (earlier + days(2), Step::Ask(2)),
        (earlier + days(6), Step::Answer(80, 30)),
        (earlier + days(18), Step::Job),
        (earlier + days(23), Step::Improve),
        (later, Step::Job),
        (later + days(3), Step::Answer(80, 0)),
        (later + days(15), Step::Job),
        (now - ASKED, Step::Ask(1)),
    ];
    steps.retain(|(at, _)| *at <= now);
    steps.sort_by_key(|(at, _)| *at);
    steps
}

async fn ask(services: &Services, company: &Company, projects: usize) -> Result<()> {
    let group = company.only(Role::GroupSupervisor).viewer();
    for project in company.projects.iter().take(projects) {
        campaigns::open_by_hand(services, &group, project.id, SurveyKind::PropertyService).await?;
    }
    Ok(())
}

async fn answer_all(
    services: &Services,
    clock: &ManualClock,
    company: &Company,
    random: &mut Random,
    (handovers, service): (u64, u64),
    now: DateTime<Utc>,
) -> Result<()> {
    let waiting = company.households[FIRST_HOMES[0]].owners[0];
    let mut asked = all::<invitation::Entity>(services).await?;
    asked.retain(|survey| survey.status == InvitationStatus::Open && survey.owner_id != Some(waiting));
    for survey in asked {
        let share = if survey.kind == SurveyKind::PropertyService { service } else { handovers };
        let (Some(owner), true) = (survey.owner_id, random.chance(share)) else { continue };
        let passed = clock.advance(TimeDelta::minutes(random.between(3..=40)));
        clock.set(passed.min(now));
        let answers = answers(services, &survey, random).await?;
        let reply = Reply { invitation_id: survey.id, answers, channel: None, idempotency_key: None };
        answer::submit(services, &Viewer::of(Principal::Owner(owner)), reply).await?;
    }
    Ok(())
}

async fn answers(
    services: &Services,
    survey: &invitation::Model,
    random: &mut Random,
) -> Result<Vec<(Uuid, Option<String>)>> {
    let conn = services.db.reader();
    let campaigns = store::survey::campaign::by_ids(conn, &Viewer::system(), &[survey.campaign_id]).await?;
    let templates: Vec<Uuid> = campaigns.values().map(|campaign| campaign.template_id).collect();
    let questions = store::survey::template::questions(conn, &Viewer::system(), &templates).await?;
    let questions = questions.into_values().flatten();
    Ok(questions.map(|question| (question.id, said(survey.kind, &question, random))).collect())
}

/// What a customer says. How long things take is what people are least content with.
fn said(kind: SurveyKind, question: &question::Model, random: &mut Random) -> Option<String> {
    let is_slow = kind == SurveyKind::PropertyService && question.dimension == Dimension::Timeliness;
    let options = template::options(question);
    match question.kind {
        QuestionKind::Rating if is_slow => Some(random.weighted(&[(5, 25), (4, 38), (3, 27), (2, 10)]).to_string()),
        QuestionKind::Rating => Some(random.weighted(&[(5, 64), (4, 30), (3, 6)]).to_string()),
        QuestionKind::Nps => Some(random.weighted(&[(10, 30), (9, 28), (8, 22), (7, 10), (5, 10)]).to_string()),
        // The last choice is that there was no trouble.
        QuestionKind::SingleChoice => options.last().map(|choice| choice.value.clone()),
        QuestionKind::MultipleChoice => {
            let wish = options.get(random.below(options.len()))?;
            Some(format!("[\"{}\"]", wish.value))
        }
        QuestionKind::Text => random.chance(30).then(|| random.pick(&WISHES).to_owned()),
    }
}

/// One of the tasks that the bad results opened is done by now.
async fn improve(services: &Services, company: &Company) -> Result<()> {
    let tasks = all::<task::Entity>(services).await?;
    let own = |task: &&task::Model| {
        task.department == Department::PropertyCompany && task.project_id == company.projects[1].id
    };
    let open = tasks.iter().find(own);
    if let Some(task) = open {
        let measure = "派单后短信告知预计到达时间，超过约定时间三十分钟自动提醒主管。";
        improvement::complete(services, &company.only(Role::Manager).viewer(), task.id, measure).await?;
    }
    Ok(())
}
