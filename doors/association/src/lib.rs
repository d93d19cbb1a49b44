//! The association door: member records go from an association to the MLS, the NRDS successor M1 and the
//! lockbox, on time and provably (AMS-*).
//!
//! A *tenant* is an association, with a feed for staging and one for production that share nothing. Each of
//! its *integrations* goes through the states of [`State`], and each step has guards that look at records:
//! contacts, files, mappings, imports, keys. Who may do what is decided by the gate's TenantGrants, denied by
//! default, before a handler runs ([`guard`]). What is decided is a pure function; what is kept is a record
//! of Freehold's own, written in one batch that expects what was looked at.
//!
//! This door does not know any other door, SQL, or what the time is: the clock is handed in.

mod answer;
mod asking;
mod authority;
mod bring;
mod conversion;
mod describe;
mod files;
mod guard;
mod integration;
mod keeping;
pub mod linking;
mod live;
mod nrds;
mod onboarding;
mod reconcile;
mod register;
mod right;
mod route;
mod sample;
pub mod schedule;
mod sync;
mod tenant;
mod told;
mod words;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use dictionary::{Dictionary, Timestamp};
use gate::Gate;
use store::{Sequence, Store, StoreError};
use tokio::sync::Notify;

pub use conversion::{Category, Entry, Held, MappingSet, Unmapped, convert};
pub use describe::{Described, described};
pub use files::files;
pub use integration::{Integration, IntegrationSetting};
pub use right::{Needs, Right};
pub use route::{Route, every_route, router};
pub use sample::{SAMPLE_AS_OF, SampleAssociation, sample_associations};
pub use tenant::Tenant;
pub use words::{Kind, State};

use files::Files;
use nrds::NrdsIds;
use register::Register;
use sync::offer::Offers;

/// Where the time comes from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What the door stands on. Cheap to clone.
#[derive(Clone)]
pub struct Door {
    dictionary: Arc<Dictionary>,
    gate: Gate,
    store: Store,
    clock: Clock,
    register: Register,
    offers: Offers,
    nrds: NrdsIds,
    /// How many alerts of missed runs stood open at the last look.
    missed: Arc<AtomicUsize>,
    files: Option<Files>,
    /// Rings when there is something to do in the background.
    rung: Arc<Notify>,
}

impl Door {
    /// A door of these parts.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn open(
        dictionary: Arc<Dictionary>,
        gate: Gate,
        store: Store,
        clock: Clock,
    ) -> Result<Self, StoreError> {
        let register = Register::open(store.clone(), Arc::clone(&dictionary)).await?;
        let nrds = NrdsIds::open(store.clone(), Arc::clone(&dictionary)).await?;
        Ok(Self {
            dictionary,
            gate,
            store,
            clock,
            register,
            offers: Offers::default(),
            nrds,
            missed: Arc::default(),
            files: None,
            rung: Arc::default(),
        })
    }

    /// The same with a directory in which data files are kept; without one none is taken in. Nodes that share a
    /// store share the directory.
    #[must_use]
    pub fn keeping_files_in(self, directory: impl Into<PathBuf>) -> Self {
        Self { files: Some(Files::new(directory.into())), ..self }
    }

    /// Keeps what the door knows by heart current until `shutdown` is done.
    ///
    /// # Errors
    /// A store that answers wrongly.
    pub async fn follow(&self, shutdown: impl Future<Output = ()> + Send) -> Result<(), StoreError> {
        self.register.follow(shutdown).await
    }

    /// Reads the log up to its head: when this returns, whatever was acknowledged before it was called
    /// counts, grants too.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn refresh(&self) -> Result<Sequence, StoreError> {
        self.gate.refresh().await?;
        self.register.refresh().await
    }

    /// The tenant of this id.
    #[must_use]
    pub fn tenant(&self, id: &str) -> Option<Tenant> {
        let kept = self.register.get("Tenant", id)?;
        Tenant::read(&self.dictionary, &kept)
    }

    /// Every tenant, by id.
    #[must_use]
    pub fn tenants(&self) -> Vec<Tenant> {
        let all = self.register.all("Tenant");
        all.iter().filter_map(|kept| Tenant::read(&self.dictionary, kept)).collect()
    }

    /// The integration of this id.
    #[must_use]
    pub fn integration(&self, id: &str) -> Option<Integration> {
        let kept = self.register.get("Integration", id)?;
        Integration::read(&self.dictionary, &kept)
    }

    /// The integrations of a tenant, by id.
    #[must_use]
    pub fn integrations(&self, tenant: &str) -> Vec<Integration> {
        let all = self.register.of_tenant("Integration", tenant);
        all.iter().filter_map(|kept| Integration::read(&self.dictionary, kept)).collect()
    }

    /// How an integration is set in one environment; nothing is on where nobody has said anything.
    #[must_use]
    pub fn setting(
        &self,
        integration: &Integration,
        environment: gate::TenantEnvironment,
    ) -> IntegrationSetting {
        let key = IntegrationSetting::key(&integration.id, environment);
        let kept = self.register.get("IntegrationSetting", &key);
        kept.and_then(|kept| IntegrationSetting::read(&self.dictionary, &kept))
            .unwrap_or_else(|| IntegrationSetting::new(integration, environment))
    }

    /// The version of an integration's mapping of this id.
    #[must_use]
    pub fn mapping(&self, id: &str) -> Option<MappingSet> {
        MappingSet::read(&self.dictionary, &self.register.get("MappingSet", id)?)
    }

    /// The newest version of an integration's mapping.
    #[must_use]
    pub fn newest_mapping(&self, integration: &str) -> Option<MappingSet> {
        let versions = self.register.beginning("MappingSet", &format!("{integration}."));
        MappingSet::read(&self.dictionary, versions.last()?)
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door").field("register", &self.register).finish_non_exhaustive()
    }
}
