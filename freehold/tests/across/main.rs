//! One person, one listing, across the doors: the real binary serves all of them, and what is written at one is seen
//! at the others (HUB-001 to 006).
#![expect(clippy::unwrap_used, reason = "a test may stop at what must not be")]

use md5::{Digest as _, Md5};
use serde_json::{Value as Json, json};
use testkit::Scratch;

#[path = "../served/mod.rs"]
mod served;
use served::{Server, operate, until};

/// An association with a feed, a hub that has everything to do with it, and another that has not.
struct Across {
    _scratch: Scratch,
    server: Server,
    operator: String,
    /// Writes and reads the records of `gulf`.
    writer: String,
    /// Reads those of `bay`.
    stranger: String,
    /// A partner's systemaccesskey, for `gulf`.
    partner: String,
    /// Receives the events of profiles, listings and leads.
    hub: String,
    /// Runs the lockboxes of `gulf`.
    vendor: String,
}

fn key_of(data: &std::path::Path, words: &[&str]) -> String {
    operate(data, words).unwrap().lines().next().unwrap().to_owned()
}

/// The body of an answer; one that came in chunks is put together.
fn body_of(answer: &str) -> String {
    let (head, mut rest) = answer.split_once("\r\n\r\n").unwrap();
    if !head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        return rest.to_owned();
    }
    let mut body = String::new();
    while let Some((size, chunks)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        body.push_str(&chunks[..size]);
        rest = chunks[size..].trim_start_matches("\r\n");
        if size == 0 {
            break;
        }
    }
    body
}

impl Across {
    fn build() -> Self {
        let scratch = Scratch::new();
        let data = scratch.file("data");
        operate(&data, &["add-client", "root", "Operator", "--operator"]).unwrap();
        for feed in ["gulf", "bay", "gulf-staging", "bay-staging"] {
            operate(&data, &["add-feed", feed, feed]).unwrap();
        }
        for client in ["writer", "stranger", "partner", "hub", "vendor"] {
            operate(&data, &["add-client", client, client]).unwrap();
        }
        operate(&data, &["grant", "writer", "gulf", "participant", "--write", "--every-record"]).unwrap();
        operate(&data, &["grant", "stranger", "bay", "participant", "--write"]).unwrap();
        operate(&data, &["grant", "partner", "gulf", "participant"]).unwrap();
        operate(&data, &["grant", "hub", "gulf", "participant"]).unwrap();
        let key = |client: &str| key_of(&data, &["issue-key", client]);
        let (operator, writer, stranger, hub, vendor) =
            (key("root"), key("writer"), key("stranger"), key("hub"), key("vendor"));
        let partner = key_of(&data, &["issue-key", "partner", "--partner"]);
        let server = Server::start(&data);
        let across = Self { _scratch: scratch, server, operator, writer, stranger, partner, hub, vendor };
        across.register();
        across.settle();
        across
    }

