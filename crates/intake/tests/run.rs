//! Files into real stores, on each engine.

mod given;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use dictionary::{Record, Timestamp};
use intake::{
    Clock, IntakeError, Job, Limits, Mapping, Moved, OWN_FEED, Progress, RemoveMissing, Report, RunOptions,
    Silent, Source, Stage,
};
use parking_lot::Mutex;
use store::{Batch, Operation, Scan, Settings, Store, Stored};
use testkit::postgres::Server;
use testkit::{Home, Scratch};

use given::words;

/// A store and a clock that goes a second further each time it is asked.
struct Town {
    store: Store,
    clock: Clock,
    _home: Home,
}

impl Town {
    /// One on each engine.
    async fn each() -> [Self; 2] {
        let [file, server] = Home::each();
        [Self::of(file).await, Self::of(server).await]
    }

    async fn of(home: Home) -> Self {
        let kept = home.url().map_or_else(|| Settings::sqlite(home.file("freehold.db")), Settings::postgres);
        Self::at(kept, home).await
    }

    async fn at(kept: Settings, home: Home) -> Self {
        let store = Store::open(kept, words());
        let second = AtomicI64::new(1_700_000_000);
        let clock: Clock = Arc::new(move || Timestamp::constant(second.fetch_add(1, Ordering::Relaxed), 0));
        Self { store: store.await.expect("a store"), clock, _home: home }
    }

    fn options(&self) -> RunOptions {
        RunOptions::new("tester", Arc::clone(&self.clock))
    }

    async fn run_with(
        &self,
        mapping: &str,
        file: impl Into<Vec<u8>>,
        limits: Limits,
        options: RunOptions,
    ) -> Result<Report, IntakeError> {
        let mapping = Mapping::read(mapping)?;
        let job = Job::open(words(), &mapping, Source::bytes("f.csv", file.into()), limits)?;
        job.run(&self.store, options, Arc::new(Silent)).await
    }

    async fn run(&self, mapping: &str, file: impl Into<Vec<u8>>) -> Report {
        self.run_with(mapping, file, Limits::default(), self.options()).await.expect("the file goes in")
    }

    async fn all(&self, resource: &str) -> Vec<Stored> {
        let resource = words().known(resource).id;
        self.store.scan(Scan { resource, feed: None, after: None, limit: 1_000 }).await.expect("a scan")
    }

    async fn field(&self, resource: &str, key: &str, field: &str) -> Option<String> {
        let words = words();
        let resource = words.known(resource);
        let record = self.store.get(resource.id, key).await.expect("a read")?.record;
        let mut out = Vec::new();
        odata::text::write_value(&mut out, record.get(resource.find(field)?)?.view());
        String::from_utf8(out).ok()
    }
}

/// `new changed unchanged refused repeated removed` of one resource.
fn counts(report: &Report, resource: &str) -> [u64; 6] {
    let c = report.of(resource).expect("the mapping names it");
    [c.new, c.changed, c.unchanged, c.refused, c.repeated, c.removed]
}

const SALES: &str = "name = 'sales'\nfeed = 'T'\n[[record]]\nresource = 'Property'\nkey = '{feed}-{id}'\n\
    [record.fields]\nListPrice = 'price'\nCity = 'city'\n";

#[tokio::test]
async fn the_same_file_again_changes_nothing() {
    for town in Town::each().await {
        let (mapping, file) = (include_str!("data/king_county.toml"), include_str!("data/king_county.csv"));
        let first = town.run(mapping, file).await;
        assert_eq!(counts(&first, "Property"), [50, 0, 0, 0, 0, 0], "{first}");
        let before = town.all("Property").await;
        assert_eq!(before.len(), 50);
        let second = town.run(mapping, file).await;
        assert_eq!(counts(&second, "Property"), [0, 0, 50, 0, 0, 0], "{second}");
        assert_eq!(town.all("Property").await, before);
        assert_eq!((first.rows, first.stage), (50, Stage::Write));
    }
}

