//! A small town of three feeds, of which clients are granted some.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use console::operate::{Act, Desk, KeyUse, NewGrant, NewKey, create_client, create_feed, grant, issue_key};
use dictionary::{Dictionary, Record, Text, Timestamp, Type, Value, Version};
use gate::{Class, Gate, Secret, SigningKey};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use md5::{Digest as _, Md5};
use partner_door::{Door, Locate, Settings};
use search::Search;
use serde_json::{Value as Json, json};
use store::{Batch, Operation, Store};
use testkit::Scratch;
use tower::ServiceExt;

thread_local! {
    /// What time it is. A test runs on one thread, and so does whatever answers it.
    static NOW: Cell<Timestamp> = Cell::new("2026-11-23T12:00:00Z".parse().unwrap());
}

/// The clock of the door.
pub(crate) fn now() -> Timestamp {
    NOW.get()
}

/// Lets time pass.
pub(crate) fn sleep(seconds: i64) {
    NOW.set(Timestamp::from_second(NOW.get().as_second() + seconds).unwrap());
}

pub(crate) fn set_clock(at: &str) {
    NOW.set(at.parse().unwrap());
}

pub(crate) struct Town {
    pub(crate) router: Router,
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) store: Store,
    pub(crate) search: Search,
    pub(crate) gate: Gate,
    keys: BTreeMap<String, String>,
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

    /// The `ListingId`s of a bare array, or of `Results`.
    pub(crate) fn ids(&self) -> Vec<String> {
        self.members("ListingId")
    }

    /// One member of each object.
    pub(crate) fn members(&self, name: &str) -> Vec<String> {
        let json = self.json();
        let list = json.as_array().or_else(|| json["Results"].as_array());
        let list = list.unwrap_or_else(|| panic!("no list: {}", self.body));
        list.iter().map(|one| one[name].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// The error texts by parameter.
    pub(crate) fn errors(&self) -> BTreeMap<String, String> {
        let errors = self.json()["Data"]["Errors"].clone();
        errors
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, text)| (name.clone(), text.as_str().unwrap_or_default().to_owned()))
            .collect()
    }
}

/// The listings: id, feed, status, price, beds, full baths, area, acres, built, city, ZIP, longitude,
/// latitude. A dash is no value.
const LISTINGS: &str = "
G1 GAMLS Active 500000 3 2 2000 0.25 1990 Seattle 98101 -122.33 47.60
G2 GAMLS Active 450000 4 3 2400 0.50 2005 Seattle 98101-1234 -122.34 47.61
G3 GAMLS Pending 750000 3 1 1500 0.10 1920 Kent 98030 -122.23 47.38
G4 GAMLS Active|Under|Contract 600000 - - - - - Kent 98031 -122.20 47.39
G5 GAMLS Closed 400000 2 1 900 0.05 1950 Seattle 98102 -122.32 47.63
G6 GAMLS Coming|Soon 900000 5 4 4000 1.50 2020 Seattle 98103 -122.35 47.66
G7 GAMLS Withdrawn 300000 2 1 800 0.05 1940 Kent 98030 - -
G8 GAMLS Active - 1 1 600 - 1970 O'Brien 98104 -122.33 47.61
N1 NWMLS Active 550000 3 2 1800 0.20 2000 Seattle 98101 -122.33 47.62
N2 NWMLS Active 350000 2 1 1000 0.15 1985 Tacoma 98402 -122.44 47.25
N3 NWMLS Closed 380000 3 2 1300 0.12 1978 Tacoma 98402 -122.44 47.26
X1 XMLS Active 510000 3 2 2000 0.25 1990 Seattle 98101 -122.33 47.60
";

impl Town {
    pub(crate) async fn build() -> Self {
        Self::with(Settings::default(), None).await
    }

