//! The questions of a listing site, asked of whoever can answer them: the answer is JSON, ready to send.
//!
//! Each peer is asked the same questions, one after the other on one connection, so that what is compared
//! is how long a visitor waits. Another peer is another line in [`run`].

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::client::Client;
use crate::http::{SELECT, Server};
use crate::partner_door::PartnerDoor;
use crate::postgis::{PostGis, Shape};
use crate::questions::{Filters, MILE, MILES, PHRASE, middle, ring};
use crate::ready::{self, Ready};
use crate::report::{Figure, Report, Target, Times};
use crate::town::{Town, tend};

/// Questions of each kind at most, and how long at most they may take.
const ASKED: u64 = 100;
const LONGEST: Duration = Duration::from_secs(10);

/// A kind of question; each is asked with other numbers each time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// Price, beds, status and city, the newest 200, 20 fields.
    Newest,
    /// Price, beds and status, the cheapest 200, 20 fields.
    ByPrice,
    /// Five corners with price, beds and status, the newest 200.
    Polygon,
    /// Ten miles around a place with price, beds and status, the newest 200.
    Radius,
    /// A phrase in the remarks with price, beds and status, the newest 200.
    Phrase,
    /// 200 whole records after a timestamp and a key: a page of a copy that is kept up to date.
    Sync,
    /// One whole record by its key.
    Detail,
}

impl Kind {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Newest, "four filters, newest 200"),
        (Self::ByPrice, "three filters, by price, 200"),
        (Self::Polygon, "polygon + three filters, newest 200"),
        (Self::Radius, "ten miles around + three filters, newest 200"),
        (Self::Phrase, "phrase in remarks + three filters, newest 200"),
        (Self::Sync, "sync page of 200 whole records"),
        (Self::Detail, "one whole record"),
    ];
}

/// Whoever answers the questions of a listing site.
pub(crate) trait Peer {
    /// What the report calls it.
    fn name(&self) -> &'static str;

    /// What stands in each record of its answers, and nowhere else in them.
    fn mark(&self) -> &'static str {
        "\"ListingKey\""
    }

    /// Asks the `n`th question of a kind; the JSON of the answer's records.
    async fn ask(&mut self, kind: Kind, n: u64) -> Result<String>;
}

/// Asks everyone everything; with `only`, the doors alone, and the questions with this word in their name.
pub(crate) async fn run(report: &mut Report, town: &Town, size: u64, only: Option<&str>) -> Result<()> {
    let server = Server::start(town).await?;
    let mut reso = ResoDoor { client: Client::connect(server.address, &town.authorization()).await?, size };
    let mut partner = PartnerDoor::connect(server.address, town, size).await?;
    let mut ready = ReadyMade { client: Client::connect(server.address, "").await? };
    let mut postgis = match only {
        None => Some(PostGis::start(report, town, size).await?),
        Some(_) => None,
    };
    for (kind, what) in Kind::ALL.into_iter().filter(|(_, what)| only.is_none_or(|only| what.contains(only)))
    {
        // What a first question makes the index put in order is there for the others.
        reso.ask(kind, 0).await?;
        partner.ask(kind, 0).await?;
        tend(&town.search).await?;
        let ours = both(report, &mut reso, kind, what).await?;
        let partners = both(report, &mut partner, kind, what).await?;
        if only.is_some() {
            // For a profiler: questions that are new for long enough.
            for n in 0..20 * ASKED {
                partner.ask(kind, 1 + ASKED + n).await?;
            }
        }
        let mut bodies = Vec::new();
        for n in 0..=ASKED {
            bodies.push(partner.ask(kind, n).await?.into());
        }
        server.ready.send_replace(Ready::of(bodies));
        let bytes = timed(&mut ready, kind).await?;
        report.add(format!("{}: {what}", ready.name()), Figure::Time(bytes.times), Target::Open);
        let Some(postgis) = &mut postgis else { continue };
        // Whole records are asked for in one way, and are not counted.
        let whole = matches!(kind, Kind::Sync | Kind::Detail);
        postgis.shape = Shape::Fields;
        let theirs = timed(postgis, kind).await?;
        let told = if whole { "" } else { ", 20 fields" };
        report.add(format!("{}: {what}{told}", postgis.name()), Figure::Time(theirs.times), Target::Open);
        // A sphere and a spheroid, a letter and its capital: a few records may be found by one alone. More
        // than a few would be another question.
        if ours.again.records.abs_diff(theirs.records) * 50 > ours.again.records {
            eprintln!(
                "{what}: {} found {} records in its first five answers, {} {}",
                reso.name(),
                ours.again.records,
                postgis.name(),
                theirs.records
            );
        }
        let counted = if whole {
            theirs
        } else {
            postgis.shape = Shape::Summaries;
            let counted = timed(postgis, kind).await?;
            let such = format!("{}: {what}, what a summary is made of, and how many", postgis.name());
            report.add(such, Figure::Time(counted.times), Target::Open);
            counted
        };
        let mut times_faster = |who: &str, theirs: &Asked, than: &Asked, target| {
            let ratio = theirs.times.median.as_secs_f64() / than.times.median.as_secs_f64();
            report.add(format!("{what}: {who}, as times faster"), Figure::Ratio(ratio), target);
        };
        let least = Target::AtLeast(if kind == Kind::Sync { 20.0 } else { 50.0 });
        times_faster("partner door, asked for the first time", &counted, &partners.first, least);
        times_faster("partner door", &counted, &partners.again, least);
        times_faster("that answer ready-made", &counted, &bytes, Target::Open);
        times_faster("RESO door, asked for the first time", &theirs, &ours.first, Target::AtLeast(1.0));
        times_faster("RESO door", &theirs, &ours.again, Target::AtLeast(1.0));
    }
    Ok(())
}

