//! A row of another system's tickets: how far it has come, and when. Whether the home and the people exist is the
//! database's to say.

use chrono::NaiveDateTime;
use entity::vocab::{Channel, Department, TicketCategory, TicketKind, TicketStatus, Triage, Urgency};

use super::{Cell, Columns, Fault, Fields, Header, Problem, required};
use crate::domain::{
    ledger::{cell::quote, place},
    message::ImportText,
    phone,
};

/// The columns. They are called as in the tables that leave the house, so that those can come in elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Reference,
    Project,
    Building,
    Section,
    Room,
    Kind,
    Category,
    Urgency,
    Status,
    Title,
    Description,
    Channel,
    Department,
    ReporterPhone,
    AssigneeNumber,
    CreatedAt,
    AppointmentStartsAt,
    AppointmentEndsAt,
    AcceptedAt,
    StartedAt,
    ResolvedAt,
    ConfirmedAt,
    ClosedAt,
    CancelledAt,
    Triage,
    TriageReason,
    Cause,
    Explanation,
    Resolution,
    Cost,
    Satisfied,
    Rating,
    ConfirmedChannel,
}

use Column as C;

impl Columns for Column {
    const ALL: &'static [Self] = &[
        C::Reference,
        C::Project,
        C::Building,
        C::Section,
        C::Room,
        C::Kind,
        C::Category,
        C::Urgency,
        C::Status,
        C::Title,
        C::Description,
        C::Channel,
        C::Department,
        C::ReporterPhone,
        C::AssigneeNumber,
        C::CreatedAt,
        C::AppointmentStartsAt,
        C::AppointmentEndsAt,
        C::AcceptedAt,
        C::StartedAt,
        C::ResolvedAt,
        C::ConfirmedAt,
        C::ClosedAt,
        C::CancelledAt,
        C::Triage,
        C::TriageReason,
        C::Cause,
        C::Explanation,
        C::Resolution,
        C::Cost,
        C::Satisfied,
        C::Rating,
        C::ConfirmedChannel,
    ];

    const REQUIRED: &'static [Self] =
        &[C::Reference, C::Project, C::Building, C::Room, C::Kind, C::Status, C::Title, C::CreatedAt];

    fn index(self) -> usize {
        self as usize
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            C::Reference => &["工单编号", "原工单号", "工单号", "number", "reference"],
            C::Project => &["项目名称", "项目", "project"],
            C::Building => &["楼栋", "building"],
            C::Section => &["单元", "section"],
            C::Room => &["房号", "room"],
            C::Kind => &["类型", "kind"],
            C::Category => &["类别", "category"],
            C::Urgency => &["紧急程度", "urgency"],
            C::Status => &["状态", "status"],
            C::Title => &["标题", "title"],
            C::Description => &["描述", "description"],
            C::Channel => &["渠道", "channel"],
            C::Department => &["责任部门", "responsibledepartment"],
            C::ReporterPhone => &["报告人电话", "报修电话", "reporterphone"],
            C::AssigneeNumber => &["处理人工号", "assigneenumber"],
            C::CreatedAt => &["提交时间", "createdat"],
            C::AppointmentStartsAt => &["预约开始", "appointmentstartsat"],
            C::AppointmentEndsAt => &["预约结束", "appointmentendsat"],
            C::AcceptedAt => &["受理时间", "acceptedat"],
            C::StartedAt => &["到场时间", "startedat"],
            C::ResolvedAt => &["完成时间", "resolvedat"],
            C::ConfirmedAt => &["确认时间", "confirmedat"],
            C::ClosedAt => &["关闭时间", "closedat"],
            C::CancelledAt => &["取消时间", "cancelledat"],
            C::Triage => &["投诉判定", "triage"],
            C::TriageReason => &["判定理由", "triagereason"],
            C::Cause => &["原因", "cause"],
            C::Explanation => &["对客说明", "explanation"],
            C::Resolution => &["处理结果", "resolution"],
            C::Cost => &["费用", "cost"],
            C::Satisfied => &["是否满意", "satisfied"],
            C::Rating => &["评分", "rating"],
            C::ConfirmedChannel => &["确认渠道", "confirmedby"],
        }
    }
}

