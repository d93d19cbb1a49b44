//! The service document: what stands at the service root (OData JSON format 4.01, 5; RESO-006).

use dictionary::{Dictionary, ResourceId};
use query::Sight;

use crate::json::{close_collection, member, next_item, open_collection, write_string};
use crate::metadata::{Options, resources};

/// The service document of whoever sees `sight`: every resource that `$metadata` with the same options
/// declares. `root` is the service root without a slash at its end.
#[must_use]
pub fn document(dictionary: &Dictionary, root: &str, sight: &Sight, options: &Options<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    open_collection(&mut out, Some(&format!("{root}/$metadata")), None);
    for id in resources(dictionary, sight, options) {
        next_item(&mut out);
        entity_set(&mut out, dictionary, id);
    }
    close_collection(&mut out, None);
    out
}

fn entity_set(out: &mut Vec<u8>, dictionary: &Dictionary, id: ResourceId) {
    let name = &dictionary.resource(id).name;
    out.push(b'{');
    for (what, text) in [("name", name.as_str()), ("kind", "EntitySet"), ("url", name)] {
        member(out, what);
        write_string(out, text);
    }
    out.push(b'}');
}

#[cfg(test)]
mod tests;
