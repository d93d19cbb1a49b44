//! Which broker, and what goes to it.

use std::path::PathBuf;

use dictionary::ResourceId;
use krafka::auth::{AuthConfig, TlsConfig};

/// How Kafka is reached and what is sent there.
#[derive(Clone, PartialEq, Debug)]
pub struct Settings {
    /// `host:port`, several with commas between.
    pub brokers: String,
    /// How the connection is protected.
    pub security: Security,
    /// What the names of topics begin with.
    pub prefix: String,
    /// Whose changes are sent besides events.
    pub resources: Vec<ResourceId>,
}

/// How the connection is protected.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Security {
    /// Whether TLS is spoken.
    pub tls: bool,
    /// A PEM file of the certificates that are believed instead of Mozilla's.
    pub authority: Option<PathBuf>,
    /// Who logs in (SASL); nobody where there is none.
    pub login: Option<Login>,
}

/// A SASL login.
#[derive(Clone, PartialEq)]
pub struct Login {
    /// How the password is shown.
    pub mechanism: Mechanism,
    /// The name.
    pub user: String,
    /// The password. It is never logged.
    pub password: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").field("mechanism", &self.mechanism).finish_non_exhaustive()
    }
}

/// SASL mechanisms.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mechanism {
    /// `PLAIN`: the password itself; over TLS only.
    Plain,
    /// `SCRAM-SHA-256`
    ScramSha256,
    /// `SCRAM-SHA-512`
    ScramSha512,
}

impl Mechanism {
    /// The mechanism of this name, as Kafka spells it.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        match name {
            "PLAIN" => Some(Self::Plain),
            "SCRAM-SHA-256" => Some(Self::ScramSha256),
            "SCRAM-SHA-512" => Some(Self::ScramSha512),
            _ => None,
        }
    }
}

impl Security {
    pub(crate) fn config(&self) -> AuthConfig {
        let tls = || {
            let config = TlsConfig::new();
            match &self.authority {
                Some(file) => config.with_ca_cert(file.display().to_string()),
                None => config,
            }
        };
        let login = self.login.as_ref().map(|Login { mechanism, user, password }| match mechanism {
            Mechanism::Plain => AuthConfig::sasl_plain(user, password),
            Mechanism::ScramSha256 => AuthConfig::sasl_scram_sha256(user, password),
            Mechanism::ScramSha512 => AuthConfig::sasl_scram_sha512(user, password),
        });
        match (login, self.tls) {
            (Some(login), true) => login.with_tls(tls()),
            (Some(login), false) => login,
            (None, true) => AuthConfig::ssl(tls()),
            (None, false) => AuthConfig::plaintext(),
        }
    }
}
