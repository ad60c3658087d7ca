//! The tables: that the migrations can go both ways, that the entities say what is there, and that the database itself
//! keeps what must always hold.

mod ahead;
mod lectures;

use std::collections::BTreeSet;

use anju::{
    domain::deadline::default_minutes,
    store::db::{Db, PoolOptions},
};
use entity::{
    ambassador_assignment, building, deadline_policy, owner, ownership, ticket, unit,
    vocab::{TicketKind, Urgency},
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, IdenStatic,
    IntoActiveModel, Iterable, SqlErr, Statement,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    both,
    harness::{Database, Engine, TestApp, documents::Documents, postgres, world::day},
};

async fn blank(engine: Engine) -> (Database, Db) {
    let database = Database::blank(engine).await;
    let db = Db::connect(&database.url, PoolOptions::default()).await.unwrap();
    (database, db)
}

async fn rows(db: &DatabaseConnection, sql: String) -> Vec<sea_orm::QueryResult> {
    db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap()
}

/// The names of the tables, without the migrator's own.
async fn tables(db: &Db) -> BTreeSet<String> {
    let sql = if db.is_postgres() {
        "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    };
    let names = rows(db.writer(), sql.to_owned()).await.into_iter().map(|row| row.try_get("", "name").unwrap());
    names.filter(|name: &String| name != "seaql_migrations" && !name.starts_with(INDEX_OF_WORDS)).collect()
}

/// An index that each database keeps in a way of its own, SQLite in six tables. It has no entity: the store alone reads it.
const INDEX_OF_WORDS: &str = "article_terms";

/// The columns of a table, each with whether it may be null.
async fn columns(db: &Db, table: &str) -> BTreeSet<(String, bool)> {
    let sql = if db.is_postgres() {
        format!(
            "SELECT column_name::text AS name, CASE is_nullable WHEN 'YES' THEN 1 ELSE 0 END AS nullable
             FROM information_schema.columns WHERE table_name = '{table}'"
        )
    } else {
        // A primary key of SQLite may be null unless it is said otherwise; ours never is.
        format!(
            "SELECT name, CASE WHEN \"notnull\" = 0 AND pk = 0 THEN 1 ELSE 0 END AS nullable FROM pragma_table_info('{table}')"
        )
    };
    let read = |row: sea_orm::QueryResult| {
        let nullable: i32 = row.try_get("", "nullable").unwrap();
        (row.try_get("", "name").unwrap(), nullable == 1)
    };
    rows(db.writer(), sql).await.into_iter().map(read).collect()
}

/// A table and its columns, as an entity says them.
fn described<E: EntityTrait>(entity: E) -> (String, BTreeSet<(String, bool)>) {
    let columns = E::Column::iter().map(|column| (column.as_str().to_owned(), column.def().is_null()));
    (entity.table_name().to_owned(), columns.collect())
}

macro_rules! entities {
    ($($name:ident),+ $(,)?) => { [$(described(entity::$name::Entity)),+] };
}

fn all_entities() -> Vec<(String, BTreeSet<(String, bool)>)> {
    [entities_to_k(), entities_from_l()].concat()
}

fn entities_to_k() -> Vec<(String, BTreeSet<(String, bool)>)> {
    entities!(
        absence,
        activity,
        activity_invitation,
        activity_opinion,
        activity_registration,
        ambassador_assignment,
        appointment,
        area_duty,
        area_transfer,
        attachment,
        audit_entry,
        audit_place,
        batch_ticket,
        building,
        bulletin,
        bulletin_delivery,
        calendar_feed,
        clause_acknowledgement,
        company_event,
        complaint_analysis,
        contract,
        contract_clause,
        contract_party,
        contractor,
        contractor_part,
        customer_club,
        deadline_policy,
        device,
        disclosure,
        duty_shift,
        erasure,
        frozen_figure,
        frozen_figure_item,
        handover,
        handover_defect,
        handover_slot,
        handover_step,
        idempotency_key,
        imported_ticket,
        improvement_task,
        incident,
        inspection,
        inspection_finding,
        inspection_plan,
        inspection_point,
        interaction,
        knowledge_article
    )
    .into()
}

fn entities_from_l() -> Vec<(String, BTreeSet<(String, bool)>)> {
    entities!(
        lease,
        milestone,
        notification,
        notification_delivery,
        notification_preference,
        notification_setting,
        owner,
        owner_document,
        owner_stage_change,
        ownership,
        partner,
        project,
        prospect,
        publication,
        publication_review,
        push_receipt,
        rectification_batch,
        refresh_token,
        required_document,
        secret_key,
        session,
        show_home_deviation,
        sign_in_code,
        staff,
        staff_project,
        survey_answer,
        survey_campaign,
        survey_cell,
        survey_invitation,
        survey_question,
        survey_template,
        throttle,
        ticket,
        ticket_event,
        ticket_number,
        touchpoint,
        training,
        unit,
        warranty_item,
        warranty_notice,
        warranty_term,
        webhook_delivery,
        webhook_endpoint
    )
    .into()
}

async fn go_both_ways(engine: Engine) {
    let (_database, db) = blank(engine).await;
    Migrator::up(db.writer(), None).await.unwrap();
    let first = tables(&db).await;
    assert!(first.contains("tickets"));
    Migrator::down(db.writer(), None).await.unwrap();
    assert_eq!(tables(&db).await, BTreeSet::new(), "down leaves nothing behind");
    Migrator::up(db.writer(), None).await.unwrap();
    assert_eq!(tables(&db).await, first);
    Migrator::up(db.writer(), None).await.unwrap();
    check_entities(&db).await;
    check_default_deadlines(&db).await;
    db.close().await;
}

async fn check_entities(db: &Db) {
    let described = all_entities();
    let names: BTreeSet<String> = described.iter().map(|(table, _)| table.clone()).collect();
    assert_eq!(tables(db).await, names, "each table has its entity");
    for (table, expected) in described {
        assert_eq!(columns(db, &table).await, expected, "{table}");
    }
}

async fn check_default_deadlines(db: &Db) {
    let rows = deadline_policy::Entity::find().all(db.reader()).await.unwrap();
    assert_eq!(rows.len(), TicketKind::ALL.len() * Urgency::ALL.len());
    for kind in TicketKind::ALL {
        for urgency in Urgency::ALL {
            let row = rows.iter().find(|row| row.kind == *kind && row.urgency == *urgency).unwrap();
            let expected = default_minutes(*kind, *urgency);
            assert_eq!(row.project_id, None);
            assert_eq!(row.respond_minutes, expected.respond, "{kind:?} {urgency:?}");
            assert_eq!(row.arrive_minutes, expected.arrive, "{kind:?} {urgency:?}");
            assert_eq!(row.resolve_minutes, expected.resolve, "{kind:?} {urgency:?}");
            assert_eq!(row.from_window_end, expected.from_window_end, "{kind:?} {urgency:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrations_go_up_down_and_up_again_on_sqlite() {
    go_both_ways(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrations_go_up_down_and_up_again_on_postgres() {
    if postgres::is_there() {
        go_both_ways(Engine::Postgres).await;
    }
}

async fn insert<E>(app: &TestApp, row: E::Model) -> Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: Send,
{
    E::insert(row.into_active_model().reset_all()).exec_without_returning(app.services.db.writer()).await.map(drop)
}

fn is_duplicate(outcome: Result<(), DbErr>) -> bool {
    matches!(outcome.unwrap_err().sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

fn is_dangling(outcome: Result<(), DbErr>) -> bool {
    // SQLite gives a refused deletion a code that the library does not know for one of foreign keys.
    outcome.unwrap_err().to_string().to_lowercase().contains("foreign key")
}

fn new_id(app: &TestApp) -> Uuid {
    app.services.new_id(app.services.now())
}

both! {
    async fn a_household_has_at_most_one_ambassador_at_a_time(app) {
        let row = |ended_at| ambassador_assignment::Model {
            id: new_id(&app),
            unit_id: app.world.unit("YT-101"),
            staff_id: app.world.staff("ambassador.a2"),
            started_at: app.services.now(),
            ended_at,
        };
        assert!(is_duplicate(insert::<ambassador_assignment::Entity>(&app, row(None)).await));
        insert::<ambassador_assignment::Entity>(&app, row(Some(app.services.now()))).await.unwrap();
        insert::<ambassador_assignment::Entity>(&app, row(Some(app.services.now()))).await.unwrap();
    }

    async fn a_phone_and_an_identity_number_belong_to_one_owner(app) {
        let row = |phone: Option<&str>, identity: Option<&str>| owner::Model {
            id: new_id(&app),
            name: "某人".into(),
            phone_hash: phone.map(|phone| app.services.vault.phone_hash(phone)),
            phone_sealed: None,
            phone_masked: None,
            identity_hash: identity.map(|number| app.services.vault.identity_hash(number)),
            identity_sealed: None,
            identity_masked: None,
            stage: entity::vocab::OwnerStage::Prospect,
            created_at: app.services.now(),
        };
        assert!(is_duplicate(insert::<owner::Entity>(&app, row(Some("19100000001"), None)).await));
        insert::<owner::Entity>(&app, row(None, Some("110101199003074477"))).await.unwrap();
        assert!(is_duplicate(insert::<owner::Entity>(&app, row(None, Some("110101199003074477"))).await));
        insert::<owner::Entity>(&app, row(None, None)).await.unwrap();
    }

    async fn a_ticket_number_is_given_once_and_a_home_is_entered_once(app) {
        let unit_id = anju::graphql::id::Kind::Unit.encode(app.world.unit("YT-101"));
        let input = json!({ "unitId": unit_id, "kind": "REPAIR", "title": "漏水" });
        app.owner("zhang").await.done(Documents::owner(), "CreateTicket", input).await;
        let ticket = ticket::Entity::find().one(app.services.db.reader()).await.unwrap().unwrap();
        let copy = ticket::Model { id: new_id(&app), ..ticket };
        assert!(is_duplicate(insert::<ticket::Entity>(&app, copy).await));
        let home = unit::Entity::find_by_id(app.world.unit("YT-101")).one(app.services.db.reader()).await.unwrap().unwrap();
        assert!(is_duplicate(insert::<unit::Entity>(&app, unit::Model { id: new_id(&app), ..home }).await));
    }

    async fn a_company_wide_deadline_has_one_row_for_each_kind_and_urgency(app) {
        let all = deadline_policy::Entity::find().all(app.services.db.reader()).await.unwrap();
        let copy = deadline_policy::Model { id: new_id(&app), ..all[0].clone() };
        assert!(is_duplicate(insert::<deadline_policy::Entity>(&app, copy.clone()).await));
        let own = deadline_policy::Model { project_id: Some(app.world.id("project:YT")), ..copy };
        insert::<deadline_policy::Entity>(&app, own.clone()).await.unwrap();
        assert!(is_duplicate(insert::<deadline_policy::Entity>(&app, deadline_policy::Model { id: new_id(&app), ..own }).await));
    }

    async fn no_row_points_to_one_that_is_not_there(app) {
        let now = app.services.now();
        let row = building::Model { id: new_id(&app), project_id: new_id(&app), name: "9号楼".into(), created_at: now };
        assert!(is_dangling(insert::<building::Entity>(&app, row).await));
        let row = ownership::Model {
            id: new_id(&app),
            unit_id: app.world.unit("YT-101"),
            owner_id: new_id(&app),
            position: 0,
            started_on: day("2026-01-01"),
            ended_on: None,
        };
        assert!(is_dangling(insert::<ownership::Entity>(&app, row).await));
        let gone = unit::Entity::delete_by_id(app.world.unit("YT-101")).exec(app.services.db.writer()).await;
        assert!(is_dangling(gone.map(drop)), "a home with owners can't be deleted");
    }
}
