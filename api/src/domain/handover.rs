//! How a home is handed over (T4.1): the checklist, what may be done where a handover stands, and the times at which
//! homes are handed over. Who may do it, and what follows from a completed handover, is not decided here.

use chrono::{DateTime, TimeDelta, Utc};
use entity::vocab::{HandoverStatus, HandoverStepKind};

use super::invalid::{Invalid, Message, Problem};

/// The longest that one visit is planned for.
const LONGEST_SLOT: TimeDelta = TimeDelta::hours(12);

/// The most homes that are handed over in one slot.
const MOST_PLACES: i32 = 500;

/// The longest note on a step.
pub const LONGEST_NOTE: usize = 500;

/// Whether a handover can't be completed without this step. Only the inspection is the customer's to waive.
pub fn is_mandatory(kind: HandoverStepKind) -> bool {
    match kind {
        HandoverStepKind::HomeInspected => false,
        HandoverStepKind::FlowShown
        | HandoverStepKind::CompletionDocumentsShown
        | HandoverStepKind::MeasuredAreaReportShown
        | HandoverStepKind::MetersRead
        | HandoverStepKind::KeysHandedOver
        | HandoverStepKind::WarrantyPapersHandedOver
        | HandoverStepKind::SignedByOwner => true,
    }
}

/// Whether a step is worth nothing without a note: the readings of the meters.
pub fn needs_note(kind: HandoverStepKind) -> bool {
    kind == HandoverStepKind::MetersRead
}

/// A step as the rule sees it: which, whether it must be, whether it is ticked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    pub kind: HandoverStepKind,
    pub is_mandatory: bool,
    pub is_ticked: bool,
}

/// The mandatory steps that stand in the way of completing, in the order given.
pub fn missing(steps: &[Step]) -> Vec<HandoverStepKind> {
    steps.iter().filter(|step| step.is_mandatory && !step.is_ticked).map(|step| step.kind).collect()
}

/// What is done with a handover.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Move {
    Reschedule,
    Cancel,
    Accompany,
    Start,
    Tick,
    FindDefect,
    Complete,
}

/// Why something can't be done with a handover.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IllegalMove {
    pub from: HandoverStatus,
    pub wanted: Move,
}

/// Where a handover stands after something was done with it.
pub fn after(from: HandoverStatus, wanted: Move) -> Result<HandoverStatus, IllegalMove> {
    use HandoverStatus::{Booked, Cancelled, Completed, InProgress};
    match (from, wanted) {
        (Booked, Move::Reschedule) => Ok(Booked),
        (Booked, Move::Cancel) => Ok(Cancelled),
        (Booked | InProgress, Move::Accompany) => Ok(from),
        (Booked, Move::Start) => Ok(InProgress),
        (InProgress, Move::Tick | Move::FindDefect) => Ok(InProgress),
        (InProgress, Move::Complete) => Ok(Completed),
        _ => Err(IllegalMove { from, wanted }),
    }
}

/// Checks a time at which homes are to be handed over.
pub fn check_slot(
    (starts_at, ends_at): (DateTime<Utc>, DateTime<Utc>),
    capacity: i32,
    now: DateTime<Utc>,
) -> Result<(), Invalid> {
    if starts_at <= now {
        return Err(Invalid::new("startsAt", Problem::InThePast, Message::MustLieAhead));
    }
    if ends_at <= starts_at || ends_at - starts_at > LONGEST_SLOT {
        return Err(Invalid::new("endsAt", Problem::OutOfRange, Message::MustFollowWithinHours));
    }
    if !(1..=MOST_PLACES).contains(&capacity) {
        return Err(Invalid::new(
            "capacity",
            Problem::OutOfRange,
            Message::MustBeFrom { least: 1.into(), most: MOST_PLACES.into() },
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use HandoverStatus::{Booked, Cancelled, Completed, InProgress};
    use proptest::prelude::*;

    use super::*;

    const MOVES: [Move; 7] =
        [Move::Reschedule, Move::Cancel, Move::Accompany, Move::Start, Move::Tick, Move::FindDefect, Move::Complete];

    #[test]
    fn the_whole_table_of_moves() {
        let rows = [
            (Booked, [Some(Booked), Some(Cancelled), Some(Booked), Some(InProgress), None, None, None]),
            (InProgress, [None, None, Some(InProgress), None, Some(InProgress), Some(InProgress), Some(Completed)]),
            (Completed, [None; 7]),
            (Cancelled, [None; 7]),
        ];
        for (from, expected) in rows {
            for (wanted, to) in MOVES.into_iter().zip(expected) {
                assert_eq!(after(from, wanted), to.ok_or(IllegalMove { from, wanted }), "{from:?} {wanted:?}");
            }
        }
    }

    #[test]
    fn what_the_standard_names_is_mandatory() {
        use HandoverStepKind as S;
        for kind in
            [S::FlowShown, S::CompletionDocumentsShown, S::MeasuredAreaReportShown, S::KeysHandedOver, S::MetersRead]
        {
            assert!(is_mandatory(kind), "{kind:?}");
        }
        assert!(!is_mandatory(S::HomeInspected));
        assert!(needs_note(S::MetersRead) && !needs_note(S::KeysHandedOver));
    }

    #[test]
    fn a_slot_lies_ahead_and_has_places() {
        let now: DateTime<Utc> = "2026-11-23T01:00:00Z".parse().unwrap();
        let hours = |from: i64, to: i64| (now + TimeDelta::hours(from), now + TimeDelta::hours(to));
        assert_eq!(check_slot(hours(1, 2), 1, now), Ok(()));
        assert_eq!(check_slot(hours(1, 13), 500, now), Ok(()));
        for (period, capacity, field, problem) in [
            (hours(0, 1), 1, "startsAt", Problem::InThePast),
            (hours(2, 2), 1, "endsAt", Problem::OutOfRange),
            (hours(2, 1), 1, "endsAt", Problem::OutOfRange),
            (hours(1, 14), 1, "endsAt", Problem::OutOfRange),
            (hours(1, 2), 0, "capacity", Problem::OutOfRange),
            (hours(1, 2), 501, "capacity", Problem::OutOfRange),
        ] {
            let refused = check_slot(period, capacity, now).unwrap_err();
            assert_eq!((refused.field, refused.problem), (field, problem));
        }
    }

    proptest! {
        #[test]
        fn a_checklist_is_done_when_every_mandatory_step_is_ticked(marks in prop::collection::vec(any::<(bool, bool)>(), 8)) {
            let steps: Vec<Step> = HandoverStepKind::ALL
                .iter()
                .zip(&marks)
                .map(|(kind, (is_mandatory, is_ticked))| Step { kind: *kind, is_mandatory: *is_mandatory, is_ticked: *is_ticked })
                .collect();
            let lacking = missing(&steps);
            prop_assert_eq!(lacking.is_empty(), marks.iter().all(|(mandatory, ticked)| *ticked || !*mandatory));
            let ticked: Vec<Step> = steps.iter().map(|step| Step { is_ticked: step.is_ticked || lacking.contains(&step.kind), ..*step }).collect();
            prop_assert_eq!(missing(&ticked), vec![]);
        }
    }
}
