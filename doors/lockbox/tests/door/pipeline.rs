//! The steps of an import, what stops it, and how it is undone.

use serde_json::{Value as Json, json};

use crate::town::{GULF, LISTINGS, MEMBERS, OFFICES, Town, pass};

/// So many offices, named from one on.
fn offices(numbers: std::ops::Range<usize>) -> String {
    let heading = "OfficeMlsId,OfficeName,OfficeStatus\n".to_owned();
    numbers.fold(heading, |file, number| file + &format!("O{number},Office {number},Active\n"))
}

/// LBX-061, LBX-063: every step is told with its counts, and the totals add up.
#[tokio::test]
async fn lbx_061_every_step_is_told_and_the_totals_add_up() {
    let town = Town::build().await;
    town.import("offices", "full", &offices(0..30)).await;
    let file = offices(1..33)
        .replace("Office 2,Active", "Office two,Active")
        .replace("Office 3,Active", "Office 3,Terminated")
        + "O4,Again,Active\nO99,,\n";
    let batch = town.import("offices", "full", &file).await;
    let steps: Vec<&str> =
        batch["steps"].as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect();
    assert_eq!(steps, ["fetch", "stage", "validate", "diff", "gate", "report", "apply"]);
    let totals = &batch["totals"];
    let count = |name: &str| totals[name].as_u64().unwrap();
    let parts = ["added", "changed", "unchanged", "terminated", "quarantined"].map(count);
    assert_eq!(parts, [3, 1, 27, 2, 2], "{batch:#}");
    assert_eq!(count("rows") + count("absent"), parts.iter().sum::<u64>());
    // What it wrote, its own record last, is one piece of the log of one instant: one transaction.
    let log = town.store.follow(0, 10_000).await.unwrap();
    let id = batch["id"].as_str().unwrap();
    let is = |name: &str, change: &store::Change| town.dictionary.known(name).id == change.resource;
    let wrote: Vec<_> = log
        .iter()
        .filter(|change| change.actor.contains(id))
        .skip_while(|change| is("ImportBatch", change))
        .collect();
    assert!(wrote.windows(2).all(|pair| pair[1].sequence == pair[0].sequence + 1));
    assert!(is("ImportBatch", wrote.last().unwrap()));
    assert_eq!(wrote.iter().filter(|change| is("Office", change)).count(), 3 + 1 + 2);
    // Every fault of a row is told, with a hint.
    let path = format!("{GULF}/imports/{}/report", batch["id"].as_str().unwrap());
    let report = town.get(&town.operator, &path).await.json();
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().all(|one| !one["hint"].as_str().unwrap().is_empty()));
    assert_eq!(
        town.findings(&batch).await,
        [
            "34 O4 OfficeMlsId duplicate_id",
            "35 O99 OfficeName required_missing",
            "35 O99 OfficeStatus required_missing",
            "0 O0 OfficeMlsId absent",
        ]
    );
    let csv = town.get(&town.operator, &format!("{path}?format=csv")).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let lines: Vec<&str> = csv.body.lines().collect();
    assert_eq!(lines[0], "row,key,field,code,severity,value,message,hint");
    assert_eq!(lines.len(), 1 + findings.len());
    assert!(lines[1].starts_with("34,O4,OfficeMlsId,duplicate_id,error,O4,"), "{}", lines[1]);
}

