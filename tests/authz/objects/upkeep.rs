//! One of everything that the property company learns and looks after, in each project.

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use entity::{training, vocab::TicketStatus};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::{Objects, text};
use crate::harness::TestApp;

impl Objects {
    pub(super) async fn upkeep(&mut self, app: &TestApp) {
        for (project, agent) in [("YT", "agent.a"), ("HP", "agent.b")] {
            self.round(app, project, agent).await;
            self.incident(app, project, agent).await;
        }
        self.analysis(app).await;
        self.trainings(app).await;
    }

    async fn round(&mut self, app: &TestApp, project: &str, agent: &str) {
        let input = json!({
            "projectId": app.project(project), "subject": "EQUIPMENT", "name": "设备周巡", "everyDays": 7,
            "buildingId": Kind::Building.encode(app.world.id(&format!("building:{project}"))),
            "department": "PROPERTY_COMPANY", "startsOn": "2026-11-23", "points": ["水泵"],
        });
        let plan = app.staff("admin").await.upkeep("createInspectionPlan", input).await.named("plan");
        let input = app.round(&plan, &[("水泵", json!({ "finding": "漏水" }))]);
        let round = app.staff(agent).await.upkeep("recordInspection", input).await.named("inspection");
        let finding = &round["findings"][0];
        let ticket = &finding["ticket"];
        for event in app.log(ticket).await {
            self.add(format!("event:area-{project}"), Kind::TicketEvent.encode(event.id));
        }
        for (name, id) in [
            (format!("plan:{project}"), &plan["id"]),
            (format!("point:{project}"), &plan["points"][0]["id"]),
            (format!("round:{project}"), &round["id"]),
            (format!("finding:{project}"), &finding["id"]),
            (format!("area:{project}"), &ticket["unit"]["id"]),
            (format!("ticket:area-{project}"), &ticket["id"]),
        ] {
            self.add(name, text(id));
        }
    }

    async fn incident(&mut self, app: &TestApp, project: &str, agent: &str) {
        let input = json!({
            "projectId": app.project(project), "kind": "FIRE", "severity": "SERIOUS", "isLiable": true,
            "summary": "起火", "occurredAt": app.services.now() - TimeDelta::hours(1),
        });
        let incident = app.staff(agent).await.upkeep("recordIncident", input).await.named("incident");
        self.add(format!("incident:{project}"), text(&incident["id"]));
    }

    async fn analysis(&mut self, app: &TestApp) {
        let ticket: Value = app.ticket_in(TicketStatus::Closed, json!({ "kind": "COMPLAINT" })).await;
        let input = json!({
            "ticketId": ticket["id"], "rootCause": "OTHER", "responsibleDepartment": "SALES", "improvementMeasure": "改进",
        });
        let analysed = app.staff("agent.a").await.upkeep("analyseComplaint", input).await.named("ticket");
        self.add("analysis:complaint".to_owned(), text(&analysed["analysis"]["id"]));
        for event in app.log(&ticket).await {
            self.add("event:complaint".to_owned(), Kind::TicketEvent.encode(event.id));
        }
        self.add("ticket:complaint".to_owned(), text(&ticket["id"]));
    }

    async fn trainings(&mut self, app: &TestApp) {
        for (name, staff_id) in app.world.all() {
            let Some(login) = name.strip_prefix("staff:") else { continue };
            let of_staff = training::Entity::find().filter(training::Column::StaffId.eq(staff_id));
            for row in of_staff.all(app.services.db.reader()).await.unwrap() {
                self.add(format!("training:{login}"), Kind::Training.encode(row.id));
            }
        }
    }
}
