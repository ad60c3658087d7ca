//! Questionnaires: made as drafts, put to use as they are, and never changed after that.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::{
    survey_question as question, survey_template as template,
    vocab::{SurveyKind, TemplateStatus},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    auth::viewer::Viewer,
    domain::{
        survey::question::{Choice, Draft, Question, ShowIf, checked},
        text,
    },
    error::{Error, FaultCode, Message, Result},
    service::Services,
    store::{self, audit::Act, db::Tx},
};

const LONGEST_TITLE: usize = 100;

/// Makes the next version of a questionnaire, as a draft.
pub async fn create(
    services: &Services,
    viewer: &Viewer,
    kind: SurveyKind,
    title: &str,
    questions: Vec<Draft>,
) -> Result<template::Model> {
    super::allow(viewer)?;
    let title = text::required_line("title", title, LONGEST_TITLE)?;
    let questions = checked(questions)?;
    let now = services.now();
    let tx = services.db.begin().await?;
    let row = template::Model {
        id: services.new_id(now),
        kind,
        version: store::survey::template::last_version(&tx, kind).await? + 1,
        title,
        status: TemplateStatus::Draft,
        created_by: viewer.staff_id(),
        created_at: now,
    };
    let rows = question_rows(services, row.id, questions, now);
    if !store::survey::template::insert(&tx, row.clone(), rows).await? {
        let message = Message::VersionMadeMeanwhile;
        return Err(Error::fault(FaultCode::Conflict, "kind", message));
    }
    note(services, &tx, viewer, "CREATE_SURVEY_TEMPLATE", &row).await?;
    tx.commit().await?;
    Ok(row)
}

/// Replaces title and questions of a draft.
pub async fn update(
    services: &Services,
    viewer: &Viewer,
    id: Uuid,
    title: &str,
    questions: Vec<Draft>,
) -> Result<template::Model> {
    super::allow(viewer)?;
    let title = text::required_line("title", title, LONGEST_TITLE)?;
    let questions = checked(questions)?;
    let tx = services.db.begin().await?;
    let row = find(&tx, viewer, id).await?;
    let row = template::Model { title: title.clone(), ..row };
    let rows = question_rows(services, id, questions, services.now());
    if !store::survey::template::replace(&tx, id, title, rows).await? {
        return Err(in_use());
    }
    note(services, &tx, viewer, "UPDATE_SURVEY_TEMPLATE", &row).await?;
    tx.commit().await?;
    Ok(row)
}

/// Puts a draft to use: campaigns that open from now on ask it, and the version before retires.
pub async fn activate(services: &Services, viewer: &Viewer, id: Uuid) -> Result<template::Model> {
    super::allow(viewer)?;
    let tx = services.db.begin().await?;
    let row = find(&tx, viewer, id).await?;
    if !store::survey::template::activate(&tx, &row).await? {
        return Err(in_use());
    }
    let row = template::Model { status: TemplateStatus::Active, ..row };
    note(services, &tx, viewer, "ACTIVATE_SURVEY_TEMPLATE", &row).await?;
    tx.commit().await?;
    Ok(row)
}

async fn find(tx: &Tx, viewer: &Viewer, id: Uuid) -> Result<template::Model> {
    store::survey::template::by_id(tx, viewer, id).await?.ok_or_else(|| Error::unknown("templateId"))
}

fn in_use() -> Error {
    let message = Message::OnlyADraftChanges;
    Error::fault(FaultCode::IllegalTransition, "templateId", message)
}

async fn note(services: &Services, tx: &Tx, viewer: &Viewer, action: &str, row: &template::Model) -> Result<()> {
    let now = services.now();
    let act = Act {
        id: services.new_id(now),
        at: now,
        action,
        object_type: "SurveyTemplate",
        object_id: Some(row.id),
        details: Some(json!({ "kind": row.kind, "version": row.version })),
    };
    store::audit::record(tx, viewer, act).await
}

fn question_rows(
    services: &Services,
    template_id: Uuid,
    questions: Vec<Draft>,
    now: DateTime<Utc>,
) -> Vec<question::Model> {
    let ids: BTreeMap<i32, Uuid> =
        (1..).zip(&questions).map(|(position, _)| (position, services.new_id(now))).collect();
    let row = |(position, draft): (i32, Draft)| {
        let (earlier, equals) = draft.show_if.unzip();
        Some(question::Model {
            id: *ids.get(&position)?,
            template_id,
            position,
            kind: draft.kind,
            dimension: draft.dimension,
            prompt: draft.prompt,
            is_required: draft.is_required,
            options: (!draft.options.is_empty()).then(|| json!(draft.options)),
            show_if_question_id: earlier.and_then(|number| ids.get(&number).copied()),
            show_if_equals: equals,
        })
    };
    (1..).zip(questions).filter_map(row).collect()
}

/// What a question offers to choose from.
pub fn options(row: &question::Model) -> Vec<Choice> {
    row.options.clone().and_then(|options| serde_json::from_value(options).ok()).unwrap_or_default()
}

/// A question as the rules see it.
pub fn rule(row: &question::Model) -> Question {
    let show_if = row.show_if_question_id.zip(row.show_if_equals.clone());
    Question {
        id: row.id,
        position: row.position,
        kind: row.kind,
        dimension: row.dimension,
        is_required: row.is_required,
        options: options(row),
        show_if: show_if.map(|(question_id, equals)| ShowIf { question_id, equals }),
    }
}
