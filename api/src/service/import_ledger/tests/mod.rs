//! The import against a database: what it makes, what it matches, and that it otherwise keeps its hands off.

mod corrected;
mod people;
mod refused;
mod whole;

use std::{path::PathBuf, sync::Arc};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    ambassador_assignment, audit_entry, building, contract, owner, ownership, project, staff, staff_project, unit,
    vocab::{Department, Role},
    warranty_item,
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::*;
use crate::{
    clock::ManualClock,
    domain::identity_number,
    import,
    store::{db::PoolOptions, vault::VaultOptions},
};

/// A company on a database of its own, and a place for ledgers.
struct Fixture {
    folder: tempfile::TempDir,
    tools: Tools,
    clock: Arc<ManualClock>,
}

const HEADER: &str = "项目,楼栋,单元,房号,建筑面积,姓名,身份证号,手机号,合同号,签约日期,实际交付日期,管家工号,备注";

fn on(day: &str) -> NaiveDate {
    day.parse().unwrap()
}

impl Fixture {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("company.db").display());
        let db = Db::connect(&url, PoolOptions::default()).await.unwrap();
        Migrator::up(db.writer(), None).await.unwrap();
        let clock = Arc::new(ManualClock::new("2026-11-23T12:00:00Z".parse().unwrap()));
        let ids = Arc::new(Ids::new());
        let options = VaultOptions { master: None, issuer: "anju", audience: "anju-api" };
        let vault = Arc::new(Vault::open(&db, &*clock, &ids, options).await.unwrap());
        Self { folder, tools: Tools { db, clock: clock.clone(), ids, vault }, clock }
    }

    fn now(&self) -> DateTime<Utc> {
        self.tools.clock.now()
    }

    fn ledger(&self, rows: &[&str]) -> PathBuf {
        let path = self.folder.path().join("ledger.csv");
        std::fs::write(&path, format!("{HEADER}\n{}\n", rows.join("\n"))).unwrap();
        path
    }

    async fn run(&self, path: PathBuf, options: Options) -> Imported {
        let ledger = import::open(&path).unwrap();
        import_ledger(&self.tools, ledger, options, |_| {}).await.unwrap()
    }

    /// Imports rows that are all good, and checks that doing it again changes nothing.
    async fn import(&self, rows: &[&str]) -> Changes {
        let imported = self.run(self.ledger(rows), Options::default()).await;
        assert_eq!(imported.report.bad_rows, []);
        let before = self.dump().await;
        self.clock.advance(TimeDelta::days(1));
        let again = self.run(self.ledger(rows), Options::default()).await;
        assert_eq!(again.report, imported.report);
        assert!(again.changes.unwrap().is_empty());
        assert_eq!(self.dump().await, before);
        imported.changes.unwrap()
    }

    async fn all<E>(&self) -> Vec<E::Model>
    where
        E: EntityTrait,
        E::Model: Send + Sync,
    {
        E::find().all(self.tools.db.reader()).await.unwrap()
    }

    /// Everything an import may write, every column of it.
    async fn dump(&self) -> Vec<String> {
        let mut rows = Vec::new();
        rows.extend(self.all::<project::Entity>().await.iter().map(|row| format!("{row:?}")));
        rows.extend(self.all::<building::Entity>().await.iter().map(|row| format!("{row:?}")));
        rows.extend(self.all::<unit::Entity>().await.iter().map(|row| format!("{row:?}")));
        rows.extend(self.all::<owner::Entity>().await.iter().map(|row| format!("{row:?}")));
        rows.extend(self.all::<ownership::Entity>().await.iter().map(|row| format!("{row:?}")));
        rows.extend(self.all::<contract::Entity>().await.iter().map(|row| format!("{row:?}")));
        rows.extend(self.all::<warranty_item::Entity>().await.iter().map(|row| format!("{row:?}")));
        rows.extend(self.all::<ambassador_assignment::Entity>().await.iter().map(|row| format!("{row:?}")));
        rows.extend(self.all::<staff::Entity>().await.iter().map(|row| format!("{row:?}")));
        rows.extend(self.all::<staff_project::Entity>().await.iter().map(|row| format!("{row:?}")));
        rows.extend(self.all::<audit_entry::Entity>().await.iter().map(|row| format!("{row:?}")));
        rows.sort();
        rows
    }

    async fn unit(&self, code: &str) -> unit::Model {
        let found = unit::Entity::find().filter(unit::Column::Code.eq(code)).one(self.tools.db.reader()).await;
        found.unwrap().unwrap()
    }

    async fn owner(&self, name: &str) -> owner::Model {
        let found = owner::Entity::find().filter(owner::Column::Name.eq(name)).all(self.tools.db.reader()).await;
        let found = found.unwrap();
        assert_eq!(found.len(), 1, "{name}");
        found.into_iter().next().unwrap()
    }

    /// Who owned a unit from when to when: name, first day, last day.
    async fn history(&self, code: &str) -> Vec<(String, NaiveDate, Option<NaiveDate>)> {
        let rows = ownership::Entity::find()
            .filter(ownership::Column::UnitId.eq(self.unit(code).await.id))
            .order_by_asc(ownership::Column::StartedOn)
            .order_by_asc(ownership::Column::Position)
            .find_also_related(owner::Entity)
            .all(self.tools.db.reader())
            .await
            .unwrap();
        rows.into_iter().map(|(row, owner)| (owner.unwrap().name, row.started_on, row.ended_on)).collect()
    }

    async fn present_owners(&self, code: &str) -> Vec<String> {
        let history = self.history(code).await;
        history.into_iter().filter(|(_, _, ended)| ended.is_none()).map(|(name, ..)| name).collect()
    }

    /// Whom a phone number signs in.
    async fn signs_in(&self, phone: &str) -> Option<String> {
        let hash = self.tools.vault.phone_hash(phone);
        let owner = store::owner::by_phone_hash(self.tools.db.reader(), &hash).await.unwrap();
        owner.map(|owner| owner.name)
    }

    fn phone_of(&self, owner: &owner::Model) -> String {
        self.tools.vault.open_phone(owner.id, owner.phone_sealed.as_deref().unwrap()).unwrap()
    }

    async fn add_staff(&self, number: &str, login: &str, role: Role, is_active: bool) -> Uuid {
        let now = self.now();
        let staff = staff::Model {
            id: self.tools.ids.new_id(now),
            number: number.to_owned(),
            login: login.to_owned(),
            password_hash: Some("x".to_owned()),
            name: "何大使".to_owned(),
            role,
            department: Department::CustomerService,
            work_phone: None,
            is_active,
            disabled_at: (!is_active).then_some(now),
            created_at: now,
        };
        let id = staff.id;
        staff::Entity::insert(staff.into_active_model()).exec(self.tools.db.writer()).await.unwrap();
        id
    }
}

/// A valid identity number for each seed.
fn identity(seed: u32) -> String {
    let body = format!(
        "11010519{:02}{:02}{:02}{:03}",
        50 + seed / 112_000,
        1 + seed % 12,
        1 + seed / 12 % 28,
        seed / 336 % 1000
    );
    let last = "0123456789X".chars().find(|last| identity_number::normalize(&format!("{body}{last}")).is_some());
    format!("{body}{}", last.unwrap())
}

/// The ledger that stands for what companies send.
fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/data").join(name)
}
