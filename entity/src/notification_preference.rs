//! That a person wants, or does not want, one kind of notification by one channel.

use sea_orm::entity::prelude::*;

use crate::vocab::{NotificationChannel, NotificationKind, PrincipalKind};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notification_preferences")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub principal_id: Uuid,
    pub principal_kind: PrincipalKind,
    pub kind: NotificationKind,
    pub channel: NotificationChannel,
    pub is_on: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
