//! One event to try an endpoint with, sent at once and kept nowhere (EVT-094).

use std::time::Instant;

use dictionary::{Text, Timestamp};
use serde_json::json;
use store::Attempt;

use super::entity_event;
use super::request::Sending;
use crate::settings::Who;
use crate::standing::{EndpointStatus, Format};
use crate::{EventId, Fault, Outflow, operator};

/// What became of a try.
#[derive(Clone, PartialEq, Debug)]
pub struct TriedOut {
    /// The `webhook-id` that was sent.
    pub id: Text,
    /// Whether the endpoint acknowledged it.
    pub delivered: bool,
    /// What it answered, or why nothing came back.
    pub attempt: Attempt,
}

impl Outflow {
    /// Sends an event of `freehold/operator#endpoint.test` to an endpoint, signed and shaped as all are; to one
    /// that wants the log, a batch of no EntityEvents.
    ///
    /// # Errors
    /// 404 where there is no such endpoint, 409 where it is not active: who is unverified or disabled is sent
    /// nothing.
    pub async fn try_out(&self, id: &str, now: Timestamp) -> Result<TriedOut, Fault> {
        let shared = &self.shared;
        let endpoint = self.endpoint(id)?;
        if endpoint.status != EndpointStatus::Active {
            let message = format!("The endpoint {id} is not active.");
            return Err(Fault::new(409, "endpoint_inactive", message, "Let it be verified, or enable it."));
        }
        let object = json!({ "type": "Endpoint", "id": id });
        let event = EventId::make(now)?.text();
        let event = operator::event(
            &shared.settings,
            event.to_string(),
            "endpoint.test",
            &endpoint.client,
            now,
            &object,
        );
        let agent = (shared.settings.profile)(Who::App, &endpoint.client);
        let request = match endpoint.format {
            Format::EntityEvent => {
                entity_event::request(&shared.dictionary, &shared.settings, &endpoint, &[], now)
            }
            _ => {
                let data = &event.data;
                let (endpoint, event, agent) = (&*endpoint, &event, &agent);
                let sending = Sending { endpoint, event, agent, data, with_context: false, now };
                sending.request(&shared.settings.master)
            }
        };
        let begun = Instant::now();
        let answer = match request {
            Ok(request) => shared.client.send(request).await,
            Err(failure) => Err(failure),
        };
        let latency = begun.elapsed();
        let delivered = answer.as_ref().is_ok_and(|answer| answer.status.is_success());
        let attempt = match answer {
            Ok(answer) => Attempt {
                number: 1,
                at: now,
                status: Some(answer.status.as_u16()),
                latency,
                fault: (!delivered).then(|| "refused".into()),
                answer: Text::from(String::from_utf8_lossy(&answer.body)),
            },
            Err(failure) => Attempt {
                number: 1,
                at: now,
                status: None,
                latency,
                fault: Some(failure.code().into()),
                answer: failure.message.as_str().into(),
            },
        };
        Ok(TriedOut { id: event.id, delivered, attempt })
    }
}
