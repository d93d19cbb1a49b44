//! How outflow is set.

use std::sync::Arc;
use std::time::Duration;

use dictionary::{ResourceId, Text, Timestamp};

use crate::{MasterKey, Schedule};

/// Whose profile is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Who {
    /// A member, by its key.
    Agent,
    /// An office, by its key.
    Office,
    /// A client, by its id; `freehold` is this server itself.
    App,
    /// A feed, by its id.
    Feed,
}

/// Names profiles: the URL that an agent is known by.
pub type Profile = Arc<dyn Fn(Who, &str) -> Text + Send + Sync>;

/// Whether a client may be told of the records of a resource in a feed: `(client, feed, resource)`.
pub type Sees = Arc<dyn Fn(&str, &str, ResourceId) -> bool + Send + Sync>;

/// What outflow is told from outside.
#[derive(Clone)]
pub struct Settings {
    /// What the world calls this server, without a slash at its end.
    pub public_url: Text,
    /// Below which address its records are, such as `https://hub.example/odata`.
    pub records_url: Text,
    /// Names profiles.
    pub profile: Profile,
    /// Whose changes of records a client may be told of, by its grants of records (RESO-047).
    pub sees: Sees,
    /// The key that secrets come from.
    pub master: MasterKey,
    /// What time it is.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// A number from 0 to 1, for the jitter of retries.
    pub chance: Arc<dyn Fn() -> f64 + Send + Sync>,
    /// When what failed is tried again.
    pub schedule: Schedule,
    /// How long an attempt may take, and where it may go.
    pub outbound: outbound::Settings,
    /// For how long the former secret signs, too, after a new one was made.
    pub rotation: Duration,
    /// After which time without one success an endpoint is disabled.
    pub failing: Duration,
    /// How long events are kept.
    pub retention: Duration,
    /// How long deliveries that are done are kept, with their attempts.
    pub done_kept: Duration,
    /// Whether the store's own changes become events (EVT-101).
    pub own_changes: bool,
    /// How often is looked after what is old, failing or unverified.
    pub tending: Duration,
    /// Under which name this process takes the lease: of several that share a store, one sends.
    pub holder: Text,
}

impl Settings {
    /// Everything as the specification has it.
    #[must_use]
    pub fn new(
        public_url: &str,
        master: MasterKey,
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
        chance: impl Fn() -> f64 + Send + Sync + 'static,
    ) -> Self {
        let days = |days: u64| Duration::from_secs(days * 24 * 3_600);
        Self {
            public_url: public_url.into(),
            records_url: Text::from(format!("{public_url}/odata")),
            profile: plain_profiles(public_url),
            // Nobody is told of any, until somebody says who may be.
            sees: Arc::new(|_, _, _| false),
            master,
            now: Arc::new(now),
            chance: Arc::new(chance),
            schedule: Schedule::default(),
            outbound: outbound::Settings::default(),
            rotation: days(1),
            failing: days(5),
            retention: days(90),
            done_kept: days(7),
            own_changes: true,
            tending: Duration::from_secs(60),
            holder: Text::from(format!("outflow/{}", std::process::id())),
        }
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").field("public_url", &self.public_url).finish_non_exhaustive()
    }
}

/// Profiles below `/pods` of the public URL.
pub(crate) fn plain_profiles(public_url: &str) -> Profile {
    let root = public_url.to_owned();
    Arc::new(move |who, key| {
        let word = match who {
            Who::Agent => "agent",
            Who::Office => "office",
            Who::App => "app",
            Who::Feed => "feed",
        };
        Text::from(format!("{root}/pods/{word}-{key}/profile/card#me"))
    })
}
