//! Access tokens: signed, so that every node believes them without asking another.
//!
//! `fh_at.` payload `.` mac, both in base64url; the payload is version, client, key, last second and
//! scope, a line each; the mac is HMAC-SHA-256 over everything before it. There is one algorithm and no
//! header that names it, so none can be bargained down. A token names the key that it was bought with
//! and dies with it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dictionary::{Text, Timestamp};
use ring::hmac;

use crate::{Secret, SigningKey};

const PREFIX: &str = "fh_at.";

/// What the token endpoint answers (RFC 6749, 5.1).
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// `access_token`
    pub token: Secret,
    /// `token_type`: always `Bearer`.
    pub token_type: &'static str,
    /// `expires_in`: seconds from now.
    pub expires_in: u32,
    /// `scope`: `api` or `read`.
    pub scope: &'static str,
}

/// What a token says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Claims {
    pub(crate) client: Text,
    pub(crate) key: Text,
    /// The second since 1970 at which it is good no more.
    pub(crate) expires: i64,
    pub(crate) read_only: bool,
}

/// Why a token is not believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TokenFault {
    Wrong,
    Expired,
}

pub(crate) fn is_token(text: &str) -> bool {
    text.starts_with(PREFIX)
}

pub(crate) fn sign(claims: &Claims, key: &SigningKey) -> Secret {
    let scope = if claims.read_only { "read" } else { "api" };
    let payload = format!("1\n{}\n{}\n{}\n{scope}", claims.client, claims.key, claims.expires);
    let mut text = PREFIX.to_owned();
    URL_SAFE_NO_PAD.encode_string(payload, &mut text);
    let mac = hmac::sign(&key.0, text.as_bytes());
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(mac, &mut text);
    Secret::new(text)
}

pub(crate) fn verify(text: &str, key: &SigningKey, now: Timestamp) -> Result<Claims, TokenFault> {
    let (signed, mac) = text.rsplit_once('.').ok_or(TokenFault::Wrong)?;
    let mac = URL_SAFE_NO_PAD.decode(mac).map_err(|_| TokenFault::Wrong)?;
    hmac::verify(&key.0, signed.as_bytes(), &mac).map_err(|_| TokenFault::Wrong)?;
    let payload = signed.strip_prefix(PREFIX).ok_or(TokenFault::Wrong)?;
    let claims = read(payload).ok_or(TokenFault::Wrong)?;
    if now.as_second() >= claims.expires { Err(TokenFault::Expired) } else { Ok(claims) }
}

fn read(payload: &str) -> Option<Claims> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    let mut lines = text.split('\n');
    let mut next = || lines.next();
    if next()? != "1" {
        return None;
    }
    let (client, key) = (Text::new(next()?), Text::new(next()?));
    let expires = next()?.parse().ok()?;
    let read_only = match next()? {
        "read" => true,
        "api" => false,
        _ => return None,
    };
    next().is_none().then_some(Claims { client, key, expires, read_only })
}
