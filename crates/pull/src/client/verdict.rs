//! What an answer means: good, to be tried again, or no.

use std::time::Duration;

use dictionary::Timestamp;
use http::{HeaderMap, StatusCode, header};
use jiff::fmt::rfc2822;

use crate::profile::{Meaning, Profile};

/// What an answer means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    /// It is what was asked for.
    Good,
    /// It may pass: wait for so long where the server says so.
    Again {
        /// The stable name of why.
        code: &'static str,
        /// What the server wants.
        wait: Option<Duration>,
    },
    /// The token is no longer good.
    TokenExpired,
    /// Another of the profile's hosts is to be asked.
    WrongHost,
    /// The page link is no longer good.
    LinkExpired,
    /// It will never be answered.
    Refused {
        /// The stable name of why.
        code: &'static str,
        /// What the server says, cut.
        said: String,
    },
}

/// Characters of a server's own words in an error.
const MOST_SAID: usize = 300;
/// Bytes of a body in which an error's code is looked for.
const MOST_LOOKED: usize = 64 << 10;

/// Judges an answer. `linked` says that a link of the server's own was followed.
pub(crate) fn judge(
    profile: &Profile,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    linked: bool,
    now: Timestamp,
) -> Verdict {
    let first = body.iter().copied().find(|byte| !byte.is_ascii_whitespace() && *byte < 0x80);
    // An answer that was cut where nothing says how long it is ends anywhere.
    let json =
        matches!(first, Some(b'{' | b'[')) && matches!(body.trim_ascii_end().last(), Some(b'}' | b']'));
    if status.is_success() && !json {
        // A page for people from some proxy: the server's own answer may come the next time.
        return Verdict::Again { code: "not_json", wait: None };
    }
    let (code, said) = if body.len() <= MOST_LOOKED && (!status.is_success() || body.len() < 2_048) {
        told(body)
    } else {
        (None, None)
    };
    if let Some(meaning) = code.as_ref().and_then(|code| profile.errors.get(code)) {
        return match meaning {
            Meaning::TokenExpired => Verdict::TokenExpired,
            Meaning::WrongHost => Verdict::WrongHost,
            Meaning::LinkExpired => Verdict::LinkExpired,
            Meaning::TryAgain => Verdict::Again { code: "source_unavailable", wait: None },
        };
    }
    if status.is_success() {
        return Verdict::Good;
    }
    let said = || said.clone().unwrap_or_default();
    let wait = retry_after(headers, now);
    match status.as_u16() {
        401 => Verdict::TokenExpired,
        429 => Verdict::Again { code: "too_many_requests", wait },
        408 | 425 | 500..=599 if status != StatusCode::NOT_IMPLEMENTED => {
            Verdict::Again { code: "source_unavailable", wait }
        }
        400 | 404 | 410 if linked => Verdict::LinkExpired,
        403 => Verdict::Refused { code: "forbidden", said: said() },
        404 => Verdict::Refused { code: "not_there", said: said() },
        300..=399 => Verdict::Refused { code: "redirected", said: String::new() },
        _ => Verdict::Refused { code: "request_refused", said: said() },
    }
}

/// An error's code and words, as OData, OAuth and Spark put them.
fn told(body: &[u8]) -> (Option<String>, Option<String>) {
    let Ok(body) = serde_json::from_slice::<serde_json::Value>(body) else { return (None, None) };
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let inside = [&body["error"], &body["D"], &body];
    let find =
        |names: [&str; 2]| inside.iter().find_map(|part| names.iter().find_map(|name| text(&part[*name])));
    // A record may well have a field of that name.
    if body["error"].is_null() && body["D"].is_null() && !body["value"].is_null() {
        return (None, None);
    }
    let said = find(["message", "Message"]).or_else(|| text(&body["error_description"]));
    (
        find(["code", "Code"]),
        said.map(|said| said.chars().filter(|c| !c.is_control()).take(MOST_SAID).collect()),
    )
}

