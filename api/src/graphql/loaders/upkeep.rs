//! Batches of what the property company learns and looks after.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entity::{complaint_analysis, inspection, inspection_finding, inspection_plan, inspection_point, training};
use uuid::Uuid;

use super::{Batch, LoadFailure, LoadKey};
use crate::store;

batches! {
    /// The analysis of a complaint, by its ticket.
    AnalysisOfTicket => complaint_analysis::Model = store::complaint::of_tickets;
    /// A plan of rounds.
    PlanOf => inspection_plan::Model = store::inspection::plans_by_id;
    /// The points that a plan checks.
    PointsOfPlan => Vec<inspection_point::Model> = store::inspection::points_of;
    /// A point of a plan, retired ones too.
    PointOf => inspection_point::Model = store::inspection::points_by_id;
    /// A round.
    InspectionOf => inspection::Model = store::inspection::rounds_by_id;
    /// The latest round of a plan.
    LatestOfPlan => inspection::Model = store::inspection::latest_of_plans;
    /// What a round found.
    FindingsOfInspection => Vec<inspection_finding::Model> = store::inspection::findings_of;
    /// The trainings of a member of staff.
    TrainingsOfStaff => Vec<training::Model> = store::training::of_staff;
}
