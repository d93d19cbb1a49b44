//! The association's Freehold: its doors listen, its clock is set by hand.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use association_door::Door;
use console::operate::{self, Act, Desk, NewKey, create_client, issue_key};
use dictionary::{Dictionary, Key, Record, Text, Timestamp, Version, named};
use gate::{Gate, SigningKey};
use http::{HeaderMap, Method};
use outbound::Request;
use search::Search;
use serde_json::{Value as Json, json};
use store::{Batch, Operation, Settings, Store};
use testkit::{Clock, Home};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub(crate) const TENANT: &str = "/association/tenants/east-polk";
pub(crate) const MLS: &str = "/association/tenants/east-polk/integrations/mls";

/// A Monday morning in Florida: 08:00.
pub(crate) fn monday() -> Timestamp {
    "2026-11-30T13:00:00Z".parse().unwrap()
}

/// A client that may reach this machine.
pub(crate) fn outward() -> outbound::Client {
    let rules = outbound::Rules { allowed: vec!["127.0.0.0/8".parse().unwrap()] };
    outbound::Client::new(outbound::Settings { rules, ..outbound::Settings::default() }).unwrap()
}

pub(crate) struct House {
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) door: Door,
    pub(crate) address: SocketAddr,
    server: JoinHandle<()>,
    keys: BTreeMap<String, String>,
    http: outbound::Client,
    _home: Home,
}

impl House {
    pub(crate) async fn open(home: Home) -> Self {
        let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
        let file = || Settings::sqlite(home.file("association.db"));
        let kept = home.url().map_or_else(file, Settings::postgres);
        let store = Store::open(kept, Arc::clone(&dictionary)).await.unwrap();
        let clock = Clock::at(monday());
        let gate = gate(&store, &dictionary).await;
        let desk = Desk {
            store: store.clone(),
            dictionary: Arc::clone(&dictionary),
            gate: Some(gate.clone()),
            row_filters: None,
            outflow: None,
        };
        let act = Act { actor: Text::new_static("test"), now: monday() };
        let mut keys = BTreeMap::new();
        for client in ["operator", "admin", "staff", "second"] {
            create_client(&desk, &act, client, client, client == "operator").await.unwrap();
            let key = issue_key(&desk, &act, client, NewKey::default()).await.unwrap();
            keys.insert(client.to_owned(), key.secret.reveal().to_owned());
        }
        let (door, address, server) = listen(&store, &dictionary, &clock, None).await;
        let http = outward();
        let house = Self { dictionary, store, clock, door, address, server, keys, http, _home: home };
        let tenant =
            json!({ "TenantId": "east-polk", "TenantName": "East Polk County", "NrdsPrefix": "2745" });
        house.post("operator", "/association/tenants", tenant).await;
        for (client, role) in [("admin", "Administrator"), ("staff", "Staff"), ("second", "Staff")] {
            for place in ["Production", "Staging"] {
                let fields = [
                    ("TenantGrantId", format!("east-polk.{client}.{place}")),
                    ("ClientId", client.to_owned()),
                    ("TenantId", "east-polk".to_owned()),
                    ("TenantEnvironment", place.to_owned()),
                    ("TenantRole", role.to_owned()),
                ];
                let fields = fields.map(|(name, value)| (name, Some(value.into())));
                let record = named(house.dictionary.known("TenantGrant"), fields);
                operate::create(&desk, &act, "TenantGrant", record).await.unwrap();
            }
        }
        house.door.refresh().await.unwrap();
        let mls = json!({ "IntegrationKind": "MLS", "IntegrationVendor": "Stellar MLS",
            "AffiliateId": "EPC", "TentativeGoLiveMonth": "2026-12" });
        house.post("staff", &format!("{TENANT}/integrations"), mls).await;
        house
    }

    /// The process is killed and another begins, at the same address, over the same store.
    pub(crate) async fn restart(&mut self) {
        self.server.abort();
        let _ = (&mut self.server).await;
        let (door, address, server) =
            listen(&self.store, &self.dictionary, &self.clock, Some(self.address)).await;
        (self.door, self.address, self.server) = (door, address, server);
    }

