//! The partner door over HTTP: as one who answers the questions of a listing site, and against the same
//! server handing out the same bytes ready-made.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Result;
use dictionary::Timestamp;
use md5::{Digest as _, Md5};
use sample::crowd;

use crate::client::{Client, Question, load};
use crate::http::Server;
use crate::partner::{Kind, Peer, looked_at};
use crate::questions::{ASKED, Filters, MILES, PHRASE, middle, ring};
use crate::ready::Ready;
use crate::report::{Figure, Report, Target, Times};
use crate::town::{Town, tend};

/// The two header lines of a client at this instant.
pub(crate) fn signed(client: &str, key: &str, at: Timestamp) -> String {
    let stamp: String = at.to_string().chars().filter(char::is_ascii_digit).take(14).collect();
    let hash = Md5::digest(format!("{client} {key} x-ml-timestamp:{stamp}"));
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("ml-auth: client={client}&systemaccesskey={key}&signature={hash}\r\nx-ml-timestamp: {stamp}\r\n")
}

/// The partner door over HTTP.
pub(crate) struct PartnerDoor {
    client: Client,
    size: u64,
}

impl PartnerDoor {
    pub(crate) async fn connect(address: SocketAddr, town: &Town, size: u64) -> Result<Self> {
        Ok(Self { client: Client::connect(address, &town.signed).await?, size })
    }
}

impl Peer for PartnerDoor {
    fn name(&self) -> &'static str {
        "Freehold (partner door, HTTP)"
    }

    fn mark(&self) -> &'static str {
        "\"FeedId\""
    }

    async fn ask(&mut self, kind: Kind, n: u64) -> Result<String> {
        let answer = match kind {
            Kind::Sync => self.client.get(&sync(n), "").await?,
            Kind::Detail => {
                // As the crowd numbers its listings.
                let id = 10_000_000 + looked_at(n, self.size);
                let path = format!("{ROOT}/GetListingDetail?FeedId={}&ListingId={id}", crowd::FEED);
                self.client.get(&path, "").await?
            }
            searched => {
                let (endpoint, body) = search(searched, n);
                self.client.post(&format!("{ROOT}/{endpoint}"), &body, "").await?
            }
        };
        Ok(String::from_utf8(answer.to_vec())?)
    }
}

pub(crate) const ROOT: &str = "/services/partner";
/// How long pages are asked for that nobody has asked for before.
const NEVER_ASKED: Duration = Duration::from_secs(3);

/// The `n`th page of a walk, counted from 0.
fn sync(n: u64) -> String {
    format!("{ROOT}/SyncListings?FromUpdatedDate=2000-01-01&Page={}", 1 + n)
}

