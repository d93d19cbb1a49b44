//! Two associations, an operator, and somebody who is granted nothing.

use std::cell::Cell;
use std::sync::Arc;

use axum::Router;
use console::operate::{Act, Desk, NewKey, create, create_client, create_feed, issue_key};
use dictionary::{Dictionary, Named, Record, Text, Timestamp, Value, Version, named};
use gate::{Gate, SigningKey};
use jiff::SignedDuration;
use lockbox_door::{Door, Settings};
use outflow::Outflow;
use search::Search;
use serde_json::{Value as Json, json};
use store::{OWN_FEED, Scan, Store};
pub(crate) use testkit::web::Answer;
use testkit::{Home, web};

thread_local! {
    /// How much later than noon it is, in seconds: each test has a thread and so a clock of its own.
    static LATER: Cell<i64> = const { Cell::new(0) };
}

pub(crate) fn now() -> Timestamp {
    let noon: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
    noon + SignedDuration::from_secs(LATER.get())
}

/// Lets time pass.
pub(crate) fn pass(seconds: i64) {
    LATER.set(LATER.get() + seconds);
}

pub(crate) struct Town {
    pub(crate) router: Router,
    pub(crate) door: Door,
    pub(crate) store: Store,
    pub(crate) search: Search,
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) desk: Desk,
    pub(crate) operator: String,
    /// Is granted nothing.
    pub(crate) nobody: String,
    _home: Home,
}

pub(crate) fn act() -> Act {
    Act { actor: Text::new_static("test"), now: now() }
}

impl Town {
    pub(crate) async fn build() -> Self {
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
        for (id, name, region) in [("gulf", "Gulf Realtors", "999"), ("bay", "Bay Realtors", "120")] {
            let feed = |environment: &str| format!("{id}-{environment}");
            for environment in ["production", "staging"] {
                create_feed(&desk, &act(), &feed(environment), name).await.unwrap();
            }
            let text = |text: &str| Some(Value::from(text));
            let fields = [
                ("TenantId", text(id)),
                ("TenantName", text(name)),
                ("TenantRegionCode", text(region)),
                ("TenantTimeZone", text("America/New_York")),
                ("ProductionFeedId", text(&feed("production"))),
                ("StagingFeedId", text(&feed("staging"))),
            ];
            let record = named(dictionary.known("Tenant"), fields);
            create(&desk, &act(), "Tenant", record).await.unwrap();
        }
        let operator = client(&desk, "operator", true).await;
        let nobody = client(&desk, "nobody", false).await;
        let settings = Settings::new(home.file("lockbox"), "node");
        let search = Search::new(Arc::clone(&dictionary));
        let (follows, followed) = (search.clone(), store.clone());
        tokio::spawn(async move { follows.follow(followed, std::future::pending()).await });
        let terms = outflow::Settings::new(
            "https://hub.example",
            outflow::MasterKey::from_bytes(&[7; 32]),
            now,
            || 0.5,
        );
        let outflow = Outflow::open(store.clone(), Arc::clone(&dictionary), terms).await.unwrap();
        let stands_on = (store.clone(), search.clone(), outflow);
        let door = Door::open(Arc::clone(&dictionary), gate, stands_on, now, settings).await.unwrap();
        let router = lockbox_door::router(door.clone());
        Self { router, door, store, search, dictionary, desk, operator, nobody, _home: home }
    }

    pub(crate) async fn get(&self, key: &str, path: &str) -> Answer {
        self.ask("GET", path, &[("x-api-key", key)], String::new()).await
    }

    /// Asks with a key and a JSON body.
    pub(crate) async fn send(&self, key: &str, method: &str, path: &str, body: &Json) -> Answer {
        let headers = [("x-api-key", key), ("content-type", "application/json")];
        self.ask(method, path, &headers, body.to_string()).await
    }

    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Answer {
        let answer = web::ask(&self.router, (method, path), headers, body).await;
        crate::described::hold(method, path, &answer);
        answer
    }
}

/// Where the imports of `gulf` in production are.
pub(crate) const GULF: &str = "/lockbox/production/tenants/gulf";

impl Town {
    /// Sends a file for `gulf`, lets it be done, and says what became of it.
    pub(crate) async fn import(&self, part: &str, mode: &str, file: &str) -> Json {
        self.import_to(GULF, part, mode, ("rows.csv", file)).await
    }

    pub(crate) async fn import_to(
        &self,
        whose: &str,
        part: &str,
        mode: &str,
        (name, file): (&str, &str),
    ) -> Json {
        let path = format!("{whose}/imports?part={part}&mode={mode}&name={name}");
        let answer = self.post(&path, file).await;
        assert_eq!(answer.status, 202, "{}", answer.body);
        let batch = format!("{whose}/imports/{}", answer.json()["id"].as_str().unwrap());
        assert_eq!(answer.header("location"), batch);
        self.door.run_imports().await.unwrap();
        self.get(&self.operator, &batch).await.json()
    }

