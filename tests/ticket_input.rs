//! Input that does not fit: each is answered with a code that names the field, none with a fault of ours, and nothing
//! is changed by any of them.

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use data_encoding::BASE64URL_NOPAD;
use entity::{attachment, idempotency_key, ticket, ticket_event, ticket_number, vocab::TicketStatus};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    both,
    harness::{
        TestApp,
        tickets::{Answer, merged},
    },
};

/// Everything that a ticket's call could change, as one comparable text.
async fn state(app: &TestApp) -> String {
    let db = app.services.db.reader();
    let mut tickets = ticket::Entity::find().all(db).await.unwrap();
    tickets.sort_by_key(|ticket| ticket.id);
    let events = ticket_event::Entity::find().count(db).await.unwrap();
    let keys = idempotency_key::Entity::find().count(db).await.unwrap();
    let numbers = ticket_number::Entity::find().all(db).await.unwrap();
    let attachments = attachment::Entity::find().count(db).await.unwrap();
    format!("{tickets:?} {events} {keys} {numbers:?} {attachments}")
}

fn text(length: usize) -> String {
    "水".repeat(length)
}

/// An id of a thing that never was.
fn never(kind: Kind) -> String {
    kind.encode(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001))
}

/// Reports that must be refused: what is different from a good one, and the answer.
fn bad_reports(app: &TestApp) -> Vec<(Value, &'static str)> {
    let now = app.services.now();
    let hours =
        |from: i64, to: i64| json!({ "startsAt": now + TimeDelta::hours(from), "endsAt": now + TimeDelta::hours(to) });
    let by_appointment = |window: Value| json!({ "urgency": "APPOINTMENT", "appointment": window });
    let unit = |room: &str| Kind::Unit.encode(app.world.unit(room));
    vec![
        (json!({ "unitId": never(Kind::Unit) }), "NOT_FOUND unitId"),
        (json!({ "unitId": unit("YT-102") }), "NOT_FOUND unitId"),
        (json!({ "unitId": unit("HP-101") }), "NOT_FOUND unitId"),
        (json!({ "unitId": Kind::Owner.encode(app.world.unit("YT-101")) }), "INVALID unitId"),
        (json!({ "unitId": "" }), "NOT_FOUND unitId"),
        (json!({ "unitId": "not an id\u{0}" }), "NOT_FOUND unitId"),
        (json!({ "unitId": app.world.unit("YT-101") }), "NOT_FOUND unitId"),
        (json!({ "title": "" }), "REQUIRED title"),
        (json!({ "title": " \u{3000}\u{200B}" }), "REQUIRED title"),
        (json!({ "title": text(121) }), "TOO_LONG title"),
        (json!({ "title": "漏\u{0}水" }), "INVALID title"),
        (json!({ "title": "漏\n水" }), "INVALID title"),
        (json!({ "description": text(4001) }), "TOO_LONG description"),
        (json!({ "description": "a\u{0}" }), "INVALID description"),
        (json!({ "urgency": "APPOINTMENT" }), "REQUIRED appointment"),
        (json!({ "appointment": hours(1, 2) }), "INVALID appointment"),
        (by_appointment(hours(-1, 2)), "IN_THE_PAST appointment.startsAt"),
        (by_appointment(hours(3, 2)), "INVALID appointment.endsAt"),
        (by_appointment(hours(2, 2)), "INVALID appointment.endsAt"),
        (by_appointment(hours(2, 15)), "OUT_OF_RANGE appointment.endsAt"),
        (by_appointment(hours(61 * 24, 61 * 24 + 1)), "OUT_OF_RANGE appointment.startsAt"),
        (json!({ "reporterId": Kind::Owner.encode(app.world.owner("li")) }), "NOT_FOUND reporterId"),
        (json!({ "reporterId": never(Kind::Staff) }), "INVALID reporterId"),
        (json!({ "attachmentIds": [never(Kind::Attachment)] }), "NOT_FOUND attachmentIds"),
        (json!({ "attachmentIds": [unit("YT-101")] }), "INVALID attachmentIds"),
        (json!({ "attachmentIds": vec![never(Kind::Attachment); 10] }), "OUT_OF_RANGE attachmentIds"),
        (json!({ "idempotencyKey": "" }), "OUT_OF_RANGE idempotencyKey"),
        (json!({ "idempotencyKey": text(101) }), "OUT_OF_RANGE idempotencyKey"),
        (json!({ "idempotencyKey": "k\u{0}k" }), "INVALID idempotencyKey"),
        (json!({ "kind": "REPARATION" }), "error BAD_USER_INPUT"),
        (json!({ "title": null }), "error BAD_USER_INPUT"),
        (json!({ "title": 7 }), "error BAD_USER_INPUT"),
        (json!({ "unit": unit("YT-101") }), "error BAD_USER_INPUT"),
        (by_appointment(json!({ "startsAt": "tomorrow", "endsAt": now })), "error BAD_USER_INPUT"),
        (by_appointment(json!({ "startsAt": now })), "error BAD_USER_INPUT"),
    ]
}