/// When each step was taken, by the clock on the project's wall.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Times {
    pub created: NaiveDateTime,
    pub accepted: Option<NaiveDateTime>,
    pub started: Option<NaiveDateTime>,
    pub resolved: Option<NaiveDateTime>,
    pub confirmed: Option<NaiveDateTime>,
    pub closed: Option<NaiveDateTime>,
    pub cancelled: Option<NaiveDateTime>,
}

/// A ticket as the other system knew it.
#[derive(Clone, Debug, PartialEq)]
pub struct TicketRow {
    pub reference: String,
    pub project: String,
    pub building: String,
    pub section: String,
    pub room: String,
    pub kind: TicketKind,
    pub category: Option<TicketCategory>,
    pub urgency: Urgency,
    pub status: TicketStatus,
    pub title: String,
    pub description: String,
    pub channel: Channel,
    pub department: Option<Department>,
    pub reporter_phone: Option<String>,
    pub assignee_number: Option<String>,
    pub times: Times,
    pub appointment: Option<(NaiveDateTime, NaiveDateTime)>,
    pub triage: Option<Triage>,
    pub triage_reason: Option<String>,
    pub cause: Option<String>,
    pub explanation: Option<String>,
    pub resolution: Option<String>,
    pub cost_cents: Option<i64>,
    pub satisfied: Option<bool>,
    pub rating: Option<i32>,
    pub confirmed_channel: Option<Channel>,
}

const LONG: usize = 4000;
const SHORT: usize = 120;
const WORDS: usize = 2000;

/// What a line below the header says.
pub fn read(header: &Header<Column>, line: &[Cell]) -> Result<TicketRow, Fault<Column>> {
    let fields = Fields::new(header, line);
    let line = |column| fields.line(column, SHORT);
    let row = TicketRow {
        reference: required(line(C::Reference)?, C::Reference)?,
        project: place::project(&required(line(C::Project)?, C::Project)?),
        building: place::building(&required(line(C::Building)?, C::Building)?),
        section: place::section(&line(C::Section)?.unwrap_or_default()),
        room: place::room(&required(line(C::Room)?, C::Room)?),
        kind: required(fields.word(C::Kind)?, C::Kind)?,
        category: fields.word(C::Category)?,
        urgency: fields.word(C::Urgency)?.unwrap_or(Urgency::Normal),
        status: required(fields.word(C::Status)?, C::Status)?,
        title: required(line(C::Title)?, C::Title)?,
        description: fields.text(C::Description, LONG)?.unwrap_or_default(),
        channel: fields.word(C::Channel)?.unwrap_or(Channel::Phone),
        department: fields.word(C::Department)?,
        reporter_phone: reporter(&fields)?,
        assignee_number: line(C::AssigneeNumber)?.map(|number| number.to_uppercase()),
        times: times(&fields)?,
        appointment: window(&fields)?,
        triage: fields.word(C::Triage)?,
        triage_reason: fields.text(C::TriageReason, WORDS)?,
        cause: fields.text(C::Cause, WORDS)?,
        explanation: fields.text(C::Explanation, WORDS)?,
        resolution: fields.text(C::Resolution, WORDS)?,
        cost_cents: fields.hundredths(C::Cost)?,
        satisfied: fields.truth(C::Satisfied)?,
        rating: fields.count(C::Rating, 1..=5)?,
        confirmed_channel: fields.word(C::ConfirmedChannel)?,
    };
    check_times(&row)?;
    check_open(&row)?;
    Ok(row)
}

fn reporter(fields: &Fields<'_, Column>) -> Result<Option<String>, Fault<Column>> {
    let Some(typed) = fields.line(C::ReporterPhone, SHORT)? else { return Ok(None) };
    let bad = || Fault::new(C::ReporterPhone, Problem::BadPhone, ImportText::RowNoMobile { found: quote(&typed) });
    phone::normalize(&typed).map(Some).ok_or_else(bad)
}