/// LBX-062: a row that lacks what it must have is quarantined with all its errors.
#[tokio::test]
async fn lbx_062_what_is_required_is_required() {
    let town = Town::build().await;
    let check = async |part: &str, heading: &str, row: &str, expect: &[&str]| {
        let batch = town.import(part, "incremental", &format!("{heading}\n{row}\n")).await;
        assert_eq!(batch["totals"]["quarantined"], 1, "{batch:#}");
        let findings = town.findings(&batch).await;
        let errors: Vec<&str> = findings
            .iter()
            .filter(|one| one.ends_with("required_missing"))
            .map(|one| one.rsplit(' ').nth(1).unwrap())
            .collect();
        assert_eq!(errors, expect, "{part}");
    };
    check("offices", "OfficeMlsId,OfficeName,OfficeStatus", ",,x", &["OfficeMlsId", "OfficeName"]).await;
    let heading = "MemberMlsId,MemberFirstName,MemberLastName,MemberType,OfficeMlsId,MemberStatus";
    let all = ["MemberFirstName", "MemberLastName", "MemberType", "OfficeMlsId", "MemberStatus"];
    check("members", heading, "M1,,,,,", &all).await;
    let heading = "ListingId,ListAgentMlsId,StreetName,City,MlsStatus";
    check("listings", heading, "L1,,,,", &["ListAgentMlsId", "City", "MlsStatus", "StreetName"]).await;
    let heading = "ListingId,ListAgentMlsId,UnparsedAddress,City,MlsStatus";
    check("listings", heading, "L1,M1,1 Gulf Dr,,Active", &["City"]).await;
}

/// LBX-064: rows stay in quarantine, are told with all that is wrong, and are tried again one by one or all.
#[tokio::test]
async fn lbx_064_quarantined_rows_are_tried_again_one_by_one_or_all() {
    let town = Town::build().await;
    town.import("offices", "full", OFFICES).await;
    let heading = MEMBERS.lines().next().unwrap();
    let file = format!(
        "{heading}\nM1,,,Wizard,Mary,Smith,,,O1,Active,Active,Active\nM2,,,Wizard,Ann,Jones,,,O1,Active,Active,Active\n"
    );
    town.import("members", "full", &file).await;
    let list = async || town.get(&town.operator, &format!("{GULF}/quarantine?part=members")).await.json();
    let held = list().await;
    assert_eq!(held["count"], 2);
    let first = &held["items"][0];
    assert_eq!((&first["key"], &first["cells"]["MEMBERTYPE"]), (&json!("M1"), &json!("Wizard")));
    assert_eq!(first["findings"][0]["code"], "unmapped_type");
    let path = format!("{GULF}/quarantine/{}", first["id"].as_str().unwrap().replace('|', "%7C"));
    assert_eq!(town.get(&town.operator, &path).await.json(), *first);
    // Tried as it is, it is where it was.
    assert_eq!(town.post(&format!("{path}/retry"), "").await.status, 202);
    town.door.run_imports().await.unwrap();
    assert_eq!(list().await["count"], 2);
    // Another tenant does not see it.
    let elsewhere = path.replace("/gulf/", "/bay/");
    assert_eq!(town.get(&town.operator, &elsewhere).await.status, 404);
    // Corrected by a mapping, all are applied.
    let settings = json!({ "userTypes": { "wizard": "Agent" } });
    assert_eq!(town.put(&format!("{GULF}/import-settings"), &settings).await.status, 200);
    town.door.run_imports().await.unwrap();
    assert_eq!(list().await["count"], 0);
    assert_eq!(town.told("LockboxUser", &["MemberMlsId"]).await, ["M1", "M2"]);
    assert_eq!(town.post(&format!("{GULF}/quarantine/retry"), "").await.json()["items"], json!([]));
}

