//! Secrets: made at random, shown once, kept as hashes.
//!
//! A key holds 256 random bits, so its hash is a plain SHA-256: there is nothing to guess, and a slow
//! hash (argon2 and its kin are for passwords, which people choose) would have to be paid on every
//! request.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::path::Path;

use dictionary::{Text, Timestamp};
use ring::digest::{SHA256, digest};
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use subtle::ConstantTimeEq as _;

/// What every key begins with, so that leak scanners find it: `fh_`, 16 hexadecimal digits (the key's
/// id, no secret), `_`, 64 hexadecimal digits (the secret).
const PREFIX: &str = "fh_";
const ID_BYTES: usize = 8;
const SECRET_BYTES: usize = 32;

/// A text that must not be seen: its Debug shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for whoever must send it or compare it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A key that has just been made. The secret is nowhere else.
#[derive(Clone, Debug)]
pub struct IssuedKey {
    /// The key's id, which is part of the secret and may be shown.
    pub id: Text,
    /// What the client sends.
    pub secret: Secret,
    /// What is kept: SHA-256 of the secret, in hexadecimal digits.
    pub hash: Text,
}

impl IssuedKey {
    /// Makes a key from the system's randomness.
    ///
    /// # Errors
    /// The system gives no randomness.
    pub fn make() -> std::io::Result<Self> {
        let mut bytes = [0_u8; ID_BYTES + SECRET_BYTES];
        fill(&mut bytes)?;
        Ok(Self::from_bytes(&bytes))
    }

    fn from_bytes(bytes: &[u8; ID_BYTES + SECRET_BYTES]) -> Self {
        let (id, secret) = bytes.split_at(ID_BYTES);
        let id = hex(id);
        let secret = format!("{PREFIX}{id}_{}", hex(secret));
        let hash = Text::from(hex(&hash(secret.as_bytes())));
        Self { id: Text::from(id), secret: Secret(secret), hash }
    }
}

/// The id in a key, where the text has a key's shape.
pub(crate) fn key_id(text: &str) -> Option<&str> {
    let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let digits = |part: &str, bytes: usize| {
        part.len() == bytes * 2 && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    (digits(id, ID_BYTES) && digits(secret, SECRET_BYTES)).then_some(id)
}

/// SHA-256 of a secret.
pub(crate) fn hash(secret: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, secret).as_ref());
    out
}

/// Whether two hashes are equal, in a time that does not tell where they differ.
pub(crate) fn same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    a.ct_eq(b).into()
}

/// Reads a hash as it is kept.
pub(crate) fn read_hash(text: &str) -> Option<[u8; 32]> {
    read_hex(text)
}

/// Reads so many bytes in hexadecimal digits.
pub(crate) fn read_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut out = [0; N];
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    for (at, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).ok()?;
    }
    Some(out)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(crate) fn fill(bytes: &mut [u8]) -> std::io::Result<()> {
    SystemRandom::new().fill(bytes).map_err(|_| std::io::Error::other("the system gives no randomness"))
}

/// An id that no record has: 128 bits in hexadecimal digits, the instant in front, so that ids of one time lie
/// together, and 80 random ones after it.
///
/// # Errors
/// The system gives no randomness.
pub fn fresh_id(now: Timestamp) -> std::io::Result<Text> {
    let mut bytes = [0; 16];
    fill(&mut bytes[6..])?;
    bytes[..6].copy_from_slice(&now.as_millisecond().to_be_bytes()[2..]);
    Ok(Text::from(hex(&bytes)))
}

/// What access tokens are signed with. It stands in a file of the data directory and in no record: the
/// log, a backup or a reader of the store never holds what would forge a token. Nodes that share a
/// store share the file; where it is lost or replaced, tokens end and clients ask for new ones.
#[derive(Clone)]
pub struct SigningKey(pub(crate) hmac::Key);

impl SigningKey {
    /// A key that lasts as long as this process.
    ///
    /// # Errors
    /// The system gives no randomness.
    pub fn random() -> std::io::Result<Self> {
        let mut bytes = [0; 32];
        fill(&mut bytes)?;
        Ok(Self::from_bytes(&bytes))
    }

    /// The key in this file, of 32 bytes; where there is no file it is made, for its owner's eyes alone.
    ///
    /// # Errors
    /// The file cannot be read or made, or holds something else.
    pub fn from_file(path: &Path) -> std::io::Result<Self> {
        let mut bytes = [0; 32];
        match std::fs::File::open(path) {
            Ok(mut file) => {
                let wrong = || {
                    std::io::Error::other(format!(
                        "{} does not hold a signing key of 32 bytes; remove it to get a new one",
                        path.display()
                    ))
                };
                file.read_exact(&mut bytes).map_err(|_| wrong())?;
                if file.read(&mut [0])? > 0 {
                    return Err(wrong());
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                fill(&mut bytes)?;
                let mut options = std::fs::OpenOptions::new();
                options.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let mut file = options.open(path)?;
                file.write_all(&bytes)?;
                file.sync_all()?;
            }
            Err(error) => return Err(error),
        }
        Ok(Self::from_bytes(&bytes))
    }

    /// The key of these bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }
}

impl SigningKey {
    /// A key for one purpose, from which neither this key nor that of another purpose can be found.
    #[must_use]
    pub fn purpose(&self, purpose: &str) -> PurposeKey {
        let derived = hmac::sign(&self.0, format!("freehold: {purpose}").as_bytes());
        PurposeKey(hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref()))
    }
}

/// A key that signs and hashes for one purpose of a door: what is short enough to be searched through is hashed
/// with it, so that the store alone does not tell what it was.
#[derive(Clone)]
pub struct PurposeKey(hmac::Key);

impl PurposeKey {
    /// HMAC-SHA-256 of a text.
    #[must_use]
    pub fn mac(&self, text: &[u8]) -> [u8; 32] {
        let mut out = [0; 32];
        out.copy_from_slice(hmac::sign(&self.0, text).as_ref());
        out
    }

    /// Whether this is the text's, in a time that does not tell where it differs.
    #[must_use]
    pub fn is_mac(&self, text: &[u8], mac: &[u8]) -> bool {
        hmac::verify(&self.0, text, mac).is_ok()
    }
}

impl std::fmt::Debug for PurposeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PurposeKey(…)")
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey(…)")
    }
}
