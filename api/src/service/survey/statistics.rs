//! Statistics of closed campaigns: what the viewer may see, summed by the rules.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use entity::{
    survey_cell, survey_question as question,
    vocab::{InvitationStatus, QuestionKind, SurveyKind},
};
use uuid::Uuid;

use crate::{
    auth::viewer::Viewer,
    domain::survey::statistics::{
        self as rules, Asked, Cell, Filter, Grouping, Histogram, Invited, Key, Outcome, Place,
    },
    error::Result,
    service::Services,
    store::{
        self, Conn,
        survey::result::{InvitationCount, Period, ValueCount},
    },
};

/// The questions behind results.
#[derive(Clone, Debug, Default)]
pub struct Questions {
    pub rows: HashMap<Uuid, question::Model>,
    kinds: HashMap<Uuid, SurveyKind>,
}

impl Questions {
    /// What the rules need to know of them.
    pub fn rules(&self) -> BTreeMap<Uuid, Asked> {
        let asked = |row: &question::Model| {
            let survey = *self.kinds.get(&row.template_id)?;
            Some((row.id, Asked { survey, kind: row.kind, dimension: row.dimension }))
        };
        self.rows.values().filter_map(asked).collect()
    }
}

/// The result of a filter, and of each of its groups.
#[derive(Clone, Debug)]
pub struct Statistics {
    pub total: Outcome,
    pub groups: BTreeMap<Key, Outcome>,
    pub questions: Arc<Questions>,
}

/// Sums up what the viewer may see.
pub async fn statistics(
    services: &Services,
    viewer: &Viewer,
    filter: &Filter,
    grouping: Option<Grouping>,
) -> Result<Statistics> {
    let conn = services.db.reader();
    let period = Period { from: filter.from, to: filter.to, project_id: filter.project_id };
    let cells = store::survey::result::cells(conn, viewer, period).await?;
    let values = store::survey::result::values(conn, viewer, period).await?;
    let questions = asked(conn, viewer, &values).await?;
    let invited = store::survey::result::invited(conn, viewer, period).await?;
    let invited: Vec<Invited> = invited.iter().filter_map(count).collect();
    let (cells, asked) = (sums(&cells, &values, &questions), questions.rules());
    let total = rules::total(&cells, &invited, &asked, filter);
    let groups = grouping.map(|grouping| rules::groups(&cells, &invited, &asked, filter, grouping)).unwrap_or_default();
    Ok(Statistics { total, groups, questions: Arc::new(questions) })
}

/// The questions that these values answer.
pub async fn asked(conn: &impl Conn, viewer: &Viewer, values: &[ValueCount]) -> Result<Questions> {
    let mut ids: Vec<Uuid> = values.iter().map(|value| value.question_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = store::survey::template::questions_by_ids(conn, viewer, &ids).await?;
    let mut templates: Vec<Uuid> = rows.values().map(|row| row.template_id).collect();
    templates.sort_unstable();
    templates.dedup();
    let templates = store::survey::template::by_ids(conn, viewer, &templates).await?;
    Ok(Questions { rows, kinds: templates.into_values().map(|row| (row.id, row.kind)).collect() })
}

/// Cells with how their questions were answered.
pub fn sums(cells: &[survey_cell::Model], values: &[ValueCount], questions: &Questions) -> Vec<Cell> {
    let mut by_cell: HashMap<Uuid, BTreeMap<Uuid, Histogram>> = HashMap::new();
    for value in values {
        let Some(question) = questions.rows.get(&value.question_id) else { continue };
        let histogram = by_cell.entry(value.cell_id).or_default().entry(value.question_id).or_default();
        let count = u32::try_from(value.answers).unwrap_or(u32::MAX);
        histogram.respondents += count;
        for chosen in chosen(question, &value.value) {
            *histogram.values.entry(chosen).or_default() += count;
        }
    }
    let place = |row: &survey_cell::Model| Place {
        project_id: row.project_id,
        kind: row.kind,
        first_month: row.first_month,
        last_month: row.last_month,
        ambassador: row.ambassador_id,
    };
    let mut cell = |row: &survey_cell::Model| Cell {
        place: place(row),
        responses: u32::try_from(row.response_count).unwrap_or_default(),
        answers: by_cell.remove(&row.id).unwrap_or_default(),
    };
    cells.iter().map(&mut cell).collect()
}

/// Each of several choices counts for itself.
fn chosen(question: &question::Model, value: &str) -> Vec<String> {
    if question.kind == QuestionKind::MultipleChoice {
        return serde_json::from_str(value).unwrap_or_default();
    }
    vec![value.to_owned()]
}

fn count(row: &InvitationCount) -> Option<Invited> {
    let month = row.cohort_month?;
    let invitations = u32::try_from(row.invitations).unwrap_or(u32::MAX);
    let place = Place {
        project_id: row.project_id,
        kind: row.kind,
        first_month: month,
        last_month: month,
        ambassador: row.ambassador_id,
    };
    let responses = if row.status == InvitationStatus::Submitted { invitations } else { 0 };
    Some(Invited { place, invitations, responses })
}
