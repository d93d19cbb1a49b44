//! Codes, grants and tokens over HTTP.

use serde_json::json;

use crate::street::{Street, said};

const CODES: &str = "/lockbox/production/tenants/gulf/boxes/g-B1/codes";
const GRANTS: &str = "/lockbox/production/tenants/gulf/boxes/g-B1/grants";
/// The town's now is Monday, six in the morning in Chicago: outside the hours.
const WINDOW: [&str; 2] = ["2026-11-23T12:00:00Z", "2026-11-23T14:00:00Z"];

/// LBX-094: shown once, stored hashed, revocable at once.
#[tokio::test]
async fn lbx_094_a_code_is_shown_once_and_revoked_at_once() {
    let street = Street::build(&["agent"]).await;
    let agent = &street.keys["g-agent"];
    let issued =
        street.town.send(agent, "POST", CODES, &json!({ "start": WINDOW[0], "end": WINDOW[1] })).await;
    assert_eq!(issued.status, 201, "{}", issued.body);
    let (id, code) = (issued.json()["id"].clone(), issued.json()["code"].as_str().unwrap().to_owned());
    assert!(code.len() == 8 && code.bytes().all(|digit| digit.is_ascii_digit()), "{code}");
    let ask = |code: &str| json!({ "lockbox": "g-B1", "code": code });
    assert_eq!(said(&street.decide(&street.vendor, &ask(&code)).await), "+access_code");
    let spaced = format!("{} {}", &code[..4], &code[4..]);
    assert_eq!(said(&street.decide(&street.vendor, &ask(&spaced)).await), "+access_code");
    // It is good at its box alone.
    let elsewhere = json!({ "lockbox": "g-B2", "code": code });
    assert_eq!(said(&street.decide(&street.vendor, &elsewhere).await), "-code_wrong");
    // Nothing that is kept or told holds it, nor what anybody could hash it with.
    let listed = street.town.get(agent, CODES).await;
    assert!(listed.body.contains(id.as_str().unwrap()) && !listed.body.contains(&code), "{}", listed.body);
    for change in street.town.store.follow(0, 10_000).await.unwrap() {
        let kept = format!("{:?}", change.record);
        assert!(!kept.contains(&code), "entry {} holds the code: {kept}", change.sequence);
        let plain = hex(ring::digest::digest(&ring::digest::SHA256, code.as_bytes()).as_ref());
        assert!(!kept.contains(&plain), "entry {} holds a plain hash", change.sequence);
    }
    let path = format!("{CODES}/{}", id.as_str().unwrap());
    assert_eq!(street.town.send(agent, "DELETE", &path, &json!({})).await.status, 200);
    assert_eq!(said(&street.decide(&street.vendor, &ask(&code)).await), "-code_revoked");
    assert_eq!(street.town.send(agent, "DELETE", &path, &json!({})).await.status, 200, "it stays revoked");
    assert_eq!(street.town.send(agent, "DELETE", &format!("{CODES}/x"), &json!({})).await.status, 404);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// LBX-094: the limits, each with its own refusal; a code that is refused is not there.
#[tokio::test]
async fn lbx_094_windows_that_are_none_are_refused() {
    let street = Street::build(&[]).await;
    let head = street.town.store.head().await.unwrap();
    let check = async |start: &str, end: &str, status: u16, code: &str| {
        let body = json!({ "start": start, "end": end });
        let answer = street.town.send(&street.administrator, "POST", CODES, &body).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["error"]["code"]),
            (status, &json!(code)),
            "{body}"
        );
    };
    check("2026-11-23T12:10:00Z", "2026-11-23T13:00:00Z", 422, "window_border").await;
    check("2026-11-23T12:00:00Z", "2026-11-23T12:00:00Z", 422, "window_too_short").await;
    check("2026-11-23T13:00:00Z", "2026-11-23T12:00:00Z", 422, "window_too_short").await;
    check("2026-11-23T13:00:00Z", "2026-12-24T13:30:00Z", 422, "window_too_long").await;
    check("2026-11-23T10:00:00Z", "2026-11-23T12:00:00Z", 422, "window_past").await;
    check("soon", "2026-11-23T12:00:00Z", 400, "instant_wrong").await;
    assert_eq!(street.town.store.head().await.unwrap(), head);
}