/// LBX-066: what an incremental file does not hold stays; what a full one does not is terminated.
#[tokio::test]
async fn lbx_066_only_a_full_import_terminates_what_is_absent() {
    let town = Town::build().await;
    town.people().await;
    town.import("listings", "full", LISTINGS).await;
    let part = |file: &str, without: &str| {
        file.lines()
            .filter(|line| !line.starts_with(without))
            .fold(String::new(), |all, line| all + line + "\n")
    };
    for (file, gone) in [(MEMBERS, "M2,"), (LISTINGS, "L1,"), (OFFICES, "O2,")] {
        let name = if gone == "M2," {
            "members"
        } else if gone == "L1," {
            "listings"
        } else {
            "offices"
        };
        let batch = town.import(name, "incremental", &part(file, gone)).await;
        assert_eq!(
            (&batch["totals"]["terminated"], &batch["totals"]["absent"]),
            (&json!(0), &json!(0)),
            "{name}"
        );
    }
    let batch = town.import("members", "full", &part(MEMBERS, "M2,")).await;
    // One of three and no more rows than a third fewer: the gate.
    assert_eq!(batch["status"], "Waiting", "{batch:#}");
    approve(&town, &batch).await;
    assert_eq!(town.told("Member", &["MemberMlsId", "MemberStatus"]).await[1], "M2|Inactive");
    assert_eq!(town.told("LockboxUser", &["MemberMlsId", "AccountStatus"]).await[1], "M2|Inactive");
    let batch = town.import("listings", "full", &part(LISTINGS, "L1,")).await;
    approve(&town, &batch).await;
    let fields = ["ListingId", "StandardStatus", "MlsStatus", "OffMarketDate"];
    assert_eq!(town.told("Property", &fields).await[0], "L1|Delete|Active|2026-11-23");
    // What is there again is there again.
    let batch = town.import("listings", "full", LISTINGS).await;
    assert_eq!(batch["totals"]["changed"], 1, "{batch:#}");
    assert_eq!(town.told("Property", &fields).await[0], "L1|Active|Active|-");
}

async fn approve(town: &Town, batch: &Json) -> Json {
    let path = format!("{GULF}/imports/{}", batch["id"].as_str().unwrap());
    let word = json!({ "by": "Jane Doe", "reason": "The board has split." }).to_string();
    let answer = town.post(&format!("{path}/approve"), &word).await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    town.door.run_imports().await.unwrap();
    let batch = town.get(&town.operator, &path).await.json();
    assert_eq!(batch["status"], "Applied", "{batch:#}");
    batch
}

/// LBX-067: at the gate nothing is changed, until a named person says why it is right.
#[tokio::test]
async fn lbx_067_the_gate_waits_for_a_named_person_with_a_reason() {
    let town = Town::build().await;
    town.import("offices", "full", &offices(0..40)).await;
    let before = town.told("Office", &["OfficeMlsId", "OfficeStatus"]).await;
    let batch = town.import("offices", "full", &offices(0..29)).await;
    assert_eq!(batch["status"], "Waiting");
    assert_eq!(batch["gate"].as_array().unwrap().len(), 2, "{batch:#}");
    assert_eq!(town.told("Office", &["OfficeMlsId", "OfficeStatus"]).await, before);
    let path = format!("{GULF}/imports/{}", batch["id"].as_str().unwrap());
    let check = async |body: Json, status: u16, code: &str| {
        let answer = town.post(&format!("{path}/approve"), &body.to_string()).await;
        assert_eq!((answer.status.as_u16(), answer.json()["error"]["code"].as_str()), (status, Some(code)));
    };
    check(json!({ "by": "Jane Doe", "reason": " " }), 422, "reason_missing").await;
    check(json!({ "by": "", "reason": "It is so." }), 422, "reason_missing").await;
    check(json!({ "reason": "It is so." }), 400, "body_wrong").await;
    let done = approve(&town, &batch).await;
    assert_eq!((&done["approved"]["by"], &done["totals"]["terminated"]), (&json!("Jane Doe"), &json!(11)));
    check(json!({ "by": "Jane Doe", "reason": "Again." }), 409, "not_waiting").await;
    // One that is rejected is at an end.
    let batch = town.import("offices", "full", &offices(0..15)).await;
    let path = format!("{GULF}/imports/{}", batch["id"].as_str().unwrap());
    let word = json!({ "by": "Jane Doe", "reason": "The file is half." }).to_string();
    assert_eq!(town.post(&format!("{path}/reject"), &word).await.json()["status"], "Rejected");
    town.door.run_imports().await.unwrap();
    assert_eq!(town.get(&town.operator, &path).await.json()["status"], "Rejected");
    assert_eq!(town.post(&format!("{path}/approve"), &word).await.status, 409);
}

