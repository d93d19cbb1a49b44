//! Connecting: resolve, look at every address, only then connect.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::{Failure, FailureKind, Rules};

/// The addresses of a name, on their way.
pub type Resolved = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Resolves a name and a port. The system's resolver, unless a test stands in for it.
pub type Resolve = Arc<dyn Fn(String, u16) -> Resolved + Send + Sync>;

/// Addresses of one name that are looked at.
const MOST_ADDRESSES: usize = 32;
/// How long one address may take to connect before the next is tried.
const ONE_CONNECT: Duration = Duration::from_secs(5);

/// Makes TCP connections, to addresses that the rules allow.
#[derive(Clone)]
pub(crate) struct Connector {
    pub(crate) rules: Arc<Rules>,
    pub(crate) resolve: Resolve,
}

/// The system's resolver.
pub(crate) fn system() -> Resolve {
    Arc::new(|host, port| Box::pin(async move { Ok(tokio::net::lookup_host((host, port)).await?.collect()) }))
}

impl Connector {
    /// Where a URL leads, all of it allowed.
    pub(crate) async fn addresses(&self, uri: &Uri) -> Result<Vec<SocketAddr>, Failure> {
        let host = uri.host().unwrap_or_default();
        let tls = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let found = match literal {
            Ok(address) => vec![SocketAddr::new(address, port)],
            Err(_) => (self.resolve)(host.to_owned(), port).await.unwrap_or_default(),
        };
        if found.is_empty() || found.len() > MOST_ADDRESSES {
            let message = format!("{host} does not resolve to an address.");
            return Err(Failure::new(FailureKind::NameUnknown, message));
        }
        // One forbidden address among allowed ones is an attack or an accident; neither is connected to.
        for address in &found {
            if let Some(why) = self.rules.refuse(address.ip()) {
                let message = format!(
                    "{host} resolves to {}, which is {why}: not connected to unless the operator allows it.",
                    address.ip()
                );
                return Err(Failure::new(FailureKind::AddressRefused, message));
            }
        }
        Ok(found)
    }

    async fn connect(self, uri: Uri) -> Result<TokioIo<TcpStream>, Failure> {
        let mut last = String::new();
        for address in self.addresses(&uri).await? {
            match tokio::time::timeout(ONE_CONNECT, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    // A request is one write: waiting for more would only delay it.
                    drop(stream.set_nodelay(true));
                    return Ok(TokioIo::new(stream));
                }
                Ok(Err(error)) => last = error.to_string(),
                Err(_) => "no answer in 5 s".clone_into(&mut last),
            }
        }
        let message = format!("{} cannot be connected to: {last}.", uri.host().unwrap_or_default());
        Err(Failure::new(FailureKind::NotConnected, message))
    }
}

impl tower_service::Service<Uri> for Connector {
    type Response = TokioIo<TcpStream>;
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Failure>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}