/// LBX-094: at most four of one window, however many ask at the same time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn lbx_094_limits_hold_under_concurrency() {
    let street = std::sync::Arc::new(Street::build(&[]).await);
    let asked: Vec<_> = (0..12)
        .map(|_| {
            let street = std::sync::Arc::clone(&street);
            tokio::spawn(async move {
                let body = json!({ "start": WINDOW[0], "end": WINDOW[1] });
                street.town.send(&street.administrator, "POST", CODES, &body).await.status.as_u16()
            })
        })
        .collect();
    let mut statuses = Vec::new();
    for one in asked {
        statuses.push(one.await.unwrap());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 4, "{statuses:?}");
    assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
    let kept = street.town.get(&street.administrator, CODES).await.json();
    assert_eq!(kept["items"].as_array().unwrap().len(), 4);
    // A place that is given back is free.
    let id = kept["items"][0]["id"].as_str().unwrap();
    street.town.send(&street.administrator, "DELETE", &format!("{CODES}/{id}"), &json!({})).await;
    let body = json!({ "start": WINDOW[0], "end": WINDOW[1] });
    assert_eq!(street.town.send(&street.administrator, "POST", CODES, &body).await.status, 201);
}

/// LBX-094: the terms of opening are the listing's side's: who may issue codes and grants, and who may not.
#[tokio::test]
async fn lbx_094_the_listings_side_issues_codes() {
    let street = Street::build(&["*"]).await;
    let window = json!({ "start": WINDOW[0], "end": WINDOW[1] });
    for (id, key) in &street.keys {
        // An administrator who is a user sees every box of the association; whose terms they are is another matter.
        let expect = match id.as_str() {
            "g-agent" | "g-broker" => 201,
            "g-staff" | "g-assistant" | "g-admin" => 403,
            _ => 404,
        };
        assert_eq!(street.town.send(key, "POST", CODES, &window).await.status, expect, "{id}");
    }
    // A showing service and the staff issue none.
    for (key, expect) in [(&street.vendor, 403), (&street.staff, 403), (&street.administrator, 201)] {
        assert_eq!(street.town.send(key, "POST", CODES, &window).await.status, expect);
    }
    // An owner who may not open may not let others.
    street.change("LockboxUser", "g-agent", "LockboxServiceStatus", Some("Inactive".into())).await;
    assert_eq!(street.town.send(&street.keys["g-agent"], "POST", CODES, &window).await.status, 404);
}

/// LBX-093: an affiliate with a grant comes in within its window, and a call code opens beside the hours alone.
#[tokio::test]
async fn lbx_093_grants_and_call_codes() {
    let street = Street::build(&["agent"]).await;
    let agent = &street.keys["g-agent"];
    let body = json!({ "user": "g-affiliate", "start": WINDOW[0], "end": WINDOW[1] });
    let granted = street.town.send(agent, "POST", GRANTS, &body).await;
    assert_eq!(granted.status, 201, "{}", granted.body);
    let ask = async |at: &str| street.said("g-B1", "g-affiliate", at).await;
    assert_eq!(ask("2026-11-23T13:59:59Z").await, "+grant");
    assert_eq!(ask("2026-11-23T14:00:00Z").await, "-grant_or_code_needed");
    let id = granted.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(street.town.get(agent, GRANTS).await.json()["items"][0]["user"], "g-affiliate");
    street.town.send(agent, "DELETE", &format!("{GRANTS}/{id}"), &json!({})).await;
    assert_eq!(ask("2026-11-23T13:00:00Z").await, "-grant_or_code_needed");
    let strange = json!({ "user": "b-affiliate", "start": WINDOW[0], "end": WINDOW[1] });
    assert_eq!(street.town.send(agent, "POST", GRANTS, &strange).await.status, 422);
    street.change("Lockbox", "g-B1", "RestrictionMode", Some("Call Before Showing".into())).await;
    let within = "2026-11-23T16:00:00Z";
    assert_eq!(street.said("g-B1", "g-other", within).await, "-call_needed");
    let body = json!({ "use": "Call Before Showing", "start": "2026-11-23T12:00:00Z", "end": "2026-12-23T12:00:00Z" });
    let code = street.town.send(agent, "POST", CODES, &body).await.json()["code"].clone();
    let mut question = json!({ "lockbox": "g-B1", "user": "g-other", "code": code, "at": within });
    assert_eq!(said(&street.decide(&street.vendor, &question).await), "+showing_hours called_before");
    question["at"] = json!("2026-11-23T12:00:00Z");
    assert_eq!(said(&street.decide(&street.vendor, &question).await), "-outside_showing_hours");
    let alone = json!({ "lockbox": "g-B1", "code": code, "at": within });
    assert_eq!(said(&street.decide(&street.vendor, &alone).await), "-user_needed");
}

