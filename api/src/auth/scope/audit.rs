//! Who reads the audit log (S12): those who supervise. The administrator reads what was done to the company's settings
//! and accounts, and nothing about customers.

use entity::audit_entry::{Column, Entity};
use sea_orm::{ColumnTrait, Condition};

use super::{Reach, Scoped, everything, nothing, reach};
use crate::auth::viewer::Viewer;

/// What is no customer's: named one by one, so that something new stays hidden until somebody says what it is.
const OF_THE_COMPANY: [&str; 10] = [
    "Staff",
    "Project",
    "Partner",
    "RequiredDocuments",
    "Touchpoint",
    "WarrantyTerm",
    "DeadlinePolicy",
    "SurveyTemplate",
    "Contractor",
    "WebhookEndpoint",
];

impl Scoped for Entity {
    fn scope(viewer: &Viewer) -> Condition {
        match reach(viewer) {
            Reach::Nothing
            | Reach::Partner(_)
            | Reach::Owner(_)
            | Reach::Households(_)
            | Reach::Assigned(_)
            | Reach::Projects(..) => nothing(),
            Reach::Everything => everything(),
            Reach::Configuration(_) => Condition::all().add(Column::ObjectType.is_in(OF_THE_COMPANY)),
        }
    }
}