#[tokio::test]
async fn what_changed_is_written_and_stamped() {
    for town in Town::each().await {
        town.run(SALES, "id,price,city\n1,5,Kent\n2,6,Kent\n3,7,Kent\n").await;
        let stamp = town.field("Property", "T-1", "ModificationTimestamp").await;
        assert!(stamp.is_some());
        let report = town.run(SALES, "id,price,city\n1,5,Kent\n2,60,Kent\n4,8,Kent\n").await;
        assert_eq!(counts(&report, "Property"), [1, 1, 1, 0, 0, 0], "{report}");
        assert_eq!(town.field("Property", "T-1", "ModificationTimestamp").await, stamp);
        assert_ne!(town.field("Property", "T-2", "ModificationTimestamp").await, stamp);
        assert_eq!(town.field("Property", "T-2", "ListPrice").await.as_deref(), Some("60"));
        // What the file no longer holds stays, unless it is asked for.
        assert!(town.field("Property", "T-3", "City").await.is_some());
    }
}

#[tokio::test]
async fn a_timestamp_of_the_file_is_kept() {
    for town in Town::each().await {
        let mapping = format!("{SALES}ModificationTimestamp = 'at'\n");
        town.run(&mapping, "id,price,city,at\n1,5,Kent,2020-01-02T03:04:05Z\n").await;
        let at = town.field("Property", "T-1", "ModificationTimestamp").await;
        assert_eq!(at.as_deref(), Some("2020-01-02T03:04:05Z"));
        let report = town.run(&mapping, "id,price,city,at\n1,5,Kent,2021-01-02T03:04:05Z\n").await;
        assert_eq!(counts(&report, "Property"), [0, 1, 0, 0, 0, 0]);
        // A row without one gets the time at which it changed; one that did not change keeps its own.
        let report = town.run(&mapping, "id,price,city,at\n1,5,Kent,\n").await;
        assert_eq!(counts(&report, "Property"), [0, 0, 1, 0, 0, 0]);
    }
}

const PHOTOS: &str = "name = 'photos'\nfeed = 'T'\n[[record]]\nresource = 'Media'\nkey = '{feed}-{photo}'\n\
    [record.fields]\nResourceName = { constant = 'Property' }\nResourceRecordKey = { template = '{feed}-{id}' }\n\
    MediaCategory = { constant = 'Photo' }\nMediaURL = 'url'\n";

/// RESO-045: for imports as for writes.
#[tokio::test]
async fn reso_045_parts_that_are_imported_move_their_wholes() {
    for town in Town::each().await {
        let sales = format!("{SALES}ModificationTimestamp = 'at'\n");
        let file = "id,price,city,at\n1,5,Kent,2020-01-01T00:00:00Z\n2,6,Kent,2020-01-01T00:00:00Z\n";
        town.run(&sales, file).await;
        let at = async |key: &str, field: &str| town.field("Property", key, field).await;
        let both = async |key: &str| {
            (at(key, "ModificationTimestamp").await, at(key, "PhotosChangeTimestamp").await)
        };
        let old = (Some("2020-01-01T00:00:00Z".to_owned()), None);
        let photos = "photo,id,url\nP1,1,https://a/1\nP2,1,https://a/2\nP3,9,https://a/3\n";
        town.run(PHOTOS, photos).await;
        let first = both("T-1").await;
        assert!(first.0 > old.0 && first.0 == first.1, "{first:?}");
        assert_eq!(both("T-2").await, old, "a listing without photos moved");
        // Neither file changes anything the second time: what parts moved is not moved back by a row that is as it was.
        assert_eq!(counts(&town.run(PHOTOS, photos).await, "Media"), [0, 0, 3, 0, 0, 0]);
        assert_eq!(counts(&town.run(&sales, file).await, "Property"), [0, 0, 2, 0, 0, 0]);
        assert_eq!(both("T-1").await, first);
        // A photo that changes, and one that goes.
        town.run(PHOTOS, "photo,id,url\nP1,1,https://a/new\n").await;
        let second = both("T-1").await;
        assert!(second.0 > first.0 && second.0 == second.1, "{second:?}");
        let options = RunOptions {
            remove_missing: Some(RemoveMissing { at_most_percent: 100, confirmed: true }),
            ..town.options()
        };
        let gone =
            town.run_with(PHOTOS, "photo,id,url\nP1,1,https://a/new\n", Limits::default(), options).await;
        assert_eq!(counts(&gone.expect("the file goes in"), "Media")[5], 2);
        let third = both("T-1").await;
        assert!(third.0 > second.0 && third.0 == third.1, "{third:?}");
        assert_eq!(counts(&town.run(&sales, file).await, "Property"), [0, 0, 2, 0, 0, 0]);
        // A row that differs is written, and does not go back behind what clients have seen.
        let dearer = file.replace("1,5,Kent,2020-01-01", "1,7,Kent,2020-01-02");
        assert_eq!(counts(&town.run(&sales, dearer).await, "Property"), [0, 1, 1, 0, 0, 0]);
        let fourth = both("T-1").await;
        assert!(fourth.0 > third.0 && fourth.1 == third.1, "{fourth:?}");
        assert_eq!(at("T-1", "ListPrice").await.as_deref(), Some("7"));
        // Without parts in between a row may go back in time: a mapping that was wrong is put right.
        let earlier = file.replace("2,6,Kent,2020-01-01", "2,6,Kent,2019-01-01");
        town.run(&sales, earlier).await;
        assert_eq!(at("T-2", "ModificationTimestamp").await.as_deref(), Some("2019-01-01T00:00:00Z"));
    }
}

