//! The settings: one file, every setting with a default, checked before anything starts.

mod check;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// The annotated default file: the settings' own reference page.
pub(crate) const REFERENCE: &str = include_str!("../../settings.toml");

/// All settings. What each means stands in [`REFERENCE`].
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) server: Server,
    pub(crate) acme: Acme,
    pub(crate) store: Store,
    pub(crate) dictionary: Words,
    pub(crate) intake: Intake,
    pub(crate) pull: Pull,
    pub(crate) reso: Reso,
    pub(crate) transactions: Transactions,
    pub(crate) media: Media,
    pub(crate) geocode: Geocode,
    pub(crate) outflow: Outflow,
    pub(crate) kafka: Kafka,
    pub(crate) log: Log,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Server {
    pub(crate) listen: SocketAddr,
    pub(crate) public_url: String,
    pub(crate) behind_proxy: bool,
    pub(crate) tls_certificate: PathBuf,
    pub(crate) tls_key: PathBuf,
    pub(crate) environment: String,
    pub(crate) request_seconds: u64,
    pub(crate) drain_seconds: u64,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Acme {
    pub(crate) domains: Vec<String>,
    pub(crate) directory: String,
    pub(crate) contact: String,
    pub(crate) terms_agreed: bool,
    pub(crate) authority: PathBuf,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Store {
    pub(crate) data: PathBuf,
    pub(crate) postgres: String,
    pub(crate) connections: usize,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Words {
    pub(crate) version: String,
    pub(crate) local: PathBuf,
}

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Intake {
    pub(crate) directories: Vec<PathBuf>,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Pull {
    pub(crate) profiles: PathBuf,
    pub(crate) allowed_addresses: Vec<String>,
    pub(crate) timeout_seconds: u64,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Reso {
    pub(crate) root: String,
    pub(crate) page_size: u32,
    pub(crate) largest_page: u32,
    pub(crate) enumerations: String,
    pub(crate) kept_megabytes: usize,
}

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Transactions {
    pub(crate) domain: String,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Media {
    pub(crate) disk_megabytes: u64,
    pub(crate) largest_original_megabytes: usize,
    pub(crate) networks: Vec<String>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Geocode {
    pub(crate) url: String,
    pub(crate) form: String,
    pub(crate) timeout_milliseconds: u64,
    pub(crate) per_second: u32,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Log {
    pub(crate) level: String,
    pub(crate) format: String,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Kafka {
    pub(crate) brokers: String,
    pub(crate) prefix: String,
    pub(crate) resources: Vec<String>,
    pub(crate) tls: bool,
    pub(crate) authority: PathBuf,
    pub(crate) mechanism: String,
    pub(crate) user: String,
    pub(crate) password_file: PathBuf,
    pub(crate) reports: Vec<ReportsTopic>,
    pub(crate) group: String,
}

/// A topic that events are taken in from, and whose they are.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportsTopic {
    pub(crate) topic: String,
    pub(crate) client: String,
}

impl Default for Kafka {
    fn default() -> Self {
        Self {
            brokers: String::new(),
            prefix: "freehold".into(),
            resources: ["Property", "Member", "Office", "OpenHouse"].map(Into::into).into(),
            tls: false,
            authority: PathBuf::new(),
            mechanism: String::new(),
            user: String::new(),
            password_file: PathBuf::new(),
            reports: Vec::new(),
            group: "freehold".into(),
        }
    }
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Outflow {
    pub(crate) send: bool,
    pub(crate) own_changes: bool,
    pub(crate) allowed_addresses: Vec<String>,
    pub(crate) timeout_seconds: u64,
    pub(crate) retry_seconds: Vec<u64>,
    pub(crate) retry_jitter_percent: u8,
    pub(crate) rotation_hours: u64,
    pub(crate) failing_hours: u64,
    pub(crate) retention_days: u64,
    pub(crate) done_days: u64,
}

impl Default for Outflow {
    fn default() -> Self {
        Self {
            send: true,
            own_changes: true,
            allowed_addresses: Vec::new(),
            timeout_seconds: 15,
            retry_seconds: vec![5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400],
            retry_jitter_percent: 10,
            rotation_hours: 24,
            failing_hours: 120,
            retention_days: 90,
            done_days: 7,
        }
    }
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8700)),
            public_url: String::new(),
            behind_proxy: false,
            tls_certificate: PathBuf::new(),
            tls_key: PathBuf::new(),
            environment: "production".into(),
            request_seconds: 60,
            drain_seconds: 15,
        }
    }
}

impl Default for Acme {
    fn default() -> Self {
        Self {
            domains: Vec::new(),
            directory: "https://acme-v02.api.letsencrypt.org/directory".into(),
            contact: String::new(),
            terms_agreed: false,
            authority: PathBuf::new(),
        }
    }
}

impl Default for Store {
    fn default() -> Self {
        Self { data: PathBuf::from("data"), postgres: String::new(), connections: 4 }
    }
}

impl Default for Words {
    fn default() -> Self {
        Self { version: "2.1".into(), local: PathBuf::new() }
    }
}

impl Default for Pull {
    fn default() -> Self {
        Self { profiles: PathBuf::new(), allowed_addresses: Vec::new(), timeout_seconds: 120 }
    }
}

impl Default for Reso {
    fn default() -> Self {
        Self {
            root: "/odata".into(),
            page_size: 500,
            largest_page: 10_000,
            enumerations: "strings".into(),
            kept_megabytes: 256,
        }
    }
}

impl Default for Media {
    fn default() -> Self {
        Self { disk_megabytes: 2_048, largest_original_megabytes: 20, networks: Vec::new() }
    }
}

impl Default for Geocode {
    fn default() -> Self {
        Self { url: String::new(), form: "nominatim".into(), timeout_milliseconds: 2_000, per_second: 1 }
    }
}

/// The URL may hold a key.
impl std::fmt::Debug for Geocode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let url = if self.url.is_empty() { "" } else { "(set)" };
        f.debug_struct("Geocode").field("url", &url).field("form", &self.form).finish_non_exhaustive()
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "info".into(), format: "text".into() }
    }
}

/// The URL may hold a password.
impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let postgres = if self.postgres.is_empty() { "" } else { "(set)" };
        f.debug_struct("Store").field("data", &self.data).field("postgres", &postgres).finish_non_exhaustive()
    }
}

