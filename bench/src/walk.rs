//! A copy kept by SyncListings while others write: every page of a walk, then the walks that catch up. No
//! listing may be missed or come twice, and in the end the copy holds what the record holds; a run that
//! finds otherwise ends with an error.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use dictionary::{Decimal, Fields as _, Key, Timestamp, Value, ValueRef};
use query::{Query, Scope};
use sample::crowd;
use store::{Batch, Operation};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::client::Client;
use crate::http::Server;
use crate::partner_door::{ROOT, signed};
use crate::report::{Figure, Report, Target, Times};
use crate::town::{NOW, Town};

/// Changes a second, each in a commit of its own.
const CHANGES: u32 = 100;
/// Walks that catch up while others write; one more follows when they have stopped.
const CATCHING_UP: usize = 3;

/// What time it is while somebody writes: as long after [`NOW`] as this moment is after 1970, so that it
/// goes on from run to run over a town that is kept.
fn clock() -> Timestamp {
    let since = testkit::real_time().duration_since(Timestamp::UNIX_EPOCH);
    NOW.checked_add(since).expect("some decades after now there is still a calendar")
}

/// What a client keeps of a listing.
type Copy = HashMap<String, String>;

/// Walks over everything beside a writer, and holds the sets against each other.
pub(crate) async fn run(report: &mut Report, town: &Town) -> Result<()> {
    let server = Server::start_at(town, clock).await?;
    let mut client = Client::connect(server.address, "").await?;
    let (stop, stopping) = watch::channel(false);
    let before: HashSet<String> = record(town)?.into_keys().collect();
    let writing = write(town, &before, stopping);

    let mut copy = Copy::new();
    let began = Instant::now();
    let walk = Walk::over(&mut client, town, "2000-01-01", &mut copy).await?;
    let took = began.elapsed();
    let mut to = walk.to.clone();
    let mut pages = walk.times.len();
    for _ in 0..CATCHING_UP {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let next = Walk::over(&mut client, town, &to, &mut copy).await?;
        (to, pages) = (next.to, pages + next.times.len());
    }
    stop.send_replace(true);
    let written = writing.await??;
    let during = began.elapsed().as_secs_f64();
    Walk::over(&mut client, town, &to, &mut copy).await?;

    let missed =
        before.iter().filter(|id| !written.removed.contains(*id) && !walk.seen.contains(*id)).count();
    let what = format!("walk of {} pages of SyncListings beside a writer", walk.times.len());
    let rate = walk.seen.len() as f64 / took.as_secs_f64();
    report.add(&what, Figure::Rate(rate, "listings", None), Target::Open);
    let writes = Figure::Rate(written.changes as f64 / during, "changes", None);
    report.add(format!("{what}: changes meanwhile"), writes, Target::AtLeast(f64::from(CHANGES) * 0.9));
    report.add(format!("{what}: a page"), Figure::Time(Times::of(walk.times)), Target::Open);
    let none = |number: usize| (Figure::Amount(number as f64, "listings"), Target::AtMost(0.0));
    for (of, number) in [("missed", missed), ("came twice", walk.twice)] {
        let (figure, target) = none(number);
        report.add(format!("{what}: {of}"), figure, target);
    }
    let truth = record(town)?;
    let others = truth.iter().filter(|(id, price)| copy.get(*id) != Some(price)).count()
        + copy.keys().filter(|id| !truth.contains_key(*id)).count();
    let (figure, target) = none(others);
    report.add(format!("{what}: unlike the record once caught up ({pages} pages)"), figure, target);
    ensure!(missed + walk.twice + others == 0, "a copy that is kept by walks is not what the record holds");
    Ok(())
}

/// A walk over all pages of a window.
struct Walk {
    /// Until when it tells of changes: where the next one begins.
    to: String,
    seen: HashSet<String>,
    twice: usize,
    times: Vec<Duration>,
}

impl Walk {
    /// Walks from an instant on, and brings the copy up to date.
    async fn over(client: &mut Client, town: &Town, from: &str, copy: &mut Copy) -> Result<Self> {
        let (mut page, mut to) = (1_u64, String::new());
        let mut walk = Self { to: String::new(), seen: HashSet::new(), twice: 0, times: Vec::new() };
        loop {
            let path = format!("{ROOT}/SyncListings?FromUpdatedDate={from}&Page={page}{to}");
            client.signs(&signed(&town.client, &town.partner_key, clock()));
            let began = Instant::now();
            let body = std::str::from_utf8(client.get(&path, "").await?)?;
            walk.times.push(began.elapsed());
            for listing in body.split("{\"FeedId\":").skip(1) {
                walk.take(listing, copy)?;
            }
            let next = member(&body[body.len().saturating_sub(100)..], "NextPage");
            let next = next.and_then(|next| next.parse().ok());
            if page == 1 {
                walk.to = client.header("x-to-date").context("an answer that does not say until when")?;
                to = format!("&ToUpdatedDate={}", walk.to);
            }
            let Some(next) = next else { return Ok(walk) };
            page = next;
        }
    }

