//! The roles that work with Kafka, where the settings name a broker: one hands it the log, others take in what
//! is reported in its topics.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use dictionary::{Dictionary, Origin};
use kafka::{Figures, Intake, Login, Mechanism, Security, Take};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use transactions_door::{Door, Message};

use super::outflow::holder;
use super::{House, until};
use crate::clock;
use crate::settings::{Kafka, Settings};

/// The header in which a producer gives a message a name of its own, as over HTTP.
const KEY: &str = "idempotency-key";

/// Starts sending and taking in; nothing is started where no broker is named.
pub(super) fn start(
    house: &House,
    settings: &Settings,
    figures: &Arc<Figures>,
    stopped: watch::Receiver<bool>,
) -> Result<Vec<JoinHandle<()>>> {
    if settings.kafka.brokers.is_empty() {
        return Ok(Vec::new());
    }
    let door = &house.transactions;
    let house = kafka::House {
        store: house.store.clone(),
        dictionary: Arc::clone(&house.dictionary),
        clock: clock::now,
        settings: terms(&settings.kafka, &house.dictionary)?,
        figures: Arc::clone(figures),
        holder: holder(settings),
    };
    let mut roles = vec![tokio::spawn(kafka::produce(house.clone(), until(stopped.clone())))];
    for reports in &settings.kafka.reports {
        let intake = Intake {
            topic: reports.topic.clone(),
            group: settings.kafka.group.clone(),
            take: publishing(door.clone(), reports.client.clone()),
        };
        roles.push(tokio::spawn(kafka::consume(house.clone(), intake, until(stopped.clone()))));
    }
    Ok(roles)
}

/// Publishes what lies in a topic, in the name of a client.
fn publishing(door: Door, client: String) -> Take {
    Arc::new(move |incoming: kafka::Incoming| {
        let (door, client) = (door.clone(), client.clone());
        Box::pin(async move {
            let key = incoming.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(KEY));
            let message = Message {
                client: &client,
                place: &incoming.id,
                key: key.map(|(_, value)| value.as_ref()),
                body: &incoming.value,
            };
            match door.publish(message).await {
                transactions_door::Verdict::Kept => kafka::Verdict::Taken,
                transactions_door::Verdict::Later => kafka::Verdict::Later,
                transactions_door::Verdict::Refused { code, message, faults } => {
                    kafka::Verdict::Refused { code: code.into_owned(), message, faults }
                }
            }
        })
    })
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
