//! Pulling.

use std::time::Duration;

use outflow::{Found, LARGEST_PAGE, Reader};

use crate::town::{AGENT, Town, event, now, settings};

const READER: Reader<'static> = Reader { client: "c", agent: AGENT };

/// EVT-060: oldest first, a hundred at most, on from there without gap or repeat while events arrive.
#[tokio::test(flavor = "multi_thread")]
async fn evt_060_pages_have_no_gap_and_no_repeat() {
    let town = Town::open().await;
    let publishing = async {
        let mut ids = Vec::new();
        for part in [130, 7, 101, 1, 60] {
            ids.extend(town.publish_all((0..part).map(|_| event("{}")).collect()).await);
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        ids
    };
    let reading = async {
        let (mut read, mut after, mut pages) = (Vec::new(), 0, 0);
        while read.len() < 299 && pages < 5_000 {
            let page = town.outflow.inbox(READER, after, 1_000, now()).await.unwrap();
            assert!(page.items.len() <= LARGEST_PAGE && page.next >= after);
            assert!(!page.more || page.items.len() == LARGEST_PAGE);
            read.extend(page.items.into_iter().map(|item| item.event.id.clone()));
            (after, pages) = (page.next, pages + 1);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        read
    };
    let (published, read) = tokio::join!(publishing, reading);
    assert_eq!(read, published);
}

/// EVT-061: from an instant on.
#[tokio::test(flavor = "multi_thread")]
async fn evt_061_an_inbox_from_an_instant() {
    let town = Town::open().await;
    town.publish("{}").await;
    tokio::time::sleep(Duration::from_millis(5)).await;
    let at = now();
    let later = town.publish(r#"{"later":true}"#).await;
    town.until("both", async || town.inbox_topics(AGENT).await.len() == 2).await;
    let from = town.outflow.inbox_from(AGENT, at).await.unwrap();
    let page = town.outflow.inbox(READER, from, 10, now()).await.unwrap();
    assert_eq!(page.items.iter().map(|item| &item.event.id).collect::<Vec<_>>(), [&later]);
    assert_eq!(page.items[0].data, r#"{"later":true}"#);
    let after_all = town.outflow.inbox_from(AGENT, now()).await.unwrap();
    assert!(town.outflow.inbox(READER, after_all, 10, now()).await.unwrap().items.is_empty());
}

/// EVT-062: a cursor outlives a restart, and is its client's and its inbox's own.
#[tokio::test(flavor = "multi_thread")]
async fn evt_062_a_cursor_is_kept() {
    let mut town = Town::open().await;
    assert_eq!(town.outflow.committed_cursor(READER, "main").await.unwrap(), None);
    town.outflow.commit_cursor(READER, "main", 42, now()).await.unwrap();
    town.restart().await;
    assert_eq!(town.outflow.committed_cursor(READER, "main").await.unwrap(), Some(42));
    for (reader, name) in [
        (READER, "other"),
        (Reader { client: "d", ..READER }, "main"),
        (Reader { agent: "https://other.example/profile/card#me", ..READER }, "main"),
    ] {
        assert_eq!(town.outflow.committed_cursor(reader, name).await.unwrap(), None);
    }
}

/// EVT-034, EVT-063: who is granted nothing reads nothing; the bell rings when something is there.
#[tokio::test(flavor = "multi_thread")]
async fn evt_034_evt_063_an_inbox_is_read_with_grants_and_rings() {
    let town = Town::open().await;
    let mut bell = town.outflow.inbox_bell();
    bell.mark_unchanged();
    town.publish("{}").await;
    while town.outflow.inbox(READER, 0, 10, now()).await.unwrap().items.is_empty() {
        bell.changed().await.unwrap();
    }
    let stranger = Reader { client: "stranger", ..READER };
    let page = town.outflow.inbox(stranger, 0, 10, now()).await.unwrap();
    assert!(page.items.is_empty() && page.next > 0, "what is not granted is passed over");
}

/// EVT-102: what is older than the retention is gone, and is known to be gone.
#[tokio::test(flavor = "multi_thread")]
async fn evt_102_old_events_are_pruned() {
    let mut settings = settings();
    settings.retention = Duration::from_secs(3_600);
    let town = Town::with(settings).await;
    let receiver = crate::receiver::Receiver::kind().await;
    town.endpoint("e", &receiver.url(), |_| {}).await;
    let old = event("{}");
    let long_ago = now().checked_sub(Duration::from_secs(4_000)).unwrap();
    town.write(vec![old.operation(&town.dictionary, long_ago).unwrap()]).await;
    let young = town.publish("{}").await;
    town.until("pruned", async || town.outflow.find(&old.id).await.unwrap() == Found::Pruned).await;
    assert!(matches!(town.outflow.find(&young).await.unwrap(), Found::Event(_)));
    assert_eq!(town.outflow.find("nothing").await.unwrap(), Found::Unknown);
    // The old one may lie there alone before the young one comes.
    town.until("the young one alone", async || {
        let inbox = town.store.inbox(AGENT, 0, 10).await.unwrap();
        inbox.len() == 1 && inbox[0].event == young
    })
    .await;
}
