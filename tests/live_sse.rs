//! The same stream for networks that break sockets: graphql-sse on the same path.

use anju::graphql::id::Kind;
use serde_json::{Value, json};

use crate::{
    both,
    harness::{
        TestApp,
        crew::Crew,
        device::{butler_document, ids, owner_document, read_log, start_of_log},
        socket::EventStream,
        until,
    },
};

async fn open(client: &crate::harness::Client, document: &str, variables: Value) -> EventStream {
    match EventStream::open(client, document, variables).await {
        Ok(stream) => stream,
        Err(response) => panic!("refused: {}", response.text().await.unwrap()),
    }
}

async fn listens(app: &TestApp) {
    until("it listens", async || (app.services.hub.subscribers() == 1).then_some(())).await;
}

both! {
    async fn an_owner_follows_a_ticket_over_an_event_stream_through_cuts(app) {
        let crew = Crew::of_101(&app).await;
        let ticket = crew.begun("厨房水管漏水").await;
        let (mut seen, mut cursor) = (Vec::new(), start_of_log());
        for round in 1..=3 {
            let mut stream = open(&crew.owner, &owner_document(), json!({ "ticketId": ticket, "after": cursor })).await;
            crew.toil(&ticket, 2).await;
            // One more each time: what was missed at first is caught up with on the way.
            for _ in 0..=round {
                let change = stream.next().await["ticketStatusChanged"].clone();
                cursor = change["cursor"].as_str().unwrap().to_owned();
                seen.push(change["event"].clone());
            }
        }
        let log = ids(&read_log(&crew.owner, None, 100).await);
        assert_eq!(ids(&seen), log[..seen.len()]);
        let mut stream = open(&crew.owner, &owner_document(), json!({ "after": cursor })).await;
        while seen.len() < log.len() {
            seen.push(stream.next().await["ticketStatusChanged"]["event"].clone());
        }
        crew.hold(&ticket).await;
        assert_eq!(stream.next().await["ticketStatusChanged"]["event"]["action"], "HOLD");
        assert_eq!(ids(&seen), log);
    }

    async fn an_event_stream_is_told_what_happens_on_another_server(app) {
        let other = app.another().await;
        let crew = Crew::of_101(&app).await;
        let mut stream = open(&crew.ambassador.at(&other.url), &butler_document(), json!({})).await;
        listens(&other).await;
        crew.report("厨房水管漏水").await;
        assert_eq!(stream.next().await["ticketStatusChanged"]["event"]["action"], "CREATE");
    }

    async fn an_event_stream_ends_with_the_session(app) {
        let other = app.another().await;
        let technician = app.staff("technician.a").await;
        let mut near = open(&technician, &butler_document(), json!({})).await;
        listens(&app).await;
        let mut far = open(&technician.at(&other.url), &butler_document(), json!({})).await;
        listens(&other).await;
        let document = "mutation($id: ID!) { disableStaff(input: { staffId: $id }) { userErrors { code } } }";
        let id = Kind::Staff.encode(app.world.staff("technician.a"));
        app.staff("admin").await.run(document, json!({ "id": id })).await;
        for stream in [&mut near, &mut far] {
            let last = stream.event().await.unwrap();
            assert_eq!(last.data["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{last:?}");
            assert_eq!(stream.event().await.unwrap().name, "complete");
            assert_eq!(stream.event().await, None);
        }
    }

    async fn an_event_stream_that_may_not_be_is_refused_with_a_status(app) {
        let partner = app.partner("partner-1").await;
        for (client, status) in [(partner, 403), (app.anonymous(), 401)] {
            let response = EventStream::open(&client, &butler_document(), json!({})).await.err().unwrap();
            assert_eq!(response.status().as_u16(), status);
        }
    }

    async fn a_forged_cursor_is_answered_in_the_stream_which_then_completes(app) {
        let owner = app.owner("zhang").await;
        let mut stream = open(&owner, &owner_document(), json!({ "after": "forged" })).await;
        let event = stream.event().await.unwrap();
        assert_eq!(event.data["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{event:?}");
        assert_eq!(stream.event().await.unwrap().name, "complete");
    }
}
