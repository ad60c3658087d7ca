//! What a sales site must have on show (T1.2): the required set, and what is missing from it.

use entity::vocab::DisclosureKind;

/// What must be on show at every sales site. Notices of deviations are needed only where a show home deviates.
pub fn required() -> impl Iterator<Item = DisclosureKind> {
    DisclosureKind::ALL.iter().copied().filter(|kind| *kind != DisclosureKind::ShowHomeDeviation)
}

/// What is missing, in the order of the list.
pub fn missing(published: &[DisclosureKind]) -> Vec<DisclosureKind> {
    required().filter(|kind| !published.contains(kind)).collect()
}

/// Certificates carry the number under which an authority keeps them.
pub fn is_certificate(kind: DisclosureKind) -> bool {
    kind == DisclosureKind::CompanyQualification || is_permit(kind)
}

/// The five permits (五证). A project in several phases has several of each.
pub fn is_permit(kind: DisclosureKind) -> bool {
    use DisclosureKind as K;
    matches!(
        kind,
        K::LandUsePermit
            | K::LandPlanningPermit
            | K::ConstructionPlanningPermit
            | K::ConstructionPermit
            | K::PresalePermit
    )
}

/// Whether a project shows one of these at a time, so that a new one takes the place of the one before.
pub fn is_shown_once(kind: DisclosureKind) -> bool {
    !is_permit(kind) && kind != DisclosureKind::ShowHomeDeviation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_permits_and_six_others_are_required() {
        assert_eq!(required().count(), 11);
        assert_eq!(required().filter(|kind| is_permit(*kind)).count(), 5);
        assert_eq!(required().filter(|kind| is_shown_once(*kind)).count(), 6);
        assert_eq!(required().filter(|kind| is_certificate(*kind)).count(), 6);
    }

    #[test]
    fn missing_is_what_is_required_and_not_published() {
        assert_eq!(missing(&[]), required().collect::<Vec<_>>());
        let all_but_one: Vec<_> = required().filter(|kind| *kind != DisclosureKind::RiskNotice).collect();
        assert_eq!(missing(&all_but_one), [DisclosureKind::RiskNotice]);
        assert_eq!(missing(DisclosureKind::ALL), []);
    }
}
