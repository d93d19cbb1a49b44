//! Who asks, once a credential has been believed.

use std::sync::{Arc, OnceLock};

use dictionary::{FieldSet, ResourceId, Text};
use query::{Scope, Sight};

use crate::account::Account;
use crate::{Class, FeedTerms, Refusal};

/// A client whose credential was believed, with what it may see and do. It stands for one request: the
/// next is authenticated anew, so that what is revoked ends at once.
#[derive(Clone)]
pub struct Caller {
    pub(crate) account: Arc<Account>,
    pub(crate) key: Text,
    pub(crate) read_only: bool,
}

impl Caller {
    /// The client's id.
    #[must_use]
    pub fn client(&self) -> &Text {
        &self.account.client
    }

    /// The id of the key that was shown, or that bought the token.
    #[must_use]
    pub fn key(&self) -> &Text {
        &self.key
    }

    /// What the log names as the actor of what this caller writes (HUB-005): `client/` and the id, or
    /// `operator/` and the id.
    #[must_use]
    pub fn actor(&self) -> Text {
        let kind = if self.account.operator { "operator" } else { "client" };
        Text::from(format!("{kind}/{}", self.account.client))
    }

    /// Which fields may be named at all.
    #[must_use]
    pub fn sight(&self) -> &Sight {
        &self.account.sight
    }

    /// Which records may be told of, for a question that names no field. A question that does is put
    /// to [`Gate::permit`](crate::Gate::permit).
    #[must_use]
    pub fn scope(&self) -> &Arc<Scope> {
        &self.account.scope
    }

    /// Whether the caller is an operator, who sees and does everything.
    #[must_use]
    pub fn is_operator(&self) -> bool {
        self.account.operator
    }

    /// Whether the credential is a token that was bought for reading alone.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// The fields of `resource` that may be written out for a record of `feed`; none where the record
    /// may not be told of at all.
    #[must_use]
    pub fn shown(&self, resource: ResourceId, feed: &str) -> &FieldSet {
        static NOTHING: OnceLock<FieldSet> = OnceLock::new();
        let nothing = || NOTHING.get_or_init(FieldSet::default);
        if self.account.operator {
            return self.account.lexicon.full.get(resource.index()).unwrap_or_else(nothing);
        }
        let part = self.account.grant(feed).and_then(|grant| grant.parts.get(&resource));
        part.map_or_else(nothing, |part| &part.shown)
    }

    /// The class that the caller is granted of `feed`.
    #[must_use]
    pub fn class(&self, feed: &str) -> Option<Class> {
        self.account.grant(feed).map(|grant| grant.class)
    }

    /// Every feed that is granted, with its class. An operator, who needs no grant, has none here.
    pub fn feeds(&self) -> impl Iterator<Item = (&Text, Class)> {
        self.account.grants.iter().map(|grant| (&grant.feed, grant.class))
    }

    /// What a feed that is granted says of itself: attribution, disclaimer, time zone.
    #[must_use]
    pub fn feed_terms(&self, feed: &str) -> Option<&FeedTerms> {
        self.account.grant(feed).map(|grant| &grant.terms)
    }

    /// Whether the client has asked for this deviation from the partner API, a value of the lookup
    /// PartnerDeviation.
    #[must_use]
    pub fn deviates(&self, deviation: &str) -> bool {
        self.account.partner.deviations.contains(deviation)
    }

    /// Whether records of `resource` in `feed` may be read.
    #[must_use]
    pub fn may_read(&self, feed: &str, resource: ResourceId) -> bool {
        self.account.operator
            || self.account.grant(feed).is_some_and(|grant| grant.parts.contains_key(&resource))
    }

    /// Whether records of `resource` in `feed` may be written: fields that are shown, and no others.
    #[must_use]
    pub fn may_write(&self, feed: &str, resource: ResourceId) -> bool {
        let granted =
            |feed: &str| self.account.grant(feed).is_some_and(|g| g.write && g.parts.contains_key(&resource));
        !self.read_only && (self.account.operator || granted(feed))
    }

    /// Refuses whoever is no operator, and a token that may only read where something is to be done.
    ///
    /// # Errors
    /// 403 `not_operator` or `read_only`.
    pub fn require_operator(&self, writing: bool) -> Result<(), Refusal> {
        if !self.account.operator {
            return Err(Refusal::new(
                403,
                "not_operator",
                "This is for operators alone.",
                "Use a key of a client that has OperatorYN.",
            ));
        }
        if writing && self.read_only {
            return Err(Refusal::new(
                403,
                "read_only",
                "This token was bought for reading alone.",
                "Ask the token endpoint for scope=api.",
            ));
        }
        Ok(())
    }
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Caller")
            .field("client", &self.account.client)
            .field("key", &self.key)
            .field("operator", &self.account.operator)
            .finish_non_exhaustive()
    }
}
