//! A document that the file of an owner at a stage must hold (S1). Each stage has its whole list: what an earlier stage
//! asks for is named again.

use sea_orm::entity::prelude::*;

use crate::vocab::{DocumentKind, OwnerStage};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "required_documents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub stage: OwnerStage,
    pub kind: DocumentKind,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
