//! SIGKILL at random moments: what was acknowledged is there, once, and the log has no gap.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use store::{Batch, Operation, Outcome, Settings, Store};

use crate::town::{Home, WORDS, assert_no_gap, property, second, whole_log};

/// Where the child finds the store: a path of SQLite or a URL of PostgreSQL.
const STORE: &str = "FREEHOLD_CRASH_STORE";
const ROUND: &str = "FREEHOLD_CRASH_ROUND";

/// What the process that is killed does: it writes for ever and says what was acknowledged. Run by
/// itself it writes a little.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::disallowed_methods, reason = "the child that is killed is told where the store is")]
async fn four_write_at_once_and_say_so() {
    let home = Home::sqlite();
    let (settings, batches) = match std::env::var(STORE) {
        Ok(at) if at.contains("://") => (Settings::postgres(at), usize::MAX),
        Ok(at) => (Settings::sqlite(at), usize::MAX),
        Err(_) => (home.settings(), 8),
    };
    let round = std::env::var(ROUND).unwrap_or_default();
    let store = Store::open(settings, WORDS.clone()).await.unwrap();
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let (store, round) = (store.clone(), round.clone());
            tokio::spawn(async move {
                for number in 0..batches {
                    let mut batch = Batch::new("child", second(0));
                    for part in 0..(number % 7) * 5 + 1 {
                        let key = format!("{round}-{writer}-{number}-{part}");
                        let remarks = "x".repeat(number * 37 % 3_000);
                        let record = property(&key, &[("PublicRemarks", remarks.into())]);
                        batch.operations.push(Operation::put("A", record));
                    }
                    let outcomes = store.write(batch).await.unwrap().outcomes;
                    let (Outcome::Created(first), count) = (outcomes[0], outcomes.len()) else { panic!() };
                    let line = format!("acknowledged {writer} {number} {first} {count}\n");
                    std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(store.head().await.unwrap(), 4 * (1 + 6 + 11 + 16 + 21 + 26 + 31 + 1));
}

async fn kill_many_times(home: &Home, at: &str, rounds: usize) {
    let mut rng = testkit::rng("kill_many_times");
    let mut acknowledged: Vec<(String, u64, u64)> = Vec::new();
    for round in 0..rounds {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::four_write_at_once_and_say_so", "--nocapture"])
            .env(STORE, at)
            .env(ROUND, round.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut said: Vec<String> = Vec::new();
        // Some rounds end while the store is opened, most in the middle of writing.
        if round % 4 != 3 {
            said.extend(lines.by_ref().find(|line| line.contains("acknowledged ")));
        }
        std::thread::sleep(Duration::from_millis(rng.u64(..120)));
        child.kill().unwrap();
        child.wait().unwrap();
        said.extend(lines);
        for line in said {
            // The last line may have been cut off: then nobody was told.
            let Some((_, told)) = line.split_once("acknowledged ") else { continue };
            let told: Vec<u64> = told.split(' ').filter_map(|word| word.parse().ok()).collect();
            let [writer, number, first, count] = told[..] else { continue };
            acknowledged.push((format!("{round}-{writer}-{number}"), first, count));
        }
        let store = home.open().await;
        let log = whole_log(&store, 10_000).await;
        assert_no_gap(&log);
        for (batch, first, count) in &acknowledged {
            for part in 0..*count {
                let found =
                    log.get(usize::try_from(first + part).unwrap() - 1).map(|change| change.key.as_str());
                let expect = format!("{batch}-{part}");
                assert_eq!(found, Some(expect.as_str()), "round {round}: what was acknowledged is lost");
            }
        }
        let mut keys: Vec<_> = log.iter().map(|change| &change.key).collect();
        keys.sort_unstable();
        assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "something was written twice");
        let (mut count, mut after) = (0, 0);
        loop {
            let part = store.current(after, 10_000).await.unwrap();
            let Some(last) = part.last() else { break };
            (count, after) = (count + part.len(), last.sequence);
        }
        assert_eq!(count, log.len(), "the records and the log do not agree");
    }
    assert!(!acknowledged.is_empty());
}

/// RESO-064: what was acknowledged survives the process.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_survives_sigkill() {
    let home = Home::sqlite();
    let path = home.scratch().file("freehold.db");
    kill_many_times(&home, path.to_str().unwrap(), 12).await;
}

/// RESO-064: what was acknowledged survives the process.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_survives_sigkill() {
    let home = Home::postgres();
    let Settings::Postgres { url, .. } = home.settings() else { panic!() };
    kill_many_times(&home, &url, 8).await;
}
