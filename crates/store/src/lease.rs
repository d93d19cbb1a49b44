//! Leases: one holder at a time, for a while.

use std::time::Duration;

use dictionary::{Text, Timestamp};

use crate::line::instant;
use crate::prepare::named;
use crate::sql::{Cell, Param, RELEASE_LEASE, RENEW_LEASE, TAKE_LEASE};
use crate::store::Said;
use crate::{ErrorKind, Store, StoreError};

/// The right to do some work alone, until an instant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lease {
    /// What is held. At most 255 characters.
    pub name: Text,
    /// Who holds it. At most 255 characters.
    pub holder: Text,
    /// Until when, by the clock of whoever took it; from that instant on anyone may take it.
    pub until: Timestamp,
}

impl Store {
    /// Takes a lease that nobody holds at `now`, or that `holder` holds already, for `ttl` from `now`.
    /// None where another holds it.
    ///
    /// # Errors
    /// A name or a holder of no or more than 255 characters; as [`write`](Self::write).
    pub async fn take_lease(
        &self,
        name: &str,
        holder: &str,
        ttl: Duration,
        now: Timestamp,
    ) -> Said<Option<Lease>> {
        named("The name of a lease", name)?;
        named("The holder of a lease", holder)?;
        let params = vec![name.into(), holder.into(), end(ttl, now)?, now.as_microsecond().into()];
        let rows = self.engine.queue()?.statement(TAKE_LEASE, params).await?;
        lease(name, holder, rows)
    }

    /// Holds a lease for `ttl` from `now`; none where it has run out or was lost meanwhile.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub async fn renew_lease(&self, lease: &Lease, ttl: Duration, now: Timestamp) -> Said<Option<Lease>> {
        let Lease { name, holder, .. } = lease;
        let params =
            vec![end(ttl, now)?, name.as_str().into(), holder.as_str().into(), now.as_microsecond().into()];
        let rows = self.engine.queue()?.statement(RENEW_LEASE, params).await?;
        self::lease(name, holder, rows)
    }

    /// Gives a lease back. One that was lost meanwhile is left to its new holder.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub async fn release_lease(&self, lease: &Lease) -> Said<()> {
        let params = vec![lease.name.as_str().into(), lease.holder.as_str().into()];
        self.engine.queue()?.statement(RELEASE_LEASE, params).await.map(drop)
    }
}

fn end(ttl: Duration, now: Timestamp) -> Said<Param> {
    now.checked_add(ttl).map(|until| Param::Integer(until.as_microsecond())).map_err(|_| {
        let message = "A lease cannot last so long.";
        StoreError::new(ErrorKind::TooLarge, message, "Take it for seconds or minutes, and renew it.")
    })
}

fn lease(name: &str, holder: &str, mut rows: Vec<Vec<Cell>>) -> Said<Option<Lease>> {
    match rows.pop().and_then(|mut row| row.pop()) {
        Some(Cell::Integer(until)) => {
            let until = instant(until).map_err(|damage| crate::line::damaged(0, damage))?;
            Ok(Some(Lease { name: name.into(), holder: holder.into(), until }))
        }
        _ => Ok(None),
    }
}
