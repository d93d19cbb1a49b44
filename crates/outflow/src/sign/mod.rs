//! Signatures, and the secrets behind them.
//!
//! No record holds a secret. There is one key, in a file of the data directory; an endpoint's secret is
//! derived from it, the endpoint's id and a random number that its record holds. So neither the log nor a
//! backup holds what would forge a delivery, and a secret can be shown again only by whoever has the file.

mod master;
#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use ring::signature::{Ed25519KeyPair, KeyPair as _};

pub use master::MasterKey;

/// How an endpoint's deliveries are signed (Standard Webhooks 1.0).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Scheme {
    /// `v1`: HMAC-SHA-256 with a secret that both sides know.
    #[default]
    Hmac,
    /// `v1a`: Ed25519, of which the receiver knows the public key alone.
    Ed25519,
}

/// The secret of one endpoint: 32 bytes that look random to whoever does not have the key in the file.
#[derive(Clone)]
pub struct EndpointSecret {
    bytes: [u8; 32],
    scheme: Scheme,
}

impl EndpointSecret {
    pub(crate) fn new(bytes: [u8; 32], scheme: Scheme) -> Self {
        Self { bytes, scheme }
    }

    /// What the receiver is given (EVT-081): `whsec_` and the secret, or `whpk_` and the public key.
    #[must_use]
    pub fn for_receiver(&self) -> String {
        match self.scheme {
            Scheme::Hmac => format!("whsec_{}", STANDARD.encode(self.bytes)),
            Scheme::Ed25519 => format!("whpk_{}", STANDARD.encode(self.pair().public_key())),
        }
    }

    /// One signature over an attempt, as it stands in `webhook-signature` (EVT-080).
    #[must_use]
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let mut signed = format!("{id}.{timestamp}.").into_bytes();
        signed.extend_from_slice(body);
        match self.scheme {
            Scheme::Hmac => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, &self.bytes);
                format!("v1,{}", STANDARD.encode(hmac::sign(&key, &signed)))
            }
            Scheme::Ed25519 => format!("v1a,{}", STANDARD.encode(self.pair().sign(&signed))),
        }
    }

    fn pair(&self) -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&self.bytes).expect("any 32 bytes are a seed")
    }
}

impl std::fmt::Debug for EndpointSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EndpointSecret(…)")
    }
}

/// The signature of the older protocol, over the body alone: `sha1=` and hexadecimal digits (EVT-083).
#[must_use]
pub fn legacy(salt: &str, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, salt.as_bytes());
    hmac::sign(&key, body).as_ref().iter().fold(String::from("sha1="), |mut text, byte| {
        let _ = std::fmt::Write::write_fmt(&mut text, format_args!("{byte:02x}"));
        text
    })
}
