//! The credential comes first, then what its client is to the tenant: no handler runs before both are right.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, RawPathParams, Request, State as Stand};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use dictionary::{Text, Timestamp};
use gate::{Caller, Quota, TenantEnvironment};
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use odata::Fault;

use crate::answer::{self, Refused};
use crate::right::{Right, Verdict, judge};
use crate::{Door, Integration, Tenant};

/// Who asks, and of what: put on every request that comes in.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) caller: Caller,
    pub(crate) now: Timestamp,
    tenant: Option<Tenant>,
    integration: Option<Integration>,
    environment: Option<TenantEnvironment>,
}

impl Asked {
    /// The tenant that the address names.
    pub(crate) fn tenant(&self) -> &Tenant {
        self.tenant.as_ref().expect("the guard finds the tenant of every address that names one")
    }

    /// The integration that the address names, which is the tenant's.
    pub(crate) fn integration(&self) -> &Integration {
        self.integration.as_ref().expect("the guard finds the integration of every address that names one")
    }

    /// The environment that the address names.
    pub(crate) fn environment(&self) -> TenantEnvironment {
        self.environment.expect("the guard reads the environment of every address that names one")
    }

    /// What the log names as whoever acts.
    pub(crate) fn actor(&self) -> Text {
        self.caller.actor()
    }
}

/// Lets through whom the gate believes and the tenant's grants allow.
pub(crate) async fn guard(
    Stand((door, right)): Stand<(Door, Right)>,
    path: RawPathParams,
    mut request: Request,
    next: Next,
) -> Response {
    let now = door.now();
    let from = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let (caller, quota) = match door.gate.admit(request.headers(), from, now) {
        Ok(admitted) => admitted,
        Err(refusal) => return answer::refused(&refusal),
    };
    let asked = match allowed(&door, right, &path, request.method(), caller, now).await {
        Ok(asked) => asked,
        Err(refused) => return with_limits(refused.into_response(), &quota),
    };
    request.extensions_mut().insert(asked);
    with_limits(next.run(request).await, &quota)
}

async fn allowed(
    door: &Door,
    right: Right,
    path: &RawPathParams,
    method: &Method,
    caller: Caller,
    now: Timestamp,
) -> Result<Asked, Refused> {
    let named = |name: &str| path.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
    let reads = matches!(*method, Method::GET | Method::HEAD);
    if !reads && caller.is_read_only() {
        let hint = "Ask the token endpoint for scope=api.";
        return Err(Fault::new(403, "read_only", "This token was bought for reading alone.", hint).into());
    }
    let environment = named("environment").map(|name| {
        TenantEnvironment::find(name).ok_or_else(|| {
            let message = format!("There is no environment {name:?}.");
            Fault::new(404, "environment_unknown", message, "It is `staging` or `production`.")
        })
    });
    let environment = environment.transpose()?;
    let Some(id) = named("tenant") else {
        let enough = caller.is_operator() || judge(right, caller.tenants(), "", None) == Verdict::May;
        if !enough {
            return Err(caller.require_operator(false).err().map_or_else(too_little, Refused::from));
        }
        door.register.refresh().await?;
        return Ok(Asked { caller, now, tenant: None, integration: None, environment });
    };
    if !caller.is_operator() {
        match judge(right, caller.tenants(), id, environment) {
            Verdict::May => {}
            Verdict::TooLittle => return Err(too_little()),
            Verdict::Stranger => return Err(no_tenant(id)),
        }
    }
    door.register.refresh().await?;
    let tenant = door.tenant(id).ok_or_else(|| no_tenant(id))?;
    let integration = match named("integration") {
        None => None,
        Some(name) => {
            let found = door.integration(&format!("{id}.{name}"));
            Some(found.ok_or_else(|| {
                let message = format!("{id} has no integration {name:?}.");
                let hint = format!("GET /association/tenants/{id}/integrations lists them.");
                Fault::new(404, "integration_unknown", message, hint)
            })?)
        }
    };
    Ok(Asked { caller, now, tenant: Some(tenant), integration, environment })
}

fn no_tenant(id: &str) -> Refused {
    let hint = "GET /association/tenants lists those that you may see.";
    Fault::new(404, "tenant_unknown", format!("There is no tenant {id:?}."), hint).into()
}

fn too_little() -> Refused {
    let message = "What you are to this tenant is not enough for this.";
    let hint = "Ask an administrator of the tenant for a TenantGrant of the role and environment.";
    Fault::new(403, "role_missing", message, hint).into()
}

fn with_limits(mut answer: Response, quota: &Quota) -> Response {
    quota.note(answer.headers_mut());
    answer
}

/// What the framework refuses by itself, said as everything else is said.
pub(crate) async fn in_our_words(request: Request, next: Next) -> Response {
    let answer = next.run(request).await;
    let status = answer.status();
    let said = answer.headers().contains_key(CONTENT_TYPE);
    if said_by_us(&answer) || !(status.is_client_error() || status.is_server_error()) {
        return answer;
    }
    let (code, message, hint) = match status {
        StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "The body is too large.", "Send at most 1 MiB."),
        StatusCode::METHOD_NOT_ALLOWED => {
            ("method_not_allowed", "This is not done here.", "/docs lists what is.")
        }
        _ if said => ("request_wrong", "The request cannot be read.", "Look at its address and its body."),
        _ => ("not_found", "Nothing is found here.", "/docs lists what is."),
    };
    let mut told = answer::fault(&Fault::new(status.as_u16(), code, message, hint));
    if let Some(allow) = answer.headers().get(http::header::ALLOW) {
        told.headers_mut().insert(http::header::ALLOW, allow.clone());
    }
    told
}

fn said_by_us(answer: &Response) -> bool {
    answer.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == "application/json")
}
