//! Tables that leave the house: whole, and of what exists for whoever asks. Each is read a page at a time in the order of
//! ids, so that neither the memory of a server nor a connection is held for as long as somebody downloads.
//!
//! A table shows what was there when it was begun: what came later is left out. A row that is changed meanwhile is shown as it
//! is when its page is read; no row is shown twice, and none is missed.

mod figures;
mod homes;
mod surveys;
mod tickets;
mod warranties;

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::vocab::SurveyKind;
use futures_util::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use serde_json::json;
use uuid::Uuid;

use super::{Services, ticket::time_zone};
use crate::{
    auth::{policy::may_export, viewer::Viewer},
    domain::{
        export::{Cell, Heading, Language, Row},
        figure::Month,
    },
    error::{Error, FaultCode, Message, Result},
    store::{self, audit::Act, db::in_time, unit::Place},
};

/// How many rows are read at a time.
const PAGE: i32 = 200;

/// What can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Tickets,
    Surveys,
    Figures,
    /// 业主台账
    OwnerLedger,
    /// 保修台账
    WarrantyLedger,
}

impl Subject {
    pub const ALL: [Self; 5] = [Self::Tickets, Self::Surveys, Self::Figures, Self::OwnerLedger, Self::WarrantyLedger];

    /// As it stands in addresses and in the table of rights.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tickets => "tickets",
            Self::Surveys => "surveys",
            Self::Figures => "figures",
            Self::OwnerLedger => "owner-ledger",
            Self::WarrantyLedger => "warranty-ledger",
        }
    }

    /// As people call it.
    pub fn title(self, language: Language) -> &'static str {
        match self {
            Self::Tickets => language.of("工单", "Tickets"),
            Self::Surveys => language.of("满意度调查", "Surveys"),
            Self::Figures => language.of("指标", "Figures"),
            Self::OwnerLedger => language.of("业主台账", "Owner ledger"),
            Self::WarrantyLedger => language.of("保修台账", "Warranty ledger"),
        }
    }

    pub fn headings(self) -> &'static [Heading] {
        match self {
            Self::Tickets => tickets::HEADINGS,
            Self::Surveys => surveys::HEADINGS,
            Self::Figures => figures::HEADINGS,
            Self::OwnerLedger => homes::HEADINGS,
            Self::WarrantyLedger => warranties::HEADINGS,
        }
    }
}

/// Which rows of it; what is `None` does not narrow.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Narrowing {
    pub project_id: Option<Uuid>,
    /// Of tickets, when they were made; of surveys, when they were sent.
    pub from: Option<DateTime<Utc>>,
    pub before: Option<DateTime<Utc>>,
    /// Of surveys.
    pub survey_kind: Option<SurveyKind>,
    /// Of figures; the last year when nothing is said.
    pub months: (Option<Month>, Option<Month>),
}

/// What somebody wants to take away.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    pub subject: Subject,
    pub narrowing: Narrowing,
    pub language: Language,
    /// The kind of file, for the audit log.
    pub format: &'static str,
}

/// Rows, some at a time.
pub type Rows = BoxStream<'static, Result<Vec<Row>>>;

/// Begins an export: it is allowed, written into the audit log, and its first rows are there.
pub async fn begin(services: &Services, viewer: &Viewer, order: &Order) -> Result<Rows> {
    if !may_export(viewer, order.subject.name()) {
        return Err(Error::Forbidden(Message::ExportNotForRole));
    }
    let now = services.now();
    let project = match order.narrowing.project_id {
        Some(id) => {
            let found = store::company::project(services.db.reader(), viewer, id).await?;
            Some(found.ok_or_else(|| Error::unknown("project"))?.code)
        }
        None => None,
    };
    write_down(services, viewer, order, project, now).await?;
    let replica = services.db.for_query(viewer.last_write).map(|db| Services { db, ..services.clone() });
    let ask = Ask {
        services: replica.clone().unwrap_or_else(|| services.clone()),
        viewer: viewer.clone(),
        narrowing: order.narrowing.clone(),
        language: order.language,
        now,
    };
    let mut rows = ask.rows(order.subject, replica.map(|_| services.clone())).await?;
    // What can't be read at all is told before anything is sent.
    let first = rows.try_next().await?;
    Ok(stream::iter(first.map(Ok)).chain(rows).boxed())
}

/// Who takes what away, before the first row leaves.
async fn write_down(
    services: &Services,
    viewer: &Viewer,
    order: &Order,
    project: Option<String>,
    now: DateTime<Utc>,
) -> Result<()> {
    let narrowing = &order.narrowing;
    let month = |month: Option<Month>| month.map(|month| month.to_string());
    let details = json!({
        "subject": order.subject.name(),
        "format": order.format,
        "language": order.language,
        "project": project,
        "from": narrowing.from,
        "before": narrowing.before,
        "surveyKind": narrowing.survey_kind,
        "fromMonth": month(narrowing.months.0),
        "toMonth": month(narrowing.months.1),
    });
    let act = Act {
        id: services.new_id(now),
        at: now,
        action: "EXPORT",
        object_type: "Export",
        object_id: None,
        details: Some(details),
    };
    store::audit::record(services.db.writer(), viewer, act).await
}