/// How long the server wants to be left alone (RFC 9110, 10.2.3): seconds, or until an instant.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = rfc2822::parse(text).ok()?.timestamp();
    Some(Duration::try_from(at.duration_since(now)).unwrap_or(Duration::ZERO))
}

/// When the server made its answer (the Date header).
pub(crate) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    Some(rfc2822::parse(headers.get(header::DATE)?.to_str().ok()?).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RESO-083: each answer that a server may give, and what it means.
    #[test]
    fn reso_083_answers_and_what_they_mean() {
        let now: Timestamp = "2026-11-25T12:00:00Z".parse().unwrap();
        let plain = Profile::find("reso", None).unwrap();
        let spark = Profile::find("spark", None).unwrap();
        let check =
            |profile: &Profile, status: u16, after: &str, body: &str, linked: bool, expect: Verdict| {
                let mut headers = HeaderMap::new();
                if !after.is_empty() {
                    headers.insert(header::RETRY_AFTER, after.parse().unwrap());
                }
                let status = StatusCode::from_u16(status).unwrap();
                let found = judge(profile, status, &headers, body.as_bytes(), linked, now);
                assert_eq!(found, expect, "{status} {body}");
            };
        let again =
            |code, seconds: Option<u64>| Verdict::Again { code, wait: seconds.map(Duration::from_secs) };
        let refused = |code, said: &str| Verdict::Refused { code, said: said.into() };
        check(&plain, 200, "", r#"{"value":[]}"#, false, Verdict::Good);
        check(&plain, 200, "", " [1]", false, Verdict::Good);
        check(&plain, 200, "", "\u{FEFF}{\"value\":[]}", false, Verdict::Good);
        check(&plain, 200, "", "<html>Sorry</html>", false, again("not_json", None));
        check(&plain, 200, "", "", false, again("not_json", None));
        check(&plain, 200, "", r#"{"value":[{"City":"Sea"#, false, again("not_json", None));
        check(&plain, 401, "", "", false, Verdict::TokenExpired);
        check(&plain, 429, "30", "", false, again("too_many_requests", Some(30)));
        check(&plain, 429, "Wed, 25 Nov 2026 12:01:00 GMT", "", false, again("too_many_requests", Some(60)));
        check(&plain, 503, "Wed, 25 Nov 2026 11:00:00 GMT", "", false, again("source_unavailable", Some(0)));
        check(&plain, 503, "soon", "", false, again("source_unavailable", None));
        check(&plain, 500, "", "", true, again("source_unavailable", None));
        check(&plain, 501, "", r#"{"error":{"message":"no"}}"#, false, refused("request_refused", "no"));
        check(&plain, 404, "", "", true, Verdict::LinkExpired);
        check(&plain, 410, "", "", true, Verdict::LinkExpired);
        check(&plain, 400, "", "{}", true, Verdict::LinkExpired);
        check(&plain, 404, "", "", false, refused("not_there", ""));
        check(
            &plain,
            403,
            "",
            r#"{"error":{"code":"x","message":"not yours"}}"#,
            false,
            refused("forbidden", "not yours"),
        );
        check(&plain, 302, "", "", false, refused("redirected", ""));
        let said = |code: u32| format!(r#"{{"D":{{"Success":false,"Code":{code},"Message":"so"}}}}"#);
        check(&spark, 401, "", &said(1020), false, Verdict::TokenExpired);
        check(&spark, 200, "", &said(1020), false, Verdict::TokenExpired);
        check(&spark, 403, "", &said(1021), false, Verdict::WrongHost);
        check(&spark, 400, "", &said(1000), false, refused("request_refused", "so"));
        check(&spark, 200, "", r#"{"value":[{"Code":1020}],"Code":1021}"#, false, Verdict::Good);
        let long = format!(r#"{{"error":{{"message":"{}"}}}}"#, "x".repeat(1_000));
        check(&plain, 400, "", &long, false, refused("request_refused", &"x".repeat(300)));
    }
}
