//! The webhook against a server on this machine, and the two deliveries that stay inside.

use crate::clock::ManualClock;
use crate::local_server::{Answer, Request, serve};

use super::*;

/// The secret of the example in the Standard Webhooks specification's libraries.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const PHONE: &str = "13800001234";

type Seen = Arc<Mutex<Vec<Request>>>;

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn webhook(url: &str) -> WebhookDelivery {
    let clock = Arc::new(ManualClock::new(now()));
    let mut webhook = WebhookDelivery::new(url, SECRET, clock, Arc::new(Ids::new()), &Authorities::default()).unwrap();
    webhook.patience = Patience { attempt: Duration::from_millis(300), backoff: Duration::from_millis(1) };
    webhook
}

/// A gateway that gives these answers in turn (`None` stays silent), the last one for ever.
async fn gateway(answers: Vec<Option<u16>>) -> (WebhookDelivery, Seen) {
    let seen = Seen::default();
    let url = serve({
        let seen = Arc::clone(&seen);
        move |request| {
            let mut seen = seen.lock().unwrap();
            seen.push(request);
            answers[(seen.len() - 1).min(answers.len() - 1)].map(Answer::status)
        }
    })
    .await;
    (webhook(&format!("{url}/codes?tenant=1")), seen)
}

async fn deliver(webhook: &WebhookDelivery) -> Result<(), DeliveryError> {
    webhook.deliver(PHONE, "042137", now() + chrono::TimeDelta::minutes(5)).await
}

#[tokio::test]
async fn a_code_goes_out_once_signed_and_as_json() {
    let (webhook, seen) = gateway(vec![Some(204)]).await;
    deliver(&webhook).await.unwrap();
    let [request] = &seen.lock().unwrap()[..] else { panic!("one request") };
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/codes?tenant=1"));
    assert_eq!(request.headers["content-type"], "application/json");
    let body = std::str::from_utf8(&request.body).unwrap();
    let expected = json!({
        "type": "sign_in.code",
        "timestamp": "2026-11-23T12:00:00Z",
        "data": { "phone": PHONE, "code": "042137", "expiresAt": "2026-11-23T12:05:00Z" },
    });
    assert_eq!(serde_json::from_str::<serde_json::Value>(body).unwrap(), expected);
    let (id, timestamp) = (&request.headers["webhook-id"], &request.headers["webhook-timestamp"]);
    assert_eq!(timestamp, &now().timestamp().to_string());
    let expected = Signer::new([SECRET]).unwrap().sign(id, timestamp, body);
    assert_eq!(request.headers["webhook-signature"], expected);
}

#[tokio::test]
async fn failures_and_silence_are_tried_again_under_the_same_id() {
    let (webhook, seen) = gateway(vec![Some(503), None, Some(200)]).await;
    deliver(&webhook).await.unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|request| request.headers["webhook-id"] == seen[0].headers["webhook-id"]));
}

#[tokio::test]
async fn after_three_attempts_it_gives_up() {
    let (webhook, seen) = gateway(vec![Some(500)]).await;
    assert_eq!(deliver(&webhook).await, Err(DeliveryError::Unavailable));
    assert_eq!(seen.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn a_refusal_is_final() {
    let (webhook, seen) = gateway(vec![Some(422)]).await;
    assert_eq!(deliver(&webhook).await, Err(DeliveryError::Refused(422)));
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let seen = Seen::default();
    let url = serve({
        let seen = Arc::clone(&seen);
        move |request| {
            seen.lock().unwrap().push(request);
            let mut answer = Answer::status(307);
            answer.headers.push(("Location", "/elsewhere".into()));
            Some(answer)
        }
    })
    .await;
    assert_eq!(deliver(&webhook(&url)).await, Err(DeliveryError::Refused(307)));
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_gateway_that_is_not_there_is_unavailable() {
    let port = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let webhook = webhook(&format!("http://127.0.0.1:{port}/"));
    assert_eq!(deliver(&webhook).await, Err(DeliveryError::Unavailable));
}

#[test]
fn bad_configuration_is_refused_at_start() {
    let build = |url: &str, secret: &str| {
        let clock = Arc::new(ManualClock::new(now()));
        WebhookDelivery::new(url, secret, clock, Arc::new(Ids::new()), &Authorities::default()).err()
    };
    assert_eq!(build("not a url", SECRET), Some(BadWebhook::Url));
    assert_eq!(build("file:///etc/passwd", SECRET), Some(BadWebhook::Url));
    assert_eq!(build("https://gateway.example/", "whsec_c2hvcnQ="), Some(BadWebhook::Secret));
    assert_eq!(build("https://gateway.example/", "whsec_***"), Some(BadWebhook::Secret));
    assert_eq!(build("https://gateway.example/", SECRET), None);
}

#[tokio::test]
async fn memory_keeps_the_last_code_of_each_phone() {
    let memory = MemoryDelivery::default();
    for (phone, code) in [("1", "111111"), ("2", "222222"), ("1", "333333")] {
        memory.deliver(phone, code, now()).await.unwrap();
    }
    assert_eq!(memory.last("1"), Some(("333333".into(), now())));
    assert_eq!(memory.last("2"), Some(("222222".into(), now())));
    assert_eq!(memory.last("3"), None);
}

#[test]
fn the_log_shows_only_the_end_of_a_number() {
    assert_eq!(masked("13800001234"), "…1234");
    assert_eq!(masked("安居1"), "…安居1");
    assert_eq!(masked(""), "…");
}

/// What was logged, shared with the subscriber.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_of_a_demo_shows_the_code_and_not_the_number() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone());
    let guard = tracing::subscriber::set_default(subscriber.finish());
    LogDelivery.deliver(PHONE, "042137", now()).await.unwrap();
    drop(guard);
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("INFO") && text.contains("042137") && text.contains("…1234"), "{text}");
    assert!(!text.contains(PHONE), "{text}");
}
