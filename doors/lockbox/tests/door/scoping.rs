//! What each type of user sees, by enumeration: every list and detail, every type, own and foreign office, team and
//! association (LBX-040 to 046).

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::street::{FEEDS, LISTINGS, Street, USERS};
use crate::town::Town;

/// Who sees which users, of the same feed.
fn users(viewer: &str) -> Vec<&'static str> {
    match viewer {
        "admin" => USERS.iter().map(|user| user.0).collect(),
        "broker" | "staff" => vec!["admin", "broker", "staff", "agent", "agent2", "affiliate", "assistant"],
        "assistant" => vec!["agent", "assistant"],
        "otherbroker" => vec!["other", "otherbroker", "otherassistant"],
        "otherassistant" => vec!["other", "otherassistant"],
        "agent" => vec!["agent"],
        "agent2" => vec!["agent2"],
        "other" => vec!["other"],
        "affiliate" => vec!["affiliate"],
        _ => unreachable!("{viewer}"),
    }
}

/// Who sees which listings and boxes.
fn numbers(viewer: &str) -> Vec<&'static str> {
    match viewer {
        "admin" => vec!["1", "2", "3"],
        "broker" | "staff" => vec!["1", "2"],
        "agent" | "assistant" => vec!["1"],
        "agent2" => vec!["2"],
        "other" | "otherbroker" | "otherassistant" => vec!["3"],
        "affiliate" => vec![],
        _ => unreachable!("{viewer}"),
    }
}

fn offices(viewer: &str) -> Vec<&'static str> {
    match viewer {
        "admin" => vec!["O1", "O2"],
        other if other.starts_with("other") => vec!["O2"],
        _ => vec!["O1"],
    }
}

/// The index holds what the store does.
async fn indexed(town: &Town) {
    let head = town.store.head().await.unwrap();
    town.search.watch().wait_for(|applied| *applied >= head).await.unwrap();
}

fn keys(answer: &Json, member: &str) -> BTreeSet<String> {
    assert_eq!(answer["next"], json!(null));
    answer["items"].as_array().unwrap().iter().map(|item| item[member].as_str().unwrap().to_owned()).collect()
}

/// LBX-046: none of the six types is shown anything of a foreign office, a foreign team or a foreign association, in
/// any list or detail. LBX-040 to 045: and each is shown what it may see.
#[tokio::test]
async fn lbx_046_every_list_and_detail_for_every_type() {
    let street = Street::build(&["*"]).await;
    indexed(&street.town).await;
    assert_eq!(street.keys.len(), FEEDS.len() * USERS.len());
    for (prefix, tenant, environment) in FEEDS {
        let mine = format!("/lockbox/{environment}/tenants/{tenant}");
        for (viewer, ..) in USERS {
            let key = &street.keys[&format!("{prefix}-{viewer}")];
            let all = [
                ("users", "user", "", users(viewer), USERS.map(|user| user.0).to_vec()),
                ("offices", "office", "", offices(viewer), vec!["O1", "O2"]),
                ("listings", "listing", "L", numbers(viewer), LISTINGS.map(|listing| listing.0).to_vec()),
                ("boxes", "lockbox", "B", numbers(viewer), LISTINGS.map(|listing| listing.0).to_vec()),
            ];
            for (list, member, kind, seen, there) in all {
                let id = |prefix: &str, name: &str| format!("{prefix}-{kind}{name}");
                let answer = street.town.get(key, &format!("{mine}/{list}")).await;
                assert_eq!(answer.status, 200, "{prefix}-{viewer} {list}: {}", answer.body);
                let expect: BTreeSet<String> = seen.iter().map(|name| id(prefix, name)).collect();
                assert_eq!(keys(&answer.json(), member), expect, "{prefix}-{viewer} lists {list}");
                // Each record of each feed, at the address of each feed.
                for (of, tenant, environment) in FEEDS {
                    for (at, path) in
                        [(prefix, &mine), (of, &format!("/lockbox/{environment}/tenants/{tenant}"))]
                    {
                        for name in &there {
                            let answer =
                                street.town.get(key, &format!("{path}/{list}/{}", id(of, name))).await;
                            let expect = of == prefix && at == prefix && seen.contains(name);
                            let status = if expect { 200 } else { 404 };
                            assert_eq!(
                                answer.status,
                                status,
                                "{prefix}-{viewer}: {path}/{list}/{}",
                                id(of, name)
                            );
                        }
                    }
                    if of != prefix {
                        let foreign = format!("/lockbox/{environment}/tenants/{tenant}/{list}");
                        assert_eq!(
                            street.town.get(key, &foreign).await.status,
                            404,
                            "{prefix}-{viewer}: {foreign}"
                        );
                    }
                }
            }
        }
    }
}

