//! A figure as the API shows it: with its target, its parts, what it was counted from, and what corrections came later.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::{
    frozen_figure,
    vocab::{self, FigureItemKind as ItemKind},
};
use tokio::sync::OnceCell;

use super::{
    connection::{Counted, Total, counted, page},
    context::Ask,
    enums::{Department, FigureComparison, FigureItemKind, FigureKey, FigureUnit},
    id::Kind,
    loaders::StaffOf,
    scalar::Month,
    staff::Staff,
};
use crate::{
    domain::figure::{self, Cut, Goal, Item, Measure, Tally, goal, small::FEWEST},
    error::Result,
    page::{Cursor, Page, Slice, bad_cursor},
    service::figure::{Board, Reading},
};

/// The figures of one question, and once somebody asks what corrections would make of them.
pub struct Sheet {
    board: Board,
    corrected: OnceCell<Option<Board>>,
}

impl Sheet {
    pub fn new(board: Board) -> Arc<Self> {
        Arc::new(Self { board, corrected: OnceCell::new() })
    }

    pub fn board(&self) -> &Board {
        &self.board
    }
}

/// A figure, or the part of it that belongs to a department or a member of staff.
pub struct Figure {
    pub sheet: Arc<Sheet>,
    pub key: vocab::FigureKey,
    pub cut: Cut,
}

impl Figure {
    fn goal(&self) -> Goal {
        goal(self.key)
    }

    /// The counts, if they may be shown.
    fn shown(&self) -> Option<Tally> {
        Some(self.sheet.board.read(self.key, self.cut))
            .filter(|reading| !reading.is_hidden)
            .map(|reading| reading.tally)
    }

    async fn reading_now(&self, ctx: &Context<'_>) -> Result<Option<Reading>> {
        let services = &ctx.ask().services;
        let board = self.sheet.corrected.get_or_try_init(|| self.sheet.board.corrected(services)).await?;
        Ok(board.as_ref().map(|board| board.read(self.key, self.cut)))
    }
}

/// A figure (指标) of a month, of one project or several together, and where it was asked for of one department or member of staff. For managers of their own projects, supervisors and auditors.
#[Object]
impl Figure {
    /// Which figure.
    async fn key(&self) -> FigureKey {
        self.key.into()
    }

    /// Of which month.
    async fn month(&self) -> Month {
        Month(self.sheet.board.month)
    }

    /// The department whose part this is; null for all.
    async fn department(&self) -> Option<Department> {
        self.cut.department.map(Into::into)
    }

    /// The member of staff whose part this is; null for all.
    async fn staff(&self, ctx: &Context<'_>) -> Option<Result<Staff>> {
        ctx.ask().find(StaffOf(self.cut.staff_id?), Staff).await
    }

    /// Whether `value` and `target` are percentages or counts.
    async fn unit(&self) -> FigureUnit {
        self.goal().measure.into()
    }

    /// The figure itself: a percentage with at most two decimals, never rounded up, or a count. Null when there is nothing to take a percentage of, and when `isSuppressed`.
    async fn value(&self) -> Option<f64> {
        self.shown()?.value(self.goal())
    }

    /// What it has to reach.
    async fn target(&self) -> i64 {
        self.goal().target
    }

    /// How it is held against the target.
    async fn comparison(&self) -> FigureComparison {
        self.goal().comparison.into()
    }

    /// Whether the target is met; null when there is no value.
    async fn is_met(&self) -> Option<bool> {
        self.shown()?.is_met(self.goal())
    }

    /// How many count. Null when `isSuppressed`.
    async fn numerator(&self) -> Option<i64> {
        Some(self.shown()?.numerator)
    }

    /// Of how many. Null for counts, and when `isSuppressed`.
    async fn denominator(&self) -> Option<i64> {
        Some(self.shown()?.denominator).filter(|_| self.goal().measure == Measure::Percent)
    }

    /// Whether it is withheld, because what fewer than five people answered could be read off it, by itself or by comparing it with others. Only SATISFACTION_INDEX is.
    async fn is_suppressed(&self) -> bool {
        self.shown().is_none()
    }

    /// Whether the month is closed: then the figure never changes any more. A month is closed when the fifth day of the next one is over.
    async fn is_frozen(&self) -> bool {
        self.sheet.board.frozen_at.is_some()
    }

    /// When the month was closed; null before.
    async fn frozen_at(&self) -> Option<DateTime<Utc>> {
        self.sheet.board.frozen_at
    }

    /// What the figure of a closed month would be with everything that was entered since. Null when it would be the same, and when the month is not closed.
    async fn corrected(&self, ctx: &Context<'_>) -> Option<Result<FigureCorrection>> {
        let reading = self.reading_now(ctx).await.transpose()?;
        let correction = |reading: Reading| {
            let tally =
                self.shown().filter(|tally| !reading.is_hidden && *tally != reading.tally).map(|_| reading.tally)?;
            Some(FigureCorrection::of(tally, self.goal()))
        };
        reading.map(correction).transpose()
    }

