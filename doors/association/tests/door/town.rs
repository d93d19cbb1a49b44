//! An association with an MLS to come, and people of every role.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use association_door::Door;
use axum::Router;
use axum::body::Body;
use console::operate::{self, Act, Desk, NewKey, create_client, issue_key};
use dictionary::{Dictionary, Text, Timestamp, Version, named};
use gate::{Gate, SigningKey};
use serde_json::{Value as Json, json};
use store::Store;
use testkit::{Clock, Home};

/// The tenant of most tests, and its address.
pub(crate) const TENANT: &str = "/association/tenants/east-polk";
/// Its integration with the MLS.
pub(crate) const MLS: &str = "/association/tenants/east-polk/integrations/mls";

/// A Monday morning in Florida: 08:00.
pub(crate) fn monday() -> Timestamp {
    "2026-11-23T13:00:00Z".parse().unwrap()
}

/// Who is what to the tenant: the client, the role, and where.
pub(crate) const PEOPLE: [(&str, &str, &[&str]); 8] = [
    ("admin", "Administrator", &["Production", "Staging"]),
    ("admin-staging", "Administrator", &["Staging"]),
    ("staff", "Staff", &["Production", "Staging"]),
    ("staff-production", "Staff", &["Production"]),
    ("staff-staging", "Staff", &["Staging"]),
    ("vendor-production", "Vendor", &["Production"]),
    ("vendor-staging", "Vendor", &["Staging"]),
    ("user", "User", &["Production", "Staging"]),
];

pub(crate) struct Town {
    pub(crate) router: Router,
    pub(crate) door: Door,
    pub(crate) store: Store,
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) desk: Desk,
    pub(crate) clock: Clock,
    keys: BTreeMap<String, String>,
    home: Arc<Home>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer(testkit::web::Answer);

impl Deref for Answer {
    type Target = testkit::web::Answer;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Answer {
    /// The code of a refusal; `ok` where there is none.
    pub(crate) fn code(&self) -> String {
        if self.status.is_success() {
            return "ok".into();
        }
        let said = self.json();
        let error = &said["error"];
        assert!(error["message"].is_string() && error["hint"].is_string(), "{}", self.body);
        error["code"].as_str().unwrap().to_owned()
    }

    /// The body of what went well.
    pub(crate) fn good(self) -> Json {
        assert!(self.status.is_success(), "{} {}", self.status, self.body);
        if self.body.is_empty() { Json::Null } else { self.json() }
    }
}

impl Town {
    /// The tenant, its people, and an integration that is written down.
    pub(crate) async fn build() -> Self {
        let town = Self::bare().await;
        let tenant = json!({ "TenantId": "east-polk", "TenantName": "East Polk County Association",
            "NrdsPrefix": "2745", "TenantHolidays": ["2026-11-26"] });
        town.post("operator", "/association/tenants", tenant).await.good();
        for (client, role, places) in PEOPLE {
            for place in places {
                town.role(client, "east-polk", place, role).await;
            }
        }
        let mls = json!({ "IntegrationKind": "MLS", "IntegrationVendor": "Stellar MLS",
            "IntegrationPlatform": "FLEX", "IntegrationType": "Standard", "SectionTitle": "Stellar MLS" });
        town.post("staff", &format!("{TENANT}/integrations"), mls).await.good();
        town
    }

