//! Quotas count in windows and say how they stand.

use super::at;
use crate::quota::Meter;
use crate::{Cost, Limits};

fn limits() -> Limits {
    Limits { requests_per_second: Some(2), requests_per_hour: Some(5), ..Limits::default() }
}

/// RESO-003: over quota is 429 with Retry-After.
#[test]
fn a_window_that_is_used_up_refuses_until_it_ends() {
    let mut meter = Meter::default();
    // (second, seconds to wait where it is refused)
    let steps = [
        (0, None),
        (0, None),
        (0, Some(1)),
        (1, None),
        (1, None),
        (1, Some(1)),
        (2, None),
        // Five in the hour: the second would allow one, the hour does not.
        (2, Some(3_598)),
        (3_599, Some(1)),
        (3_600, None),
    ];
    for (step, (second, wait)) in steps.into_iter().enumerate() {
        let said = meter.spend(&limits(), Cost::REQUEST, at(second));
        assert_eq!(said.as_ref().err().and_then(|r| r.retry_after), wait, "step {step}");
        if let Err(refusal) = said {
            assert_eq!((refusal.status, refusal.code), (429, "quota_exceeded"));
            assert!(refusal.quota.unwrap().policies.iter().any(|p| p.remaining == 0));
        }
    }
}

#[test]
fn an_answer_is_counted_whatever_it_takes_and_is_missing_afterwards() {
    let limits = Limits { bytes_per_hour: Some(1_000), ..Limits::default() };
    let mut meter = Meter::default();
    meter.spend(&limits, Cost::REQUEST, at(0)).unwrap();
    let left = meter.spend(&limits, Cost::answer(600), at(0)).unwrap();
    assert_eq!(left.policies[0].remaining, 400);
    meter.spend(&limits, Cost::REQUEST, at(1)).unwrap();
    meter.spend(&limits, Cost::answer(600), at(1)).unwrap();
    let refusal = meter.spend(&limits, Cost::REQUEST, at(2)).unwrap_err();
    assert_eq!(refusal.retry_after, Some(3_598));
    assert!(meter.spend(&limits, Cost::REQUEST, at(3_600)).is_ok());
}

#[test]
fn a_refused_request_costs_nothing() {
    let mut meter = Meter::default();
    let limits = Limits { requests_per_hour: Some(1), requests_per_day: Some(2), ..Limits::default() };
    assert!(meter.spend(&limits, Cost::REQUEST, at(0)).is_ok());
    for _ in 0..5 {
        assert!(meter.spend(&limits, Cost::REQUEST, at(1)).is_err());
    }
    let quota = meter.spend(&limits, Cost::REQUEST, at(3_600)).unwrap();
    assert_eq!(quota.policies[1].remaining, 0, "two of the day's two, the refused ones aside");
}

#[test]
fn a_clock_that_is_set_back_begins_anew() {
    let mut meter = Meter::default();
    let limits = Limits { requests_per_day: Some(1), ..Limits::default() };
    assert!(meter.spend(&limits, Cost::REQUEST, at(1_000)).is_ok());
    assert!(meter.spend(&limits, Cost::REQUEST, at(0)).is_ok());
    assert!(meter.spend(&limits, Cost::REQUEST, at(1)).is_err());
}

#[test]
fn the_header_fields_are_those_of_the_draft() {
    let limits = Limits { bytes_per_hour: Some(9), ..limits() };
    let quota = Meter::default().spend(&limits, Cost::REQUEST, at(0)).unwrap();
    let (policy, limit) = quota.headers().unwrap();
    assert_eq!(policy, r#""second";q=2;w=1, "hour";q=5;w=3600, "bytes";q=9;w=3600;qu="content-bytes""#);
    assert_eq!(limit, r#""second";r=1;t=1, "hour";r=4;t=3600, "bytes";r=9;t=3600"#);
    assert_eq!(quota.tightest().unwrap().name, "second");
    let none = Meter::default().spend(&Limits::default(), Cost::REQUEST, at(0)).unwrap();
    assert_eq!(none.headers(), None);
}
