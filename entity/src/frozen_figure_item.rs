//! What a figure of a closed month was counted from. The items of a figure add up to it.

use sea_orm::entity::prelude::*;

use crate::vocab::{Department, FigureItemKind};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "frozen_figure_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub figure_id: Uuid,
    pub item_kind: FigureItemKind,
    pub item_id: Uuid,
    /// What else tells it from its siblings: the milestone, the warranty item, the survey.
    pub context_id: Option<Uuid>,
    /// The same in a word, such as the kind of a document.
    pub about: Option<String>,
    pub department: Option<Department>,
    /// Whose work it was.
    pub staff_id: Option<Uuid>,
    /// Who answered for the household at the time.
    pub ambassador_id: Option<Uuid>,
    pub numerator: i64,
    pub denominator: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
