//! Hashes that tell one body from another.

use std::fmt::Write as _;

use dictionary::Text;
use ring::digest::{SHA256, digest};

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> Text {
    let mut text = String::with_capacity(64);
    for byte in digest(&SHA256, bytes).as_ref() {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    Text::from(text)
}
