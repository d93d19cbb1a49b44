//! Sources on real stores: one run at a time, ended, cut off and taken up again, on each engine.
#![expect(clippy::unwrap_used, reason = "a test may stop at what must not be")]

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use dictionary::{Dictionary, Record, Text, Value, Version};
use intake::{Clock, Places, Silent, Sources, last_run};
use store::{Batch, Expect, Operation, Scan, Settings, Store};
use testkit::Home;

const MAPPING: &str = "name = 'm'\nfeed = 'F'\n[[record]]\nresource = 'Property'\nkey = '{feed}-{id}'\n\
    [record.fields]\nListPrice = 'price'\n";

/// A store with a source `s`, and a directory for its file.
struct Town {
    words: Arc<Dictionary>,
    store: Store,
    home: Home,
}

impl Town {
    async fn each() -> [Self; 2] {
        let [file, server] = Home::each();
        [Self::of(file).await, Self::of(server).await]
    }

    async fn of(home: Home) -> Self {
        let settings =
            home.url().map_or_else(|| Settings::sqlite(home.file("freehold.db")), Settings::postgres);
        let words = Arc::new(Dictionary::standard(Version::V2_1));
        let store = Store::open(settings, words.clone()).await.unwrap();
        let town = Self { words, store, home };
        std::fs::create_dir(town.home.file("in")).unwrap();
        town.put(
            "Mapping",
            &[("MappingId", "m".into()), ("FeedId", "F".into()), ("MappingText", MAPPING.into())],
        )
        .await;
        town.source(&[]).await;
        town
    }

    async fn put(&self, resource: &str, values: &[(&str, Value)]) {
        let own = self.words.known(resource);
        let mut record = Record::new(own.id);
        for (name, value) in values {
            record.set(own.find(name).unwrap(), value.clone());
        }
        let now = clock()();
        let mut batch = Batch::new("operator/test", now);
        batch.operations.push(Operation::Put {
            feed: "freehold".into(),
            record,
            expect: Expect::Any,
            stamp: Some(now),
        });
        self.store.write(batch).await.unwrap();
    }

    async fn source(&self, more: &[(&str, Value)]) {
        let location = self.home.file("in/rows.csv").to_string_lossy().into_owned();
        let mut values = vec![
            ("SourceId", "s".into()),
            ("MappingId", "m".into()),
            ("SourceLocation", location.into()),
            ("SourceType", "File".into()),
            ("SourceStatus", "Active".into()),
        ];
        values.extend(more.iter().cloned());
        self.put("Source", &values).await;
    }

    fn rows(&self, rows: u64) {
        let mut text = String::from("id,price\n");
        (0..rows).for_each(|row| writeln!(text, "{row},{}", row + 1).unwrap());
        std::fs::write(self.home.file("in/rows.csv"), text).unwrap();
    }

    fn sources(&self, store: &Store, node: &str) -> Sources {
        let places = Places { directories: vec![self.home.file("in")] };
        Sources::new(store.clone(), self.words.clone(), clock(), places, node)
    }

    async fn all(&self, resource: &str) -> Vec<Record> {
        let resource = self.words.known(resource).id;
        let scan = Scan { resource, feed: None, after: None, limit: 10_000 };
        self.store.scan(scan).await.unwrap().into_iter().map(|kept| (*kept.record).clone()).collect()
    }

    /// Status and new records of every run, the oldest first.
    async fn runs(&self) -> Vec<(String, i64)> {
        let own = self.words.known("ImportRun");
        let mut runs: Vec<_> = self.all("ImportRun").await;
        let get = |run: &Record, name: &str| run.get(own.find(name).unwrap()).cloned();
        runs.sort_by_key(|run| get(run, "StartedTimestamp").unwrap().as_timestamp());
        let told = |run: &Record| {
            let status = get(run, "ImportStatus").unwrap().as_text().unwrap().to_owned();
            (status, get(run, "RecordsNew").and_then(|new| new.as_integer()).unwrap_or(0))
        };
        runs.iter().map(told).collect()
    }

