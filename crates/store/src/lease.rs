//! Leases: one holder at a time, for a while.

use dictionary::{Text, Timestamp};

/// The right to do some work alone, until an instant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lease {
    /// What is held. At most 255 characters.
    pub name: Text,
    /// Who holds it. At most 255 characters.
    pub holder: Text,
    /// Until when, by the clock of whoever took it; from that instant on anyone may take it.
    pub until: Timestamp,
}
