//! The real-looking owner ledger: loading it, what must come out, and people found in it.

use std::path::PathBuf;

use anju::{
    import::{Report, open},
    service::import_ledger::{Options, Tools, import_ledger},
};
use entity::{owner, ownership, staff, unit};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;

use super::{TestApp, crew::Crew, world::World};

/// The first home of the ledger, and who stands in its row.
const ROOM: (&str, &str) = ("1", "101");
const OWNER: &str = "叶涛";
const AMBASSADOR: &str = "gj001";

/// Where the project keeps its copy.
pub fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

/// What the ledger holds, written down by those who made it.
pub fn expected() -> Value {
    serde_json::from_slice(&std::fs::read(path("ledger.expected.json")).unwrap()).unwrap()
}

/// Loads the good rows.
pub async fn import(app: &TestApp) -> Report {
    let options = Options { dry_run: false, skip_bad_rows: true };
    let ledger = tokio::task::spawn_blocking(|| open(&path("ledger.xlsx")).unwrap()).await.unwrap();
    import_ledger(&Tools::from(&app.services), ledger, options, |_| {}).await.unwrap().report
}

/// The people around the ledger's first home. Ledgers name no technicians: one is engaged for the project.
pub async fn crew(app: &mut TestApp) -> Crew {
    let db = app.services.db.reader();
    let owner = owner::Entity::find().filter(owner::Column::Name.eq(OWNER)).one(db).await.unwrap().unwrap();
    let homes = ownership::Entity::find().filter(ownership::Column::OwnerId.eq(owner.id)).all(db).await.unwrap();
    let unit = unit::Entity::find()
        .filter(unit::Column::Id.is_in(homes.iter().map(|home| home.unit_id)))
        .filter(unit::Column::Section.eq(ROOM.0))
        .filter(unit::Column::Room.eq(ROOM.1))
        .one(db)
        .await
        .unwrap()
        .unwrap();
    let ambassador = staff::Entity::find().filter(staff::Column::Login.eq(AMBASSADOR)).one(db).await.unwrap().unwrap();
    let mut world = World::default();
    world.know("unit:home", unit.id);
    world.know("owner:owner", owner.id);
    world.know("staff:ambassador", ambassador.id);
    world.know("project:home", unit.project_id);
    world.engage_technician(&app.services, "technician", "home").await;
    app.world = world;
    Crew::new(app, "home", ["owner", "ambassador", "technician"]).await
}