    /// Status and body.
    fn ask(&self, method: &str, path: &str, key: &str, body: &Json) -> (u16, Json) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (status, answer) = self.server.ask(method, path, Some(key), &body).unwrap();
        (status, serde_json::from_str(&body_of(&answer)).unwrap_or(Json::Null))
    }

    fn get(&self, path: &str, key: &str) -> Json {
        let (status, told) = self.ask("GET", path, key, &Json::Null);
        assert_eq!(status, 200, "{path}: {told}");
        told
    }

    fn keep(&self, method: &str, path: &str, key: &str, body: &Json) {
        let (status, told) = self.ask(method, path, key, body);
        assert!((200..300).contains(&status), "{method} {path}: {status} {told}");
    }

    fn admin(&self, resource: &str, record: &Json) {
        self.keep("POST", &format!("/admin/{resource}"), &self.operator, record);
    }

    /// Freehold's own records, as an operator writes them.
    fn register(&self) {
        for tenant in ["gulf", "bay"] {
            self.admin(
                "Tenant",
                &json!({
                    "TenantId": tenant, "TenantName": tenant, "TenantTimeZone": "America/New_York",
                    "ProductionFeedId": tenant, "StagingFeedId": format!("{tenant}-staging"),
                }),
            );
        }
        self.admin(
            "TenantGrant",
            &json!({
                "TenantGrantId": "vendor-gulf", "TenantId": "gulf", "TenantEnvironment": "Production",
                "ClientId": "vendor", "TenantRole": "Vendor",
            }),
        );
        self.admin(
            "TopicGrant",
            &json!({
                "TopicGrantId": "hub-all", "ClientId": "hub", "AgentUri": "*", "TopicPattern": "*",
                "TopicDirection": "Subscribe",
            }),
        );
    }

    /// The association's records, at the RESO door; who opens boxes, and a box.
    fn settle(&self) {
        let office = json!({
            "OfficeKey": "g-O1", "OfficeMlsId": "O1", "OfficeName": "Gulf Homes", "OfficeStatus": "Active",
        });
        self.keep("POST", "/odata/Office", &self.writer, &office);
        let member = json!({
            "MemberKey": "g-M1", "MemberMlsId": "1234", "MemberFirstName": "Ann", "MemberLastName": "Jones",
            "MemberFullName": "Ann Jones", "MemberStatus": "Active", "OfficeKey": "g-O1", "OfficeMlsId": "O1",
            "MemberEmail": "ann@gulf.example", "MemberNationalAssociationId": "261000001",
            "MemberStateLicense": "SL1",
        });
        self.keep("POST", "/odata/Member", &self.writer, &member);
        let listing = json!({
            "ListingKey": "g-L1", "ListingId": "L1", "StandardStatus": "Active", "MlsStatus": "Active",
            "ListPrice": 525_000, "ListAgentKey": "g-M1", "ListAgentMlsId": "1234", "ListOfficeKey": "g-O1",
            "City": "Naples", "PropertyTimeZoneName": "America/New_York", "PropertyType": "Residential",
            "InternetEntireListingDisplayYN": true,
        });
        self.keep("POST", "/odata/Property", &self.writer, &listing);
        self.admin(
            "LockboxUser",
            &json!({
                "LockboxUserId": "gulf-1234", "TenantId": "gulf", "FeedId": "gulf", "MemberKey": "g-M1",
                "MemberMlsId": "1234", "LockboxUserName": "AJones", "LockboxUserType": "Agent",
                "AccountStatus": "Active", "LockboxServiceStatus": "Active", "ShowingServiceStatus": "Active",
            }),
        );
        self.admin(
            "Lockbox",
            &json!({
                "LockboxId": "B1", "TenantId": "gulf", "FeedId": "gulf", "LockboxOwnerId": "gulf-1234",
                "ListingKey": "g-L1", "RestrictionMode": "Open Hours",
            }),
        );
    }

    /// What the partner listing API answers.
    fn partner(&self, endpoint: &str, body: &Json) -> Json {
        let now = testkit::real_time().to_string();
        let stamp: String = now.chars().filter(char::is_ascii_digit).take(14).collect();
        let hash = Md5::digest(format!("partner {} x-ml-timestamp:{stamp}", self.partner));
        let signature: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let headers = format!(
            "ml-auth: client=partner&systemaccesskey={}&signature={signature}\r\nx-ml-timestamp: {stamp}\r\n",
            self.partner
        );
        let (method, body) = if body.is_null() { ("GET", String::new()) } else { ("POST", body.to_string()) };
        let path = format!("/services/partner/{endpoint}");
        let (status, answer) = self.server.ask_with(method, &path, &headers, &body).unwrap();
        assert_eq!(status, 200, "{path}: {answer}");
        serde_json::from_str(&body_of(&answer)).unwrap()
    }

    /// Whether the box opens for the agent, and the code of the first reason.
    fn decided(&self) -> (String, String) {
        let question = json!({ "lockbox": "B1", "user": "gulf-1234" });
        let (status, told) = self.ask("POST", "/lockbox/access-decisions", &self.vendor, &question);
        assert_eq!(status, 200, "{told}");
        let text = |value: &Json| value.as_str().unwrap().to_owned();
        (text(&told["decision"]), text(&told["reasons"][0]["code"]))
    }

    /// The events of a topic that lie in the inbox of the feed.
    fn events(&self, topic: &str) -> Vec<Json> {
        let feed = format!("http://127.0.0.1:{}/pods/feed-gulf/profile/card%23me", self.server.port);
        let page = self.get(&format!("/inbox/?format=full&limit=100&agent={feed}"), &self.hub);
        let events = page["contains"].as_array().unwrap_or_else(|| panic!("no inbox: {page}")).clone();
        events.into_iter().filter(|event| event["topic"] == topic).collect()
    }
}

