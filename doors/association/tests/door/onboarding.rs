//! An onboarding over the routes: steps, guards, overrides, tickets, the checklist and the dashboard.

use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::town::{Answer, MLS, TENANT, Town};

impl Town {
    /// Does something to the integration with the MLS.
    async fn step(&self, client: &str, body: Json) -> Answer {
        self.post(client, &format!("{MLS}/transitions"), body).await
    }

    /// The guards that are not met for this event.
    async fn unmet(&self, event: &str) -> Vec<String> {
        let answer = self.step("staff", json!({ "event": event })).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (409, "guards_unmet"));
        let said = answer.json();
        let details = said["error"]["details"].as_array().unwrap();
        details.iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
    }

    async fn state(&self) -> String {
        self.get("staff", MLS).await.good()["IntegrationState"].as_str().unwrap().to_owned()
    }

    async fn confirm(&self, client: &str, rule: &str) -> Answer {
        let path = format!("{MLS}/checklist/{rule}");
        self.send(client, "PUT", &path, Some(json!({ "evidence": "a mail of Monday" }))).await
    }

    /// Names everybody and kicks off.
    async fn kicked_off(&self) {
        for (id, role) in [
            ("sam", "Integration Specialist"),
            ("cleo", "Customer"),
            ("vera", "Vendor"),
            ("olaf", "Onboarding"),
        ] {
            let path = format!("{TENANT}/contacts/{id}");
            let body = json!({ "TenantContactRole": role, "TenantContactName": id });
            self.send("staff", "PUT", &path, Some(body)).await.good();
        }
        self.patch("staff", MLS, json!({ "TentativeGoLiveMonth": "2026-12" })).await.good();
        self.step("staff", json!({ "event": "kick_off" })).await.good();
    }

    /// Passes over whatever a step lacks, as an administrator.
    async fn pass(&self, event: &str) -> Json {
        let body = json!({ "event": event, "overrideReason": "a test" });
        self.step("admin", body).await.good()
    }

    /// Goes on to where only the appointment is missing.
    async fn tested(&self) {
        self.kicked_off().await;
        for event in ["receive_data_files", "complete_mapping", "verify_staging_import", "pass_test_sync"] {
            self.pass(event).await;
        }
    }

    async fn tickets(&self) -> Vec<(String, String)> {
        let told = self.get("staff", &format!("{TENANT}/tickets")).await.good();
        let text = |one: &Json, name: &str| one[name].as_str().unwrap().to_owned();
        let list = told["value"].as_array().unwrap();
        list.iter()
            .map(|one| (text(one, "OnboardingTicketSubject"), text(one, "OnboardingTicketState")))
            .collect()
    }
}

/// AMS-001: kickoff needs its people and a month, and opens the vendor's ticket, linked to the main one. AMS-013:
/// that ticket stays in progress until the integration is live; the main one is for review once staging is open.
#[tokio::test]
async fn ams_001_ams_013_kickoff_opens_the_vendors_ticket() {
    let town = Town::build().await;
    assert_eq!(
        town.unmet("kick_off").await,
        ["specialist_named", "customer_named", "vendor_named", "month_tentative"]
    );
    let (main, vendor) =
        ("Migration - East Polk County Association", "Stellar - East Polk County Association");
    let say = |list: &[(&str, &str)]| -> Vec<(String, String)> {
        list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    };
    assert_eq!(town.tickets().await, say(&[(main, "In Progress")]));
    town.kicked_off().await;
    assert_eq!(town.state().await, "Kickoff");
    assert_eq!(town.tickets().await, say(&[(main, "In Progress"), (vendor, "In Progress")]));
    let told = town.get("staff", &format!("{TENANT}/tickets")).await.good();
    let ticket = &told["value"][1];
    assert_eq!((&ticket["MainTicketId"], &ticket["AssigneeName"]), (&json!("east-polk.main"), &json!("sam")));
    town.post("staff", &format!("{TENANT}/staging"), json!({})).await.good();
    assert_eq!(town.tickets().await, say(&[(main, "In Review"), (vendor, "In Progress")]));
    for event in ["receive_data_files", "complete_mapping", "verify_staging_import", "pass_test_sync"] {
        town.pass(event).await;
        assert_eq!(town.tickets().await[1].1, "In Progress", "{event}");
    }
    let body =
        json!({ "event": "schedule_go_live", "goLive": "2026-11-23T10:00", "overrideReason": "a test" });
    town.step("admin", body).await.good();
    assert_eq!(town.tickets().await[1].1, "In Progress");
    town.clock.pass(SignedDuration::from_hours(2));
    town.step("staff", json!({ "event": "go_live" })).await.good();
    assert_eq!(town.tickets().await, say(&[(main, "In Review"), (vendor, "Closed")]));
}

