//! Why a complaint came about and what will keep it from coming again.

use sea_orm::entity::prelude::*;

use crate::vocab::{Department, RootCause};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "complaint_analyses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub ticket_id: Uuid,
    pub project_id: Uuid,
    pub responsible_department: Department,
    pub root_cause: RootCause,
    pub improvement_measure: String,
    pub analysed_by: Uuid,
    pub analysed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
