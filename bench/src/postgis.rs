//! The same listings in PostgreSQL with PostGIS, as a team that knows both would keep them.
//!
//! A column for every field that the crowd fills, a geography, a text vector that is kept with the row, and
//! the indexes that the questions ask for. The JSON is assembled in SQL, so that what is measured is what a
//! web server would hand through. What is searched, sorted and shown is what Freehold searches, sorts and
//! shows.

mod columns;
mod load;

use anyhow::{Context, Result};
use testkit::postgres::Server;
use tokio_postgres::{NoTls, Statement};

use crate::http::SELECT;
use crate::partner::{Kind, Peer, detail, sync_from};
use crate::questions::{Filters, MILE, MILES, PHRASE, middle, ring};
use crate::report::Report;
use crate::town::Town;

/// What an administrator sets on a machine like this one: a quarter of the memory for pages, plans for a
/// disk without a seek, a core a question.
const SETTINGS: [(&str, &str); 6] = [
    ("shared_buffers", "4GB"),
    ("effective_cache_size", "12GB"),
    ("work_mem", "64MB"),
    ("maintenance_work_mem", "1GB"),
    ("random_page_cost", "1.1"),
    ("max_wal_size", "8GB"),
];

/// What a summary of the partner door is made of, as far as the crowd fills it.
const SUMMARY: &str = "ListingId,Latitude,Longitude,ListPrice,PropertyType,PropertySubType,ArchitecturalStyle,View,\
    MlsStatus,StandardStatus,StreetNumber,StreetDirPrefix,StreetName,StreetSuffix,StreetDirSuffix,UnparsedAddress,UnitNumber,\
    City,StateOrProvince,PostalCode,BedroomsTotal,BathroomsFull,BathroomsHalf,BathroomsThreeQuarter,BathroomsOneQuarter,\
    BathroomsTotalInteger,LivingArea,LivingAreaUnits,ListAgentMlsId,ListAgentFullName,ListOfficeName,ListOfficeMlsId,\
    ListOfficePhone,InternetEntireListingDisplayYN,InternetAddressDisplayYN,PhotosCount,VirtualTourURLUnbranded,\
    InternetConsumerCommentYN,PublicRemarks,SpecialListingConditions,CloseDate,ListingContractDate,OnMarketDate,\
    ModificationTimestamp,StatusChangeTimestamp,PhotosChangeTimestamp,DaysOnMarket,ClosePrice";

/// What is told of what was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shape {
    /// The twenty fields that the RESO door is asked for.
    Fields,
    /// What the partner door tells: what a summary is made of, and how many there are in all (`X-Total-Count`).
    /// Agents, offices, media and open houses would be joined to it.
    Summaries,
}

/// A server with the crowd in it.
pub(crate) struct PostGis {
    client: tokio_postgres::Client,
    prepared: Vec<(Kind, Shape, Statement)>,
    /// What it is asked to tell.
    pub(crate) shape: Shape,
    size: u64,
    _server: Server,
}

impl PostGis {
    /// Starts a server and loads `size` listings. PostGIS is installed from Debian's packages where it is
    /// missing.
    pub(crate) async fn start(report: &mut Report, town: &Town, size: u64) -> Result<Self> {
        load::install()?;
        let server = Server::start_with(&SETTINGS);
        let (client, connection) = tokio_postgres::connect(&server.url("postgres"), NoTls).await?;
        tokio::spawn(connection);
        client
            .batch_execute("CREATE EXTENSION postgis")
            .await
            .context("PostGIS is installed and does not load")?;
        let columns = load::fill(report, &client, town, size).await?;
        let mut prepared = Vec::new();
        for kind in
            [Kind::Newest, Kind::ByPrice, Kind::Polygon, Kind::Radius, Kind::Phrase, Kind::Sync, Kind::Detail]
        {
            for shape in [Shape::Fields, Shape::Summaries] {
                prepared.push((kind, shape, client.prepare(&question(kind, shape, &columns)).await?));
            }
        }
        Ok(Self { client, prepared, shape: Shape::Fields, size, _server: server })
    }
}

