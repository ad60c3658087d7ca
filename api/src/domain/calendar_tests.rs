//! What the working calendar promises, by example and for any calendar.

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// Nine to six with an hour and a half of lunch, Monday to Friday; National Day 2026 with its made-up Saturday.
fn office() -> WorkingCalendar {
    let day = json!([{"from": "13:30", "to": "18:00"}, {"from": "09:00", "to": "12:00"}]);
    serde_json::from_value(json!({
        "timeZone": "Asia/Shanghai",
        "weekly": [day, day, day, day, day, [], []],
        "holidays": ["2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07"],
        "makeUpDays": ["2026-10-10"],
    }))
    .unwrap()
}

fn shanghai(text: &str) -> DateTime<Utc> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    chrono_tz::Asia::Shanghai.from_local_datetime(&local).unwrap().to_utc()
}

#[test]
fn working_time_skips_lunch_nights_weekends_and_holidays() {
    for (why, start, minutes, end) in [
        ("within a morning", "2026-11-23 09:30", 60, "2026-11-23 10:30"),
        ("over lunch", "2026-11-23 11:30", 60, "2026-11-23 14:00"),
        ("to the end of a day, not to the next morning", "2026-11-23 17:00", 60, "2026-11-23 18:00"),
        ("over night", "2026-11-23 17:00", 61, "2026-11-24 09:01"),
        ("from before work", "2026-11-23 05:00", 30, "2026-11-23 09:30"),
        ("over a weekend", "2026-11-27 17:30", 60, "2026-11-30 09:30"),
        ("over National Day", "2026-09-30 17:00", 120, "2026-10-08 10:00"),
        ("on a made-up Saturday", "2026-10-09 17:00", 120, "2026-10-10 10:00"),
        ("nothing at all", "2026-11-28 03:00", 0, "2026-11-28 03:00"),
    ] {
        assert_eq!(office().add_working(shanghai(start), TimeDelta::minutes(minutes)), shanghai(end), "{why}");
    }
}

#[test]
fn working_time_between_two_instants() {
    let between = |start, end| office().working_between(shanghai(start), shanghai(end)).num_minutes();
    assert_eq!(between("2026-11-23 00:00", "2026-11-24 00:00"), 450);
    assert_eq!(between("2026-11-28 00:00", "2026-11-30 00:00"), 0);
    assert_eq!(between("2026-11-23 11:00", "2026-11-23 12:30"), 60);
    assert_eq!(between("2026-11-24 11:00", "2026-11-23 11:00"), 0);
}

#[test]
fn a_made_up_day_with_hours_of_its_own_keeps_them() {
    let mut data = CalendarData::from(office());
    data.weekly[5] = vec![Period { from: TimeOfDay(600), to: TimeOfDay(660) }];
    let calendar = WorkingCalendar::try_from(data).unwrap();
    let between = |start, end| calendar.working_between(shanghai(start), shanghai(end)).num_minutes();
    assert_eq!(between("2026-10-10 00:00", "2026-10-11 00:00"), 60);
}

#[test]
fn a_change_of_clocks_shortens_or_lengthens_the_work_of_its_day() {
    let early = json!([{"from": "01:30", "to": "02:30"}, {"from": "02:30", "to": "04:00"}]);
    let calendar: WorkingCalendar = serde_json::from_value(json!({
        "timeZone": "America/New_York", "weekly": [[], [], [], [], [], [], early],
    }))
    .unwrap();
    let minutes_of = |day: &str| {
        let midnight = format!("{day}T04:00:00Z").parse().unwrap();
        calendar.working_between(midnight, midnight + TimeDelta::hours(24)).num_minutes()
    };
    assert_eq!(minutes_of("2026-03-01"), 150);
    // From 02:00 to 03:00 there was no time at all; from 01:00 to 02:00 there was twice as much.
    assert_eq!(minutes_of("2026-03-08"), 90);
    assert_eq!(minutes_of("2026-11-01"), 210);
}

