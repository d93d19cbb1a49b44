//! What a Source's record says of a server.

use dictionary::{Dictionary, Record, Text, Value};
use intake::IntakeError;

/// A source that is a server.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) id: Text,
    pub(crate) feed: Text,
    /// The address of the service, without a slash at its end.
    pub(crate) location: String,
    pub(crate) profile: Text,
    /// What is pulled; the profile's where there is nothing.
    pub(crate) resources: Vec<String>,
    pub(crate) system: Option<Text>,
    pub(crate) token_location: Option<Text>,
    pub(crate) client_id: Option<Text>,
    pub(crate) sealed: Option<Text>,
    pub(crate) compare_only: bool,
    /// However many are gone, they go: somebody has said so.
    pub(crate) remove_missing: bool,
}

impl Source {
    /// Reads a record of Source.
    ///
    /// # Errors
    /// `source_wrong`: something is missing.
    pub(crate) fn read(dictionary: &Dictionary, record: &Record) -> Result<Self, IntakeError> {
        let own = dictionary.known("Source");
        let value = |name: &str| record.get(own.find(name)?);
        let text = |name: &str| value(name).and_then(Value::as_text).map(Text::new);
        let needed = |name: &str| {
            text(name).filter(|text| !text.is_empty()).ok_or_else(|| {
                let hint = format!("freehold operate set Source ID {name}=…");
                IntakeError::new("source_wrong", format!("{name} of the source is missing."), hint)
            })
        };
        let truth = |name: &str| value(name).and_then(Value::as_boolean) == Some(true);
        let resources = match value("SourceResources") {
            Some(Value::TextList(list)) => list.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        };
        Ok(Self {
            id: needed("SourceId")?,
            feed: needed("FeedId")?,
            location: needed("SourceLocation")?.trim_end_matches('/').to_owned(),
            profile: needed("SourceProfile")?,
            resources,
            system: text("OriginatingSystemName"),
            token_location: text("TokenLocation"),
            client_id: text("OAuthClientId"),
            sealed: text("SealedCredential"),
            compare_only: truth("CompareOnlyYN"),
            remove_missing: truth("RemoveMissingYN"),
        })
    }
}