fn times(fields: &Fields<'_, Column>) -> Result<Times, Fault<Column>> {
    Ok(Times {
        created: required(fields.moment(C::CreatedAt)?, C::CreatedAt)?,
        accepted: fields.moment(C::AcceptedAt)?,
        started: fields.moment(C::StartedAt)?,
        resolved: fields.moment(C::ResolvedAt)?,
        confirmed: fields.moment(C::ConfirmedAt)?,
        closed: fields.moment(C::ClosedAt)?,
        cancelled: fields.moment(C::CancelledAt)?,
    })
}

fn window(fields: &Fields<'_, Column>) -> Result<Option<(NaiveDateTime, NaiveDateTime)>, Fault<Column>> {
    match (fields.moment(C::AppointmentStartsAt)?, fields.moment(C::AppointmentEndsAt)?) {
        (None, None) => Ok(None),
        (Some(from), Some(to)) if from < to => Ok(Some((from, to))),
        (Some(_), Some(_)) => {
            Err(Fault::new(C::AppointmentEndsAt, Problem::TimesOutOfOrder, ImportText::RowAppointmentEndsFirst))
        }
        (None, _) => required(None, C::AppointmentStartsAt),
        (_, None) => required(None, C::AppointmentEndsAt),
    }
}

/// Each step that has a time, whether the status must have taken it, and whether it may have.
fn steps(row: &TicketRow) -> [(Column, Option<NaiveDateTime>, bool, bool); 6] {
    use TicketStatus as S;
    let (status, times) = (row.status, &row.times);
    let is_on = |from: S| status >= from && status != S::Cancelled;
    [
        (C::AcceptedAt, times.accepted, false, status != S::Submitted),
        (C::StartedAt, times.started, matches!(status, S::InProgress | S::OnHold), is_on(S::InProgress)),
        (C::ResolvedAt, times.resolved, is_on(S::Resolved), is_on(S::Resolved)),
        (C::ConfirmedAt, times.confirmed, status == S::Confirmed, is_on(S::Confirmed)),
        (C::ClosedAt, times.closed, status == S::Closed, status == S::Closed),
        (C::CancelledAt, times.cancelled, status == S::Cancelled, status == S::Cancelled),
    ]
}

fn check_times(row: &TicketRow) -> Result<(), Fault<Column>> {
    let mut last = row.times.created;
    for (column, time, must, may) in steps(row) {
        match time {
            None if must => {
                let message = ImportText::RowNeeds { column: column.usual_name().to_owned() };
                return Err(Fault::new(column, Problem::TimesAndStatus, message));
            }
            Some(_) if !may => {
                let message = ImportText::RowHasNo { column: column.usual_name().to_owned() };
                return Err(Fault::new(column, Problem::TimesAndStatus, message));
            }
            Some(time) if time < last => {
                let message = ImportText::RowBeforeItsStep { column: column.usual_name().to_owned() };
                return Err(Fault::new(column, Problem::TimesOutOfOrder, message));
            }
            Some(time) => last = time,
            None => {}
        }
    }
    Ok(())
}

/// What somebody goes on working on must say enough for that.
fn check_open(row: &TicketRow) -> Result<(), Fault<Column>> {
    use TicketStatus as S;
    if row.urgency == Urgency::Appointment && row.appointment.is_none() {
        return required(None, C::AppointmentStartsAt);
    }
    if row.urgency != Urgency::Appointment && row.appointment.is_some() {
        return Err(Fault::new(C::AppointmentStartsAt, Problem::TimesAndStatus, ImportText::RowNoWindow));
    }
    if matches!(row.status, S::Accepted | S::Assigned | S::InProgress | S::OnHold) {
        required(row.category, C::Category)?;
        required(row.department, C::Department)?;
    }
    if matches!(row.status, S::Assigned | S::InProgress | S::OnHold) {
        required(row.assignee_number.as_ref(), C::AssigneeNumber)?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "ticket_tests.rs"]
mod tests;
