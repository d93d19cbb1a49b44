//! The one task that writes: it keeps what waits in one transaction.

use std::sync::Arc;

use deadpool_postgres::{Pool, Transaction};
use tokio::sync::{mpsc, watch};
use tokio_postgres::types::ToSql;

use super::fault::{fault, no_connection};
use super::rows::{self, get};
use crate::assembly::Assembled;
use crate::codec::Names;
use crate::engine::ring;
use crate::job::{Job, Round};
use crate::line::{Body, Line};
use crate::plan::{Head, Heads, Plan};
use crate::prepare::{Place, Prepared};
use crate::sql::NO_STAMP;
use crate::{Receipt, Sequence, StoreError};

/// Rows of one statement: its arrays are held in memory twice, here and by the server.
const ROWS_AT_ONCE: usize = 10_000;

/// Writes until nobody is left who could ask for it.
pub(super) async fn run(
    pool: Pool,
    mut jobs: mpsc::Receiver<Job>,
    names: Arc<Names>,
    bell: watch::Sender<Sequence>,
) {
    while let Some(job) = jobs.recv().await {
        let Round { batches, assembly, statements } = Round::gather(job, &mut jobs);
        let (group, askers): (Vec<Prepared>, Vec<_>) = batches.into_iter().unzip();
        let answers = match keep(&pool, &names, &group).await {
            Ok(answers) => answers,
            Err(error) => group.iter().map(|_| Err(error.clone())).collect(),
        };
        for (asker, answer) in askers.into_iter().zip(answers) {
            if let Ok(receipt) = &answer {
                ring(&bell, receipt.head);
            }
            asker.tell(answer);
        }
        if let Some((whole, asker)) = assembly {
            let answer = keep_whole(&pool, &names, whole).await;
            if let Ok(receipt) = &answer {
                ring(&bell, receipt.head);
            }
            asker.tell(answer);
        }
        for (sql, params, reply) in statements {
            let answer = match pool.get().await {
                Ok(client) => rows::cells(&client, sql, &params).await,
                Err(error) => Err(no_connection(&error)),
            };
            drop(reply.send(answer));
        }
    }
}

type Answers = Vec<Result<Receipt, StoreError>>;

/// Keeps a group in one transaction: an answer for each batch.
async fn keep(pool: &Pool, names: &Names, group: &[Prepared]) -> Result<Answers, StoreError> {
    if group.is_empty() {
        return Ok(Vec::new());
    }
    let mut client = pool.get().await.map_err(|error| no_connection(&error))?;
    let transaction = client.transaction().await.map_err(|error| fault(&error))?;
    let head = lock_head(&transaction).await?;
    let mut plan = Plan::new(names, head, heads(&transaction, group).await?);
    let answers = group.iter().map(|batch| plan.add(batch)).collect();
    if !plan.is_empty() {
        write(&transaction, &plan).await.map_err(|error| fault(&error))?;
        transaction.commit().await.map_err(|error| fault(&error))?;
    }
    Ok(answers)
}

/// Keeps an assembly in one transaction, part by part: each part sees what those before it wrote.
async fn keep_whole(pool: &Pool, names: &Names, whole: Assembled) -> Result<Receipt, StoreError> {
    let mut client = pool.get().await.map_err(|error| no_connection(&error))?;
    let transaction = client.transaction().await.map_err(|error| fault(&error))?;
    let mut head = lock_head(&transaction).await?;
    let mut receipt = Receipt { head, ..Receipt::default() };
    let mut parts = blocking(move || whole.parts()).await??;
    loop {
        let part;
        (part, parts) = blocking(move || (parts.next_part(), parts)).await?;
        let Some(part) = part? else { break };
        let mut plan = Plan::new(names, head, heads(&transaction, std::slice::from_ref(&part)).await?);
        plan.add_part(&part, &mut receipt)?;
        if !plan.is_empty() {
            write(&transaction, &plan).await.map_err(|error| fault(&error))?;
        }
        head = plan.head;
    }
    transaction.commit().await.map_err(|error| fault(&error))?;
    Ok(receipt)
}

/// Does what waits for the disk on a thread that may.
async fn blocking<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(run).await.map_err(|_| crate::job::stopped())
}

/// The newest sequence; nobody else appends until this transaction ends.
pub(super) async fn lock_head(transaction: &Transaction<'_>) -> Result<Sequence, StoreError> {
    let rows = transaction.query("SELECT sequence FROM head FOR UPDATE", &[]).await;
    match rows.map_err(|error| fault(&error))?.first() {
        Some(row) => Ok(get::<i64>(row, 0)?.unsigned_abs()),
        None => Err(crate::schema::stranger()),
    }
}

