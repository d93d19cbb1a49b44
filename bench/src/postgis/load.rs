//! Filling the table.

use std::pin::pin;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use dictionary::Record;
use futures_util::SinkExt;
use tokio_postgres::Client;

use super::columns::{self, Column};
use crate::report::{Figure, Report, Target};
use crate::town::{Town, crowd_of};

/// Debian's package, for the PostgreSQL of the same release.
const PACKAGE: &str = "postgresql-15-postgis-3";
/// Where it puts its control file.
const CONTROL: &str = "/usr/share/postgresql/15/extension/postgis.control";

/// Made after the rows are there, as anyone would who loads a million of them.
const INDEXES: &str = "\
    ALTER TABLE listing ADD PRIMARY KEY (\"ListingKey\");\
    CREATE INDEX ON listing (\"ModificationTimestamp\", \"ListingKey\");\
    CREATE INDEX ON listing (\"StandardStatus\", \"ModificationTimestamp\" DESC, \"ListingKey\");\
    CREATE INDEX ON listing (\"StandardStatus\", \"City\", \"ModificationTimestamp\" DESC, \"ListingKey\");\
    CREATE INDEX ON listing (\"StandardStatus\", \"ListPrice\", \"ListingKey\");\
    CREATE INDEX ON listing USING gist (place);\
    CREATE INDEX ON listing USING gist ((place::geometry));\
    CREATE INDEX ON listing USING gin (words);";

/// Installs PostGIS where it is missing and this is root on Debian.
pub(super) fn install() -> Result<()> {
    if std::path::Path::new(CONTROL).exists() {
        return Ok(());
    }
    eprintln!("installing {PACKAGE}");
    for words in [vec!["update", "-q"], vec!["install", "-y", "-q", "--no-install-recommends", PACKAGE]] {
        let run = Command::new("apt-get").args(&words).env("DEBIAN_FRONTEND", "noninteractive").output();
        let output = run.context("PostGIS is missing, and there is no apt-get to install it with")?;
        if !output.status.success() {
            bail!(
                "PostGIS is missing; `apt-get install {PACKAGE}` as root:\n{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }
    Ok(())
}

/// Makes the table, fills it with the crowd and makes its indexes.
pub(super) async fn fill(
    report: &mut Report,
    client: &Client,
    town: &Town,
    size: u64,
) -> Result<Vec<Column>> {
    let property = town.dictionary.known("Property");
    let mut made = crowd_of(&town.dictionary, size);
    let own = |records: Vec<Record>| -> Vec<Record> {
        records.into_iter().filter(|record| record.resource() == property.id).collect()
    };
    let mut first = Vec::new();
    while first.is_empty() {
        first = own(made.recv().await.context("the crowd has listings")?);
    }
    let columns = columns::filled(property, &first.iter().collect::<Vec<_>>());
    let typed: Vec<String> = columns.iter().map(|c| format!("\"{}\" {}", c.name, c.of)).collect();
    let table = format!(
        "CREATE TABLE listing ({}, \
         place geography(Point, 4326) GENERATED ALWAYS AS \
         (ST_SetSRID(ST_MakePoint(\"Longitude\"::float8, \"Latitude\"::float8), 4326)::geography) STORED, \
         words tsvector GENERATED ALWAYS AS (to_tsvector('simple', \"PublicRemarks\")) STORED)",
        typed.join(", ")
    );
    client.batch_execute(&table).await.context("the table")?;
    let names: Vec<String> = columns.iter().map(|c| format!("\"{}\"", c.name)).collect();
    let began = Instant::now();
    let copy = format!("COPY listing ({}) FROM STDIN", names.join(","));
    let mut sink = pin!(client.copy_in::<_, Bytes>(&copy).await?);
    let mut records = first;
    loop {
        let mut lines = String::new();
        records.iter().for_each(|record| columns::line(&mut lines, &columns, record));
        sink.send(Bytes::from(lines)).await?;
        match made.recv().await {
            Some(more) => records = own(more),
            None => break,
        }
    }
    sink.finish().await.context("the rows")?;
    let rate = size as f64 / began.elapsed().as_secs_f64();
    report.add(
        "PostgreSQL + PostGIS: COPY, nothing synced",
        Figure::Rate(rate, "records", None),
        Target::Open,
    );
    let began = Instant::now();
    client.batch_execute(INDEXES).await.context("the indexes")?;
    client.batch_execute("VACUUM ANALYZE listing").await?;
    report.add("PostgreSQL + PostGIS: indexes", Figure::Span(began.elapsed()), Target::Open);
    Ok(columns)
}
