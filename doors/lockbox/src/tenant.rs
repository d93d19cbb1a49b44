//! Whom something is asked for: an association, in production or in staging.

use axum::extract::{Extension, Path, RawQuery, State};
use dictionary::{Feed, Named, Text};
use gate::{Caller, OWN_FEED, TenantEnvironment as Environment, TenantRole};
use http::StatusCode;
use serde_json::json;
use store::{Scan, StoreError};

use crate::Door;
use crate::reply::{Answer, Refused, json};
use parameters::Parameters;

/// Tenants that are told of at once: a few thousand associations are all there are.
const MOST_TENANTS: usize = 10_000;

/// As a path spells an environment.
pub(crate) fn path(environment: Environment) -> &'static str {
    match environment {
        Environment::Production => "production",
        Environment::Staging => "staging",
    }
}

/// What somebody wants to do for a tenant, each of them what those before it are, too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Right {
    /// Knows that it is there: whoever has a role in it.
    Belong,
    /// Reads all of it: its administrators and staff, and those who work for a vendor.
    See,
    /// Does its daily work, imports and quarantine: its administrators and staff.
    Run,
    /// Answers for it, approves and undoes: its administrators.
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
    pub(crate) fn read(record: Named<'_>, environment: Environment) -> Option<Self> {
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
            Some(environment) if self.may(caller, id, environment, Right::Belong) => {
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
    pub(crate) fn may(&self, caller: &Caller, tenant: &str, environment: Environment, right: Right) -> bool {
        let held = |role: &TenantRole| match role {
            TenantRole::Administrator => Right::Answer,
            TenantRole::Staff => Right::Run,
            TenantRole::Vendor => Right::See,
            TenantRole::User(_) => Right::Belong,
        };
        caller.is_operator() || caller.roles(tenant, environment).any(|role| held(role) >= right)
    }
}

/// `GET /lockbox/{environment}/tenants/{tenant}`
pub(crate) async fn one(
    State(door): State<Door>,
    Extension(caller): Extension<Caller>,
    Path((environment, id)): Path<(String, String)>,
) -> Answer {
    let tenant = door.tenant(&caller, (&environment, &id), Right::Belong).await?;
    Ok(json(StatusCode::OK, &told(&tenant)))
}

fn told(tenant: &Tenant) -> serde_json::Value {
    json!({
        "tenant": tenant.id.as_str(), "name": tenant.name.as_str(), "environment": path(tenant.environment),
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
        found.extend(tenants.filter(|one| door.may(&caller, &one.id, one.environment, Right::Belong)));
    }
    let items: Vec<_> = found.iter().map(told).collect();
    Ok(json(StatusCode::OK, &json!({ "items": items })))
}
