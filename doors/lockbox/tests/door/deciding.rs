//! Decisions over HTTP, from records that any door writes.

use serde_json::json;

use crate::street::{Street, said};

/// Ten in Chicago on a Monday, and eight in the evening.
const WITHIN: &str = "2026-11-23T16:00:00Z";
const OUTSIDE: &str = "2026-11-24T02:00:00Z";

/// LBX-090: permit or deny with reason codes and validUntil; UTC with the property's zone beside it (HUB-004).
#[tokio::test]
async fn lbx_090_hub_004_a_decision_has_reasons_an_end_and_a_zone() {
    let street = Street::build(&[]).await;
    let body = json!({ "lockbox": "g-B1", "user": "g-other", "at": WITHIN, "method": "App" });
    let told = street.decide(&street.vendor, &body).await.json();
    assert_eq!(told["decision"], "permit");
    assert_eq!(told["reasons"][0]["code"], "showing_hours");
    assert_eq!(told["validUntil"], "2026-11-23T23:00:00Z");
    assert_eq!((&told["at"], &told["timeZone"]), (&json!(WITHIN), &json!("America/Chicago")));
    assert_eq!((&told["listing"], &told["user"]), (&json!("g-L1"), &json!("g-other")));
    let body = json!({ "lockbox": "g-B1", "user": "g-other", "at": OUTSIDE });
    let told = street.decide(&street.vendor, &body).await.json();
    assert_eq!((&told["decision"], &told["validUntil"]), (&json!("deny"), &json!(null)));
    assert_eq!(told["reasons"][0]["code"], "outside_showing_hours");
    assert!(told["reasons"][0]["hint"].is_string());
    // Nine to five is nine to five in summer, too (LBX-092); July is out of reach of a question of November.
    let far = json!({ "lockbox": "g-B1", "user": "g-other", "at": "2027-07-12T14:30:00Z" });
    let refused = street.decide(&street.vendor, &far).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["error"]["code"]),
        (400, &json!("instant_out_of_reach"))
    );
}

#[tokio::test]
async fn questions_that_cannot_be_read_are_refused() {
    let street = Street::build(&[]).await;
    let head = street.town.store.head().await.unwrap();
    let check = async |body: serde_json::Value, status: u16, code: &str| {
        let answer = street.decide(&street.town.operator, &body).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["error"]["code"]),
            (status, &json!(code)),
            "{body}"
        );
    };
    check(json!({}), 400, "body_wrong").await;
    check(json!({ "lockbox": "g-B1" }), 400, "user_or_code_missing").await;
    check(json!({ "lockbox": "", "user": "g-other" }), 400, "id_wrong").await;
    check(json!({ "lockbox": "g-B1", "user": "x".repeat(256) }), 400, "id_wrong").await;
    check(json!({ "lockbox": "g-B1", "user": "g-other", "at": "yesterday" }), 400, "instant_wrong").await;
    check(json!({ "lockbox": "g-B1", "user": "g-other", "at": "2026-11-24T02:00:00" }), 400, "instant_wrong")
        .await;
    check(json!({ "lockbox": "g-B1", "user": "g-other", "method": "Key" }), 400, "body_wrong").await;
    check(json!({ "lockbox": "g-B1", "user": "g-other", "more": 1 }), 400, "body_wrong").await;
    check(json!({ "lockbox": "g-B9", "user": "g-other" }), 404, "lockbox_unknown").await;
    check(json!({ "lockbox": "g-B1", "user": "nobody" }), 404, "user_unknown").await;
    // A user of another association, or of the same in staging, is no user of this one.
    check(json!({ "lockbox": "g-B1", "user": "b-other" }), 404, "user_unknown").await;
    check(json!({ "lockbox": "g-B1", "user": "s-other" }), 404, "user_unknown").await;
    assert_eq!(street.town.store.head().await.unwrap(), head, "a refused question changed something");
}

