//! What an operator does, as plain functions: the routes and the commands call these.

mod audit;
mod endpoints;
mod faults;
mod jobs;
mod keys;
mod people;
mod reading;
mod status;
mod writing;

use std::sync::Arc;

use dictionary::{Dictionary, Origin, Resource, Text, Timestamp};
use gate::{Gate, RowFilterReader};
use odata::Fault;
use outflow::Outflow;
use store::Store;

pub use audit::{Altered, Asked, Entry, Trail, changes, history};
pub use endpoints::{Order, Shape, deliveries, enable, register, replay, rotate, stop, verify};
pub use faults::of_store;
pub use jobs::{GivenCredential, SourceJob, cancel_source, credential_of, jobs, run_source, set_credential};
pub use keys::{KeyUse, NewKey, Shown, issue_key, revoke_key};
pub use people::{NewGrant, create_client, create_feed, grant, suspend_client};
pub use reading::{Listing, Part, Place, get, list, shown_fields};
pub use status::{Counted, Status, status};
pub use writing::{create, remove, update};

/// What the functions work on. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    /// The store.
    pub store: Store,
    /// The words.
    pub dictionary: Arc<Dictionary>,
    /// The gate, which is told at once of what changes for it. A command that runs beside the server
    /// has none: the server hears of it from the log.
    pub gate: Option<Gate>,
    /// Reads the row filters of grants, to refuse wrong ones before they are kept.
    pub row_filters: Option<RowFilterReader>,
    /// Registers endpoints and sends again; a node that sends nothing has none.
    pub outflow: Option<Outflow>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

/// Who does something, and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Act {
    /// What the log names: `operator/` and a client's id, or `command/` and a user's name.
    pub actor: Text,
    /// The instant.
    pub now: Timestamp,
}

impl Desk {
    /// Freehold's own resource of this name.
    ///
    /// # Errors
    /// 404 for any other.
    pub fn resource(&self, name: &str) -> Result<&Resource, Fault> {
        let own = |r: &&Resource| r.origin == Origin::Freehold;
        self.dictionary.find(name).filter(own).ok_or_else(|| {
            let near = self.dictionary.nearest(name).filter(own);
            let hint = match near {
                Some(near) => format!("Did you mean {}?", near.name),
                None => "GET /admin/resources lists them.".into(),
            };
            Fault::new(404, "resource_unknown", format!("There is no resource {name} here."), hint)
                .about(name)
        })
    }

    /// Every one of Freehold's own resources.
    pub fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.dictionary.resources().iter().filter(|r| r.origin == Origin::Freehold)
    }

    /// Lets the gate and outflow read what was just written. What is on disk stays written where this fails; the
    /// gate hears of it from the log then.
    async fn tell_gate(&self) {
        if let Some(gate) = &self.gate
            && let Err(error) = gate.refresh().await
        {
            tracing::warn!(code = error.code(), "the gate could not read the log after a write");
        }
        if let Some(outflow) = &self.outflow
            && let Err(error) = outflow.refresh().await
        {
            tracing::warn!(code = error.code(), "outflow could not read the log after a write");
        }
    }
}
