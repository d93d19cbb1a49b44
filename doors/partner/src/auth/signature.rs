//! What is signed, and how.
//!
//! The API's own scheme is the MD5 of client, key and timestamp. It protects neither body nor path, and
//! is kept because its clients know no other. The stronger scheme, which an operator may require of a
//! client (PAR-011), is an HMAC-SHA256 over the whole request.

use gate::Secret;
use md5::{Digest as _, Md5};
use ring::digest::{SHA256, digest};
use subtle::ConstantTimeEq as _;

use super::Shown;

/// What a client shows as proof that it holds the key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Proof {
    /// The MD5 of client, key and timestamp, and the key itself.
    Md5 { hash: [u8; 16], key: Secret },
    /// The HMAC-SHA256 of the request, with a nonce that is used once.
    Hmac { mac: [u8; 32], nonce: String },
}

impl Proof {
    /// Reads hexadecimal digits in either case (PAR-004): 32 of them are an MD5, 64 with a nonce an HMAC.
    pub(crate) fn read(digits: &str, shown: Shown<'_>) -> Option<Self> {
        match shown {
            Shown::Key(key) => Some(Self::Md5 { hash: bytes(digits)?, key: Secret::new(key) }),
            Shown::Nonce(nonce)
                if (8..=64).contains(&nonce.len()) && nonce.bytes().all(|b| b.is_ascii_graphic()) =>
            {
                Some(Self::Hmac { mac: bytes(digits)?, nonce: nonce.to_owned() })
            }
            Shown::Nonce(_) => None,
        }
    }
}

/// Whether `given` is the MD5 of `{client} {key} x-ml-timestamp:{stamp}` (PAR-003), compared in a time
/// that does not tell where they differ.
pub(crate) fn is_md5(given: &[u8; 16], client: &str, key: &str, stamp: &str) -> bool {
    let signed = Md5::new()
        .chain_update(client)
        .chain_update(" ")
        .chain_update(key)
        .chain_update(" x-ml-timestamp:")
        .chain_update(stamp)
        .finalize();
    signed.as_slice().ct_eq(given).into()
}

/// What the HMAC is over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signed<'a> {
    pub(crate) method: &'a str,
    /// As the client wrote it.
    pub(crate) path: &'a str,
    /// Without the question mark; empty where there is none.
    pub(crate) query: &'a str,
    pub(crate) body: &'a [u8],
    pub(crate) stamp: &'a str,
    pub(crate) nonce: &'a str,
}

impl Signed<'_> {
    /// The text: six lines, the body's hash in small hexadecimal digits.
    pub(crate) fn text(&self) -> String {
        let body = hex(digest(&SHA256, self.body).as_ref());
        [self.method, self.path, self.query, &body, self.stamp, self.nonce].join("\n")
    }
}

fn bytes<const N: usize>(digits: &str) -> Option<[u8; N]> {
    let mut out = [0; N];
    if digits.len() != N * 2 || !digits.is_ascii() {
        return None;
    }
    for (at, byte) in out.iter_mut().enumerate() {
        let pair = &digits[at * 2..at * 2 + 2];
        // A sign would be read as part of a number.
        *byte = u8::from_str_radix(pair, 16).ok().filter(|_| !pair.starts_with('+'))?;
    }
    Some(out)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
