//! Who must be trained, and how many are (S9). Whose training is valid on which day is read from the records.

use entity::vocab::Role;

/// The service staff: those who are sent to customers.
pub const SERVICE_STAFF: &[Role] = &[Role::Ambassador, Role::Technician, Role::ServiceAgent];

/// How many of the service staff are trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrainingCount {
    pub staff: u64,
    pub trained: u64,
}

impl TrainingCount {
    /// The rate in hundredths; none where there is nobody to train, which is not the same as all.
    pub fn rate(self) -> Option<f64> {
        // Nobody employs more people than a double can count.
        #[allow(clippy::cast_precision_loss)]
        (self.staff > 0).then(|| self.trained as f64 * 100.0 / self.staff as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s9_the_rate_of_nobody_is_unknown() {
        for (staff, trained, rate) in [(0, 0, None), (4, 0, Some(0.0)), (4, 3, Some(75.0)), (4, 4, Some(100.0))] {
            assert_eq!(TrainingCount { staff, trained }.rate(), rate, "{trained} of {staff}");
        }
    }
}
