//! A first mapping for a file, by the names of its columns.

use dictionary::{Dictionary, FieldSet, Resource};

use super::columns::{bare, distance};
use crate::{IntakeError, MappingFault};

/// What columns are often called where they do not have RESO's names: names that the dictionary does not
/// list as synonyms. The left side is bare (small letters and digits).
pub(super) const OFTEN: [(&str, &str); 44] = [
    ("price", "ListPrice"),
    ("askingprice", "ListPrice"),
    ("soldprice", "ClosePrice"),
    ("saleprice", "ClosePrice"),
    ("solddate", "CloseDate"),
    ("saledate", "CloseDate"),
    ("listdate", "ListingContractDate"),
    ("status", "StandardStatus"),
    ("type", "PropertyType"),
    ("subtype", "PropertySubType"),
    ("beds", "BedroomsTotal"),
    ("bedrooms", "BedroomsTotal"),
    ("bed", "BedroomsTotal"),
    ("baths", "BathroomsTotalInteger"),
    ("bathrooms", "BathroomsTotalInteger"),
    ("fullbaths", "BathroomsFull"),
    ("halfbaths", "BathroomsHalf"),
    ("sqft", "LivingArea"),
    ("sqftliving", "LivingArea"),
    ("squarefeet", "LivingArea"),
    ("livingsqft", "LivingArea"),
    ("sqftlot", "LotSizeSquareFeet"),
    ("lotsqft", "LotSizeSquareFeet"),
    ("lotsize", "LotSizeSquareFeet"),
    ("acres", "LotSizeAcres"),
    ("floors", "Stories"),
    ("waterfront", "WaterfrontYN"),
    ("yrbuilt", "YearBuilt"),
    ("built", "YearBuilt"),
    ("zip", "PostalCode"),
    ("zipcode", "PostalCode"),
    ("postcode", "PostalCode"),
    ("state", "StateOrProvince"),
    ("county", "CountyOrParish"),
    ("lat", "Latitude"),
    ("long", "Longitude"),
    ("lon", "Longitude"),
    ("lng", "Longitude"),
    ("address", "UnparsedAddress"),
    ("remarks", "PublicRemarks"),
    ("description", "PublicRemarks"),
    ("mls", "ListingId"),
    ("mlsid", "ListingId"),
    ("mlsnumber", "ListingId"),
];

/// A way of finding the field for a bare heading.
type Way = fn(&Resource, &str) -> Option<String>;

/// A mapping to begin with.
#[derive(Clone, PartialEq, Debug)]
pub struct Proposal {
    /// The text of the mapping file; what was not found is there as a comment.
    pub mapping: String,
    /// Columns and the fields that they seem to be.
    pub found: Vec<(String, String)>,
    /// Columns whose field is yours to say.
    pub unfound: Vec<String>,
}

/// Proposes a mapping of these headings to `resource`, by the dictionary's names and synonyms, by what
/// columns are often called, and by names that differ in one letter. Each field is taken once.
///
/// # Errors
/// `mapping_wrong`: there is no such resource.
pub fn propose(
    dictionary: &Dictionary,
    resource: &str,
    headings: &[String],
    name: &str,
    feed: &str,
) -> Result<Proposal, IntakeError> {
    let Some(resource) = dictionary.find(resource) else {
        let hint = match dictionary.nearest(resource) {
            Some(near) => format!("Did you mean {:?}?", near.name),
            None => "Name a resource of the dictionary, such as Property.".into(),
        };
        let message = format!("There is no resource {resource:?}.");
        return Err(IntakeError::mapping(vec![MappingFault::new("unknown_resource", "", message, hint)]));
    };
    let mut taken = FieldSet::default();
    let mut fields: Vec<Option<String>> = vec![None; headings.len()];
    // The surest names first, so that a guess does not take a field from its own name.
    let ways: [Way; 4] = [by_name, by_synonym, by_habit, by_letter];
    for way in ways {
        for (at, heading) in headings.iter().enumerate() {
            if fields[at].is_some() {
                continue;
            }
            let found = way(resource, &bare(heading)).and_then(|name| resource.find(&name));
            if let Some(id) = found.filter(|id| !taken.contains(*id)) {
                taken.insert(id);
                fields[at] = Some(resource.field(id).name.to_string());
            }
        }
    }
    let pairs = headings.iter().zip(&fields);
    let found: Vec<(String, String)> =
        pairs.clone().filter_map(|(heading, field)| Some((heading.clone(), field.clone()?))).collect();
    let unfound: Vec<String> =
        pairs.filter(|(_, field)| field.is_none()).map(|(heading, _)| heading.clone()).collect();
    let key_found = resource.key.iter().all(|id| taken.contains(*id));
    let mapping = text(resource, name, feed, &found, &unfound, key_found);
    Ok(Proposal { mapping, found, unfound })
}

fn text(
    resource: &Resource,
    name: &str,
    feed: &str,
    found: &[(String, String)],
    unfound: &[String],
    key_found: bool,
) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    // Writing into a String cannot fail.
    let _ = writeln!(out, "name = {}\nfeed = {}", quoted(name), quoted(feed));
    out.push_str("# time_zone of local times, such as America/Los_Angeles: [parse] time_zone = \"…\"\n");
    out.push_str("unknown_columns = \"ignore\"\n\n[[record]]\n");
    let _ = writeln!(out, "resource = {}", quoted(&resource.name));
    if !key_found {
        let id = found
            .iter()
            .find(|(_, field)| field.ends_with("Id"))
            .map(|(heading, _)| heading)
            .or_else(|| unfound.iter().find(|h| bare(h) == "id" || bare(h).ends_with("id")));
        out.push_str("# The key: unique in its resource, and never changes.\n");
        let _ = match id {
            Some(id) => writeln!(out, "key = {}", quoted(&format!("{{feed}}-{{{id}}}"))),
            None => writeln!(out, "# key = \"{{feed}}-{{column}}\""),
        };
    }
    out.push_str("\n[record.fields]\n");
    for (heading, field) in found {
        let _ = writeln!(out, "{field} = {}", quoted(heading));
    }
    for heading in unfound {
        let _ = writeln!(out, "# ? = {}", quoted(heading));
    }
    out
}

fn by_name(resource: &Resource, bare_heading: &str) -> Option<String> {
    resource.fields.iter().find(|f| bare(&f.name) == bare_heading).map(|f| f.name.to_string())
}

fn by_synonym(resource: &Resource, bare_heading: &str) -> Option<String> {
    let known = |f: &&dictionary::Field| f.synonyms.iter().any(|s| bare(s) == bare_heading);
    resource.fields.iter().find(known).map(|f| f.name.to_string())
}

fn by_habit(_: &Resource, bare_heading: &str) -> Option<String> {
    OFTEN.iter().find(|(often, _)| *often == bare_heading).map(|(_, field)| (*field).to_owned())
}

/// One letter amiss in a name that is long enough for that to be a misspelling.
fn by_letter(resource: &Resource, bare_heading: &str) -> Option<String> {
    const LONG_ENOUGH: usize = 7;
    if bare_heading.len() < LONG_ENOUGH {
        return None;
    }
    let near = |f: &&dictionary::Field| distance(&bare(&f.name), bare_heading) == 1;
    let mut found = resource.fields.iter().filter(near);
    let first = found.next()?;
    found.next().is_none().then(|| first.name.to_string())
}
