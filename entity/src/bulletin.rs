//! A notice to a project, a building or a home. Numbered in the order of commits, like ticket events.

use sea_orm::entity::prelude::*;

use crate::vocab::BulletinKind;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "bulletins")]
pub struct Model {
    /// The place in the log: a later commit has a higher number.
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub id: Uuid,
    pub project_id: Uuid,
    pub building_id: Option<Uuid>,
    pub unit_id: Option<Uuid>,
    pub kind: BulletinKind,
    pub title: String,
    pub body: String,
    /// What it is made of, when the house wrote it by itself.
    pub written: Option<Json>,
    pub is_emergency: bool,
    /// None for what the company's own jobs publish.
    pub published_by: Option<Uuid>,
    pub published_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
