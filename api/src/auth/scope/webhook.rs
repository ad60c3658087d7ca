//! Who sees operators' endpoints and what was sent to them: administrators, and nobody else.

use entity::{webhook_delivery, webhook_endpoint};
use sea_orm::Condition;

use super::{Reach, Scoped, everything, nothing, reach};
use crate::auth::viewer::{Principal, Viewer};

impl Scoped for webhook_endpoint::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        of_the_configuration(viewer)
    }
}

impl Scoped for webhook_delivery::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        of_the_configuration(viewer)
    }
}

fn of_the_configuration(viewer: &Viewer) -> Condition {
    match reach(viewer) {
        Reach::Configuration(_) => everything(),
        Reach::Everything if viewer.principal == Principal::System => everything(),
        Reach::Nothing
        | Reach::Owner(_)
        | Reach::Households(_)
        | Reach::Assigned(_)
        | Reach::Projects(..)
        | Reach::Everything
        | Reach::Partner(_) => nothing(),
    }
}
