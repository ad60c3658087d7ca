//! The company's figures (指标): what each has to reach, what it is counted from, and what that comes to. Which rows are
//! behind a figure is the store's; whether one of them counts is said here.

pub mod item;
pub mod month;
pub mod rank;
pub mod small;
#[cfg(test)]
mod tests;
pub mod ticket;

use entity::vocab::{FigureKey, InspectionSubject, Role};

pub use item::{Cut, Item, distinct};
pub use month::{Month, Period};

/// What a figure is a number of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    Percent,
    Count,
}

/// How a figure is held against its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    AtLeast,
    Exactly,
}

/// What a figure has to reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    pub measure: Measure,
    pub comparison: Comparison,
    pub target: i64,
}

/// The target of each figure.
pub fn goal(key: FigureKey) -> Goal {
    use FigureKey as K;
    let (measure, comparison, target) = match key {
        K::SatisfactionIndex => (Measure::Percent, Comparison::AtLeast, 85),
        K::SafetyIncidents | K::FireIncidents | K::EquipmentIncidents => (Measure::Count, Comparison::Exactly, 0),
        K::RepairTimeliness | K::RepairQuality | K::ComplaintSignoff | K::UrgentReaction => {
            (Measure::Percent, Comparison::AtLeast, 95)
        }
        K::EquipmentSound | K::BuildingSound | K::GreeneryAlive | K::RoadsSound => {
            (Measure::Percent, Comparison::AtLeast, 98)
        }
        K::TrainingRate
        | K::FilingRate
        | K::FileCompleteness
        | K::FollowUpRate
        | K::ComplaintHandling
        | K::ComplaintReply24h
        | K::CleaningCoverage
        | K::GuardCoverage
        | K::MilestoneCoverage
        | K::WarrantyNoticeCoverage
        | K::AmbassadorCoverage => (Measure::Percent, Comparison::Exactly, 100),
    };
    Goal { measure, comparison, target }
}

/// What the items of a figure come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub numerator: i64,
    pub denominator: i64,
}

impl Tally {
    /// Adds items up.
    pub fn of<'a>(items: impl IntoIterator<Item = &'a Item>) -> Self {
        items.into_iter().fold(Self::default(), |sum, item| Self {
            numerator: sum.numerator + item.numerator(),
            denominator: sum.denominator + item.denominator(),
        })
    }

    /// The figure: a percentage to the hundredth, never rounded up, or a count. A percentage of nothing is nothing.
    pub fn value(self, goal: Goal) -> Option<f64> {
        // Counts of rows are far below what a double can hold exactly.
        #[allow(clippy::cast_precision_loss)]
        self.value_in_hundredths(goal).map(|value| value as f64 / 100.0)
    }

    /// The same as a number of hundredths.
    pub fn value_in_hundredths(self, goal: Goal) -> Option<i64> {
        match goal.measure {
            Measure::Count => Some(self.numerator * 100),
            Measure::Percent if self.denominator == 0 => None,
            Measure::Percent => Some(self.numerator * 10_000 / self.denominator),
        }
    }

    /// Whether the target is met, decided in whole numbers; nothing is neither met nor missed.
    pub fn is_met(self, goal: Goal) -> Option<bool> {
        let (is, should) = match goal.measure {
            Measure::Count => (self.numerator, goal.target),
            Measure::Percent if self.denominator == 0 => return None,
            Measure::Percent => (self.numerator * 100, self.denominator * goal.target),
        };
        Some(match goal.comparison {
            Comparison::AtLeast => is >= should,
            Comparison::Exactly => is == should,
        })
    }
}

/// Whether a figure means something for a department.
pub fn is_by_department(key: FigureKey) -> bool {
    key == FigureKey::TrainingRate || key == FigureKey::SatisfactionIndex || is_of_tickets(key) || is_of_rounds(key)
}

/// Whether a figure means something for a member of staff.
pub fn is_by_staff(key: FigureKey) -> bool {
    key == FigureKey::TrainingRate || key == FigureKey::SatisfactionIndex || is_of_tickets(key)
}

/// Whether a figure is counted from tickets.
pub fn is_of_tickets(key: FigureKey) -> bool {
    use FigureKey as K;
    matches!(
        key,
        K::RepairTimeliness
            | K::RepairQuality
            | K::FollowUpRate
            | K::ComplaintHandling
            | K::ComplaintReply24h
            | K::ComplaintSignoff
            | K::UrgentReaction
    )
}

fn is_of_rounds(key: FigureKey) -> bool {
    subject(key).is_some()
}

/// What is inspected for a figure, and whether only each plan's latest round of the month counts.
pub fn subject(key: FigureKey) -> Option<(InspectionSubject, bool)> {
    use FigureKey as K;
    match key {
        K::EquipmentSound => Some((InspectionSubject::Equipment, true)),
        K::BuildingSound => Some((InspectionSubject::Building, true)),
        K::GreeneryAlive => Some((InspectionSubject::Greenery, true)),
        K::RoadsSound => Some((InspectionSubject::RoadsAndParking, true)),
        K::CleaningCoverage => Some((InspectionSubject::Cleaning, false)),
        K::GuardCoverage => Some((InspectionSubject::SecurityPost, false)),
        _ => None,
    }
}

/// Who has to be trained before being sent to customers.
pub fn is_service_staff(role: Role) -> bool {
    matches!(role, Role::Ambassador | Role::Technician | Role::ServiceAgent)
}

/// The figures of closed months that the company shows to its owners.
pub const PUBLISHED: &[FigureKey] = &[
    FigureKey::SatisfactionIndex,
    FigureKey::RepairTimeliness,
    FigureKey::RepairQuality,
    FigureKey::FollowUpRate,
    FigureKey::ComplaintHandling,
    FigureKey::ComplaintReply24h,
    FigureKey::ComplaintSignoff,
    FigureKey::UrgentReaction,
    FigureKey::EquipmentSound,
    FigureKey::BuildingSound,
    FigureKey::GreeneryAlive,
    FigureKey::RoadsSound,
    FigureKey::CleaningCoverage,
    FigureKey::GuardCoverage,
];
