//! URLs: a path below the service root and a query string become a question, and back.
//!
//! OData 4.01 part 2 (URL conventions) and its ABNF, with what it forgives (RESO-024): operators, functions
//! and options in any case of letters, options without `$`, `+` for a space. Names are resolved while they
//! are read, against the dictionary and what the caller may see: what may not be seen is as if it did not
//! exist. A literal takes the type of the field that it is compared with.
//!
//! Everything that cannot be read is a [`Fault`] whose position counts bytes of the request as it was
//! sent: of the path, one `?`, and the query string.

mod asked;

pub use asked::{Asked, Format, KeyGiven, Place, Request};

use dictionary::{Dictionary, ResourceId};
use query::{Query, Sight};

use crate::Fault;
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

/// Reads a request to read: `path` below the service root, `query` without its `?`, both as they were sent.
///
/// # Errors
/// 400 with the position for what is malformed or ill-typed, 404 for what is not there, 406 for a format
/// that is not offered, 414 for a URL of more than 64 KiB, 501 with the name for what is understood and not
/// supported.
pub fn read(path: &str, query: &str, reading: &Reading<'_>) -> Result<Request, Fault> {
    let _ = (path, query, reading);
    Err(Fault::new(501, "not_supported", "Nothing can be asked yet.", "Ask later."))
}

/// The `access_token` among the options, decoded: a bearer token for clients that cannot set a header.
#[must_use]
pub fn access_token(query: &str) -> Option<String> {
    let _ = query;
    None
}

/// `query` as an OData query string, without what [`read`] takes as given (the resource and the page size)
/// and without its page mark. Reading it again gives the same question.
#[must_use]
pub fn write_query(query: &Query, dictionary: &Dictionary) -> String {
    let _ = (query, dictionary);
    String::new()
}
