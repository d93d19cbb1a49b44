//! Changes since a walk (RESO-043), and walks over everything (RESO-044).

use dictionary::Value;
use serde_json::Value as Json;
use store::{Batch, Operation};

use crate::town::{Answer, LISTINGS, OF_A, Town};

const ROOT: &str = "http://127.0.0.1:8700";
const TRACKED: (&str, &str) = ("prefer", "odata.track-changes");

impl Town {
    /// `GET` as `key`, wishing to track changes.
    async fn tracked(&self, key: &str, path: &str) -> Answer {
        self.ask("GET", path, &[("authorization", &format!("Bearer {key}")), TRACKED]).await
    }

    /// Walks to the end; the records told, and the delta link.
    async fn walk_tracked(&self, key: &str, path: &str) -> (Vec<Json>, String) {
        let (mut path, mut told) = (path.to_owned(), Vec::new());
        loop {
            let answer = self.tracked(key, &path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.body);
            assert!(answer.header("preference-applied").contains("track-changes"), "{path}");
            let page = answer.json();
            told.extend(page["value"].as_array().unwrap().iter().cloned());
            let link =
                |name: &str| page[name].as_str().map(|link| link.strip_prefix(ROOT).unwrap().to_owned());
            match (link("@odata.nextLink"), link("@odata.deltaLink")) {
                (Some(next), None) => path = next,
                (None, Some(delta)) => return (told, delta),
                links => panic!("{path}: {links:?}"),
            }
        }
    }

    async fn remove(&self, key: &str) {
        let mut batch = Batch::new("test", "2026-11-23T12:00:00Z".parse().unwrap());
        batch.operations.push(Operation::remove(self.dictionary.known("Property").id, key));
        let head = self.store.write(batch).await.unwrap().head;
        self.search.watch().wait_for(|applied| *applied >= head).await.unwrap();
    }

    /// Writes a listing with some fields changed.
    async fn change(&self, n: usize, fields: &[(&str, Value)]) {
        let mut record = self.listing(n).remove(0);
        for (name, value) in fields {
            record.set(self.dictionary.known("Property").find(name).unwrap(), value.clone());
        }
        self.write(if n < OF_A { "A" } else { "B" }, vec![record]).await;
    }
}

/// What a delta tells: keys that are there, keys that are gone.
fn told(records: &[Json]) -> (Vec<&str>, Vec<&str>) {
    let key = |record: &&Json| record.get("@removed").is_some();
    let of = |gone: bool| {
        let mut keys: Vec<&str> =
            records.iter().filter(|r| key(r) == gone).filter_map(|r| r["ListingKey"].as_str()).collect();
        keys.sort_unstable();
        keys
    };
    (of(false), of(true))
}

/// RESO-043: changes and removals since the walk, and then since those.
#[tokio::test]
async fn reso_043_a_delta_link_tells_what_changed_and_what_is_gone() {
    let town = Town::build().await;
    let url = "/odata/Property?$filter=City eq 'Kent'&$select=ListingKey,ListPrice";
    let (all, delta) = town.walk_tracked(&town.key, url).await;
    assert_eq!(all.len(), LISTINGS / 3);
    let (none, delta) = town.walk_tracked(&town.key, &delta).await;
    assert!(none.is_empty(), "{none:?}");
    // Of Kent are 1, 4, 7 …
    town.change(1, &[("ListPrice", Value::Decimal(5.into()))]).await;
    town.change(4, &[("City", Value::from("Seattle"))]).await;
    town.remove("K007").await;
    town.change(0, &[("City", Value::from("Kent"))]).await;
    town.change(3, &[("ListPrice", Value::Decimal(6.into()))]).await;
    let first = town.get(&delta).await.json();
    assert_eq!(
        first["@odata.context"],
        format!("{ROOT}/odata/$metadata#Property(ListPrice,ListingKey)/$delta")
    );
    let (changed, again) = town.walk_tracked(&town.key, &delta).await;
    assert_eq!(told(&changed), (vec!["K000", "K001"], vec!["K004", "K007"]));
    let of = |key: &str| changed.iter().find(|record| record["ListingKey"] == key).unwrap();
    assert_eq!(of("K001")["ListPrice"], 5);
    assert_eq!(of("K004")["@removed"]["reason"], "changed");
    assert_eq!(of("K007")["@removed"]["reason"], "deleted");
    assert_eq!(of("K007")["@odata.id"], format!("{ROOT}/odata/Property('K007')"));
    assert!(town.walk_tracked(&town.key, &again).await.0.is_empty());
    // The older link tells the same again: the server keeps nothing.
    assert_eq!(
        told(&town.walk_tracked(&town.key, &delta).await.0),
        (vec!["K000", "K001"], vec!["K004", "K007"])
    );
    let old = [("authorization", &*format!("Bearer {}", town.key)), ("odata-maxversion", "4.0")];
    let old = town.ask("GET", &delta, &old).await.json();
    let gone: Vec<&Json> =
        old["value"].as_array().unwrap().iter().filter(|r| r.get("reason").is_some()).collect();
    assert_eq!(gone.len(), 2);
    assert!(gone[0]["@odata.context"].as_str().unwrap().ends_with("#Property/$deletedEntity"), "{old}");
}

