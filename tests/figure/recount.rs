//! Figures of tickets, counted a second time from the log alone by rules of its own.

use std::collections::BTreeMap;

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use entity::{
    ticket_event,
    vocab::{TicketAction, TicketStatus},
};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};
use uuid::Uuid;

use super::counts;
use crate::{
    both,
    harness::{TestApp, tickets::at},
};

/// A ticket as its log tells it.
#[derive(Default, Debug)]
pub struct Tale {
    kind: String,
    urgency: String,
    created: Option<DateTime<Utc>>,
    accepted: Option<DateTime<Utc>>,
    started: Option<DateTime<Utc>>,
    resolved: Option<DateTime<Utc>>,
    confirmed: Option<DateTime<Utc>>,
    closed: Option<DateTime<Utc>>,
    cancelled: Option<DateTime<Utc>>,
    arrive_by: Option<DateTime<Utc>>,
    resolve_by: Option<DateTime<Utc>>,
    held: Option<DateTime<Utc>>,
    rejections: usize,
    valid: bool,
    satisfied: Option<bool>,
}

impl Tale {
    fn hear(&mut self, event: &ticket_event::Model) {
        let (now, details) = (event.occurred_at, event.details.clone().unwrap_or_default());
        let deadlines = |tale: &mut Self| {
            tale.resolve_by = Some(at(&details["resolveDueAt"]));
            tale.arrive_by = Some(&details["arriveDueAt"]).filter(|it| !it.is_null()).map(at);
        };
        match event.action {
            TicketAction::Create => {
                self.created = Some(now);
                self.kind = details["kind"].as_str().unwrap().to_owned();
                self.urgency = details["urgency"].as_str().unwrap().to_owned();
                let (arrive, resolve) = match (self.kind.as_str(), self.urgency.as_str()) {
                    ("COMPLAINT", _) => (None, TimeDelta::days(7)),
                    (_, "URGENT") => (Some(TimeDelta::minutes(30)), TimeDelta::hours(24)),
                    _ => (Some(TimeDelta::hours(24)), TimeDelta::hours(72)),
                };
                self.arrive_by = arrive.map(|span| now + span);
                self.resolve_by = Some(now + resolve);
            }
            TicketAction::Accept => {
                self.accepted = Some(now);
                self.urgency = details["urgency"].as_str().unwrap().to_owned();
                deadlines(self);
            }
            TicketAction::Triage => self.valid = details["verdict"] == "VALID",
            TicketAction::Start => self.started = self.started.or(Some(now)),
            TicketAction::Hold => self.held = Some(now),
            TicketAction::Resume | TicketAction::Assign | TicketAction::ReturnToQueue if self.held.take().is_some() => {
                self.resolve_by = Some(at(&details["resolveDueAt"]));
            }
            TicketAction::Resolve => self.resolved = Some(now),
            TicketAction::Reject => {
                self.resolved = None;
                self.rejections += 1;
            }
            TicketAction::Confirm => {
                self.confirmed = Some(now);
                self.satisfied = details["satisfied"].as_bool();
            }
            TicketAction::RecordFollowUp => self.closed = Some(now),
            TicketAction::Cancel => self.cancelled = Some(now),
            TicketAction::Reopen => {
                (self.started, self.resolved, self.confirmed, self.closed) = (None, None, None, None);
                self.satisfied = None;
                deadlines(self);
            }
            TicketAction::Collect => {
                self.kind = "RECTIFICATION".into();
                self.resolve_by = Some(at(&details["resolveDueAt"]));
                self.arrive_by = None;
            }
            _ => {}
        }
    }

    /// Whether the figure takes the ticket into the month, and whether it counts.
    pub fn answer(&self, key: &str, (from, to): (DateTime<Utc>, DateTime<Utc>), now: DateTime<Utc>) -> Option<bool> {
        let inside = |it: Option<DateTime<Utc>>| it.filter(|it| from <= *it && *it < to);
        let met =
            |it: Option<DateTime<Utc>>, by: Option<DateTime<Utc>>| it.is_some() && by.is_none_or(|by| it <= Some(by));
        let (repair, complaint) = (self.kind == "REPAIR", self.kind == "COMPLAINT");
        let due = |it: Option<DateTime<Utc>>| {
            let it = inside(it).filter(|it| *it < now && self.cancelled.is_none())?;
            (self.held.is_none_or(|since| since > it)).then_some(it)
        };
        let reached = self.arrive_by.is_none() || met(self.started, self.arrive_by);
        let in_time = met(self.resolved, self.resolve_by);
        match key {
            "REPAIR_TIMELINESS" if repair => due(self.resolve_by).map(|_| reached && in_time),
            "REPAIR_QUALITY" if repair => inside(self.confirmed).map(|_| self.rejections == 0),
            "FOLLOW_UP_RATE" if repair || complaint => inside(self.confirmed).map(|_| self.closed.is_some()),
            "COMPLAINT_HANDLING" if complaint && self.valid => due(self.resolve_by).map(|_| in_time),
            "COMPLAINT_SIGNOFF" if complaint => inside(self.confirmed).and(self.satisfied),
            "URGENT_REACTION" if self.urgency == "URGENT" => {
                inside(self.arrive_by).filter(|it| *it < now && self.cancelled.is_none()).map(|_| reached)
            }
            "COMPLAINT_REPLY_24H" if complaint => {
                let by = inside(self.created)? + TimeDelta::hours(24);
                match self.accepted {
                    Some(accepted) => Some(accepted <= by),
                    None => (self.cancelled.unwrap_or(now) > by).then_some(false),
                }
            }
            _ => None,
        }
    }
}

