//! How an owner came from one stage to the next: append-only.

use sea_orm::entity::prelude::*;

use crate::vocab::{OwnerStage, PrincipalKind};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "owner_stage_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub owner_id: Uuid,
    pub from_stage: Option<OwnerStage>,
    pub to_stage: OwnerStage,
    pub reason: String,
    /// The same, when the house wrote it by itself: to be said in each reader's language.
    pub written: Option<Json>,
    pub actor_kind: PrincipalKind,
    pub actor_id: Option<Uuid>,
    pub occurred_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