/// LBX-067: an approval is of what was shown: where more would go by then, it stops again.
#[tokio::test]
async fn lbx_067_an_approval_is_not_of_more_than_was_shown() {
    let town = Town::build().await;
    town.import("offices", "full", &offices(0..40)).await;
    let batch = town.import("offices", "full", &offices(0..29)).await;
    // More offices come before somebody approves: they would go, too.
    town.import("offices", "incremental", &offices(50..55)).await;
    let path = format!("{GULF}/imports/{}", batch["id"].as_str().unwrap());
    let word = json!({ "by": "Jane Doe", "reason": "Eleven have closed." }).to_string();
    assert_eq!(town.post(&format!("{path}/approve"), &word).await.status, 202);
    town.door.run_imports().await.unwrap();
    let again = town.get(&town.operator, &path).await.json();
    assert_eq!(
        (&again["status"], &again["totals"]["terminated"]),
        (&json!("Waiting"), &json!(16)),
        "{again:#}"
    );
}

/// LBX-068 and every bad file: nothing is applied by halves, and the batch says what was wrong.
#[tokio::test]
async fn lbx_068_a_bad_file_changes_nothing_and_alerts() {
    let town = Town::build().await;
    town.people().await;
    let records = async || {
        let mut all = town.told("Member", &["MemberMlsId", "MemberStatus"]).await;
        all.extend(town.told("Office", &["OfficeMlsId", "OfficeStatus"]).await);
        all
    };
    let before = records().await;
    let check = async |name: &str, file: &str, code: &str| {
        let batch = town.import_to(GULF, "members", "full", (name, file)).await;
        assert_eq!(
            (&batch["status"], &batch["fault"]["code"]),
            (&json!("Failed"), &json!(code)),
            "{name}: {batch:#}"
        );
        assert!(!batch["alerts"].as_array().unwrap().is_empty());
        assert_eq!(records().await, before, "{name}");
    };
    check("m.csv", "MEMBERMLSID,MEMBERTYPE\n", "file_empty").await;
    check("m.csv", "<html><body>502 Bad Gateway</body></html>\n", "headings_unknown").await;
    check("m.json", r#"{"error":{"code":"500","message":"Something went wrong"}}"#, "json_no_list").await;
    check("m.json", r#"[{"MemberMlsId":"M1"},{"MemberMl"#, "file_cut_off").await;
    check(
        "m.json",
        r#"{"value":[{"MemberMlsId":"M1"}],"@odata.nextLink":"https://x.example/2"}"#,
        "file_partial",
    )
    .await;
    check("m.csv", OFFICES, "headings_unknown").await;
    check("m.csv", &MEMBERS.replace("Bob,Stone", "\"Bob,Stone"), "quote_unclosed").await;
    // What is empty does not even become a batch.
    let path = format!("{GULF}/imports?part=members&mode=full");
    let answer = town.post(&path, "").await;
    assert_eq!((answer.status.as_u16(), answer.json()["error"]["code"].as_str()), (400, Some("file_empty")));
    assert_eq!(records().await, before);
    // Half a file in whole rows is what the gate is for.
    let half = MEMBERS.rsplit_once("M2").unwrap().0;
    assert_eq!(town.import("members", "full", half).await["status"], "Waiting");
    assert_eq!(records().await, before);
}

/// LBX-069: a batch is undone as a whole within 7 days.
#[tokio::test]
async fn lbx_069_a_batch_is_undone_as_a_whole() {
    let town = Town::build().await;
    town.people().await;
    let fields = ["MemberMlsId", "MemberLastName", "MemberStatus"];
    let users = ["MemberMlsId", "LockboxUserType", "AccountStatus"];
    let before = (town.told("Member", &fields).await, town.told("LockboxUser", &users).await);
    let heading = MEMBERS.lines().next().unwrap();
    let file = format!(
        "{heading}\nM1,,,Agent,Mary,Gulf,,,O1,Active,Active,Terminated\nM7,,,Agent,New,One,,,O1,Active,Active,Active\n"
    );
    let batch = town.import("members", "incremental", &file).await;
    assert_ne!(town.told("Member", &fields).await, before.0);
    let path = format!("{GULF}/imports/{}/undo", batch["id"].as_str().unwrap());
    let word = json!({ "by": "Jane Doe", "reason": "The wrong file." }).to_string();
    let answer = town.post(&path, &word).await;
    assert_eq!(answer.json(), json!({ "restored": 4, "left": [] }), "{}", answer.body);
    assert_eq!((town.told("Member", &fields).await, town.told("LockboxUser", &users).await), before);
    let again = town.post(&path, &word).await;
    assert_eq!((again.status.as_u16(), again.json()["error"]["code"].as_str()), (409, Some("not_applied")));
    // What was touched later is listed, and left where that is asked for.
    let first = town.import("members", "incremental", &file).await;
    let path = format!("{GULF}/imports/{}/undo", first["id"].as_str().unwrap());
    town.import("members", "incremental", &file.replace("New,One", "New,Two")).await;
    let answer = town.post(&path, &word).await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()["error"]["code"].as_str()),
        (409, Some("touched_later"))
    );
    let left = json!([{ "resource": "Member", "key": "gulf-production::M7" }]);
    assert_eq!(answer.json()["error"]["details"], left);
    assert_eq!(town.told("Member", &fields).await[0], "M1|Gulf|Inactive");
    let answer = town.post(&format!("{path}?leaving=true"), &word).await;
    assert_eq!(answer.json()["left"], left, "{}", answer.body);
    assert_eq!(town.told("Member", &fields).await[0], "M1|Smith|Active");
    // After 7 days it is too late.
    let late = town.import("members", "incremental", &file).await;
    let path = format!("{GULF}/imports/{}/undo", late["id"].as_str().unwrap());
    pass(7 * 24 * 3_600 + 1);
    let answer = town.post(&path, &word).await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()["error"]["code"].as_str()),
        (409, Some("undo_too_late"))
    );
}

