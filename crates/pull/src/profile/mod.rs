//! Profiles: how a kind of server wants to be asked, as data (RESO-081).

mod find;

use std::collections::BTreeMap;

use serde::Deserialize;

#[cfg(test)]
mod tests;

/// How a kind of server wants to be asked. A profile file has these members by these names.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The name of the file, without its ending.
    #[serde(skip)]
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What is pulled, in this order, where a source names nothing.
    pub resources: Vec<String>,
    /// Whether a source must name one OriginatingSystemName, by which everything is filtered.
    #[serde(default)]
    pub originating_system: bool,
    /// Origins (`https://host`) that belong together: a credential is shown to these besides that of the
    /// source's location, and to no others.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// How a request proves whose it is.
    pub auth: Auth,
    /// Pages.
    pub page: Page,
    /// The first load.
    pub first: First,
    /// What is new since.
    pub next: Next,
    /// How records that are gone are found.
    pub removed: Removed,
    /// What may be asked in a time.
    #[serde(default)]
    pub quota: Quota,
    /// What error codes in a body mean.
    #[serde(default)]
    pub errors: BTreeMap<String, Meaning>,
}

/// How a request proves whose it is.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// The kind.
    pub kind: AuthKind,
    /// The scope that a token is asked for.
    #[serde(default)]
    pub scope: Option<String>,
    /// Where a token is asked for, unless the source says otherwise.
    #[serde(default)]
    pub token_location: Option<String>,
}

/// The kinds of proof.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthKind {
    /// The credential is the token.
    Bearer,
    /// The credential is a secret that tokens are given for (RFC 6749, 4.4).
    ClientCredentials,
    /// The second where the source has an OAuthClientId, else the first.
    BearerOrClientCredentials,
}

/// Pages.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Page {
    /// Records asked for at a time; none leaves it to the server.
    pub top: Option<u32>,
    /// What is preferred of every answer (`Prefer`): larger pages, records without their nulls. Who does not know a
    /// preference answers as ever.
    pub prefer: Option<String>,
    /// Records asked for at a time where linked records are asked for with them.
    pub top_with_expand: Option<u32>,
    /// Links that are expanded, by resource.
    pub expand: BTreeMap<String, Vec<String>>,
    /// Comparisons that one filter may join by `or`.
    pub most_or: Option<usize>,
    /// Whether pictures are fetched as soon as their records come in.
    pub copy_media: bool,
}

/// How a resource is walked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// Ordered by timestamp, from link to link.
    NextLink,
    /// Ordered by timestamp and key, each page asked for by where the one before ended.
    Keyset,
    /// Ordered by key, by `$top` and `$skip`, looking for drift.
    Skip,
    /// The server's own address for copies, from link to link.
    Replication,
    /// By `$skiptoken`, the first one blank, from link to link.
    SkipToken,
    /// By the EntityEvent resource: which records have changed, and then those.
    EntityEvent,
    /// By what the server's metadata offer.
    Auto,
}

/// The first load.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct First {
    /// How everything is walked.
    pub strategy: Strategy,
    /// A condition of the first load alone.
    #[serde(default)]
    pub filter: Option<String>,
    /// What is put behind the resource's address.
    #[serde(default)]
    pub path: String,
    /// What is put before the other options.
    #[serde(default)]
    pub query: Option<String>,
    /// Records asked for at a time, in place of the page's.
    #[serde(default)]
    pub top: Option<u32>,
    /// Whether the server takes `$count` and `$select` alone.
    #[serde(default)]
    pub bare: bool,
    /// From when on what is new is asked for, once everything is here.
    #[serde(default)]
    pub mark: MarkBy,
    /// How the last page is told.
    #[serde(default)]
    pub end: End,
}

/// How the instant is found at which a walk that is not ordered by time began.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkBy {
    /// The newest timestamp that the server has.
    #[default]
    Newest,
    /// The time of its first answer (the Date header).
    Date,
}

/// How the last page is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// It has no link.
    #[default]
    NoLink,
    /// It has no records; a link that is missing ends it as well.
    EmptyPage,
}

/// What is new since.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Next {
    /// How it is walked.
    pub strategy: Strategy,
    /// Timestamps that move, each walked by itself: photos change without the record.
    pub by: Vec<String>,
    /// How the timestamp is compared.
    pub operator: Operator,
    /// By how much a pull begins before the end of the one before: what was written at the same time may be
    /// seen only later.
    #[serde(default)]
    pub overlap_seconds: u32,
}

/// How a timestamp is compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// Later than, of an instant a millisecond before: ties are not lost.
    Gt,
    /// At the instant or later.
    Ge,
}

/// How records that are gone are found.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Removed {
    /// The rule.
    pub rule: RemovedRule,
    /// Of `flag`: the field that is false.
    #[serde(default)]
    pub field: Option<String>,
    /// How all keys are walked, for sweeps and comparisons.
    pub sweep: Sweep,
    /// Of `key_sweep`: hours between two sweeps.
    #[serde(default)]
    pub sweep_hours: Option<u32>,
}

/// The rules by which records are removed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemovedRule {
    /// They come once more, with a field that is false.
    Flag,
    /// All keys are walked; what is not among them is gone.
    KeySweep,
    /// EntityEvent tells of them.
    EntityEvent,
    /// The third where the server offers it, else the second.
    Auto,
    /// Nothing is ever removed.
    Never,
}

/// How all keys are walked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sweep {
    /// Ordered by key, each page by where the one before ended.
    Key,
    /// Ordered by timestamp, from link to link.
    Timestamp,
    /// By `$skiptoken`.
    SkipToken,
    /// By `$top` and `$skip`.
    Skip,
}

/// What may be asked in a time. The client keeps to it by itself (RESO-083).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Quota {
    /// Requests in any second.
    pub requests_per_second: Option<u32>,
    /// Requests in any hour.
    pub requests_per_hour: Option<u64>,
    /// Requests in any day.
    pub requests_per_day: Option<u64>,
    /// Bytes of answers in any hour, as they are sent.
    pub bytes_per_hour: Option<u64>,
    /// Bytes of answers in any day.
    pub bytes_per_day: Option<u64>,
}

/// What an error code in a body means.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// The token is to be asked for anew.
    TokenExpired,
    /// Another of the profile's hosts is to be asked.
    WrongHost,
    /// The page link has ended.
    LinkExpired,
    /// It may pass.
    TryAgain,
}

impl Profile {
    /// Records to ask for at a time.
    #[must_use]
    pub fn top(&self, resource: &str) -> Option<u32> {
        match self.page.expand.get(resource).is_some_and(|links| !links.is_empty()) {
            true => self.page.top_with_expand.or(self.page.top),
            false => self.page.top,
        }
    }

    /// The links of a resource that are asked for with it.
    #[must_use]
    pub fn expand(&self, resource: &str) -> &[String] {
        self.page.expand.get(resource).map_or(&[], Vec::as_slice)
    }
}
