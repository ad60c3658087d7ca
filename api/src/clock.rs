//! The only door to the system's time and to random numbers: the clock, its hand-driven twin, and new ids.
//! Nothing here knows what the time or an id is for.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use tokio::sync::watch;
use tokio::time::Instant;
use uuid::{Builder, Uuid};

/// What time it is, and a way to wait for a time.
#[async_trait]
pub trait Clock: Send + Sync + 'static {
    /// The present instant in UTC. PostgreSQL keeps microseconds, so nothing finer is ever handed out: what was written
    /// compares equal to what is read back.
    fn now(&self) -> DateTime<Utc>;

    /// Returns once `now()` has reached `instant`, at once if it has already.
    async fn sleep_until(&self, instant: DateTime<Utc>);

    /// Waits for a span of this clock's time: what a job does between two rounds. A clock that is set back meanwhile makes
    /// nobody wait until it has caught up.
    async fn sleep(&self, span: TimeDelta);
}

/// The computer's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

/// The longest single nap. The wall clock may be set forward while a job sleeps, and timers would not notice.
const LONGEST_NAP: TimeDelta = TimeDelta::seconds(30);

#[async_trait]
impl Clock for SystemClock {
    // The one place that reads the system clock.
    #[allow(clippy::disallowed_methods)]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }

    async fn sleep_until(&self, instant: DateTime<Utc>) {
        while let Ok(nap) = (instant - self.now()).min(LONGEST_NAP).to_std() {
            if nap.is_zero() {
                return;
            }
            tokio::time::sleep(nap).await;
        }
    }

    async fn sleep(&self, span: TimeDelta) {
        let (begun, start) = (Instant::now(), self.now());
        while let Some(nap) = next_nap(span, TimeDelta::from_std(begun.elapsed()).unwrap_or(span), self.now() - start) {
            tokio::time::sleep(nap).await;
        }
    }
}

/// How long to sleep on; none when the span is over, by the time that really passed or by that of the clock, which may
/// have been set forward or back.
fn next_nap(span: TimeDelta, passed: TimeDelta, by_clock: TimeDelta) -> Option<Duration> {
    let nap = (span - passed.max(by_clock)).min(LONGEST_NAP).to_std().ok()?;
    (!nap.is_zero()).then_some(nap)
}

/// A clock that moves only when told to, for tests and simulations. Moving it wakes whoever sleeps until then.
#[derive(Debug)]
pub struct ManualClock {
    now: watch::Sender<DateTime<Utc>>,
}

impl ManualClock {
    /// A clock standing at `start`.
    pub fn new(start: DateTime<Utc>) -> ManualClock {
        ManualClock { now: watch::Sender::new(start.trunc_subsecs(6)) }
    }

    /// Puts the hands at `instant`, which may lie in the past.
    pub fn set(&self, instant: DateTime<Utc>) {
        self.now.send_replace(instant.trunc_subsecs(6));
    }

    /// Moves the hands by `span` and says what time it is then.
    pub fn advance(&self, span: TimeDelta) -> DateTime<Utc> {
        self.now.send_modify(|now| *now = (*now + span).trunc_subsecs(6));
        self.now()
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.borrow()
    }

    async fn sleep_until(&self, instant: DateTime<Utc>) {
        // The sender lives in self, so the channel cannot close while anyone waits on it.
        let _ = self.now.subscribe().wait_for(|now| *now >= instant).await;
    }

    async fn sleep(&self, span: TimeDelta) {
        let mut hands = self.now.subscribe();
        let start = *hands.borrow();
        // Set back, the hands no longer tell how much has passed.
        let _ = hands.wait_for(|now| *now >= start + span || *now < start).await;
    }
}

/// Makes row ids: UUIDs of version 7 that sort by the instant they were given, to the quarter of a microsecond, and
/// within one instant by the order in which they were asked for.
///
/// The order comes from a counter that never goes back, not from remembering the last instant: a simulation or a clock
/// that was set back still gets ids that say the time it asked for.
#[derive(Debug)]
pub struct Ids {
    counter: AtomicU32,
}

impl Ids {
    /// A maker of ids. Each server starts its counter at a place of its own, so that two of them do not collide.
    pub fn new() -> Ids {
        Ids {
            // The top bits stay clear: the counter has half its room to climb before it wraps.
            counter: AtomicU32::new(u32::from_be_bytes(random_bytes()) >> 3),
        }
    }

    /// A fresh id for something that happens at `now`.
    pub fn new_id(&self, now: DateTime<Utc>) -> Uuid {
        let micros = u64::try_from(now.timestamp_micros()).unwrap_or(0);
        // RFC 9562, section 6.2, method 3: the part of the millisecond, in 4096ths.
        let fraction = u16::try_from(micros % 1000 * 4096 / 1000).expect("a part below 4096");
        let count = self.counter.fetch_add(1, Ordering::Relaxed) & 0x3fff_ffff;

        let mut tail = [0; 10];
        tail[..2].copy_from_slice(&fraction.to_be_bytes());
        tail[2..6].copy_from_slice(&count.to_be_bytes());
        tail[6..].copy_from_slice(&random_bytes::<4>());
        Builder::from_unix_timestamp_millis(micros / 1000, &tail).into_uuid()
    }
}

/// What lies below every id made at an instant or later, and above most made before.
pub fn ids_since(instant: DateTime<Utc>) -> Uuid {
    let millis = u64::try_from(instant.timestamp_millis()).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}

impl Default for Ids {
    fn default() -> Ids {
        Ids::new()
    }
}

