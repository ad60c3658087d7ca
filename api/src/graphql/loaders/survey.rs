//! Batches of what surveys consist of.

use std::{collections::HashMap, hash::Hash};

use async_graphql::dataloader::Loader;
use chrono::{DateTime, Utc};
use entity::{survey_answer, survey_campaign, survey_question, survey_template};
use uuid::Uuid;

use super::{Batch, LoadFailure, LoadKey};
use crate::store::{self, db::in_time, survey::campaign::Turnout};

batches! {
    /// A survey of one cohort.
    SurveyOf => survey_campaign::Model = store::survey::campaign::by_ids;
    /// How many were invited to a survey, and how many answered.
    TurnoutOfSurvey => Turnout = store::survey::campaign::turnouts;
    /// A questionnaire.
    TemplateOf => survey_template::Model = store::survey::template::by_ids;
    /// The questions of a questionnaire.
    QuestionsOfTemplate => Vec<survey_question::Model> = store::survey::template::questions;
    /// The answers to an invitation.
    AnswersOfInvitation => Vec<survey_answer::Model> = store::survey::invitation::answers;
}

/// How many surveys an owner can answer at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpenSurveysOfOwner {
    pub owner_id: Uuid,
    pub now: DateTime<Utc>,
}

impl LoadKey for OpenSurveysOfOwner {
    type Value = i64;
}

impl Loader<OpenSurveysOfOwner> for Batch {
    type Value = i64;
    type Error = LoadFailure;

    async fn load(&self, keys: &[OpenSurveysOfOwner]) -> Result<HashMap<OpenSurveysOfOwner, i64>, LoadFailure> {
        // All keys of one request are of one moment.
        let Some(now) = keys.iter().map(|key| key.now).max() else { return Ok(HashMap::new()) };
        let ids: Vec<Uuid> = keys.iter().map(|key| key.owner_id).collect();
        let counts = store::survey::invitation::open_by_owner(self.db.reader(), &self.viewer, &ids, now);
        let counts = in_time(counts).await?;
        let count = |key: &OpenSurveysOfOwner| (*key, counts.get(&key.owner_id).copied().unwrap_or(0));
        Ok(keys.iter().map(count).collect())
    }
}
