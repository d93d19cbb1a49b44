//! Who asks: the headers `ml-auth` and `x-ml-timestamp` (PAR-001 to 006).

mod signature;

use dictionary::Timestamp;
use http::HeaderMap;
use jiff::civil::DateTime;
use jiff::tz::Offset;

pub(crate) use signature::{Proof, Signed, is_md5};

/// The longest header that is looked at, in bytes; client, key and signature take some two hundred.
const LONGEST: usize = 4_096;

/// What a request shows for itself.
#[derive(Clone, Debug)]
pub(crate) struct MlAuth {
    pub(crate) client: String,
    pub(crate) proof: Proof,
    /// The text of `x-ml-timestamp`, as it is signed.
    pub(crate) stamp: String,
    pub(crate) at: Timestamp,
}

/// Why the headers show nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unread {
    /// `ml-auth` is missing, or a part of it is missing or given twice.
    Header,
    /// `x-ml-timestamp` is missing or no instant.
    Timestamp,
}

impl MlAuth {
    /// Reads the two headers.
    pub(crate) fn read(headers: &HeaderMap) -> Result<Self, Unread> {
        let only = |name: &str| {
            let mut all = headers.get_all(name).iter();
            let first = all.next().filter(|_| all.next().is_none())?;
            first.to_str().ok().map(str::trim).filter(|text| text.len() <= LONGEST)
        };
        let parts = Parts::read(only("ml-auth").ok_or(Unread::Header)?).ok_or(Unread::Header)?;
        let stamp = only("x-ml-timestamp").ok_or(Unread::Timestamp)?;
        let at = read_stamp(stamp).ok_or(Unread::Timestamp)?;
        let proof = Proof::read(parts.signature, parts.shown).ok_or(Unread::Header)?;
        Ok(Self { client: parts.client.to_owned(), proof, stamp: stamp.to_owned(), at })
    }
}

/// The parts of `ml-auth`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Parts<'a> {
    client: &'a str,
    signature: &'a str,
    shown: Shown<'a>,
}

/// What stands beside a signature, and so which scheme it is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shown<'a> {
    /// `systemaccesskey`: the API's own.
    Key(&'a str),
    /// `nonce`: the stronger one.
    Nonce(&'a str),
}

impl<'a> Parts<'a> {
    /// Reads `client=…&systemaccesskey=…&signature=…`, or `nonce=…` in the key's place, in any order, names in
    /// any case (PAR-002). Both together are of no scheme: what signs with a key does not show it (PAR-011).
    fn read(text: &'a str) -> Option<Self> {
        const NAMES: [&str; 4] = ["client", "systemaccesskey", "signature", "nonce"];
        let mut found: [Option<&str>; 4] = [None; 4];
        for part in text.split('&') {
            let (name, value) = part.split_once('=')?;
            let Some(at) = NAMES.iter().position(|known| known.eq_ignore_ascii_case(name.trim())) else {
                continue;
            };
            if found[at].replace(value.trim()).is_some() {
                return None;
            }
        }
        let [client, key, signature, nonce] = found.map(|part| part.filter(|text| !text.is_empty()));
        let shown = match (key, nonce) {
            (Some(key), None) => Shown::Key(key),
            (None, Some(nonce)) => Shown::Nonce(nonce),
            _ => return None,
        };
        Some(Self { client: client?, signature: signature?, shown })
    }
}

/// An instant as `yyyyMMddHHmmss` in UTC: 14 digits that name a real one (PAR-005).
fn read_stamp(text: &str) -> Option<Timestamp> {
    if text.len() != 14 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let two = |at: usize| text.get(at..at + 2)?.parse::<i8>().ok();
    let year = text.get(..4)?.parse::<i16>().ok()?;
    let civil = DateTime::new(year, two(4)?, two(6)?, two(8)?, two(10)?, two(12)?, 0).ok()?;
    Offset::UTC.to_timestamp(civil).ok()
}

#[cfg(test)]
mod tests;
