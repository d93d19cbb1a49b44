//! The connection, and the patience with a broker that is not there.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use krafka::{Kafka, KrafkaError};

use crate::{Figures, Settings};

/// How this client names itself to the broker.
const CLIENT: &str = "freehold";
/// A broker that does not take a connection by then is tried again.
const CONNECT: Duration = Duration::from_secs(10);
/// How soon a topic that somebody has made is noticed.
const LOOK_AROUND: Duration = Duration::from_secs(10);

/// Why a role stops for a moment and begins anew.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("Kafka: {0}")]
    Broker(#[from] KrafkaError),
    #[error("the store: {0}")]
    Store(#[from] store::StoreError),
}

/// Connects, with how long one answer is waited for; the client finds the other brokers by itself and connects again by itself.
pub(crate) async fn connect(settings: &Settings, answer: Duration) -> Result<Kafka, KrafkaError> {
    Kafka::builder(settings.brokers.clone())
        .client_id(CLIENT)
        .security(settings.security.config())
        .connect_timeout(CONNECT)
        .request_timeout(answer)
        .metadata_max_age(LOOK_AROUND)
        .allow_auto_create_topics(true)
        .connect()
        .await
}

/// Waits between tries: longer each time, up to half a minute, never giving up.
#[derive(Debug)]
pub(crate) struct Patience {
    waits: ExponentialBackoff,
}

impl Patience {
    pub(crate) fn new() -> Self {
        let waits = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(200))
            .with_max_delay(Duration::from_secs(30))
            .with_jitter()
            .without_max_times()
            .build();
        Self { waits }
    }

    /// Says what was wrong and waits.
    pub(crate) async fn after(&mut self, trouble: &Trouble, figures: &Figures, doing: &'static str) {
        figures.count_failure();
        tracing::warn!("{doing} waits: {trouble}");
        tokio::time::sleep(self.waits.next().unwrap_or(Duration::from_secs(30))).await;
    }
}
