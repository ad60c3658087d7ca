//! Batches of defects for a contractor: which reports a warranty's batch collects, by when it must be done, and when it
//! may be sent and completed. A contractor's reports of one month of expiry are one batch.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use entity::vocab::{BatchStatus, TicketStatus};
use uuid::Uuid;

use super::message::{Month, Written};

/// How long a contractor has after the last warranty of the month has ended.
const TIME_TO_RECTIFY: Days = Days::new(30);

/// How long after a warranty's end its reports are still looked at: they may be classified late.
pub const LOOK_BACK: TimeDelta = TimeDelta::days(60);

/// More than the time between the end of a month and the deadline of its batch.
pub const LONGEST_DEADLINE: TimeDelta = TimeDelta::days(32);

/// The batch that collects what is reported before the warranties of one month end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collecting {
    /// Of the one batch that is open for new reports.
    pub key: String,
    pub title: Written,
    /// The last day for the contractor's work.
    pub deadline_on: NaiveDate,
}

/// The batch of a contractor for warranties that end in the month of `expires_on`.
pub fn collecting(contractor: Uuid, expires_on: NaiveDate) -> Collecting {
    let last = last_of_month(expires_on);
    Collecting {
        key: format!("{contractor}:{}", expires_on.format("%Y-%m")),
        title: Written::BatchOfWarranties { month: Month(last.with_day(1).unwrap_or(last)) },
        deadline_on: last.checked_add_days(TIME_TO_RECTIFY).unwrap_or(last),
    }
}

/// Whether the month of a collecting batch is over, so that nothing more can come.
pub fn is_month_over(deadline_on: NaiveDate, today: NaiveDate) -> bool {
    deadline_on.checked_sub_days(TIME_TO_RECTIFY).is_some_and(|last| today > last)
}

/// The day whose end a deadline is.
pub fn day_of_deadline(deadline_at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    let day = deadline_at.with_timezone(&zone).date_naive();
    day.pred_opt().unwrap_or(day)
}

/// The first instant after a day. A midnight that a change of clocks skips stands for the first moment after it.
pub fn end_of_day(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN);
    (0..=3)
        .find_map(|hours| zone.from_local_datetime(&(midnight + TimeDelta::hours(hours))).earliest())
        .map_or_else(|| midnight.and_utc(), |at| at.to_utc())
}

/// Whether a report falls into the window of a warranty: told of the end, and not after it. Days are the project's.
pub fn is_in_window(
    reported_at: DateTime<Utc>,
    noticed_at: Option<DateTime<Utc>>,
    expires_on: NaiveDate,
    zone: Tz,
) -> bool {
    let told = noticed_at.is_some_and(|noticed_at| noticed_at <= reported_at);
    told && reported_at.with_timezone(&zone).date_naive() <= expires_on
}

/// Whether a batch is late: not completed by its deadline.
pub fn is_overdue(status: BatchStatus, deadline_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    status != BatchStatus::Completed && now >= deadline_at
}

/// Whether nothing of a ticket is left for the contractor to do.
pub fn is_done(status: TicketStatus) -> bool {
    use TicketStatus::{Cancelled, Closed, Confirmed, Resolved};
    matches!(status, Resolved | Confirmed | Closed | Cancelled)
}

fn last_of_month(day: NaiveDate) -> NaiveDate {
    let first = day.with_day(1).unwrap_or(day);
    first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_of_expiry_is_one_batch() {
        let contractor = Uuid::from_u128(7);
        let batch = collecting(contractor, on("2026-08-31"));
        assert_eq!(batch, collecting(contractor, on("2026-08-01")));
        assert_eq!(batch.deadline_on, on("2026-09-30"));
        assert_eq!(batch.title, Written::BatchOfWarranties { month: Month(on("2026-08-01")) });
        assert_ne!(batch.key, collecting(contractor, on("2026-09-01")).key);
        assert_ne!(batch.key, collecting(Uuid::from_u128(8), on("2026-08-31")).key);
        assert!(!is_month_over(batch.deadline_on, on("2026-08-31")));
        assert!(is_month_over(batch.deadline_on, on("2026-09-01")));
    }

    #[test]
    fn the_window_is_from_the_notice_to_the_last_local_day() {
        let zone = chrono_tz::Asia::Shanghai;
        let noticed = Some(at("2026-06-30T01:00:00Z"));
        for (reported, noticed, expected) in [
            ("2026-06-30T00:59:59Z", noticed, false),
            ("2026-06-30T01:00:00Z", noticed, true),
            ("2026-08-31T15:59:59Z", noticed, true),
            ("2026-08-31T16:00:00Z", noticed, false),
            ("2026-07-15T00:00:00Z", None, false),
        ] {
            assert_eq!(is_in_window(at(reported), noticed, on("2026-08-31"), zone), expected, "{reported}");
        }
    }

    #[test]
    fn a_batch_is_late_from_its_deadline_until_it_is_completed() {
        let deadline = at("2026-09-30T16:00:00Z");
        assert!(!is_overdue(BatchStatus::Sent, deadline, at("2026-09-30T15:59:59Z")));
        assert!(is_overdue(BatchStatus::Sent, deadline, deadline));
        assert!(is_overdue(BatchStatus::Collecting, deadline, deadline));
        assert!(!is_overdue(BatchStatus::Completed, deadline, deadline));
    }

    proptest! {
        #[test]
        fn a_deadline_is_the_end_of_its_day(days in 700_000i32..760_000) {
            let day = NaiveDate::from_num_days_from_ce_opt(days).unwrap();
            for zone in [chrono_tz::Asia::Shanghai, chrono_tz::America::Santiago, chrono_tz::UTC] {
                prop_assert_eq!(day_of_deadline(end_of_day(day, zone), zone), day);
            }
        }
    }
}