/// LBX-091, LBX-045, LBX-092: what the records say becomes what the rules say; whoever writes them.
#[tokio::test]
async fn lbx_091_the_records_decide() {
    let street = Street::build(&[]).await;
    let check = async |lockbox: &str, user: &str, at: &str, expect: &str| {
        assert_eq!(street.said(lockbox, user, at).await, expect, "{user} at {lockbox}, {at}");
    };
    check("g-B1", "g-agent", OUTSIDE, "+box_owner").await;
    check("g-B1", "g-broker", OUTSIDE, "+office_broker").await;
    check("g-B1", "g-assistant", OUTSIDE, "+team_assistant").await;
    check("g-B1", "g-otherassistant", WITHIN, "-not_of_team").await;
    check("g-B1", "g-otherbroker", OUTSIDE, "-outside_showing_hours").await;
    check("g-B1", "g-staff", WITHIN, "-type_not_allowed").await;
    check("g-B1", "g-admin", WITHIN, "-type_not_allowed").await;
    check("g-B1", "g-affiliate", WITHIN, "-grant_or_code_needed").await;
    check("g-B1", "g-other", WITHIN, "+showing_hours").await;
    let text = |text: &str| Some(text.into());
    street.change("LockboxUser", "g-other", "AccountStatus", text("Inactive")).await;
    check("g-B1", "g-other", WITHIN, "-account_inactive").await;
    street.change("LockboxUser", "g-other", "AccountStatus", text("Active")).await;
    street.change("LockboxUser", "g-other", "LockboxServiceStatus", text("Inactive")).await;
    check("g-B1", "g-other", WITHIN, "-lockbox_service_inactive").await;
    // The showing service is another service (LBX-004).
    street.change("LockboxUser", "g-other", "LockboxServiceStatus", text("Active")).await;
    street.change("LockboxUser", "g-other", "ShowingServiceStatus", text("Inactive")).await;
    check("g-B1", "g-other", WITHIN, "+showing_hours").await;
    street.change("Office", "g-O2", "OfficeStatus", text("Inactive")).await;
    check("g-B1", "g-other", WITHIN, "-office_terminated").await;
    check("g-B1", "g-otherbroker", WITHIN, "-office_terminated").await;
    street.change("Office", "g-O2", "OfficeStatus", text("Active")).await;
    // Who moves to another office is there at once: the member's record counts.
    street.change("Member", "g-M-otherbroker", "OfficeKey", text("g-O1")).await;
    check("g-B1", "g-otherbroker", OUTSIDE, "+office_broker").await;
    street.change("Property", "g-L1", "StandardStatus", text("Closed")).await;
    check("g-B1", "g-agent", WITHIN, "-listing_not_showable").await;
    street.change("Property", "g-L1", "StandardStatus", text("Active")).await;
    // A team that ends, and one that a stranger makes of other people's members.
    street.change("Teams", "g-T1", "TeamStatus", text("Inactive")).await;
    check("g-B1", "g-assistant", WITHIN, "-not_of_team").await;
    let team = street.record("Teams", &[("TeamKey", "b-T9".into()), ("TeamLeadKey", "g-M-agent".into())]);
    let fields = [
        ("TeamMemberKey", "b-TM9".into()),
        ("TeamKey", "b-T9".into()),
        ("MemberKey", "g-M-assistant".into()),
    ];
    let joined = street.record("TeamMembers", &fields);
    street.write("bay-production", vec![team, joined]).await;
    check("g-B1", "g-assistant", WITHIN, "-not_of_team").await;
    // A box that is moved hangs at its new listing at once.
    street.change("Lockbox", "g-B1", "ListingKey", text("g-L3")).await;
    check("g-B1", "g-otherbroker", OUTSIDE, "+office_broker").await;
    check("g-B1", "g-other", OUTSIDE, "+listing_agent").await;
    street.change("Lockbox", "g-B1", "ListingKey", text("b-L1")).await;
    check("g-B1", "g-agent", WITHIN, "-listing_not_showable").await;
    street.change("Lockbox", "g-B1", "ListingKey", None).await;
    check("g-B1", "g-agent", WITHIN, "-box_unassigned").await;
}

/// LBX-011, LBX-012: an agent whom the listing names by the board's id is its agent all the same.
#[tokio::test]
async fn lbx_012_agents_are_known_by_the_boards_id() {
    let street = Street::build(&[]).await;
    street.change("Property", "g-L3", "ListAgentKey", None).await;
    street.change("Lockbox", "g-B3", "LockboxOwnerId", Some("g-agent".into())).await;
    assert_eq!(street.said("g-B3", "g-other", OUTSIDE).await, "-outside_showing_hours");
    street.change("Property", "g-L3", "ListAgentMlsId", Some("g-other".into())).await;
    assert_eq!(street.said("g-B3", "g-other", OUTSIDE).await, "+listing_agent");
    street.change("Property", "g-L3", "CoListAgentMlsId", Some("g-agent2".into())).await;
    assert_eq!(street.said("g-B3", "g-agent2", OUTSIDE).await, "+co_listing_agent");
}

