//! What holds for any ticket, whatever is done to it and whenever: random walks of commands with random pauses.

use chrono::{DateTime, TimeDelta, Utc};
use entity::vocab::{TicketAction, TicketKind, TicketStatus, Triage, Urgency};
use proptest::prelude::*;
use serde_json::json;

use crate::domain::deadline::{DeadlinePolicy, default_minutes};

use super::sample::*;
use super::*;

const MOMENT: TimeDelta = TimeDelta::microseconds(1);

/// One move of a walk: which command, only among the legal ones or not, after how long a pause in seconds.
type Move = (usize, bool, i64);

/// Commands at `now`: every sample, those that differ by urgency or verdict, and one with bad content.
fn commands(now: DateTime<Utc>) -> Vec<Command> {
    let answered = Command::Resolve {
        resolution: "已处理".to_owned(),
        cost_cents: Some(12_00),
        cause: Some("材料老化".to_owned()),
        explanation: Some("已向业主说明".to_owned()),
        department: None,
    };
    let mut all = every_command(now);
    all.extend([accept(Urgency::Urgent), triage(Triage::Valid), Command::Hold { reason: " ".to_owned() }]);
    // What leads on is chosen more often, so that walks come round.
    for onward in [accept(Urgency::Normal), started(), resolve(), answered, reject(), resume()] {
        all.extend(vec![onward; 5]);
    }
    all
}

fn choose(state: &TicketState, now: DateTime<Utc>, pick: usize, only_legal: bool) -> Command {
    let mut all = commands(now);
    // A cancelled ticket has no legal command left; then any will do to be refused. Nor do all walks end so soon.
    let goes_on =
        |command: &Command| target(state.status, command.action()).is_some_and(|to| to != TicketStatus::Cancelled);
    if only_legal && all.iter().any(goes_on) {
        all.retain(goes_on);
    }
    all.swap_remove(pick % all.len())
}

fn any_walk() -> impl Strategy<Value = Vec<Move>> {
    let pause = prop_oneof![0i64..60, 0i64..7200, 0i64..300_000];
    proptest::collection::vec((0usize..1000, proptest::bool::weighted(0.9), pause), 0..100)
}

fn any_ticket() -> impl Strategy<Value = TicketState> {
    let (kinds, urgencies) = (TicketKind::ALL, Urgency::ALL);
    (proptest::sample::select(kinds), proptest::sample::select(urgencies))
        .prop_map(|(kind, urgency)| submitted(kind, urgency))
}

/// By the wall clock, or by an office's working time.
fn policy(kind: TicketKind, urgency: Urgency, in_working_time: bool) -> DeadlinePolicy {
    let day = json!([{"from": "09:00", "to": "12:00"}, {"from": "13:00", "to": "18:00"}]);
    let calendar = json!({"timeZone": "Asia/Shanghai", "weekly": [day, day, day, day, day, [], []]});
    let calendar = in_working_time.then(|| serde_json::from_value(calendar).unwrap());
    DeadlinePolicy::new(default_minutes(kind, urgency), calendar).unwrap()
}

fn act(state: &TicketState, command: &Command, now: DateTime<Utc>) -> Result<Step, Refusal> {
    step(state, command, &policy(state.kind, command.urgency(state), false), now)
}

/// The deadlines that a status leaves running, said a second time from the product's words.
fn missed(state: &TicketState, now: DateTime<Utc>) -> Vec<TicketAction> {
    let is = |names: &str| names.split(' ').any(|name| name == format!("{:?}", state.status));
    let mut missed = vec![];
    if is("Submitted") && state.respond_breached_at.is_none() && state.respond_due_at < now {
        missed.push(TicketAction::RespondBreached);
    }
    let awaited = is("Submitted Accepted Assigned") && state.started_at.is_none();
    if awaited && state.arrive_breached_at.is_none() && state.arrive_due_at.is_some_and(|due| due < now) {
        missed.push(TicketAction::ArriveBreached);
    }
    if is("Submitted Accepted Assigned InProgress") && state.resolve_breached_at.is_none() && state.resolve_due_at < now
    {
        missed.push(TicketAction::ResolveBreached);
    }
    missed.sort();
    missed
}

fn breaches(events: &[Happening]) -> Vec<TicketAction> {
    let is_breach = |event: &&Happening| matches!(event.details, Details::Breach { .. });
    let mut breaches: Vec<_> = events.iter().filter(is_breach).map(|event| event.action).collect();
    breaches.sort();
    breaches
}

