//! Publishing, by `POST /publish/` or from a topic: read, permit, judge, put in order, write, acknowledge.
//!
//! All events of a request are kept in one batch of the store together with what they change, or none is;
//! the answer is sent when that is on disk (EVT-042).

mod envelope;
mod keys;
mod message;
mod order;
mod posted;
mod rejected;

use axum::extract::{Extension, State};
use axum::response::Response;
use bytes::Bytes;
use dictionary::{Text, Timestamp};
use gate::Caller;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use outflow::EventId;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use store::{Batch, ErrorKind};

pub use self::message::{Message, Verdict};

use self::order::{Order, Place};
use crate::Door;
use crate::reply::{Answer, Refused, json};
use crate::schema::Item;

/// How often a request is put in order anew because others were faster; each time one of them was done.
const MOST_TRIES: usize = 16;

/// The code of a request that was put in order too often: it may be sent again as it is.
const TOO_BUSY: &str = "too_busy";

/// What is answered of one event.
#[derive(Clone, PartialEq, Debug, Serialize)]
struct Published {
    id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Item>,
}

/// Takes one event or an array of them.
pub(crate) async fn publish(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let given = headers.get(keys::HEADER).map(HeaderValue::as_bytes);
    let key = given.map(|given| keys::of_request(given, &caller, &body)).transpose()?;
    let (status, body) = take(&door, caller, key, &body).await?;
    Ok(answer(status, &body))
}

/// Takes a body that a caller publishes, however it came in; what is answered is kept by then.
async fn take(
    door: &Door,
    caller: Caller,
    key: Option<keys::Key>,
    body: &[u8],
) -> Result<(StatusCode, String), Refused> {
    let now = (door.clock)();
    let sent = posted::read(body, &caller, door)?;
    let request = Request { key, sent, caller };
    request.permit(door, now)?;
    if let Err((refused, faults)) = request.judge() {
        rejected::note(door, &request.caller, &request.sent.events, &faults, 400, now).await?;
        return Err(refused);
    }
    for _ in 0..MOST_TRIES {
        if let Some(answer) = request.keep(door, now).await? {
            return Ok(answer);
        }
    }
    Err(Refused::new(
        409,
        TOO_BUSY,
        "Others report on the same transaction all the time.",
        "Send the reports of one transaction one after the other.",
    ))
}

/// What was asked, read.
struct Request {
    /// The `Idempotency-Key`, with what it stands for.
    key: Option<keys::Key>,
    sent: posted::Sent,
    caller: Caller,
}

/// What a request comes to: the batch, what is answered, and what stands in the way.
struct Draft {
    batch: Batch,
    told: Vec<Published>,
    conflicts: Vec<Vec<Item>>,
    /// Whether any event is new.
    new: bool,
}

impl Request {
    /// EVT-033, EVT-034: who may not publish to one of the recipients publishes to none.
    fn permit(&self, door: &Door, now: Timestamp) -> Result<(), Refused> {
        if self.caller.is_read_only() {
            let hint = "Ask the token endpoint for a token of the scope api.";
            return Err(Refused::new(403, "read_only", "This token may only read.", hint));
        }
        for posted in &self.sent.events {
            for recipient in posted.recipients.iter().chain(&posted.sources) {
                if !door.may_publish(&self.caller, recipient, &posted.topic, now) {
                    let topic = &posted.topic;
                    let sentence = format!("Not authorized to publish to {recipient} on topic {topic}");
                    return Err(Refused::Sentence(StatusCode::FORBIDDEN, sentence));
                }
            }
        }
        Ok(())
    }

    /// Everything that is wrong with any of the events, together, and event by event.
    fn judge(&self) -> Result<(), (Refused, Vec<Vec<Item>>)> {
        let faults: Vec<Vec<Item>> =
            self.sent.events.iter().map(|posted| posted.judged.items.clone()).collect();
        if faults.iter().all(Vec::is_empty) {
            return Ok(());
        }
        let all = faults.iter().enumerate().flat_map(|(at, items)| {
            let several = self.sent.several;
            items.iter().map(move |item| if several { item.clone().within(at) } else { item.clone() })
        });
        Err((Refused::Invalid(all.collect()), faults))
    }

