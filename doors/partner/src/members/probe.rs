//! Objects written and kept nowhere, as whoever sees everything sees them: for measuring.

use std::sync::Arc;

use dictionary::{Dictionary, FieldSet, Timestamp};
use query::Scope;
use search::{Reader, Row};

use super::{Disclosure, Dress, Kind, Look, Members};

/// Writes objects for measurements: no cache stands before it.
pub struct Probe {
    members: Members,
    dress: Dress,
    scope: Scope,
}

impl std::fmt::Debug for Probe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Probe")
    }
}

impl Probe {
    /// A probe of the members bound to `dictionary`; addresses of photos begin with `public_url`.
    #[must_use]
    pub fn new(dictionary: &Arc<Dictionary>, public_url: &str) -> Self {
        let shown = dictionary.resources().iter().map(|own| FieldSet::first(own.fields.len())).collect();
        let dress = Dress::full(shown, Disclosure::default(), public_url);
        Self { members: Members::bind(dictionary), dress, scope: Scope::everything() }
    }

    /// The `ListingSummary` of a listing, or its `ListingDetails`.
    #[must_use]
    pub fn listing(&self, reader: &Reader<'_>, row: Row, now: Timestamp, details: bool) -> Vec<u8> {
        let look = Look { reader, scope: &self.scope, now };
        let kind = if details { Kind::Details } else { Kind::Summary };
        self.members.render(kind, &look, row, &self.dress).bytes.into()
    }
}
