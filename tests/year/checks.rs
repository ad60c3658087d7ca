//! What must hold whatever the year brings, counted from plain rows and from the log by rules of their own.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use entity::{frozen_figure, ticket_event, unit, vocab::TicketAction, warranty_item, warranty_notice};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, QueryOrder, Statement};
use serde_json::Value;
use uuid::Uuid;

use super::{life::Life, town::Town};
use crate::{
    figure::recount::{KEYS, told},
    harness::tickets::at,
};

/// A statement that finds what must not be, and what that would mean.
const NEVER: &[(&str, &str)] = &[
    ("a customer asked twice about one thing in one campaign",
     "SELECT 1 FROM survey_invitations WHERE subject_id IS NOT NULL GROUP BY campaign_id, subject_id HAVING COUNT(*) > 1"),
    ("a customer asked twice for one cohort",
     "SELECT 1 FROM survey_invitations WHERE cohort_month IS NOT NULL AND owner_id IS NOT NULL AND kind <> 'RECTIFICATION'
      GROUP BY project_id, kind, cohort_month, owner_id, unit_id HAVING COUNT(*) > 1"),
    ("two campaigns of one cohort",
     "SELECT 1 FROM survey_campaigns GROUP BY project_id, kind, cohort HAVING COUNT(*) > 1"),
    ("two notices of one warranty",
     "SELECT 1 FROM warranty_notices GROUP BY item_id HAVING COUNT(*) > 1"),
    ("a warranty noticed without a notice, or the other way around",
     "SELECT 1 FROM warranty_items i LEFT JOIN warranty_notices n ON n.item_id = i.id
      WHERE (i.noticed_at IS NULL) <> (n.id IS NULL)"),
    ("two ambassadors of one household",
     "SELECT 1 FROM ambassador_assignments WHERE ended_at IS NULL GROUP BY unit_id HAVING COUNT(*) > 1"),
    ("two ambassadors of one household at one time",
     "SELECT 1 FROM ambassador_assignments a JOIN ambassador_assignments b ON b.unit_id = a.unit_id AND b.id > a.id
      WHERE a.started_at < COALESCE(b.ended_at, 'infinity') AND b.started_at < COALESCE(a.ended_at, 'infinity')"),
    ("a customer told twice by one bulletin",
     "SELECT 1 FROM bulletin_deliveries GROUP BY bulletin_id, owner_id HAVING COUNT(*) > 1"),
    ("an owner without a bulletin of the area that was news when the home was bought",
     "SELECT 1 FROM bulletins b JOIN units u ON u.project_id = b.project_id
      JOIN contracts c ON c.unit_id = u.id AND c.signed_on <= b.published_at + INTERVAL '29 days'
      JOIN ownerships o ON o.unit_id = u.id AND o.ended_on IS NULL
      WHERE b.kind = 'FEES' AND NOT EXISTS (
          SELECT 1 FROM bulletin_deliveries d WHERE d.bulletin_id = b.id AND d.owner_id = o.owner_id)"),
    ("somebody waiting before a free seat, or behind a later seat",
     "SELECT 1 FROM activity_registrations w JOIN activities a ON a.id = w.activity_id
      WHERE w.status = 'WAITLISTED' AND (
          (SELECT COUNT(*) FROM activity_registrations s WHERE s.activity_id = a.id AND s.status = 'REGISTERED') < a.capacity
          OR EXISTS (SELECT 1 FROM activity_registrations s
                     WHERE s.activity_id = a.id AND s.status = 'REGISTERED' AND s.place > w.place))"),
    ("more seats than there are",
     "SELECT 1 FROM activities a WHERE a.capacity <
      (SELECT COUNT(*) FROM activity_registrations s WHERE s.activity_id = a.id AND s.status = 'REGISTERED')"),
    ("a month closed twice",
     "SELECT 1 FROM frozen_figures GROUP BY project_id, month, key HAVING COUNT(*) > 1"),
    ("two owners by contract of one home",
     "SELECT 1 FROM contracts WHERE status IN ('SIGNED', 'HANDED_OVER') GROUP BY unit_id HAVING COUNT(*) > 1"),
];

async fn rows(town: &Town, sql: &str) -> usize {
    let statement = Statement::from_string(sea_orm::DbBackend::Postgres, sql);
    town.first.services.db.reader().query_all_raw(statement).await.unwrap().len()
}

async fn count(town: &Town, what: &str) -> i64 {
    #[derive(FromQueryResult)]
    struct Count {
        count: i64,
    }
    let sql = format!("SELECT COUNT(*) AS count FROM {what}");
    let statement = Statement::from_string(sea_orm::DbBackend::Postgres, sql);
    Count::find_by_statement(statement).one(town.first.services.db.reader()).await.unwrap().unwrap().count
}

async fn log(town: &Town) -> Vec<ticket_event::Model> {
    let log = ticket_event::Entity::find().order_by_asc(ticket_event::Column::Seq);
    log.all(town.first.services.db.reader()).await.unwrap()
}

/// What must hold at any time.
pub async fn promises(town: &Town) {
    for (what, sql) in NEVER {
        assert_eq!(rows(town, sql).await, 0, "{what}");
    }
    noticed(town).await;
    clocks(&log(town).await);
}

/// Everybody whose warranty ends in two months or sooner was told.
async fn noticed(town: &Town) {
    let db = town.first.services.db.reader();
    let today = (town.first.services.now() + TimeDelta::hours(8)).date_naive();
    for item in warranty_item::Entity::find().all(db).await.unwrap() {
        if today <= item.expires_on && item.expires_on - Months::new(2) <= today {
            assert!(item.noticed_at.is_some(), "nobody was told of {item:?}");
        }
    }
}

/// One round of a ticket's life as its log tells it.
#[derive(Default)]
struct Round {
    seen: HashSet<TicketAction>,
    breaches: usize,
    escalations: usize,
    arrive_by: Option<DateTime<Utc>>,
    resolve_by: Option<DateTime<Utc>>,
    held: Option<DateTime<Utc>>,
    is_started: bool,
}

/// Every breach is on record once and escalated once, none while a clock stood still, and what came late is on record.
fn clocks(log: &[ticket_event::Model]) {
    let mut rounds: HashMap<Uuid, Round> = HashMap::new();
    for event in log {
        let round = rounds.entry(event.ticket_id).or_default();
        let (now, details) = (event.occurred_at, event.details.clone().unwrap_or_default());
        match event.action {
            TicketAction::RespondBreached | TicketAction::ArriveBreached | TicketAction::ResolveBreached => {
                assert!(round.held.is_none(), "a clock ran while on hold: {event:?}");
                assert!(round.seen.insert(event.action), "a second breach: {event:?}");
                assert!(at(&details["dueAt"]) < now, "too early: {event:?}");
                round.breaches += 1;
            }
            TicketAction::Escalate if details["because"] == "BREACH" => round.escalations += 1,
            TicketAction::Reopen => {
                // A new round of work, with clocks of its own.
                round.seen.retain(|action| *action == TicketAction::RespondBreached);
                (round.held, round.is_started) = (None, false);
            }
            TicketAction::Hold => round.held = Some(now),
            TicketAction::Resume | TicketAction::Assign | TicketAction::ReturnToQueue => {
                if let Some(held) = round.held.take() {
                    let by = round.resolve_by.unwrap() + (now - held);
                    assert_eq!(at(&details["resolveDueAt"]), by, "a clock ran while on hold: {event:?}");
                }
            }
            TicketAction::Start if !round.is_started => {
                round.is_started = true;
                let is_late = round.arrive_by.is_some_and(|by| now > by);
                assert!(
                    !is_late || round.seen.contains(&TicketAction::ArriveBreached),
                    "late, not on record: {event:?}"
                );
            }
            TicketAction::Resolve => {
                let is_late = round.resolve_by.is_some_and(|by| now > by);
                assert!(
                    !is_late || round.seen.contains(&TicketAction::ResolveBreached),
                    "late, not on record: {event:?}"
                );
            }
            _ => {}
        }
        if let Some(by) = details.get("resolveDueAt") {
            round.resolve_by = Some(at(by));
        }
        if let Some(by) = details.get("arriveDueAt") {
            round.arrive_by = Some(by).filter(|by| !by.is_null()).map(at);
        }
    }
    for (ticket, round) in rounds {
        assert_eq!(round.breaches, round.escalations, "breaches and escalations of {ticket}");
    }
}

/// The figures of every closed month are what the log and the rows say of it.
pub async fn figures(town: &Town) {
    let db = town.first.services.db.reader();
    let log = log(town).await;
    let frozen = frozen_figure::Entity::find().all(db).await.unwrap();
    let months: HashSet<NaiveDate> = frozen.iter().map(|figure| figure.month).collect();
    assert_eq!(months.len(), 11, "a year that begins in February closes eleven months");
    let mut tales = BTreeMap::new();
    let mut varied = 0;
    for figure in &frozen {
        let period = (midnight(figure.month), midnight(figure.month + Months::new(1)));
        let Value::String(key) = serde_json::to_value(figure.key).unwrap() else { panic!("a key is a word") };
        let told = tales.entry(figure.month).or_insert_with(|| {
            let until = log.iter().filter(|event| event.occurred_at <= figure.frozen_at).cloned().collect::<Vec<_>>();
            told(&until)
        });
        let recounted = if KEYS.contains(&key.as_str()) {
            let answers: Vec<bool> =
                told.iter().filter_map(|tale| tale.answer(&key, period, figure.frozen_at)).collect();
            let counted = answers.iter().filter(|counted| **counted).count();
            (i64::try_from(counted).unwrap(), i64::try_from(answers.len()).unwrap())
        } else {
            let Some(recounted) = plain(town, &key, figure.month, period).await else { continue };
            recounted
        };
        assert_eq!((figure.numerator, figure.denominator), recounted, "{key} of {}", figure.month);
        varied += usize::from(figure.numerator < figure.denominator && figure.numerator > 0);
    }
    assert!(varied > 20, "only {varied} figures are neither nothing nor all");
}

/// Shanghai is eight hours ahead and has no summer time.
fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(0, 0, 0).unwrap().and_utc() - TimeDelta::hours(8)
}

/// A figure that is not about tickets, from plain rows.
async fn plain(
    town: &Town,
    key: &str,
    month: NaiveDate,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Option<(i64, i64)> {
    let db = town.first.services.db.reader();
    match key {
        "SATISFACTION_INDEX" => {
            let ratings = format!(
                "survey_answers a JOIN survey_invitations i ON i.id = a.invitation_id
                 JOIN survey_questions q ON q.id = a.question_id AND q.kind = 'RATING'
                 WHERE i.status = 'SUBMITTED' AND i.submitted_at >= '{from}' AND i.submitted_at < '{to}'
                 AND a.number IS NOT NULL"
            );
            Some((count(town, &format!("{ratings} AND a.number >= 4")).await, count(town, &ratings).await))
        }
        "TRAINING_RATE" => {
            let staff = count(town, "staff WHERE role IN ('AMBASSADOR', 'TECHNICIAN', 'SERVICE_AGENT')").await;
            Some((staff, staff))
        }
        "WARRANTY_NOTICE_COVERAGE" => {
            let items = warranty_item::Entity::find().all(db).await.unwrap();
            let notices = warranty_notice::Entity::find().all(db).await.unwrap();
            let told: HashSet<Uuid> = notices.iter().map(|notice| notice.item_id).collect();
            let due = items.iter().filter(|item| {
                let on = item.expires_on - Months::new(2);
                month <= on && on < month + Months::new(1)
            });
            let due: Vec<_> = due.collect();
            let told = due.iter().filter(|item| told.contains(&item.id)).count();
            Some((i64::try_from(told).unwrap(), i64::try_from(due.len()).unwrap()))
        }
        "SAFETY_INCIDENTS" | "FIRE_INCIDENTS" | "EQUIPMENT_INCIDENTS" => Some((0, 0)),
        _ => None,
    }
}

/// The year was lively enough for all this to mean something.
pub async fn enough_happened(town: &Town, life: &Life) {
    let db = town.first.services.db.reader();
    let homes = unit::Entity::find().all(db).await.unwrap();
    assert!(homes.len() >= 300);
    assert!(life.sold > 50 && life.handed_over > 30, "{} sold, {} handed over", life.sold, life.handed_over);
    assert!(life.answered > 30, "{} answered", life.answered);
    for (what, least) in [
        ("tickets", 150),
        ("ticket_events WHERE action = 'RESOLVE_BREACHED'", 10),
        ("ticket_events WHERE action = 'RESUME'", 10),
        ("ticket_events WHERE action = 'RETURN_TO_QUEUE'", 1),
        ("ticket_events WHERE action = 'REOPEN'", 3),
        ("warranty_notices", 50),
        ("survey_campaigns", 36),
        ("activity_registrations WHERE status = 'WAITLISTED'", 5),
        ("activity_registrations WHERE promoted_at IS NOT NULL", 5),
        ("activity_registrations WHERE reminded_at IS NOT NULL", 50),
        ("area_transfers WHERE applied_at IS NOT NULL", 2),
        ("bulletin_deliveries", 250),
        ("inspections", 50),
    ] {
        let found = count(town, what).await;
        assert!(found >= least, "{found} {what}");
    }
}