/// LBX-094: ten wrong codes at a box, and none counts there for a while; who needs none comes in.
#[tokio::test]
async fn lbx_094_who_guesses_codes_is_shut_out() {
    let street = Street::build(&["agent"]).await;
    let window = json!({ "start": WINDOW[0], "end": WINDOW[1] });
    let issued = street.town.send(&street.keys["g-agent"], "POST", CODES, &window).await.json();
    let right = json!({ "lockbox": "g-B1", "code": issued["code"] });
    assert_eq!(said(&street.decide(&street.vendor, &right).await), "+access_code");
    let wrong = if issued["code"] == "00000000" { "11111111" } else { "00000000" };
    for _ in 0..10 {
        let question = json!({ "lockbox": "g-B1", "code": wrong });
        assert_eq!(said(&street.decide(&street.vendor, &question).await), "-code_wrong");
    }
    assert_eq!(said(&street.decide(&street.vendor, &right).await), "-too_many_wrong_codes");
    assert_eq!(street.said("g-B1", "g-agent", "2026-11-23T12:00:00Z").await, "+box_owner");
}

/// LBX-095: a token lives for what it was given for, 24 hours at most, and is refreshed for who still may.
#[tokio::test]
async fn lbx_095_a_token_dies_with_the_users_termination() {
    let street = Street::build(&["agent", "other"]).await;
    let agent = &street.keys["g-agent"];
    let wanted = json!({ "lockbox": "g-B1", "user": "g-agent" });
    let given = street.town.send(agent, "POST", "/lockbox/offline-tokens", &wanted).await.json();
    assert_eq!(given["validUntil"], "2026-11-24T12:00:00Z", "a day from now");
    let token = given["token"].as_str().unwrap().to_owned();
    let refresh = async |key: &str, token: &str| {
        street.town.send(key, "POST", "/lockbox/offline-tokens/refresh", &json!({ "token": token })).await
    };
    let again = refresh(agent, &token).await;
    assert!(again.json()["token"].as_str().is_some_and(|fresh| fresh != token), "{}", again.body);
    // Nobody refreshes what is another's, or was not given here.
    assert_eq!(refresh(&street.keys["g-other"], &token).await.status, 404);
    assert_eq!(refresh(agent, &format!("{token}x")).await.json()["error"]["code"], "token_wrong");
    // Outside the hours there is none for others.
    let other = json!({ "lockbox": "g-B1", "user": "g-other" });
    let none = street.town.send(&street.keys["g-other"], "POST", "/lockbox/offline-tokens", &other).await;
    assert_eq!((said(&none), &none.json()["token"]), ("-outside_showing_hours".into(), &json!(null)));
    street.change("Member", "g-M-agent", "MemberStatus", Some("Inactive".into())).await;
    let ended = refresh(agent, &token).await;
    assert_eq!((said(&ended), &ended.json()["token"]), ("-member_inactive".into(), &json!(null)));
    // Whoever puts keys into boxes gets the box's own, with which the token can be checked without this server.
    let path = "/lockbox/production/tenants/gulf/boxes/g-B1/token-key";
    let told = street.town.send(&street.vendor, "POST", path, &json!({})).await.json();
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    let key = ring::hmac::Key::new(
        ring::hmac::HMAC_SHA256,
        &STANDARD.decode(told["key"].as_str().unwrap()).unwrap(),
    );
    let (signed, mac) = token.rsplit_once('.').unwrap();
    ring::hmac::verify(&key, signed.as_bytes(), &URL_SAFE_NO_PAD.decode(mac).unwrap()).unwrap();
    assert_eq!(street.town.send(&street.staff, "POST", path, &json!({})).await.status, 403);
}
