//! What was used of a quota. It outlives the process: a restart does not forget what was used this hour.

use std::collections::VecDeque;
use std::time::Duration;

use dictionary::Timestamp;

use crate::profile::Quota;

const SECOND: i64 = 1_000_000;
/// How finely the use of an hour is told apart, and that of a day: an entry counts until all of it is over, so
/// that no window of that length ever holds more than its quota.
const HOUR_PART: i64 = 60 * SECOND;
const DAY_PART: i64 = 900 * SECOND;
/// Requests whose instants are remembered: more than a second's worth of any quota.
const MOST_RECENT: usize = 64;

/// Requests and bytes of a part of an hour or a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Part {
    /// When it began, in parts since the epoch.
    number: i64,
    requests: u64,
    bytes: u64,
}

/// A window that slides, in parts.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Window {
    part: i64,
    parts: i64,
    used: VecDeque<Part>,
}

/// What was used, by the client's own count.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Ledger {
    quota: Quota,
    /// The instants of the last requests, in microseconds, the newest last.
    recent: VecDeque<i64>,
    hour: Window,
    day: Window,
}

impl Window {
    fn new(part: i64, whole: i64) -> Self {
        // One more: a request is on its way for a while, and counts where it arrives.
        Self { part, parts: whole / part + 1, used: VecDeque::new() }
    }

    fn note(&mut self, now: i64, requests: u64, bytes: u64) {
        let number = now.div_euclid(self.part);
        // A part counts as long as any of it is within the window.
        while self.used.front().is_some_and(|part| part.number < number - self.parts) {
            self.used.pop_front();
        }
        match self.used.back_mut() {
            // A clock that was set back adds to the newest part.
            Some(last) if last.number >= number => {
                last.requests += requests;
                last.bytes += bytes;
            }
            _ => self.used.push_back(Part { number, requests, bytes }),
        }
    }

    /// How long to wait until a further request is within these bounds, of requests and bytes.
    fn wait(&self, now: i64, requests: Option<u64>, bytes: Option<u64>) -> i64 {
        let first = now.div_euclid(self.part) - self.parts;
        let parts: Vec<Part> = self.used.iter().copied().filter(|part| part.number >= first).collect();
        let mut left = parts.iter().fold((0_u64, 0_u64), |(r, b), p| (r + p.requests, b + p.bytes));
        let over = |(r, b): (u64, u64)| {
            requests.is_some_and(|most| r >= most) || bytes.is_some_and(|most| b >= most)
        };
        if !over(left) {
            return 0;
        }
        for part in parts {
            left = (left.0 - part.requests, left.1 - part.bytes);
            if !over(left) {
                return (part.number + self.parts + 1) * self.part - now;
            }
        }
        // A quota of nothing: then a whole window is waited, again and again, and whoever waits gives up.
        self.part * (self.parts + 1)
    }
}

impl Ledger {
    pub(crate) fn new(quota: Quota) -> Self {
        Self {
            quota,
            recent: VecDeque::new(),
            hour: Window::new(HOUR_PART, 3_600 * SECOND),
            day: Window::new(DAY_PART, 86_400 * SECOND),
        }
    }

    /// Whether anything is bounded for longer than a second, so that it must be kept.
    pub(crate) fn is_kept(&self) -> bool {
        let Quota { requests_per_hour, requests_per_day, bytes_per_hour, bytes_per_day, .. } = self.quota;
        [requests_per_hour, requests_per_day, bytes_per_hour, bytes_per_day].iter().any(Option::is_some)
    }

    /// How long to wait before a further request.
    pub(crate) fn wait(&self, now: Timestamp) -> Duration {
        let now = now.as_microsecond();
        let second = self.quota.requests_per_second.map_or(0, |most| {
            let most = usize::try_from(most.max(1)).unwrap_or(MOST_RECENT).min(MOST_RECENT);
            let nth = self.recent.len().checked_sub(most).map(|at| self.recent[at]);
            nth.map_or(0, |at| (at + SECOND - now).clamp(0, SECOND))
        });
        let Quota { requests_per_hour, requests_per_day, bytes_per_hour, bytes_per_day, .. } = self.quota;
        let hour = self.hour.wait(now, requests_per_hour, bytes_per_hour);
        let day = self.day.wait(now, requests_per_day, bytes_per_day);
        Duration::from_micros(second.max(hour).max(day).unsigned_abs())
    }

    /// Notes a request that is about to be sent.
    pub(crate) fn request(&mut self, now: Timestamp) {
        let now = now.as_microsecond();
        self.recent.push_back(now);
        if self.recent.len() > MOST_RECENT {
            self.recent.pop_front();
        }
        self.hour.note(now, 1, 0);
        self.day.note(now, 1, 0);
    }

    /// Notes that the last request was answered: it arrived by then, and its second counts from here.
    pub(crate) fn answered(&mut self, now: Timestamp) {
        if let Some(last) = self.recent.back_mut() {
            *last = now.as_microsecond().max(*last);
        }
    }

