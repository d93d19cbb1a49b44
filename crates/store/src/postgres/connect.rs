//! Connections: who is believed, how long is waited.

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::Config;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::Pools;
use crate::{Certificates, ErrorKind, StoreError};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a read waits for a connection that others use.
const WAIT: Duration = Duration::from_secs(30);
/// How long the network may swallow what was sent before the connection counts as dead.
const UNANSWERED: Duration = Duration::from_secs(30);

/// Pools for a database; nothing is connected yet.
pub(crate) fn connect(
    url: &str,
    connections: usize,
    certificates: Certificates,
) -> Result<Pools, StoreError> {
    let wrong = |message: String, hint: &str| StoreError::new(ErrorKind::Settings, message, hint);
    // The parser's message names the part that is wrong and never the password.
    let mut config: Config = url.parse().map_err(|error: tokio_postgres::Error| {
        let why = std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
        wrong(
            format!("The URL of the database cannot be read{why}."),
            "Write postgres://user:password@host:5432/database, special characters of the password as %XX.",
        )
    })?;
    if !(1..=100).contains(&connections) {
        let message = format!("There cannot be {connections} connections for reading.");
        return Err(wrong(message, "Give a number from 1 to 100; 4 is usual."));
    }
    config
        .application_name("freehold")
        .connect_timeout(CONNECT)
        .keepalives_idle(UNANSWERED)
        .tcp_user_timeout(UNANSWERED);
    let roots = roots(certificates)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| {
            wrong(format!("TLS cannot be set up: {error}."), "Report this as a fault of Freehold.")
        })?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tls = MakeRustlsConnect::new(tls);
    let pool = |size: usize| {
        let manager_config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(config.clone(), tls.clone(), manager_config);
        // A server that is set to acknowledge before it is on disk is asked not to (RESO-064).
        let durable = Hook::async_fn(|client, _| {
            Box::pin(async move {
                let sql = "SELECT set_config('synchronous_commit', 'on', false) \
                           WHERE current_setting('synchronous_commit') = 'off'";
                client.simple_query(sql).await.map_err(HookError::Backend)?;
                Ok(())
            })
        });
        Pool::builder(manager)
            .max_size(size)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(CONNECT))
            .post_create(durable)
            .build()
            .map_err(|error| wrong(format!("The pool cannot be set up: {error}."), "Check the settings."))
    };
    Ok(Pools { readers: pool(connections)?, writer: pool(1)? })
}

fn roots(certificates: Certificates) -> Result<RootCertStore, StoreError> {
    let mut roots = RootCertStore::empty();
    match certificates {
        Certificates::Mozilla => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Certificates::System => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if roots.is_empty() {
                return Err(StoreError::new(
                    ErrorKind::Settings,
                    "This machine trusts no certificates.",
                    "Install ca-certificates, or set SSL_CERT_FILE to the database's certificate.",
                ));
            }
        }
    }
    Ok(roots)
}
