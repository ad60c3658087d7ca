//! The table of figures (指标): for each project and month the figures that the viewer is shown when asking for that project
//! and month alone, the oldest month first.

use entity::vocab::FigureKey;
use uuid::Uuid;

use super::{Ask, bad_month};
use crate::{
    domain::{
        export::{Cell, Heading, Row, Word},
        figure::{Comparison, Cut, Measure, Month, goal},
    },
    error::{Message, Result},
    service::{
        figure::{Board, Question, board, cut_for},
        ticket::time_zone,
    },
    store,
};

pub(super) const HEADINGS: &[Heading] = &[
    Heading::new("项目名称", "Project", 16),
    Heading::new("月份", "Month", 10),
    Heading::new("指标代码", "Key", 26),
    Heading::new("指标", "Figure", 24),
    Heading::new("单位", "Unit", 8),
    Heading::new("部门", "Department", 14),
    Heading::new("数值", "Value", 10),
    Heading::new("目标", "Target", 10),
    Heading::new("比较", "Comparison", 8),
    Heading::new("是否达标", "Met", 10),
    Heading::new("分子", "Numerator", 10),
    Heading::new("分母", "Denominator", 10),
    Heading::new("样本过少未显示", "Withheld (too few answers)", 14),
    Heading::new("时区", "Time zone", 16),
    Heading::new("封存时间", "Frozen at", 20),
];

/// How many months there are when nobody says which.
const USUAL_MONTHS: usize = 12;

/// How many there may be.
const MOST_MONTHS: usize = 120;

/// The figures of a month of a project.
pub(super) struct Sheet {
    project: entity::project::Model,
    month: Month,
}

/// What there is to read, the first one last.
pub(super) async fn sheets(ask: &Ask) -> Result<Vec<Sheet>> {
    let projects = store::figure::projects(ask.services.db.reader(), &ask.viewer, ask.narrowing.project_id).await?;
    let mut sheets = Vec::new();
    for project in projects {
        let running = Month::at(ask.now, time_zone(&project)?);
        let (from, to) = ask.narrowing.months;
        let to = to.unwrap_or(running).min(running);
        // Of the months before these books were opened only those are shown that somebody asks for.
        let opened = Month::at(project.created_at, time_zone(&project)?);
        let usual = || (1..USUAL_MONTHS).fold(to, |month, _| month.previous()).max(opened);
        let mut month = from.unwrap_or_else(usual);
        let mut count = 0;
        while month <= to {
            count += 1;
            if count > MOST_MONTHS {
                return Err(bad_month("fromMonth", Message::MonthCount { most: MOST_MONTHS.into() }));
            }
            sheets.push(Sheet { project: project.clone(), month });
            month = month.next();
        }
    }
    sheets.sort_by(|one, other| (one.month, &one.project.code).cmp(&(other.month, &other.project.code)).reverse());
    Ok(sheets)
}

pub(super) async fn rows(ask: &Ask, sheet: &Sheet) -> Result<Vec<Row>> {
    let project_id: Uuid = sheet.project.id;
    let question = Question { keys: FigureKey::ALL.to_vec(), project_id: Some(project_id), month: Some(sheet.month) };
    let Some(board) = board(&ask.services, &ask.viewer, question).await? else { return Ok(Vec::new()) };
    let cut = |key: &FigureKey| Some((*key, cut_for(&ask.viewer, *key, Cut::default())?));
    board.keys.iter().filter_map(cut).map(|(key, cut)| row(ask, sheet, &board, (key, cut))).collect()
}

fn row(ask: &Ask, sheet: &Sheet, board: &Board, (key, cut): (FigureKey, Cut)) -> Result<Row> {
    let (language, goal) = (ask.language, goal(key));
    let time_zone = time_zone(&sheet.project)?;
    let reading = board.read(key, cut);
    let shown = (!reading.is_hidden).then_some(reading.tally);
    let denominator = shown.filter(|_| goal.measure == Measure::Percent).map(|tally| tally.denominator);
    let unit = match goal.measure {
        Measure::Percent => "%",
        Measure::Count => language.of("件", "count"),
    };
    let comparison = match goal.comparison {
        Comparison::AtLeast => language.of("不低于", "at least"),
        Comparison::Exactly => language.of("等于", "exactly"),
    };
    Ok(vec![
        Cell::text(&sheet.project.name),
        Cell::text(sheet.month.to_string()),
        Cell::text(key.code()),
        key.cell(language),
        Cell::text(unit),
        Cell::optional(cut.department, |department| department.cell(language)),
        Cell::optional(shown.and_then(|tally| tally.value_in_hundredths(goal)), Cell::Hundredths),
        Cell::Count(goal.target),
        Cell::text(comparison),
        Cell::optional(shown.and_then(|tally| tally.is_met(goal)), |met| Cell::text(language.truth(met))),
        Cell::optional(shown, |tally| Cell::Count(tally.numerator)),
        Cell::optional(denominator, Cell::Count),
        Cell::text(language.truth(reading.is_hidden)),
        Cell::text(time_zone.name()),
        Cell::optional(board.frozen_at, |at| Cell::at(at, time_zone)),
    ])
}
