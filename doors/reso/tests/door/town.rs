//! A small town of two feeds: 60 listings with ties, nulls, agents, pictures and rooms.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use console::operate::{Act, Desk, NewGrant, NewKey, create_client, create_feed, grant, issue_key};
use dictionary::{Decimal, Dictionary, Record, Text, Timestamp, Value, Version};
use gate::{Class, Gate, SigningKey};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use reso_door::{Door, Settings};
use search::Search;
use serde_json::Value as Json;
use store::{Batch, Operation, Store};
use testkit::Scratch;
use tower::ServiceExt;

/// Listings in all; the last ten are of feed B.
pub(crate) const LISTINGS: usize = 60;
/// Of them of feed A.
pub(crate) const OF_A: usize = 50;

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

pub(crate) struct Town {
    pub(crate) router: Router,
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) store: Store,
    pub(crate) search: Search,
    /// Reads everything of both feeds.
    pub(crate) key: String,
    /// Reads feed A, as IDX.
    pub(crate) idx: String,
    /// Is granted nothing.
    pub(crate) nobody: String,
    desk: Desk,
    _scratch: Scratch,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The `ListingKey`s of a page.
    pub(crate) fn keys(&self) -> Vec<String> {
        let page = self.json();
        let list = page["value"].as_array().unwrap_or_else(|| panic!("no page: {}", self.body));
        list.iter().map(|record| record["ListingKey"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

impl Town {
    pub(crate) async fn build() -> Self {
        Self::with(Settings::default()).await
    }

    /// A town behind a door of these settings; its pages are small.
    pub(crate) async fn with(terms: Settings) -> Self {
        Self::of(terms, now).await
    }

    /// A town where every request comes a second after the one before.
    pub(crate) async fn ticking() -> Self {
        Self::of(Settings::default(), || {
            static SECONDS: AtomicI64 = AtomicI64::new(0);
            now() + jiff::SignedDuration::from_secs(SECONDS.fetch_add(1, Ordering::Relaxed))
        })
        .await
    }

    async fn of(terms: Settings, clock: fn() -> Timestamp) -> Self {
        let scratch = Scratch::new();
        let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
        let settings = store::Settings::sqlite(scratch.file("town.sqlite"));
        let store = Store::open(settings, Arc::clone(&dictionary)).await.unwrap();
        let signing = SigningKey::from_bytes(&[7; 32]);
        let terms_of_gate = gate::Settings { row_filters: Some(equals()), ..gate::Settings::new(signing) };
        let gate = Gate::open(store.clone(), Arc::clone(&dictionary), terms_of_gate).await.unwrap();
        let search = Search::new(Arc::clone(&dictionary));
        let (following, stored) = (search.clone(), store.clone());
        tokio::spawn(async move { following.follow(stored, std::future::pending()).await });
        let desk = Desk {
            store: store.clone(),
            dictionary: Arc::clone(&dictionary),
            gate: Some(gate.clone()),
            row_filters: Some(equals()),
            outflow: None,
        };
        let act = Act { actor: Text::new_static("test"), now: now() };
        for feed in ["A", "B"] {
            create_feed(&desk, &act, feed, feed).await.unwrap();
        }
        let key = client(&desk, &act, "all", &[("A", Class::Participant), ("B", Class::Participant)]).await;
        let idx = client(&desk, &act, "idx", &[("A", Class::Idx)]).await;
        let nobody = client(&desk, &act, "nobody", &[]).await;
        let door = Door::new(
            Arc::clone(&dictionary),
            gate,
            search.clone(),
            store.clone(),
            clock,
            Settings { page_size: 25, largest_page: 100, ..terms },
        );
        let router = reso_door::router(door);
        let town = Self { router, dictionary, store, search, key, idx, nobody, desk, _scratch: scratch };
        for feed in ["A", "B"] {
            let records =
                (0..LISTINGS).filter(|n| (*n < OF_A) == (feed == "A")).flat_map(|n| town.listing(n));
            town.write(feed, records.collect()).await;
        }
        town
    }

    /// Writes records and waits until searches see them.
    pub(crate) async fn write(&self, feed: &str, records: Vec<Record>) {
        let mut batch = Batch::new("test", now());
        batch.operations = records.into_iter().map(|record| Operation::put(feed, record)).collect();
        let head = self.store.write(batch).await.unwrap().head;
        self.search.watch().wait_for(|applied| *applied >= head).await.unwrap();
    }

    pub(crate) fn record(&self, resource: &str, fields: Vec<(&str, Value)>) -> Record {
        let own = self.dictionary.known(resource);
        Record::from_values(
            own.id,
            fields
                .into_iter()
                .map(|(name, value)| (own.find(name).unwrap_or_else(|| panic!("{name}")), value))
                .collect(),
        )
    }

    /// A listing, and for some of them an agent, pictures and rooms.
    pub(crate) fn listing(&self, n: usize) -> Vec<Record> {
        let key = format!("K{n:03}");
        let number = i64::try_from(n).unwrap();
        let status = ["Active", "Pending", "Closed"][n % 3];
        // Five instants for all: ties on the timestamp.
        let at: Timestamp = format!("2026-0{}-01T00:00:00Z", n % 5 + 1).parse().unwrap();
        let mut fields = vec![
            ("ListingKey", Value::from(key.as_str())),
            ("ListingId", Value::from(format!("L{n}"))),
            ("ListPrice", Value::Decimal(Decimal::from(100_000 + number * 10_000))),
            ("StandardStatus", Value::from(status)),
            ("City", Value::from(["Seattle", "Kent", "O'Brien"][n % 3])),
            ("PrivateRemarks", Value::from("the key is under the mat")),
            ("ListAgentKey", Value::from(format!("M{}", n % 4))),
            ("Latitude", Value::Decimal(Decimal::new(4_750_000 + number * 100, 5))),
            ("Longitude", Value::Decimal(Decimal::new(-12_230_000, 5))),
            ("ModificationTimestamp", Value::Timestamp(at)),
            ("OnMarketDate", Value::Date("2026-01-31".parse().unwrap())),
            ("InternetEntireListingDisplayYN", Value::Boolean(true)),
            (
                "Appliances",
                Value::TextList(["Dishwasher", "Range"].iter().take(n % 3).map(Text::new).collect()),
            ),
            (
                "Sewer",
                Value::TextList(["Public Sewer", "Septic Tank"].iter().take(n % 3).map(Text::new).collect()),
            ),
        ];
        if !n.is_multiple_of(4) {
            fields.push(("BedroomsTotal", Value::Integer(number % 6)));
        }
        let mut all = vec![self.record("Property", fields)];
        if n < 4 {
            let key = format!("M{n}");
            let name = ["Ada", "Ben", "Cyd", "Dan"][n];
            all.push(self.record(
                "Member",
                vec![("MemberKey", Value::from(key)), ("MemberFirstName", Value::from(name))],
            ));
        }
        if n < 10 {
            for order in 0..3 {
                let fields = vec![
                    ("MediaKey", Value::from(format!("{key}-{order}"))),
                    ("ResourceRecordKey", Value::from(key.as_str())),
                    ("ResourceName", Value::from("Property")),
                    ("Order", Value::Integer(order)),
                ];
                all.push(self.record("Media", fields));
            }
        }
        all
    }

    /// A client with these grants; its key.
    pub(crate) async fn client(&self, id: &str, grants: &[NewGrant]) -> String {
        let act = Act { actor: Text::new_static("test"), now: now() };
        create_client(&self.desk, &act, id, id, false).await.unwrap();
        for one in grants {
            grant(&self.desk, &act, one).await.unwrap();
        }
        issue_key(&self.desk, &act, id, NewKey::default()).await.unwrap().secret.reveal().to_owned()
    }

    /// Limits a grant of feed A to records that hold this, `Resource:Field=value`.
    pub(crate) async fn limit(&self, client: &str, filter: &str) {
        let act = Act { actor: Text::new_static("test"), now: now() };
        let own = self.dictionary.known("Grant");
        let mut given = Record::new(own.id);
        given.set(own.find("RowFilters").unwrap(), Value::TextList([Text::new(filter)].into()));
        let key = format!("{client}|A");
        console::operate::update(&self.desk, &act, "Grant", &key, &given, &[], None).await.unwrap();
    }

    /// A request with a body of JSON.
    pub(crate) async fn put(
        &self,
        key: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let request = Request::builder().method(method).uri(path.replace(' ', "%20"));
        let mut request = request.header("authorization", format!("Bearer {key}"));
        if headers.iter().all(|(name, _)| *name != "content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// `GET` with the key that reads everything.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[("authorization", &format!("Bearer {}", self.key))]).await
    }

    /// `GET` with another key.
    pub(crate) async fn get_as(&self, key: &str, path: &str) -> Answer {
        self.ask("GET", path, &[("authorization", &format!("Bearer {key}"))]).await
    }

    /// `GET` with the key that reads everything, and a header.
    pub(crate) async fn get_with(&self, path: &str, header: (&str, &str)) -> Answer {
        self.ask("GET", path, &[("authorization", &format!("Bearer {}", self.key)), header]).await
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let path = path.replace(' ', "%20");
        let mut request = Request::builder().method(method).uri(&path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (status, headers, body) = self.bytes(request).await;
        Answer { status, headers, body: String::from_utf8(body).unwrap() }
    }

    /// As [`Town::send`], with the body as it came over the wire.
    pub(crate) async fn bytes(&self, request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        (head.status, head.headers, body.collect().await.unwrap().to_bytes().to_vec())
    }
}

async fn client(desk: &Desk, act: &Act, id: &str, feeds: &[(&str, Class)]) -> String {
    create_client(desk, act, id, id, false).await.unwrap();
    for (feed, class) in feeds {
        grant(desk, act, &NewGrant::read(id, feed, *class)).await.unwrap();
    }
    issue_key(desk, act, id, NewKey::default()).await.unwrap().secret.reveal().to_owned()
}

/// Row filters of the form `Field=value`.
fn equals() -> gate::RowFilterReader {
    Arc::new(|dictionary, resource, text| {
        let (field, value) = text.split_once('=').ok_or("no =")?;
        let field = dictionary.resource(resource).find(field).ok_or("no such field")?;
        Ok(query::Expr::equal(field, value))
    })
}