/// RESO-045: a part's own timestamp is when its whole changed, and a file of both speaks for both.
#[tokio::test]
async fn reso_045_what_the_source_says_of_time_counts() {
    for town in Town::each().await {
        let sales = format!("{SALES}ModificationTimestamp = 'at'\n");
        town.run(&sales, "id,price,city,at\n1,5,Kent,2020-01-05T00:00:00Z\n").await;
        let photos = format!("{PHOTOS}ModificationTimestamp = 'at'\n");
        let at = async || town.field("Property", "T-1", "ModificationTimestamp").await;
        town.run(&photos, "photo,id,url,at\nP1,1,https://a/1,2020-01-03T00:00:00Z\n").await;
        assert_eq!(at().await.as_deref(), Some("2020-01-05T00:00:00Z"), "an older photo moves nothing");
        town.run(&photos, "photo,id,url,at\nP1,1,https://a/1,2020-01-07T00:00:00Z\n").await;
        assert_eq!(at().await.as_deref(), Some("2020-01-07T00:00:00Z"));
        let together = format!("{sales}[[record]]{}", PHOTOS.split("[[record]]").nth(1).expect("one record"));
        let file = "id,price,city,at,photo,url\n2,5,Kent,2020-01-05T00:00:00Z,P9,https://a/9\n";
        town.run(&together, file).await;
        let own = town.field("Property", "T-2", "ModificationTimestamp").await;
        assert_eq!(own.as_deref(), Some("2020-01-05T00:00:00Z"));
    }
}

#[tokio::test]
async fn fields_that_the_mapping_does_not_name_stay_or_go() {
    for town in Town::each().await {
        let words = words();
        let property = words.known("Property");
        let seed = |key: &str| {
            let mut record = Record::new(property.id);
            record.set(property.find("ListingKey").expect("a field"), key);
            record.set(property.find("City").expect("a field"), "Kent");
            record.set(property.find("PublicRemarks").expect("a field"), "By hand.");
            Operation::put("T", record)
        };
        let mut batch = Batch::new("hand", Timestamp::UNIX_EPOCH);
        batch.operations = vec![seed("T-1"), seed("T-2")];
        town.store.write(batch).await.expect("a write");
        town.run(SALES, "id,price,city\n1,5,\n").await;
        assert_eq!(town.field("Property", "T-1", "PublicRemarks").await.as_deref(), Some("By hand."));
        // An empty cell of a column that is mapped takes the value away.
        assert_eq!(town.field("Property", "T-1", "City").await, None);
        let replace = SALES.replace("[record.fields]", "write = 'replace'\n[record.fields]");
        town.run(&replace, "id,price,city\n2,5,Kent\n").await;
        assert_eq!(town.field("Property", "T-2", "PublicRemarks").await, None);
        let again = town.run(&replace, "id,price,city\n2,5,Kent\n").await;
        assert_eq!(counts(&again, "Property"), [0, 0, 1, 0, 0, 0]);
    }
}

