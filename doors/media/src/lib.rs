//! Serves pictures, each at two sizes:
//!
//! | address | what comes |
//! |---|---|
//! | `/media/{MediaKey}/normal.jpg` | JPEG, the longer side at most 300 pixels |
//! | `/media/{MediaKey}/large.jpg` | JPEG, the longer side at most 1,024 pixels |
//! | `/media/{MediaKey}` | the picture as it was drawn, or else as `large.jpg` |
//!
//! Whoever writes such an address may add `?v=` and anything that changes when the picture does, such as
//! its `MediaModificationTimestamp`: then the answer may be kept for a year. The door does not read it.
//!
//! This door does not know what a picture shows, whose it is or who asks. It is given [`Sources`]: a
//! function that says where the original of a key is, or refuses it, and one that draws. Originals of
//! others are fetched once, by the first who asks, within bounds and never from a private network
//! ([`outbound`]). What is served is always a JPEG of our own making: what else was in the original (where
//! it was taken, a script, a second file) is not. Renditions are made once and kept on disk ([`shelf`]) and
//! in memory ([`kept`]); originals are not kept.
//!
//! **Addresses are open.** No credential is asked for, because pictures are shown by pages of others,
//! whose readers have none. So the sources are asked at every request, and what the public may not see
//! is not served from here, whoever was told its key.

mod answer;
mod fetch;
mod kept;
mod photos;
mod rendition;
mod shelf;
mod turns;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::HeaderMap;

use answer::{Refusal, answer};
pub use photos::Photos;
use rendition::Form;

/// Where the original of a picture is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// It is drawn here. It never changes under its key.
    Drawn,
    /// It is at this address.
    At {
        /// The address, as it was written by others.
        url: String,
        /// What changes when the picture does.
        version: String,
    },
}

/// Says where the picture of a MediaKey is; none where there is none, or none that the public may see.
/// It is asked at each request and must not wait.
pub type Find = Arc<dyn Fn(&str) -> Option<Origin> + Send + Sync>;

/// Draws the JPEG file of a MediaKey. It may take some milliseconds: it is called away from the threads
/// that answer.
pub type Draw = Arc<dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync>;

/// What the door is given.
#[derive(Clone)]
pub struct Sources {
    /// Says where.
    pub find: Find,
    /// Draws what is [`Origin::Drawn`].
    pub draw: Draw,
    /// Fetches what is elsewhere.
    pub client: outbound::Client,
}

/// Bounds of the door.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// The directory that renditions are kept in; none keeps them in memory alone.
    pub directory: Option<PathBuf>,
    /// Bytes of renditions kept there; what was not asked for longest goes first.
    pub disk_bytes: u64,
    /// Bytes of pictures kept in memory; a picture that is larger by itself is not kept.
    pub kept_bytes: usize,
    /// Pictures drawn, decoded and resized at the same time; further ones wait.
    pub at_once: usize,
    /// Originals fetched at the same time; further ones wait.
    pub fetches: usize,
    /// Requests that may wait for a picture to be made; further ones are answered 503.
    pub waiting: usize,
    /// Bytes of an original at most.
    pub largest_original: usize,
    /// Pixels of an original at most: while it is resized, each takes three or four bytes.
    pub most_pixels: u64,
    /// How long an original that failed is not asked for again.
    pub rest: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            directory: None,
            disk_bytes: 2 << 30,
            kept_bytes: 64 << 20,
            at_once: 2,
            fetches: 4,
            waiting: 256,
            largest_original: 20 << 20,
            // A camera of today has 24 to 48 million.
            most_pixels: 50_000_000,
            rest: Duration::from_secs(600),
        }
    }
}

/// The longest key that is looked at, in bytes: the dictionary's keys have at most 255 characters.
const LONGEST_KEY: usize = 1_020;

/// Every method and path of the door, for the document of all that is served.
#[must_use]
pub fn every_route() -> Vec<(&'static str, &'static str)> {
    vec![("GET", "/media/{MediaKey}"), ("GET", "/media/{MediaKey}/{size}.jpg")]
}

/// The routes of the door, for GET and HEAD.
pub fn router(photos: Photos) -> Router {
    Router::new()
        .route("/media/{key}", get(whole))
        .route("/media/{key}/{form}", get(sized))
        .with_state(photos)
}

/// The query of an address: only whether it names a version.
type Version = Query<Vec<(String, String)>>;

async fn whole(
    State(photos): State<Photos>,
    Path(key): Path<String>,
    version: Version,
    headers: HeaderMap,
) -> Response {
    show(&photos, key, Form::Whole, &version, &headers).await
}

async fn sized(
    State(photos): State<Photos>,
    Path((key, form)): Path<(String, String)>,
    version: Version,
    headers: HeaderMap,
) -> Response {
    match Form::read(&form) {
        Some(form) => show(&photos, key, form, &version, &headers).await,
        None => Refusal::NoSuchSize.into_response(),
    }
}

async fn show(photos: &Photos, key: String, form: Form, version: &Version, headers: &HeaderMap) -> Response {
    if key.len() > LONGEST_KEY {
        return Refusal::NotFound.into_response();
    }
    let versioned = version.iter().any(|(name, _)| name == "v");
    match photos.picture(key, form).await {
        Ok((shot, origin)) => answer(&shot, versioned || origin == Origin::Drawn, headers),
        Err(refusal) => refusal.into_response(),
    }
}

#[cfg(test)]
mod tests;