fn search(kind: Kind, n: u64) -> (&'static str, String) {
    let city = Filters::of(n).city;
    let (endpoint, more) = match kind {
        Kind::Newest => ("GetListingsByGeography", format!(r#","City":"{city}""#)),
        Kind::Polygon => {
            let corners: Vec<String> = ring(n).iter().map(|(x, y)| format!("{x} {y}")).collect();
            ("GetListingsByLocation", format!(r#","WktLocation":"POLYGON(({}))""#, corners.join(",")))
        }
        Kind::Radius => {
            let (x, y) = middle(n);
            ("GetListingsByLocation", format!(r#","WktLocation":"POINT({x} {y})","Distance":{MILES}"#))
        }
        Kind::Phrase => ("GetListings", format!(r#","Remarks":"{PHRASE}""#)),
        _ => ("GetListings", r#","SortBy":"Price""#.to_owned()),
    };
    (endpoint, filtered(n, &more))
}

/// The body of a search: three filters, and more members behind them.
fn filtered(n: u64, more: &str) -> String {
    let Filters { low, high, beds, .. } = Filters::of(n);
    let feed = crowd::FEED;
    format!(
        r#"{{"FeedIdList":["{feed}"],"StatusList":["Active"],"MinPrice":{low},"MaxPrice":{high},"Beds":{beds}{more}}}"#
    )
}

/// How many requests a second are answered, as a share of what the same bytes ready-made would be; of those with `only`
/// in their name alone.
pub(crate) async fn shares(report: &mut Report, town: &Town, only: Option<&str>) -> Result<()> {
    let server = Server::start(town).await?;
    let mut one = Client::connect(server.address, &town.signed).await?;
    let keys = format!("{ROOT}/SyncListings?FromUpdatedDate=2000-01-01&PageSize=50&Fields=ListingId");
    let known = String::from_utf8(one.get(&keys, "").await?.to_vec())?;
    let ids = known.split("\"ListingId\":\"").skip(1).filter_map(|rest| rest.split('"').next());
    let detail = |id| format!("{ROOT}/GetListingDetail?FeedId={}&ListingId={id}", crowd::FEED);
    let details: Vec<Question> = ids.map(|id| Question::Get(detail(id))).collect();
    // Page 1 makes the list that the others are of: it is measured by itself.
    let first = [Question::Get(sync(0))];
    let pages: Vec<Question> = (1..6).map(|n| Question::Get(sync(n))).collect();
    let search = |n| Question::Post(format!("{ROOT}/GetListings"), filtered(n, ""));
    let searches: Vec<Question> = (0..ASKED).map(search).collect();
    let gzip = "Accept-Encoding: gzip\r\n";
    let mut plain = None;
    // A search weighs its filters anew each time; the other two hand out what is kept.
    for (what, questions, header, least) in [
        ("SyncListings, page 1, which begins the walk", &first[..], "", Target::Open),
        ("SyncListings, 200 listings", &pages[..], "", Target::AtLeast(0.6)),
        ("SyncListings, 200 listings, gzip", &pages[..], gzip, Target::Open),
        ("GetListingDetail", &details[..], "", Target::AtLeast(0.6)),
        ("GetListings, three filters, newest 200", &searches[..], "", Target::AtLeast(0.4)),
    ] {
        if only.is_some_and(|only| !what.contains(only)) {
            continue;
        }
        // Every question once, so that what is kept is there.
        let ready = Ready::gather(&mut one, questions, header).await?;
        tend(&town.search).await?;
        server.ready.send_replace(ready.clone());
        let asked = load(server.address, &town.signed, questions, header).await?;
        report.add(what, asked.figure, Target::Open);
        let Times { median, p99 } = asked.times;
        let times = |of: Duration, other: Duration| Figure::Ratio(of.as_secs_f64() / other.as_secs_f64());
        report.add(format!("{what}: p99 as times the median"), times(p99, median), Target::AtMost(10.0));
        match plain.filter(|_| !header.is_empty()) {
            Some(plain) => {
                report.add(
                    format!("{what}: median as times the plain one"),
                    times(median, plain),
                    Target::AtMost(3.0),
                );
            }
            None => plain = Some(median),
        }
        let made = load(server.address, &town.signed, &ready.questions(), header).await?;
        report.add(format!("{what}: the same bytes ready-made"), made.figure, Target::Open);
        let size = Figure::Amount(ready.kilobytes(), "kB");
        report.add(format!("{what}: size of the answer"), size, Target::Open);
        report.add(format!("{what}: share of ready-made"), Figure::Ratio(asked.rate / made.rate), least);
        let processor = Figure::Ratio(made.processor / asked.processor);
        report.add(format!("{what}: processor time, ready-made as a share"), processor, least);
    }
    if only.is_some() {
        return Ok(());
    }
    // What nobody has asked for yet is written from the columns.
    let (began, mut times) = (Instant::now(), Vec::new());
    for n in (100..).take_while(|_| began.elapsed() < NEVER_ASKED) {
        let asked = Instant::now();
        one.get(&sync(n), "").await?;
        times.push(asked.elapsed());
    }
    report.add(
        "SyncListings, 200 listings that nobody has asked for yet",
        Figure::Time(Times::of(times)),
        Target::Open,
    );
    Ok(())
}
