//! What an import makes of the seed's files, and of them again.

use serde_json::json;

use crate::town::{LISTINGS, MEMBERS, OFFICES, Town};

/// LBX-001, LBX-002, LBX-003, LBX-004, LBX-005: the seed's files come in as they are.
#[tokio::test]
async fn lbx_001_the_seeds_files_come_in_without_a_word_of_settings() {
    let town = Town::build().await;
    town.people().await;
    let listings = town.import("listings", "full", LISTINGS).await;
    assert_eq!(listings["status"], "Applied", "{listings:#}");
    let offices = town
        .told("Office", &["OfficeKey", "OfficeMlsId", "OfficePhone", "OfficePhoneExt", "OfficeStatus"])
        .await;
    assert_eq!(
        offices,
        ["gulf-production::O1|O1|239-555-0100|-|Active", "gulf-production::O2|O2|239-555-0200|7|Active"]
    );
    let members = ["MemberMlsId", "MemberStateLicense", "MemberStatus", "OfficeKey", "MemberLoginId"];
    assert_eq!(
        town.told("Member", &members).await,
        [
            "M1|SL1|Active|gulf-production::O1|mary@gulf.example",
            "M2|SL2|Active|gulf-production::O1|ann@gulf.example",
            "M3|SL3|Active|gulf-production::O2|BStone",
        ]
    );
    let listings =
        ["ListingId", "ListAgentKey", "CoListAgentKey", "ListOfficeKey", "StandardStatus", "ListPrice"];
    assert_eq!(
        town.told("Property", &listings).await,
        [
            "L1|gulf-production::M1|-|gulf-production::O1|Active|1250000",
            "L2|gulf-production::M2|gulf-production::M1|gulf-production::O1|Coming Soon|525000",
        ]
    );
    let more = ["CountyOrParish", "SubdivisionName", "PhotosCount", "OriginatingSystemKey", "OnMarketDate"];
    assert_eq!(
        town.told("Property", &more).await,
        ["Collier|-|0|900002|2026-12-01", "Collier|Old Naples|12|900001|2026-11-01"]
    );
}

/// LBX-004: three statuses, and each says only what it is about.
#[tokio::test]
async fn lbx_004_account_lockbox_and_showing_service_are_apart() {
    let town = Town::build().await;
    town.people().await;
    let fields =
        ["MemberMlsId", "LockboxUserType", "AccountStatus", "LockboxServiceStatus", "ShowingServiceStatus"];
    assert_eq!(
        town.told("LockboxUser", &fields).await,
        [
            "M1|Broker|Active|Active|Active",
            "M2|Agent|Active|Active|Inactive",
            "M3|Office Staff|Active|Inactive|Active"
        ]
    );
    let ended = MEMBERS.replace(
        "M1,261000001,SL1,Broker,Mary,Smith,239-555-0101,mary@gulf.example,O1,Active,Active,Active",
        "M1,261000001,SL1,Broker,Mary,Smith,239-555-0101,mary@gulf.example,O1,Active,Active,Terminated",
    );
    let batch = town.import("members", "incremental", &ended).await;
    assert_eq!(batch["totals"]["terminated"], 1, "{batch:#}");
    assert_eq!(town.told("LockboxUser", &fields).await[0], "M1|Broker|Inactive|Active|Active");
}

/// LBX-065: the same file again changes nothing, whatever was wrong with it.
#[tokio::test]
async fn lbx_065_the_same_file_twice_changes_nothing() {
    let town = Town::build().await;
    let members = format!("{MEMBERS}M4,,,Wizard,Zed,Zeta,1,zed@gulf.example,O9,x,x,Active\n");
    for (part, file) in [("offices", OFFICES), ("members", &members), ("listings", LISTINGS)] {
        let first = town.import(part, "full", file).await;
        assert_eq!(first["status"], "Applied", "{first:#}");
        let resources = ["Office", "Member", "Property", "LockboxUser", "QuarantinedRow", "ImportSetting"];
        let versions = async || {
            let mut all = Vec::new();
            for resource in resources {
                let feed = if town.dictionary.known(resource).find("TenantId").is_some() {
                    "freehold"
                } else {
                    "gulf-production"
                };
                let own = town.dictionary.known(resource);
                let scan = store::Scan { resource: own.id, feed: Some(feed.into()), after: None, limit: 100 };
                all.extend(
                    town.store.scan(scan).await.unwrap().into_iter().map(|one| (one.key, one.sequence)),
                );
            }
            all
        };
        let before = versions().await;
        let again = town.import(part, "full", file).await;
        assert_eq!(versions().await, before, "{part}");
        let totals = &again["totals"];
        assert_eq!(totals["unchanged"], first["totals"]["added"], "{again:#}");
        assert_eq!(
            (&totals["added"], &totals["changed"], &totals["terminated"]),
            (&json!(0), &json!(0), &json!(0))
        );
    }
}

