//! From kickoff to live, with a simulated clock.

use http::Method;
use intake::Report;
use jiff::SignedDuration;
use serde_json::{Value as Json, json};
use testkit::Home;

use crate::association::{House, MLS, TENANT};
use crate::mls::Other;

const STAGING: &str = "east-polk.staging";
const PRODUCTION: &str = "east-polk.production";

fn counts(report: &Report) -> (u64, u64, u64, u64) {
    let of = report.of("Member").unwrap();
    (of.new, of.changed, of.unchanged, of.removed)
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(key, status)| ((*key).to_owned(), (*status).to_owned())).collect()
}

/// Makes a step that lacks what `unmet` names, and then lacks nothing: each guard is tried both ways.
async fn refused(house: &House, event: &str, unmet: &[&str]) {
    assert_eq!(house.step("staff", json!({ "event": event })).await, unmet, "{event}");
}

async fn made(house: &House, body: Json) {
    assert_eq!(house.step("staff", body.clone()).await, [""; 0], "{body}");
}

/// AMS-005, AMS-010, AMS-011, AMS-015, AMS-031, AMS-038: one tenant from kickoff to live, the MLS pulling over HTTP at the
/// planned times, on either engine.
#[tokio::test(flavor = "multi_thread")]
async fn ams_010_a_tenant_goes_from_kickoff_to_live() {
    for (home, other) in Home::each().into_iter().zip([Home::sqlite(), Home::sqlite()]) {
        from_kickoff_to_live(home, other).await;
    }
}

