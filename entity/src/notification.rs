//! That a person was told of an event. Numbered in the order of commits, like ticket events.

use sea_orm::entity::prelude::*;

use crate::vocab::{NotificationKind, PrincipalKind};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notifications")]
pub struct Model {
    /// The place in the log: a later commit has a higher number.
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub id: Uuid,
    pub recipient_kind: PrincipalKind,
    pub recipient_id: Uuid,
    pub kind: NotificationKind,
    /// The event and the person: nobody is told twice of the same.
    pub message_key: String,
    pub project_id: Uuid,
    /// The ticket it is about, if it is about one.
    pub ticket_id: Option<Uuid>,
    /// What it is about; of which kind, `kind` says.
    pub subject_id: Uuid,
    /// What the templates of the text are filled with.
    pub arguments: Json,
    pub is_emergency: bool,
    pub created_at: DateTimeUtc,
    pub read_at: Option<DateTimeUtc>,
    /// When it was decided by which channels it goes; none as long as that is to be done.
    pub planned_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
