//! Who runs sources that are servers.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use dictionary::{Dictionary, Key, Text};
use intake::{Bring, Brought, Commission, IntakeError};
use store::Store;

use crate::Time;
use crate::client::{Client, Credential, Parts};
use crate::profile::Profile;
use crate::run::Run;
use crate::source::Source;

/// Opens what was sealed for a source, whose id is the first text; none where it is not whole or another's.
pub type OpenCredential = Arc<dyn Fn(&str, &str) -> Option<String> + Send + Sync>;

/// Copies the pictures of these keys of Media, whose records are kept, and says how many it has copied.
pub type CopyPictures = Arc<dyn Fn(Vec<Key>) -> Pin<Box<dyn Future<Output = u64> + Send>> + Send + Sync>;

/// Runs sources that are servers. Cheap to clone.
#[derive(Clone)]
pub struct Puller {
    pub(crate) store: Store,
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) time: Time,
    http: outbound::Client,
    open: OpenCredential,
    profiles: Option<PathBuf>,
    pub(crate) copy: Option<CopyPictures>,
}

impl Puller {
    /// A puller into this store.
    #[must_use]
    pub fn new(
        store: Store,
        dictionary: Arc<Dictionary>,
        time: Time,
        http: outbound::Client,
        open: OpenCredential,
    ) -> Self {
        Self { store, dictionary, time, http, open, profiles: None, copy: None }
    }

    /// The same, with a directory of the installation's own profiles, which come before those of the same name.
    #[must_use]
    pub fn with_profiles(self, directory: impl Into<PathBuf>) -> Self {
        Self { profiles: Some(directory.into()), ..self }
    }

    /// The same, with somebody who copies pictures, where a profile wants them copied.
    #[must_use]
    pub fn with_pictures(self, copy: CopyPictures) -> Self {
        Self { copy: Some(copy), ..self }
    }

    async fn run(&self, commission: Commission) -> Result<intake::Report, IntakeError> {
        let source = Source::read(&self.dictionary, &commission.source)?;
        let (name, profiles) = (source.profile.clone(), self.profiles.clone());
        let profile = tokio::task::spawn_blocking(move || Profile::find(&name, profiles.as_deref())).await;
        let profile = Arc::new(profile.map_err(|_| {
            IntakeError::new("profile_wrong", "The profile could not be read.", "See to its file.")
        })??);
        if profile.originating_system && source.system.is_none() {
            let message = format!("{} wants one OriginatingSystemName in every request.", profile.title);
            let hint = "freehold operate set Source ID OriginatingSystemName=…";
            return Err(IntakeError::new("source_wrong", message, hint));
        }
        let client = Client::open(Parts {
            http: self.http.clone(),
            time: self.time.clone(),
            store: self.store.clone(),
            profile: Arc::clone(&profile),
            source: source.id.clone(),
            actor: commission.actor.clone(),
            location: source.location.clone(),
            credential: self.credential(&source)?,
            progress: Arc::clone(&commission.progress),
        })
        .await?;
        Run::new(self, source, profile, client, commission).run().await
    }

    fn credential(&self, source: &Source) -> Result<Credential, IntakeError> {
        let secret = match &source.sealed {
            None => String::new(),
            Some(sealed) => (self.open)(&source.id, sealed).ok_or_else(|| {
                let message = "The credential of the source cannot be opened with this installation's key.";
                let hint = "Give it anew: `freehold operate set-credential SOURCE`.";
                IntakeError::new("credential_sealed", message, hint)
            })?,
        };
        Ok(Credential {
            secret,
            client_id: source.client_id.as_ref().map(Text::to_string),
            token_location: source.token_location.as_ref().map(Text::to_string),
        })
    }
}

impl Bring for Puller {
    fn bring(&self, commission: Commission) -> Brought<'_> {
        Box::pin(self.run(commission))
    }
}

impl std::fmt::Debug for Puller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Puller").field("profiles", &self.profiles).finish_non_exhaustive()
    }
}