    pub(crate) async fn with(settings: Settings, locate: Option<Locate>) -> Self {
        let scratch = Scratch::new();
        let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
        let kept = store::Settings::sqlite(scratch.file("town.sqlite"));
        let store = Store::open(kept, Arc::clone(&dictionary)).await.unwrap();
        let signing = SigningKey::from_bytes(&[7; 32]);
        let gate =
            Gate::open(store.clone(), Arc::clone(&dictionary), gate::Settings::new(signing)).await.unwrap();
        let search = Search::new(Arc::clone(&dictionary));
        let (following, stored) = (search.clone(), store.clone());
        tokio::spawn(async move { following.follow(stored, std::future::pending()).await });
        let root = settings.root.clone();
        let door =
            Door::new(Arc::clone(&dictionary), gate.clone(), search.clone(), store.clone(), now, settings);
        let door = match locate {
            Some(locate) => door.locating(locate),
            None => door,
        };
        let router = partner_door::any_case(&root, partner_door::router(door));
        let keys = BTreeMap::new();
        let mut town = Self { router, dictionary, store, search, gate, keys, _scratch: scratch };
        let desk = town.desk();
        let act = Act { actor: Text::new_static("test"), now: now() };
        for feed in ["GAMLS", "NWMLS", "XMLS"] {
            create_feed(&desk, &act, feed, feed).await.unwrap();
        }
        let both = |class| [("GAMLS", class), ("NWMLS", class)];
        town.client("KW", &both(Class::Participant)).await;
        town.client("idx", &both(Class::Idx)).await;
        town.client("vow", &[("GAMLS", Class::Vow)]).await;
        town.client("nobody", &[]).await;
        for line in LISTINGS.lines().filter(|line| !line.is_empty()) {
            let words: Vec<&str> = line.split(' ').collect();
            town.write(words[1], vec![town.of_line(&words)]).await;
        }
        town
    }

    pub(crate) fn desk(&self) -> Desk {
        Desk {
            store: self.store.clone(),
            dictionary: Arc::clone(&self.dictionary),
            gate: Some(self.gate.clone()),
            row_filters: None,
            outflow: None,
        }
    }

    /// A client with a key and grants.
    pub(crate) async fn client(&mut self, id: &str, feeds: &[(&str, Class)]) {
        let (desk, act) = (self.desk(), Act { actor: Text::new_static("test"), now: now() });
        create_client(&desk, &act, id, id, false).await.unwrap();
        for (feed, class) in feeds {
            grant(&desk, &act, &NewGrant::read(id, feed, *class)).await.unwrap();
        }
        let given = Some(Secret::new(format!("87df3ca4afe5ee4cf64a2c74edb35363-{id}")));
        let new = NewKey { opens: KeyUse::Partner { given }, ..NewKey::default() };
        let key = issue_key(&desk, &act, id, new).await.unwrap().secret;
        self.keys.insert(id.to_owned(), key.reveal().to_owned());
    }

    pub(crate) fn key(&self, client: &str) -> &str {
        &self.keys[client]
    }

    fn of_line(&self, words: &[&str]) -> Record {
        const NAMES: [&str; 13] = [
            "ListingId",
            "OriginatingSystemName",
            "StandardStatus",
            "ListPrice",
            "BedroomsTotal",
            "BathroomsFull",
            "LivingArea",
            "LotSizeAcres",
            "YearBuilt",
            "City",
            "PostalCode",
            "Longitude",
            "Latitude",
        ];
        let fields = NAMES.iter().zip(words).filter(|(_, text)| **text != "-");
        let fields: Vec<(&str, String)> =
            fields.map(|(name, text)| (*name, text.replace('|', " "))).collect();
        let mut record = self.record("Property", &[("ListingKey", &format!("{}:{}", words[1], words[0]))]);
        let all = fields.iter().map(|(name, text)| (*name, text.as_str()));
        self.set(&mut record, all.chain([("BathroomsTotalInteger", words[5]), ("StateOrProvince", "WA")]));
        record
    }

    /// A record of fields given as text.
    pub(crate) fn record(&self, resource: &str, fields: &[(&str, &str)]) -> Record {
        let mut record = Record::new(self.dictionary.known(resource).id);
        self.set(&mut record, fields.iter().copied());
        record
    }