/// LBX-011, LBX-012, LBX-013: who a listing's agents are.
#[tokio::test]
async fn lbx_011_a_listing_waits_unassigned_for_its_agent() {
    let town = Town::build().await;
    town.import("offices", "full", OFFICES).await;
    town.import("members", "full", MEMBERS.rsplit_once("M3").unwrap().0).await;
    let more = format!("{LISTINGS}L3,M3,M9,30,Gulf,Dr,Naples,FL,34102,,,1,Active,,,,,,,\n");
    let batch = town.import("listings", "full", &more).await;
    assert_eq!(batch["totals"]["matchRate"], 0.6667, "{batch:#}");
    let findings = town.findings(&batch).await;
    let of = |code: &str| findings.iter().filter(|one| one.ends_with(code)).cloned().collect::<Vec<_>>();
    assert_eq!(
        of("agent_not_found"),
        ["4 L3 ListAgentMlsId agent_not_found", "4 L3 CoListAgentMlsId agent_not_found"]
    );
    let fields = ["ListingId", "ListAgentMlsId", "ListAgentKey"];
    assert_eq!(town.told("Property", &fields).await[2], "L3|M3|-");
    town.import("members", "full", MEMBERS).await;
    assert_eq!(town.door.assign_arrivals().await.unwrap(), 1);
    assert_eq!(town.told("Property", &fields).await[2], "L3|M3|gulf-production::M3");
    // The co-listing agent is still nobody, and comes by another door.
    let co = ["ListingId", "CoListAgentKey"];
    assert_eq!(town.told("Property", &co).await[2], "L3|-");
    let fields = [("MemberKey", Some("another-key".into())), ("MemberMlsId", Some("M9".into()))];
    let mut batch = store::Batch::new("another door", crate::town::now());
    let member = dictionary::named(town.dictionary.known("Member"), fields);
    batch.operations.push(store::Operation::put("gulf-production", member));
    town.store.write(batch).await.unwrap();
    assert_eq!(town.door.assign_arrivals().await.unwrap(), 1);
    assert_eq!(town.told("Property", &co).await[2], "L3|another-key");
    assert_eq!(town.door.assign_arrivals().await.unwrap(), 0);
}

/// LBX-013: members of one system and listings of another are tied by a field that both have.
#[tokio::test]
async fn lbx_013_another_field_ties_listings_to_members() {
    let town = Town::build().await;
    town.people().await;
    let settings = json!({ "tieField": "MemberNationalAssociationId" });
    assert_eq!(town.put(&format!("{}/import-settings", crate::town::GULF), &settings).await.status, 200);
    let by_nrds = LISTINGS.replace("L1,M1,", "L1,261000001,").replace("L2,M2,M1", "L2,261000009,");
    let batch = town.import("listings", "full", &by_nrds).await;
    assert_eq!(batch["totals"]["matchRate"], 0.5, "{batch:#}");
    assert_eq!(
        town.told("Property", &["ListingId", "ListAgentKey"]).await,
        ["L1|gulf-production::M1", "L2|-"]
    );
}

/// LBX-020: photos are due when they come, and when their stamp or their count changes; never else.
#[tokio::test]
async fn lbx_020_photos_are_due_when_their_stamp_or_count_changes() {
    let town = Town::build().await;
    town.people().await;
    let check = async |file: &str, expect: &[&str]| {
        let batch = town.import("listings", "full", file).await;
        let path = format!("{}/imports/{}/report", crate::town::GULF, batch["id"].as_str().unwrap());
        let report = town.get(&town.operator, &path).await.json();
        let due: Vec<String> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["code"] == "photos_due")
            .map(|one| one["value"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(due, expect);
    };
    check(LISTINGS, &["900001"]).await;
    check(LISTINGS, &[]).await;
    check(&LISTINGS.replace("$1,250,000", "$1,200,000"), &[]).await;
    check(&LISTINGS.replace("900001,12,2026-11-01T10", "900001,12,2026-11-02T10"), &["900001"]).await;
    check(&LISTINGS.replace("900001,12,2026-11-01T10", "900001,13,2026-11-02T10"), &["900001"]).await;
}