impl Settings {
    /// The settings of `file`, or the defaults.
    pub(crate) fn read(file: Option<&Path>) -> Result<Self> {
        let settings = match file {
            None => Self::default(),
            Some(file) => {
                let shown = file.display();
                let text = std::fs::read_to_string(file)
                    .with_context(|| format!("The settings file {shown} cannot be read."))?;
                check::parse(&text).with_context(|| format!("The settings file {shown} is not right."))?
            }
        };
        let faults = check::check(&settings);
        if !faults.is_empty() {
            bail!("The settings are not right:\n  {}", faults.join("\n  "));
        }
        Ok(settings)
    }

    /// What the world calls this server, without a slash at its end.
    pub(crate) fn public_url(&self) -> String {
        let server = &self.server;
        if !server.public_url.is_empty() {
            return server.public_url.trim_end_matches('/').to_owned();
        }
        if let Some(domain) = self.acme.domains.first() {
            // The authority finds the server at 443, so that is where the world does.
            return format!("https://{domain}");
        }
        let scheme = if server.has_certificate() { "https" } else { "http" };
        format!("{scheme}://{}", server.listen)
    }

    /// Whether TLS ends here.
    pub(crate) fn ends_tls(&self) -> bool {
        self.server.has_certificate() || self.acme.is_on()
    }
}

impl Acme {
    /// Whether an authority is asked for a certificate.
    pub(crate) fn is_on(&self) -> bool {
        !self.domains.is_empty()
    }
}

impl Server {
    /// Whether there are certificate files.
    pub(crate) fn has_certificate(&self) -> bool {
        !self.tls_certificate.as_os_str().is_empty()
    }
}
