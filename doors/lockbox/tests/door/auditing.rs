//! What is written down, and that nobody can touch it unseen (LBX-096, LBX-097).

use dictionary::{Named, Value};
use serde_json::{Value as Json, json};

use crate::street::{Street, said};
use crate::town::now;

const AUDIT: &str = "/lockbox/production/tenants/gulf/audit";
const WITHIN: &str = "2026-11-23T16:00:00Z";

async fn verified(street: &Street, query: &str) -> Json {
    let path = format!("{AUDIT}/verification{query}");
    let answer = street.town.get(&street.administrator, &path).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

async fn ask(street: &Street, times: usize) -> Json {
    let mut last = Json::Null;
    for _ in 0..times {
        let body = json!({ "lockbox": "g-B1", "user": "g-other", "at": WITHIN });
        last = street.decide(&street.vendor, &body).await.json();
    }
    last
}

/// LBX-096: every decision has an entry that says who asked what and what was said; tenants' chains are their own.
#[tokio::test]
async fn lbx_096_every_decision_is_written_down() {
    let street = Street::build(&[]).await;
    let receipt = ask(&street, 3).await["audit"].clone();
    assert_eq!(receipt["entry"], 3);
    let body = json!({ "lockbox": "b-B1", "user": "b-agent" });
    let elsewhere = street.decide(&street.town.operator, &body).await.json();
    assert_eq!(elsewhere["audit"]["entry"], 1, "another association's chain");
    let told = street.town.get(&street.administrator, AUDIT).await.json();
    let entries: Vec<&Json> = told["items"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|link| link["entries"].as_array().unwrap())
        .collect();
    assert_eq!(entries.len(), 3);
    let entry = entries[2];
    assert_eq!(
        (&entry["actor"], &entry["user"], &entry["lockbox"], &entry["permit"], &entry["reasons"]),
        (&json!("client/vendor"), &json!("g-other"), &json!("g-B1"), &json!(true), &json!(["showing_hours"]))
    );
    assert_eq!(told["items"][2]["hash"], receipt["hash"]);
    assert!(!told.to_string().contains("b-B1"));
    let whole = verified(&street, "").await;
    assert_eq!(
        (&whole["whole"], &whole["entries"], &whole["hash"]),
        (&json!(true), &json!(3), &receipt["hash"])
    );
    // Who looks is an administrator, and of this association.
    assert_eq!(street.town.get(&street.staff, AUDIT).await.status, 403);
    assert_eq!(street.town.get(&street.vendor, AUDIT).await.status, 403);
    assert_eq!(
        street.town.get(&street.administrator, "/lockbox/production/tenants/bay/audit").await.status,
        404
    );
}

/// LBX-096: many who ask at once share links, and each gets an entry of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn lbx_096_many_at_once_share_links() {
    let street = std::sync::Arc::new(Street::build(&[]).await);
    let asked: Vec<_> = (0..200)
        .map(|_| {
            let street = std::sync::Arc::clone(&street);
            tokio::spawn(async move { ask(&street, 1).await["audit"]["entry"].as_u64().unwrap() })
        })
        .collect();
    let mut entries = Vec::new();
    for one in asked {
        entries.push(one.await.unwrap());
    }
    entries.sort_unstable();
    assert_eq!(entries, (1..=200).collect::<Vec<u64>>());
    let whole = verified(&street, "").await;
    assert_eq!((&whole["whole"], &whole["entries"]), (&json!(true), &json!(200)));
    assert!(whole["links"].as_u64().unwrap() < 200, "none waited for another: {whole}");
}

