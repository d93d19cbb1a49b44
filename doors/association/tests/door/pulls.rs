//! Pulls, as the other side makes them: opened, read page by page, acknowledged.

use console::operate::{self, Act, NewGrant};
use dictionary::{Key, Record, Text, Timestamp, Value, named, set_named};
use gate::Class;
use jiff::SignedDuration;
use serde_json::{Value as Json, json};
use store::{Batch, Operation};

use crate::town::{Answer, MLS, TENANT, Town, monday};

pub(crate) const STAGING: &str = "east-polk.staging";
const PRODUCTION: &str = "east-polk.production";

/// A vendor's pulls in one environment.
pub(crate) struct Vendor<'t> {
    pub(crate) town: &'t Town,
    client: &'static str,
    at: String,
}

impl<'t> Vendor<'t> {
    /// The MLS in staging, or in production.
    pub(crate) fn of(town: &'t Town, environment: &str) -> Self {
        Self::at(town, MLS, environment)
    }

    fn at(town: &'t Town, integration: &str, environment: &str) -> Self {
        let client = if environment == "staging" { "vendor-staging" } else { "vendor-production" };
        Self { town, client, at: format!("{integration}/environments/{environment}") }
    }

    pub(crate) async fn open(&self) -> Answer {
        self.town.post(self.client, &format!("{}/pulls", self.at), json!({})).await
    }

    async fn sync(&self) -> Json {
        self.town.get(self.client, &format!("{}/sync", self.at)).await.good()
    }

    async fn held(&self) -> Json {
        self.town.get(self.client, &format!("{}/held", self.at)).await.good()
    }

    /// Everything of one resource, page by page.
    async fn read(&self, pull: &Json, resource: &str, size: u32) -> Vec<Json> {
        self.read_asking(pull, resource, "", size).await
    }

    async fn read_asking(&self, pull: &Json, resource: &str, query: &str, size: u32) -> Vec<Json> {
        let mut next = Some(format!("{}{query}", pull["@pages"][resource].as_str().unwrap()));
        let mut all = Vec::new();
        while let Some(path) = next {
            let bearer = format!("Bearer {}", self.town.key(self.client));
            let prefer = format!("odata.maxpagesize={size}");
            let headers = [("authorization", bearer.as_str()), ("prefer", &prefer)];
            let page = self.town.ask("GET", &path, &headers, "").await.good();
            let value = page["value"].as_array().unwrap().clone();
            assert!(value.len() <= size as usize);
            all.extend(value);
            next = page["@odata.nextLink"].as_str().map(str::to_owned);
        }
        all
    }

    async fn acknowledge(&self, pull: &Json) -> Answer {
        self.acknowledge_counting(pull, pull["@counts"].clone()).await
    }

    async fn acknowledge_counting(&self, pull: &Json, counts: Json) -> Answer {
        let path = pull["@acknowledgement"].as_str().unwrap();
        self.town.post(self.client, path, json!({ "counts": counts })).await
    }

    /// Opens, reads the members, and acknowledges: `key status reason` of each, `-key reason` of who is gone.
    async fn members(&self) -> Vec<String> {
        let pull = self.open().await.good();
        let told = self.read(&pull, "Member", 7).await.iter().map(told).collect();
        self.acknowledge(&pull).await.good();
        told
    }
}

fn told(one: &Json) -> String {
    let text = |name: &str| one[name].as_str().unwrap_or("?").to_owned();
    let (key, reason) = (text("MemberKey"), text("@Freehold.Reason"));
    if one.get("@removed").is_some() {
        return format!("-{key} {reason}");
    }
    format!("{key} {} {reason}", text("MemberStatus"))
}

/// A town whose MLS pulls from staging, by a mapping of a few words.
pub(crate) async fn town() -> Town {
    let town = Town::build().await;
    prepare(&town, "staging", &json!(monday().to_string())).await;
    town
}

