//! Writes that are put together part by part.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use store::{ChangeKind, ErrorKind, Expect, Operation, Outcome, Settings, Store};

use crate::on_each_engine;
use crate::town::{Home, WORDS, assert_no_gap, property, put, resource, second, whole_log};

/// Records of half a kilobyte: 10,000 of them are more than waits in memory.
fn part(from: usize, upto: usize) -> Vec<Operation> {
    let record = |n| property(&format!("{n:05}"), &[("PublicRemarks", format!("{n:0500}").into())]);
    (from..upto).map(|n| Operation::put("A", record(n))).collect()
}

/// Records of five kilobytes: a thousand of them are more than waits in memory, two thousand more than the writer
/// takes at once.
fn heavy(from: usize, upto: usize, said: &str) -> Vec<Operation> {
    let record = |n| {
        let remarks = format!("{said} {n:05000}");
        property(&format!("{n:05}"), &[("PublicRemarks", remarks.into())])
    };
    (from..upto).map(|n| Operation::put("A", record(n))).collect()
}

/// The files in a directory, of which there may be none.
fn files(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().path()).collect()
}

on_each_engine! {
    async fn more_than_a_batch_takes_is_kept_at_once_or_not_at_all(home) {
        let (store, room) = (home.open().await, home.scratch().file("room"));
        put(&store, property("99999", &[])).await;
        let mut whole = store.assemble("tester", second(1), &room);
        for from in [0, 6_000] {
            whole.add(part(from, from + 6_000)).await.unwrap();
        }
        assert_eq!(whole.add(part(0, 10_001)).await.unwrap_err().kind, ErrorKind::TooLarge);
        whole.add(part(12_000, 12_500)).await.unwrap();
        whole.set_cursor("import", "7");
        assert_eq!((whole.operations(), store.head().await.unwrap()), (12_500, 1));
        assert!(room.exists(), "all of it waits in memory");
        // What was promised to be over waits for it.
        assert_eq!(store.over(1, second(9)), second(1));
        let receipt = whole.write().await.unwrap();
        assert_eq!((receipt.outcomes.len(), receipt.head), (12_500, 12_501));
        assert_eq!(receipt.outcomes[12_499], Outcome::Created(12_501));
        assert_eq!(store.cursor("import").await.unwrap().as_deref(), Some("7"));
        assert_eq!(store.over(receipt.head, second(9)), second(9));
        let log = whole_log(&store, 10_000).await;
        assert_no_gap(&log);
        assert!(log[1..].iter().all(|change| change.at == second(1) && change.actor == "tester"));
        let record = part(11_999, 12_000).remove(0);
        let Operation::Put { record, .. } = record else { panic!() };
        assert_eq!(*log[12_000].record.as_deref().unwrap(), record, "on disk it became another");

        // One operation that is refused refuses them all, and is named by its place among all of them.
        let mut refused = store.assemble("tester", second(10), &room);
        refused.add(part(30_000, 36_000)).await.unwrap();
        refused.add(part(36_000, 42_000)).await.unwrap();
        let absent = Operation::Put {
            feed: "A".into(), record: property("99999", &[]), expect: Expect::Absent, stamp: None,
        };
        refused.add(vec![absent]).await.unwrap();
        let error = refused.write().await.unwrap_err();
        assert_eq!((error.kind, error.operation), (ErrorKind::Conflict, Some(12_000)));
        assert_eq!(store.head().await.unwrap(), 12_501);
        assert!(store.get(resource("Property"), "30000").await.unwrap().is_none());

        // One that is dropped was never there.
        let mut dropped = store.assemble("tester", second(11), &room);
        dropped.add(part(30_000, 30_010)).await.unwrap();
        drop(dropped);
        assert_eq!(store.head().await.unwrap(), 12_501);
        assert_eq!(store.over(12_501, second(20)), second(20));
        assert!(files(&room).is_empty());
    }

    /// The parts of one see what those before them did.
    async fn a_key_may_be_written_in_several_parts(home) {
        let (store, room) = (home.open().await, home.scratch().file("room"));
        let city = |city: &str| Operation::put("A", property("1", &[("City", city.into())]));
        let mut whole = store.assemble("tester", second(1), &room);
        whole.add(vec![city("Kent")]).await.unwrap();
        whole.add(heavy(10_000, 12_000, "")).await.unwrap();
        let last = vec![city("Kent"), city("Auburn"), Operation::remove(resource("Property"), "10000")];
        whole.add(last).await.unwrap();
        let outcomes = whole.write().await.unwrap().outcomes;
        assert_eq!(outcomes[0], Outcome::Created(1));
        let after = [Outcome::Unchanged(1), Outcome::Changed(2_002), Outcome::Removed(2_003)];
        assert_eq!(outcomes[2_001..], after);
        let kinds: Vec<ChangeKind> =
            store.history(resource("Property"), "1", 9).await.unwrap().iter().map(|one| one.kind).collect();
        assert_eq!(kinds, [ChangeKind::Changed, ChangeKind::Created]);
    }

    async fn one_may_be_added_to_another(home) {
        let (store, room) = (home.open().await, home.scratch().file("room"));
        let check = async |before: (usize, usize), more: (usize, usize)| {
            let mut whole = store.assemble("tester", second(1), &room);
            whole.add(heavy(before.0, before.1, "")).await.unwrap();
            let mut other = store.assemble("another", second(2), &room);
            other.add(heavy(more.0, more.1, "")).await.unwrap();
            // Some of it waits in memory in any case.
            other.add(part(more.1, more.1 + 5)).await.unwrap();
            other.set_cursor("other", "1");
            whole.append(other).await.unwrap();
            whole.add(part(90_000, 90_001)).await.unwrap();
            let count = before.1 - before.0 + more.1 - more.0 + 6;
            let head = usize::try_from(store.head().await.unwrap()).unwrap();
            assert_eq!(whole.operations(), count);
            assert_eq!(whole.write().await.unwrap().outcomes.len(), count);
            let log = &whole_log(&store, 10_000).await[head..];
            let keys = (before.0..before.1).chain(more.0..more.1 + 5);
            let expect: Vec<String> = keys.map(|n| format!("{n:05}")).collect();
            assert!(log.iter().map(|change| change.key.as_str()).take(expect.len()).eq(expect));
            assert!(log.iter().all(|change| change.actor == "tester" && change.at == second(1)));
            assert_eq!(store.cursor("other").await.unwrap(), None);
        };
        // Small and small, small and large, large and small, large and large.
        check((0, 5), (10, 15)).await;
        check((100, 105), (1_000, 2_000)).await;
        check((3_000, 4_000), (200, 205)).await;
        check((5_000, 6_000), (7_000, 8_000)).await;
    }

    async fn a_directory_that_cannot_be_written_keeps_nothing(home) {
        let (store, room) = (home.open().await, home.scratch().file("room"));
        std::fs::write(&room, "a file").unwrap();
        let mut whole = store.assemble("tester", second(1), &room);
        // What fits in memory needs no directory.
        whole.add(part(0, 10)).await.unwrap();
        let error = whole.add(part(10, 10_000)).await.unwrap_err();
        assert_eq!((error.kind, error.code()), (ErrorKind::File, "file_failed"));
        assert!(whole.add(part(10_000, 10_001)).await.is_err());
        assert!(whole.write().await.is_err(), "half of it was written");
        assert_eq!(store.head().await.unwrap(), 0);
    }
}

