//! What lies in a topic of a message broker, published as over HTTP: the same bounds, permission, schema and
//! order, and done once however often it comes (EVT-040).

use std::borrow::Cow;

use serde_json::json;

use super::{TOO_BUSY, keys, take};
use crate::Door;
use crate::reply::{Refused, verdict};

/// A message that was taken out of a topic.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// Whose client publishes what lies in the topic.
    pub client: &'a str,
    /// Where it lay: the same however often it comes, and nobody else's.
    pub place: &'a str,
    /// The producer's own `Idempotency-Key`, where the message has one: then that counts, over HTTP as here.
    pub key: Option<&'a [u8]>,
    /// An event or an array of them.
    pub body: &'a [u8],
}

/// What became of a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is kept, durably, or was before.
    Kept,
    /// It is refused, and will be however often it comes.
    Refused {
        /// The fault's stable code.
        code: Cow<'static, str>,
        /// What is wrong, in a sentence.
        message: String,
        /// Everything that is wrong with the payload, as the validator says it (EVT-021), where that is it.
        faults: Option<String>,
    },
    /// It cannot be kept just now: the store does not answer, or its client is not active.
    Later,
}

impl Door {
    /// Publishes a message in the name of a client that an operator said it is of. It spends no quota: how fast a
    /// topic is read is for the reader to say.
    pub async fn publish(&self, message: Message<'_>) -> Verdict {
        let Message { client, place, key, body } = message;
        let Some(caller) = self.gate.in_the_name_of(client, (self.clock)()) else {
            tracing::warn!(client, "what lies in its topic waits: the client is not active");
            return Verdict::Later;
        };
        let key = match key {
            Some(given) => keys::of_request(given, &caller, body),
            None => Ok(keys::of_message(place, &caller, body)),
        };
        let taken = match key {
            Ok(key) => take(self, caller, Some(key), body).await,
            Err(refused) => Err(refused),
        };
        match taken {
            Ok(_) => Verdict::Kept,
            Err(refused) => said(refused),
        }
    }
}

/// Whether a refusal is the message's own fault, and which.
fn said(refused: Refused) -> Verdict {
    match refused {
        Refused::Refusal(refusal) if refusal.status >= 500 || refusal.code == TOO_BUSY => Verdict::Later,
        Refused::Refusal(refusal) => {
            let message = format!("{} {}", refusal.message, refusal.hint);
            Verdict::Refused { code: refusal.code.into(), message, faults: None }
        }
        Refused::Sentence(status, message) => {
            let code =
                if status == http::StatusCode::FORBIDDEN { "not_granted" } else { "recipient_missing" };
            Verdict::Refused { code: code.into(), message, faults: None }
        }
        Refused::Invalid(items) => {
            let said = verdict(&items, &[]);
            let message = said["error"]["message"].as_str().unwrap_or_default().to_owned();
            let faults = Some(json!(items).to_string());
            Verdict::Refused { code: "payload_invalid".into(), message, faults }
        }
    }
}
