//! Deadlines: how soon each kind of ticket is served, and the working calendar by which that is counted.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use entity::deadline_policy;

use super::{
    context::Ask,
    enums::{PublicHolidays, TicketKind, Urgency, Weekday},
    id::Kind,
    loaders::ProjectOf,
    scalar::Date,
    unit::Project,
    user_error::payloads,
};
use crate::{
    domain::{
        calendar::{CalendarData, Period, TimeOfDay},
        holidays,
    },
    error::{Error, Result},
    service::policy::{self as service, NewPolicy},
    store,
};

/// How soon tickets of a kind are answered, reached and resolved (时限).
pub struct DeadlinePolicy(pub deadline_policy::Model);

impl From<deadline_policy::Model> for DeadlinePolicy {
    fn from(row: deadline_policy::Model) -> Self {
        Self(row)
    }
}

/// How soon tickets of a kind are answered, reached and resolved (时限). It holds for tickets made from now on.
#[Object]
impl DeadlinePolicy {
    /// The kind of tickets.
    async fn kind(&self) -> TicketKind {
        self.0.kind.into()
    }

    /// How urgent they are.
    async fn urgency(&self) -> Urgency {
        self.0.urgency.into()
    }

    /// The project it holds for; null when it holds for all that have none of their own.
    async fn project(&self, ctx: &Context<'_>) -> Option<Result<Project>> {
        ctx.ask().find(ProjectOf(self.0.project_id?), Project).await
    }

    /// By when they are answered, in minutes.
    async fn respond_minutes(&self) -> i32 {
        self.0.respond_minutes
    }

    /// By when somebody is there, in minutes; null where nobody has to come.
    async fn arrive_minutes(&self) -> Option<i32> {
        self.0.arrive_minutes
    }

    /// By when they are resolved, in minutes.
    async fn resolve_minutes(&self) -> i32 {
        self.0.resolve_minutes
    }

    /// Whether arrival and resolution count from the end of the agreed window instead of the report.
    async fn counts_from_window_end(&self) -> bool {
        self.0.from_window_end
    }

    /// The calendar whose working time is counted; null when every hour counts.
    async fn calendar(&self) -> Option<Result<WorkingCalendar>> {
        let data: Result<CalendarData> = serde_json::from_value(self.0.calendar.clone()?).map_err(Error::internal);
        Some(data.map(|data| WorkingCalendar::of(data, self.0.public_holidays.map(Into::into))))
    }