/// LBX-073: what has changed of the source's shape is said by name, before it is applied.
#[tokio::test]
async fn lbx_073_drift_names_its_field() {
    let town = Town::build().await;
    town.people().await;
    let check = async |file: &str, expect: &[&str]| {
        let batch = town.import("members", "incremental", file).await;
        let all = batch["alerts"].as_array().unwrap();
        let alerts: Vec<_> =
            all.iter().filter(|alert| !alert.as_str().unwrap().contains("board_id_missing")).collect();
        for word in expect {
            assert!(alerts.iter().any(|alert| alert.as_str().unwrap().contains(word)), "{word}: {batch:#}");
        }
        assert_eq!(alerts.len(), expect.len(), "{batch:#}");
    };
    check(MEMBERS, &[]).await;
    check(&MEMBERS.replace("MEMBERSTATELICENCE", "Nothing"), &["MEMBERSTATELICENCE"]).await;
    check(MEMBERS, &[]).await;
    check(&MEMBERS.replace("Office Staff", "Wizard"), &["MemberType"]).await;
    check(MEMBERS, &["MemberType"]).await;
    check(&MEMBERS.replace("261000002", "N/A"), &["MEMBERNATIONALASSOCIATIONID"]).await;
}

/// LBX-074: two imports of one tenant never run at once; a lease that nobody renews ends.
#[tokio::test]
async fn lbx_074_two_imports_of_a_tenant_never_run_at_once() {
    let town = Town::build().await;
    let name = "lockbox-import/production/gulf";
    let minute = std::time::Duration::from_secs(60);
    let now = crate::town::now();
    let lease = town.store.take_lease(name, "another node", minute, now).await.unwrap();
    assert!(lease.is_some());
    let batch = town.import("offices", "full", OFFICES).await;
    assert_eq!(batch["status"], "Received", "{batch:#}");
    assert!(town.told("Office", &["OfficeMlsId"]).await.is_empty());
    // Another tenant does not wait.
    let other =
        town.import_to("/lockbox/production/tenants/bay", "offices", "full", ("o.csv", OFFICES)).await;
    assert_eq!(other["status"], "Applied");
    pass(61);
    town.door.run_imports().await.unwrap();
    assert_eq!(town.told("Office", &["OfficeMlsId"]).await, ["O1", "O2"]);
}
