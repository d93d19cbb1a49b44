//! How outflow is set here, and its role: it sends until the server has stopped answering.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use dictionary::Text;
use gate::Gate;
use outflow::{MasterKey, Schedule, Who};
use ring::rand::{SecureRandom as _, SystemRandom};
use tokio::task::JoinHandle;

use super::{House, until};
use crate::clock;
use crate::settings::Settings;

/// What the settings say, in outflow's terms.
pub(super) fn terms(settings: &Settings, gate: &Gate) -> Result<outflow::Settings> {
    let file = settings.store.data.join("outflow.key");
    let master = MasterKey::from_file(&file).with_context(|| {
        format!("The key that webhooks are signed with, {}, cannot be used.", file.display())
    })?;
    let own = &settings.outflow;
    let hours = |hours: u64| Duration::from_secs(hours * 3_600);
    let public = settings.public_url();
    let records_url = Text::from(format!("{public}{}", settings.reso.root));
    let allowed = own.allowed_addresses.iter().filter_map(|range| range.parse().ok()).collect();
    // Whoever is told of goes by the name that the transactions door gives.
    let named = transactions_door::Settings {
        public_url: public.clone(),
        domain: settings.transactions.domain.clone(),
    };
    let profile: outflow::Profile = Arc::new(move |who, key| {
        let resource = match who {
            Who::Agent => "Member",
            Who::Office => "Office",
            Who::App => "Client",
            Who::Feed => "Feed",
        };
        transactions_door::profile_url(&named, resource, key).unwrap_or_default()
    });
    // As `/EntityEvent` tells it: whoever may read a resource in a feed is told of its changes.
    let gate = gate.clone();
    let sees: outflow::Sees = Arc::new(move |client, feed, resource| {
        let caller = gate.in_the_name_of(client, clock::now());
        caller.is_some_and(|caller| caller.may_read(feed, resource))
    });
    Ok(outflow::Settings {
        profile,
        sees,
        records_url,
        schedule: Schedule {
            waits: own.retry_seconds.iter().map(|wait| Duration::from_secs(*wait)).collect(),
            jitter: f64::from(own.retry_jitter_percent) / 100.0,
        },
        outbound: outbound::Settings {
            rules: outbound::Rules { allowed },
            timeout: Duration::from_secs(own.timeout_seconds),
            ..outbound::Settings::default()
        },
        rotation: hours(own.rotation_hours),
        failing: hours(own.failing_hours),
        retention: hours(own.retention_days * 24),
        done_kept: hours(own.done_days * 24),
        own_changes: own.own_changes,
        holder: holder(settings),
        ..outflow::Settings::new(&public, master, clock::now, chance)
    })
}

/// Starts sending, where this process is to send.
pub(super) fn start(
    house: &House,
    settings: &Settings,
    stopped: tokio::sync::watch::Receiver<bool>,
) -> JoinHandle<()> {
    let (outflow, send) = (house.outflow.clone(), settings.outflow.send);
    tokio::spawn(async move {
        let ended =
            if send { outflow.run(until(stopped)).await } else { outflow.watch(until(stopped)).await };
        if let Err(error) = ended {
            tracing::error!(code = error.code(), "outflow no longer follows the log: {error}");
        }
    })
}

/// Which process holds the lease. A file of SQLite has one process at a time, which after a crash need not
/// wait for itself; of those that share a database, another machine's may have the same number.
pub(super) fn holder(settings: &Settings) -> Text {
    if settings.store.postgres.is_empty() {
        return Text::new_static("outflow");
    }
    Text::from(format!("outflow/{}/{:016x}", std::process::id(), random()))
}

/// A number from 0 to 1.
fn chance() -> f64 {
    // 53 bits are what a double holds.
    (random() >> 11) as f64 / (1_u64 << 53) as f64
}

/// 64 random bits; the middle of all where the system gives none: only jitter hangs on it.
fn random() -> u64 {
    let mut bytes = [0x80; 8];
    match SystemRandom::new().fill(&mut bytes) {
        Ok(()) | Err(_) => u64::from_le_bytes(bytes),
    }
}