/// Actions that must be refused on a ticket in a status: who, what, with which content, and the answer.
fn bad_actions(app: &TestApp) -> Vec<(TicketStatus, &'static str, &'static str, Value, &'static str)> {
    use TicketStatus::{Accepted, Confirmed, InProgress, Resolved, Submitted};
    let staff = |login: &str| Kind::Staff.encode(app.world.staff(login));
    let now = app.services.now();
    let past = json!({ "startsAt": now - TimeDelta::hours(2), "endsAt": now - TimeDelta::hours(1) });
    vec![
        (Submitted, "agent.a", "acceptTicket", json!({ "ticketId": never(Kind::Ticket) }), "NOT_FOUND ticketId"),
        (Submitted, "agent.a", "acceptTicket", json!({ "ticketId": staff("agent.a") }), "INVALID ticketId"),
        (Submitted, "agent.a", "acceptTicket", json!({ "ticketId": "%%%" }), "NOT_FOUND ticketId"),
        (Submitted, "agent.a", "acceptTicket", json!({ "ticketId": null }), "error BAD_USER_INPUT"),
        (Submitted, "agent.a", "acceptTicket", json!({ "category": null }), "error BAD_USER_INPUT"),
        (Submitted, "agent.a", "acceptTicket", json!({ "urgency": "APPOINTMENT" }), "REQUIRED appointment"),
        (Submitted, "agent.a", "acceptTicket", json!({ "appointment": past.clone() }), "INVALID appointment"),
        (
            Submitted,
            "agent.a",
            "acceptTicket",
            json!({ "urgency": "APPOINTMENT", "appointment": past.clone() }),
            "IN_THE_PAST appointment.startsAt",
        ),
        (Submitted, "agent.a", "acceptTicket", json!({ "note": text(2001) }), "TOO_LONG note"),
        (Submitted, "agent.a", "acceptTicket", json!({ "expectedVersion": 2 }), "CONFLICT expectedVersion"),
        (Submitted, "agent.a", "acceptTicket", json!({ "expectedVersion": 3_000_000_000_u32 }), "error BAD_USER_INPUT"),
        (Submitted, "agent.a", "acceptTicket", json!({ "expectedVersion": "1" }), "error BAD_USER_INPUT"),
        (Submitted, "agent.a", "acceptTicket", json!({ "idempotencyKey": "\u{0}" }), "INVALID idempotencyKey"),
        (Submitted, "zhang", "cancelTicket", json!({ "reason": "" }), "REQUIRED reason"),
        (Submitted, "zhang", "cancelTicket", json!({ "reason": text(2001) }), "TOO_LONG reason"),
        (Submitted, "zhang", "cancelTicket", json!({ "reason": "a\u{0}" }), "INVALID reason"),
        (Submitted, "zhang", "escalateTicket", json!({ "reason": "\u{200B}" }), "REQUIRED reason"),
        (Submitted, "zhang", "rescheduleTicket", json!({ "appointment": past }), "INVALID appointment"),
        (Accepted, "agent.a", "assignTicket", json!({ "assigneeId": never(Kind::Staff) }), "NOT_FOUND assigneeId"),
        (Accepted, "agent.a", "assignTicket", json!({ "assigneeId": staff("technician.b") }), "NOT_FOUND assigneeId"),
        (
            Accepted,
            "agent.a",
            "assignTicket",
            json!({ "assigneeId": Kind::Owner.encode(app.world.owner("zhang")) }),
            "INVALID assigneeId",
        ),
        (InProgress, "technician.a", "holdTicket", json!({ "reason": " " }), "REQUIRED reason"),
        (InProgress, "technician.a", "resolveTicket", json!({ "resolution": "" }), "REQUIRED resolution"),
        (InProgress, "technician.a", "resolveTicket", json!({ "resolution": text(2001) }), "TOO_LONG resolution"),
        (InProgress, "technician.a", "resolveTicket", json!({ "costCents": -1 }), "OUT_OF_RANGE costCents"),
        (InProgress, "technician.a", "resolveTicket", json!({ "costCents": 1.5 }), "error BAD_USER_INPUT"),
        (InProgress, "technician.a", "resolveTicket", json!({ "cause": text(2001) }), "TOO_LONG cause"),
        (Resolved, "zhang", "confirmTicket", json!({ "rating": 0 }), "OUT_OF_RANGE rating"),
        (Resolved, "zhang", "confirmTicket", json!({ "rating": 6 }), "OUT_OF_RANGE rating"),
        (Resolved, "zhang", "confirmTicket", json!({ "rating": -5 }), "OUT_OF_RANGE rating"),
        (Resolved, "zhang", "confirmTicket", json!({ "note": text(2001) }), "TOO_LONG note"),
        (Resolved, "zhang", "confirmTicket", json!({ "satisfied": null }), "error BAD_USER_INPUT"),
        (Resolved, "zhang", "rejectResolution", json!({ "reason": "" }), "REQUIRED reason"),
        (Confirmed, "agent.a", "recordFollowUp", json!({ "outcome": "" }), "REQUIRED outcome"),
        (Confirmed, "zhang", "reopenTicket", json!({ "reason": "" }), "REQUIRED reason"),
    ]
}

