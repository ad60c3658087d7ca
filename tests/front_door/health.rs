//! What an operator asks: is it alive, is it ready, what did it count, and what does it write down.

use std::{
    io::Write,
    sync::{Arc, LazyLock, Mutex},
};

use super::*;
use crate::{both, harness::documents::Documents};

/// What the whole run logs. Other tests write here too, so this one looks for words of its own.
static LOG: LazyLock<Log> = LazyLock::new(|| {
    let log = Log::default();
    let writer = log.clone();
    let filter = tracing_subscriber::EnvFilter::new("info,anju=trace,sqlx=debug,sea_orm=debug");
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false);
    // Another test may have set one: then this one has nothing to look at, which it says.
    let _ = subscriber.with_writer(move || writer.clone()).try_init();
    log
});

/// Keeps the lines that hold one of the words.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

/// Written by this test alone.
const WORDS: [&str; 5] = ["13712345678", "12345678", "hunter-secret", "登录名甲", "log-probe"];

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let line = String::from_utf8_lossy(bytes);
        if WORDS.iter().any(|word| line.contains(word)) {
            self.0.lock().unwrap().push(line.into_owned());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

both! {
    async fn a_server_is_alive_and_ready(app) {
        assert_eq!(text(&app, "/livez").await, (200, "alive\n".into()));
        assert_eq!(text(&app, "/readyz").await, (200, "ready\n".into()));
    }

    async fn the_figures_count_operations_and_refusals_and_name_nobody(app) {
        let zhang = app.owner("zhang").await;
        zhang.run("{ viewer { __typename } }", json!({})).await;
        zhang.refused("{ nothing }", json!({})).await;
        zhang.refused("{ node(id: \"x\") { ... on Nothing { id } } }", json!({})).await;
        let (status, page) = text(&app, "/metrics").await;
        assert_eq!(status, 200);
        assert!(page.contains("anju_graphql_requests_total{operation=\"query\",outcome=\"ok\"} 1"), "{page}");
        assert!(page.contains("anju_graphql_refusals_total{code=\"GRAPHQL_VALIDATION_FAILED\"} 2"), "{page}");
        assert!(page.ends_with("# EOF\n"));
        assert!(!page.contains("zhang") && !page.contains("19100000001"));
    }

    async fn answers_name_their_request(app) {
        let response = posting(&app.anonymous(), "{ __typename }").header("x-request-id", "phone-42").send().await.unwrap();
        assert_eq!(response.headers()["x-request-id"], "phone-42");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    }

    async fn the_log_holds_no_number_no_code_and_no_password(app) {
        let log = &*LOG;
        let nobody = app.anonymous();
        app.database.execute("DROP TABLE activity_registrations").await;
        for phone in ["13712345678", "+86 137-1234-5678", "137123456789"] {
            nobody.owner_app("RequestSignInCode", json!({ "phone": phone })).await;
            nobody.owner_app("SignInWithCode", json!({ "phone": phone, "code": "12345678" })).await;
        }
        let variables = json!({ "login": "登录名甲", "password": "hunter-secret" });
        nobody.butler_app("SignInWithPassword", variables).await;
        let wrong = json!({ "phone": ["13712345678"] });
        nobody.refused(&Documents::owner().operation("RequestSignInCode"), wrong).await;
        nobody.refused("mutation { requestSignInCode(input: { phone: 13712345678 }) { expiresAt } }", json!({})).await;
        let faulty = "{ lectures(from: \"2026-11-23T00:00:00Z\", to: \"2026-11-30T00:00:00Z\") { nodes { registrationCount } } }";
        let agent = app.staff("agent.a").await;
        posting(&agent, faulty).header("x-request-id", "log-probe").send().await.unwrap();
        let lines = log.0.lock().unwrap().clone();
        assert!(lines.iter().any(|line| line.contains("log-probe") && line.contains("ERROR")), "the log was not heard");
        let telling: Vec<&String> = lines.iter().filter(|line| WORDS[..4].iter().any(|word| line.contains(word))).collect();
        assert!(telling.is_empty(), "{telling:#?}");
    }
}