fn count(events: &[Happening], action: TicketAction) -> usize {
    events.iter().filter(|event| event.action == action).count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_walk_loses_no_breach_and_counts_every_escalation(ticket in any_ticket(), walk in any_walk()) {
        let (mut state, mut now, mut log) = (ticket, start(), vec![]);
        let mut asked = 0;
        for (pick, only_legal, pause) in walk {
            now += TimeDelta::seconds(pause);
            let command = choose(&state, now, pick, only_legal);
            let expected = missed(&state, now);
            let legal = target(state.status, command.action()).is_some();
            match act(&state, &command, now) {
                Ok(step) => {
                    prop_assert!(legal, "{:?} in {:?}", command, state.status);
                    prop_assert_eq!(Ok(step.clone()), act(&state, &command, now), "the same question, another answer");
                    prop_assert_eq!(breaches(&step.events), expected);
                    prop_assert_eq!(step.events.first().unwrap().from, Some(state.status));
                    prop_assert_eq!(step.events.last().unwrap().to, step.state.status);
                    asked += usize::from(command.action() == TicketAction::Escalate);
                    state = step.state;
                    log.extend(step.events);
                }
                Err(_) => {
                    let caught = clock::overdue(&state, now);
                    prop_assert_eq!(breaches(&caught.events), expected);
                }
            }
            prop_assert_eq!(state.held_since.is_some(), state.status == TicketStatus::OnHold);
        }
        // From the report on the log is one way, without a gap.
        prop_assert!(log.first().is_none_or(|first| first.from == Some(TicketStatus::Submitted)));
        prop_assert!(log.windows(2).all(|pair| pair[1].from == Some(pair[0].to)), "{:?}", log);
        prop_assert_eq!(log.last().map_or(TicketStatus::Submitted, |last| last.to), state.status);
        let rounds = 1 + count(&log, TicketAction::Reopen);
        let breached = breaches(&log);
        for (action, most) in [
            (TicketAction::RespondBreached, 1),
            (TicketAction::ArriveBreached, rounds),
            (TicketAction::ResolveBreached, rounds),
        ] {
            prop_assert!(breached.iter().filter(|breach| **breach == action).count() <= most, "{:?} twice", action);
        }
        let third_reject = usize::from(count(&log, TicketAction::Reject) >= 3);
        prop_assert_eq!(state.escalation_level as usize, breached.len() + asked + third_reject);
        prop_assert_eq!(count(&log, TicketAction::Escalate), breached.len() + asked + third_reject);
    }

    #[test]
    fn a_job_that_never_ran_changes_nothing(ticket in any_ticket(), walk in any_walk(), ticks in 500i64..50_000) {
        let (mut eager, mut lazy, mut now) = (ticket.clone(), ticket, start());
        let (mut eager_log, mut lazy_log) = (vec![], vec![]);
        for (pick, only_legal, pause) in walk {
            let until = now + TimeDelta::seconds(pause);
            while now < until {
                let caught = clock::overdue(&eager, now);
                eager = caught.state;
                eager_log.extend(caught.events);
                now += TimeDelta::seconds(ticks);
            }
            now = until;
            let command = choose(&lazy, now, pick, only_legal);
            let (with_job, without) = (act(&eager, &command, now), act(&lazy, &command, now));
            prop_assert_eq!(with_job.is_ok(), without.is_ok());
            if let (Ok(with_job), Ok(without)) = (with_job, without) {
                (eager, lazy) = (with_job.state, without.state);
                eager_log.extend(with_job.events);
                lazy_log.extend(without.events);
                prop_assert_eq!(&eager, &lazy);
                prop_assert_eq!(&eager_log, &lazy_log);
            }
        }
    }

    #[test]
    fn the_next_check_finds_something_and_nothing_comes_before_it(ticket in any_ticket(), walk in any_walk()) {
        let (mut state, mut now) = (ticket, start());
        for (pick, only_legal, pause) in walk {
            now += TimeDelta::seconds(pause);
            if let Ok(step) = act(&state, &choose(&state, now, pick, only_legal), now) {
                state = step.state;
            }
            match next_check_at(&state) {
                Some(at) => {
                    prop_assert!(!catch_up(&state, at + MOMENT).events.is_empty());
                    prop_assert!(catch_up(&state, at - MOMENT).events.is_empty());
                }
                None => prop_assert!(catch_up(&state, now + TimeDelta::days(4000)).events.is_empty()),
            }
            let caught = catch_up(&state, now).state;
            prop_assert!(catch_up(&caught, now).events.is_empty());
        }
    }

    #[test]
    fn a_hold_of_any_length_leaves_the_time_that_was_left(
        urgency in proptest::sample::select(&[Urgency::Urgent, Urgency::Normal][..]),
        in_working_time: bool, worked in 0i64..500_000, held in 0i64..5_000_000, checked in 0i64..5_000_000,
        end in 0usize..3,
    ) {
        let policy = policy(TicketKind::Repair, urgency, in_working_time);
        let new = report(TicketKind::Repair, urgency);
        let mut state = create(&new, &policy, start()).unwrap().step.state;
        let from = start() + TimeDelta::seconds(worked);
        let to = from + TimeDelta::seconds(held);
        for command in [accept(urgency), assign(1), started()] {
            state = step(&state, &command, &policy, start()).unwrap().state;
        }
        let on_hold = step(&state, &hold(), &policy, from).unwrap().state;
        prop_assert!(catch_up(&on_hold, from + TimeDelta::seconds(checked)).events.is_empty());
        let end = [resume(), assign(2), return_to_queue()][end].clone();
        let after = step(&on_hold, &end, &policy, to).unwrap().state;
        prop_assert_eq!(policy.elapsed(from, state.resolve_due_at), policy.elapsed(to, after.resolve_due_at));
        prop_assert_eq!(after.resolve_breached_at.is_some(), from > state.resolve_due_at);
        prop_assert_eq!(after.held_seconds, held);
    }

    #[test]
    fn what_is_illegal_is_refused_for_any_ticket(ticket in any_ticket(), walk in any_walk(), pick in 0usize..1000) {
        let (mut state, mut now) = (ticket, start());
        for (pick, only_legal, pause) in walk {
            now += TimeDelta::seconds(pause);
            state = act(&state, &choose(&state, now, pick, only_legal), now).map_or(state, |step| step.state);
        }
        let command = choose(&state, now, pick, false);
        let (action, status) = (command.action(), state.status);
        if allowed_actions(status).all(|allowed| allowed != action) {
            prop_assert_eq!(act(&state, &command, now), Err(Refusal::IllegalTransition { action, status }));
        }
    }
}
