//! What was published under a key before, so that a repeated request is done once (EVT-040).

use std::collections::HashMap;

use dictionary::{Named, Text, Timestamp, named};
use gate::Caller;
use jiff::ToSpan as _;
use store::{Batch, Expect, Operation, Sequence};

use crate::hash::sha256;
use crate::reply::Refused;
use crate::{Door, profile};

/// How long a key is remembered.
const HOURS: i64 = 7 * 24;
/// Bytes of an `Idempotency-Key`.
const LONGEST: usize = 255;

/// A key, and the body that it stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Key {
    /// What it is kept under: nobody else's key, however it is spelled.
    id: Text,
    /// What the body hashes to.
    body: Text,
}

fn key(kind: &str, caller: &Caller, given: &str, body: &[u8]) -> Key {
    Key { id: sha256(format!("{}\n{kind}\n{given}", caller.client()).as_bytes()), body: sha256(body) }
}

/// The header that names a request, and what it holds: the same over HTTP and in a message of a topic.
pub(super) const HEADER: &str = "idempotency-key";

/// What the `Idempotency-Key` says.
///
/// # Errors
/// 400 where it is empty, too long, or no ASCII.
pub(super) fn of_request(given: &[u8], caller: &Caller, body: &[u8]) -> Result<Key, Refused> {
    let sound =
        |text: &&str| (1..=LONGEST).contains(&text.len()) && text.bytes().all(|b| (32..127).contains(&b));
    match std::str::from_utf8(given).ok().filter(sound) {
        Some(given) => Ok(key("request", caller, given, body)),
        None => {
            let message = "The Idempotency-Key is empty, too long, or no ASCII.";
            Err(Refused::new(400, "idempotency_key_wrong", message, "Send 1 to 255 characters of ASCII."))
        }
    }
}

/// The key of a message that lies in a topic: no producer can name another's, nor spell one like it.
pub(super) fn of_message(place: &str, caller: &Caller, body: &[u8]) -> Key {
    key("message", caller, place, body)
}

/// The key of an event whose own `id` lies in its producer's namespace; any other id is ignored.
pub(super) fn of_event(id: &str, caller: &Caller, door: &Door, text: &str) -> Option<Key> {
    let inside = profile::namespaces(&door.settings, caller.client()).iter().any(|root| id.starts_with(root));
    inside.then(|| key("event", caller, id, text.as_bytes()))
}

/// What is remembered of keys.
pub(super) struct Known(HashMap<Text, Before>);

struct Before {
    version: Sequence,
    /// The hash of the body and the answer; none where they have been forgotten.
    said: Option<(Text, Text)>,
}

/// Looks keys up.
pub(super) async fn known(door: &Door, keys: &[&Key], now: Timestamp) -> Result<Known, Refused> {
    let own = door.dictionary.known("PublishKey");
    let mut known = HashMap::new();
    if !keys.is_empty() {
        let ids: Vec<Text> = keys.iter().map(|key| key.id.clone()).collect();
        for stored in door.store.get_many(own.id, &ids).await?.into_iter().flatten() {
            let read = Named { own, record: &stored.record };
            let remembered = read.instant("ExpirationTimestamp").is_some_and(|end| now < end);
            let said = read.text("BodyHash").zip(read.text("AnswerText")).filter(|_| remembered);
            known.insert(stored.key, Before { version: stored.sequence, said });
        }
    }
    Ok(Known(known))
}

impl Known {
    /// What was answered to this key before.
    ///
    /// # Errors
    /// 409 where it stood for another body.
    pub(super) fn answer(&self, key: &Key) -> Result<Option<&str>, Refused> {
        match self.0.get(&key.id).and_then(|before| before.said.as_ref()) {
            None => Ok(None),
            Some((body, answer)) if *body == key.body => Ok(Some(answer)),
            Some(_) => Err(Refused::new(
                409,
                "idempotency_key_used",
                "This key was used for another body.",
                "Take a new key for what is new; a key is remembered for 7 days.",
            )),
        }
    }

    /// Remembers the answer to a key, in the batch of what it acknowledges.
    pub(super) fn keep(
        &self,
        door: &Door,
        key: &Key,
        client: &Text,
        answer: &str,
        now: Timestamp,
        batch: &mut Batch,
    ) {
        let before = self.0.get(&key.id);
        if before.is_some_and(|before| before.said.is_some()) {
            return;
        }
        let fields = [
            ("PublishKeyId", Some(key.id.clone().into())),
            ("ClientId", Some(client.clone().into())),
            ("BodyHash", Some(key.body.clone().into())),
            ("AnswerText", Some(answer.into())),
            ("ExpirationTimestamp", now.checked_add(HOURS.hours()).ok().map(Into::into)),
            ("ModificationTimestamp", Some(now.into())),
        ];
        let expect = before.map_or(Expect::Absent, |before| Expect::At(before.version));
        batch.operations.push(Operation::put_own(named(door.dictionary.known("PublishKey"), fields), expect));
    }
}
