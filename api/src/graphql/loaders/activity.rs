//! Batches of what hangs on activities.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use chrono::{DateTime, Utc};
use entity::{activity, activity_registration};
use uuid::Uuid;

use super::{Batch, LoadFailure, LoadKey};
use crate::store;

batches! {
    /// An activity.
    ActivityOf => activity::Model = store::activity::by_ids;
    /// How many hold a seat at an activity.
    SeatsOfActivity => i64 = store::activity::seats;
    /// The viewer's own registration for an activity.
    MyRegistrationFor => activity_registration::Model = store::registration::mine;
    /// When the viewer was invited to an activity.
    MyInvitationTo => DateTime<Utc> = store::activity::invited;
    /// Where a registration stands in its wait list.
    PositionOf => i64 = store::registration::positions;
    /// What a project calls its customer club.
    ClubNameOf => String = store::activity::club_names;
}
