//! Closed months: taken down once, never changed, corrected beside, and shown to owners.

use anju::{graphql::id::Kind, jobs::freeze_figures};
use entity::{audit_entry, frozen_figure, frozen_figure_item, vocab::TicketStatus};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use super::{counts, figure, figures};
use crate::{
    both,
    harness::{TestApp, world::instant},
};

const NOVEMBER: &str = "2026-11";

/// When November is closed in Shanghai.
fn closing() -> chrono::DateTime<chrono::Utc> {
    instant("2026-12-05T16:00:00Z")
}

async fn rows(app: &TestApp) -> (u64, u64) {
    let conn = app.services.db.reader();
    (
        frozen_figure::Entity::find().count(conn).await.unwrap(),
        frozen_figure_item::Entity::find().count(conn).await.unwrap(),
    )
}

const PUBLISHED: &str = "query($id: ID!, $month: Month) { node(id: $id) { ... on Project {
    publishedFigures(month: $month) { key month unit value target comparison isMet } } } }";

async fn published(app: &TestApp, who: &str, month: Option<&str>) -> Value {
    let id = Kind::Project.encode(app.world.id("project:YT"));
    app.as_whom(who).await.run(PUBLISHED, json!({ "id": id, "month": month })).await["node"]["publishedFigures"].clone()
}

both! {
    async fn s13_a_closed_month_is_frozen_and_a_correction_is_shown_beside_it(app) {
        let ticket = app.ticket_in(TicketStatus::Confirmed, json!({})).await;
        app.clock.set(closing() - chrono::TimeDelta::microseconds(1));
        assert_eq!(freeze_figures(&app.services).await.unwrap(), 0, "five days of the next month are left for late papers");
        let before = figure(&app, "FOLLOW_UP_RATE", json!({ "month": NOVEMBER })).await;
        assert_eq!((&before["isFrozen"], &before["corrected"]), (&json!(false), &Value::Null));

        app.clock.set(closing());
        assert_eq!(freeze_figures(&app.services).await.unwrap(), 2, "two projects");
        let (figures_then, items_then) = rows(&app).await;
        assert_eq!(figures_then, 46);
        let frozen = figure(&app, "FOLLOW_UP_RATE", json!({ "month": NOVEMBER })).await;
        assert_eq!((&frozen["value"], &frozen["isFrozen"], &frozen["corrected"]), (&json!(0.0), &json!(true), &Value::Null));
        assert_eq!(instant(frozen["frozenAt"].as_str().unwrap()), closing());

        app.act("agent.a", "recordFollowUp", &ticket).await.ticket();
        let corrected = figure(&app, "FOLLOW_UP_RATE", json!({ "month": NOVEMBER })).await;
        assert_eq!((&corrected["numerator"], &corrected["denominator"], &corrected["isMet"]), (&json!(0), &json!(1), &json!(false)));
        assert_eq!(corrected["corrected"], json!({ "value": 100.0, "numerator": 1, "denominator": 1, "isMet": true }));

        assert_eq!(freeze_figures(&app.services).await.unwrap(), 0, "once");
        assert_eq!(rows(&app).await, (figures_then, items_then));
        let part = json!({ "month": NOVEMBER, "staffId": Kind::Staff.encode(app.world.staff("technician.a")) });
        assert_eq!(counts(&app, "FOLLOW_UP_RATE", part).await, (json!(0), json!(1)), "its parts are frozen with it");
        let other = json!({ "month": NOVEMBER, "staffId": Kind::Staff.encode(app.world.staff("technician.a2")) });
        assert_eq!(counts(&app, "FOLLOW_UP_RATE", other).await, (json!(0), json!(0)));
        let together = figures(&app, "supervisor", json!({ "keys": ["AMBASSADOR_COVERAGE"], "month": NOVEMBER })).await;
        assert_eq!((&together[0]["denominator"], &together[0]["isFrozen"]), (&json!(3), &json!(true)), "over all projects");
        let audited = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq("CLOSE_MONTH"));
        assert_eq!(audited.count(app.services.db.reader()).await.unwrap(), 2);
    }

    async fn s13_two_servers_close_a_month_once(app) {
        let other = app.another().await;
        app.ticket_in(TicketStatus::Confirmed, json!({})).await;
        app.clock.set(closing());
        let (one, two) = tokio::join!(freeze_figures(&app.services), freeze_figures(&other.services));
        assert_eq!(one.unwrap() + two.unwrap(), 2);
        let after = rows(&app).await;
        assert_eq!(after.0, 46);
        assert_eq!(freeze_figures(&other.services).await.unwrap(), 0);
        assert_eq!(rows(&app).await, after);
        assert_eq!(counts(&app, "FOLLOW_UP_RATE", json!({ "month": NOVEMBER })).await, (json!(0), json!(1)));
    }

    async fn s13_months_that_were_missed_are_closed_one_by_one(app) {
        app.clock.set(instant("2027-02-20T00:00:00Z"));
        assert_eq!(freeze_figures(&app.services).await.unwrap(), 6, "November, December and January of two projects");
        let frozen = figure(&app, "AMBASSADOR_COVERAGE", json!({ "month": "2026-12" })).await;
        assert_eq!((&frozen["isFrozen"], &frozen["numerator"]), (&json!(true), &json!(2)));
        assert_eq!(figure(&app, "AMBASSADOR_COVERAGE", json!({})).await["isFrozen"], false);
        let ahead = figure(&app, "AMBASSADOR_COVERAGE", json!({ "month": "2027-03" })).await;
        assert_eq!(ahead["value"], Value::Null, "nobody knows the future");
    }

    async fn s12_published_figures_show_owners_the_closed_months_of_their_project(app) {
        app.ticket_in(TicketStatus::Confirmed, json!({})).await;
        assert_eq!(published(&app, "zhang", None).await, json!([]), "no month is closed yet");
        app.clock.set(closing());
        freeze_figures(&app.services).await.unwrap();
        let shown = published(&app, "zhang", None).await;
        let quality = shown.as_array().unwrap().iter().find(|figure| figure["key"] == "REPAIR_QUALITY").unwrap();
        assert_eq!(quality, &json!({
            "key": "REPAIR_QUALITY", "month": NOVEMBER, "unit": "PERCENT", "value": 100.0, "target": 95,
            "comparison": "AT_LEAST", "isMet": true,
        }));
        assert!(!shown.to_string().contains("FILE_COMPLETENESS"), "what concerns the company alone is not published");
        assert_eq!(published(&app, "zhang", Some(NOVEMBER)).await, shown);
        assert_eq!(published(&app, "zhang", Some("2026-10")).await, json!([]));
        assert_eq!(published(&app, "partner-1", None).await, json!([]), "partners see lectures and nothing else");
        assert_eq!(published(&app, "zhao", None).await, Value::Null, "another project does not exist for its neighbours");
    }
}
