//! A certificate that somebody else renews, in two files.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use tokio::sync::watch;

use super::certificates::{Certificate, Certificates};
use crate::settings::Server;

/// How often the files are looked at. Whoever renews them does so days before their time is over.
const LOOK: Duration = Duration::from_secs(2);

/// What tells that a file was replaced.
type Stamp = Option<(SystemTime, u64)>;

/// The two files and what was last read of them.
pub(super) struct Files {
    certificate: PathBuf,
    key: PathBuf,
    seen: (Stamp, Stamp),
    certificates: Arc<Certificates>,
}

impl Files {
    /// Reads the files and shows their certificate.
    pub(super) fn read(server: &Server, certificates: Arc<Certificates>) -> Result<Self> {
        let (certificate, key) = (server.tls_certificate.clone(), server.tls_key.clone());
        let files = Self { seen: (stamp(&certificate), stamp(&key)), certificate, key, certificates };
        files.show()?;
        Ok(files)
    }

    fn show(&self) -> Result<()> {
        let text = |path: &Path| {
            std::fs::read(path).with_context(|| format!("The file {} cannot be read.", path.display()))
        };
        let certificate = Certificate::read(&text(&self.certificate)?, &text(&self.key)?)
            .with_context(|| format!("{} and {}", self.certificate.display(), self.key.display()))?;
        tracing::info!(until = %certificate.until, "the certificate of {} is shown", self.certificate.display());
        self.certificates.show(&certificate);
        Ok(())
    }

    /// Reads the files anew when they change. What cannot be read leaves the certificate as it was: the
    /// second of the two files may not be there yet.
    pub(super) async fn watch(mut self, mut stopped: watch::Receiver<bool>) {
        while tokio::time::timeout(LOOK, stopped.wait_for(|told| *told)).await.is_err() {
            let now = (stamp(&self.certificate), stamp(&self.key));
            if now == self.seen {
                continue;
            }
            self.seen = now;
            if let Err(error) = self.show() {
                tracing::warn!("the certificate stays as it was: {error:#}");
            }
        }
    }
}

fn stamp(path: &Path) -> Stamp {
    let about = std::fs::metadata(path).ok()?;
    Some((about.modified().ok()?, about.len()))
}
