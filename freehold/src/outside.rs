//! Requests to a certificate authority, by the one client that leaves this machine.

use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use instant_acme::{Account, AccountBuilder, BodyWrapper, BytesResponse, Error, HttpClient};
use outbound::{Client, Request, Rules, Settings};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// The largest answer that is read: a chain of certificates takes ten thousand bytes.
const LARGEST_ANSWER: usize = 1 << 20;

/// Asks one authority. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Outside(Client);

impl Outside {
    /// A client that believes Mozilla's authorities, and those of a PEM file where one is named.
    pub(crate) fn new(authority: &Path) -> Result<Self> {
        let roots = if authority.as_os_str().is_empty() {
            Vec::new()
        } else {
            CertificateDer::pem_file_iter(authority)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .with_context(|| format!("The file {} holds no PEM certificates.", authority.display()))?
        };
        // The operator names the authority, and it may well stand in the same house.
        let everywhere = ["0.0.0.0/0", "::/0"].iter().filter_map(|range| range.parse().ok()).collect();
        let settings = Settings {
            rules: Rules { allowed: everywhere },
            timeout: Duration::from_secs(30),
            roots,
            ..Settings::default()
        };
        Ok(Self(Client::new(settings)?))
    }

    /// Begins with an account.
    pub(crate) fn account(&self) -> AccountBuilder {
        Account::builder_with_http(Box::new(self.clone()))
    }
}

impl HttpClient for Outside {
    fn request(
        &self,
        request: http::Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let client = self.0.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let Ok(body) = body.collect().await;
            let body = body.to_bytes();
            let (method, uri, headers) = (head.method, head.uri, head.headers);
            let asked = Request { method, uri, headers, body, largest_answer: LARGEST_ANSWER };
            let answer = client.send(asked).await.map_err(|failure| Error::Other(Box::new(failure)))?;
            let mut response = http::Response::new(Body::from(answer.body));
            *response.status_mut() = answer.status;
            *response.headers_mut() = answer.headers;
            Ok(BytesResponse::from(response))
        })
    }
}