/// Grants the vendor the feed, and turns sync on.
pub(crate) async fn prepare(town: &Town, environment: &str, live: &Json) {
    town.post("staff", &format!("{TENANT}/staging"), json!({})).await.good();
    let act = Act { actor: Text::new_static("test"), now: town.clock.now() };
    let client = format!("vendor-{environment}");
    let grant = NewGrant {
        every_record: true,
        ..NewGrant::read(&client, &format!("east-polk.{environment}"), Class::Participant)
    };
    operate::grant(&town.desk, &act, &grant).await.unwrap();
    let entry = |value: &str, code: &str| json!({ "category": "status", "value": value, "displayValue": value, "vendorCode": code });
    let entries = [entry("Active", "A"), entry("Inactive", "I"), entry("Suspended", "S")];
    let made = town.post("staff", &format!("{MLS}/mappings"), json!({ "entries": entries })).await.good();
    let set = json!({ "SyncYN": true, "GoLiveTimestamp": live, "MappingSetId": made["MappingSetId"] });
    set_up(town, MLS, environment, set).await;
}

/// Sets an environment as staff may, and the go-live in production as its appointment would.
async fn set_up(town: &Town, integration: &str, environment: &str, mut set: Json) {
    let path = format!("{integration}/environments/{environment}");
    let live = (environment == "production").then(|| set.as_object_mut().unwrap().remove("GoLiveTimestamp"));
    town.patch("staff", &path, set).await.good();
    if let Some(Some(live)) = live {
        let name = integration.rsplit('/').next().unwrap();
        let at: Timestamp = live.as_str().unwrap().parse().unwrap();
        change(
            town,
            "IntegrationSetting",
            &format!("east-polk.{name}|Production"),
            "GoLiveTimestamp",
            at.into(),
        )
        .await;
    }
}

/// Writes a field of a record of Freehold's own.
async fn change(town: &Town, resource: &str, key: &str, field: &str, value: Value) {
    let own = town.dictionary.known(resource);
    let kept = town.store.get(own.id, key).await.unwrap().unwrap();
    let mut record = (*kept.record).clone();
    set_named(&mut record, own, field, Some(value));
    write(town, "freehold", vec![record]).await;
}

pub(crate) async fn write(town: &Town, feed: &str, records: Vec<Record>) {
    let mut batch = Batch::new("test", town.clock.now());
    batch.operations = records.into_iter().map(|record| Operation::put(feed, record)).collect();
    town.store.write(batch).await.unwrap();
}

pub(crate) fn member(town: &Town, key: &str, status: &str) -> Record {
    let fields = [
        ("MemberKey", Some(key.into())),
        ("MemberStatus", Some(status.into())),
        ("ModificationTimestamp", Some(town.clock.now().into())),
    ];
    named(town.dictionary.known("Member"), fields)
}

pub(crate) fn membership(town: &Town, member: &str, status: &str, indicator: &str) -> Record {
    let fields = [
        ("AssociationKey", Some("east-polk".into())),
        ("MemberKey", Some(member.into())),
        ("MemberAssociationStatus", Some(status.into())),
        ("MemberAssociationPrimaryIndicator", Some(indicator.into())),
        ("ModificationTimestamp", Some(town.clock.now().into())),
    ];
    named(town.dictionary.known("MemberAssociation"), fields)
}

pub(crate) async fn members(town: &Town, feed: &str, all: &[(&str, &str)]) {
    write(town, feed, all.iter().map(|(key, status)| member(town, key, status)).collect()).await;
}

async fn remove(town: &Town, resource: &str, key: &str) {
    let mut batch = Batch::new("test", town.clock.now());
    batch.operations = vec![Operation::remove(town.dictionary.known(resource).id, Key::new(key))];
    town.store.write(batch).await.unwrap();
}