/// AMS-016: each transition records who, when and by what evidence; a guard is passed over by an administrator with
/// a reason alone, and the record shows it.
#[tokio::test]
async fn ams_016_transitions_are_recorded_and_overrides_shown() {
    let town = Town::build().await;
    let body = json!({ "event": "kick_off", "overrideReason": "they know each other" });
    let before = town.store.head().await.unwrap();
    for client in ["staff", "staff-production"] {
        assert_eq!(town.step(client, body.clone()).await.code(), "override_refused", "{client}");
    }
    assert_eq!(
        town.step("admin", json!({ "event": "kick_off", "overrideReason": " " })).await.code(),
        "guards_unmet"
    );
    let long = json!({ "event": "kick_off", "overrideReason": "x".repeat(1_025) });
    assert_eq!(town.step("admin", long).await.code(), "too_long");
    assert_eq!(town.store.head().await.unwrap(), before, "a refused step changed something");
    town.patch("staff", MLS, json!({ "TentativeGoLiveMonth": "2026-12" })).await.good();
    town.step("admin", body).await.good();
    town.clock.pass(SignedDuration::from_hours(1));
    town.step("staff", json!({ "event": "block", "reason": "the vendor is away" })).await.good();
    let told = town.get("vendor-staging", &format!("{MLS}/transitions")).await.good();
    let [first, second] = &told["value"].as_array().unwrap()[..] else { panic!("{told}") };
    for (name, expect) in [
        ("ActorName", json!("client/admin")),
        ("FromState", json!("Planned")),
        ("ToState", json!("Kickoff")),
        ("TransitionEvent", json!("kick_off")),
        ("OverrideReason", json!("they know each other")),
        ("OverriddenGuards", json!(["specialist_named", "customer_named", "vendor_named"])),
        ("TransitionEvidence", json!(["month_tentative: 2026-12"])),
    ] {
        assert_eq!(first[name], expect, "{name}");
    }
    assert_eq!((&second["ActorName"], &second["ToState"]), (&json!("client/staff"), &json!("Blocked")));
    assert_eq!(second["TransitionEvidence"], json!(["reason: the vendor is away"]));
    let at: dictionary::Timestamp = second["TransitionTimestamp"].as_str().unwrap().parse().unwrap();
    assert_eq!(at, town.clock.now());
    assert!(second.get("OverrideReason").is_none());
}

/// Blocked and back; what does not follow is refused; a reason is needed where others will ask.
#[tokio::test]
async fn blocked_and_back() {
    let town = Town::build().await;
    town.kicked_off().await;
    for (body, expect) in [
        (json!({ "event": "kick_off" }), "not_from_here"),
        (json!({ "event": "go_live" }), "not_from_here"),
        (json!({ "event": "pause" }), "not_from_here"),
        (json!({ "event": "unblock" }), "not_from_here"),
        (json!({ "event": "dance" }), "event_unknown"),
        (json!({ "event": "block" }), "reason_missing"),
        (json!({ "event": "block", "reason": "x".repeat(1_025) }), "too_long"),
        (json!({}), "body_wrong"),
        (json!({ "event": "block", "because": "x" }), "body_wrong"),
    ] {
        assert_eq!(town.step("staff", body.clone()).await.code(), expect, "{body}");
    }
    town.step("staff", json!({ "event": "block", "reason": "away" })).await.good();
    assert_eq!(town.state().await, "Blocked");
    assert_eq!(town.get("staff", MLS).await.good()["BlockedReason"], "away");
    town.step("staff", json!({ "event": "unblock" })).await.good();
    assert_eq!(town.state().await, "Kickoff");
    assert!(town.get("staff", MLS).await.good().get("BlockedReason").is_none());
    town.step("staff", json!({ "event": "block", "reason": "given up" })).await.good();
    town.step("staff", json!({ "event": "close", "reason": "they went elsewhere" })).await.good();
    assert_eq!(town.step("staff", json!({ "event": "unblock" })).await.code(), "not_from_here");
}

