//! Answers: kept as they come in, handed in once; by the customer, or by staff on the customer's behalf.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::{
    survey_answer as answer, survey_invitation as invitation,
    vocab::{Channel, InvitationStatus, QuestionKind, Role},
};
use uuid::Uuid;

use super::template::rule;
use crate::{
    auth::viewer::{Principal, Viewer},
    domain::survey::{
        answer::{Accepted, Given, accept, missing, shown},
        question::Question,
    },
    error::{Error, Fault, FaultCode, Message, Result},
    service::{
        Services,
        idempotent::{Claim, Repeatable},
        webhook,
    },
    store::{self, Conn, db::Tx},
};

const MOST_ANSWERS: usize = 100;

/// Answers to a survey.
#[derive(Clone, Debug)]
pub struct Reply {
    pub invitation_id: Uuid,
    /// Question and answer; none takes an earlier answer back.
    pub answers: Vec<(Uuid, Option<String>)>,
    /// For staff: how the customer was asked.
    pub channel: Option<Channel>,
    pub idempotency_key: Option<String>,
}

/// Keeps answers for later.
pub async fn save(services: &Services, viewer: &Viewer, reply: Reply) -> Result<invitation::Model> {
    take(services, viewer, &reply, false).await
}

/// Keeps answers and hands the survey in.
pub async fn submit(services: &Services, viewer: &Viewer, reply: Reply) -> Result<invitation::Model> {
    take(services, viewer, &reply, true).await
}

async fn take(services: &Services, viewer: &Viewer, reply: &Reply, is_last: bool) -> Result<invitation::Model> {
    if reply.answers.len() > MOST_ANSWERS {
        return Err(Error::fault(FaultCode::OutOfRange, "answers", Message::AnswerCount { most: MOST_ANSWERS.into() }));
    }
    let now = services.now();
    let operation = if is_last { "submitSurvey" } else { "saveSurveyAnswers" };
    let call = Repeatable { key: reply.idempotency_key.as_deref(), operation };
    let request = format!("{:?} {:?} {:?}", reply.invitation_id, reply.answers, reply.channel);
    let tx = services.db.begin().await?;
    let is_fresh = call.claim(&tx, viewer, &request, now).await? == Claim::Fresh;
    if is_fresh {
        answer_one(services, &tx, viewer, reply, is_last, now).await?;
        call.complete(&tx, viewer, reply.invitation_id).await?;
    }
    let invitation = find(&tx, viewer, reply.invitation_id).await?;
    if is_fresh && is_last {
        webhook::events::survey_submitted(services, &tx, &invitation).await?;
    }
    tx.commit().await?;
    Ok(invitation)
}

async fn find(conn: &impl Conn, viewer: &Viewer, id: Uuid) -> Result<invitation::Model> {
    store::survey::invitation::by_id(conn, viewer, id).await?.ok_or_else(|| Error::unknown("invitationId"))
}

async fn answer_one(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    reply: &Reply,
    is_last: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    let survey = find(tx, viewer, reply.invitation_id).await?;
    let channel = channel(tx, viewer, &survey, reply.channel).await?;
    if !store::survey::invitation::hold_open(tx, survey.id, now).await? {
        return Err(over(&find(tx, viewer, survey.id).await?));
    }
    let questions = questions(tx, &survey).await?;
    keep(services, tx, &survey, &questions, &reply.answers, now).await?;
    if is_last {
        drop_hidden(tx, &survey, &questions).await?;
    }
    let survey = find(tx, viewer, survey.id).await?;
    let row = invitation::Model {
        status: if is_last { InvitationStatus::Submitted } else { survey.status },
        submitted_at: is_last.then_some(now),
        channel: Some(channel),
        interviewer_id: viewer.staff_id(),
        ..survey
    };
    store::survey::invitation::update(tx, row).await
}

fn over(survey: &invitation::Model) -> Error {
    match survey.status {
        InvitationStatus::Submitted => {
            Error::fault(FaultCode::IllegalTransition, "invitationId", Message::SurveyHandedIn)
        }
        InvitationStatus::Open | InvitationStatus::Expired => {
            Error::fault(FaultCode::TooLate, "invitationId", Message::SurveyOver)
        }
    }
}

