//! What a request says beside its URL.

use http::{HeaderMap, header};
use odata::Fault;
use odata::json::{Metadata, Numbers};
use odata::prefer::Preferences;
use press::Form;

/// The version that an answer follows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Version {
    V4_0,
    V4_01,
}

impl Version {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::V4_0 => "4.0",
            Self::V4_01 => "4.01",
        }
    }
}

/// What the headers ask for.
#[derive(Clone, Debug)]
pub(crate) struct Wishes {
    pub(crate) version: Version,
    pub(crate) metadata: Metadata,
    pub(crate) numbers: Numbers,
    pub(crate) prefer: Preferences,
    /// How the body goes over the wire.
    pub(crate) form: Form,
    /// The versions that the client holds already (`If-None-Match`).
    pub(crate) held: Option<String>,
    /// Whether records tell their addresses (`@odata.id`, `@odata.editLink`), as the answer to a write does.
    pub(crate) addresses: bool,
    /// Members that stand before those of a single record, each with a comma after it.
    pub(crate) annotations: Vec<u8>,
}

impl Wishes {
    /// What is answered where the headers themselves are wrong.
    pub(crate) fn plain() -> Self {
        Self {
            version: Version::V4_01,
            metadata: Metadata::Minimal,
            numbers: Numbers::Plain,
            prefer: Preferences::default(),
            form: Form::Plain,
            held: None,
            addresses: false,
            annotations: Vec::new(),
        }
    }

    /// Reads them.
    pub(crate) fn read(headers: &HeaderMap) -> Result<Self, Fault> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let version = version(text("odata-version"), text("odata-maxversion"))?;
        let accept = text(header::ACCEPT.as_str()).unwrap_or("*/*").to_ascii_lowercase();
        let metadata = if accept.contains("metadata=none") {
            Metadata::None
        } else if accept.contains("metadata=full") {
            Metadata::Full
        } else {
            Metadata::Minimal
        };
        let numbers =
            if accept.contains("ieee754compatible=true") { Numbers::Strings } else { Numbers::Plain };
        let prefer = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
        let codings = headers.get_all(header::ACCEPT_ENCODING).iter();
        let form = Form::wanted(codings.filter_map(|value| value.to_str().ok()));
        let held = text(header::IF_NONE_MATCH.as_str()).map(str::to_owned);
        let prefer = Preferences::read(prefer);
        Ok(Self { version, metadata, numbers, prefer, form, held, addresses: false, annotations: Vec::new() })
    }
}

/// RESO-002: 4.0 and 4.01 are spoken. A client that can read no newer than 4.0 is answered in it.
fn version(own: Option<&str>, most: Option<&str>) -> Result<Version, Fault> {
    let wrong = |name: &str, given: &str| {
        Fault::bad(
            "unsupported_version",
            format!("{name} {given:?} is not spoken here."),
            "Use 4.0 or 4.01, or leave the header out.",
        )
        .about(name)
    };
    match own {
        None | Some("4.0" | "4.01") => {}
        Some(other) => return Err(wrong("OData-Version", other)),
    }
    match most {
        None => Ok(if own == Some("4.0") { Version::V4_0 } else { Version::V4_01 }),
        Some("4.0") => Ok(Version::V4_0),
        // Whoever reads something newer still reads this.
        Some(other) => match other.parse::<f64>() {
            Ok(number) if number >= 4.0 => Ok(Version::V4_01),
            _ => Err(wrong("OData-MaxVersion", other)),
        },
    }
}