/// LBX-096: whatever is done to a row is found: altered, taken out of the middle or off the end, swapped, put after
/// the end, made to fit by someone who can hash; and a receipt proves what a chain that was rebuilt does not hold.
#[tokio::test]
async fn lbx_096_tampering_is_found() {
    let street = Street::build(&[]).await;
    let receipt = ask(&street, 5).await["audit"].clone();
    assert_eq!(receipt["link"], 5);
    let (own, store) = (street.town.dictionary.known("LockboxAuditLink"), &street.town.store);
    let key = |link: u64| format!("gulf-production|{link}");
    let kept = async |link: u64| (*store.get(own.id, &key(link)).await.unwrap().unwrap().record).clone();
    let all = [kept(1).await, kept(2).await, kept(3).await, kept(4).await, kept(5).await];
    let put_back = async || street.write("freehold", all.to_vec()).await;
    let check = async |what: &str, link: u64, code: &str| {
        let told = verified(&street, "").await;
        assert_eq!(
            (&told["whole"], &told["broken"]["code"]),
            (&json!(false), &json!(code)),
            "{what}: {told}"
        );
        assert_eq!(told["broken"]["link"], link, "{what}");
        put_back().await;
        assert_eq!(verified(&street, "").await["whole"], true, "{what}, and put back");
    };
    let change = |record: &dictionary::Record, field: &str, value: Value| {
        let mut record = record.clone();
        dictionary::set_named(&mut record, own, field, Some(value));
        record
    };
    let text = Named { own, record: &all[2] }.text("AuditEntriesText").unwrap();
    let other = Value::from(text.replace("g-other", "g-agent"));
    street.write("freehold", vec![change(&all[2], "AuditEntriesText", other)]).await;
    check("an entry that names another", 3, "altered").await;
    let more = Value::from(format!("{text}\n{text}"));
    street.write("freehold", vec![change(&all[2], "AuditEntriesText", more)]).await;
    check("an entry more", 3, "altered").await;
    street.write("freehold", vec![change(&all[1], "AuditLinkHash", "0".repeat(64).into())]).await;
    check("a hash", 2, "altered").await;
    let remove = async |link: u64| {
        let mut batch = store::Batch::new("test", now());
        batch.operations.push(store::Operation::remove(own.id, key(link)));
        store.write(batch).await.unwrap();
    };
    remove(3).await;
    check("a link out of the middle", 3, "missing").await;
    remove(5).await;
    check("the end", 5, "missing").await;
    // Two links change places, each under the other's number.
    let swapped = [(1, 3), (3, 1)]
        .map(|(from, to): (usize, i64)| change(&all[from], "AuditLinkNumber", (to + 1).into()));
    street.write("freehold", swapped.to_vec()).await;
    check("two links swapped", 2, "altered").await;
    // Who can hash and write, and has not the key.
    let made = forged(own, &all[4], 6);
    street.write("freehold", vec![made]).await;
    let told = verified(&street, "").await;
    assert_eq!(
        (&told["broken"]["link"], &told["broken"]["code"]),
        (&json!(6), &json!("not_sealed")),
        "{told}"
    );
    remove(6).await;
    // A receipt that somebody noted: the right one, one of another chain, one beyond the end.
    let hash = receipt["hash"].as_str().unwrap();
    assert_eq!(verified(&street, &format!("?link=5&hash={hash}")).await["whole"], true);
    let wrong = verified(&street, &format!("?link=4&hash={hash}")).await;
    assert_eq!(wrong["broken"]["code"], "receipt_differs");
    let beyond = verified(&street, &format!("?link=9&hash={hash}")).await;
    assert_eq!(beyond["broken"]["code"], "receipt_beyond");
    // How far it goes is sealed: a store whose owner shortens chain and head together is found out, too.
    remove(5).await;
    let mut batch = store::Batch::new("test", now());
    let four = Named { own, record: &all[3] }.text("AuditLinkHash").unwrap();
    batch.cursors.push(("lockbox/audit/gulf-production".into(), format!("4 4 {four} {}", "0".repeat(64))));
    store.write(batch).await.unwrap();
    assert_eq!(verified(&street, "").await["broken"]["code"], "head_altered");
}

/// A link after the last, with the right hash of what it holds and a seal that was guessed.
fn forged(own: &dictionary::Resource, last: &dictionary::Record, number: i64) -> dictionary::Record {
    let words = Named { own, record: last };
    let (previous, entries) = (words.text("AuditLinkHash").unwrap(), words.text("AuditEntriesText").unwrap());
    let said = format!("1\ngulf-production\n{number}\n{number}\n1\n{previous}\n{entries}");
    let digest = ring::digest::digest(&ring::digest::SHA256, said.as_bytes());
    let hash: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut record = last.clone();
    for (field, value) in [
        ("AuditLinkNumber", Value::from(number)),
        ("FirstEntryNumber", number.into()),
        ("PreviousLinkHash", previous.into()),
        ("AuditLinkHash", hash.into()),
    ] {
        dictionary::set_named(&mut record, own, field, Some(value));
    }
    record
}

