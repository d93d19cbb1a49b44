//! Whose a request is: a token that was given once, or one that is asked for (RFC 6749, 4.4).

use bytes::Bytes;
use dictionary::Timestamp;
use http::{HeaderMap, HeaderValue, Method, header};
use intake::IntakeError;
use jiff::SignedDuration;

use super::{Client, Trouble, refused_credential};
use crate::profile::{AuthKind, Profile};

/// A token is asked for anew so long before its end: a request under way must not outlive it.
const BEFORE_END: SignedDuration = SignedDuration::from_secs(60);
/// Tries of a token endpoint.
const MOST_TRIES: u32 = 4;

/// What the source gave to whoever pulls.
#[derive(Clone, Default)]
pub(crate) struct Credential {
    /// A token, or the secret that tokens are given for; empty where the source asks for none.
    pub(crate) secret: String,
    /// The client's id, where tokens are asked for.
    pub(crate) client_id: Option<String>,
    /// Where they are asked for.
    pub(crate) token_location: Option<String>,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credential").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

impl Credential {
    /// Whether a token that has ended can be replaced.
    pub(super) fn renews(&self, profile: &Profile) -> bool {
        match profile.auth.kind {
            AuthKind::Bearer => false,
            AuthKind::ClientCredentials => true,
            AuthKind::BearerOrClientCredentials => self.client_id.is_some(),
        }
    }
}

/// A token that was asked for.
pub(super) struct Token {
    bearer: HeaderValue,
    until: Option<Timestamp>,
}

#[derive(serde::Deserialize)]
struct Given {
    access_token: String,
    #[serde(default)]
    expires_in: Option<serde_json::Value>,
}

impl Client {
    /// What goes into `Authorization`; asks for a token where there is none that lasts.
    pub(super) async fn bearer(&mut self) -> Result<Option<HeaderValue>, Trouble> {
        let credential = &self.parts.credential;
        if !credential.renews(&self.parts.profile) {
            let secret = &credential.secret;
            return Ok(if secret.is_empty() { None } else { Some(bearer(secret)?) });
        }
        let now = self.now();
        if let Some(token) = &self.token
            && token.until.is_none_or(|until| now + BEFORE_END < until)
        {
            return Ok(Some(token.bearer.clone()));
        }
        let token = self.ask_token().await?;
        let value = token.bearer.clone();
        self.token = Some(token);
        Ok(Some(value))
    }

    async fn ask_token(&mut self) -> Result<Token, Trouble> {
        let credential = self.parts.credential.clone();
        let auth = &self.parts.profile.auth;
        let location =
            credential.token_location.or_else(|| auth.token_location.clone()).ok_or_else(|| {
                let message = "It is not said where a token is asked for.";
                IntakeError::new("token_location_missing", message, "Set TokenLocation of the source.")
            })?;
        let body = form(&credential.secret, credential.client_id.as_deref(), auth.scope.as_deref());
        let mut headers = HeaderMap::new();
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(header::CONTENT_TYPE, kind);
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        for tries in 1..=MOST_TRIES {
            let said = self.exchange(Method::POST, &location, headers.clone(), body.clone()).await?;
            let now = self.now();
            match said {
                Ok(answer) if answer.status.is_success() => {
                    if let Ok(given) = serde_json::from_slice::<Given>(&answer.body) {
                        return Ok(Token { bearer: bearer(&given.access_token)?, until: given.until(now) });
                    }
                }
                // What was refused will be refused again (RFC 6749, 5.2).
                Ok(answer) if answer.status.is_client_error() && answer.status.as_u16() != 429 => {
                    return Err(Trouble::Failed(refused_credential()));
                }
                Ok(_) | Err(_) => {}
            }
            self.wait(super::FIRST_PAUSE * tries).await?;
        }
        let hint = "What was brought in is kept; the next run goes on from there.";
        Err(Trouble::Failed(IntakeError::new("token_not_given", "The source gives no token for now.", hint)))
    }
}

/// The body of a request for a token.
fn form(secret: &str, client: Option<&str>, scope: Option<&str>) -> Bytes {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "client_credentials");
    form.append_pair("client_id", client.unwrap_or_default());
    form.append_pair("client_secret", secret);
    if let Some(scope) = scope {
        form.append_pair("scope", scope);
    }
    Bytes::from(form.finish())
}

impl Given {
    fn until(&self, now: Timestamp) -> Option<Timestamp> {
        let seconds = match self.expires_in.as_ref()? {
            serde_json::Value::String(text) => text.parse().ok()?,
            number => number.as_i64()?,
        };
        now.checked_add(SignedDuration::from_secs(seconds)).ok()
    }
}

fn bearer(token: &str) -> Result<HeaderValue, IntakeError> {
    let mut value = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| {
        let message = "The credential holds characters that no token has.";
        IntakeError::new(
            "credential_wrong",
            message,
            "Give it anew: `freehold operate set-credential SOURCE`.",
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}
