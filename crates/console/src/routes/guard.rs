//! The credential comes first: nothing is read of a request whose caller is no operator.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State as Stand};
use axum::middleware::Next;
use axum::response::Response;
use dictionary::Text;
use gate::{Caller, Refusal};
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use odata::Fault;

use super::answer;
use crate::State;
use crate::operate::Act;

/// Lets operators through and puts an [`Act`] on the request.
pub(super) async fn guard(Stand(state): Stand<State>, mut request: Request, next: Next) -> Response {
    let now = (state.now)();
    let caller = match believed(&state, &request) {
        Ok(caller) => caller,
        Err(refusal) => return refused(&refusal),
    };
    request.extensions_mut().insert(Act { actor: caller.actor(), now });
    in_our_words(next.run(request).await)
}

/// The user of this machine who asks, put on a request by whoever knows that.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LocalUser(pub Text);

/// Lets local users through and puts an [`Act`] on the request.
pub(super) async fn local(Stand(state): Stand<State>, mut request: Request, next: Next) -> Response {
    let Some(LocalUser(user)) = request.extensions().get::<LocalUser>().cloned() else {
        return refused(&Refusal::new(
            403,
            "not_local",
            "This is for the owner of the installation.",
            "Use `freehold operate` on the machine that runs it.",
        ));
    };
    let actor = Text::from(format!("command/{user}"));
    request.extensions_mut().insert(Act { actor, now: (state.now)() });
    in_our_words(next.run(request).await)
}

/// What the framework refuses by itself (a body past its bound, an address that is no UTF-8), said as
/// everything else is said.
fn in_our_words(answer: Response) -> Response {
    let status = answer.status();
    let json = answer.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    if status.is_success() || json {
        return answer;
    }
    let (code, message, hint) = match status {
        StatusCode::PAYLOAD_TOO_LARGE => {
            ("too_large", "The body is too large.", "Send at most 1 MiB at a time.")
        }
        _ => ("request_wrong", "The request cannot be read.", "Look at its address and its body."),
    };
    answer::fault(&Fault::new(status.as_u16(), code, message, hint))
}

fn believed(state: &State, request: &Request) -> Result<Caller, Refusal> {
    let now = (state.now)();
    let Some(gate) = &state.desk.gate else {
        return Err(Refusal::new(
            403,
            "no_gate",
            "Nobody may enter here.",
            "Start the server with its gate.",
        ));
    };
    let from = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let (caller, _) = gate.admit(request.headers(), from, now)?;
    caller.require_operator(!matches!(*request.method(), Method::GET | Method::HEAD))?;
    Ok(caller)
}

fn refused(refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::FORBIDDEN);
    let mut answer = answer::fault(&Fault::new(
        status.as_u16(),
        refusal.code,
        refusal.message.clone(),
        refusal.hint.clone(),
    ));
    refusal.note(answer.headers_mut());
    answer
}
