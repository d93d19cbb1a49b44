//! Issuing and revoking keys.

use std::time::Duration;

use dictionary::{Record, Text, Timestamp, Value};
use gate::{Environment, IssuedKey, OWN_FEED, PartnerKeyFault, Secret};
use odata::Fault;
use store::{Expect, Operation, Stored};

use super::reading::{Part, get, list};
use super::writing::{put, put_with};
use super::{Act, Desk};

/// Keys of the partner API that a client may have at once: the one in use and the one that follows it.
const PARTNER_KEYS: usize = 2;
/// How often one is issued anew as the client was changed meanwhile; each time somebody else was done.
const MOST_TRIES: usize = 16;

/// Which doors a key opens.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum KeyUse {
    /// Every door that takes a bearer token.
    #[default]
    Bearer,
    /// The partner API. A client may bring the key that it had at another host (PAR-009).
    Partner {
        /// That key; one is made where there is none.
        given: Option<Secret>,
    },
}

/// What an operator says of a new key.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NewKey {
    /// What it is called, for people.
    pub name: Option<Text>,
    /// When it ends.
    pub expires: Option<Timestamp>,
    /// What it opens.
    pub opens: KeyUse,
    /// The environment that it is for. Where none is said, a partner's key is for this installation's,
    /// and any other for each.
    pub environment: Option<Environment>,
}

/// A key that was issued. The secret is shown this once: only its hash is kept.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The key's record.
    pub kept: Stored,
    /// What the client sends.
    pub secret: Secret,
}

/// Issues a further key to a client. The client's other keys stay good, so that it can change over in
/// its own time; revoke them then. Of the partner API's a client has two at once (PAR-010).
///
/// # Errors
/// 404 where there is no such client, 422 where the key would have ended already or is none that could
/// be taken, 409 where the client has two keys of the partner API or is changed all the time.
pub async fn issue_key(desk: &Desk, act: &Act, client: &str, new: NewKey) -> Result<Shown, Fault> {
    let own = desk.dictionary.known("ClientKey").id;
    let mut holder = get(desk, "Client", client).await?;
    let partner = matches!(new.opens, KeyUse::Partner { .. });
    let (record, secret) = made(desk, act, client, new)?;
    if !partner {
        let kept = put(desk, act, own, record, Expect::Absent).await?;
        return Ok(Shown { kept, secret });
    }
    for _ in 0..MOST_TRIES {
        two_at_most(desk, act, client).await?;
        let with = Some(touched(desk, act, &holder));
        match put_with(desk, act, own, record.clone(), Expect::Absent, with).await {
            Err(fault) if fault.code == "version_conflict" => holder = get(desk, "Client", client).await?,
            said => return said.map(|kept| Shown { kept, secret }),
        }
    }
    let message = format!("Client {client:?} is changed all the time.");
    Err(Fault::new(409, "too_busy", message, "Issue its keys one after the other."))
}

/// The client's record as it is, but for when it changed. It stands in the batch of a key of which there
/// are only so many: who has counted before another's key was there is told, and counts again.
fn touched(desk: &Desk, act: &Act, client: &Stored) -> Operation {
    let mut record = (*client.record).clone();
    if let Some(field) = desk.dictionary.known("Client").timestamp {
        let before = record.get(field).and_then(Value::as_timestamp);
        // What does not differ makes no version.
        let now = before.map_or(act.now, |before| act.now.max(before + Duration::from_micros(1)));
        record.set(field, now);
    }
    Operation::Put { feed: OWN_FEED.into(), record, expect: Expect::At(client.sequence), stamp: None }
}

