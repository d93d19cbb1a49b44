//! The RESO door over HTTP, against the same server handing out the same bytes ready-made.

use std::net::SocketAddr;
use std::time::Instant;

use anyhow::Result;
use axum::Router;
use dictionary::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::client::{Client, Question, load};
use crate::pictures;
use crate::questions::{ASKED, Filters};
use crate::ready::{self, Ready};
use crate::report::{Figure, Report, Target, Times};
use crate::town::{NOW, Town};

/// The twenty fields of the question.
pub(crate) const SELECT: &str = "ListingKey,ListingId,ListPrice,StandardStatus,BedroomsTotal,\
    BathroomsTotalInteger,LivingArea,City,StateOrProvince,PostalCode,UnparsedAddress,Latitude,Longitude,YearBuilt,\
    PropertyType,PropertySubType,ListAgentKey,ListOfficeKey,OnMarketDate,ModificationTimestamp";

const GZIP: &str = "Accept-Encoding: gzip\r\n";

/// A server of the doors, and of bytes that are ready.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) ready: watch::Sender<Ready>,
}

impl Server {
    pub(crate) async fn start(town: &Town) -> Result<Self> {
        Self::start_at(town, || NOW).await
    }

    /// A server whose doors look at this clock.
    pub(crate) async fn start_at(town: &Town, clock: fn() -> Timestamp) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        // Next links lead here.
        let settings =
            reso_door::Settings { public_url: format!("http://{address}"), ..reso_door::Settings::default() };
        let door = reso_door::Door::new(
            town.dictionary.clone(),
            town.gate.clone(),
            town.search.clone(),
            town.store.clone(),
            clock,
            settings,
        );
        let partner = partner_door::Door::new(
            town.dictionary.clone(),
            town.gate.clone(),
            town.search.clone(),
            town.store.clone(),
            clock,
            partner_door::Settings::default(),
        );
        let (ready, receiver) = watch::channel(Ready::default());
        let routes =
            Router::new().route(ready::ROUTE, ready::hand_out(receiver)).merge(reso_door::router(door));
        let routes = routes.merge(partner_door::router(partner));
        tokio::spawn(axum::serve(listener, routes).into_future());
        Ok(Self { address, ready })
    }
}

/// A kind of question: its name, the path of the `n`th, a header, and the share of ready-made that is asked.
type Kind = (&'static str, fn(u64) -> String, &'static str, Target);

const KINDS: [Kind; 3] = [
    ("GET /Property, filter, newest 200, 20 fields", twenty, "", Target::AtLeast(0.5)),
    ("GET /Property, filter, newest 200, 20 fields, gzip", twenty, GZIP, Target::Open),
    ("GET /Property, filter, newest 100, whole records", whole, "", Target::AtLeast(0.5)),
];

/// How many homes each city has.
const BY_CITY: &str = "/odata/Property?$apply=groupby((City),aggregate($count%20as%20Homes))&$top=10";
/// How often that is asked, one after the other.
const TIMES: usize = 50;

pub(crate) async fn run(report: &mut Report, town: &Town) -> Result<()> {
    let server = Server::start(town).await?;
    let mut one = Client::connect(server.address, &town.authorization()).await?;
    for (what, path, header, least) in KINDS {
        let questions: Vec<Question> = (0..ASKED).map(|n| Question::Get(path(n))).collect();
        let ready = Ready::gather(&mut one, &questions, header).await?;
        server.ready.send_replace(ready.clone());
        let asked = load(server.address, &town.authorization(), &questions, header).await?;
        report.add(what, asked.figure, Target::Open);
        let made = load(server.address, &town.authorization(), &ready.questions(), header).await?;
        report.add(format!("{what}: the same bytes ready-made"), made.figure, Target::Open);
        let size = Figure::Amount(ready.kilobytes(), "kB");
        report.add(format!("{what}: size of the answer"), size, Target::Open);
        let share = Figure::Ratio(asked.rate / made.rate);
        report.add(format!("{what}: requests/s, share of ready-made"), share, least);
        let share = Figure::Ratio(made.processor / asked.processor);
        report.add(format!("{what}: processor time, ready-made as a share"), share, least);
    }
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let began = Instant::now();
        one.get(BY_CITY, "").await?;
        times.push(began.elapsed());
    }
    report.add(
        "$apply=groupby((City),aggregate($count as Homes))",
        Figure::Time(Times::of(times)),
        Target::AtMost(20_000.0),
    );
    pictures::run(report, town, &server).await
}

fn twenty(n: u64) -> String {
    newest(n, 200, &format!("&$select={SELECT}"))
}

pub(crate) fn whole(n: u64) -> String {
    newest(n, 100, "")
}

fn newest(n: u64, top: u32, more: &str) -> String {
    let Filters { low, high, beds, .. } = Filters::of(n);
    format!(
        "/odata/Property?$filter=ListPrice%20ge%20{low}%20and%20ListPrice%20le%20{high}%20and%20BedroomsTotal%20ge%20\
         {beds}%20and%20StandardStatus%20eq%20'Active'&$orderby=ModificationTimestamp%20desc&$top={top}{more}"
    )
}