async fn tales(app: &TestApp) -> Vec<Tale> {
    let log = ticket_event::Entity::find().order_by_asc(ticket_event::Column::Seq);
    told(&log.all(app.services.db.reader()).await.unwrap())
}

/// The tickets that a log tells of, in its order.
pub fn told(log: &[ticket_event::Model]) -> Vec<Tale> {
    let mut tales: BTreeMap<Uuid, Tale> = BTreeMap::new();
    for event in log {
        tales.entry(event.ticket_id).or_default().hear(event);
    }
    tales.into_values().collect()
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    async fn wait(&mut self, app: &TestApp, hours: u64) {
        app.pass(TimeDelta::minutes(i64::try_from(self.below(hours * 60)).unwrap())).await;
    }
}

/// One ticket with a fate of its own, some left half way.
async fn live(app: &TestApp, dice: &mut Dice, number: u64) {
    let kind = if number.is_multiple_of(3) { "COMPLAINT" } else { "REPAIR" };
    let urgency = if number % 4 == 1 { "URGENT" } else { "NORMAL" };
    let ticket = app.report(json!({ "kind": kind, "urgency": urgency })).await;
    dice.wait(app, if urgency == "URGENT" { 1 } else { 36 }).await;
    if dice.below(6) == 0 {
        app.act("zhang", "cancelTicket", &ticket).await.ticket();
        return;
    }
    app.act_with("agent.a", "acceptTicket", &ticket, json!({ "urgency": urgency })).await.ticket();
    if kind == "COMPLAINT" {
        let verdict = if dice.below(3) == 0 { "INVALID" } else { "VALID" };
        app.act_with("agent.a", "triageTicket", &ticket, json!({ "verdict": verdict })).await.ticket();
    }
    app.act("agent.a", "assignTicket", &ticket).await.ticket();
    dice.wait(app, if urgency == "URGENT" { 1 } else { 40 }).await;
    app.act("technician.a", "startTicket", &ticket).await.ticket();
    if dice.below(3) == 0 {
        app.act("technician.a", "holdTicket", &ticket).await.ticket();
        dice.wait(app, 90).await;
        if dice.below(4) == 0 {
            return;
        }
        app.act("technician.a", "resumeTicket", &ticket).await.ticket();
    }
    dice.wait(app, 60).await;
    finish(app, dice, &ticket).await;
}

async fn finish(app: &TestApp, dice: &mut Dice, ticket: &Value) {
    let told = json!({ "cause": "施工", "explanation": "已向客户说明" });
    app.act_with("technician.a", "resolveTicket", ticket, told.clone()).await.ticket();
    if dice.below(3) == 0 {
        app.act("zhang", "rejectResolution", ticket).await.ticket();
        dice.wait(app, 20).await;
        app.act_with("technician.a", "resolveTicket", ticket, told).await.ticket();
    }
    dice.wait(app, 100).await;
    if app.row(ticket).await.status == TicketStatus::Resolved {
        let satisfied = dice.below(3) > 0;
        app.act_with("zhang", "confirmTicket", ticket, json!({ "satisfied": satisfied })).await.ticket();
    }
    dice.wait(app, 30).await;
    if dice.below(2) == 0 {
        app.act("agent.a", "recordFollowUp", ticket).await.ticket();
    }
}

pub const KEYS: &[&str] = &[
    "REPAIR_TIMELINESS",
    "REPAIR_QUALITY",
    "FOLLOW_UP_RATE",
    "COMPLAINT_HANDLING",
    "COMPLAINT_REPLY_24H",
    "COMPLAINT_SIGNOFF",
    "URGENT_REACTION",
];

both! {
    async fn s13_figures_of_tickets_equal_a_recount_from_the_log(app) {
        let mut dice = Dice(7);
        for number in 0..18 {
            live(&app, &mut dice, number).await;
        }
        let (tales, now) = (tales(&app).await, app.services.now());
        assert!(now > at(&json!("2026-12-10T00:00:00Z")), "the lives go over the end of a month");
        let mut seen: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
        let mut first: NaiveDate = "2026-11-01".parse().unwrap();
        while first.and_hms_opt(0, 0, 0).unwrap().and_utc() < now {
            let next = first + Months::new(1);
            // Shanghai is eight hours ahead and has no summer time.
            let bound = |day: NaiveDate| day.and_hms_opt(0, 0, 0).unwrap().and_utc() - TimeDelta::hours(8);
            for key in KEYS {
                let answers: Vec<bool> =
                    tales.iter().filter_map(|tale| tale.answer(key, (bound(first), bound(next)), now)).collect();
                let counted = answers.iter().filter(|counted| **counted).count();
                let month = first.format("%Y-%m").to_string();
                assert_eq!(counts(&app, key, json!({ "month": month })).await, (json!(counted), json!(answers.len())), "{key} {month}");
                let total = seen.entry(*key).or_default();
                *total = (total.0 + counted as i64, total.1 + answers.len() as i64);
            }
            first = next;
        }
        // The lives were varied enough for the comparison to mean something.
        assert!(seen.values().all(|(_, all)| *all > 0), "{seen:?}");
        assert!(seen.values().filter(|(counted, all)| counted < all && *counted > 0).count() >= 4, "{seen:?}");
    }
}
