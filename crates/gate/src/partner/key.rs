//! Keys of the partner API: what is kept of them.
//!
//! A client may bring its key from another host, so it is a text of people's making: what is kept is
//! SHA-256 over a salt and the key (PAR-009), and texts that could be guessed are not taken. For signed
//! requests, in which the key does not travel, SHA-256 of the key is needed itself: that is kept sealed
//! under the installation's signing key, which is a file and in no record, so that the log or a backup
//! signs nothing.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use dictionary::Text;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;

use crate::book::KeyEntry;
use crate::secret::{fill, hash, hex, same};
use crate::{Secret, SigningKey};

/// What a key made here begins with, so that leak scanners find it.
const PREFIX: &str = "fhp_";
/// Shortest key that is taken from elsewhere, in characters.
const SHORTEST: usize = 16;
/// Longest: it stands in a header.
const LONGEST: usize = 256;
/// Fewest different characters: sixteen of one letter are no secret.
const FEWEST: usize = 6;
pub(crate) const SALT_BYTES: usize = 16;

/// A key that has just been made or taken over. The secret is nowhere else.
#[derive(Clone, Debug)]
pub struct PartnerKey {
    /// ClientKeyId
    pub id: Text,
    /// What the client sends, or signs with.
    pub secret: Secret,
    /// ClientKeySalt
    pub salt: Text,
    /// ClientKeyHash: SHA-256 over the salt's bytes and the secret's, in hexadecimal digits.
    pub hash: Text,
    /// ClientKeySealed: SHA-256 of the secret, sealed (AES-256-GCM) for the client and the key's id.
    pub sealed: Text,
}

/// Why a text cannot be a key.
#[derive(Debug, thiserror::Error)]
pub enum PartnerKeyFault {
    /// Too short or too long.
    #[error("A key of {0} characters is not taken: a key has {SHORTEST} to {LONGEST}.")]
    Length(usize),
    /// A character that cannot stand in the header.
    #[error("A key is of visible ASCII characters without `&`: others cannot travel in the header.")]
    Characters,
    /// Too few different characters.
    #[error("A key of fewer than {FEWEST} different characters can be guessed.")]
    Plain,
    /// The system gives no randomness.
    #[error("No key can be made: {0}.")]
    Randomness(#[from] std::io::Error),
}

impl PartnerKey {
    pub(crate) fn make(
        signing: &SigningKey,
        client: &str,
        given: Option<&Secret>,
    ) -> Result<Self, PartnerKeyFault> {
        let mut bytes = [0; 8 + SALT_BYTES + NONCE_LEN + 32];
        fill(&mut bytes)?;
        let (id, rest) = bytes.split_at(8);
        let (salt, rest) = rest.split_at(SALT_BYTES);
        let (nonce, random) = rest.split_at(NONCE_LEN);
        let secret = match given {
            None => Secret::new(format!("{PREFIX}{}", hex(random))),
            Some(given) => {
                check(given.reveal())?;
                given.clone()
            }
        };
        let id = Text::from(hex(id));
        let mut sealed = nonce.to_vec();
        let mut inside = hash(secret.reveal().as_bytes()).to_vec();
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| no_seal())?;
        sealing(signing)
            .seal_in_place_append_tag(nonce, Aad::from(bound(client, &id)), &mut inside)
            .map_err(|_| no_seal())?;
        sealed.append(&mut inside);
        Ok(Self {
            id,
            hash: Text::from(hex(&salted(salt, &secret))),
            salt: Text::from(hex(salt)),
            sealed: Text::from(STANDARD_NO_PAD.encode(sealed)),
            secret,
        })
    }
}

fn check(key: &str) -> Result<(), PartnerKeyFault> {
    let characters = key.chars().count();
    if !(SHORTEST..=LONGEST).contains(&characters) {
        return Err(PartnerKeyFault::Length(characters));
    }
    if !key.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'&') {
        return Err(PartnerKeyFault::Characters);
    }
    let mut different: Vec<u8> = key.bytes().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < FEWEST { Err(PartnerKeyFault::Plain) } else { Ok(()) }
}

fn no_seal() -> std::io::Error {
    std::io::Error::other("the key cannot be sealed")
}

fn salted(salt: &[u8], secret: &Secret) -> [u8; 32] {
    hash(&[salt, secret.reveal().as_bytes()].concat())
}

/// The key whose text this is. Every key of the client is tried, and a client without one costs as much
/// as a client with one.
pub(super) fn holding(keys: &[Arc<KeyEntry>], given: &Secret) -> Option<Arc<KeyEntry>> {
    if keys.is_empty() {
        let _ = std::hint::black_box(same(&salted(&[0; SALT_BYTES], given), &[0; 32]));
        return None;
    }
    let fits = |entry: &&Arc<KeyEntry>| {
        entry.salt.as_ref().is_some_and(|salt| same(&salted(salt, given), &entry.hash))
    };
    keys.iter().find(fits).cloned()
}

/// SHA-256 of a key, which signed requests are made with; none where it was sealed under another signing
/// key: then the client needs a new one.
pub(super) fn open(signing: &SigningKey, entry: &KeyEntry) -> Option<[u8; 32]> {
    let bytes = STANDARD_NO_PAD.decode(entry.sealed.as_deref()?).ok()?;
    let (nonce, inside) = bytes.split_at_checked(NONCE_LEN)?;
    let mut inside = inside.to_vec();
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let opened =
        sealing(signing).open_in_place(nonce, Aad::from(bound(&entry.client, &entry.id)), &mut inside);
    let Ok(opened) = opened else {
        tracing::warn!(
            key = entry.id.as_str(),
            "the key was sealed under another signing key and signs nothing"
        );
        return None;
    };
    <[u8; 32]>::try_from(&*opened).ok()
}

/// What a seal is bound to: moved to another record, it does not open.
fn bound(client: &str, key: &str) -> Vec<u8> {
    format!("{client}\n{key}").into_bytes()
}

/// The key that seals, derived from the one that signs tokens: one secret file serves both.
fn sealing(signing: &SigningKey) -> LessSafeKey {
    let derived = hmac::sign(&signing.0, b"freehold: seals the keys of partners, 1");
    let key = UnboundKey::new(&AES_256_GCM, derived.as_ref()).expect("an HMAC-SHA-256 has 32 bytes");
    LessSafeKey::new(key)
}
