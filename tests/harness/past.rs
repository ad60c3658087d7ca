//! What lies behind people: a home that was sold, a project that was left.

use entity::{ownership, staff_project};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::{TestApp, world::day};

/// The owner has sold the one home they had.
pub async fn sell(app: &TestApp, owner: &str) {
    let mut sale = ownership::Entity::update_many().filter(ownership::Column::OwnerId.eq(app.world.owner(owner)));
    sale = sale.col_expr(ownership::Column::EndedOn, Expr::value(day("2026-11-22")));
    assert_eq!(sale.exec(app.services.db.writer()).await.unwrap().rows_affected, 1);
}

/// The member of staff has left the one project they worked for.
pub async fn leave(app: &TestApp, login: &str) {
    let places = staff_project::Entity::delete_many();
    let places = places.filter(staff_project::Column::StaffId.eq(app.world.staff(login)));
    assert_eq!(places.exec(app.services.db.writer()).await.unwrap().rows_affected, 1);
}