/// Lists that must be refused: the arguments of `tickets`, and the answer.
fn bad_lists(app: &TestApp) -> Vec<(Value, &'static str)> {
    let forged = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
    let by_id = anju::page::Cursor::Id(app.world.unit("YT-101")).encode();
    let by_place = anju::page::Cursor::Seq(1).encode();
    let earliest = [[b't'].as_slice(), &(-8_300_000_000_000_000_000_i64).to_be_bytes(), &[0; 16]].concat();
    vec![
        (json!({ "first": 0 }), "first"),
        (json!({ "first": -1 }), "first"),
        (json!({ "first": 101 }), "first"),
        (json!({ "last": 0 }), "last"),
        (json!({ "last": 101 }), "last"),
        (json!({ "first": 1, "last": 1 }), "last"),
        (json!({ "after": "" }), "after"),
        (json!({ "after": "forged" }), "after"),
        (json!({ "after": text(500) }), "after"),
        (json!({ "before": by_place }), "before"),
        (json!({ "after": by_id, "orderBy": "DEADLINE_ASC" }), "after"),
        (json!({ "after": forged(&earliest), "orderBy": "DEADLINE_ASC" }), "after"),
        (json!({ "after": forged(b"i") }), "after"),
        (json!({ "after": forged(b"e\xff\xff\xff\xff\xff\xff\xff\xff") }), "after"),
        (json!({ "filter": { "statuses": vec!["CLOSED"; 21] } }), "filter.statuses"),
        (json!({ "filter": { "kinds": vec!["REPAIR"; 21] } }), "filter.kinds"),
        (json!({ "filter": { "urgencies": vec!["URGENT"; 21] } }), "filter.urgencies"),
        (json!({ "filter": { "categories": vec!["OTHER"; 21] } }), "filter.categories"),
        (json!({ "filter": { "unitId": Kind::Ticket.encode(app.world.unit("YT-101")) } }), "filter.unitId"),
        (json!({ "filter": { "projectId": "x" } }), "filter.projectId"),
        (json!({ "filter": { "assigneeId": never(Kind::Unit) } }), "filter.assigneeId"),
        (json!({ "filter": { "search": text(61) } }), "filter.search"),
        (json!({ "filter": { "search": "a\u{0}" } }), "filter.search"),
    ]
}

