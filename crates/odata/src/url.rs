//! URLs: a path below the service root and a query string become a question, and back.
//!
//! OData 4.01 part 2 (URL conventions) and its ABNF, with what it forgives (RESO-024): operators, functions
//! and options in any case of letters, options without `$`, `+` for a space. Names are resolved while they
//! are read, against the dictionary and what the caller may see: what may not be seen is as if it did not
//! exist. A literal takes the type of the field that it is compared with.
//!
//! Everything that cannot be read is a [`Fault`] whose position counts bytes of the request as it was
//! sent: of the path, one `?`, and the query string.
//!
//! | module | what it reads |
//! |---|---|
//! | `segments`, `key` | the path |
//! | `options` | the query string, cut into options |
//! | `expression`, `membership`, `functions`, `path`, `literal`, `geography` | expressions |
//! | `apply`, `rows`, `alias` | `$apply` and `$compute`, and what the names mean that they give |
//! | `search` | `$search` |
//! | `shape`, `expand`, `format` | the other options |
//! | `beyond` | whether what cannot be read is OData that is not offered |
//! | `write` | the way back |

mod alias;
mod apply;
mod asked;
mod beyond;
mod cursor;
mod decode;
mod expand;
mod expression;
mod format;
mod functions;
mod geography;
mod key;
mod literal;
mod membership;
mod names;
mod options;
mod path;
mod request;
mod rows;
mod search;
mod segments;
mod shape;
mod spelling;
mod term;
mod write;

pub(crate) use apply::KNOWN as TRANSFORMATIONS;
pub(crate) use decode::decode;

pub use asked::{Aggregated, Asked, Column, Format, KeyGiven, Place, Request};
pub use expand::only_counts;
pub use request::{access_token, fuzz, read};
pub use write::{write_expression, write_query};

use dictionary::{Dictionary, ResourceId};
use query::Sight;

use crate::metadata::EnumNames;

/// What a URL is read against.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// The words.
    pub dictionary: &'a Dictionary,
    /// What the caller may see.
    pub sight: &'a Sight,
    /// Whether this resource is offered at all.
    pub serves: &'a dyn Fn(ResourceId) -> bool,
    /// The fields that are enumerations and the names of their members (RESO-025); in the mode `Strings`
    /// there are none.
    pub enums: &'a EnumNames,
    /// Records in a page; the caller's wish (`odata.maxpagesize`) is whoever asks to heed.
    pub page_size: u32,
}

/// The bounds of a URL.
pub struct Limits;

impl Limits {
    /// Bytes of path and query string: what 10,000 short keys or 1,000 long ones take, and twice the 32 KiB
    /// that RESO-030 asks for.
    pub const BYTES: usize = 64 << 10;
    /// Options of a query string, the client's own among them.
    pub const OPTIONS: usize = 100;
    /// Parts of a path.
    pub const SEGMENTS: usize = 10;
    /// Parentheses, functions and operators inside each other.
    pub const DEPTH: usize = 100;
    /// Values of one `in (…)`.
    pub const IN_LIST: usize = 10_000;
    /// Members of one literal of flags: an `Edm.Int64` has bits for so many.
    pub const FLAGS: usize = 63;
    /// Links to one record that a path of a filter follows.
    pub const VIA: usize = 5;
    /// Terms of `$orderby`.
    pub const ORDER: usize = 32;
    /// Names that one question gives: computed values, or columns of an aggregation.
    pub const NAMED: usize = 32;
    /// Parts of the expressions that computed names stand for, each time they are used.
    pub const PARTS: usize = 2_000;
    /// Transformations of one `$apply`.
    pub const TRANSFORMATIONS: usize = 32;
    /// Words and phrases of one `$search`.
    pub const SEARCHED: usize = 32;
    /// Links expanded inside each other.
    pub const EXPAND_DEPTH: usize = 5;
    /// Links expanded in all.
    pub const EXPANDED: usize = 100;
}

#[cfg(test)]
mod tests;
