//! The other sides: whose word counts for a field, what is reconciled, and ids that are nobody else's.

use std::collections::BTreeSet;

use console::operate::{self, Act};
use dictionary::{Text, named, set_named};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::pulls::{STAGING, member, members, town, write};
use crate::town::{MLS, TENANT, Town};

async fn lets_write(town: &Town) {
    let act = Act { actor: Text::new_static("test"), now: town.clock.now() };
    let own = town.dictionary.known("Grant");
    let write = named(own, [("AccessLevel", Some("Write".into()))]);
    let key = format!("vendor-staging|{STAGING}");
    operate::update(&town.desk, &act, "Grant", &key, &write, &[], None).await.unwrap();
}

/// AMS-037: a change from the other side is applied where the field is declared its own; elsewhere it is reported
/// and not applied, once, whoever sends it how often.
#[tokio::test]
async fn ams_037_a_conflicting_change_is_reported_and_not_applied() {
    let town = town().await;
    let own = town.dictionary.known("Member");
    let mut ann = member(&town, "M1", "Active");
    set_named(&mut ann, own, "MemberFirstName", Some("Ann".into()));
    write(&town, STAGING, vec![ann]).await;
    let change = format!("{MLS}/environments/staging/contacts/Member/M1");
    let sent = json!({ "MemberKey": "M1", "MemberStatus": "A", "MemberFirstName": "Anne",
        "MemberMlsSecurityClass": "Agent", "MemberEmail": "ann@example.org" });
    let before = town.store.head().await.unwrap();
    let refused = town.patch("vendor-staging", &change, sent.clone()).await;
    assert_eq!(refused.code(), "write_not_granted");
    assert_eq!(town.store.head().await.unwrap(), before);
    lets_write(&town).await;
    for (name, field, side) in
        [("class", "MemberMlsSecurityClass", "MLS"), ("mail", "MemberEmail", "Lockbox")]
    {
        let body = json!({ "ResourceName": "Member", "FieldName": field, "AuthoritySide": side });
        town.send("staff", "PUT", &format!("{TENANT}/field-authorities/{name}"), Some(body)).await.good();
    }
    let done = town.patch("vendor-staging", &change, sent.clone()).await.good();
    assert_eq!(done["applied"], json!(["MemberMlsSecurityClass"]));
    assert_eq!(done["unchanged"], json!(["MemberStatus"]), "what was told is no change");
    let of = |side: &str, field: &str| json!({ "FieldName": field, "AuthoritySide": side });
    assert_eq!(
        done["conflicts"],
        json!([of("Lockbox", "MemberEmail"), of("Association", "MemberFirstName")])
    );
    let kept = town.store.get(own.id, "M1").await.unwrap().unwrap();
    let text =
        |field: &str| kept.record.get(own.find(field).unwrap()).and_then(|v| v.as_text().map(str::to_owned));
    assert_eq!(text("MemberFirstName").as_deref(), Some("Ann"));
    assert_eq!((text("MemberMlsSecurityClass").as_deref(), text("MemberEmail")), (Some("Agent"), None));
    let reported =
        async || town.get("staff", &format!("{TENANT}/field-conflicts")).await.good()["value"].clone();
    let all = reported().await;
    assert_eq!(all.as_array().unwrap().len(), 2);
    assert_eq!((&all[1]["KeptValue"], &all[1]["SentValue"]), (&json!("\"Ann\""), &json!("\"Anne\"")));
    let before = town.store.head().await.unwrap();
    town.patch("vendor-staging", &change, sent).await.good();
    assert_eq!(
        (reported().await, town.store.head().await.unwrap()),
        (all, before),
        "the same again is no news"
    );
    for (path, body, expect) in [
        ("contacts/Member/M9", json!({ "MemberFirstName": "X" }), "contact_unknown"),
        ("contacts/Property/M1", json!({}), "resource_unknown"),
        ("contacts/Member/M1", json!({ "Nothing": 1 }), "unknown_field"),
    ] {
        let path = format!("{MLS}/environments/staging/{path}");
        assert_eq!(town.patch("vendor-staging", &path, body).await.code(), expect);
    }
    let wrong = json!({ "ResourceName": "Member", "FieldName": "ListPrice", "AuthoritySide": "MLS" });
    let path = format!("{TENANT}/field-authorities/x");
    assert_eq!(town.send("staff", "PUT", &path, Some(wrong)).await.code(), "field_unknown");
}