/// A question as a statement that gives one row with one JSON text.
fn question(kind: Kind, shape: Shape, columns: &[columns::Column]) -> String {
    const FILTER: &str = "\"ListPrice\" BETWEEN $1::bigint AND $2::bigint AND \"BedroomsTotal\" >= $3::bigint AND \"StandardStatus\" = 'Active'";
    let quoted =
        |names: &[&str]| names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",");
    let known: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let told = match (kind, shape) {
        (Kind::Sync | Kind::Detail, _) => known.clone(),
        (_, Shape::Fields) => SELECT.split(',').map(str::trim).collect(),
        (_, Shape::Summaries) => SUMMARY.split(',').filter(|name| known.contains(name)).collect(),
    };
    let rows = |filter: &str, order: &str| {
        let found = format!("SELECT {} FROM listing WHERE {filter} {order}", quoted(&told));
        format!("coalesce((SELECT json_agg(t) FROM ({found}) t), '[]')::text")
    };
    let search = |more: &str, order: &str| {
        let filter = format!("{FILTER}{more}");
        let page = rows(&filter, &format!("ORDER BY {order}, \"ListingKey\" LIMIT 200"));
        match shape {
            Shape::Fields => format!("SELECT {page}"),
            Shape::Summaries => {
                format!("SELECT {page}, (SELECT count(*) FROM listing WHERE {filter}) AS total")
            }
        }
    };
    let newest = "\"ModificationTimestamp\" DESC";
    match kind {
        Kind::Newest => search(" AND \"City\" = $4::text", newest),
        Kind::ByPrice => search("", "\"ListPrice\""),
        Kind::Polygon => {
            search(" AND ST_Intersects(place::geometry, ST_GeomFromText($4::text, 4326))", newest)
        }
        Kind::Radius => {
            let middle = "ST_SetSRID(ST_MakePoint($4::float8, $5::float8), 4326)::geography";
            search(&format!(" AND ST_DWithin(place, {middle}, $6::float8)"), newest)
        }
        Kind::Phrase => search(" AND words @@ phraseto_tsquery('simple', $4::text)", newest),
        Kind::Sync => {
            let after = "(\"ModificationTimestamp\", \"ListingKey\") > ($1::text::timestamptz, $2::text)";
            let order = "ORDER BY \"ModificationTimestamp\", \"ListingKey\" LIMIT 200";
            format!("SELECT {}", rows(after, order))
        }
        Kind::Detail => format!("SELECT {}", rows("\"ListingKey\" = $1::text", "")),
    }
}

impl Peer for PostGis {
    fn name(&self) -> &'static str {
        "PostgreSQL + PostGIS"
    }

    async fn ask(&mut self, kind: Kind, n: u64) -> Result<String> {
        let asked = (kind, self.shape);
        let (.., statement) = self
            .prepared
            .iter()
            .find(|(kind, shape, _)| (*kind, *shape) == asked)
            .context("every kind is prepared")?;
        let Filters { low, high, beds, city } = Filters::of(n);
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let (low, high, beds) = (number(low), number(high), number(beds));
        let client = &self.client;
        let row = match kind {
            Kind::Newest => client.query_one(statement, &[&low, &high, &beds, &city]).await,
            Kind::ByPrice => client.query_one(statement, &[&low, &high, &beds]).await,
            Kind::Polygon => {
                let corners: Vec<String> = ring(n).iter().map(|(x, y)| format!("{x} {y}")).collect();
                let area = format!("POLYGON(({}))", corners.join(","));
                client.query_one(statement, &[&low, &high, &beds, &area]).await
            }
            Kind::Radius => {
                let (x, y) = middle(n);
                client.query_one(statement, &[&low, &high, &beds, &x, &y, &(MILES * MILE)]).await
            }
            Kind::Phrase => client.query_one(statement, &[&low, &high, &beds, &PHRASE]).await,
            Kind::Sync => client.query_one(statement, &[&sync_from(n), &"CR0"]).await,
            Kind::Detail => client.query_one(statement, &[&detail(n, self.size)]).await,
        };
        Ok(row.with_context(|| format!("{kind:?}"))?.get(0))
    }
}