#[tokio::test]
async fn records_with_faults_are_refused_one_by_one() {
    for town in Town::each().await {
        let report = town.run(SALES, "id,price,city\n1,5,Kent\n2,cheap,Kent\n3\n,5,Kent\n4,5,Kent\n").await;
        assert_eq!(counts(&report, "Property"), [2, 0, 0, 2, 0, 0], "{report}");
        assert_eq!(report.rows_refused, 1);
        assert_eq!(town.all("Property").await.len(), 2);
        assert_eq!(
            report.codes().into_iter().collect::<Vec<_>>(),
            [("key_missing", 1), ("too_few_cells", 1), ("wrong_value", 1)]
        );
    }
}

#[tokio::test]
async fn a_key_that_comes_twice() {
    let file = "id,price,city\n1,5,First\n2,5,Kent\n1,6,Second\n1,7,Third\n";
    let check = async |duplicates: &str, expect: [u64; 6], city: &str| {
        for town in Town::each().await {
            let mapping = SALES.replace("[record.fields]", &format!("{duplicates}\n[record.fields]"));
            // In batches of one, so that no batch sees both.
            let limits = Limits { batch: 1, ..Limits::default() };
            for expect in [expect, [0, 0, expect[0], expect[3], expect[4], 0]] {
                let report =
                    town.run_with(&mapping, file, limits.clone(), town.options()).await.expect("a run");
                assert_eq!(counts(&report, "Property"), expect, "{duplicates} {report}");
            }
            assert_eq!(town.field("Property", "T-1", "City").await.as_deref(), Some(city), "{duplicates}");
        }
    };
    check("", [2, 0, 0, 2, 0, 0], "First").await;
    check("duplicates = 'first'", [2, 0, 0, 0, 2, 0], "First").await;
    check("duplicates = 'last'", [2, 0, 0, 0, 2, 0], "Third").await;
}

#[tokio::test]
async fn several_records_of_one_row_go_in_together() {
    for town in Town::each().await {
        let mapping = format!(
            "{SALES}ListAgentKey = {{ template = '{{feed}}-{{agent}}' }}\n\
             [[record]]\nresource = 'Member'\nkey = '{{feed}}-{{agent}}'\n[record.fields]\nMemberFullName = 'name'\n"
        );
        let file = "id,price,city,agent,name\n1,5,Kent,7,Ann\n2,5,Kent,7,Ann\n3,5,Kent,8,Bo\n";
        let report = town.run(&mapping, file).await;
        assert_eq!(counts(&report, "Property"), [3, 0, 0, 0, 0, 0]);
        assert_eq!(counts(&report, "Member"), [2, 0, 0, 0, 1, 0], "{report}");
        assert_eq!(town.field("Member", "T-7", "MemberFullName").await.as_deref(), Some("Ann"));
    }
}

#[tokio::test]
async fn another_feeds_record_stays_that_feeds() {
    for town in Town::each().await {
        let bare = SALES.replace("{feed}-", "");
        town.run(&bare, "id,price,city\n1,5,Kent\n").await;
        let other = bare.replace("'T'", "'U'");
        for write in ["merge", "replace"] {
            let other = other.replace("[record.fields]", &format!("write = '{write}'\n[record.fields]"));
            let report = town.run(&other, "id,price,city\n1,6,Kent\n2,6,Kent\n").await;
            assert_eq!(counts(&report, "Property")[3], 1, "{report}");
            assert_eq!(report.codes().into_keys().collect::<Vec<_>>(), ["key_in_other_feed"]);
        }
        assert_eq!(town.field("Property", "1", "ListPrice").await.as_deref(), Some("5"));
        assert_eq!(town.field("Property", "2", "ListPrice").await.as_deref(), Some("6"));
    }
}

#[tokio::test]
async fn a_file_that_breaks_off_changes_nothing() {
    for town in Town::each().await {
        town.run(SALES, "id,price,city\n1,5,Kent\n").await;
        let head = town.store.head().await.expect("a head");
        let limits = Limits { batch: 1, ..Limits::default() };
        let check = async |mapping: &str, file: &str, code: &str| {
            let error = town.run_with(mapping, file, limits.clone(), town.options()).await.expect_err(file);
            assert_eq!(error.code, code, "{error:?}");
            assert_eq!(town.store.head().await.expect("a head"), head, "{file}");
        };
        check(SALES, "id,price,city\n1,6,Kent\n2,7,Kent\n3,8,\"Ke\nnt", "quote_unclosed").await;
        check(SALES, "id,price,id\n", "heading_twice").await;
        check(SALES, "id,cost,city\n1,6,Kent\n", "mapping_wrong").await;
        let json = format!("{}[file]\nformat = 'json'\n{}", &SALES[..26], &SALES[26..]);
        check(&json, "[{\"id\":1,\"price\":6},{\"id\":2,", "file_cut_off").await;
        check(&json, "[{\"id\":1,\"price\":6},{\"id\":2}] and more", "json_wrong").await;
        let mut strict = town.options();
        strict.refuse_over_percent = Some(40);
        let file = "id,price,city\n1,6,Kent\n2,cheap,Kent\n";
        let error = town.run_with(SALES, file, limits.clone(), strict).await.expect_err("half are refused");
        assert_eq!(error.code, "too_many_refused");
        assert_eq!(town.store.head().await.expect("a head"), head);
    }
}

