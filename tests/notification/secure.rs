//! Push services and message gateways over HTTPS: sent to when their certificate can be believed, and told nothing when it
//! can't.

use std::sync::Arc;

use anju::{
    auth::delivery::WebhookDelivery,
    authorities::Authorities,
    channel::{
        Channel, Message, Undelivered,
        address::AllowedNets,
        outbound::{Bounds, Outbound},
        push::{
            apns::{Apns, Identity},
            fcm::Fcm,
            hms::{Addresses, Application, Hms},
            web::WebPush,
        },
        webhook::Webhook,
    },
    clock::{Clock, Ids, SystemClock},
};
use entity::vocab::NotificationChannel;

use super::tls::message;
use crate::harness::{
    apple,
    authority::{Authority, Shown},
    browser::{APPLE_KEY, Browser, VAPID_KEY, service_account},
    huawei::{self, CLIENT_ID, CLIENT_SECRET},
    outside::Outside,
};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A server, and the way to it of a house that believes somebody.
struct Way {
    server: Outside,
    channel: Box<dyn Channel>,
    to: String,
}

type Open = fn(&Outside, &Authorities) -> (Box<dyn Channel>, String);

fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

fn url(server: &Outside) -> String {
    format!("https://localhost:{}", server.port)
}

fn google(server: &Outside, believed: &Authorities) -> (Box<dyn Channel>, String) {
    let account = service_account(server.port).replace("http://127.0.0.1", "https://localhost");
    (Box::new(Fcm::new(&account, &url(server), clock(), believed).unwrap()), "token-1".to_owned())
}

fn huawei(server: &Outside, believed: &Authorities) -> (Box<dyn Channel>, String) {
    let (application, url) =
        (Application { client_id: CLIENT_ID, client_secret: CLIENT_SECRET, category: None }, url(server));
    let addresses = Addresses { push: &url, tokens: &url };
    (Box::new(Hms::new(&application, &addresses, clock(), believed).unwrap()), "token-1".to_owned())
}

fn apple(server: &Outside, believed: &Authorities) -> (Box<dyn Channel>, String) {
    let identity = Identity { key: &APPLE_KEY, key_id: "KEY4567890", team_id: "TEAM567890", topic: "example.anju" };
    (Box::new(Apns::new(&identity, &url(server), clock(), believed).unwrap()), "ab".repeat(32))
}

fn browsers(server: &Outside, believed: &Authorities) -> (Box<dyn Channel>, String) {
    let nets = AllowedNets::new(vec!["127.0.0.0/8".parse().unwrap()]);
    let outbound = Outbound::new(nets, Bounds::default()).trusting(believed.clone());
    let web = WebPush::new(&VAPID_KEY, "mailto:it@anju.example", outbound, clock()).unwrap();
    let subscription = Browser::at(&format!("{}/push/1", url(server))).subscription();
    (Box::new(web), serde_json::to_string(&subscription).unwrap())
}

fn texts(server: &Outside, believed: &Authorities) -> (Box<dyn Channel>, String) {
    let gateway = WebhookDelivery::new(&url(server), SECRET, clock(), Arc::new(Ids::new()), believed).unwrap();
    (Box::new(Webhook::new(NotificationChannel::Sms, gateway)), "19100000001".to_owned())
}

const ALL: [(&str, Open); 5] =
    [("FCM", google), ("HMS", huawei), ("APNs", apple), ("browsers", browsers), ("a gateway", texts)];

async fn way(name: &str, open: Open, shown: Shown, believed: &Authorities) -> Way {
    let server = match name {
        "APNs" => apple::secure_push_service(shown).await,
        "HMS" => huawei::secure_push_service(shown).await,
        _ => Outside::secure_gateway(shown).await,
    };
    let (channel, to) = open(&server, believed);
    Way { server, channel, to }
}

impl Way {
    async fn send(&self) -> Result<(), Undelivered> {
        self.channel.send(&Message { to: self.to.clone(), ..message() }).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_go_out_over_https_to_those_who_can_be_believed() {
    let authority = Authority::found("The company's own");
    for (name, open) in ALL {
        let way = way(name, open, authority.vouch("localhost"), &authority.believed()).await;
        assert_eq!((way.send().await, way.server.handed().len()), (Ok(()), 1), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_can_t_be_believed_gets_no_message_and_it_waits() {
    let (own, foreign) = (Authority::found("The company's own"), Authority::found("Somebody else's"));
    for (name, open) in ALL {
        for (why, shown, believed) in [
            ("another name", own.vouch("elsewhere.example"), own.believed()),
            ("expired", own.vouched_once("localhost"), own.believed()),
            ("an unknown authority", foreign.vouch("localhost"), own.believed()),
            ("nobody is named", own.vouch("localhost"), Authorities::default()),
        ] {
            let way = way(name, open, shown, &believed).await;
            assert_eq!(way.send().await, Err(Undelivered::Unavailable), "{name}: {why}");
            let Way { server, .. } = &way;
            assert_eq!((server.heard(), server.tokens(), server.handed().len()), (0, 0, 0), "{name}: {why}");
        }
    }
}