/// RESO-043: what is hidden from a client is a removal to it, and what it never saw is nothing.
#[tokio::test]
async fn reso_043_a_change_of_what_may_be_seen_is_a_removal() {
    let town = Town::build().await;
    let (all, delta) = town.walk_tracked(&town.idx, "/odata/Property?$select=ListingKey").await;
    let (seen, _) = told(&all);
    town.change(2, &[("InternetEntireListingDisplayYN", Value::Boolean(false))]).await;
    town.change(55, &[("ListPrice", Value::Decimal(5.into()))]).await;
    town.remove("K056").await;
    let hidden = seen.contains(&"K002");
    let (changed, _) = town.walk_tracked(&town.idx, &delta).await;
    assert_eq!(told(&changed), (vec![], if hidden { vec!["K002"] } else { vec![] }));
    assert!(hidden, "the class shows listings that may be displayed");
}

/// RESO-043: many changes come in pages, and every one comes.
#[tokio::test]
async fn reso_043_changes_come_in_pages() {
    let town = Town::build().await;
    let (_, delta) = town.walk_tracked(&town.key, "/odata/Property?$select=ListingKey").await;
    for n in 0..LISTINGS {
        town.change(n, &[("ListPrice", Value::Decimal(9.into()))]).await;
    }
    let first = town.get(&delta).await.json();
    assert_eq!(first["value"].as_array().unwrap().len(), 25);
    assert!(first.get("@odata.deltaLink").is_none());
    let (changed, _) = town.walk_tracked(&town.key, &delta).await;
    let mut keys = told(&changed).0;
    keys.dedup();
    assert_eq!(keys.len(), LISTINGS);
}

/// RESO-043: links that no longer hold, and questions without one.
#[tokio::test]
async fn reso_043_a_link_of_another_question_or_grant_is_gone() {
    let town = Town::build().await;
    let (_, delta) = town.walk_tracked(&town.key, "/odata/Property?$filter=City eq 'Kent'").await;
    let check = async |key: &str, path: &str, status: u16, code: &str| {
        let answer = town.tracked(key, path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["error"]["code"].as_str()),
            (status, Some(code)),
            "{path}"
        );
    };
    check(&town.idx, &delta, 410, "delta_gone").await;
    check(&town.key, &delta.replace("Kent", "Seattle"), 410, "delta_gone").await;
    check(&town.key, "/odata/Property?$deltatoken=ffffffffffff-0", 410, "delta_gone").await;
    check(&town.key, "/odata/Property?$deltatoken=nonsense", 400, "bad_token").await;
    check(&town.key, "/odata/EntityEvent?$deltatoken=1-1", 501, "not_supported").await;
    for untracked in [
        "$expand=Media",
        "$top=5",
        "$filter=ListAgent/MemberFirstName eq 'Ada'",
        "$filter=ModificationTimestamp lt now()",
    ] {
        let answer = town.tracked(&town.key, &format!("/odata/Property?{untracked}")).await;
        assert_eq!(answer.status, 200);
        assert!(!answer.header("preference-applied").contains("track"), "{untracked}");
        assert!(!answer.body.contains("deltaLink") && !answer.body.contains("deltatoken"), "{untracked}");
    }
}

/// RESO-044: everything, with the next page in a header as in the body.
#[tokio::test]
async fn reso_044_replication_walks_everything_by_header() {
    let town = Town::build().await;
    for (resource, key, records) in
        [("Property", "ListingKey", LISTINGS), ("Member", "MemberKey", 4), ("Media", "MediaKey", 30)]
    {
        let mut path = format!("/odata/{resource}/replication?$top=7&$select={key},ModificationTimestamp");
        let mut keys = Vec::new();
        loop {
            let answer = town.get(&path).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            let page = answer.json();
            let told = page["value"].as_array().unwrap();
            assert!(told.len() <= 7);
            keys.extend(told.iter().map(|record| record[key].as_str().unwrap().to_owned()));
            assert_eq!(page["@odata.nextLink"].as_str().unwrap_or_default(), answer.header("next"));
            let Some(next) = answer.header("next").strip_prefix(ROOT) else { break };
            path = next.to_owned();
        }
        let told = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!((keys.len(), told), (records, records), "{resource}");
    }
    let plain = town.get("/odata/Property?$top=30").await;
    assert_eq!(plain.header("next"), "", "only who asks so is told so");
    let events = town.get("/odata/EntityEvent/replication?$top=5").await;
    assert!(events.header("next").contains("/EntityEvent/replication?"));
    let wrong = town.get("/odata/Property/replication?$orderby=City").await;
    assert_eq!(wrong.status, 400);
}
