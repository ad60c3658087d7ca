//! graphql-sse, distinct connections mode.

use super::*;

fn stream(server: &Server, query: &str) -> reqwest::RequestBuilder {
    server.query(query).header("accept", "text/event-stream")
}

async fn text(request: reqwest::RequestBuilder) -> String {
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
    response.text().await.unwrap()
}

#[actix_web::test]
async fn any_operation_runs_as_events_and_completes() {
    let server = Server::start();
    let counted = text(stream(&server, "subscription { count(to: 2) }")).await;
    let expected = ":\n\nevent: next\ndata: {\"data\":{\"count\":1}}\n\nevent: next\ndata: {\"data\":{\"count\":2}}\n\nevent: complete\ndata:\n\n";
    assert_eq!(counted, expected);
    let query = text(stream(&server, "{ hello }")).await;
    assert!(query.contains("{\"data\":{\"hello\":\"hello 您好\"}}") && query.ends_with("event: complete\ndata:\n\n"));
    let get = server.get(&[("query", "subscription { count(to: 1) }")]).header("accept", "text/event-stream");
    assert!(text(get).await.contains("\"count\":1"));
    let last_choice =
        server.query("subscription { count(to: 1) }").header("accept", "application/json, text/event-stream");
    assert!(text(last_choice).await.contains("\"count\":1"));
}

#[actix_web::test]
async fn a_stream_that_falters_ends_without_completing_so_that_the_client_resumes() {
    let server = Server::start();
    let said = text(stream(&server, "subscription { falters }")).await;
    assert_eq!(said, ":\n\nevent: next\ndata: {\"data\":{\"falters\":1}}\n\n");
}

#[actix_web::test]
async fn a_request_error_is_a_plain_400() {
    let server = Server::start();
    for query in ["subscription { nothing }", "subscription {", "subscription { count(to: 1) a: count(to: 1) }"] {
        let (status, body) = answer(stream(&server, query)).await;
        assert_eq!(status, 400);
        assert!(body.get("data").is_none());
    }
    let (status, _) = answer(stream(&server, "{ hello }").header("authorization", "Bearer bad")).await;
    assert_eq!(status, 401);
}

#[actix_web::test]
async fn a_stream_ends_with_its_token_and_with_its_session() {
    for end in [|server: &Server| server.backend.turn_clock(16), |server: &Server| server.backend.signed_out.cancel()] {
        let server = Server::start();
        let request = stream(&server, "subscription { silence }").header("authorization", "Bearer good");
        let mut response = request.send().await.unwrap();
        assert_eq!(response.chunk().await.unwrap().unwrap(), ":\n\n");
        end(&server);
        let rest = response.text().await.unwrap();
        assert!(rest.contains("UNAUTHENTICATED"), "{rest}");
        assert!(rest.ends_with("event: complete\ndata:\n\n"));
        until("the stream is freed", || server.metrics.open_streams() == 0).await;
    }
}

#[actix_web::test]
async fn an_idle_stream_is_kept_alive_and_a_dropped_one_is_freed() {
    let server = Server::start_with(|config| config.sse_heartbeat = Duration::from_millis(20));
    let mut response = stream(&server, "subscription { silence }").send().await.unwrap();
    for _ in 0..3 {
        assert_eq!(response.chunk().await.unwrap().unwrap(), ":\n\n");
    }
    assert_eq!(server.metrics.open_streams(), 1);
    drop(response);
    until("the stream is freed", || server.metrics.open_streams() == 0).await;
}

#[actix_web::test]
async fn a_client_that_takes_nothing_makes_nothing() {
    let server = Server::start();
    let response = stream(&server, "subscription { flood }").send().await.unwrap();
    let made = || server.backend.made.load(Ordering::SeqCst);
    until("the network is full", || made() > 3).await;
    let mut before = 0;
    while made() != before {
        before = made();
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    // What the network of two machines in one holds, and nothing that grows.
    assert!(before < 4000, "{before}");
    drop(response);
}
