//! What the company says in public about a project.

use sea_orm::entity::prelude::*;

use crate::vocab::{PublicationKind, PublicationStatus};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "publications")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    pub kind: PublicationKind,
    pub title: String,
    pub body: String,
    /// Goes up with each edit; reviews count for one version.
    pub content_version: i32,
    pub status: PublicationStatus,
    pub published_version: Option<i32>,
    pub published_at: Option<DateTimeUtc>,
    pub created_by: Uuid,
    /// Who wrote the present version.
    pub edited_by: Uuid,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
