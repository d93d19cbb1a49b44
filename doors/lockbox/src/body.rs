//! Bodies of requests, and texts in them.

use dictionary::Timestamp;
use serde::de::DeserializeOwned;

use crate::reply::Refused;

/// Characters of an id, as the dictionary has them.
const LONGEST_ID: usize = 255;

/// Reads a JSON object that has these members and no others.
///
/// # Errors
/// 400 `body_wrong`.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|error| {
        let message = format!("The body cannot be read: {error}.");
        Refused::new(400, "body_wrong", message, "/openapi.json says what it holds.")
    })
}

/// An id that is there and not too long.
///
/// # Errors
/// 400 `id_wrong`.
pub(crate) fn id<'t>(name: &str, text: &'t str) -> Result<&'t str, Refused> {
    if text.is_empty() || text.chars().count() > LONGEST_ID || text.chars().any(char::is_control) {
        let message = format!("{name} is empty, too long, or holds what cannot be printed.");
        return Err(Refused::new(400, "id_wrong", message, "An id has 1 to 255 characters."));
    }
    Ok(text)
}

/// An instant, with its offset from UTC.
///
/// # Errors
/// 400 `instant_wrong`.
pub(crate) fn instant(name: &str, text: &str) -> Result<Timestamp, Refused> {
    text.parse().map_err(|_| {
        let message = format!("{name} is no instant: {:?}.", text.chars().take(64).collect::<String>());
        let hint = "Write it as 2026-11-24T16:00:00Z, or with an offset as 2026-11-24T10:00:00-06:00.";
        Refused::new(400, "instant_wrong", message, hint)
    })
}
