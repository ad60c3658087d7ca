//! Who reads which standard answers: customers the published ones that are meant for them, staff the published ones of
//! their projects, and those who write them the drafts too.

use entity::{
    knowledge_article::{Column, Entity},
    vocab::{ArticleAudience, ArticleStatus, Role},
};
use sea_orm::{ColumnTrait, Condition, sea_query::SelectStatement};

use super::{Reach, Scoped, activities::projects_of_customer, everything, lists::projects_of_staff, nothing, reach};
use crate::auth::viewer::Viewer;

fn published() -> Condition {
    Condition::all().add(Column::Status.eq(ArticleStatus::Published))
}

/// What holds everywhere, or in one of these projects.
fn valid_in(projects: SelectStatement) -> Condition {
    Condition::any().add(Column::ProjectId.is_null()).add(Column::ProjectId.in_subquery(projects))
}

impl Scoped for Entity {
    fn scope(viewer: &Viewer) -> Condition {
        match reach(viewer) {
            Reach::Nothing | Reach::Partner(_) => nothing(),
            Reach::Everything | Reach::Configuration(_) => everything(),
            Reach::Owner(id) => {
                published().add(Column::Audience.eq(ArticleAudience::Everyone)).add(valid_in(projects_of_customer(id)))
            }
            Reach::Households(id) | Reach::Assigned(id) => published().add(valid_in(projects_of_staff(id))),
            Reach::Projects(id, _) if viewer.role() == Some(Role::SalesAgent) => {
                published().add(valid_in(projects_of_staff(id)))
            }
            Reach::Projects(id, _) => Condition::all().add(valid_in(projects_of_staff(id))),
        }
    }
}
