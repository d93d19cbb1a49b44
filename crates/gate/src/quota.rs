//! Quotas: how much a client may ask for in a while.
//!
//! Each limit counts in a window that begins with the first request after the one before has ended.
//! Counts live in the node's memory: two nodes allow twice as much, a restart begins anew.

use dictionary::Timestamp;
use http::{HeaderMap, HeaderValue};

use crate::Refusal;

/// What a client may use; none is without a limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Limits {
    /// Requests in one second.
    pub requests_per_second: Option<u64>,
    /// Requests in one hour.
    pub requests_per_hour: Option<u64>,
    /// Requests in one day of 24 hours.
    pub requests_per_day: Option<u64>,
    /// Bytes of answers in one hour.
    pub bytes_per_hour: Option<u64>,
}

/// What something costs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cost {
    /// Requests, nearly always one.
    pub requests: u64,
    /// Bytes of the answer.
    pub bytes: u64,
}

impl Cost {
    /// One request whose answer is not known yet.
    pub const REQUEST: Self = Self { requests: 1, bytes: 0 };

    /// An answer of so many bytes, to a request that has been paid for.
    #[must_use]
    pub fn answer(bytes: u64) -> Self {
        Self { requests: 0, bytes }
    }
}

/// How one limit stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Policy {
    /// Its name in the header fields: `second`, `hour`, `day`, `bytes`.
    pub name: &'static str,
    /// What it counts: `requests` or `content-bytes`.
    pub unit: &'static str,
    /// How much is allowed in one window.
    pub limit: u64,
    /// The window in seconds.
    pub window: u64,
    /// How much is left.
    pub remaining: u64,
    /// In how many seconds the window ends, rounded up.
    pub reset: u64,
}

/// How a client's quota stands, as data for header fields.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Quota {
    /// Every limit that is set.
    pub policies: Vec<Policy>,
}

impl Quota {
    /// The limit of which the smallest part is left.
    #[must_use]
    pub fn tightest(&self) -> Option<&Policy> {
        // a/b < c/d without a fraction: a·d < c·b.
        self.policies.iter().min_by(|a, b| {
            let left = u128::from(a.remaining) * u128::from(b.limit);
            left.cmp(&(u128::from(b.remaining) * u128::from(a.limit)))
        })
    }

    /// Says among an answer's header fields how it stands.
    pub fn note(&self, headers: &mut HeaderMap) {
        let Some((policy, limit)) = self.headers() else { return };
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", limit)] {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        }
    }

    /// The header fields `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers, 08 and
    /// later); none where nothing is limited.
    #[must_use]
    pub fn headers(&self) -> Option<(String, String)> {
        let each = |one: fn(&Policy) -> String| self.policies.iter().map(one).collect::<Vec<_>>().join(", ");
        (!self.policies.is_empty()).then(|| {
            (
                each(|p| {
                    // Requests are what is counted where nothing else is said.
                    let unit =
                        if p.unit == "requests" { String::new() } else { format!(";qu=\"{}\"", p.unit) };
                    format!("\"{}\";q={};w={}{unit}", p.name, p.limit, p.window)
                }),
                each(|p| format!("\"{}\";r={};t={}", p.name, p.remaining, p.reset)),
            )
        })
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Window {
    /// When it began, in microseconds since 1970.
    began: i64,
    used: u64,
}

/// What a client has used in the windows that run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Meter {
    windows: [Window; 4],
}

const NAMES: [(&str, &str, u64); 4] = [
    ("second", "requests", 1),
    ("hour", "requests", 3_600),
    ("day", "requests", 86_400),
    ("bytes", "content-bytes", 3_600),
];

impl Meter {
    /// Counts `cost`, unless a limit is used up: then nothing is counted. An answer is counted in any
    /// case, for it has been made; what it takes too much is missing afterwards.
    pub(crate) fn spend(&mut self, limits: &Limits, cost: Cost, now: Timestamp) -> Result<Quota, Refusal> {
        let now = now.as_microsecond();
        let limits = [
            limits.requests_per_second,
            limits.requests_per_hour,
            limits.requests_per_day,
            limits.bytes_per_hour,
        ];
        for (window, (_, _, seconds)) in self.windows.iter_mut().zip(NAMES) {
            // A clock that was set back begins a new window too, or it would never end.
            if now < window.began || now - window.began >= micros(seconds) {
                *window = Window { began: now, used: 0 };
            }
        }
        let full = |window: &Window, limit: &Option<u64>, counted: u64| {
            limit.is_some_and(|limit| window.used.saturating_add(counted) > limit)
        };
        let costs = [cost.requests, cost.requests, cost.requests, u64::from(cost.requests > 0)];
        let refused = cost.requests > 0
            && self.windows.iter().zip(&limits).zip(costs).any(|((w, limit), cost)| full(w, limit, cost));
        if !refused {
            for (window, cost) in
                self.windows.iter_mut().zip([cost.requests, cost.requests, cost.requests, cost.bytes])
            {
                window.used = window.used.saturating_add(cost);
            }
        }
        let mut quota = Quota::default();
        let mut wait = 0;
        for (((window, limit), (name, unit, seconds)), cost) in
            self.windows.iter().zip(limits).zip(NAMES).zip(costs)
        {
            let Some(limit) = limit else { continue };
            let left = window.began + micros(seconds) - now;
            let reset = u64::try_from(left).unwrap_or(0).div_ceil(1_000_000);
            if refused && full(window, &Some(limit), cost) {
                wait = wait.max(reset);
            }
            let remaining = limit.saturating_sub(window.used);
            quota.policies.push(Policy { name, unit, limit, window: seconds, remaining, reset });
        }
        if !refused {
            return Ok(quota);
        }
        let mut refusal = Refusal::new(
            429,
            "quota_exceeded",
            "The quota of this client is used up.",
            format!("Try again in {} s; the RateLimit header fields say how it stands.", wait.max(1)),
        );
        refusal.retry_after = Some(wait.max(1));
        refusal.quota = Some(Box::new(quota));
        Err(refusal)
    }
}

fn micros(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX / 1_000_000) * 1_000_000
}
