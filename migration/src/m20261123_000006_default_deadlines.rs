//! The company-wide deadlines that hold until a project has rows of its own.

use sea_orm_migration::{prelude::*, sea_orm::prelude::Uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Kind, urgency, respond, arrive and resolve minutes, and whether arrival and resolution count from the window's end.
type Row = (&'static str, &'static str, i32, Option<i32>, i32, bool);

const HOUR: i32 = 60;
const DAY: i32 = 24 * HOUR;

const REPAIRS: [Row; 3] = [
    ("REPAIR", "URGENT", 15, Some(30), 24 * HOUR, false),
    ("REPAIR", "NORMAL", 30, Some(24 * HOUR), 72 * HOUR, false),
    ("REPAIR", "APPOINTMENT", 2 * HOUR, Some(0), 24 * HOUR, true),
];

/// The kinds whose deadlines do not depend on how urgent they are.
const OTHERS: [(&str, i32); 4] =
    [("COMPLAINT", 7 * DAY), ("INQUIRY", 3 * DAY), ("SUGGESTION", 3 * DAY), ("RECTIFICATION", 30 * DAY)];

fn rows() -> Vec<Row> {
    let others = OTHERS.iter().flat_map(|(kind, resolve)| {
        ["URGENT", "NORMAL", "APPOINTMENT"].map(|urgency| (*kind, urgency, DAY, None, *resolve, false))
    });
    REPAIRS.into_iter().chain(others).collect()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut insert = Query::insert();
        insert.into_table("deadline_policies").columns([
            "id",
            "kind",
            "urgency",
            "respond_minutes",
            "arrive_minutes",
            "resolve_minutes",
            "from_window_end",
            "updated_at",
        ]);
        for (number, (kind, urgency, respond, arrive, resolve, from_window_end)) in (1_u128..).zip(rows()) {
            insert.values_panic([
                Uuid::from_u128(number).into(),
                kind.into(),
                urgency.into(),
                respond.into(),
                arrive.into(),
                resolve.into(),
                from_window_end.into(),
                Expr::current_timestamp(),
            ]);
        }
        manager.execute(insert).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut delete = Query::delete();
        delete.from_table("deadline_policies").and_where(Expr::col("project_id").is_null());
        manager.execute(delete).await
    }
}
