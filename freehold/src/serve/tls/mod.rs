//! TLS 1.2 and 1.3, from certificate files or from a certificate authority (RESO-009).
//!
//! The certificate in use lies behind one lock and is replaced while the server runs: by whoever renews
//! the files, or by ACME (RFC 8555), which proves on this same port that the domains are ours.

mod acme;
mod certificates;
mod files;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use certificates::{ACME_TLS, Certificates};

use crate::settings::Settings;

/// Connections whose handshake is done and that wait to be served.
const WAITING: usize = 64;
/// A client that does not end its handshake by then is let go.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Hands out connections whose handshake is done; handshakes do not wait for each other.
#[derive(Debug)]
pub(super) struct TlsListener {
    done: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
}

/// Ends TLS at this listener as the settings say, and keeps the certificate good until `stopped`. Files
/// are read before this returns; a certificate of an authority may come later.
pub(super) fn listen(
    listener: TcpListener,
    settings: &Settings,
    stopped: watch::Receiver<bool>,
) -> Result<TlsListener> {
    let certificates = Arc::new(Certificates::default());
    if settings.acme.is_on() {
        let keeper = acme::Keeper::new(&settings.acme, &settings.store.data, Arc::clone(&certificates))?;
        tokio::spawn(keeper.keep(stopped));
    } else {
        let files = files::Files::read(&settings.server, Arc::clone(&certificates))?;
        tokio::spawn(files.watch(stopped));
    }
    TlsListener::new(listener, certificates)
}

impl TlsListener {
    fn new(listener: TcpListener, certificates: Arc<Certificates>) -> Result<Self> {
        let acceptor = TlsAcceptor::from(Arc::new(config(certificates)?));
        let address = listener.local_addr()?;
        let (sender, done) = mpsc::channel(WAITING);
        tokio::spawn(async move {
            while !sender.is_closed() {
                let Ok((stream, from)) = listener.accept().await else {
                    // Out of file handles, most likely: some will be free soon.
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                };
                let (acceptor, sender) = (acceptor.clone(), sender.clone());
                tokio::spawn(async move {
                    let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await
                    else {
                        return;
                    };
                    // An authority that looks at a challenge has seen it in the handshake (RFC 8737, 3).
                    if stream.get_ref().1.alpn_protocol() != Some(ACME_TLS) {
                        // Nobody takes it where the server stops.
                        drop(sender.send((stream, from)).await);
                    }
                });
            }
        });
        Ok(Self { done, address })
    }
}

impl axum::serve::Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.done.recv().await {
            Some(connection) => connection,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(self.address)
    }
}

fn config(certificates: Arc<Certificates>) -> Result<ServerConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
        .with_no_client_auth()
        .with_cert_resolver(certificates);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec(), ACME_TLS.to_vec()];
    Ok(config)
}
