//! The MLS's side of an association's sync: pulls members and offices from another Freehold's association door,
//! keeps them, and acknowledges (AMS-010, AMS-031, AMS-032).
//!
//! A source is a record Source of type `RESO Web API` whose profile is [`PROFILE`] and whose location is the address
//! of an integration's environment. When it is due is `intake`'s to say, by the source's cadence; here is one run:
//! open a pull, read each resource page by page, write each page before the next is asked for, and acknowledge with the
//! counts once everything is on disk. A run that ends in between has acknowledged nothing, and the next one is offered
//! everything again: what is kept already is found unchanged.
//!
//! It does not know inbound HTTP, SQL, or when a source is due.

mod client;
mod page;
mod run;
mod source;

use std::sync::Arc;

use dictionary::Dictionary;
use intake::{Bring, Brought, Clock, Commission};
use store::Store;

/// The profile of sources that this crate runs.
pub const PROFILE: &str = "freehold-association";

/// Opens what was sealed for a source, whose id is the first text; none where it is not whole or another's.
pub type OpenCredential = Arc<dyn Fn(&str, &str) -> Option<String> + Send + Sync>;

/// Runs sources that are associations, and hands every other source on. Cheap to clone.
#[derive(Clone)]
pub struct Membership {
    store: Store,
    dictionary: Arc<Dictionary>,
    clock: Clock,
    http: outbound::Client,
    open: OpenCredential,
    others: Option<Arc<dyn Bring>>,
}

impl Membership {
    /// One that keeps what it pulls in this store.
    #[must_use]
    pub fn new(
        store: Store,
        dictionary: Arc<Dictionary>,
        clock: Clock,
        http: outbound::Client,
        open: OpenCredential,
    ) -> Self {
        Self { store, dictionary, clock, http, open, others: None }
    }

    /// The same, with whoever runs sources of other profiles.
    #[must_use]
    pub fn beside(self, others: Arc<dyn Bring>) -> Self {
        Self { others: Some(others), ..self }
    }
}

impl Bring for Membership {
    fn bring(&self, commission: Commission) -> Brought<'_> {
        match &self.others {
            Some(others) if !source::is_ours(&self.dictionary, &commission.source) => {
                others.bring(commission)
            }
            _ => Box::pin(run::run(self, commission)),
        }
    }
}

impl std::fmt::Debug for Membership {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Membership").finish_non_exhaustive()
    }
}
