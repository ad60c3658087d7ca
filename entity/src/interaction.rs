//! A contact with a customer.

use sea_orm::entity::prelude::*;

use crate::vocab::{Channel, Direction};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "interactions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub owner_id: Uuid,
    pub unit_id: Option<Uuid>,
    pub project_id: Uuid,
    pub staff_id: Uuid,
    pub channel: Channel,
    pub direction: Direction,
    pub summary: String,
    pub next_follow_up_at: Option<DateTimeUtc>,
    pub occurred_at: DateTimeUtc,
    pub created_at: DateTimeUtc,
    /// When the next contact took place.
    pub followed_up_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
