//! A customer's seat, or place in the wait list.

use sea_orm::entity::prelude::*;

use crate::vocab::RegistrationStatus;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "activity_registrations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub activity_id: Uuid,
    pub owner_id: Uuid,
    pub status: RegistrationStatus,
    /// Order of registration within the activity.
    pub place: i64,
    pub attended_at: Option<DateTimeUtc>,
    /// When a freed seat was given to them.
    pub promoted_at: Option<DateTimeUtc>,
    pub reminded_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
