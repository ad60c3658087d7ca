//! Figures: those of a running month as the tables say, those of a closed one as they were taken down, with what later
//! corrections would make of them beside it.

mod freeze;
mod narrow;
mod small;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    project,
    vocab::{Department, FigureKey, Role},
};
use uuid::Uuid;

use super::{Services, ticket};
use crate::{
    auth::viewer::Viewer,
    domain::figure::{Cut, Item, Month, Tally, distinct, goal, is_by_department, is_by_staff, rank::ranked},
    error::{Error, FaultCode, Message, Result},
    store::{
        self,
        figure::{Span, frozen},
    },
};

pub use freeze::{due, freeze};
pub use narrow::cut_for;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Question {
    pub keys: Vec<FigureKey>,
    /// All that the viewer sees, when none is named.
    pub project_id: Option<Uuid>,
    /// The running one, when none is named.
    pub month: Option<Month>,
}

/// The figures of one month of some projects.
pub struct Board {
    pub month: Month,
    pub keys: Vec<FigureKey>,
    projects: Vec<(project::Model, Tz)>,
    now: DateTime<Utc>,
    /// Those of the projects whose month is closed.
    closed: Vec<Uuid>,
    /// When the last of all these projects closed the month; none as long as one is open.
    pub frozen_at: Option<DateTime<Utc>>,
    items: HashMap<FigureKey, Vec<Item>>,
}

/// A figure, or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub tally: Tally,
    /// Too few people answered to show what they said.
    pub is_hidden: bool,
}

/// Answers a question. Nothing, when there is no project of which the viewer may see figures.
pub async fn board(services: &Services, viewer: &Viewer, question: Question) -> Result<Option<Board>> {
    let conn = services.db.reader();
    let now = services.now();
    let mut projects = Vec::new();
    for row in store::figure::projects(conn, viewer, question.project_id).await? {
        let zone = ticket::time_zone(&row)?;
        projects.push((row, zone));
    }
    let Some((_, zone)) = projects.first() else { return Ok(None) };
    let month = question.month.unwrap_or_else(|| Month::at(now, *zone));
    let projects = known_by(projects, month);
    let ids: Vec<Uuid> = projects.iter().map(|(row, _)| row.id).collect();
    let figures = frozen::of(conn, &ids, month).await?;
    let closed: Vec<Uuid> = ids.into_iter().filter(|id| figures.iter().any(|row| row.project_id == *id)).collect();
    let frozen_at = figures.iter().map(|row| row.frozen_at).max().filter(|_| closed.len() == projects.len());
    let asked: Vec<_> = figures.into_iter().filter(|row| question.keys.contains(&row.key)).collect();
    let mut items = if asked.is_empty() { HashMap::new() } else { frozen::items(conn, &asked).await? };
    let mut board = Board { month, keys: question.keys, projects, now, closed, frozen_at, items: HashMap::new() };
    for (key, found) in board.measure(services, |id| !board.closed.contains(id)).await? {
        items.entry(key).or_default().extend(found);
    }
    board.items = items.into_iter().map(|(key, items)| (key, distinct(items))).collect();
    Ok(Some(board))
}

/// The projects that these books already held in a month; all of them for a month before the first.
fn known_by(projects: Vec<(project::Model, Tz)>, month: Month) -> Vec<(project::Model, Tz)> {
    let is_known = |(row, zone): &(project::Model, Tz)| Month::at(row.created_at, *zone) <= month;
    if projects.iter().any(is_known) { projects.into_iter().filter(is_known).collect() } else { projects }
}

impl Board {
    /// What the tables say of some of the projects, by time zone: a month begins and ends with the place's own days.
    async fn measure(&self, services: &Services, of: impl Fn(&Uuid) -> bool) -> Result<HashMap<FigureKey, Vec<Item>>> {
        let mut by_zone: Vec<(Tz, Vec<Uuid>)> = Vec::new();
        for (row, zone) in self.projects.iter().filter(|(row, _)| of(&row.id)) {
            match by_zone.iter_mut().find(|(known, _)| known == zone) {
                Some((_, projects)) => projects.push(row.id),
                None => by_zone.push((*zone, vec![row.id])),
            }
        }
        let mut items: HashMap<FigureKey, Vec<Item>> = HashMap::new();
        for (time_zone, projects) in by_zone {
            let span = Span { projects, month: self.month, time_zone, now: self.now };
            for (key, found) in store::figure::items(services.db.reader(), &self.keys, &span).await? {
                items.entry(key).or_default().extend(found);
            }
        }
        Ok(items)
    }

