//! What a table names beside the rows it is of: nobody and nothing that whoever takes it away could not look up.

use std::collections::BTreeSet;

use entity::vocab::SurveyKind;
use serde_json::json;

use super::{download, tables::column};
use crate::{both, harness::TestApp, survey};

/// What stands under a heading in what somebody takes away.
async fn cells(app: &TestApp, who: &str, table: &str, heading: &str) -> Vec<String> {
    let lines = download(&app.staff(who).await, table).await.lines();
    column(&lines, heading).into_iter().map(str::to_owned).collect()
}

both! {
    async fn a_ticket_names_no_reporter_who_is_out_of_sight(app) {
        app.report(json!({})).await;
        for who in ["ambassador.a", "auditor"] {
            assert_eq!(cells(&app, who, "tickets.csv", "Reporter").await, ["zhang"], "{who}");
        }
        // Those on site see who lives there now. The ticket stays with the home.
        app.database.execute("UPDATE ownerships SET ended_on = '2026-11-22'").await;
        assert_eq!(cells(&app, "ambassador.a", "tickets.csv", "Reporter").await, [""]);
        assert_eq!(cells(&app, "auditor", "tickets.csv", "Reporter").await, ["zhang"]);
    }

    async fn surveys_of_another_project_stay_there(app) {
        let mut app = app;
        survey::home(&mut app, "buyer 1", ("YT", "ambassador.a"), "2026-11-20", None).await;
        survey::home(&mut app, "buyer 2", ("HP", "ambassador.b"), "2026-11-20", None).await;
        survey::at(&app, survey::opening()).await;
        survey::rate(&app, "buyer 2", SurveyKind::Sales, 2).await;
        let mut seen = BTreeSet::new();
        let mut count = 0;
        for who in ["agent.a", "agent.b"] {
            let projects = cells(&app, who, "surveys.csv", "Project").await;
            let distinct: BTreeSet<String> = projects.iter().cloned().collect();
            assert!(distinct.len() == 1 && !distinct.contains(""), "{who}: {distinct:?}");
            count += projects.len();
            seen.extend(distinct);
        }
        assert_eq!(seen.len(), 2);
        let all = cells(&app, "supervisor", "surveys.csv", "Project").await;
        assert!(all.iter().cloned().collect::<BTreeSet<_>>() == seen && all.len() >= count, "{all:?}");
    }
}