/// What the parts of an export share.
struct Ask {
    services: Services,
    viewer: Viewer,
    narrowing: Narrowing,
    language: Language,
    now: DateTime<Utc>,
}

impl Ask {
    /// The rows from the first on. `primary` is what else can be asked, when these are read from a replica.
    async fn rows(self, subject: Subject, primary: Option<Services>) -> Result<Rows> {
        let figures = if subject == Subject::Figures { figures::sheets(&self).await? } else { Vec::new() };
        let reading = Reading { ask: self, primary, subject, after: None, figures, is_over: false };
        Ok(stream::try_unfold(reading, |mut reading| async move {
            let rows = reading.next().await?;
            Ok(rows.map(|rows| (rows, reading)))
        })
        .boxed())
    }

    /// Before which a row must have been made to be shown.
    fn end(&self) -> DateTime<Utc> {
        let now = self.now + TimeDelta::microseconds(1);
        self.narrowing.before.map_or(now, |before| before.min(now))
    }

    /// Where these homes stand, as far as the viewer sees them.
    async fn places(&self, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Spot>> {
        let places = store::unit::places(self.services.db.reader(), &self.viewer, &distinct(ids)).await?;
        places.into_iter().map(|(id, place)| Ok((id, Spot::new(place)?))).collect()
    }
}

/// A home, where it stands, and what the clock says there.
struct Spot {
    place: Place,
    time_zone: Tz,
}

impl Spot {
    fn new(place: Place) -> Result<Self> {
        let time_zone = time_zone(&place.project)?;
        Ok(Self { place, time_zone })
    }
}

const PLACE: [Heading; 4] = [
    Heading::new("项目名称", "Project", 16),
    Heading::new("楼栋", "Building", 10),
    Heading::new("单元", "Section", 8),
    Heading::new("房号", "Room", 10),
];

/// What [`PLACE`] heads.
fn place_cells(spot: Option<&Spot>) -> [Cell; 4] {
    let Some(Spot { place, .. }) = spot else { return [const { Cell::Empty }; 4] };
    let texts = [&place.project.name, &place.building.name, &place.unit.section, &place.unit.room];
    texts.map(Cell::text)
}

/// The rows of a page, and the place after which the next one begins.
type Page = (Vec<Row>, Option<Uuid>);

/// How far an export has come.
struct Reading {
    ask: Ask,
    primary: Option<Services>,
    subject: Subject,
    after: Option<Uuid>,
    /// The sheets of figures that are still to come, the next one last.
    figures: Vec<figures::Sheet>,
    is_over: bool,
}

impl Reading {
    /// The next rows. What fails on a replica, which ends what is in its way, is read from the primary from there on.
    async fn next(&mut self) -> Result<Option<Vec<Row>>> {
        match (self.read().await, self.primary.take()) {
            (Err(_), Some(primary)) => {
                tracing::warn!("an export goes on from the primary");
                self.ask.services = primary;
                self.read().await
            }
            (read, primary) => {
                self.primary = primary;
                read
            }
        }
    }

    async fn read(&mut self) -> Result<Option<Vec<Row>>> {
        if self.is_over {
            return Ok(None);
        }
        if self.subject == Subject::Figures {
            let Some(sheet) = self.figures.last() else { return Ok(None) };
            let rows = figures::rows(&self.ask, sheet).await?;
            self.figures.pop();
            return Ok(Some(rows));
        }
        let (rows, last) = in_time(self.page()).await?;
        (self.after, self.is_over) = (last, last.is_none());
        Ok(Some(rows))
    }

    async fn page(&self) -> Result<Page> {
        match self.subject {
            Subject::Tickets => tickets::page(&self.ask, self.after).await,
            Subject::Surveys => surveys::page(&self.ask, self.after).await,
            Subject::OwnerLedger => homes::page(&self.ask, self.after).await,
            Subject::WarrantyLedger => warranties::page(&self.ask, self.after).await,
            Subject::Figures => Ok((Vec::new(), None)),
        }
    }
}

fn distinct(mut ids: Vec<Uuid>) -> Vec<Uuid> {
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn keyset(after: Option<Uuid>) -> crate::page::Page {
    let after = after.map(crate::page::Cursor::Id);
    crate::page::Page { limit: PAGE, backward: false, after, before: None }
}

/// A month of the figures that can't be asked for.
fn bad_month(field: &str, message: Message) -> Error {
    Error::fault(FaultCode::OutOfRange, field, message)
}
