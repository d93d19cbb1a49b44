//! PostgreSQL is killed and started again under an import and under a server.

use std::sync::Arc;
use std::time::Duration;

use dictionary::{Dictionary, Version};
use store::{Settings, Store};
use testkit::postgres;
use testkit::{Home, Scratch};

use crate::served::{Server, operate, run, until};
use crate::town::Town;
use crate::{file, import, settle};

/// How often the database goes away.
const TIMES: usize = 3;
/// For how long it is away under an import.
const AWAY: Duration = Duration::from_secs(2);
/// Rows of an import that is still at work when the database goes.
const ROWS: u64 = 40_000;

/// A town whose database is a server of its own.
struct Place {
    database: postgres::Server,
    home: Home,
}

impl Place {
    fn new() -> Self {
        let (database, home) = (postgres::Server::start(), Home::Sqlite(Scratch::new()));
        settle(&home, Some(&database.url("postgres")));
        Self { database, home }
    }

    async fn open(&self, dictionary: &Arc<Dictionary>) -> Store {
        let settings = Settings::postgres(self.database.url("postgres"));
        Store::open(settings, Arc::clone(dictionary)).await.unwrap()
    }
}

/// RESO-064: an import waits for a database that goes away in the middle of it and comes back; what was
/// kept is not written again.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_outlasts_a_database_that_is_started_again() {
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let mut place = Place::new();
    let mut town = Town::new(Arc::clone(&dictionary));
    for number in 1..=TIMES as u64 {
        std::fs::write(place.home.file("rows.csv"), file(number, ROWS)).unwrap();
        let store = place.open(&dictionary).await;
        let mut bell = store.bell();
        let before = store.head().await.unwrap();
        let mut running = import(&place.home).spawn().unwrap();
        // Some records past the one of the run itself.
        bell.wait_for(|head| *head > before + 10).await.unwrap();
        drop(store);
        assert!(running.try_wait().unwrap().is_none(), "the import was to be in the middle: more ROWS");
        place.database.stop();
        tokio::time::sleep(AWAY).await;
        assert!(running.try_wait().unwrap().is_none(), "the import was to wait");
        place.database.resume();
        assert!(running.wait().unwrap().success());
        let store = place.open(&dictionary).await;
        town.follow(&store).await;
        town.holds(number, ROWS);
    }
    town.agrees(&place.open(&dictionary).await).await;
}

/// HUB-008: a server whose database goes away says so, to whoever watches it and to whoever needs the
/// store; it goes on answering what it holds in memory, and goes on with everything once the database is
/// back, without being started again. What it had acknowledged is there.
#[test]
fn hub_008_a_server_outlasts_its_database() {
    let mut place = Place::new();
    let data = place.home.file("data");
    std::fs::write(place.home.file("rows.csv"), file(0, 10)).unwrap();
    for words in [
        &["add-feed", "TOWN", "Town"][..],
        &["add-client", "root", "Operator", "--operator"],
        &["add-client", "reader", "Reader"],
        &["grant", "reader", "TOWN", "participant"],
    ] {
        operate(&data, words).unwrap();
    }
    let key = |client: &str| {
        let said = operate(&data, &["issue-key", client]).unwrap();
        said.lines().next().unwrap().to_owned()
    };
    let (root, reader) = (key("root"), key("reader"));
    assert!(import(&place.home).status().unwrap().success());
    let server = Server::start(&data);
    let ready = || server.get("/ready", None).unwrap();
    let counts = |rows: u64| {
        let (status, answer) = server.get("/odata/Property/$count", Some(&reader)).unwrap();
        assert_eq!(status, 200, "{answer}");
        answer.ends_with(&format!("\r\n{rows}")).then_some(())
    };
    let feed = |id: &str| {
        let body = format!(r#"{{"FeedId":"{id}","FeedName":"A feed"}}"#);
        server.ask("POST", "/admin/Feed", Some(&root), &body).unwrap()
    };
    until("readiness", || (ready().0 == 200).then_some(()));
    for number in 1..=TIMES {
        let rows = 10 * number as u64;
        until("the rows", || counts(rows));
        place.database.stop();
        let (status, said) = ready();
        assert_eq!(status, 503, "{said}");
        assert!(said.contains("store_unavailable") && said.contains("Try again"), "{said}");
        assert_eq!(server.get("/health", None).unwrap().0, 200, "the process is well");
        assert!(counts(rows).is_some(), "what is in memory is answered");
        let (status, said) = feed(&format!("away-{number}"));
        assert_eq!(status, 503, "{said}");
        assert!(said.contains("store_unavailable") && said.contains("Try again"), "{said}");
        // A command that begins while nobody answers says so at once.
        let rows_csv = place.home.file("rows.csv").to_string_lossy().into_owned();
        let mapping = place.home.file("mapping.toml").to_string_lossy().into_owned();
        let said = run(&data, &["import", &rows_csv, "--mapping", &mapping]).unwrap_err();
        assert!(said.contains("(store_unavailable)") && said.contains("Try again"), "{said}");
        place.database.resume();
        until("readiness", || (ready().0 == 200).then_some(()));
        let (status, said) = feed(&format!("back-{number}"));
        assert_eq!(status, 201, "{said}");
        // Another process writes; the server's index hears of it as before.
        std::fs::write(place.home.file("rows.csv"), file(number as u64, rows + 10)).unwrap();
        assert!(import(&place.home).status().unwrap().success());
    }
    until("the rows", || counts(10 * (TIMES as u64 + 1)));
    let feeds = operate(&data, &["list", "Feed"]).unwrap();
    let mut kept: Vec<&str> = feeds.lines().collect();
    kept.sort_unstable();
    assert_eq!(kept, ["TOWN", "back-1", "back-2", "back-3"]);
}