/// By which way the answers came. Customers answer in the app; staff say how they asked, and never about themselves.
async fn channel(
    conn: &impl Conn,
    viewer: &Viewer,
    survey: &invitation::Model,
    said: Option<Channel>,
) -> Result<Channel> {
    let Principal::Staff { id, .. } = viewer.principal else {
        let message = Message::OnlyStaffSayTheWay;
        return match said {
            None | Some(Channel::App) => Ok(Channel::App),
            Some(_) => Err(Error::fault(FaultCode::Invalid, "channel", message)),
        };
    };
    if viewer.role() == Some(Role::GroupSupervisor) {
        super::allow(viewer)?;
    }
    let said = said.ok_or_else(|| Error::fault(FaultCode::Required, "channel", Message::SayTheWay))?;
    if said == Channel::App {
        let message = Message::CustomersAnswerInTheApp;
        return Err(Error::fault(FaultCode::Invalid, "channel", message));
    }
    if store::survey::own_work::is_own(conn, survey, id).await? {
        let message = Message::AboutOwnWork;
        return Err(Error::fault(FaultCode::NotAvailable, "invitationId", message));
    }
    Ok(said)
}

async fn questions(conn: &impl Conn, survey: &invitation::Model) -> Result<Vec<Question>> {
    let system = Viewer::system();
    let campaigns = store::survey::campaign::by_ids(conn, &system, &[survey.campaign_id]).await?;
    let campaign = campaigns.get(&survey.campaign_id).ok_or_else(|| Error::internal("a survey without a campaign"))?;
    let found = store::survey::template::questions(conn, &system, &[campaign.template_id]).await?;
    Ok(found.get(&campaign.template_id).into_iter().flatten().map(rule).collect())
}

/// Writes the answers down, or says of each wrong one what the question takes.
async fn keep(
    services: &Services,
    tx: &Tx,
    survey: &invitation::Model,
    questions: &[Question],
    answers: &[(Uuid, Option<String>)],
    now: DateTime<Utc>,
) -> Result<()> {
    // The last answer to a question counts.
    let answers: BTreeMap<Uuid, Option<&str>> = answers.iter().map(|(id, value)| (*id, value.as_deref())).collect();
    let (mut kept, mut taken_back, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    for (question_id, value) in answers {
        let Some(question) = questions.iter().find(|question| question.id == question_id) else {
            faults.push(Fault::new(FaultCode::NotFound, "answers", Message::QuestionOfAnotherSurvey));
            continue;
        };
        let Some(value) = value else {
            taken_back.push(question_id);
            continue;
        };
        match accept(question, &given(question, value)) {
            Ok(accepted) => kept.push(answer_row(services, survey.id, question_id, accepted, now)?),
            Err(wanted) => {
                let message = Message::QuestionTakes { number: question.position.into(), wanted: Box::new(wanted) };
                faults.push(Fault::new(FaultCode::Invalid, "answers", message));
            }
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    store::survey::invitation::take_back(tx, survey.id, &taken_back).await?;
    store::survey::invitation::keep(tx, kept).await
}

/// Several choices come as a JSON list.
fn given(question: &Question, value: &str) -> Given {
    let list = (question.kind == QuestionKind::MultipleChoice).then(|| serde_json::from_str(value).ok()).flatten();
    list.map_or_else(|| Given::One(value.to_owned()), Given::Several)
}

fn answer_row(
    services: &Services,
    invitation_id: Uuid,
    question_id: Uuid,
    accepted: Accepted,
    now: DateTime<Utc>,
) -> Result<answer::Model> {
    let value = match accepted.given {
        Given::One(value) => value,
        Given::Several(values) => serde_json::to_string(&values).map_err(Error::internal)?,
    };
    let id = services.new_id(now);
    Ok(answer::Model { id, invitation_id, question_id, value, number: accepted.number, answered_at: now })
}

/// Checks that what must be answered is, and drops the answers to questions that do not show any more.
async fn drop_hidden(tx: &Tx, survey: &invitation::Model, questions: &[Question]) -> Result<()> {
    let found = store::survey::invitation::answers(tx, &Viewer::system(), &[survey.id]).await?;
    let mut answers = BTreeMap::new();
    for row in found.get(&survey.id).into_iter().flatten() {
        if let Some(question) = questions.iter().find(|question| question.id == row.question_id) {
            answers.insert(row.question_id, given(question, &row.value));
        }
    }
    let faults: Vec<Fault> = missing(questions, &answers)
        .into_iter()
        .map(|question| {
            let message = Message::QuestionMustBeAnswered { number: question.position.into() };
            Fault::new(FaultCode::Required, "answers", message)
        })
        .collect();
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let shown = shown(questions, &answers);
    let hidden: Vec<Uuid> = answers.keys().copied().filter(|id| !shown.contains(id)).collect();
    store::survey::invitation::take_back(tx, survey.id, &hidden).await
}