/// Two operators at once: one of them gets 409, and one transition is kept.
#[tokio::test]
async fn of_two_who_move_one_integration_at_once_one_gets_409() {
    let town = Town::build().await;
    town.kicked_off().await;
    for _ in 0..5 {
        let (one, other) = tokio::join!(
            town.step("staff", json!({ "event": "block", "reason": "one" })),
            town.step("admin", json!({ "event": "block", "reason": "other" })),
        );
        let mut codes = [one.status.as_u16(), other.status.as_u16()];
        codes.sort_unstable();
        assert_eq!(codes, [200, 409], "{} {}", one.body, other.body);
        town.step("staff", json!({ "event": "unblock" })).await.good();
    }
    let version = town.get("staff", MLS).await.good()["@version"].as_u64().unwrap();
    let bearer = format!("Bearer {}", town.key("staff"));
    let stale = (version - 1).to_string();
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("if-match", stale.as_str()),
    ];
    let body = json!({ "event": "block", "reason": "late" }).to_string();
    let late = town.ask("POST", &format!("{MLS}/transitions"), &headers, body).await;
    assert_eq!((late.status.as_u16(), late.code().as_str()), (409, "changed_meanwhile"));
}

/// AMS-006, AMS-007, AMS-008, AMS-009, AMS-012: the appointment in production, over the route.
#[tokio::test]
async fn ams_006_ams_007_ams_008_ams_009_ams_012_the_appointment() {
    let town = Town::build().await;
    town.tested().await;
    let unmet = town.unmet_of(json!({ "event": "schedule_go_live", "goLive": "2026-11-30T10:00" })).await;
    assert_eq!(unmet, ["customer_agreed", "mls_agreed", "write_key", "affiliate_equal"]);
    for (rule, client) in [("customer_agreed", "staff"), ("mls_agreed", "vendor-staging")] {
        town.confirm(client, rule).await.good();
    }
    town.patch("staff", MLS, json!({ "AffiliateId": "EPC", "VendorAffiliateId": "EPC" })).await.good();
    let unmet = town.unmet_of(json!({ "event": "schedule_go_live", "goLive": "2026-11-30T10:00" })).await;
    assert_eq!(unmet, ["write_key"]);
    let schedule = async |at: &str| {
        let body = json!({ "event": "schedule_go_live", "goLive": at, "overrideReason": "the key comes" });
        town.step("admin", body).await
    };
    let before = town.store.head().await.unwrap();
    for (at, expect) in [
        ("2026-11-27T10:00", "go_live_on_friday"),
        ("2026-11-23T09:59", "go_live_too_soon"),
        ("2026-11-22T10:00", "go_live_past"),
        ("2027-03-14T02:30", "go_live_missing_hour"),
        ("2027-11-07T01:30", "go_live_doubled_hour"),
        ("tomorrow", "go_live_unreadable"),
    ] {
        let answer = schedule(at).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (400, expect),
            "{at}: no override helps"
        );
    }
    let none = town.step("admin", json!({ "event": "schedule_go_live" })).await;
    assert_eq!((none.status.as_u16(), none.code().as_str()), (400, "go_live_missing"));
    assert_eq!(town.store.head().await.unwrap(), before);
    let warned = schedule("2026-11-26T10:00").await.good();
    let said: Vec<&str> =
        warned["warnings"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    assert!(said[0].starts_with("holiday:") && said[1].starts_with("short_test:"), "{said:?}");
    let moved = schedule("2026-12-15T10:00").await.good();
    assert_eq!(moved["warnings"], json!([]), "the appointment is moved, the test was long before");
    let set = town.get("staff", &format!("{MLS}/environments/production")).await.good();
    assert_eq!(
        set["GoLiveTimestamp"].as_str().unwrap().parse::<dictionary::Timestamp>().unwrap(),
        "2026-12-15T15:00:00Z".parse().unwrap()
    );
    assert_eq!(set["SyncYN"], true);
    // AMS-010's instant: not before it, and by the clock alone.
    assert_eq!(town.unmet("go_live").await, ["go_live_reached"]);
    town.clock.set("2026-12-15T14:59:59Z".parse().unwrap());
    assert_eq!(town.door.go_live_where_due().await, 0);
    town.clock.set("2026-12-15T15:00:00Z".parse().unwrap());
    assert_eq!(town.door.go_live_where_due().await, 1);
    assert_eq!(town.door.go_live_where_due().await, 0);
    assert_eq!(town.state().await, "Live");
    let told = town.get("staff", &format!("{MLS}/transitions")).await.good();
    assert_eq!(told["value"].as_array().unwrap().last().unwrap()["ActorName"], "association/clock");
    town.step("staff", json!({ "event": "pause" })).await.good();
    town.step("staff", json!({ "event": "resume" })).await.good();
    town.step("staff", json!({ "event": "close", "reason": "merged" })).await.good();
    assert_eq!(town.state().await, "Closed");
}

