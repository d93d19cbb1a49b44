//! The demo's associations: the nine of the sample, one of them live, one in onboarding. They come by the door's own
//! routes, as anyone's would, and by a clock of some weeks ago, as a go-live is an appointment.

use std::sync::Arc;

use anyhow::{Result, bail};
use association_door::{Door, SAMPLE_AS_OF, sample_associations};
use axum::Router;
use axum::body::Body;
use dictionary::Timestamp;
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http_body_util::BodyExt;
use jiff::ToSpan;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use parking_lot::Mutex;
use serde_json::{Value as Json, json};

use crate::clock;
use crate::serve::House;
use crate::settings::Settings;

/// The association that is live, and the one that is in onboarding.
pub(super) const LIVE: &str = "east-polk";
const BEGUN: &str = "lakeland";

/// What an MLS sends of an association, small.
const AGENTS: &str = include_str!("agents.csv");
const OFFICES: &str = include_str!("offices.csv");

/// Why the demo passes over what it cannot show by itself.
const OVERRIDE: &str = "The demo's vendor has no key and pulls nothing by itself.";

/// What is done by hand in the demo.
const CONFIRMED: [&str; 7] = [
    "import_features_on",
    "signed_by_onboarding",
    "signed_by_integrations",
    "signed_by_customer",
    "vendor_confirmed",
    "customer_agreed",
    "mls_agreed",
];

/// Somebody at the door, some weeks ago.
struct Clerk {
    door: Door,
    router: Router,
    key: String,
    now: Arc<Mutex<Timestamp>>,
}

/// Brings the associations in, where they are not there.
pub(super) async fn associations(house: &House, settings: &Settings, key: &str) -> Result<()> {
    if house.association.tenant(LIVE).is_some() {
        return Ok(());
    }
    let now = Arc::new(Mutex::new(monday_of_weeks_ago()?));
    let told = Arc::clone(&now);
    let (dictionary, gate, store) = (Arc::clone(&house.dictionary), house.gate.clone(), house.store.clone());
    let door = Door::open(dictionary, gate, store, Arc::new(move || *told.lock())).await?;
    let door = door.keeping_files_in(settings.store.data.join(crate::serve::ASSOCIATION));
    let router = association_door::router(door.clone());
    let clerk = Clerk { door, router, key: key.to_owned(), now };
    for one in sample_associations() {
        let body = json!({ "TenantId": one.id, "TenantName": one.name, "TenantAsOfDate": SAMPLE_AS_OF });
        clerk.send("POST", "", body).await?;
    }
    for tenant in [LIVE, BEGUN] {
        clerk.kick_off(tenant).await?;
    }
    clerk.go_live(LIVE).await?;
    house.association.refresh().await?;
    Ok(())
}

/// A Monday morning in Florida, two weeks before the last one.
fn monday_of_weeks_ago() -> Result<Timestamp> {
    let today = clock::now().to_zoned(TimeZone::get("America/New_York").unwrap_or(TimeZone::UTC));
    let monday = today.nth_weekday(-1, Weekday::Monday)?.checked_sub(14.days())?;
    Ok(monday.with().hour(9).minute(0).second(0).subsec_nanosecond(0).build()?.timestamp())
}

impl Clerk {
    async fn send(&self, method: &str, path: &str, body: Json) -> Result<Json> {
        self.send_as(method, path, "application/json", body.to_string()).await
    }

    async fn send_as(&self, method: &str, path: &str, kind: &str, body: String) -> Result<Json> {
        let request = Request::builder()
            .method(method)
            .uri(format!("/association/tenants{path}"))
            .header(AUTHORIZATION, format!("Bearer {}", self.key))
            .header(CONTENT_TYPE, kind)
            .body(Body::from(body))?;
        let answer = tower::ServiceExt::oneshot(self.router.clone(), request).await?;
        let status = answer.status();
        let bytes = answer.into_body().collect().await?.to_bytes();
        if !status.is_success() {
            bail!(
                "The demo's associations: {method} {path} answers {status}: {}",
                String::from_utf8_lossy(&bytes)
            );
        }
        Ok(serde_json::from_slice(&bytes).unwrap_or_default())
    }

    /// Writes the integration with the MLS down, names its people, takes its files in.
    async fn kick_off(&self, tenant: &str) -> Result<()> {
        let mls = format!("/{tenant}/integrations/mls");
        let integration = json!({
            "IntegrationKind": "MLS", "IntegrationVendor": "Stellar MLS", "IntegrationPlatform": "FLEX",
            "IntegrationType": "Standard", "SectionTitle": "Stellar MLS", "AffiliateId": tenant,
            "VendorAffiliateId": tenant, "TentativeGoLiveMonth": self.now.lock().strftime("%Y-%m").to_string(),
        });
        self.send("POST", &format!("/{tenant}/integrations"), integration).await?;
        for (id, role) in [("sam", "Integration Specialist"), ("cleo", "Customer"), ("vera", "Vendor")] {
            let body = json!({ "TenantContactRole": role, "TenantContactName": id,
                "ContactEmail": format!("{id}@{tenant}.example") });
            self.send("PUT", &format!("/{tenant}/contacts/{id}"), body).await?;
        }
        self.send("POST", &format!("{mls}/transitions"), json!({ "event": "kick_off" })).await?;
        for (kind, file) in [("agent", AGENTS), ("office", OFFICES)] {
            let path = format!("{mls}/files?kind={kind}&name={kind}s.csv");
            self.send_as("POST", &path, "application/octet-stream", file.to_owned()).await?;
        }
        Ok(())
    }

    /// Goes all the way to the go-live, two days later.
    async fn go_live(&self, tenant: &str) -> Result<()> {
        let mls = format!("/{tenant}/integrations/mls");
        let staging = format!("{mls}/environments/staging");
        self.send("POST", &format!("/{tenant}/staging"), json!({})).await?;
        self.step(&mls, json!({ "event": "receive_data_files" })).await?;
        let entry = |category: &str, value: &str, display: &str| json!({ "category": category, "value": value, "displayValue": display, "vendorCode": value });
        let entries = [
            entry("status", "A", "Active"),
            entry("status", "I", "Inactive"),
            entry("userClass", "AG", "Agent"),
            entry("userClass", "BR", "Broker"),
        ];
        let mapping = json!({ "entries": entries, "standardTypes": true });
        self.send("POST", &format!("{mls}/mappings"), mapping).await?;
        self.step(&mls, json!({ "event": "complete_mapping" })).await?;
        self.send("POST", &format!("{staging}/imports"), json!({})).await?;
        self.door.import_what_is_ordered().await;
        for rule in CONFIRMED {
            let body = json!({ "evidence": "the demo's call" });
            self.send("PUT", &format!("{mls}/checklist/{rule}"), body).await?;
        }
        self.step(&mls, json!({ "event": "verify_staging_import" })).await?;
        self.step(&mls, json!({ "event": "pass_test_sync" })).await?;
        let at = self.now.lock().checked_add(48.hours())?;
        self.step(&mls, json!({ "event": "schedule_go_live", "goLive": at.to_string() })).await?;
        self.send("POST", &format!("{mls}/environments/production/imports"), json!({})).await?;
        self.door.import_what_is_ordered().await;
        *self.now.lock() = at;
        self.door.go_live_where_due().await;
        Ok(())
    }

    async fn step(&self, mls: &str, mut body: Json) -> Result<()> {
        body["overrideReason"] = json!(OVERRIDE);
        self.send("POST", &format!("{mls}/transitions"), body).await?;
        Ok(())
    }
}