    /// Takes in one listing of a page.
    fn take(&mut self, listing: &str, copy: &mut Copy) -> Result<()> {
        let id =
            member(listing, "ListingId").context("a listing without an id")?.trim_matches('"').to_owned();
        if member(listing, "ListingStatus") == Some("\"Deleted\"") {
            copy.remove(&id);
        } else {
            let price = member(listing, "Price").context("a listing without a price")?;
            copy.insert(id.clone(), price.to_owned());
        }
        self.twice += usize::from(!self.seen.insert(id));
        Ok(())
    }
}

/// The first value under a name, as it is written: no JSON is read, so that what is measured is the server.
fn member<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = json.split_once(&format!("\"{name}\":"))?;
    rest.split([',', '}']).next()
}

/// What the record holds: every listing's price by its id, as the API writes them.
fn record(town: &Town) -> Result<Copy> {
    let property = town.dictionary.known("Property");
    let [id, price] = ["ListingId", "ListPrice"].map(|name| property.find(name).expect("RESO has it"));
    let reader = town.search.read();
    let all = Query { page_size: u32::MAX, ..Query::all(property.id) };
    let rows = reader.page(&all, &Scope::everything(), clock())?.rows;
    let told = |row: &search::Row| {
        let view = reader.view(property.id, *row);
        let Some(ValueRef::Text(id)) = view.look(id) else { return None };
        let price = match view.look(price) {
            Some(ValueRef::Decimal(price)) => whole(price).to_string(),
            _ => "null".to_owned(),
        };
        Some((id.to_owned(), price))
    };
    Ok(rows.iter().filter_map(told).collect())
}

/// A price in whole dollars, half a dollar rounded up.
fn whole(price: Decimal) -> Decimal {
    (price + Decimal::new(5, 1)).floor()
}

/// What a writer has done.
#[derive(Default)]
struct Written {
    changes: u64,
    removed: HashSet<String>,
}

/// Changes prices, and now and then adds a listing or removes one, until it is told to stop.
fn write(
    town: &Town,
    before: &HashSet<String>,
    stopping: watch::Receiver<bool>,
) -> JoinHandle<Result<Written>> {
    let (store, dictionary, search) = (town.store.clone(), Arc::clone(&town.dictionary), town.search.clone());
    let size = before.len() as u64;
    tokio::spawn(async move {
        let property = dictionary.known("Property");
        let field = |name: &str| property.find(name).expect("RESO has it");
        let (key_of, id_of, price_of) = (field("ListingKey"), field("ListingId"), field("ListPrice"));
        let mut pace = tokio::time::interval(Duration::from_secs(1) / CHANGES);
        let mut written = Written::default();
        for n in 0_u64.. {
            pace.tick().await;
            if *stopping.borrow() {
                break;
            }
            let key = Key::from(format!("CR{}", n * 7_919 % size));
            let Some(kept) = store.get(property.id, &key).await? else { continue };
            let mut record = (*kept.record).clone();
            record.set(price_of, Value::Decimal(Decimal::from(100_000 + n)));
            let operation = match n % 20 {
                // Of twenty, one is new and one goes.
                9 => {
                    let new = format!("{key}-{n}-{}", std::process::id());
                    record.set(key_of, Value::from(new.as_str()));
                    record.set(id_of, Value::from(new.as_str()));
                    Operation::put(crowd::FEED, record)
                }
                19 => {
                    let id = record.get(id_of).and_then(Value::as_text).unwrap_or_default();
                    written.removed.insert(id.to_owned());
                    Operation::remove(property.id, key)
                }
                _ => Operation::put(crowd::FEED, record),
            };
            let mut batch = Batch::new("walk", clock());
            batch.operations.push(operation);
            store.write(batch).await?;
            written.changes += 1;
        }
        let head = store.head().await?;
        search.watch().wait_for(|applied| *applied >= head).await?;
        Ok(written)
    })
}