    /// Keeps the events. None where somebody else was faster with what it was based on.
    async fn keep(&self, door: &Door, now: Timestamp) -> Result<Option<(StatusCode, String)>, Refused> {
        let events = &self.sent.events;
        let wanted: Vec<&keys::Key> =
            self.key.iter().chain(events.iter().filter_map(|posted| posted.key.as_ref())).collect();
        let known = keys::known(door, &wanted, now).await?;
        if let Some(key) = &self.key
            && let Some(first) = known.answer(key)?
        {
            return Ok(Some((StatusCode::CREATED, first.to_owned())));
        }
        let mut order = Order::read(door, self.caller.client(), events).await?;
        let mut draft = self.draft(door, &known, &mut order, now)?;
        if let Some(item) = draft.conflicts.iter().flatten().next() {
            let message = item.message.clone();
            rejected::note(door, &self.caller, events, &draft.conflicts, 409, now).await?;
            return Err(Refused::new(409, "sequence_taken", message, "Send it with a higher sequence."));
        }
        order.write(now, &mut draft.batch);
        let body = match draft.told.as_slice() {
            [one] if !self.sent.several => serde_json::to_string(one),
            several => serde_json::to_string(several),
        };
        let body = body.unwrap_or_default();
        if let Some(key) = &self.key {
            known.keep(door, key, self.caller.client(), &body, now, &mut draft.batch);
        }
        if !draft.batch.operations.is_empty() {
            match door.store.write(draft.batch).await {
                Ok(_) => {}
                Err(error) if error.kind == ErrorKind::Conflict => return Ok(None),
                Err(error) => return Err(error.into()),
            }
        }
        let status = if draft.new { StatusCode::CREATED } else { StatusCode::OK };
        Ok(Some((status, body)))
    }

    /// Puts each event in its place.
    fn draft(
        &self,
        door: &Door,
        known: &keys::Known,
        order: &mut Order,
        now: Timestamp,
    ) -> Result<Draft, Refused> {
        let events = &self.sent.events;
        let first = EventId::make(now).map_err(|error| {
            tracing::error!("no id can be made: {error}");
            Refused::new(500, "no_randomness", "No id can be made.", "Look at the system's log.")
        })?;
        let mut draft = Draft {
            batch: Batch::new(self.caller.actor(), now),
            told: Vec::with_capacity(events.len()),
            conflicts: vec![Vec::new(); events.len()],
            new: false,
        };
        for (at, posted) in events.iter().enumerate() {
            let before = posted.key.as_ref().map(|key| known.answer(key)).transpose()?.flatten();
            let event = envelope::event(door, &self.caller, posted, first.after(at as u64), now);
            let uri = match before {
                Some(uri) => Text::from(uri),
                None => match order.place(posted, &event) {
                    Place::New => {
                        let refused = |fault: outflow::EventFault| {
                            Refused::new(400, fault.code, fault.message, fault.hint)
                        };
                        draft.new = true;
                        draft.batch.operations.push(event.operation(&door.dictionary, now).map_err(refused)?);
                        event.uri
                    }
                    Place::Same(uri) => uri,
                    Place::Other(item) => {
                        draft.conflicts[at].push(item);
                        continue;
                    }
                },
            };
            if let Some(key) = &posted.key {
                known.keep(door, key, self.caller.client(), &uri, now, &mut draft.batch);
            }
            draft.told.push(Published { id: uri.into(), warnings: posted.judged.warnings.clone() });
        }
        Ok(draft)
    }
}

#[derive(Deserialize)]
struct One {
    id: String,
}

/// The answer, with the address of the event where it is one (EVT-030).
fn answer(status: StatusCode, body: &str) -> Response {
    let mut answer = json(status, &RawValue::from_string(body.to_owned()).ok());
    if let Ok(One { id }) = serde_json::from_str(body)
        && let Ok(location) = HeaderValue::try_from(id)
    {
        answer.headers_mut().insert(header::LOCATION, location);
    }
    answer
}
