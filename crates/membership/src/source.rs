//! What a Source's record says of an association.

use dictionary::{Dictionary, Named, Record, Text};
use intake::IntakeError;

use crate::{Membership, PROFILE};

/// A source that is an association.
pub(crate) struct Source {
    pub(crate) id: Text,
    pub(crate) feed: Text,
    /// `https://host`
    pub(crate) origin: String,
    /// The address of the integration's environment below the origin, without a slash at its end.
    pub(crate) path: String,
    /// What is shown as the bearer.
    pub(crate) bearer: String,
}

/// Whether a source is run here.
pub(crate) fn is_ours(dictionary: &Dictionary, record: &Record) -> bool {
    let named = Named { own: dictionary.known("Source"), record };
    named.text("SourceProfile").as_deref() == Some(PROFILE)
}

impl Source {
    /// Reads a record of Source and opens its credential.
    ///
    /// # Errors
    /// `source_wrong` or `credential_sealed`.
    pub(crate) fn read(puller: &Membership, record: &Record) -> Result<Self, IntakeError> {
        let named = Named { own: puller.dictionary.known("Source"), record };
        let needed = |name: &str| {
            named.text(name).filter(|text| !text.is_empty()).ok_or_else(|| {
                let hint = format!("freehold operate set Source ID {name}=…");
                IntakeError::new("source_wrong", format!("{name} of the source is missing."), hint)
            })
        };
        let (id, location) = (needed("SourceId")?, needed("SourceLocation")?);
        let (origin, path) = split(&location).ok_or_else(|| {
            let message = format!("{location} is no address of an association's environment.");
            let hint = "Write https://host/association/tenants/T/integrations/I/environments/production.";
            IntakeError::new("source_wrong", message, hint)
        })?;
        let sealed = needed("SealedCredential").map_err(|_| {
            let hint = "Give the key: `freehold operate set-credential SOURCE`.";
            IntakeError::new("source_wrong", "The source has no credential.", hint)
        })?;
        let bearer = (puller.open)(&id, &sealed).ok_or_else(|| {
            let message = "The credential of the source cannot be opened with this installation's key.";
            let hint = "Give it anew: `freehold operate set-credential SOURCE`.";
            IntakeError::new("credential_sealed", message, hint)
        })?;
        Ok(Self { id, feed: needed("FeedId")?, origin, path, bearer })
    }
}

fn split(location: &str) -> Option<(String, String)> {
    let (scheme, rest) = location.split_once("://")?;
    let (host, path) = rest.split_at(rest.find('/')?);
    let path = path.trim_end_matches('/');
    let known = matches!(scheme, "http" | "https") && !host.is_empty() && path.contains("/environments/");
    (known && !path.contains(['?', '#'])).then(|| (format!("{scheme}://{host}"), path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_an_environments_address() {
        let check = |location: &str, expect: Option<(&str, &str)>| {
            let found = split(location);
            let found = found.as_ref().map(|(origin, path)| (origin.as_str(), path.as_str()));
            assert_eq!(found, expect, "{location}");
        };
        let path = "/association/tenants/t/integrations/mls/environments/production";
        check(&format!("https://a.example{path}/"), Some(("https://a.example", path)));
        check(&format!("http://127.0.0.1:8700{path}"), Some(("http://127.0.0.1:8700", path)));
        check(&format!("ftp://a.example{path}"), None);
        check(&format!("https://a.example{path}?x"), None);
        check("https://a.example/odata", None);
        check("https://a.example", None);
        check("a.example/environments/x", None);
    }
}
