//! `$format` (OData protocol 4.01, 11.2.12).

use super::asked::Format;
use super::cursor::{Cursor, shown};
use crate::Fault;
use crate::json::{Metadata, Numbers};

/// Reads `json`, `xml`, or a media type with parameters.
pub(super) fn read(cursor: &Cursor<'_>) -> Result<Format, Fault> {
    let mut parts = cursor.rest().split(';').map(str::trim);
    let name = parts.next().unwrap_or_default().to_ascii_lowercase();
    if matches!(name.as_str(), "xml" | "application/xml") && parts.next().is_none() {
        return Ok(Format::Xml);
    }
    if !matches!(name.as_str(), "json" | "application/json") {
        let mut fault = cursor.bad(
            0,
            "bad_format",
            format!("{} is no format of this service.", shown(cursor.rest())),
            "Ask for json, or for xml where it is $metadata.",
        );
        fault.status = 406;
        return Err(fault);
    }
    let (mut metadata, mut numbers) = (None, None);
    for part in parts {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().to_ascii_lowercase());
        match (name.as_str(), value.as_str()) {
            ("odata.metadata" | "metadata", "none") => metadata = Some(Metadata::None),
            ("odata.metadata" | "metadata", "minimal") => metadata = Some(Metadata::Minimal),
            ("odata.metadata" | "metadata", "full") => metadata = Some(Metadata::Full),
            ("ieee754compatible", "true") => numbers = Some(Numbers::Strings),
            ("ieee754compatible", "false") => numbers = Some(Numbers::Plain),
            // Every answer is a stream in UTF-8 already.
            ("odata.streaming" | "streaming", "true" | "false") | ("charset", "utf-8") => {}
            _ => {
                let message = format!("{} is no parameter of this format.", shown(part));
                let hint = "Write odata.metadata=minimal, full or none, or IEEE754Compatible=true.";
                return Err(cursor.bad(0, "bad_value", message, hint));
            }
        }
    }
    Ok(Format::Json { metadata, numbers })
}