impl Town {
    async fn unmet_of(&self, body: Json) -> Vec<String> {
        let answer = self.step("staff", body).await;
        assert_eq!(answer.code(), "guards_unmet");
        let said = answer.json();
        let details = said["error"]["details"].as_array().unwrap();
        details.iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
    }
}

/// AMS-042: items with automatic or manual evidence, percent, who is next, age; and the dashboard by state.
#[tokio::test]
async fn ams_042_the_checklist_and_the_dashboard() {
    let town = Town::build().await;
    let checklist = format!("{MLS}/checklist");
    town.kicked_off().await;
    town.clock.pass(SignedDuration::from_hours(3 * 24 + 5));
    let told = town.get("vendor-staging", &checklist).await.good();
    assert_eq!((&told["ageDays"], &told["awaits"]), (&json!(3), &json!("receive_data_files")));
    assert_eq!(told["next"]["rule"], "agent_file");
    assert_eq!(told["next"]["responsible"], "Vendor");
    let items = told["items"].as_array().unwrap();
    assert_eq!(items.len(), 23);
    let item = |told: &Json, rule: &str| {
        let items = told["items"].as_array().unwrap().clone();
        items.into_iter().find(|one| one["rule"] == rule).unwrap()
    };
    assert_eq!(item(&told, "specialist_named")["evidence"], "sam");
    assert_eq!(item(&told, "agent_file")["missing"], "There is no file of agents.");
    assert_eq!(item(&told, "signed_by_customer")["done"], false);
    // By hand: staff any manual item, a vendor its own, and nobody what records show.
    for (client, rule, expect) in [
        ("staff", "signed_by_customer", "ok"),
        ("vendor-staging", "signed_by_onboarding", "role_missing"),
        ("staff-staging", "signed_by_onboarding", "role_missing"),
        ("vendor-staging", "vendor_confirmed", "ok"),
        ("staff", "agent_file", "item_automatic"),
        ("staff", "nonsense", "item_unknown"),
    ] {
        assert_eq!(town.confirm(client, rule).await.code(), expect, "{client} {rule}");
    }
    let path = format!("{checklist}/signed_by_customer");
    assert_eq!(
        town.send("staff", "PUT", &path, Some(json!({ "evidence": " " }))).await.code(),
        "evidence_missing"
    );
    let told = town.get("staff", &checklist).await.good();
    let signed = item(&told, "signed_by_customer");
    assert_eq!((&signed["done"], &signed["confirmedBy"]), (&json!(true), &json!("client/staff")));
    assert!(signed["evidence"].as_str().unwrap().contains("a mail of Monday"));
    let percent = told["percent"].as_u64().unwrap();
    town.send("staff", "DELETE", &path, None).await.good();
    let told = town.get("staff", &checklist).await.good();
    assert!(told["percent"].as_u64().unwrap() < percent);
    let dashboard = town.get("staff", "/association/dashboard").await.good();
    let states: Vec<&str> =
        dashboard["states"].as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["Kickoff"]);
    let told = &dashboard["states"][0]["integrations"][0];
    assert_eq!((&told["tenant"], &told["ageDays"]), (&json!("east-polk"), &json!(3)));
    for client in ["nobody", "user"] {
        let told = town.get(client, "/association/dashboard").await.good();
        assert_eq!(told["states"], json!([]), "{client}");
    }
}