/// HUB-003: a member who is terminated in the association's feed is inactive in the partner door's GetAgents, opens no
/// box any more, and `profile#update` is published: one write, no import, nobody told by hand. HUB-005: the log names
/// who wrote it, with what was before and after.
fn a_termination_is_seen_at_every_door(across: &Across) {
    let agents = || across.partner("GetAgents?FeedId=gulf&AgentId=1234", &Json::Null)["Results"][0].clone();
    until("the agent", || (agents()["Status"] == "Active").then_some(()));
    assert_eq!(across.decided(), ("permit".into(), "box_owner".into()));
    let before = across.events("realestate/profile#update").len();
    across.keep("PATCH", "/odata/Member('g-M1')", &across.writer, &json!({ "MemberStatus": "Inactive" }));
    // The write is acknowledged: from now on no box opens.
    assert_eq!(across.decided(), ("deny".into(), "member_inactive".into()));
    assert_eq!(agents()["Status"], "Inactive");
    let event = until("the event", || across.events("realestate/profile#update").into_iter().nth(before));
    assert_eq!(event["data"]["object"]["resourceRecordKey"], "g-M1");
    // HUB-005
    let trail = across.get("/admin/changes?resource=Member&limit=10", &across.operator);
    let last = trail.to_string();
    assert!(last.contains("client/writer") && last.contains("Inactive"), "{last}");
    // And reinstated as everywhere.
    across.keep("PATCH", "/odata/Member('g-M1')", &across.writer, &json!({ "MemberStatus": "Active" }));
    assert_eq!(across.decided(), ("permit".into(), "box_owner".into()));
}

/// HUB-001: one listing, one identity: RESO's ListingKey and ListingId, the partner's ListingId, the lockbox's, the
/// event's. HUB-002: one person: the board's id, the national id, the license, the e-mail and the profile belong to one
/// record at every door.
fn one_identity_at_every_door(across: &Across) {
    let reso =
        across.get("/odata/Property('g-L1')?$select=ListingKey,ListingId,ListAgentKey", &across.writer);
    assert_eq!((&reso["ListingKey"], &reso["ListingId"]), (&json!("g-L1"), &json!("L1")));
    let found = until("the listing", || {
        let found = across.partner("GetListings", &json!({ "FeedIdList": ["gulf"] }));
        found.as_array().filter(|found| !found.is_empty()).cloned()
    });
    assert_eq!(found[0]["ListingId"], reso["ListingId"]);
    let boxed = across.get("/lockbox/production/tenants/gulf/listings/g-L1", &across.operator);
    assert_eq!((&boxed["listing"], &boxed["listingId"]), (&reso["ListingKey"], &reso["ListingId"]));
    assert_eq!(boxed["boxes"], json!(["B1"]));
    let event = until("the event", || across.events("realestate/listing#update").into_iter().next());
    assert_eq!(event["data"]["object"]["resourceRecordKey"], reso["ListingKey"]);
    // HUB-002
    let member = across.get("/odata/Member('g-M1')", &across.writer);
    assert_eq!(reso["ListAgentKey"], member["MemberKey"]);
    let user = across.get("/lockbox/production/tenants/gulf/users/gulf-1234", &across.operator);
    for (of_user, of_member) in [
        ("member", "MemberKey"),
        ("memberMlsId", "MemberMlsId"),
        ("nationalAssociationId", "MemberNationalAssociationId"),
        ("stateLicense", "MemberStateLicense"),
        ("email", "MemberEmail"),
        ("office", "OfficeKey"),
    ] {
        assert_eq!(user[of_user], member[of_member], "{of_user}");
        assert!(member[of_member].is_string(), "{of_member}");
    }
    let agent = across.partner("GetAgents?FeedId=gulf&AgentId=1234", &Json::Null)["Results"][0].clone();
    assert_eq!(agent["AgentId"], member["MemberMlsId"]);
    let card = across.get("/pods/agent--csmkqc8/profile/card", &across.hub);
    assert_eq!(card["name"], member["MemberFullName"], "{card}");
}

