//! The real binary pulls from the real RESO door of another and is killed (SIGKILL) at random moments; on each
//! engine nothing is lost and nothing written twice (RESO-082).
#![expect(clippy::unwrap_used, reason = "a test may stop at what must not be")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use dictionary::{Dictionary, Version};
use serde_json::Value;
use store::{ChangeKind, Settings, Store};
use testkit::{Database, Home, Scratch};

#[path = "../served/mod.rs"]
mod served;

use served::{Server, freehold, operate, run, until};

/// Listings at the source: some pages of the size that is asked for.
const LISTINGS: usize = 4_000;
/// Kills of one pull.
const KILLS: usize = 8;
/// The longest wait before a kill.
const WAIT: Duration = Duration::from_millis(700);

const MAPPING: &str = "name = 'm'\nfeed = 'A'\n[[record]]\nresource = 'Property'\nkey = '{feed}-{id}'\n\
    [record.fields]\nListPrice = 'price'\nCity = 'city'\nModificationTimestamp = 'at'\n";

/// A small page makes many places where a pull may be cut off.
const PROFILE: &str = include_str!("../../../crates/pull/data/reso.toml");

/// A server that has listings in whole crowds of one instant, and a key that reads them.
fn source(data: &std::path::Path) -> (Server, String) {
    let mut rows = String::from("id,price,city,at\n");
    for row in 0..LISTINGS {
        writeln!(rows, "{row},{},Town {},2025-03-0{}T00:00:00Z", row + 1, row % 97, row % 3 + 1).unwrap();
    }
    let file = data.with_extension("csv");
    std::fs::write(&file, rows).unwrap();
    let mapping = data.with_extension("mapping");
    std::fs::write(&mapping, MAPPING).unwrap();
    for words in [
        &["add-feed", "A", "A"][..],
        &["add-client", "copy", "Copy"],
        &["grant", "copy", "A", "participant", "--every-record"],
    ] {
        operate(data, words).unwrap();
    }
    let key = operate(data, &["issue-key", "copy"]).unwrap().lines().next().unwrap().to_owned();
    run(data, &["import", &file.to_string_lossy(), "--mapping", &mapping.to_string_lossy()]).unwrap();
    let server = Server::start(data);
    until("the listings", || {
        let (status, answer) = server.get("/odata/Property/$count", Some(&key))?;
        (status == 200 && answer.ends_with(&format!("\r\n{LISTINGS}"))).then_some(())
    });
    (server, key)
}

/// Gives a command a line of standard input.
fn told(mut command: Command, line: &str) {
    use std::io::Write as _;
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{line}").unwrap();
    assert!(child.wait().unwrap().success());
}

/// An installation that pulls from it.
fn settle(home: &Home, server: &Server, key: &str) {
    let data = home.file("data");
    std::fs::create_dir_all(home.file("profiles")).unwrap();
    std::fs::write(home.file("profiles/small.toml"), PROFILE.replace("[page]", "[page]\ntop = 100")).unwrap();
    let mut settings = String::new();
    if let Some(url) = home.url() {
        writeln!(settings, "[store]\npostgres = \"{url}\"").unwrap();
    }
    let profiles = home.file("profiles");
    writeln!(settings, "[pull]\nallowed_addresses = [\"127.0.0.0/8\"]\nprofiles = {profiles:?}").unwrap();
    std::fs::write(data.with_extension("toml"), settings).unwrap();
    operate(&data, &["add-feed", "A", "A"]).unwrap();
    let location = format!("SourceLocation=http://127.0.0.1:{}/odata", server.port);
    let words = ["add", "Source", "SourceId=a", "FeedId=A", "SourceType=RESO Web API", "SourceProfile=small"];
    operate(&data, &[&words[..], &[&location, "SourceResources=Property"]].concat()).unwrap();
    told(freehold(&data, &["operate", "set-credential", "a"]), key);
    let shown = operate(&data, &["show", "Source", "a"]).unwrap();
    assert!(!shown.contains(key), "the credential is nowhere to be read");
}

