//! A client with everything that it is granted, compiled once and used until its records change.

use std::sync::Arc;

use dictionary::{Text, Timestamp};
use parking_lot::Mutex;
use query::{FeedRows, Rows, Scope, Sight};

use crate::Limits;
use crate::compile::{Granted, Lexicon};
use crate::partner::PartnerTerms;
use crate::quota::Meter;
use crate::tenants::TenantRight;

/// A client, compiled.
pub(crate) struct Account {
    pub(crate) client: Text,
    pub(crate) operator: bool,
    pub(crate) sight: Sight,
    pub(crate) scope: Arc<Scope>,
    pub(crate) grants: Vec<Granted>,
    /// What it may do for associations.
    pub(crate) tenants: Vec<TenantRight>,
    pub(crate) limits: Limits,
    pub(crate) token_seconds: u32,
    /// How it may knock.
    pub(crate) partner: PartnerTerms,
    /// When the first of its grants ends: from then on it must be compiled anew.
    pub(crate) until: Option<Timestamp>,
    pub(crate) meter: Arc<Mutex<Meter>>,
    pub(crate) lexicon: Arc<Lexicon>,
}

/// What an account is made of, beside its grants.
pub(crate) struct Terms {
    pub(crate) client: Text,
    pub(crate) operator: bool,
    pub(crate) limits: Limits,
    pub(crate) token_seconds: u32,
    pub(crate) partner: PartnerTerms,
    pub(crate) meter: Arc<Mutex<Meter>>,
}

impl Account {
    /// Compiles; `grants` and `tenants` are those that have not ended.
    pub(crate) fn new(
        lexicon: &Arc<Lexicon>,
        terms: Terms,
        grants: Vec<Granted>,
        tenants: Vec<TenantRight>,
    ) -> Self {
        let Terms { client, operator, limits, token_seconds, partner, meter } = terms;
        let (mut sight, mut scope) = (Sight::nothing(), Scope::nothing());
        if operator {
            (sight, scope) = (Sight::everything(), Scope::everything());
        }
        for resource in lexicon.dictionary.resources().iter().filter(|_| !operator) {
            let parts: Vec<_> =
                grants.iter().filter_map(|g| Some((&g.feed, g.parts.get(&resource.id)?))).collect();
            parts.iter().for_each(|(_, part)| sight.allow(resource.id, &part.shown));
            if !parts.is_empty() {
                let of = |(feed, part): &(&Text, &crate::compile::Part)| FeedRows {
                    feed: (*feed).clone(),
                    filter: part.rows.clone(),
                };
                scope.allow(resource.id, Rows::Of(parts.iter().map(of).collect()));
            }
        }
        let ends = grants.iter().filter_map(|grant| grant.expires);
        let until = ends.chain(tenants.iter().filter_map(|right| right.expires)).min();
        let (scope, lexicon) = (Arc::new(scope), lexicon.clone());
        Self {
            client,
            operator,
            sight,
            scope,
            grants,
            tenants,
            limits,
            token_seconds,
            partner,
            until,
            meter,
            lexicon,
        }
    }

    pub(crate) fn grant(&self, feed: &str) -> Option<&Granted> {
        self.grants.iter().find(|grant| grant.feed == feed)
    }
}
