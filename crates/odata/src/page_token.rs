//! Page tokens: where a walk stands, as text in a page link (`$skiptoken`).
//!
//! A token holds all that the next page needs and the server keeps nothing, so it is as good after a
//! restart, a day later and on another node as it was at first (RESO-041). It is binary, in base64url:
//!
//! | bytes | meaning |
//! |---|---|
//! | 1 | version of this form, 1 |
//! | 8 | fingerprint of the question (resource, filter, order), which must not change during a walk |
//! | varint | how many records are left of `$top`, plus one; 0 where there is no `$top` |
//! | varint, then values | how many terms the order has, and the last record's value in each |
//! | varint, then bytes | the last record's key |
//! | 4 | checksum against accidents: a token is no secret and gives no right |

mod value;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dictionary::Key;
use query::PageMark;

use crate::Fault;
use crate::hash::steady;
use value::{Bytes, put_number, put_text, put_value};

const FORM: u8 = 1;
/// Characters of a token: what a URL of 32 KiB may hold.
const LONGEST: usize = 32 << 10;
/// Terms of an order.
const MOST_TERMS: u64 = 64;
const CHECKSUM: usize = 4;

/// Where a walk stands.
#[derive(Clone, PartialEq, Debug)]
pub struct PageToken {
    /// Where the page before ended.
    pub mark: PageMark,
    /// How many records are left of `$top`; none where there is no `$top`.
    pub left: Option<u64>,
    /// The [`fingerprint`] of the question.
    pub question: u64,
}

/// The fingerprint of what must not change during a walk, in the words of the URL: the resource, the
/// filter, the order, in this order, an empty text for what is not asked.
#[must_use]
pub fn fingerprint(parts: &[&str]) -> u64 {
    let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
    steady(&parts)
}

/// The token as text that a URL holds without escapes.
#[must_use]
pub fn write(token: &PageToken) -> String {
    let mut bytes = vec![FORM];
    bytes.extend_from_slice(&token.question.to_le_bytes());
    put_number(&mut bytes, token.left.map_or(0, |left| left.saturating_add(1)).into());
    put_number(&mut bytes, token.mark.values.len() as u128);
    for value in &token.mark.values {
        put_value(&mut bytes, value.as_ref());
    }
    put_text(&mut bytes, &token.mark.key);
    let sum = checksum(&bytes);
    bytes.extend_from_slice(&sum);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads a token given out for the question of this fingerprint.
///
/// # Errors
/// `bad_page_token` where it is damaged, cut or not ours; `other_question` where filter, order or resource
/// are not those that the walk began with. Both are 400.
pub fn read(text: &str, question: u64) -> Result<PageToken, Fault> {
    let token = decode(text).ok_or_else(|| {
        Fault::bad(
            "bad_page_token",
            "This page link is damaged, or was not given out here.",
            "Follow @odata.nextLink as it was sent, or begin again without $skiptoken.",
        )
        .about("$skiptoken")
    })?;
    if token.question != question {
        return Err(Fault::bad(
            "other_question",
            "This page link belongs to a question with another filter, order or resource.",
            "Keep $filter and $orderby as they were, or begin again without $skiptoken.",
        )
        .about("$skiptoken"));
    }
    Ok(token)
}

fn decode(text: &str) -> Option<PageToken> {
    if text.len() > LONGEST {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (body, sum) = bytes.split_at_checked(bytes.len().checked_sub(CHECKSUM)?)?;
    if checksum(body) != sum {
        return None;
    }
    let mut rest = Bytes(body);
    if rest.byte()? != FORM {
        return None;
    }
    let question = u64::from_le_bytes(*rest.0.first_chunk()?);
    rest.0 = rest.0.get(8..)?;
    let left = u64::try_from(rest.number()?).ok()?.checked_sub(1);
    let terms = u64::try_from(rest.number()?).ok().filter(|terms| *terms <= MOST_TERMS)?;
    let values = (0..terms).map(|_| rest.value()).collect::<Option<Vec<_>>>()?;
    let key = Key::new(rest.text()?);
    rest.0.is_empty().then_some(PageToken { mark: PageMark { values, key }, left, question })
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM] {
    let hash = steady(&[bytes]);
    let folded = u32::try_from((hash ^ hash >> 32) & u64::from(u32::MAX)).unwrap_or(0);
    folded.to_le_bytes()
}

#[cfg(test)]
mod tests;