#[tokio::test]
async fn what_the_file_no_longer_holds_is_removed_when_asked() {
    for town in Town::each().await {
        let row = |n: u32| format!("{n},5,Kent\n");
        let file = |numbers: &mut dyn Iterator<Item = u32>| {
            format!("id,price,city\n{}", numbers.map(row).collect::<String>())
        };
        town.run(SALES, file(&mut (0..20))).await;
        town.run(&SALES.replace("'T'", "'U'"), file(&mut (0..3))).await;
        let replace = |rule: RemoveMissing| RunOptions { remove_missing: Some(rule), ..town.options() };
        let run =
            async |text: String, rule| town.run_with(SALES, text, Limits::default(), replace(rule)).await;
        // A row that is refused is still there; one that is left out is not.
        let mut text = file(&mut (1..19));
        text.push_str("19,cheap,Kent\n");
        let report = run(text, RemoveMissing::default()).await.expect("one of twenty may go");
        assert_eq!(counts(&report, "Property"), [0, 0, 18, 1, 0, 1], "{report}");
        let head = town.store.head().await.expect("a head");
        let error = run(file(&mut (1..10)), RemoveMissing::default()).await.expect_err("ten of nineteen");
        assert_eq!(error.code, "too_many_removed");
        let error = run("id,price,city\n".into(), RemoveMissing::default()).await.expect_err("all of them");
        assert_eq!(error.code, "too_many_removed");
        let mut keyless = file(&mut (1..20));
        keyless.push_str(",5,Kent\n");
        let error = run(keyless, RemoveMissing::default()).await.expect_err("a row has no key");
        assert_eq!(error.code, "removal_unsafe");
        assert_eq!(town.store.head().await.expect("a head"), head);
        let sure = RemoveMissing { confirmed: true, ..RemoveMissing::default() };
        let report = run(file(&mut (1..10)), sure).await.expect("confirmed");
        assert_eq!(counts(&report, "Property")[5], 10, "{report}");
        // The other feed's records are none of its business.
        assert_eq!(town.all("Property").await.len(), 9 + 3);
    }
}

#[tokio::test]
async fn a_run_is_a_record() {
    for town in Town::each().await {
        let report = town.run(SALES, "id,price,city\n1,5,Kent\n2,cheap,Kent\n").await;
        let key = report.run.expect("the run's key");
        let check = async |field: &str, expect: &str| {
            assert_eq!(town.field("ImportRun", &key, field).await.as_deref(), Some(expect), "{field}");
        };
        check("ImportStatus", "Completed").await;
        check("MappingId", "sales").await;
        check("FeedId", "T").await;
        check("ActorName", "tester").await;
        check("RowsRead", "2").await;
        check("RecordsNew", "1").await;
        check("RecordsRefused", "1").await;
        let text = town.field("ImportRun", &key, "ImportReport").await.expect("a report");
        assert!(text.contains("\"wrong_value\""), "{text}");
        let runs = town.all("ImportRun").await;
        assert_eq!((runs.len(), runs[0].feed.as_str()), (1, OWN_FEED));
        let faults = dictionary::check(&words(), &runs[0].record);
        assert!(faults.is_empty(), "{faults:?}");
    }
}

#[derive(Default)]
struct Told(Mutex<Vec<Moved>>);

impl Progress for Told {
    fn moved(&self, moved: &Moved) {
        self.0.lock().push(*moved);
    }
}

