//! A standard answer.

use sea_orm::entity::prelude::*;

use crate::vocab::{ArticleAudience, ArticleStatus, TicketCategory};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "knowledge_articles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// None when it holds everywhere.
    pub project_id: Option<Uuid>,
    pub title: String,
    pub body: String,
    pub category: Option<TicketCategory>,
    pub audience: ArticleAudience,
    pub status: ArticleStatus,
    pub version: i32,
    pub author_id: Uuid,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
