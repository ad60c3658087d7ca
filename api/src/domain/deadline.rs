//! By when a ticket must be answered, attended and done: the default policy, a policy from a project's row, and the
//! due instants it gives. When a deadline counts as missed is the ticket's clock.

use chrono::{DateTime, TimeDelta, Utc};
use entity::vocab::{TicketKind, Urgency};

use super::calendar::WorkingCalendar;
use super::invalid::{Invalid, Message, Problem};
use super::ticket::Window;

const HOUR: i32 = 60;
const DAY: i32 = 24 * HOUR;

/// Longer than this is a typing error, and the sums would leave what a date can hold.
const LONGEST: i32 = 3660 * DAY;

/// A policy as its row says it, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeadlineMinutes {
    /// Counted from creation.
    pub respond: i32,
    /// Absent where nobody has to arrive.
    pub arrive: Option<i32>,
    pub resolve: i32,
    /// Arrival and resolution are counted from the end of the appointment's window, not from creation.
    pub from_window_end: bool,
}

/// A checked policy, with the clock it is counted by.
#[derive(Clone, Debug, PartialEq)]
pub struct DeadlinePolicy {
    respond: TimeDelta,
    arrive: Option<TimeDelta>,
    resolve: TimeDelta,
    from_window_end: bool,
    calendar: Option<WorkingCalendar>,
}

/// The instants that a policy gives one ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueDates {
    pub respond: DateTime<Utc>,
    pub arrive: Option<DateTime<Utc>>,
    pub resolve: DateTime<Utc>,
}

/// The deadlines of a project that has set none of its own.
pub fn default_minutes(kind: TicketKind, urgency: Urgency) -> DeadlineMinutes {
    let (respond, arrive, resolve) = match (kind, urgency) {
        (TicketKind::Repair, Urgency::Urgent) => (15, Some(30), 24 * HOUR),
        (TicketKind::Repair, Urgency::Normal) => (30, Some(24 * HOUR), 72 * HOUR),
        (TicketKind::Repair, Urgency::Appointment) => (2 * HOUR, Some(0), 24 * HOUR),
        (TicketKind::Complaint, _) => (24 * HOUR, None, 7 * DAY),
        (TicketKind::Inquiry | TicketKind::Suggestion, _) => (24 * HOUR, None, 3 * DAY),
        (TicketKind::Rectification, _) => (24 * HOUR, None, 30 * DAY),
    };
    let from_window_end = matches!((kind, urgency), (TicketKind::Repair, Urgency::Appointment));
    DeadlineMinutes { respond, arrive, resolve, from_window_end }
}

/// The default policy, by the wall clock: service is round the clock, every day of the year.
pub fn default_policy(kind: TicketKind, urgency: Urgency) -> DeadlinePolicy {
    DeadlinePolicy::unchecked(default_minutes(kind, urgency), None)
}

/// The due instants of a ticket created at `start`, or whose clocks begin anew then. With a policy that counts from the
/// end of a window and no window agreed, nobody is awaited yet and resolution is counted from `start`.
pub fn due_dates(policy: &DeadlinePolicy, start: DateTime<Utc>, appointment: Option<Window>) -> DueDates {
    let window_end = appointment.map(|window| window.ends_at).filter(|_| policy.from_window_end);
    let work_from = window_end.unwrap_or(start);
    let awaited = window_end.is_some() || !policy.from_window_end;
    DueDates {
        respond: policy.add(start, policy.respond),
        arrive: policy.arrive.filter(|_| awaited).map(|arrive| policy.add(work_from, arrive)),
        resolve: policy.add(work_from, policy.resolve),
    }
}

impl DeadlinePolicy {
    /// A policy from its row; with a calendar the minutes are working time.
    pub fn new(minutes: DeadlineMinutes, calendar: Option<WorkingCalendar>) -> Result<Self, Invalid> {
        check("respondMinutes", minutes.respond, 1)?;
        check("resolveMinutes", minutes.resolve, 1)?;
        if let Some(arrive) = minutes.arrive {
            check("arriveMinutes", arrive, i32::from(!minutes.from_window_end))?;
        }
        Ok(Self::unchecked(minutes, calendar))
    }

    fn unchecked(minutes: DeadlineMinutes, calendar: Option<WorkingCalendar>) -> Self {
        let span = |minutes: i32| TimeDelta::minutes(i64::from(minutes));
        Self {
            respond: span(minutes.respond),
            arrive: minutes.arrive.map(span),
            resolve: span(minutes.resolve),
            from_window_end: minutes.from_window_end,
            calendar,
        }
    }

    /// Whether arrival and resolution count from the end of the agreed window, and not from the report.
    pub fn hangs_on_window(&self) -> bool {
        self.from_window_end
    }