/// AMS-031: a pull holds what has changed since the last acknowledged one, each at its newest version, in the order
/// of the changes; what is gone is told as gone; the window stands still while it is read.
#[tokio::test]
async fn ams_031_a_pull_holds_what_changed_since_the_last_acknowledged_one() {
    let town = town().await;
    let mls = Vendor::of(&town, "staging");
    assert_eq!(mls.members().await, [""; 0]);
    members(&town, STAGING, &[("M1", "Active"), ("M2", "Active"), ("M3", "Active")]).await;
    members(&town, STAGING, &[("M1", "Inactive")]).await;
    // Other people's records, and other resources, are nothing to it.
    members(&town, "elsewhere", &[("X", "Active")]).await;
    let pull = mls.open().await.good();
    assert_eq!(
        pull["@counts"],
        json!({ "Office": 0, "Member": 3, "OfficeAssociation": 0, "MemberAssociation": 0 })
    );
    members(&town, STAGING, &[("M2", "Suspended"), ("M9", "Active")]).await;
    remove(&town, "Member", "M3").await;
    let told: Vec<String> = mls.read(&pull, "Member", 2).await.iter().map(self::told).collect();
    assert_eq!(told, ["M2 A normal", "M3 A normal", "M1 I normal"]);
    mls.acknowledge(&pull).await.good();
    assert_eq!(mls.members().await, ["M2 S normal", "M9 A normal", "-M3 normal"]);
    assert_eq!(mls.members().await, [""; 0]);
    // What came and went between two pulls is told as gone: a pull before may have told of it.
    members(&town, STAGING, &[("M4", "Active")]).await;
    remove(&town, "Member", "M4").await;
    assert_eq!(mls.members().await, ["-M4 normal"]);
}

/// AMS-031: `$filter` on ModificationTimestamp and `$select` are honoured within a pull; what would break its order
/// is refused.
#[tokio::test]
async fn ams_031_a_pull_may_be_filtered_by_modification_timestamp() {
    let town = town().await;
    let mls = Vendor::of(&town, "staging");
    for hour in 0..5 {
        town.clock.set(monday() + SignedDuration::from_hours(hour));
        members(&town, STAGING, &[(&format!("M{hour}"), "Active")]).await;
    }
    remove(&town, "Member", "M4").await;
    let pull = mls.open().await.good();
    let query = "?$filter=ModificationTimestamp%20gt%202026-11-23T14:00:00Z&$select=MemberKey";
    let found = mls.read_asking(&pull, "Member", query, 1).await;
    let keys: Vec<&str> = found.iter().map(|one| one["MemberKey"].as_str().unwrap()).collect();
    assert_eq!(keys, ["M2", "M3", "M4"]);
    assert!(found[0].get("MemberStatus").is_none() && found[2].get("@removed").is_some());
    let page = pull["@pages"]["Member"].as_str().unwrap();
    for (query, expect) in [
        ("?$orderby=MemberKey", "not_supported"),
        ("?$top=1", "not_supported"),
        ("?$expand=MemberMedia", "unknown_link"),
        ("?$filter=Nothing%20eq%201", "unknown_field"),
        ("?$skiptoken=abc", "bad_page_token"),
    ] {
        let found = town.get("vendor-staging", &format!("{page}{query}")).await;
        assert!(found.status.is_client_error() || found.status.as_u16() == 501, "{query} {}", found.body);
        if query != "?$expand=MemberMedia" {
            assert_eq!(found.code(), expect, "{query}");
        }
    }
    let wrong = page.replace("/Member", "/Property");
    assert_eq!(town.get("vendor-staging", &wrong).await.code(), "resource_unknown");
}

