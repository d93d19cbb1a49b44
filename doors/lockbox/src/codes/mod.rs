//! Codes that open a box for a while, and grants that let one person open one box (LBX-094).
//!
//! A code is eight digits of chance. Whoever has a plain hash of so short a text tries all of them in seconds, so
//! what is kept is an HMAC under a key of the installation that no store holds, over the box and the code: the
//! store alone tells nothing, and equal codes of two boxes do not look equal. It is shown once.

mod issue;
mod limits;

use std::fmt::Write as _;

use dictionary::Text;
use gate::PurposeKey;
use ring::rand::{SecureRandom, SystemRandom};

pub(crate) use issue::{grant, grants, issue, list, revoke, revoke_grant};

/// Digits of a code.
const DIGITS: usize = 8;

/// What codes are hashed with.
#[derive(Clone, Debug)]
pub(crate) struct Codes(PurposeKey);

impl Codes {
    pub(crate) fn new(key: PurposeKey) -> Self {
        Self(key)
    }

    /// A code as it is kept. Spaces and hyphens, which people put between digits, do not count.
    pub(crate) fn hash(&self, lockbox: &str, code: &str) -> Text {
        let digits = code.chars().filter(|one| !one.is_whitespace() && *one != '-').take(64);
        let text = digits.fold(format!("{lockbox}\n"), |mut text, digit| {
            text.push(digit);
            text
        });
        let mac = self.0.mac(text.as_bytes());
        Text::from(mac.iter().fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a String does not fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        }))
    }
}

/// A new code, each as likely as any other.
fn fresh() -> std::io::Result<String> {
    let random = SystemRandom::new();
    let mut code = String::with_capacity(DIGITS);
    while code.len() < DIGITS {
        let mut byte = [0];
        random.fill(&mut byte).map_err(|_| std::io::Error::other("the system gives no randomness"))?;
        // 250 is the last multiple of ten that a byte holds.
        if byte[0] < 250 {
            code.push(char::from(b'0' + byte[0] % 10));
        }
    }
    Ok(code)
}
