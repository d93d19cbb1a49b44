//! The one way out: HTTP requests to addresses that strangers name.
//!
//! Whoever registers a webhook or sends the address of a picture makes this machine connect to where they
//! say. So every address that a name resolves to is looked at before the connection is made, each time
//! (EVT-090): a name that was public at registration and private a minute later reaches nothing. An answer
//! has a bound in bytes and in time, and a redirect is an answer like any other: it is not followed.
//!
//! It does not know what is sent, or why.

mod address;
mod client;
mod connect;
mod failure;
mod inflate;
mod target;

pub use address::{Cidr, CidrFault, Rules, why_refused};
pub use client::{Answer, Client, Request, Settings};
pub use connect::{Resolve, Resolved};
pub use failure::{Failure, FailureKind};
pub use inflate::inflated;
pub use target::{LONGEST_URL, target, target_within};