    /// As an operator.
    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        self.ask("POST", path, &[("x-api-key", &self.operator)], body.to_owned()).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Json) -> Answer {
        self.ask("PUT", path, &[("x-api-key", &self.operator)], body.to_string()).await
    }

    /// The findings of a batch, each as row, key, field and code.
    pub(crate) async fn findings(&self, batch: &Json) -> Vec<String> {
        let path = format!("{GULF}/imports/{}/report", batch["id"].as_str().unwrap());
        let report = self.get(&self.operator, &path).await.json();
        let text = |value: &Json| value.as_str().unwrap().to_owned();
        let told = report["findings"].as_array().unwrap().iter().map(|one| {
            format!("{} {} {} {}", one["row"], text(&one["key"]), text(&one["field"]), text(&one["code"]))
        });
        told.collect()
    }

    /// Every record of a resource in a feed.
    pub(crate) async fn records(&self, resource: &str, feed: &str) -> Vec<Record> {
        let own = self.dictionary.known(resource);
        let scan = Scan { resource: own.id, feed: Some(feed.into()), after: None, limit: 10_000 };
        self.store.scan(scan).await.unwrap().into_iter().map(|stored| (*stored.record).clone()).collect()
    }

    /// Fields of every record of a resource in a feed of `gulf` in production, sorted: `-` where there is no value.
    pub(crate) async fn told(&self, resource: &str, fields: &[&str]) -> Vec<String> {
        let own = self.dictionary.known(resource);
        let feed = if resource == "LockboxUser" { OWN_FEED } else { "gulf-production" };
        let mut told: Vec<String> = self
            .records(resource, feed)
            .await
            .iter()
            .map(|record| {
                let named = Named { own, record };
                let field = |name: &&str| match named.value(name) {
                    None => "-".to_owned(),
                    Some(value) => {
                        let mut out = Vec::new();
                        odata::text::write_value(&mut out, value.view());
                        String::from_utf8(out).unwrap()
                    }
                };
                fields.iter().map(field).collect::<Vec<_>>().join("|")
            })
            .collect();
        told.sort();
        told
    }

    /// Imports two offices and three members.
    pub(crate) async fn people(&self) {
        self.import("offices", "full", OFFICES).await;
        let members = self.import("members", "full", MEMBERS).await;
        assert_eq!(members["totals"]["added"], json!(3), "{members:#}");
    }
}

/// Two offices, under the seed's headings.
pub(crate) const OFFICES: &str = "\
OFFICEMLSID,OFFICENAME,OFFICEPHONE,OFFICEADDRESS1,OFFICECITY,OFFICESTATEORPROVINCE,OFFICEPOSTALCODE,OFFICESTATUS
O1,Gulf Homes,(239) 555-0100,1 Bay St,Naples,FL,34102,Active
O2,Bay Homes,239.555.0200 x7,2 Bay St,Naples,FL,34102,active
";

/// Three members, under the seed's headings.
pub(crate) const MEMBERS: &str = "\
MEMBERMLSID,MEMBERNATIONALASSOCIATIONID,MEMBERSTATELICENCE,MEMBERTYPE,MEMBERFIRSTNAME,MEMBERLASTNAME,\
MEMBEROFFICEPHONE,MEMBEREMAIL,OFFICEMLSID,SKSS Status,Lockbox Service Status,MEMBERSTATUSFIELD
M1,261000001,SL1,Broker,Mary,Smith,239-555-0101,mary@gulf.example,O1,Active,Active,Active
M2,261000002,SL2,Agent,Ann,Jones,239-555-0102,ann@gulf.example,O1,Inactive,Active,Active
M3,261000003,SL3,Office Staff,Bob,Stone,239-555-0103,,O2,Active,Inactive,Active
";

/// Listings of two of them, under the seed's headings.
pub(crate) const LISTINGS: &str = "\
LISTINGID,LISTAGENTMLSID,CoListAgentMlsId,STREETNUMBER,STREETNAME,STREETSUFFIX,CITY,STATEORPROVINCE,POSTALCODE,\
COUNTYORPAISH,SUBDIVISION,LISTPRICE,MLSSTATUS,ONMARKETDATE,OFFMARKETDATE,LATITUDE,LONGITUDE,LISTINGKEYNUMERIC,\
PHOTOCOUNT,PHOTOSCHANGETIMESTAMP
L1,M1,,10,Gulf,Dr,Naples,FL,34102,Collier,Old Naples,\"$1,250,000\",Active,2026-11-01,,26.1420,-81.7948,900001,12,2026-11-01T10:00:00Z
L2,M2,M1,20,Gulf,Dr,Naples,FL,34102,Collier,,525000,Coming Soon,2026-12-01,,26.1421,-81.7949,900002,0,
";

pub(crate) async fn client(desk: &Desk, id: &str, operator: bool) -> String {
    create_client(desk, &act(), id, id, operator).await.unwrap();
    issue_key(desk, &act(), id, NewKey::default()).await.unwrap().secret.reveal().to_owned()
}