async fn from_kickoff_to_live(home: Home, other: Home) {
    let mut house = House::open(home).await;
    let mls = Other::open(other, &house.clock).await;
    // Kickoff: people and a month.
    refused(&house, "kick_off", &["specialist_named", "customer_named", "vendor_named"]).await;
    for (id, role) in [("sam", "Integration Specialist"), ("cleo", "Customer"), ("vera", "Vendor")] {
        let body = json!({ "TenantContactRole": role, "TenantContactName": id });
        house.put("staff", &format!("{TENANT}/contacts/{id}"), body).await;
    }
    made(&house, json!({ "event": "kick_off" })).await;
    // The vendor's files are the other suite's; here an administrator passes over them, and says why.
    let key = house.vendors_key("staging").await;
    let pass = async |event: &str| {
        let body = json!({ "event": event, "overrideReason": "files came by mail" });
        assert_eq!(house.step("admin", body).await, [""; 0], "{event}");
    };
    pass("receive_data_files").await;
    let entry = |value: &str, code: &str| json!({ "category": "status", "value": value, "displayValue": value, "vendorCode": code });
    let entries = json!({ "entries": [entry("Active", "A"), entry("Inactive", "I")] });
    let mapping = house.post("staff", &format!("{MLS}/mappings"), entries).await["MappingSetId"].clone();
    pass("complete_mapping").await;
    house.post("staff", &format!("{TENANT}/staging"), json!({})).await;
    pass("verify_staging_import").await;
    // The test: sync on in staging with its go-live now, one forced resync, the vendor's word, sync off again.
    let test = ["sync_tried", "resync_forced", "vendor_confirmed"];
    refused(&house, "pass_test_sync", &test).await;
    mls.source(&house, "staging", &key).await;
    assert_eq!(mls.pull("staging").await.unwrap_err().code, "sync_off");
    house.write(STAGING, vec![house.member("S1", "Active"), house.member("S2", "Inactive")]).await;
    let staging = format!("{MLS}/environments/staging");
    let set =
        json!({ "SyncYN": true, "GoLiveTimestamp": house.clock.now().to_string(), "MappingSetId": mapping });
    house.patch("staff", &staging, set).await;
    house.post("staff", &format!("{TENANT}/environments/staging/resyncs"), json!({})).await;
    let report = mls.pull("staging").await.unwrap();
    assert_eq!(counts(&report), (2, 0, 0, 0));
    assert_eq!(mls.members("staging").await, pairs(&[("S1", "A"), ("S2", "I")]));
    refused(&house, "pass_test_sync", &["vendor_confirmed", "sync_off"]).await;
    house.put("staff", &format!("{MLS}/checklist/vendor_confirmed"), json!({ "evidence": "a mail" })).await;
    refused(&house, "pass_test_sync", &["sync_off"]).await;
    house.patch("staff", &staging, json!({ "SyncYN": false })).await;
    made(&house, json!({ "event": "pass_test_sync" })).await;
    assert_eq!(mls.pull("staging").await.unwrap_err().code, "sync_off");
    // The appointment: tomorrow at ten.
    let key = house.vendors_key("production").await;
    let path = format!("{MLS}/environments/production/key");
    let wanted = json!({ "event": "schedule_go_live", "goLive": "2026-12-01T10:00" });
    assert_eq!(
        house.step("staff", wanted.clone()).await,
        ["customer_agreed", "mls_agreed", "write_key", "affiliate_equal"]
    );
    for rule in ["customer_agreed", "mls_agreed"] {
        house.put("staff", &format!("{MLS}/checklist/{rule}"), json!({ "evidence": "a call" })).await;
    }
    assert_eq!(house.step("staff", wanted.clone()).await, ["write_key", "affiliate_equal"]);
    house.patch("staff", MLS, json!({ "VendorAffiliateId": "EPC" })).await;
    house.post("staff", &path, json!({ "access": "Write" })).await;
    house.post("admin", &format!("{path}/approvals"), json!({})).await;
    assert_eq!(house.step("staff", wanted.clone()).await, ["write_key"]);
    house.post("second", &format!("{path}/approvals"), json!({})).await;
    made(&house, wanted).await;
    house.patch("staff", &format!("{MLS}/environments/production"), json!({ "MappingSetId": mapping })).await;
    house.write(PRODUCTION, (0..30).map(|n| house.member(&format!("P{n:02}"), "Active")).collect()).await;
    house.post("staff", &format!("{TENANT}/environments/production/resyncs"), json!({})).await;
    // Not an instant before.
    mls.source(&house, "production", &key).await;
    house.clock.set("2026-12-01T14:59:59Z".parse().unwrap());
    assert_eq!(mls.pull("production").await.unwrap_err().code, "not_live_yet");
    assert!(mls.members("production").await.is_empty());
    house.clock.set("2026-12-01T15:00:00Z".parse().unwrap());
    assert_eq!(house.door.go_live_where_due().await, 1);
    assert_eq!(counts(&mls.pull("production").await.unwrap()), (30, 0, 0, 0));
    // Noon: what has changed, and what is gone.
    house.write(PRODUCTION, vec![house.member("P03", "Inactive"), house.member("P40", "Active")]).await;
    house.remove("P04").await;
    house.clock.set("2026-12-01T17:00:00Z".parse().unwrap());
    assert_eq!(counts(&mls.pull("production").await.unwrap()), (1, 1, 0, 1));
    let sync = house.get("staff", &format!("{MLS}/environments/production/sync")).await;
    assert_eq!((&sync["planned"][0], &sync["missed"]), (&json!("2026-12-01T20:00:00Z"), &json!(0)));
    // A pause collects.
    made(&house, json!({ "event": "pause" })).await;
    house.write(PRODUCTION, vec![house.member("P05", "Inactive")]).await;
    house.clock.set("2026-12-01T20:00:00Z".parse().unwrap());
    assert_eq!(mls.pull("production").await.unwrap_err().code, "integration_paused");
    made(&house, json!({ "event": "resume" })).await;
    assert_eq!(counts(&mls.pull("production").await.unwrap()), (0, 1, 0, 0));
    // AMS-038: the same key reads the same contacts as RESO resources, and no other feed's.
    let reads = async |path: &str| {
        let (status, said) = house.ask(&key, Method::GET, path, None).await;
        assert_eq!(status, 200, "{said}");
        said["value"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["MemberKey"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    for _ in 0..200 {
        if reads("/odata/Member?$select=MemberKey&$top=100").await.len() == 30 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let changed = "/odata/Member?$filter=ModificationTimestamp%20ge%202026-12-01T15:00:00Z&$select=MemberKey";
    assert_eq!(reads(changed).await, ["P03", "P40", "P05"]);
    let (status, _) = house.ask(&key, Method::GET, "/odata/MemberAssociation?$top=1", None).await;
    assert_eq!(status, 200);
    house.restart().await;
    assert_eq!(counts(&mls.pull("production").await.unwrap()), (0, 0, 0, 0));
}

/// AMS-032: the MLS is cut off in the middle of a forced resync, the association's process ends in the middle of the
/// next pull: nothing is acknowledged, nothing is lost, and nothing is there twice.
#[tokio::test(flavor = "multi_thread")]
async fn ams_032_whoever_is_cut_off_is_offered_everything_again() {
    let mut house = House::open(Home::sqlite()).await;
    let mls = Other::open(Home::sqlite(), &house.clock).await;
    let key = house.vendors_key("staging").await;
    house.post("staff", &format!("{TENANT}/staging"), json!({})).await;
    mls.source(&house, "staging", &key).await;
    let entry =
        json!({ "category": "status", "value": "Active", "displayValue": "Active", "vendorCode": "A" });
    let mapping = house.post("staff", &format!("{MLS}/mappings"), json!({ "entries": [entry] })).await;
    let set = json!({ "SyncYN": true, "GoLiveTimestamp": house.clock.now().to_string(),
        "MappingSetId": mapping["MappingSetId"] });
    house.patch("staff", &format!("{MLS}/environments/staging"), set).await;
    let all: Vec<_> = (0..2_500).map(|n| house.member(&format!("M{n:04}"), "Active")).collect();
    house.write(STAGING, all).await;
    mls.pull("staging").await.unwrap();
    house.clock.pass(SignedDuration::from_hours(2));
    house.post("staff", &format!("{TENANT}/environments/staging/resyncs"), json!({})).await;
    house.remove("M0001").await;
    let state = format!("{MLS}/environments/staging/sync");
    for rows in [1, 2_000] {
        assert_eq!(mls.pull_until("staging", rows).await.unwrap_err().code, "canceled");
        house.clock.pass(SignedDuration::from_mins(1));
        let sync = house.get("staff", &state).await;
        assert_eq!((&sync["forcedResyncOwed"], sync["openPull"].is_u64()), (&json!(true), true));
        house.restart().await;
    }
    house.clock.pass(SignedDuration::from_mins(1));
    let report = mls.pull("staging").await.unwrap();
    let of = report.of("Member").unwrap();
    // What a cut-off run kept is found unchanged; who is gone may have gone with it.
    assert_eq!((of.read, of.new, of.changed), (2_500, 0, 0));
    let kept = mls.members("staging").await;
    assert_eq!(kept.len(), 2_499);
    assert!(kept.iter().all(|(key, status)| key != "M0001" && status == "A"));
    assert_eq!(house.get("staff", &state).await["forcedResyncOwed"], false);
    house.clock.pass(SignedDuration::from_mins(1));
    assert_eq!(mls.pull("staging").await.unwrap().rows, 0);
}