    fn set<'a>(&self, record: &mut Record, fields: impl Iterator<Item = (&'a str, &'a str)>) {
        let own = self.dictionary.resource(record.resource());
        for (name, text) in fields.filter(|(_, text)| *text != "-") {
            let field = own.find(name).unwrap_or_else(|| panic!("{name}"));
            let value = match own.field(field).ty {
                Type::Text { .. } => Value::from(text),
                Type::TextList { .. } => Value::TextList(text.split('|').map(Text::new).collect()),
                Type::Boolean => Value::Boolean(text == "true"),
                Type::Int16 | Type::Int32 | Type::Int64 => Value::Integer(text.parse().unwrap()),
                Type::Decimal { .. } => Value::Decimal(text.parse().unwrap()),
                Type::Date => Value::Date(text.parse().unwrap()),
                Type::Timestamp => Value::Timestamp(text.parse().unwrap()),
                other => panic!("{name} is of {other:?}"),
            };
            record.set(field, value);
        }
    }

    /// A listing of the town with other values in some fields.
    pub(crate) fn listing(&self, id: &str, changes: &[(&str, &str)]) -> (String, Record) {
        let line = LISTINGS.lines().find(|line| line.split(' ').next() == Some(id)).unwrap();
        let words: Vec<&str> = line.split(' ').collect();
        let mut record = self.of_line(&words);
        self.set(&mut record, changes.iter().copied());
        (words[1].to_owned(), record)
    }

    /// Writes a listing of the town with other values in some fields.
    pub(crate) async fn change(&self, id: &str, changes: &[(&str, &str)]) {
        let (feed, record) = self.listing(id, changes);
        self.write(&feed, vec![record]).await;
    }

    /// Writes records and waits until searches see them.
    pub(crate) async fn write(&self, feed: &str, records: Vec<Record>) {
        self.run(records.into_iter().map(|record| Operation::put(feed, record)).collect()).await;
    }

    /// Removes a listing.
    pub(crate) async fn remove(&self, key: &str) {
        self.run(vec![Operation::remove(self.dictionary.known("Property").id, key)]).await;
    }

    pub(crate) async fn run(&self, operations: Vec<Operation>) {
        let mut batch = Batch::new("test", now());
        batch.operations = operations;
        self.keep(batch).await;
    }

    /// Writes a batch of any instant and waits until searches see it.
    pub(crate) async fn keep(&self, batch: Batch) {
        let head = self.store.write(batch).await.unwrap().head;
        self.search.watch().wait_for(|applied| *applied >= head).await.unwrap();
        self.gate.refresh().await.unwrap();
    }

    /// The two headers of a client, signed as the API's document says.
    pub(crate) fn signed(&self, client: &str) -> [(&'static str, String); 2] {
        headers(client, self.key(client), now())
    }

    /// A search of KW's: POST with a body that names both feeds where it names none.
    pub(crate) async fn search(&self, endpoint: &str, body: Json) -> Answer {
        self.search_as("KW", endpoint, body).await
    }

    pub(crate) async fn search_as(&self, client: &str, endpoint: &str, mut body: Json) -> Answer {
        if body.get("FeedIdList").is_none() {
            body["FeedIdList"] = json!(["GAMLS", "NWMLS"]);
        }
        self.post(client, endpoint, &body.to_string()).await
    }

    /// The ids that a search finds, sorted.
    pub(crate) async fn found(&self, endpoint: &str, body: Json) -> Vec<String> {
        let answer = self.search(endpoint, body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let mut ids = answer.ids();
        ids.sort();
        ids
    }

    pub(crate) async fn post(&self, client: &str, endpoint: &str, body: &str) -> Answer {
        let signed = self.signed(client);
        let mut headers: Vec<(&str, &str)> = signed.iter().map(|(n, v)| (*n, v.as_str())).collect();
        headers.push(("content-type", "application/json"));
        self.ask("POST", &format!("/services/partner/{endpoint}"), &headers, body.to_owned()).await
    }

    /// `GET` of KW's.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.get_as("KW", path).await
    }

    pub(crate) async fn get_as(&self, client: &str, path: &str) -> Answer {
        let signed = self.signed(client);
        let headers: Vec<(&str, &str)> = signed.iter().map(|(n, v)| (*n, v.as_str())).collect();
        self.ask("GET", &format!("/services/partner/{path}"), &headers, String::new()).await
    }

    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path.replace(' ', "%20"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
        let (head, body) = response.into_parts();
        let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        let answer = Answer { status: head.status, headers: head.headers, body };
        crate::described::hold(path, &answer);
        answer
    }
}

/// `ml-auth` and `x-ml-timestamp`.
pub(crate) fn headers(client: &str, key: &str, at: Timestamp) -> [(&'static str, String); 2] {
    let stamp: String = at.to_string().chars().filter(char::is_ascii_digit).take(14).collect();
    let hash = Md5::digest(format!("{client} {key} x-ml-timestamp:{stamp}"));
    let signature: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    [
        ("ml-auth", format!("client={client}&systemaccesskey={key}&signature={signature}")),
        ("x-ml-timestamp", stamp),
    ]
}

impl Town {
    /// A request to a door whose finder of addresses breaks.
    pub(crate) async fn broken(&self, signed: &[(&'static str, String); 2]) -> Answer {
        let locate: Locate = Arc::new(|_| panic!("the address finder broke"));
        let door = Door::new(
            Arc::clone(&self.dictionary),
            self.gate.clone(),
            self.search.clone(),
            self.store.clone(),
            now,
            Settings::default(),
        );
        let router = partner_door::router(door.locating(locate));
        let mut request = Request::builder().method("POST").uri("/services/partner/GetListingsByAddress");
        for (name, value) in signed {
            request = request.header(*name, value);
        }
        let body = r#"{"FeedIdList":["GAMLS"],"Address":"1","City":"a","State":"b","Zip":"c"}"#;
        let request = request.header("content-type", "application/json").body(Body::from(body)).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Answer { status: head.status, headers: head.headers, body }
    }
}