/// A new key's record, and its secret.
fn made(desk: &Desk, act: &Act, client: &str, new: NewKey) -> Result<(Record, Secret), Fault> {
    if new.expires.is_some_and(|end| end <= act.now) {
        let message = "A key that ends in the past is good for nothing.";
        return Err(Fault::new(422, "expired_already", message, "Name a later instant, or none.")
            .about("ExpirationTimestamp"));
    }
    let own = desk.dictionary.known("ClientKey");
    let mut record = Record::new(own.id);
    let mut set = |name: &str, value: Value| {
        if let Some(field) = own.find(name) {
            record.set(field, value);
        }
    };
    set("ClientId", client.into());
    if let Some(name) = new.name {
        set("ClientKeyName", name.into());
    }
    if let Some(end) = new.expires {
        set("ExpirationTimestamp", end.into());
    }
    let mut environment = new.environment;
    let secret = match new.opens {
        KeyUse::Bearer => {
            let key = IssuedKey::make().map_err(|error| no_randomness(&error))?;
            set("ClientKeyId", key.id.into());
            set("ClientKeyHash", key.hash.into());
            key.secret
        }
        KeyUse::Partner { given } => {
            let gate = desk.gate.as_ref().ok_or_else(no_gate)?;
            let key = gate.partner_key(client, given.as_ref()).map_err(|fault| wrong_key(&fault))?;
            environment = environment.or_else(|| Some(gate.environment()));
            set("ClientKeyUse", "Partner".into());
            set("ClientKeyId", key.id.into());
            set("ClientKeyHash", key.hash.into());
            set("ClientKeySalt", key.salt.into());
            set("ClientKeySealed", key.sealed.into());
            key.secret
        }
    };
    if let Some(environment) = environment {
        set("ClientKeyEnvironment", environment.name().into());
    }
    Ok((record, secret))
}

/// Refuses a third key of the partner API beside two that are good (PAR-010).
async fn two_at_most(desk: &Desk, act: &Act, client: &str) -> Result<(), Fault> {
    let own = desk.dictionary.known("ClientKey");
    let (Some(of), Some(opens)) = (own.find("ClientId"), own.find("ClientKeyUse")) else { return Ok(()) };
    let fields = vec![(of, Text::new(client)), (opens, Text::new_static("Partner"))];
    let mut part = Part { after: None, limit: 1_000, fields };
    let mut good = 0;
    loop {
        let found = list(desk, "ClientKey", &part).await?;
        let at = |kept: &Stored, name: &str| kept.record.get(own.find(name)?)?.as_timestamp();
        let ended = |kept: &&Stored| {
            at(kept, "RevokedTimestamp").is_some()
                || at(kept, "ExpirationTimestamp").is_some_and(|end| end <= act.now)
        };
        good += found.records.iter().filter(|kept| !ended(kept)).count();
        let Some(next) = found.next else { break };
        part.after = Some(next);
    }
    if good < PARTNER_KEYS {
        return Ok(());
    }
    let message = format!("Client {client:?} has {good} keys of the partner API that are good.");
    Err(Fault::new(409, "two_keys_already", message, "Revoke the older one first."))
}

fn no_gate() -> Fault {
    Fault::new(
        500,
        "no_gate",
        "A partner's key is made by the gate, and there is none.",
        "Start with a gate.",
    )
}

fn wrong_key(fault: &PartnerKeyFault) -> Fault {
    match fault {
        PartnerKeyFault::Randomness(error) => no_randomness(error),
        _ => {
            let hint = "Give the key that the client has from its former host, or none.";
            Fault::new(422, "key_wrong", fault.to_string(), hint).about("systemaccesskey")
        }
    }
}

fn no_randomness(error: &std::io::Error) -> Fault {
    Fault::new(500, "no_randomness", format!("No key can be made: {error}."), "Look at the system's log.")
}

/// Revokes a key. When this returns, the key and every token bought with it are refused by this node;
/// other nodes follow as fast as they hear of the log.
///
/// # Errors
/// 404 where there is no such key. One that was revoked before stays so.
pub async fn revoke_key(desk: &Desk, act: &Act, key: &str) -> Result<Stored, Fault> {
    let kept = get(desk, "ClientKey", key).await?;
    let own = desk.dictionary.known("ClientKey");
    let Some(field) = own.find("RevokedTimestamp") else { return Ok(kept) };
    if kept.record.get(field).is_some() {
        return Ok(kept);
    }
    let mut record = (*kept.record).clone();
    record.set(field, act.now);
    // A use noted meanwhile must not save the key: whatever it holds, it is revoked.
    put(desk, act, own.id, record, Expect::Any).await
}