/// Where the child finds the store, and the directory in which its writes wait.
const STORE: &str = "FREEHOLD_ASSEMBLY_STORE";
const ROOM: &str = "FREEHOLD_ASSEMBLY_ROOM";
/// Operations of each of its writes.
const OPERATIONS: usize = 2_000;

/// What the process that is killed does: it writes for ever and says when it begins. Run by itself it does nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::disallowed_methods, reason = "the child that is killed is told where the store is")]
async fn one_after_the_other_is_written() {
    let (Ok(at), Ok(room)) = (std::env::var(STORE), std::env::var(ROOM)) else { return };
    let settings = if at.contains("://") { Settings::postgres(at) } else { Settings::sqlite(at) };
    let store = Store::open(settings, WORDS.clone()).await.unwrap();
    let say = |what: &str| std::io::stdout().lock().write_all(format!("{what}\n").as_bytes()).unwrap();
    // Each write says something else than those before it, of this process and of those before.
    let began = store.head().await.unwrap();
    for round in 0_i64.. {
        let actor = format!("{began} {round}");
        let mut whole = store.assemble(actor.as_str(), second(round), &room);
        for from in (0..OPERATIONS).step_by(500) {
            whole.add(heavy(from, from + 500, &actor)).await.unwrap();
            say(&format!("waits {round}"));
        }
        say(&format!("writes {round}"));
        whole.write().await.unwrap();
        say(&format!("written {round}"));
    }
}

/// After a kill at whatever moment all of a write is there or nothing, and nothing else is left.
async fn kill_in_the_middle(home: &Home, at: &str, waits: &[&str]) {
    let room = home.scratch().file("room");
    let mut rng = testkit::rng("kill_in_the_middle");
    let mut acknowledged = 0;
    for wait in waits {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "assemblies::one_after_the_other_is_written", "--nocapture"])
            .env(STORE, at)
            .env(ROOM, &room)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut said: Vec<String> = Vec::new();
        while !said.last().is_some_and(|line| line.contains(wait)) {
            said.push(lines.next().unwrap());
        }
        std::thread::sleep(Duration::from_millis(rng.u64(..200)));
        child.kill().unwrap();
        child.wait().unwrap();
        said.extend(lines);
        acknowledged += said.iter().filter(|line| line.contains("written")).count();
        let store = home.open().await;
        let log = whole_log(&store, 10_000).await;
        assert_no_gap(&log);
        for whole in log.chunk_by(|a, b| a.actor == b.actor) {
            assert_eq!(whole.len() % OPERATIONS, 0, "{wait}: a write is there by halves");
        }
        assert!(log.len() >= acknowledged * OPERATIONS, "{wait}: what was acknowledged is lost");
        assert!(files(&room).is_empty(), "{wait}: what waited is left behind");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_keeps_all_of_one_or_nothing_when_it_is_killed() {
    let home = Home::sqlite();
    let path = home.scratch().file("freehold.db");
    kill_in_the_middle(&home, path.to_str().unwrap(), &["waits 0", "writes 0", "writes 1"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_keeps_all_of_one_or_nothing_when_it_is_killed() {
    let home = Home::postgres();
    let Settings::Postgres { url, .. } = home.settings() else { panic!() };
    kill_in_the_middle(&home, &url, &["writes 0", "writes 1"]).await;
}
