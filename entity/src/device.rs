//! A phone or browser that a principal signed in on.

use sea_orm::entity::prelude::*;

use crate::vocab::{DevicePlatform, PrincipalKind, PushService};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "devices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub principal_kind: PrincipalKind,
    pub principal_id: Uuid,
    pub platform: DevicePlatform,
    /// What the push service knows the device by: a token, or the address of a browser's subscription.
    pub push_token: Option<String>,
    pub name: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// Who brings messages there; none when nobody said so, and the platform's own does.
    pub push_service: Option<PushService>,
    /// The browser's public key, and the secret it shares with us.
    pub p256dh: Option<String>,
    pub auth_secret: Option<String>,
    /// The session it was registered in: no message goes there once that is over.
    pub session_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
