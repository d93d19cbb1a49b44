//! One line of the audit.

use dictionary::Timestamp;
use serde::{Serialize, Serializer};

/// What an entry tells of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// Somebody asked whether a box opens.
    Decision,
    /// A box was opened.
    Access,
    /// An offline token was given.
    Token,
}

/// An entry, as it stands in a link: a JSON object on a line of its own. It never holds a code or a credential.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Entry<'a> {
    pub(crate) kind: Kind,
    /// When it was written down.
    #[serde(serialize_with = "instant")]
    pub(crate) written: Timestamp,
    /// Which instant it is about.
    #[serde(serialize_with = "instant")]
    pub(crate) at: Timestamp,
    /// Who asked or reported, as the log names actors.
    pub(crate) actor: &'a str,
    pub(crate) lockbox: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<&'a str>,
    /// The id of the code, where one was shown that is the box's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) listing: Option<&'a str>,
    /// A value of the lookup LockOrBoxAccessType.
    pub(crate) method: &'a str,
    pub(crate) compartment: &'a str,
    pub(crate) permit: bool,
    /// The codes of the reasons.
    pub(crate) reasons: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none", rename = "validUntil", serialize_with = "until")]
    pub(crate) valid_until: Option<Timestamp>,
    /// The key of the LockOrBox record, or the id of the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) record: Option<&'a str>,
}

impl Entry<'_> {
    /// The line, without its end.
    pub(crate) fn line(&self) -> String {
        serde_json::to_string(self).expect("texts, instants and truths can be written")
    }
}

fn instant<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(at)
}

fn until<S: Serializer>(at: &Option<Timestamp>, to: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => to.collect_str(at),
        None => to.serialize_none(),
    }
}
