//! The client: one request, one bounded answer.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Body as _;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;

use crate::connect::{Connector, system};
use crate::{Failure, FailureKind, Resolve, Rules};

/// Connections to one host that are kept for the next request.
const IDLE_CONNECTIONS: usize = 16;
/// How long they are kept.
const IDLE: Duration = Duration::from_secs(30);
/// Bytes for which there is room before they come, where an answer says that it has so many.
const BELIEVED: usize = 16 << 20;

/// How a client is set.
#[derive(Clone)]
pub struct Settings {
    /// Which addresses may be connected to.
    pub rules: Rules,
    /// How long a request may take, from the first look at its name to the end of its answer.
    pub timeout: Duration,
    /// Certificates that are believed besides Mozilla's.
    pub roots: Vec<CertificateDer<'static>>,
    /// Resolves names; the system does where this says nothing.
    pub resolve: Option<Resolve>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { rules: Rules::default(), timeout: Duration::from_secs(15), roots: Vec::new(), resolve: None }
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("rules", &self.rules)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// What is sent.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Where to, as [`target`](crate::target) read it.
    pub uri: Uri,
    /// Its headers, besides those that the connection needs.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
    /// Bytes of the answer that are read at most.
    pub largest_answer: usize,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status; a redirect is one like any other.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// As much of its body as was wanted.
    pub body: Bytes,
    /// Whether there was more.
    pub cut: bool,
}

/// Sends requests. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Client {
    inner: legacy::Client<HttpsConnector<Connector>, Full<Bytes>>,
    connector: Connector,
    timeout: Duration,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

impl Client {
    /// A client of these settings.
    ///
    /// # Errors
    /// A certificate among the settings that is none.
    pub fn new(settings: Settings) -> Result<Self, rustls::Error> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        settings.roots.into_iter().try_for_each(|root| roots.add(root))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector =
            Connector { rules: Arc::new(settings.rules), resolve: settings.resolve.unwrap_or_else(system) };
        let https = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector.clone());
        let inner = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            .build(https);
        Ok(Self { inner, connector, timeout: settings.timeout })
    }

    /// Looks at where a URL leads, without connecting.
    ///
    /// # Errors
    /// A URL that cannot be asked for, a name that resolves to nothing or to an address that must not be
    /// connected to.
    pub async fn check(&self, url: &str) -> Result<Uri, Failure> {
        let uri = crate::target(url)?;
        let looked = tokio::time::timeout(self.timeout, self.connector.addresses(&uri)).await;
        looked.map_err(|_| self.late())??;
        Ok(uri)
    }

    /// Sends a request and reads the answer, as far as it is wanted. No redirect is followed.
    ///
    /// # Errors
    /// No answer, for the reason that the failure tells.
    pub async fn send(&self, request: Request) -> Result<Answer, Failure> {
        tokio::time::timeout(self.timeout, self.exchange(request)).await.map_err(|_| self.late())?
    }

    async fn exchange(&self, request: Request) -> Result<Answer, Failure> {
        let Request { method, uri, headers, body, largest_answer } = request;
        let mut sent = http::Request::new(Full::new(body));
        *sent.method_mut() = method;
        *sent.uri_mut() = uri;
        *sent.headers_mut() = headers;
        let answer = self.inner.request(sent).await.map_err(|error| Failure::of(&error))?;
        let (head, mut body) = answer.into_parts();
        let said = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        let mut read = BytesMut::with_capacity(said.min(largest_answer).min(BELIEVED));
        let mut cut = false;
        while !cut && let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| Failure::of(&error))?;
            if let Ok(data) = frame.into_data() {
                let room = largest_answer - read.len();
                cut = data.len() > room;
                read.extend_from_slice(&data[..data.len().min(room)]);
            }
            // Enough is read: what else may come is not waited for.
            cut |= read.len() == largest_answer && !body.is_end_stream();
        }
        Ok(Answer { status: head.status, headers: head.headers, body: read.freeze(), cut })
    }

    fn late(&self) -> Failure {
        let message = format!("There was no whole answer within {} s.", self.timeout.as_secs_f32());
        Failure::new(FailureKind::TimedOut, message)
    }
}