#[tokio::test]
async fn progress_is_told() {
    for town in Town::each().await {
        let file: String = (0..2_500).map(|n| format!("{n},5,Kent\n")).collect();
        let file = format!("id,price,city\n{file}");
        let mapping = Mapping::read(SALES).expect("a mapping");
        let length = file.len() as u64;
        let source = Source::bytes("f.csv", file.into_bytes());
        let job = Job::open(words(), &mapping, source, Limits::default()).expect("a job");
        let told = Arc::new(Told::default());
        job.run(&town.store, town.options(), Arc::clone(&told) as Arc<dyn Progress>).await.expect("a run");
        let told = told.0.lock();
        for stage in [Stage::Check, Stage::Write] {
            let last = told.iter().rfind(|moved| moved.stage == stage).expect("a word of each stage");
            assert_eq!((last.rows, last.bytes, last.total_bytes), (2_500, length, length));
            assert_eq!(told.iter().filter(|moved| moved.stage == stage).count(), 3);
        }
    }
}

/// Ends the import at the first word about writing.
struct Ends(Mutex<Option<tokio::sync::oneshot::Sender<()>>>);

impl Progress for Ends {
    fn moved(&self, moved: &Moved) {
        if moved.stage == Stage::Write
            && let Some(end) = self.0.lock().take()
        {
            // Whoever waited may have gone already.
            let _ = end.send(());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_was_cut_off_is_brought_to_its_end_by_the_next() {
    for town in Town::each().await {
        let file: String = (0..20_000).map(|n| format!("{n},5,Kent\n")).collect();
        let file = format!("id,price,city\n{file}");
        let mapping = Mapping::read(SALES).expect("a mapping");
        let limits = Limits { batch: 100, ..Limits::default() };
        let source = Source::bytes("f.csv", file.clone().into_bytes());
        let job = Job::open(words(), &mapping, source, limits).expect("a job");
        let (end, ended) = tokio::sync::oneshot::channel();
        tokio::select! {
            _ = job.run(&town.store, town.options(), Arc::new(Ends(Mutex::new(Some(end))))) => {
                panic!("it was to be cut off");
            }
            _ = ended => {}
        }
        let report = town.run(SALES, file).await;
        let [new, changed, unchanged, ..] = counts(&report, "Property");
        assert_eq!((changed, new + unchanged), (0, 20_000), "{report}");
        let runs = town.all("ImportRun").await;
        assert_eq!(runs.len(), 2, "the one that was cut off stays marked as running");
    }
}

/// A store that stays away longer than the run's patience ends it, with the store's code and hint; what was
/// acknowledged is kept, and the next run brings the rest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_stays_away_ends_the_run() {
    let mut server = Server::start();
    let kept = Settings::postgres(server.url("postgres"));
    let town = Town::at(kept, Home::Sqlite(Scratch::new())).await;
    let file: String = (0..20_000).map(|n| format!("{n},5,Kent\n")).collect();
    let file = format!("id,price,city\n{file}");
    let mapping = Mapping::read(SALES).expect("a mapping");
    let limits = Limits { batch: 100, ..Limits::default() };
    let source = Source::bytes("f.csv", file.clone().into_bytes());
    let job = Job::open(words(), &mapping, source, limits).expect("a job");
    let (end, begun) = tokio::sync::oneshot::channel();
    let options = RunOptions { patience: Duration::from_millis(300), ..town.options() };
    let run = job.run(&town.store, options, Arc::new(Ends(Mutex::new(Some(end)))));
    let away = async {
        begun.await.expect("a word about writing");
        let stop = move || {
            server.stop();
            server
        };
        tokio::task::spawn_blocking(stop).await.expect("a server that stops")
    };
    let (said, mut server) = tokio::join!(run, away);
    let error = said.expect_err("the store was away");
    assert_eq!(error.code, "store_unavailable", "{error}");
    assert!(!error.hint.is_empty());
    let resume = move || {
        server.resume();
        server
    };
    let _server = tokio::task::spawn_blocking(resume).await.expect("a server that starts");
    let report = town.run(SALES, file).await;
    let [new, changed, unchanged, ..] = counts(&report, "Property");
    assert_eq!((changed, new + unchanged), (0, 20_000), "{report}");
    assert!(unchanged > 0, "nothing was written before the store went: {report}");
    assert_eq!(town.all("ImportRun").await.len(), 2, "the one that was cut off stays marked as running");
}
