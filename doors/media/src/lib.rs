//! Serves pictures: `GET /media/{MediaKey}`.
//!
//! This door does not know what a picture shows or whose it is: it is given a function that makes the
//! bytes of a key, or refuses. It keeps what was made in a bounded memory and answers with the headers
//! that let browsers and caches in between keep it too.

use std::sync::Arc;

use axum::Router;

/// Makes the JPEG file of a MediaKey; none where there is no such picture, or none to be shown.
/// It may take some milliseconds: it is called away from the threads that answer.
pub type Draw = Arc<dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync>;

/// Bounds of the door.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Settings {
    /// Bytes of pictures kept in memory.
    pub kept_bytes: usize,
    /// Pictures made at the same time; further requests wait.
    pub at_once: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { kept_bytes: 64 << 20, at_once: 2 }
    }
}

/// The routes of the door.
pub fn router(_draw: Draw, _settings: Settings) -> Router {
    Router::new()
}
