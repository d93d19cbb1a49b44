//! Receiving: an agent's inbox pulled page by page, streamed, and its events by their addresses.

mod copy;
mod cursors;
mod inbox;
mod stream;

use dictionary::Text;
use gate::Caller;
use http::{HeaderMap, Uri, header};
use outflow::Reader;

pub(crate) use copy::{copy_at_host, copy_at_path, published};
pub(crate) use cursors::{commit, committed};
pub(crate) use inbox::{inbox_at_host, inbox_at_path};
pub(crate) use stream::stream;

use crate::reply::Refused;
use crate::{Door, profile};
use parameters::Parameters;

/// Whose inbox is asked for: that of the host, of `agent=`, else the caller's own.
fn agent(door: &Door, caller: &Caller, uri: &Uri, headers: &HeaderMap, given: &mut Parameters) -> Text {
    let host = uri.host().or_else(|| headers.get(header::HOST)?.to_str().ok()).unwrap_or_default();
    let domain = &door.settings.domain;
    match (profile::host_pod(host, domain), given.take("agent")) {
        (Some(label), _) => Text::from(format!("https://{label}.{domain}/profile/card#me")),
        (None, Some(agent)) => agent.into(),
        (None, None) => profile::of_app(&door.settings, caller.client()),
    }
}

/// The agent of `/pods/{id}/…`.
fn agent_of_pod(door: &Door, id: &str) -> Text {
    match profile::Pod::read(id) {
        Some(pod) => profile::url(&door.settings, &pod),
        None => Text::from(format!("{}/pods/{id}/profile/card#me", door.settings.public_url)),
    }
}

fn reader<'a>(caller: &'a Caller, agent: &'a Text) -> Reader<'a> {
    Reader { client: caller.client(), agent }
}

/// A place in an inbox: what `next`, `cursor` and `Last-Event-ID` hold.
fn place(text: &str) -> Result<u64, Refused> {
    let wrong = |_| {
        let message = format!("{text:?} is no place in an inbox.");
        Refused::new(400, "place_wrong", message, "Send what next or cursor held, or leave it out.")
    };
    text.parse().map_err(wrong)
}