    /// Asks over HTTP: the status and the body.
    pub(crate) async fn ask(&self, key: &str, method: Method, path: &str, body: Option<Json>) -> (u16, Json) {
        let uri = outbound::target(&format!("http://{}{path}", self.address)).unwrap();
        let headers =
            [("authorization", format!("Bearer {key}")), ("content-type", "application/json".into())];
        let headers = headers.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        let body = body.map_or_else(String::new, |body| body.to_string()).into();
        let headers = HeaderMap::from_iter(headers);
        let request = Request { method, uri, headers, body, largest_answer: 1 << 24 };
        let answer = self.http.send(request).await.unwrap();
        (answer.status.as_u16(), serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    async fn good(&self, client: &str, method: Method, path: &str, body: Option<Json>) -> Json {
        let (status, said) = self.ask(&self.keys[client], method, path, body).await;
        assert!((200..300).contains(&status), "{client} {path}: {status} {said}");
        said
    }

    pub(crate) async fn get(&self, client: &str, path: &str) -> Json {
        self.good(client, Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, client: &str, path: &str, body: Json) -> Json {
        self.good(client, Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, client: &str, path: &str, body: Json) -> Json {
        self.good(client, Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, client: &str, path: &str, body: Json) -> Json {
        self.good(client, Method::PATCH, path, Some(body)).await
    }

    /// Tries a step: the guards that are not met, none where it was made.
    pub(crate) async fn step(&self, client: &str, body: Json) -> Vec<String> {
        let path = format!("{MLS}/transitions");
        let (status, said) = self.ask(&self.keys[client], Method::POST, &path, Some(body)).await;
        if (200..300).contains(&status) {
            return Vec::new();
        }
        let error = &said["error"];
        assert_eq!(error["code"], "guards_unmet", "{said}");
        let details = error["details"].as_array().unwrap();
        details.iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
    }

    /// The vendor's key of an environment, opened by two people.
    pub(crate) async fn vendors_key(&self, environment: &str) -> String {
        let path = format!("{MLS}/environments/{environment}/key");
        self.post("staff", &path, json!({ "access": "Read" })).await;
        self.post("admin", &format!("{path}/approvals"), json!({})).await;
        let opened = self.post("second", &format!("{path}/approvals"), json!({})).await;
        opened["secret"].as_str().unwrap().to_owned()
    }

    pub(crate) fn member(&self, key: &str, status: &str) -> Record {
        let fields = [
            ("MemberKey", Some(key.into())),
            ("MemberStatus", Some(status.into())),
            ("MemberFirstName", Some(format!("N{key}").into())),
            ("ModificationTimestamp", Some(self.clock.now().into())),
        ];
        named(self.dictionary.known("Member"), fields)
    }

    pub(crate) async fn write(&self, feed: &str, records: Vec<Record>) {
        for part in records.chunks(5_000) {
            let mut batch = Batch::new("test", self.clock.now());
            batch.operations = part.iter().map(|record| Operation::put(feed, record.clone())).collect();
            self.store.write(batch).await.unwrap();
        }
    }

    pub(crate) async fn remove(&self, key: &str) {
        let mut batch = Batch::new("test", self.clock.now());
        batch.operations = vec![Operation::remove(self.dictionary.known("Member").id, Key::new(key))];
        self.store.write(batch).await.unwrap();
    }
}

async fn gate(store: &Store, dictionary: &Arc<Dictionary>) -> Gate {
    let terms = gate::Settings::new(SigningKey::from_bytes(&[7; 32]));
    Gate::open(store.clone(), Arc::clone(dictionary), terms).await.unwrap()
}

async fn listen(
    store: &Store,
    dictionary: &Arc<Dictionary>,
    clock: &Clock,
    at: Option<SocketAddr>,
) -> (Door, SocketAddr, JoinHandle<()>) {
    let gate = gate(store, dictionary).await;
    let search = Search::new(Arc::clone(dictionary));
    let (following, followed) = (search.clone(), store.clone());
    let ticking = clock.clone();
    let door =
        Door::open(Arc::clone(dictionary), gate.clone(), store.clone(), Arc::new(move || ticking.now()));
    let door = door.await.unwrap();
    let reso = reso_door::Door::new(
        Arc::clone(dictionary),
        gate,
        search,
        store.clone(),
        monday,
        reso_door::Settings::default(),
    );
    let routes = association_door::router(door.clone()).merge(reso_door::router(reso));
    let listener = TcpListener::bind(at.unwrap_or_else(|| "127.0.0.1:0".parse().unwrap())).await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let follow = tokio::spawn(async move { following.follow(followed, std::future::pending()).await });
        axum::serve(listener, routes).await.unwrap();
        follow.abort();
    });
    (door, address, server)
}