    /// Clients alone.
    pub(crate) async fn bare() -> Self {
        let home = (crate::HOME)();
        let file = || store::Settings::sqlite(home.file("freehold.db"));
        let kept = home.url().map_or_else(file, store::Settings::postgres);
        let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
        let store = Store::open(kept, Arc::clone(&dictionary)).await.unwrap();
        let signing = SigningKey::from_bytes(&[7; 32]);
        let gate =
            Gate::open(store.clone(), Arc::clone(&dictionary), gate::Settings::new(signing)).await.unwrap();
        let desk = Desk {
            store: store.clone(),
            dictionary: Arc::clone(&dictionary),
            gate: Some(gate.clone()),
            row_filters: None,
            outflow: None,
        };
        let clock = Clock::at(monday());
        let ticking = clock.clone();
        let door = Door::open(Arc::clone(&dictionary), gate, store.clone(), Arc::new(move || ticking.now()));
        let door = door.await.unwrap().keeping_files_in(home.file("association"));
        let mut keys = BTreeMap::new();
        let everyone =
            ["operator", "nobody", "stranger"].into_iter().chain(PEOPLE.map(|(client, ..)| client));
        for client in everyone {
            let act = Act { actor: Text::new_static("test"), now: monday() };
            create_client(&desk, &act, client, client, client == "operator").await.unwrap();
            let key = issue_key(&desk, &act, client, NewKey::default()).await.unwrap();
            keys.insert(client.to_owned(), key.secret.reveal().to_owned());
        }
        let router = association_door::router(door.clone());
        Self { router, door, store, dictionary, desk, clock, keys, home: Arc::new(home) }
    }

    /// The same town after its process has ended and another has begun: nothing is left but what the store holds.
    pub(crate) async fn reopened(&self) -> Self {
        let (dictionary, store, clock) =
            (Arc::clone(&self.dictionary), self.store.clone(), self.clock.clone());
        let terms = gate::Settings::new(SigningKey::from_bytes(&[7; 32]));
        let gate = Gate::open(store.clone(), Arc::clone(&dictionary), terms).await.unwrap();
        let desk = Desk {
            store: store.clone(),
            dictionary: Arc::clone(&dictionary),
            gate: Some(gate.clone()),
            row_filters: None,
            outflow: None,
        };
        let ticking = clock.clone();
        let clocked = Arc::new(move || ticking.now());
        let door = Door::open(Arc::clone(&dictionary), gate, store.clone(), clocked).await.unwrap();
        let door = door.keeping_files_in(self.home.file("association"));
        let router = association_door::router(door.clone());
        let (keys, home) = (self.keys.clone(), Arc::clone(&self.home));
        Self { router, door, store, dictionary, desk, clock, keys, home }
    }

    /// Grants a role by the admin API, as an operator may.
    pub(crate) async fn role(&self, client: &str, tenant: &str, environment: &str, role: &str) {
        let own = self.dictionary.known("TenantGrant");
        let id = format!("{tenant}.{client}.{environment}");
        let user = (role == "User").then(|| "u1".into());
        let record = named(
            own,
            [
                ("TenantGrantId", Some(id.into())),
                ("ClientId", Some(client.into())),
                ("TenantId", Some(tenant.into())),
                ("TenantEnvironment", Some(environment.into())),
                ("TenantRole", Some(role.into())),
                ("LockboxUserId", user),
            ],
        );
        let act = Act { actor: Text::new_static("test"), now: self.clock.now() };
        operate::create(&self.desk, &act, "TenantGrant", record).await.unwrap();
    }

    /// Where data files lie.
    pub(crate) fn files(&self) -> std::path::PathBuf {
        self.home.file("association")
    }

    pub(crate) fn key(&self, client: &str) -> &str {
        &self.keys[client]
    }

    pub(crate) async fn get(&self, client: &str, path: &str) -> Answer {
        self.send(client, "GET", path, None).await
    }

    pub(crate) async fn post(&self, client: &str, path: &str, body: Json) -> Answer {
        self.send(client, "POST", path, Some(body)).await
    }

    pub(crate) async fn patch(&self, client: &str, path: &str, body: Json) -> Answer {
        self.send(client, "PATCH", path, Some(body)).await
    }

    pub(crate) async fn send(&self, client: &str, method: &str, path: &str, body: Option<Json>) -> Answer {
        let bearer = format!("Bearer {}", self.key(client));
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = body.map_or_else(String::new, |body| body.to_string());
        self.ask(method, path, &headers, body).await
    }

    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let answer = testkit::web::ask(&self.router, (method, path), headers, body).await;
        crate::described::hold(method, path, &answer);
        Answer(answer)
    }
}
