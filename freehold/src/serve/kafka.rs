//! The role that hands the log to Kafka, where the settings name a broker.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use dictionary::{Dictionary, Origin};
use kafka::{Figures, Login, Mechanism, Security};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::outflow::holder;
use super::{House, until};
use crate::clock;
use crate::settings::{Kafka, Settings};

/// Starts sending; nothing is started where no broker is named.
pub(super) fn start(
    house: &House,
    settings: &Settings,
    figures: &Arc<Figures>,
    stopped: watch::Receiver<bool>,
) -> Result<Option<JoinHandle<()>>> {
    if settings.kafka.brokers.is_empty() {
        return Ok(None);
    }
    let house = kafka::House {
        store: house.store.clone(),
        dictionary: Arc::clone(&house.dictionary),
        clock: clock::now,
        settings: terms(&settings.kafka, &house.dictionary)?,
        figures: Arc::clone(figures),
        holder: holder(settings),
    };
    Ok(Some(tokio::spawn(kafka::produce(house, until(stopped)))))
}

/// What the settings say, in the words of the crate.
fn terms(asked: &Kafka, dictionary: &Dictionary) -> Result<kafka::Settings> {
    let mut resources = Vec::new();
    for name in &asked.resources {
        match dictionary.find(name).filter(|found| found.origin != Origin::Freehold) {
            Some(found) => resources.push(found.id),
            None => bail!(
                "kafka.resources names {name}, which is no resource of the dictionary: Property, Member …"
            ),
        }
    }
    let login = match Mechanism::find(&asked.mechanism) {
        None => None,
        Some(mechanism) => {
            let file = &asked.password_file;
            let password = std::fs::read_to_string(file)
                .with_context(|| format!("kafka.password_file, {}, cannot be read.", file.display()))?;
            Some(Login { mechanism, user: asked.user.clone(), password: password.trim_end().to_owned() })
        }
    };
    let authority = (!asked.authority.as_os_str().is_empty()).then(|| asked.authority.clone());
    Ok(kafka::Settings {
        brokers: asked.brokers.clone(),
        security: Security { tls: asked.tls, authority, login },
        prefix: asked.prefix.clone(),
        resources,
    })
}