    /// Notes bytes of an answer.
    pub(crate) fn bytes(&mut self, now: Timestamp, bytes: u64) {
        let now = now.as_microsecond();
        self.hour.note(now, 0, bytes);
        self.day.note(now, 0, bytes);
    }

    /// As text, for a cursor of the store: at most some five thousand bytes.
    pub(crate) fn write(&self) -> String {
        let recent: Vec<String> = self.recent.iter().map(ToString::to_string).collect();
        let window = |window: &Window| {
            let parts = window.used.iter().map(|p| format!("{}:{}:{}", p.number, p.requests, p.bytes));
            parts.collect::<Vec<_>>().join(" ")
        };
        format!("{}\n{}\n{}", recent.join(" "), window(&self.hour), window(&self.day))
    }

    /// Reads what was written; what cannot be read was never used.
    pub(crate) fn read(quota: Quota, text: &str) -> Self {
        let mut ledger = Self::new(quota);
        let mut lines = text.split('\n');
        let recent = lines.next().unwrap_or_default().split(' ');
        ledger.recent = recent.filter_map(|instant| instant.parse().ok()).take(MOST_RECENT).collect();
        for window in [&mut ledger.hour, &mut ledger.day] {
            let most = usize::try_from(window.parts).unwrap_or(0) + 2;
            let part = |text: &str| {
                let mut numbers = text.split(':');
                Some(Part {
                    number: numbers.next()?.parse().ok()?,
                    requests: numbers.next()?.parse().ok()?,
                    bytes: numbers.next()?.parse().ok()?,
                })
            };
            let parts = lines.next().unwrap_or_default().split(' ').filter_map(part);
            window.used = parts.take(most).collect();
        }
        ledger
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_microsecond(1_750_000_000_000_000 + micros).unwrap()
    }

    /// RESO-083: however requests come, no second, hour or day ever holds more than its quota; and the client does
    /// not wait for ever.
    #[test]
    fn reso_083_no_window_holds_more_than_its_quota() {
        let mut rng = testkit::rng("ledger");
        let quota = Quota {
            requests_per_second: Some(2),
            requests_per_hour: Some(300),
            requests_per_day: Some(1_500),
            bytes_per_hour: Some(100_000),
            bytes_per_day: None,
        };
        let mut ledger = Ledger::new(quota);
        let (mut now, mut sent) = (0_i64, Vec::<(i64, u64)>::new());
        for _ in 0..6_000 {
            now += rng.i64(0..3 * SECOND);
            // It may be started again at any moment.
            if rng.u8(..10) == 0 {
                ledger = Ledger::read(quota, &ledger.write());
            }
            let wait = i64::try_from(ledger.wait(at(now)).as_micros()).unwrap();
            now += wait;
            assert_eq!(ledger.wait(at(now)), Duration::ZERO, "it was said how long to wait");
            ledger.request(at(now));
            // It arrives some time later, and its answer some time after that.
            let arrives = now + rng.i64(0..SECOND);
            now = arrives + rng.i64(0..SECOND);
            ledger.answered(at(now));
            let bytes = rng.u64(..1_000);
            ledger.bytes(at(now), bytes);
            sent.push((arrives, bytes));
        }
        for (place, (from, _)) in sent.iter().enumerate() {
            let within = |span: i64| sent[place..].iter().take_while(move |(at, _)| at - from < span);
            assert!(within(SECOND).count() <= 2);
            assert!(within(3_600 * SECOND).count() <= 300);
            assert!(within(86_400 * SECOND).count() <= 1_500);
            // The answer that passes the bound is on its way before its length is known.
            assert!(within(3_600 * SECOND).map(|(_, bytes)| bytes).sum::<u64>() < 100_000 + 1_000);
        }
        let days = sent.last().unwrap().0 / (86_400 * SECOND);
        assert!(days <= 6_000 / 1_500 + 1, "{days} days for four days' quota");
        assert!(ledger.write().len() < 6_000, "{}", ledger.write().len());
    }

    #[test]
    fn what_is_written_is_read_and_nonsense_is_nothing() {
        let quota = Quota { requests_per_hour: Some(1), ..Quota::default() };
        let mut ledger = Ledger::new(quota);
        ledger.request(at(0));
        ledger.bytes(at(5), 7);
        assert_eq!(Ledger::read(quota, &ledger.write()), ledger);
        assert!(Ledger::read(quota, &ledger.write()).wait(at(10)) > Duration::from_secs(3_500));
        for text in ["", "x y\nz", "1:2\n3:4:5:6\n\n\n"] {
            assert_eq!(Ledger::read(quota, text).wait(at(0)), Duration::ZERO, "{text:?}");
        }
        assert_eq!(Ledger::new(Quota::default()).wait(at(0)), Duration::ZERO);
    }
}
