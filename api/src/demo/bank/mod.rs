//! What people report, and what becomes of it: the texts of the demo's tickets, fitting to kind and category.
//! `{r}` in a text stands for a room of the home. How often and when something is reported is not said here.

mod complaints;
mod defects;
mod questions;
mod repairs;

use entity::vocab::{Department, TicketCategory, TicketKind, Urgency};

use super::random::Random;

pub(super) use questions::BEFORE_HANDOVER;

/// A report and its ending.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub kind: TicketKind,
    pub category: TicketCategory,
    pub urgency: Urgency,
    pub department: Department,
    pub title: &'static str,
    pub description: &'static str,
    pub resolution: &'static str,
    /// What a complaint was found to be; none for other kinds.
    pub finding: Option<Finding>,
}

/// How a complaint was judged.
#[derive(Clone, Copy, Debug)]
pub(super) enum Finding {
    Valid { cause: &'static str, explanation: &'static str },
    Invalid { reason: &'static str },
}

const ROOMS: [&str; 5] = ["主卧", "次卧", "客厅", "书房", "儿童房"];

impl Entry {
    /// A text with its room filled in.
    pub fn text(text: &str, room: &str) -> String {
        text.replace("{r}", room)
    }

    pub fn room(random: &mut Random) -> &'static str {
        random.pick(&ROOMS)
    }
}

/// Every report of a kind, for homes that were handed over.
pub(super) fn of_kind(kind: TicketKind) -> Vec<&'static Entry> {
    let banks = [repairs::REPAIRS, complaints::COMPLAINTS, questions::QUESTIONS, defects::DEFECTS];
    banks.into_iter().flatten().filter(|entry| entry.kind == kind).collect()
}

const fn repair(
    category: TicketCategory,
    urgency: Urgency,
    title: &'static str,
    description: &'static str,
    resolution: &'static str,
) -> Entry {
    let department = Department::PropertyCompany;
    let kind = TicketKind::Repair;
    Entry { kind, category, urgency, department, title, description, resolution, finding: None }
}

const fn defect(
    category: TicketCategory,
    title: &'static str,
    description: &'static str,
    resolution: &'static str,
) -> Entry {
    let department = Department::ProjectManagement;
    let (kind, urgency) = (TicketKind::Rectification, Urgency::Normal);
    Entry { kind, category, urgency, department, title, description, resolution, finding: None }
}

const fn question(
    kind: TicketKind,
    category: TicketCategory,
    department: Department,
    title: &'static str,
    description: &'static str,
    resolution: &'static str,
) -> Entry {
    Entry { kind, category, urgency: Urgency::Normal, department, title, description, resolution, finding: None }
}

const fn complaint(
    category: TicketCategory,
    department: Department,
    [title, description]: [&'static str; 2],
    finding: Finding,
    resolution: &'static str,
) -> Entry {
    let (kind, urgency) = (TicketKind::Complaint, Urgency::Normal);
    Entry { kind, category, urgency, department, title, description, resolution, finding: Some(finding) }
}

const fn valid(cause: &'static str, explanation: &'static str) -> Finding {
    Finding::Valid { cause, explanation }
}

const fn invalid(reason: &'static str) -> Finding {
    Finding::Invalid { reason }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_report_stands_there_twice_and_all_fit_their_fields() {
        let all: Vec<_> = TicketKind::ALL.iter().flat_map(|kind| of_kind(*kind)).chain(BEFORE_HANDOVER).collect();
        assert!(all.len() >= 120, "{} reports", all.len());
        assert_eq!(all.iter().map(|entry| entry.title).collect::<HashSet<_>>().len(), all.len());
        for entry in all {
            assert!((4..=60).contains(&entry.title.chars().count()), "{}", entry.title);
            assert!(entry.description.chars().count() > 12, "{}", entry.title);
            assert!(entry.resolution.chars().count() > 8, "{}", entry.title);
            assert_eq!(entry.finding.is_some(), entry.kind == TicketKind::Complaint, "{}", entry.title);
        }
    }

    #[test]
    fn repairs_come_in_every_urgency_and_every_category_is_reported() {
        let repairs = of_kind(TicketKind::Repair);
        for urgency in Urgency::ALL {
            assert!(repairs.iter().any(|entry| entry.urgency == *urgency), "{urgency:?}");
        }
        let categories: HashSet<_> =
            TicketKind::ALL.iter().flat_map(|kind| of_kind(*kind)).map(|entry| entry.category).collect();
        assert_eq!(categories.len(), TicketCategory::ALL.len());
    }
}
