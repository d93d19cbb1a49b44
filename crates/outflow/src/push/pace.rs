//! How fast an endpoint may be sent to (EVT-088).

use std::time::Duration;

use dictionary::Timestamp;

/// When the next request may begin: after its share of a second, and not before the receiver wants it.
#[derive(Debug, Default)]
pub(super) struct Pace {
    next: Option<Timestamp>,
    paused: Option<Timestamp>,
}

impl Pace {
    /// How long the next request has to wait; none where it may begin.
    pub(super) fn wait(&self, rate: Option<u32>, now: Timestamp) -> Option<Duration> {
        let next = self.next.filter(|_| rate.is_some());
        let until = next.max(self.paused)?;
        Duration::try_from(until.duration_since(now)).ok().filter(|wait| !wait.is_zero())
    }

    /// One begins. Requests are spread evenly: a burst at the beginning of each second would be a burst.
    pub(super) fn take(&mut self, rate: Option<u32>, now: Timestamp) {
        let Some(rate) = rate else { return };
        let share = Duration::from_secs(1) / rate;
        let from = self.next.filter(|next| *next > now).unwrap_or(now);
        self.next = from.checked_add(share).ok();
    }

    /// None begins before this instant.
    pub(super) fn pause(&mut self, until: Timestamp) {
        self.paused = self.paused.max(Some(until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EVT-088: so many a second, evenly, whenever they are asked for.
    #[test]
    fn evt_088_a_burst_is_spread() {
        let mut rng = testkit::rng("evt_088_a_burst_is_spread");
        for rate in [1, 3, 50, 999] {
            let mut pace = Pace::default();
            let start = Timestamp::from_second(1_772_000_000).unwrap();
            let (mut now, mut begun) = (start, 0_u32);
            while now.duration_since(start).as_secs() < 5 {
                match pace.wait(Some(rate), now) {
                    Some(wait) => now = now.checked_add(wait).unwrap(),
                    None => {
                        pace.take(Some(rate), now);
                        begun += 1;
                        now = now.checked_add(Duration::from_micros(rng.u64(0..50))).unwrap();
                    }
                }
            }
            assert!(begun <= rate * 5 + 1, "{begun} in 5 s at {rate}");
            assert!(begun >= rate * 5 * 9 / 10, "{begun} in 5 s at {rate}");
        }
    }

    #[test]
    fn evt_084_a_pause_holds_whatever_the_rate() {
        let now = Timestamp::from_second(1_772_000_000).unwrap();
        let later = now.checked_add(Duration::from_secs(7)).unwrap();
        for rate in [None, Some(1_000)] {
            let mut pace = Pace::default();
            assert_eq!(pace.wait(rate, now), None);
            pace.pause(later);
            pace.pause(now);
            assert_eq!(pace.wait(rate, now), Some(Duration::from_secs(7)));
            assert_eq!(pace.wait(rate, later), None);
        }
    }
}
