//! What a request shows for itself, read from header text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::{Refusal, Secret};

/// Longest `Authorization` header in bytes: a token takes a few hundred.
const LONGEST: usize = 4_096;

/// What a request shows for itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Credential {
    /// `Bearer`: an API key or an access token (RFC 6750).
    Bearer(Secret),
    /// `Basic`: a client's id and one of its keys (RFC 7617).
    Basic {
        /// The client's id.
        id: String,
        /// One of its keys.
        secret: Secret,
    },
}

/// The header field of keys that are sent by themselves.
const API_KEY: &str = "x-api-key";

impl Credential {
    /// The one credential among a request's header fields: an API key in `x-api-key`, or what `Authorization` says. Two
    /// are none.
    ///
    /// # Errors
    /// 401 where there is none, more than one, or one that cannot be read.
    pub fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        let mut keys = headers.get_all(API_KEY).iter();
        let mut others = headers.get_all(AUTHORIZATION).iter();
        match (keys.next(), others.next(), keys.next().or(others.next())) {
            (Some(key), None, None) => {
                let key = key.to_str().map(str::trim).unwrap_or_default();
                let fits = (1..=LONGEST).contains(&key.len());
                if fits { Ok(Self::Bearer(Secret::new(key))) } else { Err(Refusal::malformed()) }
            }
            // What is no text is no credential that can be read.
            (None, Some(other), None) => Self::read(Some(other.to_str().unwrap_or("?"))),
            (None, None, _) => Self::read(None),
            _ => Err(Refusal::malformed()),
        }
    }

    /// Reads the `Authorization` header; none is a request without one.
    ///
    /// # Errors
    /// 401 where there is none or it cannot be read.
    pub fn read(authorization: Option<&str>) -> Result<Self, Refusal> {
        let text =
            authorization.map(str::trim).filter(|text| !text.is_empty()).ok_or_else(Refusal::missing)?;
        if text.len() > LONGEST {
            return Err(Refusal::malformed());
        }
        let (scheme, rest) = text.split_once(' ').ok_or_else(Refusal::malformed)?;
        let rest = rest.trim();
        if rest.is_empty() {
            return Err(Refusal::malformed());
        }
        // Schemes know no case (RFC 9110, 11.1).
        if scheme.eq_ignore_ascii_case("bearer") {
            return Ok(Self::Bearer(Secret::new(rest)));
        }
        if !scheme.eq_ignore_ascii_case("basic") {
            return Err(Refusal::malformed());
        }
        let bytes = STANDARD.decode(rest).map_err(|_| Refusal::malformed())?;
        let text = String::from_utf8(bytes).map_err(|_| Refusal::malformed())?;
        let (id, secret) = text.split_once(':').ok_or_else(Refusal::malformed)?;
        Ok(Self::Basic { id: id.to_owned(), secret: Secret::new(secret) })
    }
}