/// HUB-006: who has to do with one association sees nothing of another, at any door and in any form.
fn tenants_are_isolated_at_every_door(across: &Across) {
    let told = |path: &str, key: &str| across.ask("GET", path, key, &Json::Null);
    for path in [
        "/odata/Property('g-L1')",
        "/odata/Member('g-M1')",
        "/lockbox/production/tenants/gulf",
        "/lockbox/production/tenants/gulf/users",
        "/lockbox/production/tenants/gulf/users/gulf-1234",
        "/lockbox/production/tenants/gulf/listings/g-L1",
        "/lockbox/production/tenants/gulf/boxes/B1",
        "/lockbox/production/tenants/gulf/audit",
        "/lockbox/staging/tenants/gulf/boxes/B1",
    ] {
        let (status, told) = told(path, &across.stranger);
        assert_eq!(status, 404, "{path}: {told}");
        assert!(!told.to_string().contains("Jones"), "{path}");
    }
    for path in ["/odata/Property", "/odata/Member", "/odata/LockOrBox"] {
        let (_, told) = told(path, &across.stranger);
        assert_eq!(told["value"].as_array().map(Vec::len), Some(0), "{path}: {told}");
    }
    let question = json!({ "lockbox": "B1", "user": "gulf-1234" });
    for key in [&across.stranger, &across.hub, &across.writer] {
        assert_eq!(across.ask("POST", "/lockbox/access-decisions", key, &question).0, 404);
    }
    // A vendor of one environment is none of the other, nor of another association.
    assert_eq!(told("/lockbox/production/tenants/gulf/boxes", &across.vendor).0, 200);
    assert_eq!(told("/lockbox/staging/tenants/gulf/boxes", &across.vendor).0, 404);
    assert_eq!(told("/lockbox/production/tenants/bay/boxes", &across.vendor).0, 404);
    // Who writes one association's feed writes no other's.
    let body = json!({ "MemberStatus": "Inactive" });
    assert_eq!(across.ask("PATCH", "/odata/Member('g-M1')", &across.stranger, &body).0, 404);
    assert_eq!(across.decided(), ("permit".into(), "box_owner".into()));
}

/// LBX-096, LBX-097: an access that was reported stands as a LockOrBox record at the RESO door, for whom the feed's
/// grant shows it, in UTC with its zone beside (HUB-004); and the listing agent's inbox has the showing.
fn an_access_is_told_at_the_reso_door(across: &Across) {
    let body = json!({ "lockbox": "B1", "user": "gulf-1234", "method": "App", "id": "first" });
    across.keep("POST", "/lockbox/accesses", &across.vendor, &body);
    let told = until("the record", || {
        let page = across.get("/odata/LockOrBox", &across.writer);
        page["value"].as_array().filter(|found| !found.is_empty()).cloned()
    });
    assert_eq!((&told[0]["ListingId"], &told[0]["ShowingAgentMlsId"]), (&json!("L1"), &json!("1234")));
    assert_eq!(told[0]["ListingTimeZone"], "America/New_York");
    assert!(told[0]["LockOrBoxAccessTimestamp"].as_str().unwrap().ends_with('Z'), "{told:?}");
    let agent = format!("http://127.0.0.1:{}/pods/agent--csmkqc8/profile/card%23me", across.server.port);
    let showing = until("the event", || {
        let page = across.get(&format!("/inbox/?format=full&agent={agent}"), &across.hub);
        let events = page["contains"].as_array()?.clone();
        events.into_iter().find(|event| event["topic"] == "realestate/listing#showing")
    });
    assert_eq!(showing["data"]["object"]["lockOrBoxId"], "B1");
}

/// HUB-001 to 006, at one server: it takes longer to start than all of them to be seen.
#[test]
fn hub_001_to_006_hold_across_the_doors() {
    let across = Across::build();
    tenants_are_isolated_at_every_door(&across);
    one_identity_at_every_door(&across);
    an_access_is_told_at_the_reso_door(&across);
    a_termination_is_seen_at_every_door(&across);
}
