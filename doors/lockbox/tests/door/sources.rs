//! A board's server of the RESO Web API, which is a real Freehold, is pulled into a feed; the feed is imported from.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use console::operate::{Desk, NewGrant, NewKey, create_client, create_feed, grant, issue_key};
use dictionary::{Dictionary, Record, Timestamp, Value, Version, named};
use gate::{Class, Gate, SigningKey};
use http::StatusCode;
use intake::{Clock, Places, Sources};
use pull::{Puller, Time};
use search::Search;
use serde_json::{Value as Json, json};
use store::{Batch, OWN_FEED, Operation, Settings, Store};
use testkit::{Home, real_time};

use crate::town::{GULF, Town};

/// How often the board's server says no before it answers, and whether it does.
#[derive(Clone, Default)]
struct Trouble {
    left: Arc<AtomicUsize>,
    met: Arc<AtomicUsize>,
}

/// Says 429 and 503 in turn while there is trouble left.
async fn trouble(State(trouble): State<Trouble>, request: Request, next: Next) -> Response {
    let left = trouble.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
    match left {
        Err(_) => next.run(request).await,
        Ok(left) => {
            trouble.met.fetch_add(1, Ordering::SeqCst);
            let status = [StatusCode::SERVICE_UNAVAILABLE, StatusCode::TOO_MANY_REQUESTS][left % 2];
            (status, [("retry-after", "1")]).into_response()
        }
    }
}

/// The board.
struct Board {
    words: Arc<Dictionary>,
    store: Store,
    search: Search,
    address: SocketAddr,
    key: String,
    trouble: Trouble,
    _home: Home,
}

impl Board {
    async fn open() -> Self {
        let home = Home::sqlite();
        let words = Arc::new(Dictionary::standard(Version::V2_1));
        let store = Store::open(Settings::sqlite(home.file("board.db")), Arc::clone(&words)).await.unwrap();
        let terms = gate::Settings::new(SigningKey::from_bytes(&[8; 32]));
        let gate = Gate::open(store.clone(), Arc::clone(&words), terms).await.unwrap();
        let search = Search::new(Arc::clone(&words));
        let (following, followed) = (search.clone(), store.clone());
        tokio::spawn(async move { following.follow(followed, std::future::pending()).await });
        let (desk_store, desk_words) = (store.clone(), Arc::clone(&words));
        let desk = Desk {
            store: desk_store,
            dictionary: desk_words,
            gate: Some(gate.clone()),
            row_filters: None,
            outflow: None,
        };
        let act = crate::town::act();
        create_feed(&desk, &act, "board", "Board").await.unwrap();
        create_client(&desk, &act, "copy", "copy", false).await.unwrap();
        let new = NewGrant { every_record: true, ..NewGrant::read("copy", "board", Class::Participant) };
        grant(&desk, &act, &new).await.unwrap();
        let key = issue_key(&desk, &act, "copy", NewKey::default()).await.unwrap().secret.reveal().to_owned();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let public_url = format!("http://{address}");
        // Pages of two: what bears one instant stands on several.
        let small = reso_door::Settings { page_size: 2, public_url, ..reso_door::Settings::default() };
        let door =
            reso_door::Door::new(Arc::clone(&words), gate, search.clone(), store.clone(), real_time, small);
        let troubled = Trouble::default();
        let router = reso_door::router(door).layer(from_fn_with_state(troubled.clone(), trouble));
        tokio::spawn(axum::serve(listener, router).into_future());
        Self { words, store, search, address, key, trouble: troubled, _home: home }
    }

    async fn keep(&self, records: Vec<Record>) {
        let mut batch = Batch::new("board", real_time());
        batch.operations = records.into_iter().map(|record| Operation::put("board", record)).collect();
        self.store.write(batch).await.unwrap();
        let head = self.store.head().await.unwrap();
        self.search.watch().wait_for(|applied| *applied >= head).await.unwrap();
    }

    fn member(&self, number: usize, status: &str, at: Timestamp) -> Record {
        let text = |text: String| Some(Value::from(text));
        let fields = [
            ("MemberKey", text(format!("key-{number}"))),
            ("MemberMlsId", text(format!("M{number}"))),
            ("MemberFirstName", text(format!("First{number}"))),
            ("MemberLastName", text(format!("Last{number}"))),
            ("MemberType", text("Agent".into())),
            ("MemberStatus", text(status.into())),
            ("OfficeMlsId", text("O1".into())),
            ("ModificationTimestamp", Some(at.into())),
        ];
        named(self.words.known("Member"), fields)
    }
}

