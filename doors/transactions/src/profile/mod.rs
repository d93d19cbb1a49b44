//! Who everyone is: a profile URL and an inbox for each agent, office, company and app (EVT-050, EVT-051).
//!
//! The id of a profile is made from the key of the record that it stands for, so that the same member has
//! the same address after every import, and nothing has to be kept.

mod card;
mod pod;

pub(crate) use card::{card_at_host, card_at_path, context};
pub(crate) use pod::{Kind, Pod, host_pod};

use dictionary::Text;

use crate::Settings;

/// Where the JSON-LD context is.
pub(crate) const CONTEXT: &str = "/events/context.jsonld";

/// The root of a profile's addresses, without a slash at its end: below the domain where there is one.
pub(crate) fn root(settings: &Settings, pod: &Pod) -> String {
    let id = pod.id();
    match settings.domain.as_str() {
        domain if !domain.is_empty() && id.len() <= pod::LONGEST_LABEL && pod.kind != Kind::Feed => {
            format!("https://{id}.{domain}")
        }
        _ => format!("{}/pods/{id}", settings.public_url),
    }
}

/// The profile URL.
pub(crate) fn url(settings: &Settings, pod: &Pod) -> Text {
    Text::from(format!("{}/profile/card#me", root(settings, pod)))
}

/// The profile URL of a record of `Member`, `Office`, `OUID`, `Client` or `Feed`, by its key; none of any other
/// resource (EVT-051).
#[must_use]
pub fn profile_url(settings: &Settings, resource: &str, key: &str) -> Option<Text> {
    let kinds = [Kind::Agent, Kind::Office, Kind::Company, Kind::App, Kind::Feed];
    let kind = kinds.into_iter().find(|kind| kind.resource() == resource)?;
    Some(url(settings, &Pod { kind, key: key.into() }))
}

/// Whose profile a URL is, in either form.
pub(crate) fn read_url(settings: &Settings, url: &str) -> Option<Pod> {
    let root = url.strip_suffix("/profile/card#me")?;
    match root.strip_prefix(&settings.public_url).and_then(|rest| rest.strip_prefix("/pods/")) {
        Some(id) => Pod::read(id),
        None => Pod::read(host_pod(root.strip_prefix("https://")?, &settings.domain)?),
    }
}

/// The profile URL of a client's app.
pub(crate) fn of_app(settings: &Settings, client: &str) -> Text {
    url(settings, &Pod { kind: Kind::App, key: client.into() })
}

/// What the addresses of a client's app begin with: ids that it gives itself lie in there.
pub(crate) fn namespaces(settings: &Settings, client: &str) -> [String; 2] {
    let pod = Pod { kind: Kind::App, key: client.into() };
    [format!("{}/", root(settings, &pod)), format!("{}/pods/{}/", settings.public_url, pod.id())]
}
