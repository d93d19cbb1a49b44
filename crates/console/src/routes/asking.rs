//! What a request asks: its parameters and its body.

use bytes::Bytes;
use dictionary::{Dictionary, ResourceId, Text, Timestamp};
use http::HeaderMap;
use http::header::{CONTENT_TYPE, IF_MATCH};
use odata::Fault;
use odata::json::{ReadOptions, ReadRecord, read_record};
use store::Sequence;

/// The parameters of an address, each once.
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(super) fn read(query: Option<&str>) -> Result<Self, Fault> {
        let mut all: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            if all.iter().any(|(known, _)| *known == name) {
                let message = format!("{name} is given twice.");
                return Err(Fault::bad("parameter_twice", message, "Give it once.").about(name.as_ref()));
            }
            all.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(all))
    }

    /// Takes a parameter out.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.swap_remove(at).1)
    }

    /// Takes a whole number out.
    pub(super) fn number(&mut self, name: &str) -> Result<Option<u64>, Fault> {
        let Some(text) = self.take(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| {
            let message = format!("{text:?} is no whole number.");
            Fault::bad("parameter_wrong", message, "Use digits alone.").about(name)
        })
    }

    /// Takes the number of records or entries out; 100 where none is given.
    pub(super) fn limit(&mut self) -> Result<usize, Fault> {
        let limit = self.number("limit")?.unwrap_or(100);
        Ok(usize::try_from(limit).unwrap_or(usize::MAX))
    }

    /// Takes a resource out, by its name.
    pub(super) fn resource(&mut self, dictionary: &Dictionary) -> Result<Option<ResourceId>, Fault> {
        let Some(name) = self.take("resource") else { return Ok(None) };
        let found = dictionary.find(&name).map(|r| r.id);
        found.map(Some).ok_or_else(|| {
            let hint = dictionary.nearest(&name).map_or_else(
                || "Name one of the dictionary's resources.".to_owned(),
                |near| format!("Did you mean {}?", near.name),
            );
            Fault::bad("resource_unknown", format!("There is no resource {name}."), hint).about("resource")
        })
    }

    /// Every parameter that is left.
    pub(super) fn rest(self) -> impl Iterator<Item = (String, String)> {
        self.0.into_iter()
    }

    /// Refuses what is left: nothing is passed over in silence.
    pub(super) fn done(self) -> Result<(), Fault> {
        match self.0.into_iter().next() {
            None => Ok(()),
            Some((name, _)) => Err(unknown(&name)),
        }
    }
}

pub(super) fn unknown(name: &str) -> Fault {
    let message = format!("There is no parameter {name}.");
    Fault::bad("parameter_unknown", message, "docs/admin.md lists them.").about(name)
}

/// A place in a listing: `timestamp~key`.
pub(super) fn place(text: &str) -> Result<(Option<Timestamp>, Text), Fault> {
    let wrong = || {
        Fault::bad("place_wrong", "This is not where a listing ended.", "Use the `next` of the part before.")
            .about("after")
    };
    let (at, key) = text.split_once('~').ok_or_else(wrong)?;
    let at = match at {
        "" => None,
        at => Some(at.parse().map_err(|_| wrong())?),
    };
    Ok((at, Text::new(key)))
}

/// The body as a JSON object; none where it is empty.
pub(super) fn object(headers: &HeaderMap, body: &Bytes) -> Result<serde_json::Value, Fault> {
    if body.is_empty() {
        return Ok(serde_json::json!({}));
    }
    json(headers)?;
    let read: Result<serde_json::Value, _> = serde_json::from_slice(body);
    match read {
        Ok(value) if value.is_object() => Ok(value),
        Ok(_) => Err(Fault::bad("not_an_object", "The body is no JSON object.", "Send `{…}`.")),
        Err(error) => {
            Err(Fault::bad("not_json", format!("The body is not JSON: {error}."), "Send JSON (RFC 8259)."))
        }
    }
}

/// The body as a record; every fault of it at once.
pub(super) fn record(
    headers: &HeaderMap,
    body: &Bytes,
    dictionary: &Dictionary,
    resource: ResourceId,
) -> Result<ReadRecord, Fault> {
    json(headers)?;
    read_record(body, dictionary, resource, &ReadOptions::default()).map_err(|faults| match &faults[..] {
        [one] => one.clone(),
        _ => {
            let mut all = Fault::bad("body_wrong", "The body has faults.", "Each is told in details.");
            all.details = faults;
            all
        }
    })
}

fn json(headers: &HeaderMap) -> Result<(), Fault> {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = given.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Fault::new(
        415,
        "media_type_wrong",
        "The body is not said to be JSON.",
        "Send `Content-Type: application/json`.",
    ))
}

/// The version that `If-Match` asks for, as `"12"` or `W/"12"`.
pub(super) fn version(headers: &HeaderMap) -> Result<Option<Sequence>, Fault> {
    let Some(header) = headers.get(IF_MATCH) else { return Ok(None) };
    let text = header.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let bare = text.strip_prefix("W/").unwrap_or(text).trim_matches('"');
    bare.parse().map(Some).map_err(|_| {
        let hint = "Send the record's @version between double quotes.";
        Fault::bad("version_wrong", "If-Match names no version.", hint).about("If-Match")
    })
}