    /// A figure or a part of it.
    pub fn read(&self, key: FigureKey, cut: Cut) -> Reading {
        self.reading(key, cut, self.all(key))
    }

    fn reading(&self, key: FigureKey, cut: Cut, items: &[Item]) -> Reading {
        Reading {
            tally: Tally::of(items.iter().filter(|item| cut.holds(item))),
            is_hidden: key == FigureKey::SatisfactionIndex && small::is_hidden(items, cut, self.projects.len()),
        }
    }

    /// What a figure or a part of it is counted from, in the order of places.
    pub fn items(&self, key: FigureKey, cut: Cut) -> Vec<Item> {
        if self.read(key, cut).is_hidden {
            return Vec::new();
        }
        self.all(key).iter().filter(|item| cut.holds(item)).cloned().collect()
    }

    fn all(&self, key: FigureKey) -> &[Item] {
        self.items.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The figures of this board as the tables say now, also where the month is closed. Nothing where none is.
    pub async fn corrected(&self, services: &Services) -> Result<Option<Board>> {
        if self.closed.is_empty() {
            return Ok(None);
        }
        let items = self.measure(services, |_| true).await?;
        Ok(Some(Board {
            month: self.month,
            keys: self.keys.clone(),
            projects: self.projects.clone(),
            now: self.now,
            closed: Vec::new(),
            frozen_at: None,
            items: items.into_iter().map(|(key, items)| (key, distinct(items))).collect(),
        }))
    }

    /// The members of staff to whom something of a figure is put down, the best first, each with the rank. Ambassadors are
    /// measured by their households, all others by what they did themselves.
    pub async fn staff_ranking(
        &self,
        services: &Services,
        viewer: &Viewer,
        key: FigureKey,
        role: Role,
    ) -> Result<Vec<(Option<usize>, Uuid, Cut)>> {
        if !is_by_staff(key) {
            return Err(Error::fault(FaultCode::Invalid, "key", Message::NotOfSingleStaff));
        }
        let of = |item: &Item| if role == Role::Ambassador { item.ambassador_id } else { item.staff_id };
        let whole = cut_for(viewer, key, Cut::default()).unwrap_or_default();
        let mut ids: Vec<Uuid> = self.all(key).iter().filter(|item| whole.holds(item)).filter_map(of).collect();
        if key == FigureKey::TrainingRate {
            ids = self.all(key).iter().filter(|item| whole.holds(item)).filter_map(|item| item.staff_id).collect();
        }
        ids.sort_unstable();
        ids.dedup();
        let known = store::staff::by_ids(services.db.reader(), viewer, &ids).await?;
        ids.retain(|id| known.get(id).is_some_and(|staff| staff.role == role));
        Ok(self.rank(key, ids.into_iter().map(|id| (id, Cut { staff_id: Some(id), ..whole })).collect()))
    }

    /// The departments to which something of a figure is put down, the best first, each with the rank.
    pub fn department_ranking(&self, viewer: &Viewer, key: FigureKey) -> Result<Vec<(Option<usize>, Department, Cut)>> {
        if !is_by_department(key) {
            return Err(Error::fault(FaultCode::Invalid, "key", Message::NotOfSingleDepartments));
        }
        let mut departments: Vec<Department> = self.all(key).iter().filter_map(|item| item.department).collect();
        departments.sort_unstable();
        departments.dedup();
        let cuts = departments.into_iter().filter_map(|department| {
            let cut = cut_for(viewer, key, Cut { department: Some(department), staff_id: None })?;
            Some((department, cut))
        });
        Ok(self.rank(key, cuts.collect()))
    }

    /// Ranks what may be shown; what may not has no rank and comes last.
    fn rank<T>(&self, key: FigureKey, entries: Vec<(T, Cut)>) -> Vec<(Option<usize>, T, Cut)> {
        let shown = entries.into_iter().map(|(who, cut)| {
            let reading = self.read(key, cut);
            ((who, cut), if reading.is_hidden { Tally::default() } else { reading.tally })
        });
        ranked(goal(key), shown.collect()).into_iter().map(|(rank, (who, cut), _)| (rank, who, cut)).collect()
    }
}
