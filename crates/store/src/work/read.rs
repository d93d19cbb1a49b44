//! Reading the work tables.

use std::time::Duration;

use dictionary::{Key, Text, Timestamp};

use super::sql;
use super::{Attempt, Delivery, DeliveryState, Health, Owed};
use crate::codec::Damaged;
use crate::line::{damaged, instant};
use crate::sql::{Cell, Param};
use crate::store::Said;
use crate::{Sequence, Store, StoreError};

/// Rows that one call gives at most.
const MOST: usize = 10_000;

/// An event in an inbox.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inboxed {
    /// The log's number of the event: the place in the inbox.
    pub sequence: Sequence,
    /// The event's key.
    pub event: Key,
}

impl Store {
    /// What is due to an endpoint at `now`, the longest due first; of each ordering key one at most.
    ///
    /// # Errors
    /// As [`get`](Self::get); so with everything here that reads.
    pub async fn due(&self, endpoint: &str, now: Timestamp, limit: usize) -> Said<Vec<Delivery>> {
        self.deliveries(sql::DUE, vec![endpoint.into(), now.as_microsecond().into(), size(limit)]).await
    }

    /// When the next delivery to an endpoint is due, be it past or to come.
    ///
    /// # Errors
    /// As [`due`](Self::due).
    pub async fn next_due(&self, endpoint: &str) -> Said<Option<Timestamp>> {
        let rows = self.engine.cells(sql::NEXT_DUE, vec![endpoint.into()]).await?;
        rows.into_iter().next().map(|row| Row(row.into_iter()).at()).transpose()
    }

    /// The delivery of an event to an endpoint.
    ///
    /// # Errors
    /// As [`due`](Self::due).
    pub async fn delivery(&self, endpoint: &str, sequence: Sequence) -> Said<Option<Delivery>> {
        Ok(self.deliveries(sql::DELIVERY, vec![endpoint.into(), sequence.into()]).await?.pop())
    }

    /// An endpoint's deliveries of events before `before`, the newest first.
    ///
    /// # Errors
    /// As [`due`](Self::due).
    pub async fn newest_deliveries(
        &self,
        endpoint: &str,
        before: Sequence,
        limit: usize,
    ) -> Said<Vec<Delivery>> {
        self.deliveries(sql::NEWEST, vec![endpoint.into(), before.into(), size(limit)]).await
    }

    /// An endpoint's dead letters after a sequence.
    ///
    /// # Errors
    /// As [`due`](Self::due).
    pub async fn dead_letters(&self, endpoint: &str, after: Sequence, limit: usize) -> Said<Vec<Delivery>> {
        self.deliveries(sql::DEAD, vec![endpoint.into(), after.into(), size(limit)]).await
    }

    /// How many deliveries to an endpoint wait, are held and are dead. None is counted past 100,001.
    ///
    /// # Errors
    /// As [`due`](Self::due).
    pub async fn delivery_counts(&self, endpoint: &str) -> Said<[u64; 3]> {
        let rows = self.engine.cells(sql::COUNTS, vec![endpoint.into()]).await?;
        let mut row = Row(rows.into_iter().next().unwrap_or_default().into_iter());
        Ok([row.number()?.unsigned_abs(), row.number()?.unsigned_abs(), row.number()?.unsigned_abs()])
    }

    /// What was tried of a delivery, in order.
    ///
    /// # Errors
    /// As [`due`](Self::due).
    pub async fn attempts(&self, endpoint: &str, sequence: Sequence) -> Said<Vec<Attempt>> {
        let rows = self.engine.cells(sql::ATTEMPTS, vec![endpoint.into(), sequence.into()]).await?;
        let attempt = |row: Vec<Cell>| {
            let mut row = Row(row.into_iter());
            Ok(Attempt {
                number: row.small()?,
                at: row.at()?,
                status: Some(u16::try_from(row.number()?).unwrap_or(0)).filter(|status| *status > 0),
                latency: Duration::from_micros(row.number()?.unsigned_abs()),
                fault: Some(row.text()?).filter(|fault| !fault.is_empty()),
                answer: row.text()?,
            })
        };
        rows.into_iter().map(attempt).collect()
    }

