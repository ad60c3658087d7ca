//! A database that crashes or hangs while people report.

use std::{sync::Arc, time::Duration};

use serde_json::json;

use super::{Load, status};
use crate::harness::{
    Client,
    cluster::Cluster,
    company::{Company, report_at_last},
    device::{Device, ids, owner_document, read_log, start_of_log},
    process::ServerProcess,
    until,
};

/// A server over a cluster of its own, and a phone that listens.
struct Scene {
    cluster: Cluster,
    company: Arc<Company>,
    server: ServerProcess,
    owner: Client,
    phone: Device,
}

impl Scene {
    async fn set() -> Option<Self> {
        let cluster = Cluster::start()?;
        let company = Arc::new(Company::found_in(cluster.database().await).await);
        let server = company.serve_with(&["--max-connections", "8"]).await;
        let owner = company.owner("zhang", &server).await;
        let mut phone = Device::new(&owner, owner_document()).after(&start_of_log());
        phone.connect().await;
        report_at_last(&owner, company.report(usize::MAX)).await;
        phone.see().await;
        Some(Self { cluster, company, server, owner, phone })
    }

    /// Breaks the database under load, looks at what is answered meanwhile, and repairs it.
    async fn lives_through(mut self, breaks: fn(&Cluster), repairs: fn(&Cluster)) {
        let load = Load::start(&self.company, &self.owner, 12);
        until("people are served", async || (load.done() > 30).then_some(())).await;
        breaks(&self.cluster);
        until("the server says that it is not ready", async || {
            (status(&self.owner, "/readyz").await == 503).then_some(())
        })
        .await;
        assert_eq!(status(&self.owner, "/livez").await, 200);
        self.all_are_busy().await;
        let busy = load.busy();
        until("everybody is told to come again", async || (load.busy() > busy + 12).then_some(())).await;
        assert_eq!(status(&self.owner, "/readyz").await, 503);
        let done = load.done();
        repairs(&self.cluster);
        until("people are served again", async || (load.done() > done + 30).then_some(())).await;
        assert_eq!(status(&self.owner, "/readyz").await, 200);
        let acknowledged = load.finish().await;
        for (number, ticket) in &acknowledged {
            let (again, _) = report_at_last(&self.owner, self.company.report(*number)).await;
            assert_eq!(&again, ticket, "report {number} was acknowledged");
        }
        self.phone_saw_everything().await;
        self.server.terminate().await;
        let (ended, said) = self.server.end(Duration::from_secs(12)).await;
        assert_eq!(ended.code(), Some(0), "{said}");
    }

    /// Every door of the server.
    async fn all_are_busy(&self) {
        let graphql = async {
            let (status, answer) = self.owner.post("{ viewer { __typename } }", json!({})).await;
            assert_eq!((status.as_u16(), &answer["errors"][0]["extensions"]["code"]), (503, &json!("BUSY")));
        };
        let anonymous = async {
            let document =
                "mutation { signInWithPassword(input: { login: \"a\", password: \"b\" }) { userErrors { code } } }";
            let nobody = Client { token: None, ..self.owner.clone() };
            let (status, answer) = nobody.post(document, json!({})).await;
            assert_eq!((status.as_u16(), &answer["errors"][0]["extensions"]["code"]), (503, &json!("BUSY")));
        };
        let secret = "x".repeat(43);
        let form = [("grant_type", "client_credentials"), ("client_id", "a"), ("client_secret", "b")];
        let others = [
            self.owner.request(reqwest::Method::GET, "/attachments/x"),
            self.owner.request(reqwest::Method::POST, "/attachments").body("no picture"),
            self.owner.request(reqwest::Method::GET, &format!("/calendar/{secret}.ics")),
            self.owner.http.post(format!("{}/oauth/token", self.owner.url)).form(&form),
        ];
        let others = futures_util::future::join_all(others.map(|request| async {
            let response = request.timeout(super::BOUND).send().await.unwrap();
            assert!(response.headers().contains_key("retry-after"), "{}", response.url());
            assert_eq!(response.status(), 503, "{}", response.url());
        }));
        let all = async { tokio::join!(graphql, anonymous, others) };
        tokio::time::timeout(super::BOUND, all).await.expect("every door answers in time");
    }

    /// Each event once and in order, also over a socket that was closed meanwhile.
    async fn phone_saw_everything(&mut self) {
        let log = ids(&read_log(&self.owner, None, 100).await);
        while self.phone.seen.len() < log.len() {
            if let Err(code) = self.phone.hear().await {
                // After these, and after a connection that broke, clients come back by themselves.
                assert!(matches!(code, Some(1001 | 1013) | None), "{code:?}");
                self.phone.connect().await;
            }
        }
        assert_eq!(self.phone.event_ids(), log);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_crashes_under_load_and_comes_back_loses_nothing() {
    if let Some(scene) = Scene::set().await {
        scene.lives_through(Cluster::crash, Cluster::recover).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_hangs_under_load_is_waited_for_in_bounded_time() {
    if let Some(scene) = Scene::set().await {
        scene.lives_through(Cluster::freeze, Cluster::thaw).await;
    }
}