    /// The instant at which `span` has passed since `start`, by this policy's clock.
    pub fn add(&self, start: DateTime<Utc>, span: TimeDelta) -> DateTime<Utc> {
        match &self.calendar {
            Some(calendar) => calendar.add_working(start, span),
            None => start.checked_add_signed(span).unwrap_or(DateTime::<Utc>::MAX_UTC),
        }
    }

    /// How much time passes between two instants by this policy's clock; none when the second is not after the first.
    pub fn elapsed(&self, start: DateTime<Utc>, end: DateTime<Utc>) -> TimeDelta {
        match &self.calendar {
            Some(calendar) => calendar.working_between(start, end),
            None => (end - start).max(TimeDelta::zero()),
        }
    }
}

fn check(field: &'static str, minutes: i32, least: i32) -> Result<(), Invalid> {
    if (least..=LONGEST).contains(&minutes) {
        return Ok(());
    }
    Err(Invalid::new(field, Problem::OutOfRange, Message::MustBeMinutes { least: least.into(), most: LONGEST.into() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn created() -> DateTime<Utc> {
        at("2026-11-23T01:00:00Z")
    }

    fn window() -> Window {
        Window { starts_at: at("2026-11-25T01:00:00Z"), ends_at: at("2026-11-25T03:00:00Z") }
    }

    #[test]
    fn the_default_deadlines_are_the_products() {
        use {TicketKind::*, Urgency::*};
        let minutes = |n: i64| created() + TimeDelta::minutes(n);
        let hours = |n: i64| created() + TimeDelta::hours(n);
        let table = [
            (Repair, Urgent, minutes(15), Some(minutes(30)), hours(24)),
            (Repair, Normal, minutes(30), Some(hours(24)), hours(72)),
            (Repair, Appointment, hours(2), Some(window().ends_at), window().ends_at + TimeDelta::hours(24)),
            (Complaint, Urgent, hours(24), None, hours(7 * 24)),
            (Complaint, Normal, hours(24), None, hours(7 * 24)),
            (Complaint, Appointment, hours(24), None, hours(7 * 24)),
            (Inquiry, Normal, hours(24), None, hours(3 * 24)),
            (Suggestion, Normal, hours(24), None, hours(3 * 24)),
            (Rectification, Normal, hours(24), None, hours(30 * 24)),
        ];
        for (kind, urgency, respond, arrive, resolve) in table {
            let appointment = (urgency == Appointment).then(window);
            let due = due_dates(&default_policy(kind, urgency), created(), appointment);
            assert_eq!(due, DueDates { respond, arrive, resolve }, "{kind:?} {urgency:?}");
        }
    }

    #[test]
    fn without_a_window_nobody_is_awaited() {
        let due = due_dates(&default_policy(TicketKind::Repair, Urgency::Appointment), created(), None);
        assert_eq!((due.arrive, due.resolve), (None, created() + TimeDelta::hours(24)));
    }

    #[test]
    fn a_row_may_count_working_time() {
        let day = json!([{"from": "09:00", "to": "17:00"}]);
        let calendar = serde_json::from_value(json!({
            "timeZone": "Asia/Shanghai", "weekly": [day, day, day, day, day, [], []],
        }))
        .unwrap();
        let row = DeadlineMinutes { respond: 60, arrive: Some(480), resolve: 2400, from_window_end: false };
        let due = due_dates(&DeadlinePolicy::new(row, Some(calendar)).unwrap(), created(), None);
        assert_eq!(due.respond, at("2026-11-23T02:00:00Z"));
        assert_eq!(due.arrive, Some(at("2026-11-23T09:00:00Z")));
        assert_eq!(due.resolve, at("2026-11-27T09:00:00Z"));
    }

    #[test]
    fn a_row_out_of_range_is_refused_by_name() {
        let good = DeadlineMinutes { respond: 1, arrive: Some(1), resolve: 1, from_window_end: false };
        assert!(DeadlinePolicy::new(good, None).is_ok());
        let field = |row| DeadlinePolicy::new(row, None).unwrap_err().field;
        assert_eq!(field(DeadlineMinutes { respond: 0, ..good }), "respondMinutes");
        assert_eq!(field(DeadlineMinutes { arrive: Some(0), ..good }), "arriveMinutes");
        assert_eq!(field(DeadlineMinutes { arrive: Some(-1), from_window_end: true, ..good }), "arriveMinutes");
        assert_eq!(field(DeadlineMinutes { resolve: i32::MAX, ..good }), "resolveMinutes");
        assert!(DeadlinePolicy::new(DeadlineMinutes { arrive: Some(0), from_window_end: true, ..good }, None).is_ok());
    }
}
