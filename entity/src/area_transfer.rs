//! That one ambassador's households go to another on a day.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "area_transfers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    /// Only the households of this building; all of the project when none.
    pub building_id: Option<Uuid>,
    pub from_staff_id: Uuid,
    pub to_staff_id: Uuid,
    pub effective_at: DateTimeUtc,
    pub reason: String,
    pub applied_at: Option<DateTimeUtc>,
    pub household_count: Option<i32>,
    pub cancelled_at: Option<DateTimeUtc>,
    /// Why it could not be carried out when its time came.
    pub failed_because: Option<String>,
    pub created_by: Uuid,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
