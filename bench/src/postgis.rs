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

/// A server with the crowd in it.
pub(crate) struct PostGis {
    client: tokio_postgres::Client,
    prepared: Vec<(Kind, Statement)>,
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
            prepared.push((kind, client.prepare(&question(kind, &columns)).await?));
        }
        Ok(Self { client, prepared, size, _server: server })
    }
}

/// A question as a statement that gives one row with one JSON text.
fn question(kind: Kind, columns: &[columns::Column]) -> String {
    const FILTER: &str = "\"ListPrice\" BETWEEN $1::bigint AND $2::bigint AND \"BedroomsTotal\" >= $3::bigint AND \"StandardStatus\" = 'Active'";
    let quoted =
        |names: Vec<&str>| names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",");
    let twenty = quoted(SELECT.split(',').map(str::trim).collect());
    let all = quoted(columns.iter().map(|column| column.name.as_str()).collect());
    let json = |select: &str, rest: &str| {
        format!("SELECT coalesce(json_agg(t), '[]')::text FROM (SELECT {select} FROM listing WHERE {rest}) t")
    };
    let newest = "ORDER BY \"ModificationTimestamp\" DESC, \"ListingKey\" LIMIT 200";
    match kind {
        Kind::Newest => json(&twenty, &format!("{FILTER} AND \"City\" = $4::text {newest}")),
        Kind::ByPrice => json(&twenty, &format!("{FILTER} ORDER BY \"ListPrice\", \"ListingKey\" LIMIT 200")),
        Kind::Polygon => json(
            &twenty,
            &format!("{FILTER} AND ST_Intersects(place::geometry, ST_GeomFromText($4::text, 4326)) {newest}"),
        ),
        Kind::Radius => json(
            &twenty,
            &format!(
                "{FILTER} AND ST_DWithin(place, ST_SetSRID(ST_MakePoint($4::float8, $5::float8), 4326)::geography, \
                 $6::float8) {newest}"
            ),
        ),
        Kind::Phrase => {
            json(&twenty, &format!("{FILTER} AND words @@ phraseto_tsquery('simple', $4::text) {newest}"))
        }
        Kind::Sync => json(
            &all,
            "(\"ModificationTimestamp\", \"ListingKey\") > ($1::text::timestamptz, $2::text) \
             ORDER BY \"ModificationTimestamp\", \"ListingKey\" LIMIT 200",
        ),
        Kind::Detail => json(&all, "\"ListingKey\" = $1::text"),
    }
}

impl Peer for PostGis {
    fn name(&self) -> &'static str {
        "PostgreSQL + PostGIS"
    }

    async fn ask(&mut self, kind: Kind, n: u64) -> Result<String> {
        let (_, statement) =
            self.prepared.iter().find(|(known, _)| *known == kind).context("every kind is prepared")?;
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
