//! The dictionary as `$metadata`: CSDL in XML (OData CSDL XML 4.0) and in JSON (CSDL JSON 4.01).
//!
//! A caller's metadata is their own: it declares the resources and fields that they may see and no others
//! (RESO-008). The same dictionary, sight and options give the same bytes, so that an ETag of them holds.

mod declared;
mod enums;
mod json;
mod seen;
mod xml;

use dictionary::{Dictionary, ResourceId};
use query::Sight;

pub use declared::Declared;
pub use enums::{EnumNames, member_name};
pub use json::json;
pub(crate) use seen::Form;
pub use xml::xml;

/// The namespace of every entity type, as the RESO Web API has it.
pub const NAMESPACE: &str = "org.reso.metadata";
/// The namespace of enumeration types, where they are offered.
pub const ENUMS: &str = "org.reso.metadata.enums";
/// The namespace of RESO's annotations.
pub const TERMS: &str = "RESO.OData.Metadata";
/// The term that names the lookup of a field, in full.
pub const LOOKUP_NAME: &str = "RESO.OData.Metadata.LookupName";
/// The term that gives the standard text of a member of an enumeration, in full.
pub const STANDARD_NAME: &str = "RESO.OData.Metadata.StandardName";
/// The namespace of OASIS's vocabulary for aggregation.
const AGGREGATION: &str = "Org.OData.Aggregation.V1";
/// Where that vocabulary is found.
const AGGREGATION_URI: &str =
    "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Aggregation.V1.xml";
/// The term that says which transformations `$apply` takes of every set, and the one of a set that takes others.
const APPLY_DEFAULTS: &str = "Org.OData.Aggregation.V1.ApplySupportedDefaults";
const APPLY: &str = "Org.OData.Aggregation.V1.ApplySupported";
/// The name of the entity container.
pub const CONTAINER: &str = "Default";

/// How fields with a lookup are declared (RESO-025).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum EnumMode {
    /// As text with the annotation `LookupName`: the form that Data Dictionary 2.0 and later prefer.
    #[default]
    Strings,
    /// As `EnumType`; lists as `Collection(EnumType)`.
    EnumType,
    /// As `EnumType`; lists as one value of an `EnumType` with `IsFlags`. A lookup of more than 63 values
    /// has no bit for each, and its lists stay `Collection(EnumType)`.
    EnumFlags,
}

/// What is declared, and how.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The form of fields with a lookup.
    pub enums: EnumMode,
    /// Whether Freehold's own resources are declared too: for operators.
    pub freehold: bool,
    /// Whether this resource is offered at all.
    pub serves: &'a dyn Fn(ResourceId) -> bool,
    /// Whether `$apply` is answered of it.
    pub applies: &'a dyn Fn(ResourceId) -> bool,
}

impl Default for Options<'_> {
    /// Text with lookups, every resource but Freehold's own.
    fn default() -> Self {
        Self { enums: EnumMode::Strings, freehold: false, serves: &|_| true, applies: &|_| true }
    }
}

/// The resources that are declared, in the order of the dictionary.
#[must_use]
pub fn resources(dictionary: &Dictionary, sight: &Sight, options: &Options<'_>) -> Vec<ResourceId> {
    seen::Seen::of(dictionary, sight, options).resources.iter().map(|seen| seen.resource.id).collect()
}

/// The weak ETag of a document, with its quotes: equal bytes have equal tags on every node.
#[must_use]
pub fn etag(document: &[u8]) -> String {
    format!("W/\"{:016x}\"", crate::hash::steady(&[document]))
}

#[cfg(test)]
mod tests;
