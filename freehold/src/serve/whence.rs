//! Where a request comes from.
//!
//! Every request carries its address as `ConnectInfo<SocketAddr>`: the connection's own, or what the proxy
//! in front says where the settings name one. The doors hold it against their clients' networks.

use std::net::{IpAddr, SocketAddr};

use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use axum::serve::IncomingStream;
use tokio::net::TcpListener;

use super::tls::TlsListener;

/// The other end of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(SocketAddr);

impl Connected<IncomingStream<'_, TcpListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TcpListener>) -> Self {
        Self(*stream.remote_addr())
    }
}

impl Connected<IncomingStream<'_, TlsListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TlsListener>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// Puts the address on the request.
pub(super) async fn whence(State(behind_proxy): State<bool>, mut request: Request, next: Next) -> Response {
    if let Some(ConnectInfo(Peer(peer))) = request.extensions().get::<ConnectInfo<Peer>>().copied() {
        let said = if behind_proxy { forwarded(&request) } else { None };
        let from = said.map_or(peer, |address| SocketAddr::new(address, 0));
        request.extensions_mut().insert(ConnectInfo(from));
    }
    next.run(request).await
}

/// The last address of `X-Forwarded-For`: the one that the proxy itself saw. Those before it are whatever
/// the client liked to write.
fn forwarded(request: &Request) -> Option<IpAddr> {
    let last = request.headers().get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    let address = last.rsplit(',').next()?.trim();
    let bare = address.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| address.parse::<SocketAddr>().ok().map(|address| address.ip()))
}
