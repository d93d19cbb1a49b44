//! What the settings say of words, names and boards.

use serde_json::json;

use crate::town::{GULF, MEMBERS, OFFICES, Town};

const SETTINGS: &str = "/lockbox/production/tenants/gulf/import-settings";

fn members(rows: &[&str]) -> String {
    let heading = MEMBERS.lines().next().unwrap();
    rows.iter().fold(format!("{heading}\n"), |file, row| file + row + "\n")
}

/// LBX-003, LBX-005, LBX-006: a word that nobody knows quarantines its row, until the settings say what it means.
#[tokio::test]
async fn lbx_006_the_settings_say_what_foreign_words_mean_and_try_the_quarantine_again() {
    let town = Town::build().await;
    let offices =
        OFFICES.replace("O2,Bay Homes", "O3,Cape Homes,2395550300,,Naples,FL,34102,Merged\nO2,Bay Homes");
    let batch = town.import("offices", "full", &offices).await;
    assert_eq!(batch["totals"]["quarantined"], 1);
    assert_eq!(town.findings(&batch).await, ["3 O3 OfficeStatus unmapped_status"]);
    let file = members(&[
        "M1,,,1,Mary,Smith,239-555-0101,mary@gulf.example,O1,Active,Active,Active",
        "M2,,,4,Ann,Jones,239-555-0101,ann@gulf.example,O1,Active,Active,Active",
    ]);
    let batch = town.import("members", "full", &file).await;
    assert_eq!(batch["totals"]["quarantined"], 2);
    assert_eq!(
        town.findings(&batch).await,
        ["2 M1 MemberType unmapped_type", "3 M2 MemberType unmapped_type"]
    );
    assert!(town.told("LockboxUser", &["MemberMlsId"]).await.is_empty());
    let settings = json!({
        "userTypes": { "1": "Administrator", "2": "Broker", "3": "Office Staff", "4": "Agent" },
        "statuses": { "offices": { "merged": "terminated" } },
    });
    let answer = town.put(SETTINGS, &settings).await;
    assert_eq!((answer.status.as_u16(), answer.json()["retried"].as_array().unwrap().len()), (200, 2));
    town.door.run_imports().await.unwrap();
    let types = ["MemberMlsId", "LockboxUserType"];
    assert_eq!(town.told("LockboxUser", &types).await, ["M1|Administrator", "M2|Agent"]);
    assert_eq!(town.told("Office", &["OfficeMlsId", "OfficeStatus"]).await[2], "O3|Inactive");
    assert_eq!(town.get(&town.operator, &format!("{GULF}/quarantine")).await.json()["count"], 0);
    // Every later import knows them, too.
    let again = town.import("members", "full", &file).await;
    assert_eq!((&again["totals"]["quarantined"], &again["totals"]["unchanged"]), (&json!(0), &json!(2)));
}

/// LBX-007, LBX-008, LBX-009, LBX-010: names and addresses among everybody.
#[tokio::test]
async fn lbx_009_names_and_addresses_are_everybodys() {
    let town = Town::build().await;
    town.import("offices", "full", OFFICES).await;
    let heading = "MemberMlsId,MemberType,MemberFirstName,MemberLastName,MemberEmail,OfficeMlsId,MemberStatus,User Name\n";
    let file = |rows: &str| format!("{heading}{rows}");
    let one = "A1,Agent,Mary,Smith,mary@gulf.example,O1,Active,MSmith\n";
    let two = "A2,Agent,Moe,Smith, MARY@Gulf.example ,O1,Active,msmith\n";
    let three = "A3,Agent,Max,Smith,,O1,Active,MSMITH\nA4,Agent,Mia,Smith,,O1,Active,MSmith\n";
    let mail = "A5,Agent,Kim,Lee,,O1,Active,kim@gulf.example\nA6,Agent,Kay,Lee,,O1,Active,kim@gulf.example\n";
    let batch = town.import("members", "full", &file(&[one, two, three, mail].concat())).await;
    let findings = town.findings(&batch).await;
    assert!(findings.contains(&"3 A2 MemberEmail email_not_unique".to_owned()), "{findings:#?}");
    assert!(findings.contains(&"7 A6 MemberLoginId user_name_taken".to_owned()), "{findings:#?}");
    let names = ["MemberMlsId", "LockboxUserName"];
    let expect = ["A1|MSmith", "A3|MSMITH-999", "A4|MSmith-999-2", "A5|kim@gulf.example"];
    assert_eq!(town.told("LockboxUser", &names).await, expect);
    // The first one goes, another comes before the others: nobody's name changes.
    let file = file(&[three, "A0,Agent,Moe,Smith,,O1,Active,msmith\n", mail].concat());
    town.import("members", "incremental", &file).await;
    let expect = ["A0|msmith-999-3", "A1|MSmith", "A3|MSMITH-999", "A4|MSmith-999-2", "A5|kim@gulf.example"];
    assert_eq!(town.told("LockboxUser", &names).await, expect);
    // An address is another tenant's as well.
    let file = format!(
        "{heading}B1,Agent,Mary,Smith,mary@gulf.example,O1,Active,\nB2,Agent,M,Smith,,O1,Active,MSmith\n"
    );
    let bay = "/lockbox/production/tenants/bay";
    let batch = town.import_to(bay, "members", "full", ("m.csv", &file)).await;
    assert_eq!(batch["totals"]["quarantined"], 1, "{batch:#}");
    assert!(town.told("LockboxUser", &names).await.contains(&"B2|MSmith-120".to_owned()));
    // Staging shares nothing with it.
    let batch = town.import_to("/lockbox/staging/tenants/bay", "members", "full", ("m.csv", &file)).await;
    assert_eq!(batch["totals"]["added"], 2, "{batch:#}");
}

