//! Serves pictures: `GET /media/{MediaKey}`.
//!
//! This door does not know what a picture shows, whose it is, where it is kept or who asks. It is given
//! a function that makes the bytes of a key, or refuses; it keeps what was made in a bounded memory and
//! answers with the headers that let browsers and caches in between keep it, too.
//!
//! **Addresses are open.** No credential is asked for, because pictures are shown by pages of others,
//! whose readers have none. Who may not see a listing is not told the keys of its media, and what must
//! not be public at all is refused by the function, from the first request on: a picture once shown is
//! kept here and elsewhere for as long as it is asked for. A changed picture has another key.

mod kept;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kept::{Kept, Shot};
use parking_lot::Mutex;
use tokio::sync::Semaphore;

/// Makes the JPEG file of a MediaKey; none where there is no such picture, or none to be shown.
/// It may take some milliseconds: it is called away from the threads that answer.
pub type Draw = Arc<dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync>;

/// Bounds of the door.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Settings {
    /// Bytes of pictures kept in memory; a picture that is larger by itself is not kept.
    pub kept_bytes: usize,
    /// Pictures made at the same time; further requests wait.
    pub at_once: usize,
    /// Requests that may wait for a picture to be made; further ones are answered 503.
    pub waiting: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { kept_bytes: 64 << 20, at_once: 2, waiting: 256 }
    }
}

/// The longest key that is looked at, in bytes: the dictionary's keys have at most 255 characters.
const LONGEST_KEY: usize = 1_020;

/// A picture never changes under its key: whoever has it need not ask for a year.
const KEEP: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

struct Door {
    draw: Draw,
    kept: Mutex<Kept>,
    makers: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

/// The route of the door, `/media/{key}`, for GET and HEAD.
pub fn router(draw: Draw, settings: Settings) -> Router {
    let door = Door {
        draw,
        kept: Mutex::new(Kept::new(settings.kept_bytes)),
        makers: Arc::new(Semaphore::new(settings.at_once.clamp(1, Semaphore::MAX_PERMITS))),
        places: Arc::new(Semaphore::new(settings.waiting.clamp(1, Semaphore::MAX_PERMITS))),
    };
    Router::new().route("/media/{key}", get(show)).with_state(Arc::new(door))
}

async fn show(State(door): State<Arc<Door>>, Path(key): Path<String>, headers: HeaderMap) -> Response {
    match door.picture(key).await {
        Ok(shot) => answer(&shot, &headers),
        Err(refusal) => refusal.into_response(),
    }
}

impl Door {
    async fn picture(self: &Arc<Self>, key: String) -> Result<Shot, Refusal> {
        if key.len() > LONGEST_KEY {
            return Err(Refusal::NotFound);
        }
        if let Some(shot) = self.kept.lock().find(&key) {
            return Ok(shot);
        }
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| Refusal::Busy)?;
        let maker = Arc::clone(&self.makers).acquire_owned().await.map_err(|_| Refusal::Busy)?;
        // Somebody who waited before may have made it.
        if let Some(shot) = self.kept.lock().find(&key) {
            return Ok(shot);
        }
        let door = Arc::clone(self);
        let made = tokio::task::spawn_blocking(move || {
            let shot = Shot::new((door.draw)(&key)?);
            door.kept.lock().keep(key, shot.clone());
            // Whoever asked may have left: the work counts until it is done.
            drop((place, maker));
            Some(shot)
        });
        made.await.map_err(|_| Refusal::Failed)?.ok_or(Refusal::NotFound)
    }
}

fn answer(shot: &Shot, asked: &HeaderMap) -> Response {
    let mut headers = HeaderMap::with_capacity(6);
    headers.insert(header::ETAG, shot.tag.clone());
    headers.insert(header::CACHE_CONTROL, KEEP);
    if knows(asked, &shot.tag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    (StatusCode::OK, headers, Bytes::clone(&shot.bytes)).into_response()
}

/// Whether the asker holds this version already (RFC 9110, 13.1.2).
fn knows(asked: &HeaderMap, tag: &HeaderValue) -> bool {
    let lists = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).map(str::trim).any(|one| {
        // Weakly the same is the same here.
        one == "*" || one.strip_prefix("W/").unwrap_or(one).as_bytes() == tag.as_bytes()
    })
}

/// Why there is no picture.
enum Refusal {
    NotFound,
    Busy,
    Failed,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, body) = match self {
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                r#"{"error":{"code":"picture_not_found","message":"There is no picture of this key.","hint":"Take the address from MediaURL of a Media record."}}"#,
            ),
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                r#"{"error":{"code":"pictures_busy","message":"Too many pictures are waited for.","hint":"Ask again in a second."}}"#,
            ),
            Self::Failed => (
                StatusCode::INTERNAL_SERVER_ERROR,
                r#"{"error":{"code":"picture_failed","message":"The picture could not be made.","hint":"Tell the operator of this server."}}"#,
            ),
        };
        let mut response = (status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

#[cfg(test)]
mod tests;
