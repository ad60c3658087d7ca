//! What is let through to GraphQL and to the doors beside it.

use std::num::NonZeroU32;

use super::document::TrustedDocuments;
use crate::domain::throttle::Rate;

/// What is let through, beside the limits of each document.
#[derive(Clone, Debug)]
pub struct Guard {
    /// How many fields each principal may ask for, and each address of those who are not signed in; none for no bound.
    pub rate: Option<Rate>,
    /// How much each address may ask for at the doors beside GraphQL; none for no bound.
    pub doors: Option<Rate>,
    /// The only documents that run; none for no such list.
    pub documents: Option<TrustedDocuments>,
    /// Whether queries are answered without the resolvers where that is possible. The answers are the same.
    pub answers_directly: bool,
}

/// As much at once as the apps ask for in hours, and each second as much as ten of the largest documents.
pub const BURST: NonZeroU32 = NonZeroU32::new(5_000_000).expect("it is not zero");
pub const PER_SECOND: NonZeroU32 = NonZeroU32::new(200_000).expect("it is not zero");

/// As many pictures as an office of butlers looks at in the same minute; a whole town may share one address.
pub const DOOR_BURST: NonZeroU32 = NonZeroU32::new(3_000).expect("it is not zero");
pub const DOOR_PER_SECOND: NonZeroU32 = NonZeroU32::new(300).expect("it is not zero");

impl Default for Guard {
    fn default() -> Self {
        let rate = |burst, per_second| Some(Rate { burst, per_second });
        Self {
            rate: rate(BURST, PER_SECOND),
            doors: rate(DOOR_BURST, DOOR_PER_SECOND),
            documents: None,
            answers_directly: true,
        }
    }
}
