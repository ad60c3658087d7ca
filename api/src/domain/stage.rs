//! The stages in the life of a home, and which follow which (S14).

use chrono::{DateTime, Utc};
use entity::vocab::OwnerStage;

/// Why an owner can't come from one stage to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IllegalJump {
    pub from: OwnerStage,
    pub to: OwnerStage,
}

/// Whether one stage may follow another. People skip the renovation, renovate again, sell and buy; nobody becomes a
/// prospect again, and nothing is handed over before it is signed for.
pub fn follows(from: OwnerStage, to: OwnerStage) -> Result<(), IllegalJump> {
    use OwnerStage::{Former, HandedOver, Prospect, Renovating, Resident, Signed};
    let legal = matches!(
        (from, to),
        (Prospect, Signed | Former)
            | (Signed, HandedOver | Former)
            | (HandedOver, Renovating | Resident | Former)
            | (Renovating, Resident | Former)
            | (Resident, Renovating | Former)
            | (Former, Signed)
    );
    if legal { Ok(()) } else { Err(IllegalJump { from, to }) }
}

/// That an owner came from one stage to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    pub from: Option<OwnerStage>,
    pub to: OwnerStage,
    pub at: DateTime<Utc>,
}

/// Where an owner stood just before an instant, from the present stage and the history, the oldest change first. Whoever
/// was entered with a stage, as from a ledger, has had it since before the first change.
pub fn stage_at(present: OwnerStage, history: &[Change], before: DateTime<Utc>) -> OwnerStage {
    match history.iter().rev().find(|change| change.at < before) {
        Some(last) => last.to,
        None => history.first().map_or(present, |first| first.from.unwrap_or(OwnerStage::Prospect)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_an_owner_stood_is_read_off_the_history() {
        use OwnerStage::*;
        let at = |day: u32| format!("2026-10-{day:02}T00:00:00Z").parse::<DateTime<Utc>>().unwrap();
        let history = [
            Change { from: Some(Signed), to: HandedOver, at: at(10) },
            Change { from: Some(HandedOver), to: Renovating, at: at(20) },
        ];
        for (day, expected) in [(5, Signed), (10, Signed), (11, HandedOver), (20, HandedOver), (21, Renovating)] {
            assert_eq!(stage_at(Renovating, &history, at(day)), expected, "{day}");
        }
        assert_eq!(stage_at(Resident, &[], at(5)), Resident);
        assert_eq!(stage_at(Signed, &[Change { from: None, to: Signed, at: at(10) }], at(5)), Prospect);
    }

    #[test]
    fn the_way_of_a_home_is_open_and_shortcuts_are_not() {
        use OwnerStage::*;
        for (from, to) in [(Prospect, Signed), (Signed, HandedOver), (HandedOver, Renovating), (Renovating, Resident)] {
            assert_eq!(follows(from, to), Ok(()));
            assert!(follows(to, from).is_err() || (from, to) == (Renovating, Resident), "{to:?} to {from:?}");
        }
        for (from, to) in [(Prospect, HandedOver), (Prospect, Resident), (Signed, Renovating), (Former, Resident)] {
            assert_eq!(follows(from, to), Err(IllegalJump { from, to }));
        }
    }

    #[test]
    fn no_stage_follows_itself_and_none_leads_back_to_prospect() {
        for stage in OwnerStage::ALL {
            assert!(follows(*stage, *stage).is_err());
            assert!(follows(*stage, OwnerStage::Prospect).is_err());
        }
    }
}