#[test]
fn a_holiday_on_every_day_still_ends() {
    let mut data = CalendarData::from(office());
    let first: NaiveDate = "2026-01-01".parse().unwrap();
    data.make_up_days.clear();
    data.holidays = first.iter_days().take(HORIZON_DAYS + 10).collect();
    let calendar = WorkingCalendar::try_from(data).unwrap();
    let start = shanghai("2026-01-01 09:00");
    assert_eq!(calendar.add_working(start, TimeDelta::hours(1)), start + TimeDelta::days(HORIZON_DAYS as i64));
    assert_eq!(calendar.working_between(start, DateTime::<Utc>::MAX_UTC), TimeDelta::zero());
}

#[test]
fn it_is_stored_as_it_was_read() {
    let stored = serde_json::to_value(office()).unwrap();
    assert_eq!(stored["weekly"][0][0], json!({"from": "09:00", "to": "12:00"}));
    assert_eq!(serde_json::from_value::<WorkingCalendar>(stored).unwrap(), office());
}

#[test]
fn a_calendar_that_makes_no_sense_is_refused() {
    let monday = |periods: serde_json::Value| json!({"timeZone": "UTC", "weekly": [periods, [], [], [], [], [], []]});
    for (why, data, refused) in [
        ("no work", monday(json!([])), true),
        ("ends before it starts", monday(json!([{"from": "09:00", "to": "08:00"}])), true),
        ("empty", monday(json!([{"from": "09:00", "to": "09:00"}])), true),
        ("overlap", monday(json!([{"from": "09:00", "to": "12:00"}, {"from": "11:59", "to": "13:00"}])), true),
        ("past midnight", monday(json!([{"from": "09:00", "to": "24:01"}])), true),
        ("61 minutes", monday(json!([{"from": "09:61", "to": "12:00"}])), true),
        ("a sign", monday(json!([{"from": "+9:00", "to": "12:00"}])), true),
        (
            "no zone",
            json!({"timeZone": "Mars/Olympus", "weekly": [[{"from": "09:00", "to": "12:00"}], [], [], [], [], [], []]}),
            true,
        ),
        ("round the clock", monday(json!([{"from": "00:00", "to": "24:00"}])), false),
        (
            "one after the other",
            monday(json!([{"from": "09:00", "to": "12:00"}, {"from": "12:00", "to": "13:00"}])),
            false,
        ),
    ] {
        assert_eq!(serde_json::from_value::<WorkingCalendar>(data).is_err(), refused, "{why}");
    }
}

#[test]
fn a_day_cannot_be_holiday_and_made_up() {
    let mut data = CalendarData::from(office());
    data.make_up_days.insert("2026-10-01".parse().unwrap());
    assert_eq!(WorkingCalendar::try_from(data).unwrap_err().field, "makeUpDays");
}

const ZONES: &[&str] = &["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"];

/// Any calendar with at least half an hour a week, also where clocks change and where a whole day was once skipped.
fn any_calendar() -> impl Strategy<Value = WorkingCalendar> {
    let day = proptest::collection::vec((0u16..1410, 30u16..600), 0..4);
    let holidays = proptest::collection::btree_set(0u64..2000, 0..60);
    (proptest::sample::select(ZONES), proptest::array::uniform7(day), holidays).prop_filter_map(
        "no working time",
        |(zone, days, holidays)| {
            let first: NaiveDate = "2011-01-01".parse().unwrap();
            let day = |n: &u64| first + chrono::Days::new(*n);
            let (made_up, holidays): (Vec<_>, Vec<_>) = holidays.iter().partition(|n| *n % 3 == 0);
            WorkingCalendar::try_from(CalendarData {
                time_zone: zone.to_owned(),
                weekly: days.map(|stretches| without_overlap(&stretches)),
                holidays: holidays.into_iter().map(day).collect(),
                make_up_days: made_up.into_iter().map(day).collect(),
            })
            .ok()
        },
    )
}

