//! What must be said of a publication before it goes out: who reviews, and what is still lacking (T1.1).

use entity::vocab::{Department, ReviewVerdict};

use super::message::Message;

/// The departments of which each must approve a version.
pub const REVIEWERS: [Department; 2] = [Department::ProjectManagement, Department::Legal];

/// Why a version can't go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The department has not said anything about this version.
    Unreviewed(Department),
    Rejected(Department),
}

/// What a version with these verdicts lacks, in the order of the reviewers; nothing when it may go out.
pub fn lacking(verdicts: &[(Department, ReviewVerdict)]) -> Vec<Lack> {
    let of = |department: Department| verdicts.iter().find(|(by, _)| *by == department).map(|(_, verdict)| *verdict);
    let lack = |department: Department| match of(department) {
        Some(ReviewVerdict::Approved) => None,
        Some(ReviewVerdict::Rejected) => Some(Lack::Rejected(department)),
        None => Some(Lack::Unreviewed(department)),
    };
    REVIEWERS.into_iter().filter_map(lack).collect()
}

impl Lack {
    pub fn department(self) -> Department {
        match self {
            Self::Unreviewed(department) | Self::Rejected(department) => department,
        }
    }

    /// Says which department.
    pub fn message(self, version: i32) -> Message {
        let (department, version) = (self.department().into(), version.into());
        match self {
            Self::Unreviewed(_) => Message::NotReviewed { department, version },
            Self::Rejected(_) => Message::ReviewedAndRejected { department, version },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Department::{Legal, ProjectManagement, Sales};
    use ReviewVerdict::{Approved, Rejected};

    #[test]
    fn both_departments_must_approve_and_no_other_counts() {
        for (verdicts, expected) in [
            (vec![], vec![Lack::Unreviewed(ProjectManagement), Lack::Unreviewed(Legal)]),
            (vec![(Legal, Approved)], vec![Lack::Unreviewed(ProjectManagement)]),
            (vec![(Legal, Rejected), (ProjectManagement, Approved)], vec![Lack::Rejected(Legal)]),
            (
                vec![(Sales, Approved), (Sales, Approved)],
                vec![Lack::Unreviewed(ProjectManagement), Lack::Unreviewed(Legal)],
            ),
            (vec![(ProjectManagement, Approved), (Legal, Approved)], vec![]),
        ] {
            assert_eq!(lacking(&verdicts), expected, "{verdicts:?}");
        }
    }

    #[test]
    fn the_message_names_department_and_version() {
        let rejected = Message::ReviewedAndRejected { department: Legal.into(), version: 3.into() };
        assert_eq!(Lack::Rejected(Legal).message(3), rejected);
        let silent = Message::NotReviewed { department: ProjectManagement.into(), version: 1.into() };
        assert_eq!(Lack::Unreviewed(ProjectManagement).message(1), silent);
    }
}
