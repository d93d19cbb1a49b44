//! Files in, contacts out: received, mapped, imported, and what was held let in by another mapping.

use serde_json::{Value as Json, json};
use store::{Scan, Stored};

use crate::town::{Answer, MLS, TENANT, Town};

/// Two files as a vendor sends them: three statuses, two classes, two types; of one agent the id is missing.
const AGENTS: &str = "Agent ID,Status,User Class,Agent Type,First Name,Last Name,Office ID,E-mail\n\
    1,A,AG,REALTOR Salesperson,Ann,One,10,ann@mls.example\n\
    2,A,BR,Participant,\"Bo,\nthe second\",Two,10,\n\
    3,S,AG,REALTOR Salesperson,Caf\u{e9},Three,11,\n\
    4,X,AG,REALTOR Salesperson,Di,Four,11,\n\
    ,A,AG,REALTOR Salesperson,Ed,Five,11,\n";
const OFFICES: &str =
    "Office ID,Status,Office Type,Name\n10,A,Main Office,First\n11,A,Branch Office,Second\n";

fn entry(category: &str, value: &str, display: &str, code: &str) -> Json {
    json!({ "category": category, "value": value, "displayValue": display, "vendorCode": code })
}

impl Town {
    async fn file(&self, kind: &str, name: &str, bytes: impl Into<axum::body::Body>) -> Answer {
        let bearer = format!("Bearer {}", self.key("staff"));
        let path = format!("{MLS}/files?kind={kind}&name={name}");
        self.ask("POST", &path, &[("authorization", &bearer)], bytes).await
    }

    async fn import(&self, place: &str, body: Json) -> Answer {
        self.post("staff", &format!("{MLS}/environments/{place}/imports"), body).await
    }

    async fn imports(&self, place: &str) -> Vec<Json> {
        let told = self.get("vendor-staging", &format!("{MLS}/environments/{place}/imports")).await.good();
        told["value"].as_array().unwrap().clone()
    }

    async fn contacts(&self, resource: &str, feed: &str) -> Vec<Stored> {
        let resource = self.dictionary.known(resource).id;
        self.store.scan(Scan { resource, feed: Some(feed.into()), after: None, limit: 100 }).await.unwrap()
    }

    fn words(&self, stored: &Stored, fields: &[&str]) -> String {
        let own = self.dictionary.resource(stored.resource);
        let read = dictionary::Named { own, record: &stored.record };
        fields
            .iter()
            .map(|field| read.text(field).unwrap_or_else(|| "-".into()).to_string())
            .collect::<Vec<_>>()
            .join("|")
    }

    /// Keeps a mapping that knows the statuses A and S.
    async fn mapped(&self, more: &[Json]) -> Json {
        let entries: Vec<Json> = [
            entry("status", "A", "Active", "ACT"),
            entry("status", "S", "Suspended", "SUS"),
            entry("userClass", "AG", "Agent", "A1"),
            entry("userClass", "BR", "Broker", "B1"),
        ]
        .into_iter()
        .chain(more.to_vec())
        .collect();
        let body = json!({ "entries": entries, "standardTypes": true });
        self.post("staff", &format!("{MLS}/mappings"), body).await.good()
    }
}

