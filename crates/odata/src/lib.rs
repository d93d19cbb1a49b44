//! Spells: URL ⇄ query, record ⇄ JSON, dictionary ⇄ `$metadata`.
//!
//! | module | what it spells |
//! |---|---|
//! | [`text`] | one value as text, in the strict forms of OData and ISO 8601 |
//! | [`json`] | records and pages as JSON, both ways |
//! | [`metadata`] | the dictionary as CSDL, in XML and JSON |
//! | [`service`] | the service document |
//! | [`error`] | the body of an error |
//! | [`page_token`] | where a walk stands, as text in a page link |
//! | [`batch`] | several requests in one, and their answers |
//! | [`prefer`] | the `Prefer` header |
//! | [`url`] | a URL as a question, and back |
//! | [`grammar`] | the whole language of URLs, to tell what is wrong from what is not offered |
//!
//! The server door and the pulling client use the same code. This crate is pure: it does not know HTTP
//! types, SQL, tokio or what time it is. Whatever is read has bounds, and what cannot be read is a
//! [`Fault`] with a code, a place and a hint.

pub mod batch;
pub mod error;
mod fault;
pub mod grammar;
mod hash;
pub mod json;
pub mod metadata;
pub mod page_token;
pub mod prefer;
pub mod service;
pub mod text;
pub mod url;

pub use fault::Fault;
