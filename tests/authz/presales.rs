//! What lies before and at the signing: one of everything in each project, the calls, and who finds what through lists
//! and fields.

use std::collections::BTreeSet;

use anju::graphql::id::Kind;
use entity::{
    disclosure, owner, prospect, publication,
    vocab::{Channel, DisclosureKind, OwnerStage, PublicationKind, PublicationStatus},
};
use serde_json::{Value, json};

use super::{
    expected::{PRINCIPALS, visible},
    objects::{Objects, text},
    sweep::shown,
};
use crate::{
    both,
    harness::{TestApp, World, homes::owner_by_name, world::put},
};

/// Runs a mutation whose payload has an object with an id; that id.
async fn made(app: &TestApp, who: &str, operation: &str, object: &str, input: Value) -> String {
    let (first, rest) = operation.split_at(1);
    let input_type = format!("{}{rest}Input", first.to_uppercase());
    let document = format!(
        "mutation Make($input: {input_type}!) {{ {operation}(input: $input) {{ {object} {{ id }} userErrors {{ message }} }} }}"
    );
    let data = app.as_whom(who).await.run(&document, json!({ "input": input })).await;
    text(&data[operation][object]["id"])
}

impl Objects {
    /// A text on show and a draft, something on show, a deviation, somebody who is about to buy and somebody who looks.
    pub(super) async fn presales(&mut self, app: &TestApp) {
        for project in ["YT", "HP"] {
            self.shown(app, project).await;
        }
        let project_id = Kind::Project.encode(app.world.id("project:YT"));
        let input = json!({ "projectId": project_id, "kind": "SALES_TALK", "title": "说辞", "body": "如实介绍" });
        self.add("script:YT".to_owned(), made(app, "sales.a", "createPublication", "publication", input).await);
        let input = json!({ "projectId": project_id, "place": "A 户型客厅", "drawingSays": "层高 2.8 米", "showHomeShows": "3 米" });
        let deviation = made(app, "manager.a", "recordShowHomeDeviation", "deviation", input).await;
        self.add("deviation:YT".to_owned(), deviation);
        self.buyer(app, &project_id).await;
        self.stranger(app).await;
    }

    async fn shown(&mut self, app: &TestApp, project: &str) {
        let (now, project_id) = (app.services.now(), app.world.id(&format!("project:{project}")));
        let (id, author) = (app.services.new_id(now), app.world.staff("agent.a"));
        let row = publication::Model {
            id,
            project_id,
            kind: PublicationKind::Brochure,
            title: "楼书".into(),
            body: "一期".into(),
            content_version: 1,
            status: PublicationStatus::Published,
            published_version: Some(1),
            published_at: Some(now),
            created_by: author,
            edited_by: author,
            created_at: now,
            updated_at: now,
        };
        put::<publication::Entity>(&app.services, row).await;
        self.add(format!("publication:{project}"), Kind::Publication.encode(id));
        let id = app.services.new_id(now);
        let row = disclosure::Model {
            id,
            project_id,
            kind: DisclosureKind::RiskNotice,
            title: "风险提示".into(),
            body: "周边规划".into(),
            document_number: None,
            published_at: Some(now),
            withdrawn_at: None,
            created_by: author,
            created_at: now,
        };
        put::<disclosure::Entity>(&app.services, row).await;
        self.add(format!("disclosure:{project}"), Kind::Disclosure.encode(id));
    }

    async fn buyer(&mut self, app: &TestApp, project_id: &str) {
        let input = json!({ "projectId": project_id, "name": "sun", "phone": "19100000031", "source": "WALK_IN" });
        let prospect = made(app, "sales.a", "registerProspect", "prospect", input).await;
        let document = "query($id: ID!) { node(id: $id) { ... on Prospect { owner { id } } } }";
        let data = app.staff("sales.a").await.run(document, json!({ "id": prospect })).await;
        let owner = text(&data["node"]["owner"]["id"]);
        let unit_id = World::clone(&app.world).empty_home(&app.services, "YT-103", "YT").await;
        let input = json!({
            "unitId": Kind::Unit.encode(unit_id), "number": "2026-YT-103", "buyerIds": [owner],
            "clauses": [{ "title": "违约责任", "body": "逾期交房" }],
        });
        let contract = made(app, "sales.a", "draftContract", "contract", input).await;
        let document = "query($id: ID!) { node(id: $id) { ... on Contract { clauses { id } } } }";
        let data = app.staff("sales.a").await.run(document, json!({ "id": contract })).await;
        self.add("clause:sun".to_owned(), text(&data["node"]["clauses"][0]["id"]));
        let input = json!({ "projectId": project_id, "ownerId": owner, "kind": "SIGNING", "contractId": contract });
        self.add("appointment:sun".to_owned(), made(app, "sales.a", "bookAppointment", "appointment", input).await);
        self.add("prospect:YT".to_owned(), prospect);
        self.add("owner:sun".to_owned(), owner);
        self.add("unit:YT-103".to_owned(), Kind::Unit.encode(unit_id));
        self.add("contract:sun".to_owned(), contract);
    }