/// AMS-002, AMS-003, AMS-004: the files are kept with their hash, rows and distinct values; the guard lists what the
/// mapping lacks; the import's counts are the file's, minus the quarantine; AMS-034: another mapping lets in what was
/// held; AMS-039: production sees nothing of it.
#[tokio::test]
async fn ams_002_ams_003_ams_004_ams_034_ams_039_from_files_to_contacts() {
    let town = Town::build().await;
    let kept = town.file("agent", "agents.csv", AGENTS).await.good();
    for (name, expect) in [
        ("DataFileKind", json!("Agent")),
        ("RowsRead", json!(5)),
        ("StatusColumn", json!("Status")),
        ("IdColumn", json!("Agent ID")),
        (
            "counts",
            json!({ "status": { "A": 3, "S": 1, "X": 1 }, "userClass": { "AG": 4, "BR": 1 },
            "agentType": { "REALTOR Salesperson": 4, "Participant": 1 } }),
        ),
    ] {
        assert_eq!(kept[name], expect, "{name}");
    }
    assert_eq!(kept["DataFileHash"].as_str().unwrap().len(), 64);
    assert_eq!(kept["DataFileHeadings"].as_array().unwrap().len(), 8);
    town.file("office", "offices.csv", OFFICES).await.good();
    assert_eq!(town.import("staging", json!({})).await.code(), "no_staging");
    town.post("staff", &format!("{TENANT}/staging"), json!({})).await.good();
    assert_eq!(town.import("staging", json!({})).await.code(), "no_mapping");
    town.mapped(&[]).await;
    let missing = town.get("staff", &format!("{MLS}/checklist")).await.good();
    let items = missing["items"].as_array().unwrap();
    let mapped = items.iter().find(|one| one["rule"] == "values_mapped").unwrap();
    assert_eq!(mapped["missing"], "Without a mapping: status \"X\" (1).");
    let ordered = town.import("staging", json!({})).await;
    assert_eq!(ordered.status, 202, "{}", ordered.body);
    assert_eq!(town.door.import_what_is_ordered().await, 2);
    assert_eq!(town.door.import_what_is_ordered().await, 0, "what is done is done");
    let imports = town.imports("staging").await;
    let of = |imports: &[Json], kind: &str| {
        let of_kind = imports.iter().filter(|one| one["DataFileKind"] == kind);
        let newest = of_kind.max_by_key(|one| one["@version"].as_u64().unwrap()).unwrap();
        ["RowsRead", "RecordsKept", "RecordsHeld", "RecordsRefused"]
            .map(|name| newest[name].as_u64().unwrap())
    };
    assert_eq!(of(&imports, "Agent"), [5, 3, 1, 1], "{imports:#?}");
    assert_eq!(of(&imports, "Office"), [2, 2, 0, 0], "{imports:#?}");
    let agents = imports.iter().find(|one| one["DataFileKind"] == "Agent").unwrap();
    let held = agents["held"].as_array().unwrap();
    assert_eq!(held[0], json!({ "category": "status", "value": "X", "count": 1 }));
    assert_eq!((&held[1]["code"], &held[1]["count"]), (&json!("key_missing"), &json!(1)));
    let fields =
        ["MemberKey", "MemberStatus", "MemberMlsSecurityClass", "MemberType", "MemberFirstName", "OfficeKey"];
    let told: Vec<String> = town
        .contacts("Member", "east-polk.staging")
        .await
        .iter()
        .map(|one| town.words(one, &fields))
        .collect();
    assert_eq!(
        told,
        [
            "east-polk.staging-1|Active|Agent|REALTOR Salesperson|Ann|east-polk.staging-10",
            "east-polk.staging-2|Active|Broker|Designated REALTOR Participant|Bo,\nthe second|east-polk.staging-10",
            "east-polk.staging-3|Suspended|Agent|REALTOR Salesperson|Café|east-polk.staging-11",
        ]
    );
    let ties = town.contacts("MemberAssociation", "east-polk.staging").await;
    let told: Vec<String> = ties
        .iter()
        .map(|one| town.words(one, &["MemberKey", "AssociationKey", "MemberAssociationStatus"]))
        .collect();
    assert_eq!(told[2], "east-polk.staging-3|east-polk|Suspended");
    assert_eq!(town.contacts("OfficeAssociation", "east-polk.staging").await.len(), 2);
    for resource in ["Member", "Office", "MemberAssociation", "OfficeAssociation"] {
        assert!(town.contacts(resource, "east-polk.production").await.is_empty(), "{resource}");
    }
    // What leaves is the vendor's code.
    let set = association_door::MappingSet::read(
        &town.dictionary,
        &town.store.get(town.dictionary.known("MappingSet").id, "east-polk.mls.0001").await.unwrap().unwrap(),
    );
    let member = &town.contacts("Member", "east-polk.staging").await[1];
    let left = association_door::convert(&town.dictionary, &member.record, &set.unwrap()).unwrap();
    let read = dictionary::Named { own: town.dictionary.known("Member"), record: &left };
    assert_eq!(read.text("MemberStatus").as_deref(), Some("ACT"));
    assert_eq!(read.text("MemberMlsSecurityClass").as_deref(), Some("B1"));
    assert_eq!(read.text("MemberType").as_deref(), Some("Participant"));
    // A newer mapping is in force where nobody has put another there, and lets in what was held.
    town.mapped(&[entry("status", "X", "Expired", "EXP")]).await;
    assert_eq!(town.door.import_what_is_ordered().await, 1, "the agents alone held something");
    let imports = town.imports("staging").await;
    assert_eq!(of(&imports, "Agent"), [5, 4, 0, 1]);
    assert_eq!(town.door.import_what_is_ordered().await, 0);
    let came = town.contacts("Member", "east-polk.staging").await;
    assert!(
        came.iter()
            .any(|one| town.words(one, &["MemberKey", "MemberStatus"]) == "east-polk.staging-4|Expired")
    );
    let checklist = town.get("staff", &format!("{MLS}/checklist")).await.good();
    let items = checklist["items"].as_array().unwrap();
    let counted = items.iter().find(|one| one["rule"] == "counts_equal").unwrap();
    assert_eq!(counted["evidence"], "4 of 5 agents, 1 in quarantine; 2 of 2 offices, 0 in quarantine.");
}