/// A puller of `gulf`'s Freehold from the board into the feed `mirror`.
async fn puller(town: &Town, board: &Board) -> Sources {
    create_feed(&town.desk, &crate::town::act(), "mirror", "Mirror").await.unwrap();
    let rules = outbound::Rules { allowed: vec!["127.0.0.0/8".parse().unwrap()] };
    let http = outbound::Client::new(outbound::Settings { rules, ..outbound::Settings::default() }).unwrap();
    let key = board.key.clone();
    let clock: Clock = Arc::new(real_time);
    let time = Time::real(Arc::clone(&clock));
    let open = Arc::new(move |_: &str, _: &str| Some(key.clone()));
    let puller = Puller::new(town.store.clone(), Arc::clone(&town.dictionary), time, http, open);
    let text = |text: &str| Some(Value::from(text));
    let fields = [
        ("SourceId", text("board")),
        ("FeedId", text("mirror")),
        ("SourceType", text("RESO Web API")),
        ("SourceStatus", text("Active")),
        ("SourceProfile", text("reso")),
        ("SourceLocation", text(&format!("http://{}/odata", board.address))),
        ("SealedCredential", text("sealed")),
        ("ModificationTimestamp", Some(real_time().into())),
    ];
    let mut batch = Batch::new("test", real_time());
    let source = named(town.dictionary.known("Source"), fields);
    batch.operations.push(Operation::put(OWN_FEED, source));
    town.store.write(batch).await.unwrap();
    let sources =
        Sources::new(town.store.clone(), Arc::clone(&town.dictionary), clock, Places::default(), "node");
    sources.with_api(Arc::new(puller))
}

async fn import(town: &Town, part: &str) -> Json {
    let answer = town.post(&format!("{GULF}/imports?part={part}&mode=full&from=feed"), "").await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    town.door.run_imports().await.unwrap();
    let path = format!("{GULF}/imports/{}", answer.json()["id"].as_str().unwrap());
    town.get(&town.operator, &path).await.json()
}

/// LBX-060, LBX-070, LBX-071, LBX-098: a server of the RESO Web API, with its EntityEvents, whose answers are refused
/// now and then; a termination there is one here once it is pulled, and the mark moves with what is applied.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lbx_060_a_reso_server_is_imported_from_and_followed() {
    let (town, board) = (Town::build().await, Board::open().await);
    let at = real_time();
    let members = (0..23).map(|number| board.member(number, "Active", at));
    board.keep(members.collect()).await;
    let office = [
        ("OfficeKey", Some(Value::from("office"))),
        ("OfficeMlsId", Some("O1".into())),
        ("OfficeName", Some("Gulf Homes".into())),
        ("OfficeStatus", Some("Active".into())),
        ("ModificationTimestamp", Some(at.into())),
    ];
    board.keep(vec![named(board.words.known("Office"), office)]).await;
    let sources = puller(&town, &board).await;
    let answer = town.post(&format!("{GULF}/imports?part=members&mode=full&from=feed"), "").await;
    assert_eq!(answer.json()["error"]["code"], "source_unset");
    let settings = json!({ "sourceFeed": "mirror" });
    assert_eq!(town.put(&format!("{GULF}/import-settings"), &settings).await.status, 200);

    // The server is busy twice and away once.
    board.trouble.left.store(3, Ordering::SeqCst);
    let pulled = sources.run("board", Arc::new(intake::Silent)).await.unwrap();
    assert_eq!(board.trouble.met.load(Ordering::SeqCst), 3);
    assert_eq!(pulled.of("Member").unwrap().new, 23, "what bears one instant is lost at a page's border");
    let cursor = async || town.store.cursor("lockbox-import/production/members/gulf").await.unwrap();
    assert_eq!(cursor().await, None, "nothing has been applied");
    assert_eq!(import(&town, "offices").await["totals"]["added"], 1);
    let batch = import(&town, "members").await;
    assert_eq!((&batch["status"], &batch["totals"]["added"]), (&json!("Applied"), &json!(23)), "{batch:#}");
    assert_eq!(town.told("Member", &["MemberMlsId", "OfficeKey"]).await[0], "M0|gulf-production::O1");
    let first = cursor().await.unwrap();
    // Nothing new: no batch, no mark.
    assert_eq!(town.door.follow_sources().await.unwrap(), 0);

    // A termination there.
    board.keep(vec![board.member(7, "Inactive", real_time())]).await;
    sources.run("board", Arc::new(intake::Silent)).await.unwrap();
    assert_eq!(cursor().await.unwrap(), first, "it is pulled and not applied");
    assert_eq!(town.door.follow_sources().await.unwrap(), 1);
    let users = town.told("LockboxUser", &["MemberMlsId", "AccountStatus"]).await;
    let ended: Vec<&String> = users.iter().filter(|user| user.ends_with("Inactive")).collect();
    assert_eq!(ended, ["M7|Inactive"]);
    assert_ne!(cursor().await.unwrap(), first);

    // What stops at the gate does not move it.
    let before = cursor().await;
    board.keep((8..20).map(|number| board.member(number, "Inactive", real_time())).collect()).await;
    sources.run("board", Arc::new(intake::Silent)).await.unwrap();
    let batch = import(&town, "members").await;
    assert_eq!(batch["status"], "Waiting", "{batch:#}");
    assert_eq!(cursor().await, before);
}
