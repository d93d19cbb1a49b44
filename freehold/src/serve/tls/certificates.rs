//! The certificate that is shown, and those that answer an authority's challenges.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use jiff::Timestamp;
use parking_lot::RwLock;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use x509_cert::der::Decode;

/// The protocol in which an authority looks at a challenge, and in which nothing else is said (RFC 8737).
pub(super) const ACME_TLS: &[u8] = b"acme-tls/1";

/// A certificate chain with its key, and the time in which it is good.
#[derive(Clone, Debug)]
pub(super) struct Certificate {
    pub(super) key: Arc<CertifiedKey>,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    /// The names that it is for.
    pub(super) names: Vec<String>,
}

impl Certificate {
    /// Reads PEM, the server's own certificate first; the key may stand in the same text.
    ///
    /// # Errors
    /// What is no PEM, or a certificate and a key that do not belong together. The key's own words are not
    /// shown, whatever is wrong with it.
    pub(super) fn read(chain: &[u8], key: &[u8]) -> Result<Self> {
        let chain = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<Vec<_>, _>>()
            .ok()
            .filter(|chain| !chain.is_empty())
            .context("The certificate cannot be read. It holds PEM, the server's own first.")?;
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|_| anyhow!("The key cannot be read. It holds one PEM key."))?;
        let own = x509_cert::Certificate::from_der(&chain[0]).context("The certificate is malformed.")?;
        let validity = own.tbs_certificate.validity;
        let names = names(&own.tbs_certificate.extensions.unwrap_or_default());
        let instant = |time: x509_cert::time::Time| {
            i64::try_from(time.to_unix_duration().as_secs()).ok().and_then(|s| Timestamp::from_second(s).ok())
        };
        let (from, until) = instant(validity.not_before)
            .zip(instant(validity.not_after))
            .context("The certificate's time cannot be read.")?;
        let provider = rustls::crypto::ring::default_provider();
        let key = CertifiedKey::from_der(chain, key, &provider)
            .context("The certificate and the key do not belong together.")?;
        Ok(Self { key: Arc::new(key), from, until, names })
    }
}

/// The DNS names of the extension subjectAltName.
fn names(extensions: &[x509_cert::ext::Extension]) -> Vec<String> {
    use x509_cert::ext::pkix::SubjectAltName;
    use x509_cert::ext::pkix::name::GeneralName;
    let oid = <SubjectAltName as x509_cert::der::oid::AssociatedOid>::OID;
    let found = extensions.iter().find(|extension| extension.extn_id == oid);
    let read = found.and_then(|found| SubjectAltName::from_der(found.extn_value.as_bytes()).ok());
    let name = |name: GeneralName| match name {
        GeneralName::DnsName(name) => Some(name.as_str().to_ascii_lowercase()),
        _ => None,
    };
    read.map(|all| all.0).unwrap_or_default().into_iter().filter_map(name).collect()
}

/// What handshakes are answered with.
#[derive(Default)]
pub(super) struct Certificates {
    shown: RwLock<Option<Arc<CertifiedKey>>>,
    challenges: RwLock<HashMap<String, Arc<CertifiedKey>>>,
}

impl Certificates {
    /// Shows this certificate from the next handshake on.
    pub(super) fn show(&self, certificate: &Certificate) {
        *self.shown.write() = Some(Arc::clone(&certificate.key));
    }

    /// Answers the challenge for this domain until [`Certificates::no_challenges`].
    pub(super) fn challenge(&self, domain: &str, answer: Arc<CertifiedKey>) {
        self.challenges.write().insert(domain.to_ascii_lowercase(), answer);
    }

    pub(super) fn no_challenges(&self) {
        self.challenges.write().clear();
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let mut protocols = hello.alpn().into_iter().flatten();
        if protocols.next() == Some(ACME_TLS) && protocols.next().is_none() {
            let domain = hello.server_name()?.to_ascii_lowercase();
            return self.challenges.read().get(&domain).cloned();
        }
        self.shown.read().clone()
    }
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificates").field("shown", &self.shown.read().is_some()).finish_non_exhaustive()
    }
}
