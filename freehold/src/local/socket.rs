//! The server's end.

use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixStream;
use std::path::Path;

use anyhow::{Context, Result, bail};
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::serve::IncomingStream;
use console::LocalUser;
use dictionary::Text;
use http::StatusCode;
use tokio::net::UnixListener;

use super::USER;

/// A socket at which nobody is answered yet.
#[derive(Debug)]
pub(crate) struct Socket {
    listener: UnixListener,
    owner: u32,
}

/// The user at the other end, as the system knows it.
#[derive(Clone, Copy, Debug)]
struct Uid(Option<u32>);

impl Connected<IncomingStream<'_, UnixListener>> for Uid {
    fn connect_info(stream: IncomingStream<'_, UnixListener>) -> Self {
        Self(stream.io().peer_cred().ok().map(|credentials| credentials.uid()))
    }
}

impl Socket {
    /// Makes the socket. One that a server left behind when it was killed is replaced.
    pub(crate) fn bind(data: &Path) -> Result<Self> {
        let (directory, path) = (super::directory(data), super::path(data));
        let shown = path.display();
        let mut made = std::fs::DirBuilder::new();
        // The directory is closed before the socket is in it: there is no moment in which others get in.
        made.recursive(true).mode(0o700).create(&directory)?;
        std::fs::set_permissions(&directory, std::fs::Permissions::from_mode(0o700))?;
        if UnixStream::connect(&path).is_ok() {
            bail!("Another server answers at {shown}.");
        }
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let listener = UnixListener::bind(&path).with_context(|| format!("{shown} cannot be made."))?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        let owner = std::fs::metadata(&path)?.uid();
        Ok(Self { listener, owner })
    }
}

/// Answers the admin API at the socket until `stopped`.
pub(crate) async fn serve(
    socket: Socket,
    state: console::State,
    stopped: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let owner = socket.owner;
    let whose = from_fn(move |request: Request, next: Next| whose(owner, request, next));
    let routes = console::local_routes(state).layer(whose).into_make_service_with_connect_info::<Uid>();
    axum::serve(socket.listener, routes).with_graceful_shutdown(stopped).await
}

/// Names the user on the request; anyone but the owner and root is refused, whatever the file's mode says.
async fn whose(owner: u32, mut request: Request, next: Next) -> Response {
    let uid = request.extensions().get::<ConnectInfo<Uid>>().and_then(|info| info.0.0);
    if !uid.is_some_and(|uid| uid == owner || uid == 0) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let said = request.headers().get(USER).and_then(|name| name.to_str().ok());
    let plain = |name: &&str| {
        (1..=64).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    };
    let user =
        said.filter(plain).map_or_else(|| Text::from(format!("uid-{}", uid.unwrap_or_default())), Text::new);
    request.extensions_mut().insert(LocalUser(user));
    next.run(request).await
}