/// AMS-002: what is no file of agents or offices is refused, with its reason, and nothing is kept.
#[tokio::test]
async fn ams_002_what_is_no_data_file_is_refused() {
    let town = Town::build().await;
    let before = town.store.head().await.unwrap();
    for (path, bytes, status, expect) in [
        ("", OFFICES, 400, "parameter_wrong"),
        ("?kind=houses", OFFICES, 400, "parameter_wrong"),
        ("?kind=office&kind=agent", OFFICES, 400, "parameter_twice"),
        ("?kind=office&colour=red", OFFICES, 400, "parameter_unknown"),
        ("?kind=office&name=..%2Fevil.csv", OFFICES, 400, "parameter_wrong"),
        ("?kind=office&status=State", OFFICES, 422, "column_missing"),
        ("?kind=agent", OFFICES, 422, "several"),
        ("?kind=office", "", 422, "file_empty"),
        ("?kind=office", "Office ID,Status,Office Type,Name\n", 422, "file_empty"),
        ("?kind=office", "Office ID,Status,Status,Office Type\n1,A,B,C\n", 422, "heading_twice"),
        ("?kind=office&name=a.xlsx", "PK\u{3}\u{4}nonsense", 422, "xlsx_wrong"),
    ] {
        let bearer = format!("Bearer {}", town.key("staff"));
        let answer =
            town.ask("POST", &format!("{MLS}/files{path}"), &[("authorization", &bearer)], bytes).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (status, expect),
            "{path}: {}",
            answer.body
        );
    }
    assert_eq!(town.store.head().await.unwrap(), before, "bad input changed something");
    assert_eq!(town.get("staff", &format!("{MLS}/files/x")).await.code(), "file_unknown");
    assert_eq!(town.import("production", json!({ "file": "east-polk.mls.x" })).await.code(), "no_mapping");
    town.mapped(&[]).await;
    assert_eq!(town.import("production", json!({ "file": "east-polk.mls.x" })).await.code(), "file_unknown");
    assert_eq!(town.import("production", json!({})).await.code(), "no_files");
}

/// A workbook is read as a file of text is; headings that nobody knows are said in the address.
#[tokio::test]
async fn headings_are_said_where_they_are_not_the_usual_ones() {
    let town = Town::build().await;
    let bearer = format!("Bearer {}", town.key("staff"));
    let path = format!("{MLS}/files?kind=office&name=offices.txt&id=Nr&status=St&type=Art");
    let body = "Nr;St;Art;Name\r\n10;A;Main Office;First\r\n";
    let kept = town.ask("POST", &path, &[("authorization", &bearer)], body).await.good();
    assert_eq!((&kept["IdColumn"], &kept["ContactTypeColumn"]), (&json!("Nr"), &json!("Art")));
    town.mapped(&[]).await;
    town.import("production", json!({})).await.good();
    assert_eq!(town.door.import_what_is_ordered().await, 1);
    let offices = town.contacts("Office", "east-polk.production").await;
    assert_eq!(
        town.words(&offices[0], &["OfficeKey", "OfficeType", "OfficeName"]),
        "east-polk.production-10|Realtor Firm|First"
    );
}

/// An import whose file is gone fails with its reason, and is not tried for ever.
#[tokio::test]
async fn an_import_that_cannot_be_done_says_why() {
    let town = Town::build().await;
    let kept = town.file("office", "offices.csv", OFFICES).await.good();
    town.mapped(&[]).await;
    town.import("production", json!({})).await.good();
    let hash = kept["DataFileHash"].as_str().unwrap();
    std::fs::remove_file(town.files().join(format!("{hash}.csv"))).unwrap();
    assert_eq!(town.door.import_what_is_ordered().await, 1);
    let imports = town.imports_of_production().await;
    assert_eq!(
        (&imports[0]["ImportStatus"], &imports[0]["held"][0]["code"]),
        (&json!("Failed"), &json!("file_unreadable"))
    );
    assert_eq!(town.door.import_what_is_ordered().await, 0);
}

impl Town {
    async fn imports_of_production(&self) -> Vec<Json> {
        let told = self.get("staff", &format!("{MLS}/environments/production/imports")).await.good();
        told["value"].as_array().unwrap().clone()
    }
}