    /// What the figure is counted from. What these add to numerator and denominator adds up to the figure's.
    #[allow(clippy::too_many_arguments)]
    async fn items(
        &self,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Only what counts in full (true), or only what falls short (false).")] counted: Option<bool>,
    ) -> Result<Counted<FigureItem>> {
        let page = page(first, after, last, before)?;
        let mut items = self.sheet.board.items(self.key, self.cut);
        items.retain(|item| counted.is_none_or(|counted| item.is_counted() == counted));
        let count = u64::try_from(items.len()).unwrap_or(u64::MAX);
        let total = Total::new(move || Box::pin(async move { Ok(count) }));
        Ok(self::counted(cut_out(items, &page)?, total, |item| Cursor::Id(item.place()), FigureItem))
    }
}

/// A page of items, which are in the order of their places.
fn cut_out(items: Vec<Item>, page: &Page) -> Result<Slice<Item>> {
    let mut items = items;
    for (field, cursor, is_after) in [("after", page.after, true), ("before", page.before, false)] {
        match cursor {
            None => {}
            Some(Cursor::Id(id)) => items.retain(|item| if is_after { item.place() > id } else { item.place() < id }),
            Some(_) => return Err(bad_cursor(field)),
        }
    }
    if page.backward {
        items.reverse();
    }
    items.truncate(usize::try_from(page.fetch()).unwrap_or(usize::MAX));
    Ok(page.cut(items))
}

/// What a figure of a closed month would be by now.
#[derive(SimpleObject)]
pub struct FigureCorrection {
    /// As `Figure.value`.
    value: Option<f64>,
    /// As `Figure.numerator`.
    numerator: i64,
    /// As `Figure.denominator`.
    denominator: Option<i64>,
    /// As `Figure.isMet`.
    is_met: Option<bool>,
}

impl FigureCorrection {
    fn of(tally: Tally, goal: Goal) -> Self {
        Self {
            value: tally.value(goal),
            numerator: tally.numerator,
            denominator: Some(tally.denominator).filter(|_| goal.measure == Measure::Percent),
            is_met: tally.is_met(goal),
        }
    }
}

/// A thing that a figure is counted from.
pub struct FigureItem(Item);

/// A thing that a figure is counted from.
#[Object]
impl FigureItem {
    /// What it is.
    async fn kind(&self) -> FigureItemKind {
        self.0.kind.into()
    }

    /// Its global id. Tickets, customers, staff and homes can be looked up with `node`. Null for answers to surveys, so that nobody is identified.
    async fn item_id(&self) -> Option<ID> {
        let kind = match self.0.kind {
            ItemKind::Ticket => Kind::Ticket,
            ItemKind::Owner | ItemKind::RequiredDocument => Kind::Owner,
            ItemKind::Staff => Kind::Staff,
            ItemKind::Home => Kind::Unit,
            ItemKind::SurveyAnswer => return None,
            ItemKind::Incident => Kind::Incident,
            ItemKind::Inspection => Kind::Inspection,
        };
        Some(kind.id(self.0.id))
    }

    /// What tells it from others of the same thing: the kind of a document, milestone, part under warranty or survey.
    async fn about(&self) -> Option<&str> {
        self.0.about.as_deref()
    }

    /// Whether it counts in full.
    async fn is_counted(&self) -> bool {
        self.0.is_counted()
    }

    /// How much it adds to the figure's numerator.
    async fn numerator(&self) -> i64 {
        self.0.numerator()
    }

    /// How much it adds to the figure's denominator.
    async fn denominator(&self) -> i64 {
        self.0.denominator()
    }
}

/// A figure of a closed month that the company shows to its owners (监督结果公开).
#[derive(SimpleObject)]
pub struct PublishedFigure {
    /// Which figure.
    key: FigureKey,
    /// Of which month.
    month: Month,
    /// Whether `value` and `target` are percentages or counts.
    unit: FigureUnit,
    /// The figure itself: a percentage with at most two decimals, or a count. Null when there was nothing to take a percentage of, or fewer than five people answered.
    value: Option<f64>,
    /// What it has to reach.
    target: i64,
    /// How it is held against the target.
    comparison: FigureComparison,
    /// Whether the target was met; null when there is no value.
    is_met: Option<bool>,
}

impl From<frozen_figure::Model> for PublishedFigure {
    fn from(row: frozen_figure::Model) -> Self {
        let goal = goal(row.key);
        let is_shown = row.response_count.is_none_or(|people| usize::try_from(people).is_ok_and(|it| it >= FEWEST));
        let tally = Some(Tally { numerator: row.numerator, denominator: row.denominator }).filter(|_| is_shown);
        Self {
            key: row.key.into(),
            month: Month(figure::Month::of(row.month)),
            unit: goal.measure.into(),
            value: tally.and_then(|tally| tally.value(goal)),
            target: goal.target,
            comparison: goal.comparison.into(),
            is_met: tally.and_then(|tally| tally.is_met(goal)),
        }
    }
}
