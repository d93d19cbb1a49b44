//! The token endpoint's request: OAuth 2.0 client credentials (RFC 6749, 2.3.1 and 4.4).

use crate::{Credential, Secret};

/// Longest form in bytes.
const LONGEST: usize = 8_192;

/// Why no token is given, as the token endpoint says it (RFC 6749, 5.2).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OAuthFault {
    /// The HTTP status: 400, or 401 with `invalid_client`, with a `WWW-Authenticate: Basic` beside it.
    pub status: u16,
    /// `error`: `invalid_request`, `invalid_client`, `invalid_grant`, `unsupported_grant_type` or
    /// `invalid_scope`.
    pub error: &'static str,
    /// `error_description`, in a sentence.
    pub description: String,
}

impl OAuthFault {
    pub(crate) fn new(error: &'static str, description: impl Into<String>) -> Self {
        let status = if error == "invalid_client" { 401 } else { 400 };
        Self { status, error, description: description.into() }
    }

    pub(crate) fn client() -> Self {
        Self::new("invalid_client", "Client id and secret do not belong to a client that may have a token.")
    }
}

/// What a client asks of the token endpoint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenRequest {
    pub(crate) id: String,
    pub(crate) secret: Secret,
    pub(crate) read_only: bool,
}

impl TokenRequest {
    /// Reads the `Authorization` header and the form body (RESO-001: the one or the other names the
    /// client).
    ///
    /// # Errors
    /// As RFC 6749, 5.2 says.
    pub fn read(authorization: Option<&str>, form: &str) -> Result<Self, OAuthFault> {
        if form.len() > LONGEST {
            return Err(OAuthFault::new(
                "invalid_request",
                format!("The form is longer than {LONGEST} bytes."),
            ));
        }
        let mut given = Form::default();
        for (name, value) in form_urlencoded::parse(form.as_bytes()) {
            let place = match &*name {
                "grant_type" => &mut given.grant_type,
                "client_id" => &mut given.id,
                "client_secret" => &mut given.secret,
                "scope" => &mut given.scope,
                "refresh_token" | "code" => &mut given.grant,
                // Unknown parameters must be ignored (RFC 6749, 3.2).
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(OAuthFault::new("invalid_request", format!("{name} is given twice.")));
            }
        }
        match given.grant_type.as_deref() {
            Some("client_credentials") => {}
            None | Some("") => return Err(OAuthFault::new("invalid_request", "grant_type is missing.")),
            // We never give such grants, so whatever is shown as one is not good.
            Some("authorization_code" | "refresh_token") if given.grant.is_some() => {
                return Err(OAuthFault::new("invalid_grant", "This server has given no such grant."));
            }
            Some(_) => {
                return Err(OAuthFault::new(
                    "unsupported_grant_type",
                    "This server knows grant_type=client_credentials alone.",
                ));
            }
        }
        let read_only = read_scope(given.scope.as_deref().unwrap_or_default())?;
        let (id, secret) = given.client(authorization)?;
        Ok(Self { id, secret, read_only })
    }
}

#[derive(Default)]
struct Form {
    grant_type: Option<String>,
    id: Option<String>,
    secret: Option<String>,
    scope: Option<String>,
    grant: Option<String>,
}

impl Form {
    fn client(self, authorization: Option<&str>) -> Result<(String, Secret), OAuthFault> {
        match (authorization, self.id, self.secret) {
            (Some(_), _, Some(_)) => Err(OAuthFault::new(
                "invalid_request",
                "The client is named in the Authorization header and in the form; use one of them.",
            )),
            (Some(header), id, None) => match Credential::read(Some(header)) {
                Ok(Credential::Basic { id: basic, secret }) => {
                    // Both parts are form-encoded inside the header (RFC 6749, 2.3.1); keys and ids as we
                    // make them look the same either way.
                    let basic = decoded(&basic);
                    if id.is_some_and(|id| id != basic) {
                        return Err(OAuthFault::new("invalid_request", "Header and form name two clients."));
                    }
                    Ok((basic, Secret::new(decoded(secret.reveal()))))
                }
                _ => Err(OAuthFault::new("invalid_client", "The Authorization header is not Basic.")),
            },
            (None, Some(id), Some(secret)) => Ok((id, Secret::new(secret))),
            (None, _, _) => Err(OAuthFault::new("invalid_client", "Client id or secret is missing.")),
        }
    }
}

fn decoded(text: &str) -> String {
    // The name of a pair without `=` or `&` is the text itself, decoded.
    let escaped = text.replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(escaped.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
}

/// `api`: everything that is granted; `read`: the same, without writing. None is `api`.
fn read_scope(text: &str) -> Result<bool, OAuthFault> {
    let mut read_only = false;
    let mut all = text.trim().is_empty();
    for word in text.split_ascii_whitespace() {
        match word {
            "api" => all = true,
            "read" => read_only = true,
            other => {
                return Err(OAuthFault::new(
                    "invalid_scope",
                    format!(
                        "There is no scope {:?}; use api or read.",
                        other.chars().take(64).collect::<String>()
                    ),
                ));
            }
        }
    }
    Ok(read_only && !all)
}