/// AMS-040: counts and fields are compared with every side, in the form in which they are told; on demand and by
/// cadence; each report is kept.
#[tokio::test]
async fn ams_040_the_sides_are_reconciled() {
    let town = town().await;
    let all = [("M1", "Active"), ("M2", "Inactive"), ("M3", "Active"), ("M4", "Courtesy")];
    members(&town, STAGING, &all).await;
    // What the MLS has, in its own codes: one differs, one is missing, one is too many; the lockbox has two.
    members(&town, "stellar", &[("stellar-M1", "A"), ("stellar-M2", "A"), ("stellar-M9", "A")]).await;
    members(&town, "boxes", &[("boxes:M1", "Active"), ("boxes:M2", "Inactive")]).await;
    let plan = format!("{TENANT}/reconciliation-plans/staging");
    let body = json!({ "TenantEnvironment": "Staging", "ReconciliationSides": ["MLS=stellar", "Lockbox=boxes"],
        "ComparedFields": ["Member.MemberStatus"], "ReconciliationCadence": "18:00" });
    town.send("staff", "PUT", &plan, Some(body)).await.good();
    let made = town.post("staff", &format!("{plan}/reconciliations"), json!({})).await.good();
    let mls = &made["sides"]["MLS"]["Member"];
    assert_eq!((&mls["here"], &mls["there"]), (&json!(3), &json!(3)), "who is held is told to nobody");
    assert_eq!(mls["byStatus"], json!({ "A": [2, 3], "I": [1, 0] }));
    assert_eq!(
        mls["differences"],
        json!([
            { "kind": "differs", "key": "M2", "field": "MemberStatus", "here": "I", "there": "A" },
            { "kind": "missing_there", "key": "M3" },
            { "kind": "missing_here", "key": "M9" },
        ])
    );
    let boxes = &made["sides"]["Lockbox"]["Member"];
    assert_eq!(
        (&boxes["missingThere"], &boxes["missingHere"], &boxes["differing"]),
        (&json!(2), &json!(0), &json!({}))
    );
    assert_eq!((&made["sides"]["MLS"]["Office"]["here"], &made["DifferencesFound"]), (&json!(0), &json!(5)));
    // By cadence: once, however long nobody worked.
    let listed =
        async || town.get("staff", &format!("{TENANT}/reconciliations")).await.good()["value"].clone();
    town.door.look().await.unwrap();
    assert_eq!(listed().await.as_array().unwrap().len(), 1);
    town.clock.pass(SignedDuration::from_hours(50));
    town.door.look().await.unwrap();
    town.door.look().await.unwrap();
    let all = listed().await;
    assert_eq!(all.as_array().unwrap().len(), 2);
    assert_eq!(
        (&all[0]["ActorName"], &all[1]["ActorName"]),
        (&json!("association/watch"), &json!("client/staff"))
    );
    let id = all[0]["ReconciliationId"].as_str().unwrap();
    let read = town.get("staff", &format!("{TENANT}/reconciliations/{id}")).await.good();
    assert_eq!(read["sides"]["MLS"]["Member"]["missingThere"], 1);
    // Members are matched by another field where both sides have keys of their own.
    let national = |key: &str, id: &str| {
        let fields = [("MemberKey", key), ("MemberNationalAssociationId", id), ("MemberStatus", "Active")];
        let fields = fields.map(|(name, value)| (name, Some(value.into())));
        named(town.dictionary.known("Member"), fields)
    };
    write(&town, STAGING, vec![national("M1", "274500001")]).await;
    write(&town, "registry", vec![national("R77", "274500001")]).await;
    let body = json!({ "TenantEnvironment": "Staging", "ReconciliationSides": ["M1=registry"],
        "MatchFieldName": "MemberNationalAssociationId" });
    let plan = format!("{TENANT}/reconciliation-plans/national");
    town.send("staff", "PUT", &plan, Some(body)).await.good();
    let made = town.post("staff", &format!("{plan}/reconciliations"), json!({})).await.good();
    assert_eq!((&made["sides"]["M1"]["Member"]["here"], &made["DifferencesFound"]), (&json!(1), &json!(0)));
    for (body, expect) in [
        (json!({}), "field_missing"),
        (json!({ "TenantEnvironment": "Staging", "ReconciliationSides": ["Moon=x"] }), "field_wrong"),
        (json!({ "TenantEnvironment": "Staging", "ComparedFields": ["Member.Nothing"] }), "field_wrong"),
        (json!({ "TenantEnvironment": "Staging", "ReconciliationCadence": "soon" }), "field_wrong"),
    ] {
        let path = format!("{TENANT}/reconciliation-plans/x");
        assert_eq!(town.send("staff", "PUT", &path, Some(body)).await.code(), expect);
    }
}

/// AMS-041: the next free id of the prefix, none twice, whoever asks at the same moment in whichever process; ids that
/// members brought with them are not given.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ams_041_ids_are_given_once() {
    let town = town().await;
    let own = town.dictionary.known("Member");
    let mut known = member(&town, "M1", "Active");
    set_named(&mut known, own, "MemberNationalAssociationId", Some("274500002".into()));
    write(&town, "east-polk.production", vec![known, member(&town, "M2", "Active")]).await;
    let path = format!("{TENANT}/nrds-ids");
    let ask = async |town: &Town, body: Json| town.post("staff", &path, body).await.good()["NrdsId"].clone();
    assert_eq!(ask(&town, json!({})).await, "274500001");
    // Two processes over one store, each asked ten times at once.
    let other = town.reopened().await;
    let mut asked = Vec::new();
    for _ in 0..10 {
        asked.push(ask(&town, json!({})));
        asked.push(ask(&other, json!({})));
    }
    let given = futures_util::future::join_all(asked).await;
    let given: BTreeSet<String> = given.iter().map(|id| id.as_str().unwrap().to_owned()).collect();
    let expect: BTreeSet<String> = (3..23).map(|number| format!("2745{number:05}")).collect();
    assert_eq!(given, expect);
    // A member keeps what they have, and gets one where they have none.
    let answer = town.post("staff", &path, json!({ "MemberKey": "M1" })).await.good();
    assert_eq!((&answer["NrdsId"], &answer["issued"]), (&json!("274500002"), &json!(false)));
    let answer = town.post("staff", &path, json!({ "MemberKey": "M2" })).await.good();
    assert_eq!((&answer["NrdsId"], &answer["issued"]), (&json!("274500023"), &json!(true)));
    let kept = town.store.get(own.id, "M2").await.unwrap().unwrap();
    let field = own.find("MemberNationalAssociationId").unwrap();
    assert_eq!(kept.record.get(field).and_then(|value| value.as_text()), Some("274500023"));
    assert_eq!(town.post("staff", &path, json!({ "MemberKey": "M2" })).await.good()["NrdsId"], "274500023");
    assert_eq!(town.post("staff", &path, json!({ "MemberKey": "M9" })).await.code(), "member_unknown");
    town.patch("admin", TENANT, json!({ "NrdsPrefix": null })).await.good();
    assert_eq!(town.post("staff", &path, json!({})).await.code(), "prefix_missing");
}