/// How long a kind of question takes, and how many records were found in its first five answers.
#[derive(Clone, Copy)]
struct Asked {
    times: Times,
    records: u64,
}

/// What a door takes for what it has not been asked yet, and for the same questions after.
struct Both {
    first: Asked,
    again: Asked,
}

async fn both(report: &mut Report, door: &mut impl Peer, kind: Kind, what: &str) -> Result<Both> {
    let first = timed(door, kind).await?;
    let again = timed(door, kind).await?;
    let name = door.name();
    report.add(format!("{name}: {what}, for the first time"), Figure::Time(first.times), Target::Open);
    report.add(format!("{name}: {what}"), Figure::Time(again.times), Target::Open);
    Ok(Both { first, again })
}

async fn timed(peer: &mut impl Peer, kind: Kind) -> Result<Asked> {
    let (mut times, mut records) = (Vec::new(), 0);
    // One question is asked unmeasured: plans are made on both sides.
    peer.ask(kind, 0).await?;
    let started = Instant::now();
    for n in 1..=ASKED {
        let began = Instant::now();
        let answer = peer.ask(kind, n).await?;
        times.push(began.elapsed());
        // The first ones are asked of everybody, however slow.
        if n <= 5 {
            records += answer.matches(peer.mark()).count() as u64;
        } else if started.elapsed() > LONGEST {
            break;
        }
    }
    Ok(Asked { times: Times::of(times), records })
}

/// The same server handing out an answer that is there: what the way to the client takes by itself.
struct ReadyMade {
    client: Client,
}

impl Peer for ReadyMade {
    fn name(&self) -> &'static str {
        "the partner door's answer ready-made (HTTP)"
    }

    async fn ask(&mut self, _: Kind, n: u64) -> Result<String> {
        let path = ready::path(usize::try_from(n)?);
        Ok(String::from_utf8(self.client.get(&path, "").await?.to_vec())?)
    }
}

/// The RESO door over HTTP.
struct ResoDoor {
    client: Client,
    size: u64,
}

impl Peer for ResoDoor {
    fn name(&self) -> &'static str {
        "Freehold (RESO door, HTTP)"
    }

    async fn ask(&mut self, kind: Kind, n: u64) -> Result<String> {
        let path = path(kind, n, self.size).replace(' ', "%20");
        Ok(String::from_utf8(self.client.get(&path, "").await?.to_vec())?)
    }
}

fn path(kind: Kind, n: u64, size: u64) -> String {
    let Filters { low, high, beds, city } = Filters::of(n);
    let filter = format!(
        "ListPrice ge {low} and ListPrice le {high} and BedroomsTotal ge {beds} and StandardStatus eq 'Active'"
    );
    let page = |more: &str, order: &str| {
        format!("/odata/Property?$filter={filter}{more}&$orderby={order}&$top=200&$select={SELECT}")
    };
    let newest = "ModificationTimestamp desc";
    match kind {
        Kind::Newest => page(&format!(" and City eq '{city}'"), newest),
        Kind::ByPrice => page("", "ListPrice"),
        Kind::Polygon => {
            let corners: Vec<String> = ring(n).iter().map(|(x, y)| format!("{x} {y}")).collect();
            let area = format!("geography'SRID=4326;POLYGON(({}))'", corners.join(","));
            page(&format!(" and geo.intersects(Coordinates,{area})"), newest)
        }
        Kind::Radius => {
            let (x, y) = middle(n);
            let meters = MILES * MILE;
            let distance = format!("geo.distance(Coordinates,geography'SRID=4326;POINT({x} {y})')");
            page(&format!(" and {distance} le {meters}"), newest)
        }
        Kind::Phrase => page(&format!(" and contains(PublicRemarks,'{PHRASE}')"), newest),
        Kind::Sync => {
            let (at, key) = (sync_from(n), "CR0");
            format!(
                "/odata/Property?$filter=ModificationTimestamp gt {at} or (ModificationTimestamp eq {at} and \
                 ListingKey gt '{key}')&$top=200"
            )
        }
        Kind::Detail => format!("/odata/Property('{}')", detail(n, size)),
    }
}

/// Where the `n`th page of a sync begins.
pub(crate) fn sync_from(n: u64) -> String {
    format!("2025-{:02}-{:02}T00:00:00Z", 1 + n % 12, 1 + n % 28)
}

/// Which of the crowd's listings the `n`th is that is looked at.
pub(crate) fn looked_at(n: u64, size: u64) -> u64 {
    n * 7_919 % size
}

/// Its key.
pub(crate) fn detail(n: u64, size: u64) -> String {
    format!("CR{}", looked_at(n, size))
}