    async fn until_runs(&self, what: &str, done: impl Fn(&[(String, i64)]) -> bool) -> Vec<(String, i64)> {
        for _ in 0..1_200 {
            let runs = self.runs().await;
            if done(&runs) {
                return runs;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{what} did not come: {:?}", self.runs().await);
    }
}

fn clock() -> Clock {
    Arc::new(testkit::real_time)
}

fn ended(runs: &[(String, i64)]) -> bool {
    runs.iter().all(|(status, _)| status != "Running")
}

/// An order is obeyed once, by one of two nodes, and again only when it is given again.
#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_obeyed_once_however_many_nodes_look() {
    for town in Town::each().await {
        town.rows(50);
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let nodes: Vec<_> = ["one", "two"]
            .into_iter()
            .map(|node| {
                let mut stopped = stopped.clone();
                let shutdown = async move { drop(stopped.wait_for(|told| *told).await) };
                tokio::spawn(town.sources(&town.store, node).work(shutdown))
            })
            .collect();
        town.source(&[("RunRequestedTimestamp", clock()().into())]).await;
        let runs = town.until_runs("a run", |runs| !runs.is_empty() && ended(runs)).await;
        assert_eq!(runs, [("Completed".into(), 50)]);
        town.rows(60);
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert_eq!(town.runs().await.len(), 1, "nobody has asked again");
        town.source(&[("RunRequestedTimestamp", clock()().into())]).await;
        let runs = town.until_runs("a second run", |runs| runs.len() > 1 && ended(runs)).await;
        assert_eq!(runs, [("Completed".into(), 50), ("Completed".into(), 10)]);
        stop.send(true).unwrap();
        for node in nodes {
            node.await.unwrap();
        }
    }
}

/// A source that runs is not run by another; a run that is told to end ends, keeps what it wrote, and the
/// next brings the rest.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_alone_and_ends_when_it_is_told_to() {
    for town in Town::each().await {
        town.rows(200_000);
        let sources = town.sources(&town.store, "one");
        let running = tokio::spawn(async move { sources.run("s", Arc::new(Silent)).await });
        town.until_runs("a run", |runs| !runs.is_empty()).await;
        let other = town.sources(&town.store, "two").run("s", Arc::new(Silent)).await.unwrap_err();
        assert_eq!(other.code, "source_running");
        let last = last_run(&town.store, "s").await.unwrap().unwrap();
        assert!(last.open);
        // The run writes its own record, too: a word to it is given until it stands.
        let own = town.words.known("ImportRun");
        loop {
            let kept = town.store.get(own.id, &last.key).await.unwrap().unwrap();
            let mut record = (*kept.record).clone();
            let now = clock()();
            record.set(own.find("CancelRequestedTimestamp").unwrap(), now);
            let mut batch = Batch::new("operator/test", now);
            let expect = Expect::At(kept.sequence);
            batch.operations.push(Operation::Put {
                feed: "freehold".into(),
                record,
                expect,
                stamp: Some(now),
            });
            if town.store.write(batch).await.is_ok() {
                break;
            }
        }
        assert_eq!(running.await.unwrap().unwrap_err().code, "canceled");
        assert_eq!(town.runs().await[0].0, "Canceled");
        assert!(!last_run(&town.store, "s").await.unwrap().unwrap().open);
        town.rows(300);
        let report = town.sources(&town.store, "two").run("s", Arc::new(Silent)).await.unwrap();
        assert_eq!(report.of("Property").map(|counts| counts.new + counts.unchanged), Some(300));
    }
}

/// A run whose node is gone is marked, and the source is run again without an order, once the lease is out.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_cut_off_is_taken_up() {
    for town in Town::each().await {
        town.rows(100);
        // What a process leaves that was killed: an open run, its record, and nobody who holds the lease.
        let key = Text::new_static("s-lost");
        let started = clock()();
        town.put(
            "ImportRun",
            &[
                ("ImportRunId", Value::Text(key)),
                ("SourceId", "s".into()),
                ("ImportStatus", "Running".into()),
                ("StartedTimestamp", started.into()),
            ],
        )
        .await;
        let mut batch = Batch::new("source/s", started);
        batch.cursors.push(("source/s".into(), format!("open\n{started}\ns-lost")));
        town.store.write(batch).await.unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let shutdown = async move { drop(stopped.await) };
        let node = tokio::spawn(town.sources(&town.store, "next").work(shutdown));
        let runs = town.until_runs("the run", |runs| runs.len() > 1 && ended(runs)).await;
        assert_eq!(runs, [("Interrupted".into(), 0), ("Completed".into(), 100)]);
        drop(stop);
        node.await.unwrap();
    }
}

/// What keeps a file out is told in the run's record, and nothing is written.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_fails_says_why_in_its_record() {
    for town in Town::each().await {
        let run = async || {
            let said = town.sources(&town.store, "one").run("s", Arc::new(Silent)).await;
            said.map(|_| "done").unwrap_or_else(|error| error.code)
        };
        assert_eq!(run().await, "file_unreadable");
        std::fs::write(town.home.file("in/rows.csv"), "id,cost\n1,2\n").unwrap();
        assert_eq!(run().await, "mapping_wrong");
        let outside = town.home.file("elsewhere.csv");
        std::fs::write(&outside, "id,price\n1,2\n").unwrap();
        town.source(&[("SourceLocation", outside.to_string_lossy().into_owned().into())]).await;
        assert_eq!(run().await, "location_refused");
        town.source(&[("SourceStatus", "Suspended".into())]).await;
        assert_eq!(run().await, "source_unknown");
        assert_eq!(town.runs().await, vec![("Failed".into(), 0); 3]);
        let own = town.words.known("ImportRun");
        let fault = own.find("ImportFault").unwrap();
        let said: Vec<_> = town.all("ImportRun").await.iter().map(|run| run.get(fault).cloned()).collect();
        assert!(said.iter().all(Option::is_some), "{said:?}");
        assert!(town.all("Property").await.is_empty());
    }
}
