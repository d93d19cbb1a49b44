//! Clients of the partner API: whom a client id, a key or a signature, an instant and an address let in.
//!
//! The door reads the headers and rebuilds what was signed; everything that hangs on the installation's
//! records is asked here. Two schemes let a client in. In the plain one the key travels in the request
//! ([`Proof::Key`]). In the signed one it does not: the request carries an HMAC-SHA-256 over whatever the
//! door says was signed, under SHA-256 of the key ([`Proof::Mac`]).

mod key;
mod nonces;
mod terms;

use std::net::IpAddr;
use std::sync::Arc;

use dictionary::Timestamp;
use ring::hmac;

pub(crate) use key::SALT_BYTES;
pub use key::{PartnerKey, PartnerKeyFault};
pub(crate) use nonces::Nonces;
pub(crate) use terms::PartnerTerms;
pub use terms::{Environment, check_client};

use crate::book::KeyEntry;
use crate::{Caller, Gate, Refusal, Secret};

/// What a partner's request shows for itself.
#[derive(Clone, Copy, Debug)]
pub struct Knock<'a> {
    /// The client's id.
    pub client: &'a str,
    /// How it proves to be that client.
    pub proof: Proof<'a>,
    /// The instant that the request says it was sent at.
    pub sent: Timestamp,
    /// The address that it comes from, where that is known.
    pub from: Option<IpAddr>,
}

/// How a client proves who it is.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    /// It shows the key itself. That the request's own signature fits is for the door to say: it is made
    /// of what stands in the same header.
    Key(&'a Secret),
    /// It signs with the key and keeps it to itself (PAR-011).
    Mac {
        /// What was signed, as the door rebuilt it.
        signed: &'a [u8],
        /// HMAC-SHA-256 of it, under SHA-256 of the key.
        mac: &'a [u8],
        /// A text that the client uses once: 8 to 64 characters.
        nonce: &'a str,
    },
}

/// A key and a signature are not printed.
impl std::fmt::Debug for Proof<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Key(_) => "Key(…)",
            Self::Mac { .. } => "Mac(…)",
        })
    }
}

impl Gate {
    /// Lets a client of the partner API in, or not.
    ///
    /// # Errors
    /// Of status 403: an unknown client, a wrong, revoked or ended key, a blocked client and an address that
    /// is not allowed are refused alike (PAR-007): who guesses, or found a key, learns nothing.
    /// Whoever holds a good key is told of the wrong environment (PAR-008), of a timestamp that is too far
    /// off (PAR-006), that requests must be signed (PAR-011), and of a nonce that was used (PAR-012). Of
    /// status 429 where a client has signed more requests than are remembered.
    pub fn knock(&self, knock: &Knock<'_>, now: Timestamp) -> Result<Caller, Refusal> {
        let keys = self.shared.book.read().partner_keys(knock.client);
        let entry = match knock.proof {
            Proof::Key(given) => key::holding(&keys, given),
            Proof::Mac { signed, mac, .. } => self.signing(&keys, signed, mac),
        };
        let entry = entry.ok_or_else(refused)?;
        let caller = self.caller(&entry, false, now).map_err(|refusal| {
            tracing::info!(client = knock.client, key = entry.id.as_str(), code = refusal.code, "not let in");
            refused()
        })?;
        let terms = &caller.account.partner;
        if !terms.admits(knock.from) {
            tracing::warn!(client = knock.client, from = ?knock.from, "a good key from an address not allowed");
            return Err(refused());
        }
        self.in_environment(&entry)?;
        terms.in_time(knock.sent, now)?;
        match knock.proof {
            Proof::Key(_) if terms.signed => Err(Refusal::new(
                403,
                "signature_required",
                "This client signs its requests with HMAC-SHA256.",
                "docs/reference/partner-signature.md says how.",
            )),
            Proof::Key(_) => Ok(caller),
            Proof::Mac { nonce, .. } => {
                let until = knock.sent.as_second() + terms.tolerance_seconds();
                self.shared.nonces.lock().take(knock.client, nonce, until, now)?;
                Ok(caller)
            }
        }
    }

    /// Refuses a key of the other environment (PAR-008).
    pub(crate) fn in_environment(&self, key: &KeyEntry) -> Result<(), Refusal> {
        let here = self.shared.settings.environment;
        if key.environment.is_none_or(|of| of == here) {
            return Ok(());
        }
        let message = format!("This is a {} installation, and the key is not for it.", here.name());
        Err(Refusal::new(403, "environment_wrong", message, "Use the key of this environment."))
    }

    /// The environment of this installation.
    #[must_use]
    pub fn environment(&self) -> Environment {
        self.shared.settings.environment
    }

    /// Makes a key for a client of the partner API, of chance or of a text that the client has from
    /// another host; the record that holds it is for the caller to write.
    ///
    /// # Errors
    /// The text cannot be a key, or the system gives no randomness.
    pub fn partner_key(&self, client: &str, given: Option<&Secret>) -> Result<PartnerKey, PartnerKeyFault> {
        PartnerKey::make(&self.shared.settings.signing, client, given)
    }

    /// The key that made this signature. A client has two keys at most that are good, and few that were.
    fn signing(&self, keys: &[Arc<KeyEntry>], signed: &[u8], mac: &[u8]) -> Option<Arc<KeyEntry>> {
        let fits = |entry: &&Arc<KeyEntry>| {
            let Some(opened) = key::open(&self.shared.settings.signing, entry) else { return false };
            hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, &opened), signed, mac).is_ok()
        };
        // Who is not known is refused as slowly as who signs wrongly.
        if keys.is_empty() {
            let nobody = hmac::Key::new(hmac::HMAC_SHA256, &[0; 32]);
            return hmac::verify(&nobody, signed, mac).err().and(None);
        }
        keys.iter().find(fits).cloned()
    }
}

/// One answer for all that a stranger might try (PAR-007).
fn refused() -> Refusal {
    Refusal::new(
        403,
        "partner_refused",
        "Client and key are not admitted.",
        "Check the client's id, its key and the signature, or ask the operator.",
    )
}
