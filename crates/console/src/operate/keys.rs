//! Issuing and revoking keys.

use dictionary::{Record, Text, Timestamp};
use gate::{IssuedKey, Secret};
use odata::Fault;
use store::{Expect, Stored};

use super::reading::get;
use super::writing::put;
use super::{Act, Desk};

/// What an operator says of a new key.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NewKey {
    /// What it is called, for people.
    pub name: Option<Text>,
    /// When it ends.
    pub expires: Option<Timestamp>,
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
/// its own time; revoke them then.
///
/// # Errors
/// 404 where there is no such client, 422 where the key would have ended already.
pub async fn issue_key(desk: &Desk, act: &Act, client: &str, new: NewKey) -> Result<Shown, Fault> {
    get(desk, "Client", client).await?;
    if new.expires.is_some_and(|end| end <= act.now) {
        let message = "A key that ends in the past is good for nothing.";
        return Err(Fault::new(422, "expired_already", message, "Name a later instant, or none.")
            .about("ExpirationTimestamp"));
    }
    let key = IssuedKey::make().map_err(|error| {
        Fault::new(500, "no_randomness", format!("No key can be made: {error}."), "Look at the system's log.")
    })?;
    let own = desk.dictionary.known("ClientKey");
    let mut record = Record::new(own.id);
    let mut set = |name: &str, value: dictionary::Value| {
        if let Some(field) = own.find(name) {
            record.set(field, value);
        }
    };
    set("ClientKeyId", key.id.clone().into());
    set("ClientId", client.into());
    set("ClientKeyHash", key.hash.clone().into());
    if let Some(name) = new.name {
        set("ClientKeyName", name.into());
    }
    if let Some(end) = new.expires {
        set("ExpirationTimestamp", end.into());
    }
    let kept = put(desk, act, own.id, record, Expect::Absent).await?;
    Ok(Shown { kept, secret: key.secret })
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
