//! Two Freeholds that pull from each other's feeds through their real RESO doors, while both are written to.
#![expect(clippy::unwrap_used, reason = "a test may stop at what must not be")]

mod house;

use std::sync::Arc;
use std::time::{Duration, Instant};

use house::House;
use testkit::Home;

/// Writes at random on both sides and pulls both ways, again and again; whenever the writers rest, each holds the
/// other's feed to the field, and its own untouched.
async fn stay_equal(homes: [Home; 2], time: Duration, name: &str) {
    let [one, two] = homes;
    let (mut a, mut b) = (House::open(one, "A", "B").await, House::open(two, "B", "A").await);
    a.pulls_from(&b).await;
    b.pulls_from(&a).await;
    let mut rng = testkit::rng(name);
    let began = Instant::now();
    let mut rounds = 0;
    while rounds < 3 || began.elapsed() < time {
        rounds += 1;
        let (writes, pulls) = (1 + rng.usize(..60), 1 + rng.usize(..2));
        let mut writer = rng.fork();
        let write = async {
            for _ in 0..writes {
                a.write(&mut writer).await;
                b.write(&mut writer).await;
            }
        };
        let pull = async {
            for _ in 0..pulls {
                a.pull().await;
                b.pull().await;
            }
        };
        tokio::join!(write, pull);
        a.pull().await;
        b.pull().await;
        assert_eq!(a.feed("B").await, b.feed("B").await, "round {rounds}: A holds what B has");
        assert_eq!(b.feed("A").await, a.feed("A").await, "round {rounds}: B holds what A has");
        assert_eq!(a.feed("A").await.len() + a.feed("B").await.len(), a.count().await, "and nothing else");
    }
    assert!(a.count().await > 0, "{rounds} rounds in which nothing was written");
}

/// RESO-080: EntityEvent, between real Freeholds. `FREEHOLD_TEST_SECONDS=600` goes on for ten minutes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reso_080_two_freeholds_that_pull_from_each_other_stay_equal() {
    stay_equal([Home::sqlite(), Home::postgres()], testkit::lasting(Duration::from_secs(5)), "two freeholds")
        .await;
}

/// RESO-086: a report says what was read, new, changed, unchanged and removed; and progress is told meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reso_086_a_report_says_what_became_of_everything() {
    for home in Home::each() {
        let (mut a, b) = (House::open(home, "A", "B").await, House::open(Home::sqlite(), "B", "A").await);
        a.pulls_from(&b).await;
        let mut rng = testkit::rng("report");
        b.fill(&mut rng, 300).await;
        let told = Arc::new(house::Told::default());
        let report = a.run(Arc::clone(&told)).await.unwrap();
        let counts = report.of("Property").unwrap().clone();
        assert_eq!(
            (counts.read, counts.new, counts.changed, counts.refused, counts.removed),
            (300, 300, 0, 0, 0)
        );
        assert!(report.to_string().contains("records"), "{report}");
        let told = told.0.lock().clone();
        assert!(told.iter().any(|moved| moved.total_rows == Some(300) && moved.rows > 0), "{told:?}");
        assert!(told.windows(2).all(|pair| pair[0].rows <= pair[1].rows));
        b.change("B-3").await;
        b.remove("B-5").await;
        // A key that another feed holds stays that feed's, and the report says so.
        a.put_own("B-new").await;
        b.change("B-new").await;
        let report = a.run(Arc::default()).await.unwrap();
        let counts = report.of("Property").unwrap().clone();
        assert_eq!((counts.changed, counts.removed, counts.refused, counts.new), (1, 1, 1, 0), "{report}");
        assert_eq!(report.codes()["key_in_other_feed"], 1);
    }
}