const LIST: &str = "query List($first: Int, $last: Int, $after: String, $before: String, $filter: TicketFilter, \
    $orderBy: TicketOrder! = CREATED_AT_DESC) { tickets(first: $first, last: $last, after: $after, before: $before, \
    filter: $filter, orderBy: $orderBy) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }";

both! {
    async fn a_report_that_does_not_fit_is_refused_by_field_and_changes_nothing(app) {
        app.report(json!({})).await;
        let before = state(&app).await;
        for (fields, expected) in bad_reports(&app) {
            let answer = app.report_as("zhang", fields.clone()).await;
            assert_eq!(answer.word(), expected, "{fields}");
        }
        assert_eq!(state(&app).await, before);
    }

    async fn an_action_that_does_not_fit_is_refused_by_field_and_changes_nothing(app) {
        let mut here = Value::Null;
        let mut last = None;
        for (status, who, operation, fields, expected) in bad_actions(&app) {
            if last != Some(status) {
                here = app.ticket_in(status, json!({})).await;
                last = Some(status);
            }
            let before = state(&app).await;
            let answer = app.act_with(who, operation, &here, fields.clone()).await;
            assert_eq!(answer.word(), expected, "{operation} {fields}");
            assert_eq!(state(&app).await, before, "{operation} {fields}");
        }
    }

    async fn a_list_that_does_not_fit_is_refused_by_argument(app) {
        app.report(json!({})).await;
        let agent = app.staff("agent.a").await;
        for (arguments, field) in bad_lists(&app) {
            let (_, answer) = agent.post(LIST, arguments.clone()).await;
            let expected = format!("error BAD_USER_INPUT {field}");
            assert_eq!(Answer::read(&answer).word(), expected, "{arguments}");
        }
    }

    async fn what_is_only_strange_is_answered(app) {
        let ticket = app.report(json!({ "title": "100%_\\ 漏水's \"; --" })).await;
        let agent = app.staff("agent.a").await;
        let found = async |search: &str| {
            let data = agent.run(LIST, json!({ "filter": { "search": search } })).await;
            data["tickets"]["totalCount"].as_i64().unwrap()
        };
        for (search, count) in [("100%_\\", 1), ("1%s", 0), ("_", 1), ("漏水's", 1), ("yt-2026", 1), ("不", 0), ("", 1)] {
            assert_eq!(found(search).await, count, "{search}");
        }
        let statuses = json!({ "filter": { "statuses": [], "unitId": never(Kind::Unit) } });
        assert_eq!(agent.run(LIST, statuses).await["tickets"]["totalCount"], 0);
        assert_eq!(app.look(&ticket).await["title"], ticket["title"]);
    }

    async fn instants_that_no_database_holds_are_refused(app) {
        let agent = app.staff("agent.a").await;
        for instant in ["-200000-01-01T00:00:00Z", "+200000-01-01T00:00:00Z", "-4800-01-01T00:00:00Z"] {
            let (_, answer) = agent.post(LIST, json!({ "filter": { "createdFrom": instant } })).await;
            assert_eq!(Answer::read(&answer).word(), "error BAD_USER_INPUT filter.createdFrom", "{instant}");
            let written = format!("{{ tickets(filter: {{ createdTo: \"{instant}\" }}) {{ totalCount }} }}");
            let (_, answer) = agent.post(&written, json!({})).await;
            assert_eq!(Answer::read(&answer).word(), "error BAD_USER_INPUT filter.createdTo", "{instant}");
        }
        let (_, answer) = agent.post(LIST, json!({ "filter": { "createdFrom": "2026-02-30T00:00:00Z" } })).await;
        assert_eq!(Answer::read(&answer).word(), "error BAD_USER_INPUT");
    }

    async fn what_staff_write_about_people_is_checked_by_field(app) {
        let owner = Kind::Owner.encode(app.world.owner("zhang"));
        let colleague = Kind::Staff.encode(app.world.staff("technician.a"));
        let contact = json!({ "ownerId": owner, "channel": "PHONE", "summary": "x" });
        let absence = json!({
            "staffId": colleague, "reason": "x", "startsAt": "2026-12-01T00:00:00Z", "endsAt": "2026-12-02T00:00:00Z",
        });
        let training = json!({ "staffId": colleague, "topic": "x", "passedOn": "2026-11-01", "expiresOn": "2027-11-01" });
        let transfer = json!({
            "fromStaffId": Kind::Staff.encode(app.world.staff("ambassador.a")),
            "toStaffId": Kind::Staff.encode(app.world.staff("ambassador.a2")),
        });
        let table = [
            ("recordInteraction", &contact, json!({ "summary": "" }), "REQUIRED summary"),
            ("recordInteraction", &contact, json!({ "summary": text(2001) }), "TOO_LONG summary"),
            ("recordInteraction", &contact, json!({ "nextFollowUpAt": app.services.now() }), "IN_THE_PAST nextFollowUpAt"),
            ("recordInteraction", &contact, json!({ "nextFollowUpAt": "+200000-01-01T00:00:00Z" }), "OUT_OF_RANGE nextFollowUpAt"),
            ("recordInteraction", &contact, json!({ "unitId": never(Kind::Unit) }), "NOT_FOUND unitId"),
            ("recordInteraction", &contact, json!({ "unitId": Kind::Unit.encode(app.world.unit("YT-102")) }), "NOT_FOUND unitId"),
            ("recordAbsence", &absence, json!({ "reason": "" }), "REQUIRED reason"),
            ("recordAbsence", &absence, json!({ "endsAt": "2026-12-01T00:00:00Z" }), "OUT_OF_RANGE endsAt"),
            ("recordAbsence", &absence, json!({ "endsAt": "2028-12-01T00:00:00Z" }), "OUT_OF_RANGE endsAt"),
            ("recordAbsence", &absence, json!({ "startsAt": "-200000-01-01T00:00:00Z" }), "OUT_OF_RANGE startsAt"),
            ("recordAbsence", &absence, json!({ "staffId": never(Kind::Staff) }), "NOT_FOUND staffId"),
            ("recordTraining", &training, json!({ "topic": "" }), "REQUIRED topic"),
            ("recordTraining", &training, json!({ "expiresOn": "2026-10-31" }), "OUT_OF_RANGE expiresOn"),
            ("recordTraining", &training, json!({ "passedOn": "-200000-01-01" }), "error BAD_USER_INPUT"),
            ("transferHouseholds", &transfer, json!({ "toStaffId": transfer["fromStaffId"] }), "NOT_AVAILABLE toStaffId"),
            ("transferHouseholds", &transfer, json!({ "toStaffId": colleague }), "NOT_AVAILABLE toStaffId"),
            ("transferHouseholds", &transfer, json!({ "fromStaffId": never(Kind::Staff) }), "NOT_FOUND fromStaffId"),
        ];
        let manager = app.staff("manager.a").await;
        for (operation, usual, said, expected) in table {
            let (first, rest) = operation.split_at(1);
            let document = format!(
                "mutation Call($input: {}{rest}Input!) {{ {operation}(input: $input) {{ userErrors {{ code field }} }} }}",
                first.to_uppercase()
            );
            let (_, answer) = manager.post(&document, json!({ "input": merged(usual.clone(), &said) })).await;
            assert_eq!(Answer::read(&answer).word(), expected, "{operation} {said}");
        }
    }
}