/// Bytes from the cryptographic source.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// So many decimal digits from the cryptographic source, each as likely as any other: for one-time codes.
pub fn random_digits(count: usize) -> String {
    let mut digits = String::with_capacity(count);
    while digits.len() < count {
        let [byte] = random_bytes::<1>();
        // 250 is the largest multiple of ten in a byte; what lies above it would favour the small digits.
        if byte < 250 {
            digits.push(char::from(b'0' + byte % 10));
        }
    }
    digits
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Arc;

    use super::*;

    fn noon() -> DateTime<Utc> {
        "2026-11-23T12:00:00.123456Z".parse().unwrap()
    }

    #[test]
    fn clocks_hand_out_whole_microseconds() {
        assert_eq!(SystemClock.now().timestamp_subsec_nanos() % 1000, 0);
        let clock = ManualClock::new(noon() + TimeDelta::nanoseconds(789));
        assert_eq!(clock.now(), noon());
        assert_eq!(clock.advance(TimeDelta::nanoseconds(1999)), noon() + TimeDelta::microseconds(1));
    }

    #[test]
    fn ids_made_since_an_instant_lie_above_its_bound() {
        let (ids, bound) = (Ids::new(), ids_since(noon()));
        assert!(ids.new_id(noon()) > bound && ids.new_id(noon() + TimeDelta::days(1)) > bound);
        assert!(ids.new_id(noon() - TimeDelta::milliseconds(1)) < bound);
    }

    #[tokio::test]
    async fn a_manual_clock_wakes_its_sleepers_when_their_time_has_come() {
        let clock = Arc::new(ManualClock::new(noon()));
        let mut sleep = std::pin::pin!(clock.sleep(TimeDelta::minutes(10)));
        let asleep = async |sleep: &mut _| tokio::time::timeout(Duration::ZERO, sleep).await.is_err();
        assert!(asleep(&mut sleep).await);
        clock.advance(TimeDelta::minutes(9));
        assert!(asleep(&mut sleep).await);
        clock.advance(TimeDelta::minutes(1));
        sleep.await;
    }

    #[test]
    fn a_span_is_over_when_it_has_passed_whatever_the_clock_was_set_to() {
        let [zero, second, minute] = [TimeDelta::zero(), TimeDelta::seconds(1), TimeDelta::minutes(1)];
        let hour = TimeDelta::hours(1);
        let table = [
            (minute, zero, zero, Some(30)),
            (minute, TimeDelta::seconds(40), TimeDelta::seconds(40), Some(20)),
            (minute, second, hour, None),
            (minute, minute, minute - hour, None),
            (minute, second, second - hour, Some(30)),
            (minute, TimeDelta::seconds(59), -hour * 24, Some(1)),
            (zero, zero, zero, None),
        ];
        for (span, passed, by_clock, expected) in table {
            assert_eq!(next_nap(span, passed, by_clock), expected.map(Duration::from_secs), "{passed} {by_clock}");
        }
    }

    #[tokio::test]
    async fn a_clock_that_is_set_back_holds_nobody_up_who_waits_for_a_span() {
        let clock = ManualClock::new(noon());
        let mut sleep = std::pin::pin!(clock.sleep(TimeDelta::seconds(5)));
        assert!(tokio::time::timeout(Duration::ZERO, &mut sleep).await.is_err());
        clock.set(noon() - TimeDelta::hours(1));
        sleep.await;
    }

    #[tokio::test]
    async fn a_sleeper_in_another_task_is_woken_however_far_the_clock_jumps() {
        let clock = Arc::new(ManualClock::new(noon()));
        let sleeper = tokio::spawn({
            let clock = Arc::clone(&clock);
            async move { clock.sleep_until(noon() + TimeDelta::minutes(10)).await }
        });
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        clock.advance(TimeDelta::days(400));
        sleeper.await.unwrap();
    }

    #[tokio::test]
    async fn the_system_clock_sleeps_until_the_instant_and_not_for_the_past() {
        SystemClock.sleep_until(noon()).await;
        let until = SystemClock.now() + TimeDelta::milliseconds(5);
        SystemClock.sleep_until(until).await;
        assert!(SystemClock.now() >= until);
    }

    #[test]
    fn ids_are_version_7_and_carry_the_given_time() {
        let id = Ids::new().new_id(noon());
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
        let (seconds, nanos) = id.get_timestamp().unwrap().to_unix();
        assert_eq!((seconds as i64, nanos), (noon().timestamp(), 123_000_000));
    }

    #[test]
    fn ids_of_one_instant_ascend_even_when_other_instants_come_between() {
        let ids = Ids::new();
        let mut of_noon = Vec::new();
        for step in 0..1000 {
            of_noon.push(ids.new_id(noon()));
            ids.new_id(noon() + TimeDelta::seconds(step - 500));
        }
        assert!(of_noon.is_sorted());
        assert_eq!(of_noon.iter().collect::<HashSet<_>>().len(), 1000);
    }

    #[test]
    fn ids_of_later_instants_sort_later_down_to_the_microsecond() {
        let ids = Ids::new();
        let instants = (0..2500).map(|step| noon() + TimeDelta::microseconds(step));
        let ascending: Vec<Uuid> = instants.rev().map(|instant| ids.new_id(instant)).rev().collect();
        assert!(ascending.is_sorted());
    }

    #[test]
    fn ids_before_the_epoch_do_not_panic() {
        Ids::new().new_id(DateTime::<Utc>::MIN_UTC);
    }

    #[test]
    fn digits_are_digits_and_all_of_them_appear() {
        let digits = random_digits(1000);
        assert_eq!(digits.len(), 1000);
        assert_eq!(digits.chars().collect::<HashSet<_>>(), ('0'..='9').collect());
        assert_ne!(random_bytes::<16>(), random_bytes::<16>());
    }
}
