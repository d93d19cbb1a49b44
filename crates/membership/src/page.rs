//! A page of a pull: contacts that are there, and contacts that are gone.

use dictionary::{Dictionary, Key, Record, Resource, check};
use intake::IntakeError;
use odata::json::{LinkPolicy, MistypedPolicy, ReadLimits, ReadOptions, UnknownPolicy, read_record};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// What one item of a page says.
#[derive(Debug)]
pub(crate) enum Item {
    /// The contact as it is.
    There(Key, Box<Record>),
    /// The contact is gone.
    Gone(Key),
    /// What cannot be kept, and why.
    Refused(String, String),
}

/// A page, read.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) items: Vec<Item>,
    pub(crate) next: Option<String>,
}

#[derive(Deserialize)]
struct Sent<'a> {
    #[serde(borrow)]
    value: Vec<&'a RawValue>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
}

#[derive(Deserialize)]
struct Removed {
    #[serde(rename = "@removed")]
    removed: Option<IgnoredAny>,
}

/// Reads a page.
///
/// # Errors
/// `not_a_page`: the body is none.
pub(crate) fn read(dictionary: &Dictionary, own: &Resource, body: &[u8]) -> Result<Page, IntakeError> {
    let sent: Sent<'_> = serde_json::from_slice(body).map_err(|error| {
        let hint = "See to SourceLocation: it is the address of an integration's environment.";
        IntakeError::new("not_a_page", format!("The source answers no page: {error}."), hint)
    })?;
    let items = sent.value.iter().map(|raw| item(dictionary, own, raw.get())).collect();
    Ok(Page { items, next: sent.next })
}

fn item(dictionary: &Dictionary, own: &Resource, json: &str) -> Item {
    let options = ReadOptions {
        // A newer Freehold may have fields that this one has not.
        unknown: UnknownPolicy::Ignore,
        mistyped: MistypedPolicy::Refuse,
        links: LinkPolicy::Ignore,
        limits: ReadLimits::default(),
    };
    let refused = |key: Option<Key>, why: String| Item::Refused(key.unwrap_or_default().to_string(), why);
    let mut record = match read_record(json.as_bytes(), dictionary, own.id, &options) {
        Ok(read) => read.record,
        Err(faults) => {
            let why = faults.first().map(|fault| fault.message.clone()).unwrap_or_default();
            return refused(None, why);
        }
    };
    let Some(key) = own.key_of(&record) else { return refused(None, "It has no key.".into()) };
    if serde_json::from_str::<Removed>(json).is_ok_and(|one| one.removed.is_some()) {
        return Item::Gone(key);
    }
    // When this installation wrote a record, its own log says.
    let hub = own.hub_fields();
    [hub.modification, hub.entry].into_iter().flatten().for_each(|id| drop(record.clear(id)));
    match check(dictionary, &record).first() {
        Some(fault) => refused(Some(key), format!("{}: {}", fault.field, fault.message)),
        None => Item::There(key, Box::new(record)),
    }
}

#[cfg(test)]
mod tests {
    use dictionary::Version;

    use super::*;

    #[test]
    fn a_page_holds_what_is_there_what_is_gone_and_what_cannot_be_kept() {
        let words = Dictionary::standard(Version::V2_1);
        let own = words.known("Member");
        let body = br#"{"value":[
            {"MemberKey":"1","MemberStatus":"A","@Freehold.Pull":3,"@Freehold.Reason":"normal","NewField":1},
            {"@removed":{"reason":"deleted"},"@odata.id":"Member('2')","MemberKey":"2","@Freehold.Pull":3},
            {"MemberStatus":"A"}, {"MemberKey":"4","MemberStatus":7}, {"MemberKey":"5","MemberFirstName":null}],
            "@odata.nextLink":"/next"}"#;
        let page = read(&words, own, body).unwrap();
        let told: Vec<String> = page
            .items
            .iter()
            .map(|item| match item {
                Item::There(key, record) => format!("{key} {}", record.iter().count()),
                Item::Gone(key) => format!("-{key}"),
                Item::Refused(key, why) => format!("!{key} {}", why.is_empty()),
            })
            .collect();
        assert_eq!(told, ["1 2", "-2", "! false", "! false", "5 1"]);
        assert_eq!(page.next.as_deref(), Some("/next"));
        assert_eq!(read(&words, own, b"{}").unwrap_err().code, "not_a_page");
    }
}
