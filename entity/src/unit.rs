//! A home: one unit of a building.

use sea_orm::{
    entity::prelude::*,
    sea_query::{ConditionType, ExprTrait, IntoCondition},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "units")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    pub building_id: Uuid,
    /// The staircase (单元); empty where the building has none.
    pub section: String,
    pub room: String,
    /// What people call it: building, section and room.
    pub code: String,
    /// Hundredths of a square metre.
    pub floor_area_centi: Option<i64>,
    pub handed_over_on: Option<Date>,
    pub created_at: DateTimeUtc,
    /// Not a home: what tickets about halls, gardens and plants of a building or project are filed under.
    pub is_public_area: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::building::Entity", from = "Column::BuildingId", to = "super::building::Column::Id")]
    Building,
    #[sea_orm(belongs_to = "super::project::Entity", from = "Column::ProjectId", to = "super::project::Column::Id")]
    Project,
}

impl Related<super::building::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Building.def()
    }
}

impl Related<super::project::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Project.def()
    }
}

/// The deadlines that hold for a unit: of its project, and of all projects.
impl Related<super::deadline_policy::Entity> for Entity {
    fn to() -> RelationDef {
        use super::deadline_policy::{Column as Policy, Entity as Policies};
        let everywhere = |_, policies| Expr::col((policies, Policy::ProjectId)).is_null().into_condition();
        let of_project = Entity::belongs_to(Policies).from(Column::ProjectId).to(Policy::ProjectId);
        of_project.condition_type(ConditionType::Any).on_condition(everywhere).into()
    }
}

impl ActiveModelBehavior for ActiveModel {}
