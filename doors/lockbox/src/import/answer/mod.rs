//! What is asked of imports over HTTP.

pub(crate) mod alerts;
pub(crate) mod batches;
pub(crate) mod decided;
pub(crate) mod quarantined;
pub(crate) mod receive;
pub(crate) mod report;
pub(crate) mod settings;

use axum::body::Bytes;
use serde::de::DeserializeOwned;

use super::batch::Batch;
use crate::Door;
use crate::reply::Refused;
use crate::tenant::Tenant;

/// What a path names: environment, tenant, and one thing of it.
pub(crate) type Named = (String, String, String);

/// Reads a body that is an object of JSON.
pub(crate) fn body<T: DeserializeOwned>(bytes: &Bytes) -> Result<T, Refused> {
    if !bytes.trim_ascii_start().starts_with(b"{") {
        let hint = "Content-Type: application/json; /openapi.json says what it holds.";
        return Err(Refused::new(400, "body_wrong", "The body is no object of JSON.", hint));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let hint = "Content-Type: application/json; /openapi.json says what it holds.";
        Refused::new(400, "body_wrong", format!("The body cannot be read: {error}."), hint)
    })
}

impl Door {
    /// A batch of this tenant; one of another's is not there.
    pub(crate) async fn batch_of(&self, tenant: &Tenant, id: &str) -> Result<Batch, Refused> {
        let found = self.batch(id).await?;
        let ours = found.filter(|batch| batch.tenant == tenant.id && batch.environment == tenant.environment);
        ours.ok_or_else(|| {
            let message = format!("There is no import {id}.");
            Refused::new(404, "batch_unknown", message, "GET …/imports lists the newest.")
        })
    }
}
