//! The command's end.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use axum::Router;
use axum::body::Body;
use console::LocalUser;
use dictionary::Text;
use http::{Request, Response, header};
use http_body_util::BodyExt as _;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use store::{ErrorKind, StoreError};
use tokio::net::UnixStream;
use tower::ServiceExt as _;

use super::USER;
use crate::serve::{House, user};
use crate::settings::Settings;

/// How long a store that another command or a starting server holds is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(100);
/// The largest answer that is read: a thousand records.
const LARGEST: usize = 64 << 20;

/// The admin API, at a server that runs or in this process.
pub(crate) enum Admin {
    /// A server holds the store.
    Server(std::path::PathBuf),
    /// Nobody does but this process.
    Here(Box<House>, Router),
}

/// What the admin API said: JSON, and whether it was a refusal.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Admin {
    /// Finds a server on this machine that holds the store, or opens the store. A store that is held by
    /// somebody who does not answer yet (a server that starts, another command) is waited for: commands
    /// take turns.
    pub(crate) async fn open(settings: &Settings) -> Result<Self> {
        let begun = Instant::now();
        let socket = super::path(&settings.store.data);
        loop {
            if UnixStream::connect(&socket).await.is_ok() {
                return Ok(Self::Server(socket));
            }
            match House::open(settings).await {
                Ok(house) => {
                    let routes = console::local_routes(house.admin());
                    return Ok(Self::Here(Box::new(house), routes));
                }
                Err(error) => {
                    let held = error.downcast_ref::<StoreError>().map(|e| e.kind) == Some(ErrorKind::InUse);
                    if !held || begun.elapsed() > PATIENCE {
                        return Err(error);
                    }
                }
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// The store's house, where no server holds it.
    pub(crate) fn house(&self) -> Option<&House> {
        match self {
            Self::Server(_) => None,
            Self::Here(house, _) => Some(house),
        }
    }

    /// Asks, and fails with what is wrong where it is refused.
    pub(crate) async fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let said = self.say(method, path, body).await?;
        if said.status < 400 {
            return Ok(said.body);
        }
        let error = &said.body["error"];
        let words = |error: &Value| {
            let part = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
            format!("{}: {} {}", part("code"), part("message"), part("hint"))
        };
        let details = error["details"].as_array().into_iter().flatten();
        let lines: Vec<String> = std::iter::once(words(error)).chain(details.map(words)).collect();
        Err(anyhow!(lines.join("\n  ")))
    }

    /// Asks, whatever the answer is.
    pub(crate) async fn say(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Said> {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let user = user();
        let request = request.header(USER, &user);
        let mut request = request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))?;
        let answer = match self {
            Self::Server(socket) => over(socket, request).await?,
            Self::Here(_, routes) => {
                request.extensions_mut().insert(LocalUser(Text::from(user)));
                match routes.clone().oneshot(request).await {
                    Ok(answer) => answer,
                    Err(never) => match never {},
                }
            }
        };
        let (head, body) = answer.into_parts();
        let read = http_body_util::Limited::new(body, LARGEST).collect().await;
        let bytes = read.map_err(|error| anyhow!("The answer cannot be read: {error}."))?.to_bytes();
        let body = serde_json::from_slice(&bytes).context("The answer is no JSON.")?;
        Ok(Said { status: head.status.as_u16(), body })
    }
}

async fn over(socket: &std::path::Path, request: Request<Body>) -> Result<Response<Body>> {
    let gone = "The server does not answer any more.";
    let stream = UnixStream::connect(socket).await.context(gone)?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.context(gone)?;
    tokio::spawn(connection);
    Ok(sender.send_request(request).await.context(gone)?.map(Body::new))
}
