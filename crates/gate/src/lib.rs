//! Knows clients, keys, grants and quotas; turns a credential into a caller and a query into a permitted
//! query.
//!
//! Clients, their keys, what they are granted of feeds and for tenants, feeds and quotas are records of Freehold's own resources
//! (`dictionary/freehold/`): they are written like any record, with an actor and an entry of the log.
//! The gate reads them, follows the log, and answers from memory. What no grant shows is not there.
//!
//! This crate does not know HTTP types, how a filter is spelled, or any door's rules; what time it is
//! comes in with every call.

mod account;
mod book;
mod caller;
mod classes;
mod compile;
mod credential;
mod feed_terms;
mod gate;
mod oauth;
mod partner;
mod permit;
mod quota;
mod refusal;
mod row_rules;
mod secret;
mod tenants;
mod token;
mod wanted;

pub use caller::Caller;
pub use classes::Class;
pub use compile::{RowFilterReader, check_grant};
pub use credential::Credential;
pub use feed_terms::FeedTerms;
pub use gate::{Gate, GateError, OWN_FEED, Settings};
pub use oauth::{OAuthFault, TokenRequest};
pub use partner::{Environment, Knock, PartnerKey, PartnerKeyFault, Proof, check_client};
pub use permit::Permitted;
pub use quota::{Cost, Limits, Policy, Quota};
pub use refusal::Refusal;
pub use secret::{IssuedKey, PurposeKey, Secret, SigningKey, fresh_id};
pub use tenants::{TenantEnvironment, TenantRight, TenantRole};
pub use token::AccessToken;

#[cfg(test)]
mod tests;
