//! Whom something is asked for: an association, in production or in staging.

use axum::extract::{Extension, Path, RawQuery, State};
use dictionary::{Feed, Named, Text};
use gate::{Caller, OWN_FEED};
use http::StatusCode;
use serde_json::json;
use store::{Scan, StoreError};

use crate::Door;
use crate::asking::Parameters;
use crate::reply::{Answer, Refused, json};

/// Tenants that are told of at once: a few thousand associations are all there are.
const MOST_TENANTS: usize = 10_000;

/// A value of the lookup TenantEnvironment. Staging and production share nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Environment {
    Production,
    Staging,
}

impl Environment {
    /// The environment that a path names.
    pub(crate) fn find(name: &str) -> Option<Self> {
        match name {
            "production" => Some(Self::Production),
            "staging" => Some(Self::Staging),
            _ => None,
        }
    }

    /// As the lookup spells it.
    #[expect(dead_code, reason = "what is kept of an import names it")]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Production => "Production",
            Self::Staging => "Staging",
        }
    }

    /// As a path spells it.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Staging => "staging",
        }
    }
}

/// Who may do a thing for a tenant: a value of the lookup TenantRole, or whoever stands above it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Right {
    /// Reads.
    See,
    #[expect(dead_code, reason = "imports ask for it")]
    /// Runs the tenant's daily work: imports, its quarantine.
    Run,
    #[expect(dead_code, reason = "imports ask for it")]
    /// Answers for the tenant: approves, undoes, releases, sets.
    Answer,
}

/// An association in one environment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Tenant {
    pub(crate) id: Text,
    pub(crate) name: Text,
    pub(crate) environment: Environment,
    /// Whose records these are: the feed of this environment.
    pub(crate) feed: Feed,
    /// What makes a user name unique (LBX-007).
    pub(crate) region: Option<Text>,
    /// The IANA name of the zone that its days are counted in.
    pub(crate) zone: Option<Text>,
}

impl Tenant {
    fn read(record: Named<'_>, environment: Environment) -> Option<Self> {
        let feed = match environment {
            Environment::Production => record.text("ProductionFeedId"),
            Environment::Staging => record.text("StagingFeedId"),
        };
        let id = record.text("TenantId")?;
        Some(Self {
            name: record.text("TenantName").unwrap_or_else(|| id.clone()),
            id,
            environment,
            feed: feed?,
            region: record.text("TenantRegionCode"),
            zone: record.text("TenantTimeZone"),
        })
    }
}

impl Door {
    /// The tenant that a path names, where the caller has this right in it. One that is not there and one that is
    /// not the caller's look the same.
    pub(crate) async fn tenant(
        &self,
        caller: &Caller,
        (environment, id): (&str, &str),
        right: Right,
    ) -> Result<Tenant, Refused> {
        let found = match Environment::find(environment) {
            Some(environment) if self.may(caller, id, environment, Right::See) => {
                self.find_tenant(id, environment).await?
            }
            _ => None,
        };
        let tenant = found.ok_or_else(|| {
            let hint = "GET /lockbox/tenants lists those that you may work for, with their environments.";
            Refused::new(404, "tenant_unknown", format!("There is no tenant {id} in {environment}."), hint)
        })?;
        if !self.may(caller, &tenant.id, tenant.environment, right) {
            let message = format!("This is not yours to do for {}.", tenant.id);
            let hint = "An administrator of the tenant may, or whoever an operator grants the role.";
            return Err(Refused::new(403, "role_missing", message, hint));
        }
        if right > Right::See && caller.is_read_only() {
            let message = "This token was bought for reading alone.";
            return Err(Refused::new(403, "read_only", message, "Ask the token endpoint for scope=api."));
        }
        Ok(tenant)
    }

    /// A tenant by its id, whoever asks.
    pub(crate) async fn find_tenant(
        &self,
        id: &str,
        environment: Environment,
    ) -> Result<Option<Tenant>, StoreError> {
        let own = self.dictionary.known("Tenant");
        let kept = self.store.get(own.id, id).await?;
        Ok(kept.and_then(|kept| Tenant::read(Named { own, record: &kept.record }, environment)))
    }

    /// Whether a caller has a right in a tenant. Operators have every one.
    fn may(&self, caller: &Caller, _tenant: &str, _environment: Environment, _right: Right) -> bool {
        caller.is_operator()
    }
}

/// `GET /lockbox/{environment}/tenants/{tenant}`
pub(crate) async fn one(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id)): Path<(String, String)>,
) -> Answer {
    let tenant = door.tenant(&caller, (&environment, &id), Right::See).await?;
    Ok(json(StatusCode::OK, &told(&tenant)))
}

fn told(tenant: &Tenant) -> serde_json::Value {
    json!({
        "tenant": tenant.id.as_str(), "name": tenant.name.as_str(), "environment": tenant.environment.path(),
        "feed": tenant.feed.as_str(), "region": tenant.region.as_deref(), "timeZone": tenant.zone.as_deref(),
    })
}

/// `GET /lockbox/tenants`
pub(crate) async fn list(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
) -> Answer {
    let mut asked = Parameters::read(query.as_deref())?;
    let environments = match asked.take("environment").as_deref().map(Environment::find) {
        None => vec![Environment::Production, Environment::Staging],
        Some(Some(one)) => vec![one],
        Some(None) => {
            let message = "There is no such environment.";
            return Err(Refused::new(400, "parameter_wrong", message, "production or staging."));
        }
    };
    asked.done()?;
    let own = door.dictionary.known("Tenant");
    let all = Scan { resource: own.id, feed: Some(OWN_FEED.into()), after: None, limit: MOST_TENANTS };
    let kept = door.store.scan(all).await?;
    let mut found = Vec::new();
    for stored in &kept {
        let record = Named { own, record: &stored.record };
        let tenants = environments.iter().filter_map(|environment| Tenant::read(record, *environment));
        found.extend(tenants.filter(|one| door.may(&caller, &one.id, one.environment, Right::See)));
    }
    let items: Vec<_> = found.iter().map(told).collect();
    Ok(json(StatusCode::OK, &json!({ "items": items })))
}