    /// The events of an agent's inbox after a place, in their order.
    ///
    /// # Errors
    /// As [`due`](Self::due).
    pub async fn inbox(&self, agent: &str, after: Sequence, limit: usize) -> Said<Vec<Inboxed>> {
        let params = vec![agent.into(), after.into(), size(limit)];
        let rows = self.engine.cells(sql::INBOX_PAGE, params).await?;
        let inboxed = |row: Vec<Cell>| {
            let mut row = Row(row.into_iter());
            Ok(Inboxed { sequence: row.number()?.unsigned_abs(), event: row.text()? })
        };
        rows.into_iter().map(inboxed).collect()
    }

    /// The place in an agent's inbox of the first event that was accepted at `at` or later.
    ///
    /// # Errors
    /// As [`due`](Self::due).
    pub async fn inbox_at(&self, agent: &str, at: Timestamp) -> Said<Option<Sequence>> {
        let rows = self.engine.cells(sql::INBOX_AT, vec![agent.into(), at.as_microsecond().into()]).await?;
        rows.into_iter().next().map(|row| Ok(Row(row.into_iter()).number()?.unsigned_abs())).transpose()
    }

    /// How every endpoint fares of which anything was noted.
    ///
    /// # Errors
    /// As [`due`](Self::due).
    pub async fn health(&self) -> Said<Vec<Health>> {
        let rows = self.engine.cells(sql::ALL_HEALTH, Vec::new()).await?;
        let health = |row: Vec<Cell>| {
            let mut row = Row(row.into_iter());
            let endpoint = row.text()?;
            let since = row.at()?;
            Ok(Health {
                endpoint,
                failing_since: Some(since).filter(|since| *since != Timestamp::UNIX_EPOCH),
                warned: u8::try_from(row.number()?).unwrap_or(u8::MAX),
            })
        };
        rows.into_iter().map(health).collect()
    }

    async fn deliveries(&self, sql: &'static str, params: Vec<Param>) -> Said<Vec<Delivery>> {
        self.engine.cells(sql, params).await?.into_iter().map(delivery).collect()
    }
}

fn delivery(row: Vec<Cell>) -> Said<Delivery> {
    let mut row = Row(row.into_iter());
    let (endpoint, sequence) = (row.text()?, row.number()?.unsigned_abs());
    let (event, subscription, agent) = (row.text()?, row.text()?, row.text()?);
    let ordering_key = Some(row.text()?).filter(|key| !key.is_empty());
    let state = DeliveryState::of_number(row.number()?).ok_or_else(unreadable)?;
    let due = row.at()?;
    let owed = Owed { endpoint, sequence, event, subscription, agent, ordering_key, due };
    Ok(Delivery { owed, state, tries: row.small()?, step: row.small()? })
}

/// The cells of a row, one after the other.
struct Row(std::vec::IntoIter<Cell>);

impl Row {
    fn number(&mut self) -> Said<i64> {
        match self.0.next() {
            Some(Cell::Integer(number)) => Ok(number),
            _ => Err(unreadable()),
        }
    }

    fn small(&mut self) -> Said<u32> {
        u32::try_from(self.number()?).map_err(|_| unreadable())
    }

    fn at(&mut self) -> Said<Timestamp> {
        instant(self.number()?).map_err(|damage| damaged(0, damage))
    }

    fn text(&mut self) -> Said<Text> {
        match self.0.next() {
            Some(Cell::Text(text)) => Ok(text.into()),
            _ => Err(unreadable()),
        }
    }
}

fn unreadable() -> StoreError {
    damaged(0, Damaged("a row of the work tables is not as it was written"))
}

fn size(limit: usize) -> Param {
    Param::Integer(i64::try_from(limit.min(MOST)).unwrap_or(0))
}