/// AMS-032: what is not acknowledged is offered again; counts that are others acknowledge nothing; a pull that was
/// superseded can neither be read nor acknowledged; once more is the same.
#[tokio::test]
async fn ams_032_a_pull_that_is_not_acknowledged_is_offered_again() {
    let town = town().await;
    let mls = Vendor::of(&town, "staging");
    members(&town, STAGING, &[("M1", "Active"), ("M2", "Active")]).await;
    let first = mls.open().await.good();
    mls.read(&first, "Member", 10).await;
    members(&town, STAGING, &[("M3", "Active")]).await;
    let second = mls.open().await.good();
    assert_eq!((&second["SyncRunNumber"], &second["@counts"]["Member"]), (&json!(2), &json!(3)));
    assert_eq!(mls.acknowledge(&first).await.code(), "pull_superseded");
    let page = first["@pages"]["Member"].as_str().unwrap();
    assert_eq!(town.get("vendor-staging", page).await.code(), "pull_not_open");
    for counts in
        [json!({}), json!({ "Member": 2 }), json!({ "Member": 3, "Office": 1 }), json!({ "Member": 4 })]
    {
        assert_eq!(mls.acknowledge_counting(&second, counts).await.code(), "counts_differ");
    }
    assert_eq!(mls.acknowledge_counting(&second, json!({ "Members": 3 })).await.code(), "resource_unknown");
    assert_eq!(mls.sync().await["openPull"], 2);
    let told: Vec<String> = mls.read(&second, "Member", 10).await.iter().map(self::told).collect();
    assert_eq!(told, ["M1 A normal", "M2 A normal", "M3 A normal"]);
    let done = mls.acknowledge(&second).await.good();
    assert_eq!(done["SyncRunStatus"], "Acknowledged");
    assert_eq!(mls.acknowledge(&second).await.good(), done);
    assert_eq!(mls.members().await, [""; 0]);
    let all = town.get("vendor-staging", &format!("{MLS}/environments/staging/pulls")).await.good();
    let statuses: Vec<&str> =
        all["value"].as_array().unwrap().iter().map(|run| run["SyncRunStatus"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["Acknowledged", "Acknowledged", "Superseded"]);
    assert_eq!(
        mls.town.get("vendor-staging", &format!("{MLS}/environments/staging/pulls/9")).await.code(),
        "pull_unknown"
    );
}

/// AMS-010: before its go-live nothing is offered in production; from that instant on changes are, and none from
/// before.
#[tokio::test]
async fn ams_010_changes_are_offered_from_the_go_live_on() {
    let town = Town::build().await;
    let live = monday() + SignedDuration::from_hours(2);
    prepare(&town, "production", &json!(live.to_string())).await;
    let mls = Vendor::of(&town, "production");
    members(&town, PRODUCTION, &[("M1", "Active")]).await;
    town.clock.set(live - SignedDuration::from_micros(1));
    members(&town, PRODUCTION, &[("M2", "Active")]).await;
    assert_eq!(mls.open().await.code(), "not_live_yet");
    assert_eq!(mls.sync().await["why"]["code"], "not_live_yet");
    town.clock.set(live);
    members(&town, PRODUCTION, &[("M3", "Active")]).await;
    assert_eq!(mls.members().await, ["M3 A normal"]);
    // Sync that is off, and a vendor of another environment, are told nothing.
    town.patch("staff", &format!("{MLS}/environments/production"), json!({ "SyncYN": false })).await.good();
    assert_eq!(mls.open().await.code(), "sync_off");
    let other = Vendor { client: "vendor-staging", ..Vendor::of(&town, "production") };
    assert_eq!(other.open().await.code(), "role_missing");
}

/// AMS-011: a forced resync queues every contact once, marked, for each integration that is on; one serves all, and
/// the next pull is of changes again.
#[tokio::test]
async fn ams_011_a_forced_resync_offers_every_contact_once() {
    let town = town().await;
    let lockbox = format!("{TENANT}/integrations/lockbox");
    let off = format!("{TENANT}/integrations/m1");
    for kind in ["Lockbox", "M1"] {
        let body = json!({ "IntegrationKind": kind });
        town.post("staff", &format!("{TENANT}/integrations"), body).await.good();
    }
    let set = json!({ "SyncYN": true, "GoLiveTimestamp": monday().to_string() });
    set_up(&town, &lockbox, "staging", set).await;
    let (mls, boxes) = (Vendor::of(&town, "staging"), Vendor::at(&town, &lockbox, "staging"));
    members(&town, STAGING, &[("M1", "Active"), ("M2", "Active"), ("M3", "Active")]).await;
    write(&town, STAGING, vec![membership(&town, "M1", "Active", "Primary")]).await;
    mls.members().await;
    boxes.members().await;
    let force = format!("{TENANT}/environments/staging/resyncs");
    assert_eq!(town.post("vendor-staging", &force, json!({})).await.code(), "role_missing");
    let made = town.post("staff", &force, json!({})).await.good();
    assert_eq!(made["IntegrationIds"], json!(["east-polk.lockbox", "east-polk.mls"]));
    members(&town, STAGING, &[("M2", "Inactive")]).await;
    remove(&town, "Member", "M3").await;
    let expect = ["M1 A forced", "M2 I normal", "-M3 normal"];
    // Not acknowledged, it is owed still.
    let pull = mls.open().await.good();
    assert_eq!((&pull["@counts"]["Member"], &pull["@counts"]["MemberAssociation"]), (&json!(3), &json!(1)));
    assert!(mls.sync().await["forcedResyncOwed"].as_bool().unwrap());
    assert_eq!(mls.members().await, expect);
    assert!(!mls.sync().await["forcedResyncOwed"].as_bool().unwrap());
    assert_eq!(mls.members().await, [""; 0]);
    assert_eq!(
        boxes.members().await,
        expect.map(|one| one.replace(" A ", " Active ").replace(" I ", " Inactive "))
    );
    // Who was off when it was ordered is not owed it.
    set_up(
        &town,
        &off,
        "staging",
        json!({ "SyncYN": true, "GoLiveTimestamp": town.clock.now().to_string() }),
    )
    .await;
    assert!(!Vendor::at(&town, &off, "staging").sync().await["forcedResyncOwed"].as_bool().unwrap());
    let nothing = town.post("staff", &format!("{TENANT}/environments/production/resyncs"), json!({})).await;
    assert_eq!(nothing.code(), "sync_off");
}

/// AMS-015: a pause collects; afterwards everything comes in the order of its changes.
#[tokio::test]
async fn ams_015_a_pause_collects_and_goes_on_in_order() {
    let town = town().await;
    let mls = Vendor::of(&town, "staging");
    members(&town, STAGING, &[("M1", "Active")]).await;
    mls.members().await;
    for state in ["Paused", "Blocked", "Closed"] {
        change(&town, "Integration", "east-polk.mls", "IntegrationState", state.into()).await;
        let expect = if state == "Closed" { "integration_closed" } else { "integration_paused" };
        assert_eq!(mls.open().await.code(), expect);
    }
    for key in ["M5", "M2", "M4", "M2", "M3"] {
        members(&town, STAGING, &[(key, if key == "M4" { "Inactive" } else { "Active" })]).await;
        members(&town, STAGING, &[(key, "Suspended")]).await;
    }
    change(&town, "Integration", "east-polk.mls", "IntegrationState", "Live".into()).await;
    assert_eq!(mls.members().await, ["M5 S normal", "M4 S normal", "M2 S normal", "M3 S normal"]);
}

/// AMS-034: only mapped values leave; what has no mapping is held, shown with its reason, and offered once a new
/// version of the mapping lets it go.
#[tokio::test]
async fn ams_034_what_has_no_mapping_is_held_until_it_has() {
    let town = town().await;
    let mls = Vendor::of(&town, "staging");
    members(&town, STAGING, &[("M1", "Active"), ("M2", "Courtesy"), ("M3", "Lost"), ("M4", "Courtesy")])
        .await;
    let pull = mls.open().await.good();
    assert_eq!((&pull["@counts"]["Member"], &pull["ContactsHeld"]), (&json!(1), &json!(3)));
    mls.acknowledge(&pull).await.good();
    let held = mls.held().await;
    assert_eq!(held["counts"], json!({ "not_mapped": 3 }));
    let one = &held["value"][0];
    assert_eq!((&one["ResourceName"], &one["ResourceRecordKey"]), (&json!("Member"), &json!("M2")));
    assert!(one["HeldReasons"][0].as_str().unwrap().contains("\"Courtesy\""), "{one}");
    // Held contacts stay so from pull to pull, and are written once.
    let before = town.store.head().await.unwrap();
    assert_eq!(mls.members().await, [""; 0]);
    assert_eq!(
        town.store.head().await.unwrap() - before,
        4,
        "a pull and its acknowledgement write two records each"
    );
    let entry = |value: &str, code: &str| json!({ "category": "status", "value": value, "displayValue": value, "vendorCode": code });
    let entries = [entry("Active", "A"), entry("Inactive", "I"), entry("Courtesy", "C")];
    let made = town.post("staff", &format!("{MLS}/mappings"), json!({ "entries": entries })).await.good();
    let set = json!({ "MappingSetId": made["MappingSetId"] });
    town.patch("staff", &format!("{MLS}/environments/staging"), set).await.good();
    // Offered and not acknowledged, they are held still, and offered again.
    let pull = mls.open().await.good();
    assert_eq!(pull["@counts"]["Member"], 2);
    assert_eq!(mls.held().await["value"].as_array().unwrap().len(), 3);
    members(&town, STAGING, &[("M4", "Active")]).await;
    assert_eq!(mls.members().await, ["M2 C normal", "M4 A normal"]);
    assert_eq!(mls.held().await["counts"], json!({ "not_mapped": 1 }));
    remove(&town, "Member", "M3").await;
    assert_eq!(mls.members().await, ["-M3 normal"]);
    assert_eq!(mls.held().await["counts"], json!({}));
    assert_eq!(mls.members().await, [""; 0]);
    // Without any mapping nothing leaves to an MLS.
    town.patch("staff", &format!("{MLS}/environments/staging"), json!({ "MappingSetId": null })).await.good();
    members(&town, STAGING, &[("M1", "Inactive")]).await;
    assert_eq!(mls.open().await.good()["ContactsHeld"], 1);
}

/// AMS-036: a change of a membership's status is told within one cycle, by the linking rules, though the member's own
/// record has not changed; so is a change of the rules.
#[tokio::test]
async fn ams_036_a_status_change_is_told_within_one_cycle() {
    let town = town().await;
    let mls = Vendor::of(&town, "staging");
    let rule = |name: &str| format!("{TENANT}/linking-rules/{name}");
    let push = |status: &str, told: &str| json!({ "LinkingTarget": "MLS", "LinkingAction": "Push", "MembershipStatus": status, "LinkedStatus": told });
    town.send("staff", "PUT", &rule("active"), Some(push("Active", "Active"))).await.good();
    town.send("staff", "PUT", &rule("dropped"), Some(push("Dropped", "Inactive"))).await.good();
    members(&town, STAGING, &[("M1", "Active"), ("M2", "Active")]).await;
    let all = ["M1", "M2"].map(|key| membership(&town, key, "Active", "Primary"));
    write(&town, STAGING, all.into()).await;
    assert_eq!(mls.members().await, ["M1 A normal", "M2 A normal"]);
    // The membership ends: the member is told as the rule says.
    town.clock.pass(SignedDuration::from_hours(1));
    write(&town, STAGING, vec![membership(&town, "M1", "Dropped", "Primary")]).await;
    let pull = mls.open().await.good();
    let found = mls.read(&pull, "Member", 10).await;
    assert_eq!(found.iter().map(told).collect::<Vec<_>>(), ["M1 I normal"]);
    assert_eq!(found[0]["ModificationTimestamp"], "2026-11-23T14:00:00Z");
    assert_eq!(mls.read(&pull, "MemberAssociation", 10).await[0]["MemberAssociationStatus"], "I");
    mls.acknowledge(&pull).await.good();
    // What changes nothing of what is told brings the membership alone.
    let mut paid = membership(&town, "M2", "Active", "Primary");
    let own = town.dictionary.known("MemberAssociation");
    set_named(&mut paid, own, "MemberAssociationBillStatus", Some("Paid".into()));
    write(&town, STAGING, vec![paid]).await;
    let pull = mls.open().await.good();
    assert_eq!(
        pull["@counts"],
        json!({ "Office": 0, "Member": 0, "OfficeAssociation": 0, "MemberAssociation": 1 })
    );
    mls.acknowledge(&pull).await.good();
    // The rule changes: whom it concerns is told within the next pull.
    town.send("staff", "PUT", &rule("dropped"), Some(push("Dropped", "Suspended"))).await.good();
    assert_eq!(mls.members().await, ["M1 S normal"]);
    let remove = json!({ "LinkingTarget": "MLS", "LinkingAction": "Remove", "MembershipStatus": "Dropped" });
    town.send("staff", "PUT", &rule("dropped"), Some(remove)).await.good();
    assert_eq!(mls.members().await, ["-M1 normal"]);
    // Without a rule for the status nobody has said what is meant.
    town.send("staff", "DELETE", &rule("dropped"), None).await.good();
    assert_eq!(mls.open().await.good()["ContactsHeld"], 2);
    assert_eq!(mls.held().await["counts"], json!({ "linking_rule_missing": 2 }));
    for (body, expect) in [
        (json!({ "LinkingTarget": "MLS" }), "field_missing"),
        (json!({ "LinkingTarget": "Moon", "LinkingAction": "Push" }), "not_in_lookup"),
        (json!({ "LinkingRuleId": "x", "LinkingTarget": "MLS", "LinkingAction": "Push" }), "field_fixed"),
    ] {
        assert_eq!(town.send("staff", "PUT", &rule("x"), Some(body)).await.code(), expect);
    }
}

/// AMS-036: secondary members do not go to M1; a suspension outside its window is held with the date it may go, and
/// goes then by itself.
#[tokio::test]
async fn ams_036_m1_takes_primary_members_and_suspensions_in_their_window() {
    let town = Town::build().await;
    let m1 = format!("{TENANT}/integrations/m1");
    town.post("staff", &format!("{TENANT}/integrations"), json!({ "IntegrationKind": "M1" })).await.good();
    prepare(&town, "staging", &json!(monday().to_string())).await;
    set_up(&town, &m1, "staging", json!({ "SyncYN": true, "GoLiveTimestamp": monday().to_string() })).await;
    town.patch("admin", TENANT, json!({ "M1SuspensionYear": 2024 })).await.good();
    let registry = Vendor::at(&town, &m1, "staging");
    members(&town, STAGING, &[("M1", "Active"), ("M2", "Active"), ("M3", "Active")]).await;
    let all = [("M1", "Active", "Primary"), ("M2", "Active", "Secondary"), ("M3", "Suspended", "Primary")];
    write(&town, STAGING, all.map(|(key, status, which)| membership(&town, key, status, which)).into()).await;
    assert_eq!(registry.members().await, ["M1 Active normal"]);
    let held = registry.held().await;
    assert_eq!(held["counts"], json!({ "suspension_window": 2 }));
    assert_eq!(held["value"][0]["HeldUntilDate"], "2027-01-01");
    town.clock.set("2027-01-01T04:59:00Z".parse().unwrap());
    assert_eq!(registry.members().await, [""; 0], "the year has not begun in Florida");
    town.clock.set("2027-01-01T05:00:00Z".parse().unwrap());
    assert_eq!(registry.members().await, ["M3 Suspended normal"]);
    assert_eq!(registry.held().await["counts"], json!({}));
}

/// AMS-033: a run that is missed by more than a quarter of an hour alerts, once, and the alert ends with the next
/// pull, which makes up for all that were missed.
#[tokio::test]
async fn ams_033_a_missed_run_alerts_until_somebody_pulls() {
    let town = town().await;
    let mls = Vendor::of(&town, "staging");
    let at = |text: &str| town.clock.set(text.parse().unwrap());
    let alerts = async || town.get("staff", &format!("{TENANT}/alerts")).await.good()["value"].clone();
    at("2026-11-23T15:15:00Z");
    assert_eq!(town.door.look().await.unwrap(), 0);
    assert_eq!(alerts().await, json!([]));
    at("2026-11-23T15:15:01Z");
    assert_eq!(town.door.look().await.unwrap(), 1);
    let raised = alerts().await;
    assert_eq!((&raised[0]["AlertCode"], &raised[0]["AlertCount"]), (&json!("sync_missed"), &json!(1)));
    assert_eq!(raised[0]["RaisedTimestamp"], "2026-11-23T15:15:01Z");
    assert_eq!(mls.sync().await["missed"], 1);
    let before = town.store.head().await.unwrap();
    town.door.look().await.unwrap();
    assert_eq!(town.store.head().await.unwrap(), before, "an alert that stands is not written again");
    // After a night and a morning of nothing: five more were missed, and one pull makes up for all.
    at("2026-11-24T17:30:00Z");
    assert_eq!(town.door.look().await.unwrap(), 1);
    assert_eq!(alerts().await[0]["AlertCount"], 6);
    assert_eq!(alerts().await[0]["RaisedTimestamp"], "2026-11-23T15:15:01Z");
    let pull = mls.open().await.good();
    assert_eq!(pull["PlannedTimestamp"], "2026-11-24T17:00:00Z");
    assert_eq!(alerts().await[0]["ResolvedTimestamp"], "2026-11-24T17:30:00Z");
    mls.acknowledge(&pull).await.good();
    assert_eq!(town.door.look().await.unwrap(), 0);
    assert!(mls.open().await.good().get("PlannedTimestamp").is_none(), "no run is due");
    // Nobody is late where nothing is offered: the alert ends with a pause, too.
    at("2026-11-24T20:30:00Z");
    assert_eq!(town.door.look().await.unwrap(), 1);
    assert!(alerts().await[0].get("ResolvedTimestamp").is_none());
    change(&town, "Integration", "east-polk.mls", "IntegrationState", "Paused".into()).await;
    assert_eq!(town.door.look().await.unwrap(), 0);
    assert_eq!(alerts().await[0]["ResolvedTimestamp"], "2026-11-24T20:30:00Z");
    change(&town, "Integration", "east-polk.mls", "IntegrationState", "Live".into()).await;
    at("2026-11-24T17:30:00Z");
    // Another cadence is a setting.
    town.patch("staff", &format!("{MLS}/environments/staging"), json!({ "SyncCadence": "every 10 minutes" }))
        .await
        .good();
    assert_eq!(mls.sync().await["planned"][0], "2026-11-24T17:40:00Z");
    let wrong = json!({ "SyncCadence": "now and then" });
    assert_eq!(
        town.patch("staff", &format!("{MLS}/environments/staging"), wrong).await.code(),
        "field_wrong"
    );
}

/// AMS-032: a process that ends in the middle of a pull, or of a forced one, is followed by one that goes on with it:
/// the same contacts, in the same order, none lost and none twice.
#[tokio::test]
async fn ams_032_a_pull_outlives_its_process() {
    let town = town().await;
    let mls = Vendor::of(&town, "staging");
    let rule = json!({ "LinkingTarget": "MLS", "LinkingAction": "Push" });
    town.send("staff", "PUT", &format!("{TENANT}/linking-rules/all"), Some(rule)).await.good();
    let keys: Vec<String> = (0..40).map(|number| format!("M{number:02}")).collect();
    for key in &keys {
        members(&town, STAGING, &[(key, if key.ends_with('7') { "Lost" } else { "Active" })]).await;
    }
    for (forced, (gone, status)) in [(false, ("M11", "Suspended")), (true, ("M12", "Inactive"))] {
        if forced {
            town.post("staff", &format!("{TENANT}/environments/staging/resyncs"), json!({})).await.good();
            members(&town, STAGING, &[("M01", "Inactive")]).await;
            remove(&town, "Member", "M02").await;
        }
        let pull = mls.open().await.good();
        let whole: Vec<String> = mls.read(&pull, "Member", 100).await.iter().map(told).collect();
        // What happens meanwhile is the next pull's, to the rules too.
        members(&town, STAGING, &[("M10", status), ("M50", status)]).await;
        remove(&town, "Member", gone).await;
        let end = json!({ "LinkingTarget": "MLS", "LinkingAction": "Remove" });
        town.send("staff", "PUT", &format!("{TENANT}/linking-rules/all"), Some(end)).await.good();
        let again = Vendor { town: &town.reopened().await, ..Vendor::of(&town, "staging") };
        let rest: Vec<String> = again.read(&pull, "Member", 3).await.iter().map(told).collect();
        assert_eq!(rest, whole, "forced: {forced}");
        again.acknowledge(&pull).await.good();
        let rule = json!({ "LinkingTarget": "MLS", "LinkingAction": "Push" });
        town.send("staff", "PUT", &format!("{TENANT}/linking-rules/all"), Some(rule)).await.good();
        let next = mls.members().await;
        let code = &status[..1];
        let expect = [format!("M10 {code} normal"), format!("M50 {code} normal"), format!("-{gone} normal")];
        assert_eq!(next, expect, "forced: {forced}");
    }
}
