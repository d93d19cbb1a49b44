//! What a client's record says of how it may knock.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use dictionary::{Dictionary, Record, Text, Timestamp};
use ipnet::IpNet;

use crate::Refusal;
use crate::compile::Words;

/// Minutes that a request's clock may be off, where the client says nothing else (PAR-006).
const TOLERANCE: i64 = 15;
/// What a client may say instead.
const TOLERANCES: std::ops::RangeInclusive<i64> = 1..=60;
/// Networks of one client: a list that people keep.
const NETWORKS: usize = 100;

/// What an installation is for; a key is for one of them (PAR-008).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Environment {
    /// The real thing.
    #[default]
    Production,
    /// Where clients are tried.
    Test,
}

impl Environment {
    /// The value of the lookup ClientKeyEnvironment.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Production => "Production",
            Self::Test => "Test",
        }
    }

    /// The environment of this name, in any case.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        [Self::Production, Self::Test].into_iter().find(|one| one.name().eq_ignore_ascii_case(name))
    }
}

/// What a client's record says.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct PartnerTerms {
    /// AllowedNetworks; every address where there is none. A client whose list cannot be read is let in
    /// from nowhere.
    networks: Option<Vec<IpNet>>,
    tolerance_minutes: i64,
    /// SignedRequestsYN
    pub(crate) signed: bool,
    /// PartnerDeviations
    pub(crate) deviations: BTreeSet<Text>,
}

impl PartnerTerms {
    pub(crate) fn read(words: &Words<'_>) -> Self {
        let list = words.list("AllowedNetworks");
        let read = || list.iter().map(|text| network(text)).collect::<Option<Vec<_>>>().unwrap_or_default();
        Self {
            networks: (!list.is_empty()).then(read),
            tolerance_minutes: words
                .integer("ClockToleranceMinutes")
                .filter(|minutes| TOLERANCES.contains(minutes))
                .unwrap_or(TOLERANCE),
            signed: words.truth("SignedRequestsYN"),
            deviations: words.list("PartnerDeviations").into_iter().collect(),
        }
    }

    /// Whether a request may come from this address (PAR-013). One that is not known is none of a list.
    pub(crate) fn admits(&self, from: Option<IpAddr>) -> bool {
        let Some(networks) = &self.networks else { return true };
        // An IPv4 client of an IPv6 socket is still an IPv4 client.
        from.is_some_and(|from| networks.iter().any(|network| network.contains(&from.to_canonical())))
    }

    pub(crate) fn tolerance_seconds(&self) -> i64 {
        self.tolerance_minutes * 60
    }

    /// Refuses a request whose clock is too far off, to either side (PAR-006).
    pub(crate) fn in_time(&self, sent: Timestamp, now: Timestamp) -> Result<(), Refusal> {
        if sent.duration_since(now).abs().as_secs() <= self.tolerance_seconds() {
            return Ok(());
        }
        let minutes = self.tolerance_minutes;
        Err(Refusal::new(
            403,
            "timestamp_wrong",
            format!("The timestamp is more than {minutes} minutes from the server's time."),
            "Set the clock (NTP), and send the present instant in UTC.",
        ))
    }
}

/// `10.0.0.0/8`, or one address.
fn network(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

/// Everything that is wrong with a client's own words, as the field and a sentence: its networks and its
/// clock tolerance. What the dictionary says of types and lookups is not looked at.
#[must_use]
pub fn check_client(dictionary: &Arc<Dictionary>, record: &Record) -> Vec<(&'static str, String)> {
    let words = Words { own: dictionary.known("Client"), record };
    let mut faults = Vec::new();
    let networks = words.list("AllowedNetworks");
    if networks.len() > NETWORKS {
        faults.push(("AllowedNetworks", format!("AllowedNetworks has at most {NETWORKS} networks.")));
    }
    for text in networks.iter().filter(|text| network(text).is_none()) {
        faults.push((
            "AllowedNetworks",
            format!("{text:?} is no network such as 192.0.2.0/24 or 2001:db8::/32."),
        ));
    }
    let minutes = words.integer("ClockToleranceMinutes");
    if minutes.is_some_and(|minutes| !TOLERANCES.contains(&minutes)) {
        faults.push(("ClockToleranceMinutes", "ClockToleranceMinutes is from 1 to 60.".into()));
    }
    faults
}