/// LBX-096: an access is a LockOrBox record of the association's feed, and an entry; one report counts once.
#[tokio::test]
async fn lbx_096_an_access_is_a_lock_or_box_record() {
    let street = Street::build(&[]).await;
    let at = "2026-11-22T11:30:00Z";
    let body = json!({ "lockbox": "g-B1", "user": "g-other", "at": "2026-11-23T03:30:00Z", "method": "Card", "id": "x-1" });
    let path = "/lockbox/accesses";
    let told = street.town.send(&street.vendor, "POST", path, &body).await;
    assert_eq!((told.status.as_u16(), &told.json()["recorded"]), (201, &json!("now")), "{}", told.body);
    assert_eq!(said_of(&told.json()), "-outside_showing_hours", "what happened is written down all the same");
    let again = street.town.send(&street.vendor, "POST", path, &body).await;
    assert_eq!((again.status.as_u16(), &again.json()["recorded"]), (200, &json!("before")));
    let own = street.town.dictionary.known("LockOrBox");
    let key = told.json()["access"].as_str().unwrap().to_owned();
    let kept = street.town.store.get(own.id, &key).await.unwrap().unwrap();
    assert_eq!(kept.feed, "gulf-production");
    let words = Named { own, record: &kept.record };
    for (field, expect) in [
        ("LockOrBoxId", "g-B1"),
        ("KeyOrCredentialId", "g-other"),
        ("ListingKey", "g-L1"),
        ("ListingId", "g-1"),
        ("ListingCity", "Chicago"),
        ("ListingTimeZone", "America/Chicago"),
        ("ShowingAgentMlsId", "g-other"),
        ("ShowingAgentFullName", "gulf production other"),
        ("ShowingOfficeName", "gulf production O2"),
    ] {
        assert_eq!(words.text(field).as_deref(), Some(expect), "{field}");
    }
    assert_eq!(words.texts("LockOrBoxAccessType"), ["Card"]);
    assert_eq!(words.instant("LockOrBoxAccessTimestamp").unwrap().to_string(), "2026-11-23T03:30:00Z");
    assert!(dictionary::check(&street.town.dictionary, &kept.record).is_empty());
    // The log names who reported it (HUB-005), and the audit has it once.
    let history = street.town.store.history(own.id, &key, 10).await.unwrap();
    assert_eq!((history.len(), history[0].actor.as_str()), (1, "client/vendor"));
    assert_eq!(verified(&street, "").await["entries"], 1);
    let ahead = json!({ "lockbox": "g-B1", "user": "g-other", "at": "2026-11-23T16:30:00Z" });
    assert_eq!(street.town.send(&street.vendor, "POST", path, &ahead).await.status, 400);
    let long_ago = json!({ "lockbox": "g-B1", "user": "g-other", "at": at });
    assert_eq!(street.town.send(&street.vendor, "POST", path, &long_ago).await.status, 400);
}

fn said_of(told: &Json) -> String {
    let codes: Vec<&str> =
        told["reasons"].as_array().unwrap().iter().map(|reason| reason["code"].as_str().unwrap()).collect();
    format!("{}{}", if told["decision"] == "permit" { "+" } else { "-" }, codes.join(" "))
}

/// LBX-097: the listing agent gets a showing notification per access, and for a decision none.
#[tokio::test]
async fn lbx_097_the_listing_agent_is_told_of_each_access() {
    let street = Street::build(&[]).await;
    assert_eq!(
        said(&street.decide(&street.vendor, &json!({ "lockbox": "g-B1", "user": "g-agent" })).await),
        "+box_owner"
    );
    let own = street.town.dictionary.known("Event");
    let events = async || {
        let log = street.town.store.follow(0, 10_000).await.unwrap();
        log.into_iter().filter(|change| change.resource == own.id).collect::<Vec<_>>()
    };
    assert!(events().await.is_empty(), "nobody has opened anything yet");
    for id in ["a", "b", "b"] {
        let body = json!({ "lockbox": "g-B1", "user": "g-other", "id": id });
        assert!(
            street.town.send(&street.vendor, "POST", "/lockbox/accesses", &body).await.status.is_success()
        );
    }
    let told = events().await;
    assert_eq!(told.len(), 2, "one per access");
    let event = outflow::Event::read(&street.town.dictionary, told[0].record.as_ref().unwrap()).unwrap();
    assert_eq!(event.topic, "realestate/listing#showing");
    assert_eq!(event.original_recipients, ["https://hub.example/pods/agent-g-M-agent/profile/card#me"]);
    let data: Json = serde_json::from_str(&event.data).unwrap();
    assert_eq!(
        (&data["object"]["listingKey"], &data["object"]["lockOrBoxId"]),
        (&json!("g-L1"), &json!("g-B1"))
    );
    assert_eq!(data["agent"], "https://hub.example/pods/agent-g-M-other/profile/card#me");
}
