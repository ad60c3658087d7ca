//! What a department said to one version of a publication.

use sea_orm::entity::prelude::*;

use crate::vocab::{Department, ReviewVerdict};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "publication_reviews")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub publication_id: Uuid,
    pub content_version: i32,
    pub department: Department,
    pub verdict: ReviewVerdict,
    pub comment: Option<String>,
    pub reviewer_id: Uuid,
    pub reviewed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