fn without_overlap(stretches: &[(u16, u16)]) -> Vec<Period> {
    let mut periods: Vec<Period> = Vec::new();
    for (from, length) in stretches {
        let period = Period { from: TimeOfDay(*from), to: TimeOfDay((from + length).min(MINUTES_OF_A_DAY)) };
        if periods.iter().all(|other| period.to <= other.from || other.to <= period.from) {
            periods.push(period);
        }
    }
    periods
}

fn any_instant() -> impl Strategy<Value = DateTime<Utc>> {
    // 2011 to 2016, to the microsecond.
    (1_293_840_000_000_000i64..1_451_606_400_000_000).prop_map(|n| DateTime::from_timestamp_micros(n).unwrap())
}

proptest! {
    #[test]
    fn what_is_added_lies_between(calendar in any_calendar(), start in any_instant(), seconds in 0i64..400_000) {
        let end = calendar.add_working(start, TimeDelta::seconds(seconds));
        prop_assert_eq!(calendar.working_between(start, end), TimeDelta::seconds(seconds));
    }

    #[test]
    fn what_is_added_ends_in_working_time_and_as_soon_as_it_can(
        calendar in any_calendar(), start in any_instant(), seconds in 1i64..400_000,
    ) {
        let end = calendar.add_working(start, TimeDelta::seconds(seconds));
        // The last moment of it was work, or as much would have been done before.
        let moment = TimeDelta::microseconds(1);
        prop_assert_eq!(calendar.working_between(start, end - moment), TimeDelta::seconds(seconds) - moment);
        prop_assert_eq!(calendar.working_between(end - moment, end), moment);
        let local = (end - moment).with_timezone(&calendar.time_zone).naive_local();
        prop_assert!(!calendar.holidays.contains(&local.date()), "{local} is a holiday");
        let is_ordinary = !calendar.make_up_days.contains(&local.date());
        let hours = &calendar.weekly[local.weekday().num_days_from_monday() as usize];
        // Where clocks change, hours are longer or shorter than they are called.
        if is_ordinary && calendar.time_zone == chrono_tz::Asia::Shanghai {
            let minute = (local - local.date().and_time(NaiveTime::MIN)).num_minutes();
            let is_within = |period: &Period| (i64::from(period.from.0)..i64::from(period.to.0)).contains(&minute);
            prop_assert!(hours.iter().any(is_within), "{local} is not among {hours:?}");
        }
    }

    #[test]
    fn work_that_fits_before_an_instant_is_done_by_then(
        calendar in any_calendar(), start in any_instant(), later in 0i64..1_000_000,
    ) {
        // Most instants lie outside of work, so that this work fills its last hours to their end.
        let until = start + TimeDelta::seconds(later);
        let end = calendar.add_working(start, calendar.working_between(start, until));
        prop_assert!(end <= until, "{end} is after {until}");
    }

    #[test]
    fn more_work_and_a_later_start_never_end_earlier(
        calendar in any_calendar(), start in any_instant(), later in 0i64..1_000_000, work in 0i64..200_000, more in 0i64..200_000,
    ) {
        let end = calendar.add_working(start, TimeDelta::seconds(work));
        prop_assert!(start <= end);
        prop_assert!(end <= calendar.add_working(start, TimeDelta::seconds(work + more)));
        prop_assert!(end <= calendar.add_working(start + TimeDelta::seconds(later), TimeDelta::seconds(work)));
        let (from, to) = (start, start + TimeDelta::seconds(later));
        prop_assert!(calendar.working_between(from, to) <= to - from);
    }

    #[test]
    fn working_time_adds_up(calendar in any_calendar(), mut three in proptest::array::uniform3(any_instant())) {
        three.sort();
        let [a, b, c] = three;
        let parts = calendar.working_between(a, b) + calendar.working_between(b, c);
        prop_assert_eq!(parts, calendar.working_between(a, c));
    }
}
