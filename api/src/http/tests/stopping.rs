//! The server stops without cutting a request, and tells those who listen that it goes.

use std::time::Instant;

use super::*;

#[actix_web::test]
async fn running_requests_end_and_listeners_are_told() {
    let server = Server::start();
    let request = server.query("{ pause(ms: 800) }");
    let running = rt::spawn(answer(request));
    let mut socket = socket::ready(&server, None).await;
    socket.subscribe("1", "subscription { silence }").await;
    let mut events =
        server.query("subscription { silence }").header("accept", "text/event-stream").send().await.unwrap();
    assert_eq!(events.chunk().await.unwrap().unwrap(), ":\n\n");
    until("both streams run", || server.metrics.open_streams() == 2).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let started = Instant::now();
    server.shutdown.cancel();
    assert_eq!(socket.close_code().await, 1001);
    assert!(!events.text().await.unwrap().contains("complete"));
    let (status, body) = running.await.unwrap();
    assert_eq!((status, &body["data"]["pause"]), (200, &Value::from(800)));
    let mut server = server;
    let running = &mut server.running;
    let stopped = tokio::time::timeout(Duration::from_secs(10), running).await;
    stopped.expect("the server stops in time").unwrap().unwrap();
    assert!(started.elapsed() < Duration::from_secs(10));
}