/// The head of every place that the group names.
async fn heads(transaction: &Transaction<'_>, group: &[Prepared]) -> Result<Heads, StoreError> {
    const HEADS: &str = "SELECT r.resource, r.key, r.feed, r.sequence, r.stamp, l.body \
         FROM (SELECT DISTINCT * FROM unnest($1::int[], $2::text[]) AS u(resource, key)) w \
         JOIN records r ON r.resource = w.resource AND r.key = w.key COLLATE \"C\" \
         JOIN log l ON l.sequence = r.sequence";
    let places: Vec<&Place> = group.iter().flat_map(|batch| &batch.steps).map(|step| &step.place).collect();
    let statement = transaction.prepare_cached(HEADS).await.map_err(|error| fault(&error))?;
    let mut rows = Vec::new();
    for part in places.chunks(ROWS_AT_ONCE) {
        let resources: Vec<i32> = part.iter().map(|place| place.resource.into()).collect();
        let keys: Vec<&str> = part.iter().map(|place| place.key.as_str()).collect();
        rows.extend(
            transaction.query(&statement, &[&resources, &keys]).await.map_err(|error| fault(&error))?,
        );
    }
    let mut heads = Heads::with_capacity(rows.len());
    for row in &rows {
        let resource = get::<i32>(row, 0)?;
        let place =
            Place { resource: u16::try_from(resource).unwrap_or_default(), key: get::<&str>(row, 1)?.into() };
        let head = Head {
            feed: get::<&str>(row, 2)?.into(),
            sequence: get::<i64>(row, 3)?.unsigned_abs(),
            stamp: Some(get::<i64>(row, 4)?).filter(|stamp| *stamp != NO_STAMP),
            body: get::<Option<Vec<u8>>>(row, 5)?.map(Body::new),
            created: None,
        };
        heads.insert(place, head);
    }
    Ok(heads)
}

async fn write(transaction: &Transaction<'_>, plan: &Plan<'_>) -> Result<(), tokio_postgres::Error> {
    for part in plan.lines.chunks(ROWS_AT_ONCE) {
        append(transaction, part).await?;
    }
    let moved: Vec<_> = plan.moved().collect();
    for part in moved.chunks(ROWS_AT_ONCE) {
        move_heads(transaction, part).await?;
    }
    transaction.execute("UPDATE head SET sequence = $1", &[&plan.head.cast_signed()]).await?;
    for (sql, params) in &plan.work {
        let statement = transaction.prepare_cached(sql).await?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|param| param as _).collect();
        transaction.execute(&statement, &params).await?;
    }
    let cursors: Vec<_> = plan.cursors.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    set_cursors(transaction, &cursors).await
}

/// Writes entries of the log.
pub(super) async fn append(
    transaction: &Transaction<'_>,
    lines: &[Line],
) -> Result<(), tokio_postgres::Error> {
    const APPEND: &str = "INSERT INTO log (sequence, at, actor, resource, feed, key, kind, previous, body) \
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::int[], $5::text[], $6::text[], \
         $7::smallint[], $8::bigint[], $9::bytea[])";
    fn column<T>(lines: &[Line], of: impl Fn(&Line) -> T) -> Vec<T> {
        lines.iter().map(of).collect()
    }
    let sequences = column(lines, |line| line.sequence.cast_signed());
    let ats = column(lines, |line| line.at);
    let actors: Vec<&str> = lines.iter().map(|line| line.actor.as_str()).collect();
    let resources = column(lines, |line| i32::from(line.resource));
    let feeds: Vec<&str> = lines.iter().map(|line| line.feed.as_str()).collect();
    let keys: Vec<&str> = lines.iter().map(|line| line.key.as_str()).collect();
    let kinds = column(lines, |line| line.kind.number());
    let previous = column(lines, |line| line.previous.map(Sequence::cast_signed));
    let bodies: Vec<Option<&[u8]>> =
        lines.iter().map(|line| line.body.as_ref().map(|body| body.as_slice())).collect();
    let columns: [&(dyn ToSql + Sync); 9] =
        [&sequences, &ats, &actors, &resources, &feeds, &keys, &kinds, &previous, &bodies];
    let statement = transaction.prepare_cached(APPEND).await?;
    transaction.execute(&statement, &columns).await?;
    Ok(())
}

/// Lets keys, each named once, point at other entries.
pub(super) async fn move_heads(
    transaction: &Transaction<'_>,
    moved: &[(&Place, &Head)],
) -> Result<(), tokio_postgres::Error> {
    const MOVE: &str = "INSERT INTO records (resource, key, feed, stamp, sequence, removed, created) \
         SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::boolean[], \
         $7::bigint[]) \
         ON CONFLICT (resource, key) DO UPDATE SET feed = excluded.feed, stamp = excluded.stamp, \
         sequence = excluded.sequence, removed = excluded.removed, \
         created = COALESCE(excluded.created, records.created)";
    let resources: Vec<i32> = moved.iter().map(|(place, _)| place.resource.into()).collect();
    let keys: Vec<&str> = moved.iter().map(|(place, _)| place.key.as_str()).collect();
    let feeds: Vec<&str> = moved.iter().map(|(_, head)| head.feed.as_str()).collect();
    let stamps: Vec<i64> = moved.iter().map(|(_, head)| head.stamp.unwrap_or(NO_STAMP)).collect();
    let sequences: Vec<i64> = moved.iter().map(|(_, head)| head.sequence.cast_signed()).collect();
    let removed: Vec<bool> = moved.iter().map(|(_, head)| head.body.is_none()).collect();
    let created: Vec<Option<i64>> = moved.iter().map(|(_, head)| head.created).collect();
    let statement = transaction.prepare_cached(MOVE).await?;
    let columns: [&(dyn ToSql + Sync); 7] =
        [&resources, &keys, &feeds, &stamps, &sequences, &removed, &created];
    transaction.execute(&statement, &columns).await?;
    Ok(())
}

/// Lets named readers' places be these.
pub(super) async fn set_cursors(
    transaction: &Transaction<'_>,
    cursors: &[(&str, &str)],
) -> Result<(), tokio_postgres::Error> {
    if cursors.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = cursors.iter().map(|(name, _)| *name).collect();
    let values: Vec<&str> = cursors.iter().map(|(_, value)| *value).collect();
    let sql = "INSERT INTO cursors (name, value) SELECT * FROM unnest($1::text[], $2::text[]) \
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    transaction.execute(sql, &[&names, &values]).await?;
    Ok(())
}
