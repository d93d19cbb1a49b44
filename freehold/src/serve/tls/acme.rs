//! A certificate from an authority that speaks ACME (RFC 8555), asked for and renewed by itself.
//!
//! That the domains are ours is proved by TLS-ALPN-01 (RFC 8737): the authority connects to this server
//! and finds a certificate that nobody else could make. So one port is enough, and it must be 443 as the
//! authority sees it. What must survive a restart lies in `acme/` of the data directory: the account, and
//! the certificate with its key.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use instant_acme::{
    Account, AccountCredentials, AuthorizationStatus, ChallengeType, Identifier, NewAccount, NewOrder, Order,
    OrderStatus, RetryPolicy,
};
use jiff::{SignedDuration, Timestamp};
use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::sign::CertifiedKey;
use tokio::sync::watch;

use super::certificates::{Certificate, Certificates};
use crate::clock;
use crate::outside::Outside;
use crate::settings::Acme;

/// An authority looks at a challenge within seconds; some look from several places.
const PATIENCE: RetryPolicy = RetryPolicy::new().timeout(Duration::from_secs(120));
/// The shortest and the longest wait after a failure. Authorities count failures by the hour.
const WAITS: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(3_600));
/// The longest sleep while the certificate is good: the machine's clock may be set meanwhile.
const LOOK: Duration = Duration::from_secs(3_600);

/// Keeps a certificate good.
pub(super) struct Keeper {
    settings: Acme,
    directory: PathBuf,
    certificates: Arc<Certificates>,
    outside: Outside,
}

impl Keeper {
    pub(super) fn new(settings: &Acme, data: &Path, certificates: Arc<Certificates>) -> Result<Self> {
        let directory = data.join("acme");
        std::fs::create_dir_all(&directory)
            .with_context(|| format!("The directory {} cannot be made.", directory.display()))?;
        let outside = Outside::new(&settings.authority)?;
        Ok(Self { settings: settings.clone(), directory, certificates, outside })
    }

    /// Shows the certificate that is kept, and asks for another when two thirds of its time are over.
    pub(super) async fn keep(self, mut stopped: watch::Receiver<bool>) {
        let mut kept = self.kept();
        if let Some(certificate) = &kept {
            self.certificates.show(certificate);
        }
        let mut wait = WAITS.0;
        loop {
            let now = clock::now();
            let due = kept.as_ref().map_or(now, renewal);
            let sleep = if due > now {
                Duration::try_from(due.duration_since(now)).unwrap_or(LOOK).min(LOOK)
            } else {
                match self.obtain().await {
                    Ok(certificate) => {
                        tracing::info!(until = %certificate.until, "the authority has given a certificate");
                        self.certificates.show(&certificate);
                        kept = Some(certificate);
                        wait = WAITS.0;
                        continue;
                    }
                    Err(error) => {
                        tracing::warn!("no certificate, asked again in {} s: {error:#}", wait.as_secs());
                        let slept = wait;
                        wait = (wait * 2).min(WAITS.1);
                        slept
                    }
                }
            };
            if tokio::time::timeout(sleep, stopped.wait_for(|told| *told)).await.is_ok() {
                return;
            }
        }
    }

    /// The certificate of an earlier run, where it is for these domains.
    fn kept(&self) -> Option<Certificate> {
        let text = std::fs::read(self.directory.join("certificate.pem")).ok()?;
        match Certificate::read(&text, &text) {
            Ok(certificate) => {
                let named = |domain: &String| certificate.names.contains(&domain.to_ascii_lowercase());
                self.settings.domains.iter().all(named).then_some(certificate)
            }
            Err(error) => {
                tracing::warn!("the certificate of {} is passed over: {error:#}", self.directory.display());
                None
            }
        }
    }

    async fn obtain(&self) -> Result<Certificate> {
        let account = self.account().await?;
        let names: Vec<Identifier> =
            self.settings.domains.iter().map(|name| Identifier::Dns(name.to_ascii_lowercase())).collect();
        let mut order = account.new_order(&NewOrder::new(&names)).await.context("The order was refused.")?;
        let proved = self.prove(&mut order).await;
        self.certificates.no_challenges();
        proved?;
        let key = order.finalize().await.context("The order cannot be finished.")?;
        let chain = order.poll_certificate(&PATIENCE).await.context("The certificate did not come.")?;
        let text = format!("{key}{chain}");
        let certificate = Certificate::read(text.as_bytes(), text.as_bytes())?;
        // Key and chain in one file: a process that is cut off leaves the old pair or the new one.
        write(&self.directory.join("certificate.pem"), text.as_bytes())?;
        Ok(certificate)
    }

