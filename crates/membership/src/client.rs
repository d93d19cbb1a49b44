//! Asks the association's door, and outlasts what passes.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use intake::IntakeError;
use outbound::{FailureKind, Request, target};
use serde::Deserialize;

use crate::source::Source;

/// Bytes of an answer at most: a page of 5,000 full members has 20 MB.
const LARGEST: usize = 64 << 20;
/// How often one request is sent, and the first wait between two times; each is twice as long as the one before.
const MOST_TRIES: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// What a refusal says.
#[derive(Deserialize)]
struct Said {
    error: SaidError,
}

#[derive(Deserialize)]
struct SaidError {
    code: String,
    message: String,
    #[serde(default)]
    hint: String,
}

/// Asks one association.
pub(crate) struct Client<'a> {
    pub(crate) http: &'a outbound::Client,
    pub(crate) source: &'a Source,
}

impl Client<'_> {
    pub(crate) async fn get(&self, path: &str) -> Result<Bytes, IntakeError> {
        self.ask(Method::GET, path, Bytes::new()).await
    }

    pub(crate) async fn post(&self, path: &str, body: String) -> Result<Bytes, IntakeError> {
        self.ask(Method::POST, path, Bytes::from(body)).await
    }

    /// Sends a request until it is answered. An order that may have been done is sent again all the same: a second
    /// pull takes the place of the first, and an acknowledgement twice is one.
    async fn ask(&self, method: Method, path: &str, body: Bytes) -> Result<Bytes, IntakeError> {
        // The credential is shown to the source's own host alone.
        if !path.starts_with('/') {
            let hint = "Whoever runs the source should see to its links.";
            return Err(IntakeError::new("link_elsewhere", "A link of the source leads elsewhere.", hint));
        }
        let uri = target(&format!("{}{path}", self.source.origin)).map_err(|failure| failed(&failure))?;
        let mut pause = FIRST_PAUSE;
        for tried in 1..=MOST_TRIES {
            let request = Request {
                method: method.clone(),
                uri: uri.clone(),
                headers: self.headers()?,
                body: body.clone(),
                largest_answer: LARGEST,
            };
            match self.http.send(request).await {
                Ok(answer) if answer.cut => {
                    let message = format!("An answer of the source has more than {LARGEST} bytes.");
                    let hint = "Whoever runs the source should serve smaller pages.";
                    return Err(IntakeError::new("answer_too_large", message, hint));
                }
                Ok(answer) if answer.status.is_success() => return Ok(answer.body),
                Ok(answer) if passes(answer.status) && tried < MOST_TRIES => {}
                Ok(answer) => return Err(refused(answer.status, &answer.body)),
                Err(failure) if may_pass(failure.kind) && tried < MOST_TRIES => {}
                Err(failure) => return Err(failed(&failure)),
            }
            tracing::info!(source = self.source.id.as_str(), tried, "an association is asked again");
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        let hint = "What was pulled is kept, and nothing is acknowledged; the next run goes on.";
        Err(IntakeError::new("source_unavailable", "The source does not answer.", hint))
    }

    fn headers(&self) -> Result<HeaderMap, IntakeError> {
        let bearer = HeaderValue::try_from(format!("Bearer {}", self.source.bearer)).map_err(|_| {
            let hint = "Give the key anew: `freehold operate set-credential SOURCE`.";
            IntakeError::new("credential_wrong", "The credential cannot be sent in a header.", hint)
        })?;
        let json = HeaderValue::from_static("application/json");
        Ok(HeaderMap::from_iter([(AUTHORIZATION, bearer), (ACCEPT, json.clone()), (CONTENT_TYPE, json)]))
    }
}

fn passes(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 500 | 502 | 503 | 504)
}

fn may_pass(kind: FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::NotConnected | FailureKind::TimedOut | FailureKind::Broken | FailureKind::NameUnknown
    )
}

/// A refusal in the source's own words; that it offers nothing yet is one.
fn refused(status: StatusCode, body: &[u8]) -> IntakeError {
    match serde_json::from_slice::<Said>(body) {
        Ok(Said { error }) => {
            // Codes are told apart by whoever watches; the few that a run meets have names here.
            let code = match error.code.as_str() {
                "not_live_yet" => "not_live_yet",
                "integration_paused" => "integration_paused",
                "sync_off" => "sync_off",
                "pull_superseded" | "pull_not_open" | "pull_gone" => "pull_superseded",
                "counts_differ" => "counts_differ",
                _ => "source_refuses",
            };
            let message = format!("The source says {}: {}", error.code, error.message);
            IntakeError::new(code, message, error.hint)
        }
        Err(_) => {
            let hint = "See to SourceLocation: it is the address of an integration's environment.";
            IntakeError::new("source_refuses", format!("The source answers {status}."), hint)
        }
    }
}

fn failed(failure: &outbound::Failure) -> IntakeError {
    let hint = "See to SourceLocation, and to pull.allowed_addresses where it is in a private network.";
    IntakeError::new(failure.code(), failure.message.clone(), hint)
}