    /// When it was set.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// The hours of work, and the days that are different (工作日历).
#[derive(SimpleObject)]
pub struct WorkingCalendar {
    /// The time zone, by its IANA name.
    time_zone: String,
    /// The stretches of work of an ordinary week.
    periods: Vec<WorkingPeriod>,
    /// Days without work, beside public holidays.
    holidays: Vec<Date>,
    /// Days of work whatever their weekday, beside those worked for public holidays.
    make_up_days: Vec<Date>,
    /// The public holidays that count as well, with the weekend days worked in exchange (调休).
    public_holidays: Option<PublicHolidays>,
    /// The last day of which this server knows the public holidays. After it weekends alone are free, until the server is brought up to date or the days are set here.
    public_holidays_last_known_on: Option<Date>,
}

impl WorkingCalendar {
    fn of(data: CalendarData, public_holidays: Option<PublicHolidays>) -> Self {
        let of_day = |(weekday, periods): (Weekday, Vec<Period>)| {
            periods.into_iter().map(move |period| WorkingPeriod {
                weekday,
                from: period.from.into(),
                to: period.to.into(),
            })
        };
        let last_day = NaiveDate::from_ymd_opt(holidays::known_until(), 12, 31);
        Self {
            time_zone: data.time_zone,
            periods: Weekday::ALL.into_iter().zip(data.weekly).flat_map(of_day).collect(),
            holidays: data.holidays.into_iter().map(Date).collect(),
            make_up_days: data.make_up_days.into_iter().map(Date).collect(),
            public_holidays_last_known_on: public_holidays.and(last_day).map(Date),
            public_holidays,
        }
    }
}

/// A stretch of work within a day.
#[derive(SimpleObject)]
pub struct WorkingPeriod {
    /// The day of the week.
    weekday: Weekday,
    /// When it begins, as `HH:MM`.
    from: String,
    /// When it ends, as `HH:MM`; `24:00` at most.
    to: String,
}

/// A stretch of work within a day. Lunch is the gap between two.
#[derive(InputObject)]
pub struct WorkingPeriodInput {
    /// The day of the week.
    weekday: Weekday,
    /// When it begins, as `HH:MM`.
    from: String,
    /// When it ends, as `HH:MM`; `24:00` at most.
    to: String,
}

/// The hours of work, and the days that are different.
#[derive(InputObject)]
pub struct WorkingCalendarInput {
    /// The time zone, by its IANA name, such as `Asia/Shanghai`.
    time_zone: String,
    /// The stretches of work of an ordinary week; at most 50.
    periods: Vec<WorkingPeriodInput>,
    /// Days without work, beside public holidays; at most 400.
    holidays: Option<Vec<Date>>,
    /// Days of work whatever their weekday; at most 400. They have the hours of their weekday, or of the week's first working day.
    make_up_days: Option<Vec<Date>>,
    /// The public holidays that count as well; none when left out. What is set above of a day goes before them.
    public_holidays: Option<PublicHolidays>,
}

impl WorkingCalendarInput {
    fn read(self) -> Result<CalendarData> {
        let (holidays, make_up_days) = (self.holidays.unwrap_or_default(), self.make_up_days.unwrap_or_default());
        service::check_sizes(self.periods.len(), holidays.len(), make_up_days.len())?;
        let mut weekly: [Vec<Period>; 7] = Default::default();
        for period in self.periods {
            let time = |text: String| TimeOfDay::try_from(text).map_err(service::in_calendar);
            let day = weekly.get_mut(period.weekday as usize).ok_or_else(|| Error::internal("a week of more days"))?;
            day.push(Period { from: time(period.from)?, to: time(period.to)? });
        }
        Ok(CalendarData {
            time_zone: self.time_zone,
            weekly,
            holidays: holidays.into_iter().map(|day| day.0).collect(),
            make_up_days: make_up_days.into_iter().map(|day| day.0).collect(),
        })
    }
}

/// Sets how soon tickets of a kind are served.
#[derive(InputObject)]
pub struct SetDeadlinePolicyInput {
    /// Only for this project; for all that have none of their own when left out.
    project_id: Option<ID>,
    /// The kind of tickets.
    kind: TicketKind,
    /// How urgent they are.
    urgency: Urgency,
    /// By when they are answered, in minutes.
    respond_minutes: i32,
    /// By when somebody is there, in minutes; left out where nobody has to come.
    arrive_minutes: Option<i32>,
    /// By when they are resolved, in minutes.
    resolve_minutes: i32,
    /// The calendar whose working time is counted; every hour counts when it is left out.
    calendar: Option<WorkingCalendarInput>,
}

impl SetDeadlinePolicyInput {
    fn read(self) -> Result<NewPolicy> {
        let public_holidays = self.calendar.as_ref().and_then(|calendar| calendar.public_holidays).map(Into::into);
        Ok(NewPolicy {
            project_id: Kind::Project.read_optional("projectId", self.project_id.as_ref())?,
            kind: self.kind.into(),
            urgency: self.urgency.into(),
            respond_minutes: self.respond_minutes,
            arrive_minutes: self.arrive_minutes,
            resolve_minutes: self.resolve_minutes,
            calendar: self.calendar.map(WorkingCalendarInput::read).transpose()?,
            public_holidays,
        })
    }
}

payloads! {
    /// The deadlines that were set.
    SetDeadlinePolicyPayload {
        /// The deadlines; null when the call was refused.
        policy: DeadlinePolicy
    }
}

/// Reading deadlines.
#[derive(Default)]
pub struct PolicyQueries;

#[Object]
impl PolicyQueries {
    /// How soon tickets are served, for each kind and urgency: of a project, or of those that have none of their own.
    async fn deadline_policies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A project that you may see.")] project_id: Option<ID>,
    ) -> Result<Vec<DeadlinePolicy>> {
        let request = ctx.ask();
        let conn = request.services.db.reader();
        let project_id = Kind::Project.read_optional("projectId", project_id.as_ref())?;
        if let Some(id) = project_id {
            store::company::project(conn, &request.viewer, id).await?.ok_or_else(|| Error::unknown("projectId"))?;
        }
        Ok(store::policy::deadlines(conn, project_id).await?.into_iter().map(DeadlinePolicy).collect())
    }
}

/// Setting deadlines.
#[derive(Default)]
pub struct PolicyMutations;

#[Object]
impl PolicyMutations {
    /// For administrators: sets how soon tickets of a kind are served, from now on. Deadlines that run stay as they are.
    async fn set_deadline_policy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: SetDeadlinePolicyInput,
    ) -> Result<SetDeadlinePolicyPayload> {
        let request = ctx.ask();
        let outcome = async { service::set(&request.services, &request.viewer, input.read()?).await };
        SetDeadlinePolicyPayload::of(outcome.await)
    }
}
