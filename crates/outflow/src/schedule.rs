//! When a delivery that failed is tried again.

use std::time::Duration;

use dictionary::Timestamp;
use http::HeaderMap;

/// The longest that a receiver may ask to be left alone.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 3_600);

/// The waits between attempts. After the last one the delivery is dead.
#[derive(Clone, PartialEq, Debug)]
pub struct Schedule {
    /// How long after the first attempt the second comes, after the second the third, and so on.
    pub waits: Vec<Duration>,
    /// By which part of itself a wait is longer or shorter at most, so that what failed together does not
    /// come back together.
    pub jitter: f64,
}

impl Default for Schedule {
    /// 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, each ±10 % (EVT-085).
    fn default() -> Self {
        let waits = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
        Self { waits: waits.map(Duration::from_secs).to_vec(), jitter: 0.1 }
    }
}

impl Schedule {
    /// When the attempt comes that follows one at `now`, before which `step` others had failed; none where
    /// that was the last. `chance` is from 0 to 1. A receiver that said when it wants to be asked again is
    /// asked then (EVT-084).
    #[must_use]
    pub fn next(
        &self,
        step: u32,
        now: Timestamp,
        chance: f64,
        retry_after: Option<Duration>,
    ) -> Option<Timestamp> {
        let wait = self.waits.get(usize::try_from(step).ok()?)?;
        let jittered = wait.mul_f64(1.0 + self.jitter * (2.0 * chance - 1.0));
        now.checked_add(retry_after.map_or(jittered, |asked| asked.min(LONGEST_RETRY_AFTER))).ok()
    }
}

/// What `Retry-After` asks for: seconds, or an instant (RFC 9110, 10.2.3).
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    // RFC 9110 says GMT where RFC 2822 has an offset.
    let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Duration::try_from(at.duration_since(now)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_772_000_000 + second).unwrap()
    }

    /// EVT-085: nine waits, ten attempts, a tenth more or less.
    #[test]
    fn evt_085_the_waits_are_those_of_the_specification() {
        let schedule = Schedule::default();
        let waits = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
        for (step, wait) in (0..).zip(waits) {
            let next = |chance| {
                schedule.next(step, at(0), chance, None).unwrap().duration_since(at(0)).as_secs_f64()
            };
            assert_eq!(next(0.5), f64::from(wait));
            assert!((next(0.0) - f64::from(wait) * 0.9).abs() < 1e-6);
            assert!((next(1.0) - f64::from(wait) * 1.1).abs() < 1e-6);
        }
        assert_eq!(schedule.next(9, at(0), 0.5, None), None);
        assert_eq!(schedule.next(9, at(0), 0.5, Some(Duration::from_secs(1))), None);
    }

    /// EVT-084: who asks for time is given it, within reason.
    #[test]
    fn evt_084_retry_after_is_obeyed() {
        let check = |text: &str, expect: Option<u64>| {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", text.parse().unwrap());
            let asked = retry_after(&headers, at(0));
            assert_eq!(asked.map(|asked| asked.as_secs()), expect, "{text}");
            let due = Schedule::default().next(0, at(0), 0.5, asked).unwrap();
            assert_eq!(due, at(expect.map_or(5, |asked| asked.min(86_400)).cast_signed()), "{text}");
        };
        check("0", Some(0));
        check("120", Some(120));
        check("99999999", Some(99_999_999));
        // at(0) is 25 February 2026, 06:13:20.
        check("Wed, 25 Feb 2026 06:14:20 GMT", Some(60));
        check("Wed, 25 Feb 2026 06:00:00 GMT", Some(0));
        check("soon", None);
        check("-5", None);
        assert_eq!(retry_after(&HeaderMap::new(), at(0)), None);
    }
}