    /// Answers every challenge of the order and waits until the authority has seen it.
    async fn prove(&self, order: &mut Order) -> Result<()> {
        let mut all = order.authorizations();
        while let Some(authorization) = all.next().await {
            let mut authorization = authorization.context("An authorization cannot be read.")?;
            match authorization.status {
                AuthorizationStatus::Valid => continue,
                AuthorizationStatus::Pending => {}
                status => bail!("An authorization is {status:?}."),
            }
            let mut challenge = authorization
                .challenge(ChallengeType::TlsAlpn01)
                .context("The authority offers no challenge tls-alpn-01 (RFC 8737).")?;
            let domain = challenge.identifier().to_string();
            let answer = answer(&domain, challenge.key_authorization().digest().as_ref())?;
            self.certificates.challenge(&domain, answer);
            challenge.set_ready().await.with_context(|| format!("{domain} was refused."))?;
        }
        let status = order.poll_ready(&PATIENCE).await.context("The authority did not decide.")?;
        if status == OrderStatus::Ready {
            return Ok(());
        }
        let mut why = Vec::new();
        let mut all = order.authorizations();
        while let Some(Ok(mut authorization)) = all.next().await {
            if let Ok(state) = authorization.refresh().await {
                let name = state.identifier().to_string();
                let problems = state.challenges.iter().filter_map(|challenge| challenge.error.as_ref());
                why.extend(problems.map(|problem| format!("{name}: {problem}")));
            }
        }
        bail!("The authority is not convinced that the domains are served here: {}", why.join("; "))
    }

    /// The account of an earlier run with this authority, or a new one.
    async fn account(&self) -> Result<Account> {
        let file = self.directory.join("account.json");
        let wanted = (self.settings.directory.as_str(), self.settings.contact.as_str());
        if let Ok(text) = std::fs::read(&file)
            && let Ok(kept) = serde_json::from_slice::<Kept>(&text)
            && (kept.directory.as_str(), kept.contact.as_str()) == wanted
        {
            return self.outside.account().from_credentials(kept.credentials).await.context(
                "The account cannot be used: remove account.json for a new one, or try again later.",
            );
        }
        let contact = format!("mailto:{}", self.settings.contact);
        let contacts = [contact.as_str()];
        let asked = NewAccount {
            contact: if self.settings.contact.is_empty() { &[] } else { &contacts },
            terms_of_service_agreed: self.settings.terms_agreed,
            only_return_existing: false,
        };
        let made = self.outside.account().create(&asked, self.settings.directory.clone(), None).await;
        let (account, credentials) = made.context("The authority makes no account.")?;
        let (directory, contact) = (wanted.0.to_owned(), wanted.1.to_owned());
        write(&file, &serde_json::to_vec(&Kept { directory, contact, credentials })?)?;
        Ok(account)
    }
}

/// The account as it is kept.
#[derive(serde::Serialize, serde::Deserialize)]
struct Kept {
    directory: String,
    contact: String,
    credentials: AccountCredentials,
}

/// When two thirds of a certificate's time are over: a third is left for failures.
fn renewal(certificate: &Certificate) -> Timestamp {
    let whole = certificate.until.duration_since(certificate.from);
    let left = SignedDuration::from_millis(i64::try_from(whole.as_millis() / 3).unwrap_or(0));
    certificate.until.checked_sub(left).unwrap_or(certificate.from)
}

/// The certificate that answers a challenge: of the domain, with the key authorization's digest in an
/// extension of its own (RFC 8737, 3).
fn answer(domain: &str, digest: &[u8]) -> Result<Arc<CertifiedKey>> {
    let mut asked = CertificateParams::new([domain.to_owned()])?;
    asked.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let key = KeyPair::generate()?;
    let made = asked.self_signed(&key)?;
    let private = rustls::pki_types::PrivateKeyDer::try_from(key.serialize_der())
        .map_err(|why| anyhow!("The challenge's key cannot be used: {why}."))?;
    let provider = rustls::crypto::ring::default_provider();
    let private = provider.key_provider.load_private_key(private)?;
    // Not held against the certificate: the reader knows no critical extension of RFC 8737.
    Ok(Arc::new(CertifiedKey::new(vec![made.der().clone()], private)))
}

/// Writes a file for its owner's eyes, whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let fault = || format!("{} cannot be written.", path.display());
    let beside = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside).with_context(fault)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).with_context(fault)?;
    std::fs::rename(&beside, path).with_context(fault)
}
