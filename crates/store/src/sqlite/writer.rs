//! The one thread that writes: it keeps what waits in one transaction, with one flush to the disk.

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params, params_from_iter};
use tokio::sync::{mpsc, watch};

use super::fault::fault;
use super::rows;
use crate::assembly::Assembled;
use crate::codec::Names;
use crate::job::{Job, Round};
use crate::line::{Body, Line};
use crate::plan::{Head, Heads, Plan};
use crate::prepare::{Place, Prepared};
use crate::sql::{HEAD, NO_STAMP};
use crate::{Receipt, Sequence, StoreError};

/// Writes until nobody is left who could ask for it.
pub(super) fn run(
    mut connection: Connection,
    mut jobs: mpsc::Receiver<Job>,
    names: &Names,
    bell: &watch::Sender<Sequence>,
) {
    while let Some(job) = jobs.blocking_recv() {
        let Round { batches, assembly, statements } = Round::gather(job, &mut jobs);
        let (group, askers): (Vec<Prepared>, Vec<_>) = batches.into_iter().unzip();
        let mut answers = keep(&mut connection, names, &group);
        if answers.iter().all(Result::is_err) && group.len() > 1 {
            // One large batch that finds no room must not fail the small ones that shared its commit.
            answers = group
                .iter()
                .map(|one| keep(&mut connection, names, std::slice::from_ref(one)).remove(0))
                .collect();
        }
        for (asker, answer) in askers.into_iter().zip(answers) {
            if let Ok(receipt) = &answer {
                crate::engine::ring(bell, receipt.head);
            }
            asker.tell(answer);
        }
        if let Some((whole, asker)) = assembly {
            let answer = keep_whole(&mut connection, names, whole);
            if let Ok(receipt) = &answer {
                crate::engine::ring(bell, receipt.head);
            }
            asker.tell(answer);
        }
        for (sql, params, reply) in statements {
            drop(reply.send(rows::cells(&connection, sql, &params)));
        }
    }
    // What is in the WAL is as durable as what is not; this spares the next start reading it.
    drop(connection.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);"));
}

/// Keeps a group in one transaction: an answer for each batch.
fn keep(connection: &mut Connection, names: &Names, group: &[Prepared]) -> Vec<Result<Receipt, StoreError>> {
    let failed = |error: &StoreError| group.iter().map(|_| Err(error.clone())).collect();
    if group.is_empty() {
        return Vec::new();
    }
    let transaction = match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
        Ok(transaction) => transaction,
        Err(error) => return failed(&fault(&error)),
    };
    let planned = heads(&transaction, group).map(|(head, heads)| Plan::new(names, head, heads));
    let mut plan = match planned {
        Ok(plan) => plan,
        Err(error) => return failed(&fault(&error)),
    };
    let answers = group.iter().map(|batch| plan.add(batch)).collect();
    if plan.is_empty() {
        return answers;
    }
    match write(&transaction, &plan).and_then(|()| transaction.commit()) {
        Ok(()) => answers,
        Err(error) => failed(&fault(&error)),
    }
}

/// Keeps an assembly in one transaction, part by part: each part sees what those before it wrote.
fn keep_whole(connection: &mut Connection, names: &Names, whole: Assembled) -> Result<Receipt, StoreError> {
    let mut parts = whole.parts()?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    let transaction = transaction.map_err(|error| fault(&error))?;
    let mut receipt = Receipt::default();
    while let Some(part) = parts.next_part()? {
        let found = heads(&transaction, std::slice::from_ref(&part));
        let (head, heads) = found.map_err(|error| fault(&error))?;
        let mut plan = Plan::new(names, head, heads);
        plan.add_part(&part, &mut receipt)?;
        if !plan.is_empty() {
            write(&transaction, &plan).map_err(|error| fault(&error))?;
        }
    }
    transaction.commit().map_err(|error| fault(&error))?;
    Ok(receipt)
}

/// The newest sequence, and the head of every place that the group names.
fn heads(transaction: &Transaction<'_>, group: &[Prepared]) -> rusqlite::Result<(Sequence, Heads)> {
    let head: i64 = transaction.prepare_cached(HEAD)?.query_row([], |row| row.get(0))?;
    let mut heads = Heads::new();
    let mut find = transaction.prepare_cached(
        "SELECT r.feed, r.sequence, r.stamp, l.body FROM records r JOIN log l ON l.sequence = r.sequence \
         WHERE r.resource = ?1 AND r.key = ?2",
    )?;
    for step in group.iter().flat_map(|batch| &batch.steps) {
        let Place { resource, key } = &step.place;
        let found = find.query_row(params![resource, key.as_str()], |row| {
            let stamp: i64 = row.get(2)?;
            Ok(Head {
                feed: rows::text(row, 0)?,
                sequence: row.get::<_, i64>(1)?.unsigned_abs(),
                stamp: Some(stamp).filter(|stamp| *stamp != NO_STAMP),
                body: row.get::<_, Option<Vec<u8>>>(3)?.map(Body::new),
                created: None,
            })
        });
        if let Some(found) = found.optional()? {
            heads.insert(step.place.clone(), found);
        }
    }
    Ok((head.unsigned_abs(), heads))
}

fn write(transaction: &Transaction<'_>, plan: &Plan<'_>) -> rusqlite::Result<()> {
    append(transaction, &plan.lines)?;
    for (place, head) in plan.moved() {
        move_head(transaction, place, head)?;
    }
    transaction.prepare_cached("UPDATE head SET sequence = ?1")?.execute([plan.head.cast_signed()])?;
    for (sql, params) in &plan.work {
        transaction.prepare_cached(sql)?.execute(params_from_iter(params))?;
    }
    set_cursors(transaction, plan.cursors.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

/// Writes entries of the log.
pub(crate) fn append(transaction: &Transaction<'_>, lines: &[Line]) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO log (sequence, at, actor, resource, feed, key, kind, previous, body) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for line in lines {
        insert.execute(params![
            line.sequence.cast_signed(),
            line.at,
            line.actor.as_str(),
            line.resource,
            line.feed.as_str(),
            line.key.as_str(),
            line.kind.number(),
            line.previous.map(Sequence::cast_signed),
            line.body.as_ref().map(|body| body.as_slice()),
        ])?;
    }
    Ok(())
}

/// Lets a key point at another entry.
pub(crate) fn move_head(transaction: &Transaction<'_>, place: &Place, head: &Head) -> rusqlite::Result<()> {
    let mut upsert = transaction.prepare_cached(
        "INSERT INTO records (resource, key, feed, stamp, sequence, removed, created) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
         ON CONFLICT (resource, key) DO UPDATE SET feed = excluded.feed, stamp = excluded.stamp, \
         sequence = excluded.sequence, removed = excluded.removed, \
         created = COALESCE(excluded.created, created)",
    )?;
    upsert.execute(params![
        place.resource,
        place.key.as_str(),
        head.feed.as_str(),
        head.stamp.unwrap_or(NO_STAMP),
        head.sequence.cast_signed(),
        head.body.is_none(),
        head.created,
    ])?;
    Ok(())
}

/// Lets named readers' places be these.
pub(crate) fn set_cursors<'a>(
    transaction: &Transaction<'_>,
    cursors: impl Iterator<Item = (&'a str, &'a str)>,
) -> rusqlite::Result<()> {
    let mut upsert = transaction.prepare_cached(
        "INSERT INTO cursors (name, value) VALUES (?1, ?2) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?;
    for (name, value) in cursors {
        upsert.execute(params![name, value])?;
    }
    Ok(())
}
