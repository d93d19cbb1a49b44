//! What a request shows for itself, read from header text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

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

impl Credential {
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
