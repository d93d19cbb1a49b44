//! Offline tokens (LBX-095): a permission that a box believes without the network.
//!
//! `fh_box.` payload `.` mac, both in base64url, as access tokens are written; the payload is version, id, box,
//! user, and the seconds from and up to which it is good, a line each. The mac is HMAC-SHA-256 under a key that is
//! the box's own, so that a box that is taken apart signs for no other. A token lives for 24 hours at most, and
//! never longer than what it was given for; a new one is given to whom the rules let in then.

use axum::extract::{Extension, Path, State};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use dictionary::Text;
use gate::{Caller, PurposeKey, fresh_id};
use http::StatusCode;
use ring::hmac;
use serde_json::json as object;

use super::opened::no_randomness;
use super::{Put, Question, told};
use crate::audit::Kind;
use crate::decisions::Decision;
use crate::reply::{Answer, Refused, json};
use crate::rights::{may_write, not_yours};
use crate::{Door, body};

const PREFIX: &str = "fh_box.";
/// Bytes of a token at most: it holds two ids.
const LONGEST: usize = 2_048;

/// What tokens are signed with.
#[derive(Clone, Debug)]
pub(crate) struct Signing(PurposeKey);

/// What a token says.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Claims {
    id: Text,
    lockbox: Text,
    user: Text,
    from: i64,
    until: i64,
}

impl Signing {
    pub(crate) fn new(key: PurposeKey) -> Self {
        Self(key)
    }

    /// The key of one box.
    fn secret(&self, lockbox: &str) -> [u8; 32] {
        self.0.mac(lockbox.as_bytes())
    }

    fn sign(&self, claims: &Claims) -> String {
        let Claims { id, lockbox, user, from, until } = claims;
        let mut text = PREFIX.to_owned();
        URL_SAFE_NO_PAD.encode_string(format!("1\n{id}\n{lockbox}\n{user}\n{from}\n{until}"), &mut text);
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.secret(lockbox));
        let mac = hmac::sign(&key, text.as_bytes());
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(mac, &mut text);
        text
    }

    /// What a token says that was signed here, whether it is good still or not.
    fn read(&self, text: &str) -> Option<Claims> {
        let (signed, mac) = text.rsplit_once('.')?;
        let payload = URL_SAFE_NO_PAD.decode(signed.strip_prefix(PREFIX)?).ok()?;
        let payload = String::from_utf8(payload).ok()?;
        let [version, id, lockbox, user, from, until] =
            payload.split('\n').collect::<Vec<_>>().try_into().ok()?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.secret(lockbox));
        hmac::verify(&key, signed.as_bytes(), &URL_SAFE_NO_PAD.decode(mac).ok()?).ok()?;
        let (from, until) = (from.parse().ok()?, until.parse().ok()?);
        (version == "1").then(|| Claims {
            id: id.into(),
            lockbox: lockbox.into(),
            user: user.into(),
            from,
            until,
        })
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    lockbox: String,
    user: String,
}

/// `POST /lockbox/offline-tokens`
pub(crate) async fn issue(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    bytes: Bytes,
) -> Answer {
    let wanted: Wanted = body::read(&bytes)?;
    give(&door, &caller, wanted.lockbox, wanted.user).await
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Held {
    token: String,
}

/// `POST /lockbox/offline-tokens/refresh`: the rules are asked anew, so that a termination ends it here.
pub(crate) async fn refresh(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    bytes: Bytes,
) -> Answer {
    let held: Held = body::read(&bytes)?;
    let claims = Some(held.token).filter(|token| token.len() <= LONGEST);
    let claims = claims.and_then(|token| door.tokens.read(&token)).ok_or_else(|| {
        let message = "The token was not given here.";
        Refused::new(400, "token_wrong", message, "Ask for a new one: POST /lockbox/offline-tokens.")
    })?;
    give(&door, &caller, claims.lockbox.into(), claims.user.into()).await
}

async fn give(door: &Door, caller: &Caller, lockbox: String, user: String) -> Answer {
    let now = (door.clock)();
    may_write(caller)?;
    // A token needs a user: a code is a promise of its own.
    let question = Question {
        lockbox,
        user: Some(user),
        code: None,
        at: None,
        method: None,
        compartment: None,
        id: None,
    };
    let put: Put = door.put(caller, &question, now).await?;
    let decided = door.decided(&put, now)?;
    let id = fresh_id(now).map_err(no_randomness)?;
    let noted = door.note(caller, (Kind::Token, &put, &decided), (Some(&id), None), now).await?;
    let mut answer = told(&put, &decided, &noted);
    answer["token"] = match (&decided.decision, &put.user) {
        (Decision::Permit { valid_until, .. }, Some(user)) => {
            let (from, until) = (now.as_second(), valid_until.as_second());
            door.tokens
                .sign(&Claims { id, lockbox: put.lockbox.clone(), user: user.clone(), from, until })
                .into()
        }
        _ => serde_json::Value::Null,
    };
    Ok(json(StatusCode::OK, &answer))
}

/// `POST /lockbox/{environment}/tenants/{tenant}/boxes/{lockbox}/token-key`: what the box checks its tokens with, for
/// whoever puts keys into boxes.
pub(crate) async fn key(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, tenant, lockbox)): Path<(String, String, String)>,
) -> Answer {
    may_write(&caller)?;
    let visit = door.visit(&caller, &environment, &tenant).await?;
    let entry = visit.lockbox(&door, &lockbox)?;
    if !(visit.rights.administrator || visit.rights.vendor) {
        return Err(not_yours());
    }
    tracing::info!(
        client = caller.client().as_str(),
        lockbox = entry.id.as_str(),
        "the box's token key is told"
    );
    let key = STANDARD.encode(door.tokens.secret(&entry.id));
    Ok(json(
        StatusCode::OK,
        &object!({ "lockbox": entry.id.as_str(), "algorithm": "HMAC-SHA-256", "key": key }),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// LBX-095: a token says what was signed, and nothing else is believed.
    #[test]
    fn lbx_095_a_token_is_believed_as_it_was_signed() {
        let signing = |byte| Signing::new(gate::SigningKey::from_bytes(&[byte; 32]).purpose("tokens"));
        let claims = Claims { id: "t".into(), lockbox: "B".into(), user: "u".into(), from: 1, until: 2 };
        let token = signing(7).sign(&claims);
        assert_eq!(signing(7).read(&token), Some(claims.clone()));
        assert_eq!(signing(8).read(&token), None, "another installation's");
        let forged = signing(8).sign(&Claims { user: "v".into(), ..claims.clone() });
        let mixed = format!("{}.{}", forged.rsplit_once('.').unwrap().0, token.rsplit_once('.').unwrap().1);
        for wrong in [mixed.as_str(), "", "fh_box.", "fh_box..", &token[1..], &token[..token.len() - 1]] {
            assert_eq!(signing(7).read(wrong), None, "{wrong}");
        }
        // Another box's key signs nothing here.
        let other = signing(7).sign(&Claims { lockbox: "C".into(), ..claims });
        let moved = format!("{}.{}", token.rsplit_once('.').unwrap().0, other.rsplit_once('.').unwrap().1);
        assert_eq!(signing(7).read(&moved), None);
    }
}