/// RESO-082
#[tokio::test(flavor = "multi_thread")]
async fn reso_082_a_pull_that_is_killed_loses_nothing_and_writes_nothing_twice() {
    let there = Scratch::new();
    let (server, key) = source(&there.file("data"));
    for home in [Home::Sqlite(Scratch::new()), Home::Postgres(Database::fresh(), Scratch::new())] {
        settle(&home, &server, &key);
        let data = home.file("data");
        let mut rng = testkit::rng("pulling");
        let mut cut_off = 0;
        for _ in 0..KILLS {
            let mut pull =
                freehold(&data, &["pull", "a"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            tokio::time::sleep(WAIT.mul_f64(rng.f64())).await;
            pull.kill().unwrap();
            cut_off += usize::from(!pull.wait().unwrap().success());
            if let Home::Postgres(database, _) = &home {
                database.deserted();
            }
        }
        assert!(cut_off > 0, "no kill came while it was at work");
        // A node that was killed holds its lease for some seconds more, where several may share a database.
        let report = until("the lease", || match run(&data, &["pull", "a", "--json"]) {
            Err(error) if error.contains("source_running") => None,
            other => Some(other),
        });
        let report: Value = serde_json::from_str(&report.unwrap()).unwrap();
        assert_eq!(report["drift"].as_array().unwrap().len(), 0, "{report}");
        holds_each_once(&home, &server, &key).await;
        let said = run(&data, &["compare", "a"]).unwrap();
        assert!(said.contains(&format!("{LISTINGS} at the source, {LISTINGS} here")), "{said}");
        assert!(!said.contains("only_"), "{said}");
        // Nothing has changed, so nothing is written.
        let report: Value = serde_json::from_str(&run(&data, &["pull", "a", "--json"]).unwrap()).unwrap();
        let changed: u64 = report["resources"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["new"].as_u64().unwrap() + c["changed"].as_u64().unwrap())
            .sum();
        assert_eq!(changed, 0, "{report}");
    }
}

/// Every listing of the source is here as it is there, and was written once, however often the pull was begun.
async fn holds_each_once(home: &Home, server: &Server, key: &str) {
    if let Home::Postgres(database, _) = home {
        database.deserted();
    }
    let words = Arc::new(Dictionary::standard(Version::V2_1));
    let settings =
        home.url().map_or_else(|| Settings::sqlite(home.file("data/freehold.sqlite")), Settings::postgres);
    let store = Store::open(settings, Arc::clone(&words)).await.unwrap();
    let property = words.known("Property");
    let (mut written, mut after) = (BTreeMap::<String, usize>::new(), 0);
    loop {
        let part = store.follow(after, 5_000).await.unwrap();
        let Some(last) = part.last() else { break };
        after = last.sequence;
        for change in part.iter().filter(|change| change.resource == property.id) {
            assert_eq!(change.kind, ChangeKind::Created, "{} was written twice", change.key);
            *written.entry(change.key.to_string()).or_default() += 1;
        }
    }
    assert_eq!(written.len(), LISTINGS);
    assert!(written.values().all(|times| *times == 1));
    for row in [0, 1, LISTINGS / 2, LISTINGS - 1] {
        let found = store.get(property.id, &format!("A-{row}")).await.unwrap().unwrap();
        let (_, there) = server.get(&format!("/odata/Property('A-{row}')"), Some(key)).unwrap();
        let there: Value = serde_json::from_str(there.split_once("\r\n\r\n").unwrap().1).unwrap();
        for (id, value) in found.record.iter() {
            let mut shown = Vec::new();
            odata::json::write_value(&mut shown, value.view(), odata::json::Numbers::Plain);
            let shown: Value = serde_json::from_slice(&shown).unwrap();
            assert_eq!(there[property.field(id).name.as_str()], shown);
        }
    }
}
