//! What a report must hold to be taken, and how its refusal names the field.

use chrono::TimeDelta;
use entity::vocab::{TicketKind, TicketStatus, Urgency};

use crate::domain::deadline::default_policy;
use crate::domain::invalid::Problem;
use crate::domain::ticket::sample::*;
use crate::domain::ticket::{NewTicket, Refusal, Window, create};

fn refused_report(new: NewTicket) -> (&'static str, Problem) {
    match create(&new, &default_policy(new.kind, new.urgency), start()) {
        Err(Refusal::Invalid(invalid)) => (invalid.field, invalid.problem),
        other => panic!("should have been refused: {other:?}"),
    }
}

#[test]
fn a_report_is_stored_trimmed() {
    let new = NewTicket {
        title: "  漏水\u{3000}".to_owned(),
        description: " 一\n二 ".to_owned(),
        ..report(TicketKind::Repair, Urgency::Normal)
    };
    let created = create(&new, &default_policy(new.kind, new.urgency), start()).unwrap();
    assert_eq!((created.title.as_str(), created.description.as_str()), ("漏水", "一\n二"));
    assert_eq!(created.step.state.status, TicketStatus::Submitted);
    assert_eq!((created.step.events.len(), created.step.events[0].from), (1, None));
}

#[test]
fn a_report_that_is_wrong_is_refused_by_field() {
    let good = || report(TicketKind::Repair, Urgency::Normal);
    for (field, problem, new) in [
        ("title", Problem::Required, NewTicket { title: " \u{3000} ".to_owned(), ..good() }),
        ("title", Problem::TooLong, NewTicket { title: "水".repeat(121), ..good() }),
        ("title", Problem::Invalid, NewTicket { title: "漏\n水".to_owned(), ..good() }),
        ("description", Problem::TooLong, NewTicket { description: "水".repeat(4001), ..good() }),
        ("description", Problem::Invalid, NewTicket { description: "水\0".to_owned(), ..good() }),
        ("appointment", Problem::Required, NewTicket { urgency: Urgency::Appointment, ..good() }),
        ("appointment", Problem::Invalid, NewTicket { appointment: Some(window(start(), 1)), ..good() }),
        ("resolveBy", Problem::Invalid, NewTicket { resolve_by: Some(hours(1)), ..good() }),
        (
            "resolveBy",
            Problem::InThePast,
            NewTicket { resolve_by: Some(start()), ..report(TicketKind::Rectification, Urgency::Normal) },
        ),
    ] {
        assert_eq!(refused_report(new.clone()), (field, problem), "{new:?}");
    }
    let longest = NewTicket { title: "水".repeat(120), description: "水".repeat(4000), ..good() };
    assert!(create(&longest, &default_policy(longest.kind, longest.urgency), start()).is_ok());
}

#[test]
fn a_window_is_ahead_in_order_and_within_limits() {
    let from = |starts_in: TimeDelta, length: TimeDelta| Window {
        starts_at: start() + starts_in,
        ends_at: start() + starts_in + length,
    };
    let (zero, second, hour) = (TimeDelta::zero(), TimeDelta::seconds(1), TimeDelta::hours(1));
    let day = TimeDelta::days(1);
    for (window, expected) in [
        (from(hour, zero), Some(("appointment.endsAt", Problem::Invalid))),
        (from(hour, -second), Some(("appointment.endsAt", Problem::Invalid))),
        (from(-second, hour), Some(("appointment.startsAt", Problem::InThePast))),
        (from(hour, hour * 12 + second), Some(("appointment.endsAt", Problem::OutOfRange))),
        (from(day * 60 + second, hour), Some(("appointment.startsAt", Problem::OutOfRange))),
        (from(zero, second), None),
        (from(day * 60, hour * 12), None),
    ] {
        let new = NewTicket { appointment: Some(window), ..report(TicketKind::Repair, Urgency::Appointment) };
        match expected {
            Some(expected) => assert_eq!(refused_report(new), expected, "{window:?}"),
            None => assert!(create(&new, &default_policy(new.kind, new.urgency), start()).is_ok(), "{window:?}"),
        }
    }
}
