//! What is too large, too slow or too much is refused in bounded time.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use super::*;

/// Sends raw bytes and returns what came back until the server closed, or nothing more came for a while.
async fn raw(address: SocketAddr, parts: Vec<Vec<u8>>) -> (String, Duration) {
    let talk = move || {
        let started = Instant::now();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        for part in parts {
            if stream.write_all(&part).is_err() {
                break;
            }
        }
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        (String::from_utf8_lossy(&answer).into_owned(), started.elapsed())
    };
    tokio::task::spawn_blocking(talk).await.unwrap()
}

fn head(extra: &str) -> Vec<u8> {
    format!("POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nconnection: close\r\n{extra}\r\n")
        .into_bytes()
}

#[actix_web::test]
async fn ten_megabytes_are_refused_in_time_with_and_without_a_length() {
    let server = Server::start();
    let megabytes = vec![b'x'; 10 * 1024 * 1024];
    let (status, body) = answer(server.post("x".repeat(65 * 1024))).await;
    assert_eq!((status, code(&body)), (413, "BODY_TOO_LARGE"));
    let with_length = vec![head(&format!("content-length: {}\r\n", megabytes.len())), megabytes.clone()];
    let mut chunked = vec![head("transfer-encoding: chunked\r\n")];
    for piece in megabytes.chunks(64 * 1024) {
        chunked.push(format!("{:x}\r\n", piece.len()).into_bytes());
        chunked.push(piece.to_vec());
        chunked.push(b"\r\n".to_vec());
    }
    chunked.push(b"0\r\n\r\n".to_vec());
    for parts in [with_length, chunked] {
        let (answer, took) = raw(server.address, parts).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer:.200}");
        assert!(took < Duration::from_secs(3), "{took:?}");
    }
}

#[actix_web::test]
async fn unfinished_heads_and_bodies_are_ended() {
    let server = Server::start_with(|config| {
        config.header_timeout = Duration::from_millis(500);
        config.body_timeout = Duration::from_millis(500);
    });
    let half_head = vec![b"POST /graphql HTTP/1.1\r\nhost: a\r\n".to_vec()];
    let half_body = vec![head("content-length: 100\r\n"), b"{\"query\":".to_vec()];
    for parts in [half_head, half_body] {
        let (answer, took) = raw(server.address, parts).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer:.200}");
        assert!(took < Duration::from_secs(6), "{took:?}");
    }
}

#[actix_web::test]
async fn an_operation_that_takes_too_long_is_stopped() {
    let server = Server::start_with(|config| config.request_timeout = Duration::from_millis(50));
    let response = server.query("{ slow }").send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
    let body: Value = response.json().await.unwrap();
    assert_eq!(code(&body), "BUSY");
}

#[actix_web::test]
async fn one_request_too_many_is_refused_at_once_also_on_a_socket() {
    let server = Server::start_with(|config| config.max_in_flight = 1);
    let mut socket = socket::ready(&server, None).await;
    let running = rt::spawn(answer(server.query("{ pause(ms: 1500) }")));
    let in_work = || server.metrics.render().unwrap().contains("anju_requests_in_flight 1");
    until("the request is in work", in_work).await;
    let response = server.query("{ hello }").send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.headers().contains_key("retry-after")), (503, true));
    assert_eq!(code(&response.json().await.unwrap()), "BUSY");
    socket.subscribe("1", "{ hello }").await;
    let message = socket.next().await;
    assert_eq!(code(&message["payload"]), "BUSY", "{message}");
    for path in ["/livez", "/readyz", "/metrics"] {
        assert_eq!(reqwest::get(server.url(path)).await.unwrap().status(), 200, "{path}");
    }
    assert_eq!(running.await.unwrap().0, 200);
    assert_eq!(answer(server.query("{ hello }")).await.0, 200);
    assert!(server.metrics.render().unwrap().contains("anju_shed_total{bound=\"requests\"} 2"));
}

#[actix_web::test]
async fn documents_made_to_hurt_are_refused_at_once() {
    let server = Server::start();
    let repeat = |count: usize, part: fn(usize) -> String| (0..count).map(part).collect::<String>();
    let deep = format!("{}{}", "{ a ".repeat(60), "}".repeat(60));
    let mut doubling = "{ ...f0 } ".to_owned();
    doubling += &repeat(30, |i| format!("fragment f{i} on Query {{ ...f{n} ...f{n} }} ", n = i + 1));
    doubling += "fragment f30 on Query { hello }";
    let cases = [
        (format!("{{ {} }}", repeat(101, |i| format!("a{i}: hello "))), "TOO_MANY_FIELDS"),
        (format!("{{ {} }}", repeat(31, |i| format!("a{}: hello ", i))), "TOO_MANY_ROOT_FIELDS"),
        (format!("{{ {} }}", "hello ".repeat(500)), "TOO_MANY_FIELDS"),
        (deep, "TOO_DEEP"),
        (format!("{{ hello {} }}", "@include(if: true) ".repeat(60)), "TOO_MANY_DIRECTIVES"),
        (format!("{{ {} }}", "__typename ".repeat(1000)), "DOCUMENT_TOO_LARGE"),
        (format!("{{ {} }}", "a ".repeat(3000)), "TOO_MANY_TOKENS"),
        (doubling, "TOO_MANY_FIELDS"),
    ];
    for (query, expected) in cases {
        let started = Instant::now();
        let (status, body) = answer(server.query(&query)).await;
        assert_eq!((status, code(&body)), (200, expected), "{query:.100}");
        assert!(started.elapsed() < Duration::from_secs(1));
    }
}