/// Pages, one after the other, hold each record once.
#[tokio::test]
async fn pages_are_walked() {
    let street = Street::build(&["admin"]).await;
    indexed(&street.town).await;
    for (list, member, count) in [
        ("users", "user", 10_usize),
        ("listings", "listing", 3),
        ("boxes", "lockbox", 3),
        ("offices", "office", 2),
    ] {
        let (mut found, mut after, mut pages) = (Vec::new(), String::new(), 0_usize);
        loop {
            let path = format!("/lockbox/production/tenants/gulf/{list}?limit=2&after={after}");
            let page = street.town.get(&street.keys["g-admin"], &path).await.json();
            found.extend(
                page["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|item| item[member].as_str().unwrap().to_owned()),
            );
            pages += 1;
            match page["next"].as_str() {
                Some(next) => after = next.to_owned(),
                None => break,
            }
        }
        assert_eq!((found.len(), pages), (count, count.div_ceil(2)), "{list}: {found:?}");
        found.dedup();
        assert_eq!(found.len(), count);
    }
    for wrong in ["limit=0", "limit=1001", "limit=x", "more=1", "limit=2&limit=2"] {
        let path = format!("/lockbox/production/tenants/gulf/users?{wrong}");
        assert_eq!(street.town.get(&street.keys["g-admin"], &path).await.status, 400, "{wrong}");
    }
}

/// LBX-004, LBX-091: who is not in good standing sees nothing, in whichever record that stands.
#[tokio::test]
async fn lbx_041_who_is_not_in_good_standing_sees_nothing() {
    let street = Street::build(&["broker"]).await;
    indexed(&street.town).await;
    let path = "/lockbox/production/tenants/gulf/users";
    let count = async || {
        street.town.get(&street.keys["g-broker"], path).await.json()["items"].as_array().unwrap().len()
    };
    assert_eq!(count().await, 7);
    for (resource, key, field) in [
        ("LockboxUser", "g-broker", "AccountStatus"),
        ("LockboxUser", "g-broker", "LockboxServiceStatus"),
        ("Member", "g-M-broker", "MemberStatus"),
        ("Office", "g-O1", "OfficeStatus"),
    ] {
        street.change(resource, key, field, Some("Inactive".into())).await;
        assert_eq!(count().await, 0, "{resource}.{field}");
        street.change(resource, key, field, Some("Active".into())).await;
    }
    // A broker who moves sees the new office, and no longer the old one (LBX-041).
    street.change("Member", "g-M-broker", "OfficeKey", Some("g-O2".into())).await;
    assert_eq!(count().await, 4);
}

/// LBX-040: an administrator authorises users for an account, of the own association; nobody else does.
#[tokio::test]
async fn lbx_040_an_administrator_authorises_accounts() {
    let street = Street::build(&["*"]).await;
    let path = "/lockbox/production/tenants/gulf/users/g-agent/account";
    for (id, key) in &street.keys {
        let expect = match id.as_str() {
            "g-admin" => 200,
            "g-broker" | "g-staff" | "g-agent" | "g-assistant" => 403,
            _ => 404,
        };
        let answer = street.town.send(key, "POST", path, &json!({ "status": "Active" })).await;
        assert_eq!(answer.status, expect, "{id}: {}", answer.body);
    }
    let inactive = json!({ "status": "Inactive" });
    assert_eq!(street.town.send(&street.keys["g-admin"], "POST", path, &inactive).await.status, 200);
    assert_eq!(street.said("g-B1", "g-agent", "2026-11-23T16:00:00Z").await, "-account_inactive");
    let own = street.town.dictionary.known("LockboxUser").id;
    let history = street.town.store.history(own, "g-agent", 2).await.unwrap();
    assert_eq!((history[0].actor.as_str(), history[0].before.is_some()), ("client/g-admin", true), "HUB-005");
    assert_eq!(
        street.town.send(&street.keys["g-admin"], "POST", path, &json!({ "status": "Maybe" })).await.status,
        400
    );
}

/// LBX-042, LBX-044: a box that is assigned to an affiliate or to the staff is refused with 409; LBX-041, LBX-043:
/// brokers and agents own boxes.
#[tokio::test]
async fn lbx_044_a_box_is_assigned_to_brokers_and_agents_alone() {
    let street = Street::build(&[]).await;
    let path = "/lockbox/production/tenants/gulf/boxes/g-B1/assignment";
    for (name, kind, ..) in USERS {
        let body = json!({ "owner": format!("g-{name}"), "listing": "g-L1" });
        let answer = street.town.send(&street.administrator, "PUT", path, &body).await;
        let expect = if ["Broker", "Agent"].contains(&kind) { 200 } else { 409 };
        assert_eq!(answer.status, expect, "{name}: {}", answer.body);
        if expect == 409 {
            assert_eq!(answer.json()["error"]["code"], "owner_type_not_allowed");
        }
    }
    let check = async |body: Json, status: u16| {
        assert_eq!(
            street.town.send(&street.administrator, "PUT", path, &body).await.status,
            status,
            "{body}"
        );
    };
    check(json!({ "owner": "b-agent", "listing": "g-L1" }), 422).await;
    check(json!({ "owner": "g-agent", "listing": "b-L1" }), 422).await;
    check(json!({ "owner": "g-agent", "listing": "g-L1", "mode": "Never" }), 422).await;
    check(json!({ "owner": "g-agent", "listing": "g-L2", "mode": "Appointment Only" }), 200).await;
    let told =
        street.town.get(&street.administrator, "/lockbox/production/tenants/gulf/boxes/g-B1").await.json();
    assert_eq!(
        (&told["owner"], &told["listing"], &told["mode"]),
        (&json!("g-agent"), &json!("g-L2"), &json!("Appointment Only"))
    );
    check(json!({}), 200).await;
    assert_eq!(street.said("g-B1", "g-agent", "2026-11-23T16:00:00Z").await, "-box_unassigned");
    // Where the shackle still opens for whose it is; and it was nobody's now.
    let shackle = json!({ "lockbox": "g-B1", "user": "g-agent", "compartment": "shackle" });
    let answer = street.decide(&street.vendor, &shackle).await;
    assert_eq!(crate::street::said(&answer), "-shackle_is_the_owners");
}

/// An owner hangs the box at listings of the own side and hands it on; others do not.
#[tokio::test]
async fn lbx_043_an_owner_hangs_the_own_box() {
    let street = Street::build(&["agent", "agent2", "broker", "assistant", "staff"]).await;
    let path = "/lockbox/production/tenants/gulf/boxes/g-B1/assignment";
    let hang = async |user: &str, listing: &str| {
        let body = json!({ "owner": "g-agent", "listing": listing });
        street.town.send(&street.keys[user], "PUT", path, &body).await.status.as_u16()
    };
    assert_eq!(hang("g-agent", "g-L1").await, 200);
    assert_eq!(hang("g-agent", "g-L3").await, 403, "another agent's listing");
    assert_eq!(hang("g-broker", "g-L1").await, 403);
    assert_eq!(hang("g-assistant", "g-L1").await, 403);
    assert_eq!(hang("g-staff", "g-L1").await, 403);
    assert_eq!(hang("g-agent2", "g-L1").await, 404);
}

/// Boxes are registered by administrators, each id once.
#[tokio::test]
async fn boxes_are_registered() {
    let street = Street::build(&["admin"]).await;
    let path = "/lockbox/production/tenants/gulf/boxes";
    let new = json!({ "lockbox": "g-B7", "serial": "S-7", "mode": "Open Hours" });
    assert_eq!(street.town.send(&street.administrator, "POST", path, &new).await.status, 201);
    assert_eq!(street.town.send(&street.administrator, "POST", path, &new).await.status, 409);
    assert_eq!(street.town.send(&street.keys["g-admin"], "POST", path, &new).await.status, 403);
    let too_long = json!({ "lockbox": "x".repeat(65) });
    assert_eq!(street.town.send(&street.administrator, "POST", path, &too_long).await.status, 422);
    assert_eq!(street.said("g-B7", "g-agent", "2026-11-23T16:00:00Z").await, "-box_unassigned");
}
