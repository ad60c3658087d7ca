//! Tests of calls to addresses that somebody entered, against servers on this machine.

use std::sync::Mutex;

use super::*;
use crate::local_server::{self, Answer as Said, Request};

const PATIENCE: Bounds = Bounds { connect: Duration::from_secs(5), whole: Duration::from_secs(10), answer: 64 * 1024 };

fn outbound(nets: &[&str], bounds: Bounds) -> Outbound {
    let nets = nets.iter().map(|net| net.parse().unwrap()).collect();
    Outbound::new(AllowedNets::new(nets), bounds)
}

fn here() -> Outbound {
    outbound(&["127.0.0.0/8"], PATIENCE)
}

/// A server that remembers what was asked, and answers what the test says.
async fn server(
    answer: impl Fn(&Request) -> Option<Said> + Send + Sync + 'static,
) -> (String, Arc<Mutex<Vec<Request>>>) {
    let heard: Arc<Mutex<Vec<Request>>> = Arc::default();
    let ears = Arc::clone(&heard);
    let url = local_server::serve(move |request| {
        let said = answer(&request);
        ears.lock().unwrap().push(request);
        said
    });
    (url.await, heard)
}

#[test]
fn an_address_is_judged_before_anything_is_sent() {
    let (closed, named) = (outbound(&[], PATIENCE), outbound(&["127.0.0.0/8", "fd00::/8"], PATIENCE));
    let table = [
        ("https://hooks.example.com/in?key=1", None, None),
        ("https://1.1.1.1/", None, None),
        ("https://[2606:4700::1111]:8443/", None, None),
        ("http://hooks.example.com/", Some(BadAddress::Url), None),
        ("http://1.1.1.1/", Some(BadAddress::Closed), Some(BadAddress::Closed)),
        ("https://127.0.0.1/", Some(BadAddress::Closed), None),
        ("http://127.0.0.1/", Some(BadAddress::Closed), None),
        ("https://2130706433/", Some(BadAddress::Closed), None),
        ("https://0x7f.1/", Some(BadAddress::Closed), None),
        ("https://0177.0.0.1/", Some(BadAddress::Closed), None),
        ("https://１２７.0.0.1/", Some(BadAddress::Closed), None),
        ("https://[fd00::1]/", Some(BadAddress::Closed), None),
        ("https://[::1]/", Some(BadAddress::Closed), Some(BadAddress::Closed)),
        ("https://[::ffff:127.0.0.1]/", Some(BadAddress::Closed), Some(BadAddress::Closed)),
        ("https://[64:ff9b::7f00:1]/", Some(BadAddress::Closed), Some(BadAddress::Closed)),
        ("https://169.254.169.254/latest/meta-data", Some(BadAddress::Closed), Some(BadAddress::Closed)),
        ("https://user:password@hooks.example.com/", Some(BadAddress::Credentials), Some(BadAddress::Credentials)),
        ("https://user@hooks.example.com/", Some(BadAddress::Credentials), Some(BadAddress::Credentials)),
        ("ftp://hooks.example.com/", Some(BadAddress::Url), Some(BadAddress::Url)),
        ("file:///etc/passwd", Some(BadAddress::Url), Some(BadAddress::Url)),
        ("hooks.example.com/in", Some(BadAddress::Url), Some(BadAddress::Url)),
        ("", Some(BadAddress::Url), Some(BadAddress::Url)),
    ];
    for (url, without, with) in table {
        assert_eq!(closed.check(url).err(), without, "{url}");
        assert_eq!(named.check(url).err(), with, "{url} with named networks");
    }
}

#[tokio::test]
async fn what_is_posted_arrives_and_is_answered() {
    let (url, heard) = server(|_| {
        Some(Said { headers: vec![("Retry-After", "7".to_owned())], body: b"thanks".to_vec(), ..Said::status(503) })
    })
    .await;
    let mut headers = HeaderMap::new();
    headers.insert("webhook-id", "msg_1".parse().unwrap());
    let answer = here().post(&format!("{url}/in?key=1"), headers, "hello").await.unwrap();
    assert_eq!((answer.status(), answer.header("retry-after")), (503, Some("7")));
    assert_eq!(answer.body().await, b"thanks");
    let heard = heard.lock().unwrap();
    assert_eq!((heard[0].method.as_str(), heard[0].target.as_str()), ("POST", "/in?key=1"));
    assert_eq!((heard[0].headers["webhook-id"].as_str(), &heard[0].body[..]), ("msg_1", &b"hello"[..]));
}

#[tokio::test]
async fn a_name_is_judged_by_where_it_leads() {
    let (url, heard) = server(|_| Some(Said::status(204))).await;
    let port = url.rsplit(':').next().unwrap().to_owned();
    let inside = format!("http://localhost:{port}/");
    assert_eq!(here().post(&inside, HeaderMap::new(), "x").await.map(|answer| answer.status()), Ok(204));
    assert_eq!(heard.lock().unwrap().len(), 1);

    // Encrypted or not: a name of this machine is no way into it.
    for (nets, url) in [(&["10.0.0.0/8"][..], inside), (&[], format!("https://localhost:{port}/"))] {
        let refused = outbound(nets, PATIENCE).post(&url, HeaderMap::new(), "x").await;
        assert_eq!(refused.map(|answer| answer.status()), Err(Unanswered::Bad(BadAddress::Closed)), "{url}");
    }
    assert_eq!(heard.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_not_a_way() {
    let (inner, asked) = server(|_| Some(Said::status(200))).await;
    let (outer, _) =
        server(move |_| Some(Said { headers: vec![("Location", inner.clone())], ..Said::status(307) })).await;
    assert_eq!(here().post(&outer, HeaderMap::new(), "x").await.map(|answer| answer.status()), Ok(307));
    assert!(asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn who_says_nothing_or_is_not_there_is_given_up() {
    let (silent, _) = server(|_| None).await;
    let hasty = outbound(&["127.0.0.0/8"], Bounds { whole: Duration::from_millis(200), ..PATIENCE });
    let failed = hasty.post(&silent, HeaderMap::new(), "x").await.map(|answer| answer.status());
    assert_eq!(failed, Err(Unanswered::TooSlow));

    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let failed = here().post(&format!("http://{free}/"), HeaderMap::new(), "x").await.map(|answer| answer.status());
    assert_eq!(failed, Err(Unanswered::Unreachable));
}

#[tokio::test]
async fn of_a_long_answer_only_the_start_is_read() {
    let (url, _) = server(|_| Some(Said { body: vec![b'a'; 1_000_000], ..Said::status(200) })).await;
    let brief = outbound(&["127.0.0.0/8"], Bounds { answer: 1000, ..PATIENCE });
    let answer = brief.post(&url, HeaderMap::new(), "x").await.map_err(|error| error.to_string()).unwrap();
    assert_eq!(answer.body().await, vec![b'a'; 1000]);
}
