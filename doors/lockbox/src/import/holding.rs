//! Who is at work on a batch: one node at a time, for as long as it gives signs of life (LBX-074).

use std::time::Duration;

use dictionary::Timestamp;
use store::{Lease, StoreError};

use super::batch::Fault;
use super::stage::Stop;
use crate::Door;

/// How long a batch is one node's without a sign of life.
const LEASE: Duration = Duration::from_secs(120);
/// How often it gives one, in seconds.
const RENEWED: i64 = 20;

/// What a batch holds while it is at work (LBX-074).
pub(crate) struct Holding<'d> {
    door: &'d Door,
    leases: Vec<Lease>,
    renewed: Timestamp,
}

impl<'d> Holding<'d> {
    pub(crate) async fn take(door: &'d Door, names: &[String]) -> Result<Option<Self>, StoreError> {
        let now = (door.clock)();
        let mut held = Self { door, leases: Vec::new(), renewed: now };
        for name in names {
            match door.store.take_lease(name, &door.settings.node, LEASE, now).await? {
                Some(lease) => held.leases.push(lease),
                None => {
                    held.release().await?;
                    return Ok(None);
                }
            }
        }
        Ok(Some(held))
    }

    /// Says that it is alive; where another has taken its place, it ends.
    pub(crate) async fn renew(&mut self) -> Result<(), Stop> {
        let now = (self.door.clock)();
        if now.as_second() - self.renewed.as_second() < RENEWED {
            return Ok(());
        }
        self.renewed = now;
        for lease in &mut self.leases {
            *lease = self.door.store.renew_lease(lease, LEASE, now).await?.ok_or_else(lost)?;
        }
        Ok(())
    }

    pub(crate) async fn release(&self) -> Result<(), StoreError> {
        for lease in &self.leases {
            self.door.store.release_lease(lease).await?;
        }
        Ok(())
    }
}

fn lost() -> Stop {
    let hint = "It is taken up again by itself.";
    Stop::Fault(Fault::new("lease_lost", "Another node has taken the import over.", hint))
}