/// LBX-014, LBX-015, LBX-016, LBX-017: boards.
#[tokio::test]
async fn lbx_014_boards_are_told_apart_or_the_file_is_refused() {
    let town = Town::build().await;
    let file = |rows: &[(&str, &str)]| {
        let heading = "OfficeMlsId,OfficeName,OfficeStatus,OfficeAOR\n".to_owned();
        rows.iter().fold(heading, |file, (id, board)| file + id + ",An office,Active," + board + "\n")
    };
    // One board that is not said comes in, with a warning.
    let batch = town.import("offices", "full", &file(&[("O1", ""), ("O2", "")])).await;
    assert_eq!(batch["status"], "Applied");
    assert!(batch["alerts"][0].as_str().unwrap().contains("board_id_missing"), "{batch:#}");
    // A second board beside it is refused until somebody says whose the first records are.
    let two = json!({ "boards": ["North", "South"] });
    let answer = town.put(SETTINGS, &two).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["error"]["code"]), (409, &json!("board_id_missing")));
    let answer = town.put(SETTINGS, &json!({ "boards": ["North", "South"], "defaultBoard": "North" })).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    // Rows of two boards, and one that says none: none is taken.
    let before = town.told("Office", &["OfficeMlsId"]).await;
    let batch = town.import("offices", "full", &file(&[("O1", "North"), ("O1", "South"), ("O3", "")])).await;
    assert_eq!((&batch["status"], &batch["fault"]["code"]), (&json!("Failed"), &json!("board_id_missing")));
    assert_eq!(town.told("Office", &["OfficeMlsId"]).await, before);
    // The same id in two boards is two offices; the one that was there is North's.
    let rows = [("O1", "North"), ("O2", "North"), ("O1", "South")];
    let batch = town.import("offices", "full", &file(&rows)).await;
    assert_eq!(batch["totals"]["added"], 1, "{batch:#}");
    assert_eq!(
        town.told("Office", &["OfficeMlsId", "OfficeAOR", "OfficeKey"]).await,
        ["O1|North|gulf-production::O1", "O1|South|gulf-production:South:O1", "O2|North|gulf-production::O2"]
    );
    // A file of another board is refused.
    let batch = town.import("offices", "full", &file(&[("O1", "East")])).await;
    assert_eq!(batch["fault"]["code"], "board_unknown");
    // A full file of one board terminates nothing of the other.
    let batch = town.import("offices", "full", &file(&[("O1", "South")])).await;
    assert_eq!(
        (&batch["totals"]["terminated"], &batch["totals"]["unchanged"]),
        (&json!(0), &json!(1)),
        "{batch:#}"
    );
}

/// LBX-017: so it is with members.
#[tokio::test]
async fn lbx_017_one_id_in_two_boards_is_two_users() {
    let town = Town::build().await;
    let heading =
        "MemberMlsId,MemberType,MemberFirstName,MemberLastName,OfficeMlsId,MemberStatus,MemberAOR\n";
    let rows = "7,Agent,Ann,Lee,O1,Active,North\n7,Broker,Bob,Lee,O1,Active,South\n";
    let batch = town.import("members", "full", &format!("{heading}{rows}")).await;
    assert_eq!(batch["totals"]["added"], 2, "{batch:#}");
    assert_eq!(
        town.told("LockboxUser", &["MemberMlsId", "BoardId", "LockboxUserName"]).await,
        ["7|North|ALee", "7|South|BLee"]
    );
}

#[tokio::test]
async fn settings_that_mean_nothing_are_refused_each_by_name() {
    let town = Town::build().await;
    let check = async |settings: serde_json::Value, status: u16, word: &str| {
        let answer = town.put(SETTINGS, &settings).await;
        assert_eq!(answer.status.as_u16(), status, "{settings} {}", answer.body);
        assert!(answer.body.contains(word), "{settings}: {}", answer.body);
    };
    check(json!({ "userTypes": { "1": "Wizard" } }), 422, "Wizard").await;
    check(json!({ "headings": { "Agent": "NoField" } }), 422, "NoField").await;
    check(json!({ "statuses": { "offices": { "x": "perhaps" } } }), 422, "perhaps").await;
    check(json!({ "statuses": { "houses": {} } }), 422, "houses").await;
    check(json!({ "boardFields": ["Nowhere"] }), 422, "Nowhere").await;
    check(json!({ "tieField": "MemberEmail" }), 422, "MemberEmail").await;
    check(json!({ "boards": ["A"], "defaultBoard": "B" }), 422, "defaultBoard").await;
    check(json!({ "surprise": 1 }), 400, "surprise").await;
    check(json!([]), 400, "body_wrong").await;
    let own = json!({ "headings": { "Agent #": "MemberMlsId" }, "boardFields": ["ListAOR"] });
    check(own.clone(), 200, "Agent #").await;
    assert_eq!(town.get(&town.operator, SETTINGS).await.json()["headings"], own["headings"]);
}