/// LBX-098: a termination that was acknowledged is in force at the next question, in whichever record it stands.
#[tokio::test]
async fn lbx_098_a_termination_is_in_force_at_once() {
    let street = Street::build(&[]).await;
    for (resource, key, field, reason) in [
        ("Member", "g-M-agent", "MemberStatus", "-member_inactive"),
        ("Office", "g-O1", "OfficeStatus", "-office_terminated"),
        ("LockboxUser", "g-agent", "AccountStatus", "-account_inactive"),
    ] {
        assert_eq!(street.said("g-B1", "g-agent", WITHIN).await, "+box_owner");
        street.change(resource, key, field, Some("Inactive".into())).await;
        assert_eq!(street.said("g-B1", "g-agent", WITHIN).await, reason, "{resource}");
        street.change(resource, key, field, Some("Active".into())).await;
    }
    // A member who is removed is gone.
    let member = street.town.dictionary.known("Member").id;
    let mut batch = store::Batch::new("test", crate::town::now());
    batch.operations.push(store::Operation::remove(member, "g-M-agent"));
    street.town.store.write(batch).await.unwrap();
    assert_eq!(street.said("g-B1", "g-agent", WITHIN).await, "-member_inactive");
}

/// LBX-092: RESO's showing appointments: confirmed, in person, of this agent, at this listing, of this feed.
#[tokio::test]
async fn lbx_092_reso_appointments_open() {
    let street = Street::build(&[]).await;
    let instant = |text: &str| dictionary::Value::Timestamp(text.parse().unwrap());
    let appointment = |fields: &[(&str, dictionary::Value)]| {
        let mut all = vec![
            ("ShowingAppointmentKey", "a1".into()),
            ("ShowingKey", "sh1".into()),
            ("ShowingAgentKey", "g-M-other".into()),
            ("ShowingAppointmentStatus", "Confirmed".into()),
            ("ShowingAppointmentStartTime", instant("2026-11-24T01:30:00Z")),
            ("ShowingAppointmentEndTime", instant("2026-11-24T02:30:00Z")),
        ];
        for (name, value) in fields {
            all.retain(|(known, _)| known != name);
            all.push((*name, value.clone()));
        }
        street.record("ShowingAppointment", &all)
    };
    let check = async |feed: &str, fields: &[(&str, dictionary::Value)], expect: &str| {
        street.write(feed, vec![appointment(fields)]).await;
        assert_eq!(street.said("g-B1", "g-other", OUTSIDE).await, expect, "{fields:?}");
    };
    let showing = street.record("Showing", &[("ShowingKey", "sh1".into()), ("ListingKey", "g-L1".into())]);
    check("gulf-production", &[], "-outside_showing_hours").await;
    street.write("gulf-production", vec![showing]).await;
    check("gulf-production", &[], "+appointment").await;
    for status in ["Pending", "Cancelled", "Denied"] {
        check("gulf-production", &[("ShowingAppointmentStatus", status.into())], "-outside_showing_hours")
            .await;
    }
    let by = |method: &str| dictionary::Value::TextList(Box::new([method.into()]));
    check("gulf-production", &[("ShowingAppointmentMethod", by("Virtual"))], "-outside_showing_hours").await;
    check("gulf-production", &[("ShowingAppointmentMethod", by("In-Person"))], "+appointment").await;
    check("gulf-production", &[("ShowingAgentKey", "g-M-agent2".into())], "-outside_showing_hours").await;
    // Another association's word is none here.
    check("bay-production", &[("ShowingAppointmentKey", "a2".into())], "-outside_showing_hours").await;
}

/// Who may ask for whom: users for themselves, a vendor, the staff and administrators for the association's, nobody
/// for another's.
#[tokio::test]
async fn hub_006_who_may_ask() {
    let street = Street::build(&["agent", "other"]).await;
    let ask = async |key: &str, lockbox: &str, user: &str| {
        street.decide(key, &json!({ "lockbox": lockbox, "user": user, "at": WITHIN })).await
    };
    let users: Vec<(&String, &String)> = street.keys.iter().filter(|(id, _)| id.starts_with("g-")).collect();
    assert_eq!(users.len(), 2);
    for (id, key) in users {
        for user in ["g-agent", "g-other"] {
            let expect = if id == user { 200 } else { 404 };
            assert_eq!(ask(key, "g-B1", user).await.status, expect, "{id} asks for {user}");
        }
        assert_eq!(ask(key, "b-B1", "b-agent").await.status, 404);
    }
    for key in [&street.vendor, &street.staff, &street.administrator] {
        assert_eq!(ask(key, "g-B1", "g-other").await.status, 200);
        // Not in staging, which shares nothing, and not of another association.
        assert_eq!(ask(key, "s-B1", "s-other").await.status, 404);
        assert_eq!(ask(key, "b-B1", "b-other").await.status, 404);
        assert_eq!(ask(key, "g-B1", "b-other").await.status, 404);
    }
    // A code alone is asked for by those who run the boxes.
    let code = json!({ "lockbox": "g-B1", "code": "12345678", "at": WITHIN });
    assert_eq!(said(&street.decide(&street.vendor, &code).await), "-code_wrong");
    assert_eq!(street.decide(&street.keys["g-agent"], &code).await.status, 404);
}