    /// Somebody who looks at homes in the other project.
    async fn stranger(&mut self, app: &TestApp) {
        let now = app.services.now();
        let row = owner_by_name(app.services.new_id(now), "qian", OwnerStage::Prospect, now);
        let link = prospect::Model {
            id: app.services.new_id(now),
            owner_id: row.id,
            project_id: app.world.id("project:HP"),
            sales_agent_id: None,
            source: Channel::Phone,
            created_at: now,
        };
        self.add("owner:qian".to_owned(), Kind::Owner.encode(row.id));
        self.add("prospect:HP".to_owned(), Kind::Prospect.encode(link.id));
        put::<owner::Entity>(&app.services, row).await;
        put::<prospect::Entity>(&app.services, link).await;
    }
}

/// A node with everything of this area that it leads to.
const DEEP: &str = "query Deep($ids: [ID!]!) { nodes(ids: $ids) { __typename id
    ... on Publication { project { id } createdBy { id } editedBy { id } reviews { reviewer { id } } }
    ... on Disclosure { project { id } }
    ... on ShowHomeDeviation { notice { id } }
    ... on Project { disclosures { published { id } deviations { id } deviationsWithoutNotice { id } } }
    ... on Prospect { owner { id } project { id } salesAgent { id } }
    ... on Contract { unit { id } buyers { id } clauses { id acknowledgements { buyer { id } } } }
    ... on ContractClause { contract { id } }
    ... on SalesAppointment { owner { id } project { id } contract { id } staff { id } }
    ... on Owner { contracts { nodes { id } } interactions { nodes { id } } appointments { nodes { id } }
        stageHistory { nodes { actor { ... on Owner { id } ... on Staff { id } } } } } } }";

/// Lists with the names of what they hold.
const LISTS: &[(&str, &[&str])] = &[
    ("publications", &["publication:", "script:"]),
    ("prospects", &["prospect:"]),
    ("contracts", &["contract:"]),
    ("appointments", &["appointment:"]),
];

both! {
    async fn nothing_foreign_shows_before_the_signing(app) {
        let objects = Objects::create(&app).await;
        for who in PRINCIPALS {
            let client = app.as_whom(who).await;
            let expected = visible(who, &objects);
            let own: Vec<&String> = objects.all.iter().filter(|(name, _)| expected.contains(name)).map(|(_, id)| id).collect();
            for chunk in own.chunks(20) {
                let data = client.run(DEEP, json!({ "ids": chunk })).await;
                let foreign: Vec<String> = shown(&objects, &data).difference(&expected).cloned().collect();
                assert_eq!(foreign, Vec::<String>::new(), "{who}: {data:#}");
            }
        }
    }

    async fn lists_before_the_signing_hold_what_exists_for_the_principal(app) {
        let objects = Objects::create(&app).await;
        for who in PRINCIPALS {
            let client = app.as_whom(who).await;
            let expected = visible(who, &objects);
            for (list, kinds) in LISTS {
                let document = format!("{{ {list}(first: 50) {{ totalCount nodes {{ id }} }} }}");
                let (_, answer) = client.post(&document, json!({})).await;
                if answer["errors"][0]["extensions"]["code"] == "FORBIDDEN" {
                    continue;
                }
                let there: BTreeSet<String> =
                    expected.iter().filter(|name| kinds.iter().any(|kind| name.starts_with(kind))).cloned().collect();
                assert_eq!(shown(&objects, &answer["data"]), there, "{who}: {list}");
                assert_eq!(answer["data"][list]["totalCount"], there.len(), "{who}: {list}");
            }
        }
    }
}
