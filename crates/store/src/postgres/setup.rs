//! What is done before anyone sees the store: its schema, its names, its restored contents.

use std::sync::Arc;

use deadpool_postgres::{Object, Transaction};
use dictionary::Dictionary;

use super::fault::{fault, no_connection};
use super::rows::{self, get};
use super::{Pools, writer};
use crate::backup::{Contents, not_empty};
use crate::codec::Numbered;
use crate::schema::{self, outstanding};
use crate::{StoreError, plan::Head, prepare::Place};

/// The number of the advisory lock that lets one process at a time set a database up: `freehold` in ASCII.
const SETUP: i64 = 0x6672_6565_686f_6c64;

/// Brings the schema up to date, or refuses one that it does not know.
pub(crate) async fn migrate(pools: &Pools, reading: bool) -> Result<(), StoreError> {
    let mut client = connection(pools).await?;
    let transaction = begin(&mut client).await?;
    let version = version(&transaction).await?;
    let steps = outstanding(version.unwrap_or(0))?;
    if steps.is_empty() {
        return Ok(());
    }
    if reading {
        return Err(schema::outdated(version.unwrap_or(0)));
    }
    let mut reached = i64::try_from(version.unwrap_or(0)).unwrap_or(i64::MAX);
    for step in steps {
        reached += 1;
        transaction.batch_execute(step.postgres).await.map_err(|error| fault(&error))?;
        let done = transaction.execute("UPDATE schema_version SET version = $1", &[&reached]).await;
        done.map_err(|error| fault(&error))?;
    }
    transaction.commit().await.map_err(|error| fault(&error))
}

/// The numbers of all names; those of the dictionary that had none have one after this.
pub(crate) async fn names(
    pools: &Pools,
    dictionary: &Arc<Dictionary>,
    reading: bool,
) -> Result<Numbered, StoreError> {
    let mut client = connection(pools).await?;
    let transaction = begin(&mut client).await?;
    let mut numbered = rows::numbered(&transaction).await?;
    if reading {
        return Ok(numbered);
    }
    let from = numbered.complete(dictionary);
    number(&transaction, &numbered, from).await?;
    transaction.commit().await.map_err(|error| fault(&error))?;
    Ok(numbered)
}

/// Fills an empty store with a backup's contents, in one transaction.
pub(crate) async fn fill(pools: &Pools, contents: &Contents) -> Result<(), StoreError> {
    let mut client = connection(pools).await?;
    let transaction = begin(&mut client).await?;
    if writer::lock_head(&transaction).await? != 0 {
        return Err(not_empty());
    }
    let run = |sql: &'static str| transaction.batch_execute(sql);
    run("DELETE FROM fields; DELETE FROM resources; DELETE FROM cursors;").await.map_err(|e| fault(&e))?;
    number(&transaction, &contents.numbered, (0, 0)).await?;
    let cursors: Vec<_> =
        contents.cursors.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    writer::set_cursors(&transaction, &cursors).await.map_err(|error| fault(&error))?;
    let mut parts = contents.parts()?;
    while let Some(part) = parts.next_part()? {
        writer::append(&transaction, &part.lines).await.map_err(|error| fault(&error))?;
        let moved: Vec<(&Place, &Head)> = part.heads.iter().collect();
        writer::move_heads(&transaction, &moved).await.map_err(|error| fault(&error))?;
    }
    let head = contents.head.cast_signed();
    let set = transaction.execute("UPDATE head SET sequence = $1", &[&head]).await;
    set.map_err(|error| fault(&error))?;
    transaction.commit().await.map_err(|error| fault(&error))
}

async fn connection(pools: &Pools) -> Result<Object, StoreError> {
    pools.writer.get().await.map_err(|error| no_connection(&error))
}

/// A transaction that no other process sets the database up beside.
async fn begin(client: &mut Object) -> Result<Transaction<'_>, StoreError> {
    let transaction = client.transaction().await.map_err(|error| fault(&error))?;
    let locked = transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&SETUP]).await;
    locked.map_err(|error| fault(&error))?;
    Ok(transaction)
}

/// How many migrations the database has gone through; none where it is empty.
async fn version(transaction: &Transaction<'_>) -> Result<Option<usize>, StoreError> {
    let sql = "SELECT count(*), count(*) FILTER (WHERE tablename = 'schema_version') \
               FROM pg_tables WHERE schemaname = current_schema()";
    let row = transaction.query_one(sql, &[]).await.map_err(|error| fault(&error))?;
    let (tables, ours) = (get::<i64>(&row, 0)?, get::<i64>(&row, 1)?);
    if ours > 0 {
        let row = transaction.query_one(crate::sql::SCHEMA_VERSION, &[]).await;
        let version = get::<i64>(&row.map_err(|error| fault(&error))?, 0)?;
        return Ok(Some(usize::try_from(version).unwrap_or(usize::MAX)));
    }
    // Tables of others are left alone, unless they bear our names: another schema may hold them.
    if tables > 0 { Err(schema::stranger()) } else { Ok(None) }
}

/// Keeps the numbers of names from these places on.
async fn number(
    transaction: &Transaction<'_>,
    numbered: &Numbered,
    (resources, fields): (usize, usize),
) -> Result<(), StoreError> {
    let run = async {
        let (resources, fields) = (&numbered.resources[resources..], &numbered.fields[fields..]);
        let numbers: Vec<i32> = resources.iter().map(|(number, _)| i32::from(*number)).collect();
        let names: Vec<&str> = resources.iter().map(|(_, name)| name.as_str()).collect();
        let sql = "INSERT INTO resources (number, name) SELECT * FROM unnest($1::int[], $2::text[])";
        transaction.execute(sql, &[&numbers, &names]).await?;
        let numbers: Vec<i64> = fields.iter().map(|(number, ..)| i64::from(*number)).collect();
        let of: Vec<i32> = fields.iter().map(|(_, resource, _)| i32::from(*resource)).collect();
        let names: Vec<&str> = fields.iter().map(|(.., name)| name.as_str()).collect();
        let sql = "INSERT INTO fields (number, resource, name) \
                   SELECT * FROM unnest($1::bigint[], $2::int[], $3::text[])";
        transaction.execute(sql, &[&numbers, &of, &names]).await
    };
    run.await.map(drop).map_err(|error| fault(&error))
}
