//! Where reading stopped: at an error, or at something of OData that is not offered (RESO-003).

use std::collections::HashMap;

use super::Reading;
use crate::{Fault, grammar};

/// Longer requests are not looked at twice.
const LONGEST: usize = 8 << 10;

/// `fault` as it is; or, where what stopped the reader is OData all the same, that it is not supported, by
/// name and at the same place.
pub(super) fn judged(fault: Fault, path: &str, query: &str, reading: &Reading<'_>) -> Fault {
    let Some(at) = fault.position.filter(|_| fault.status == 400 && path.len() + query.len() < LONGEST)
    else {
        return fault;
    };
    let at_dollar = query.get(at.saturating_sub(path.len() + 1)..).is_some_and(|rest| rest.starts_with('$'));
    match fault.code {
        "syntax" | "unknown_operator" => {}
        // Without the dollar sign it is the client's own to the grammar, however much it looks like one.
        "unknown_option" if at_dollar => {}
        _ => return fault,
    }
    let bare = path.strip_prefix('/').unwrap_or(path);
    let bare = bare.strip_suffix('/').unwrap_or(bare);
    // A plus sign stands for a space, and is as long.
    let text = format!("{bare}?{}", query.replace('+', " "));
    let names = Known::new(reading);
    let Ok(tree) = grammar::parse("odataRelativeUri", &text, &|kind, name| names.knows(kind, name)) else {
        return fault;
    };
    let what = grammar::construct(&tree, (at + bare.len()).saturating_sub(path.len()))
        .unwrap_or("This form of OData");
    let message = format!("{what} is not supported.");
    Fault { status: 501, code: "not_supported", message, hint: "Ask without it.".into(), ..fault }
}

/// The names that a caller may use, by what they are.
struct Known<'a> {
    resources: Vec<&'a str>,
    parts: HashMap<&'a str, Vec<&'static str>>,
}

impl<'a> Known<'a> {
    fn new(reading: &Reading<'a>) -> Self {
        let mut known = Self { resources: Vec::new(), parts: HashMap::new() };
        for resource in reading.dictionary.resources() {
            if !(reading.serves)(resource.id) || !reading.sight.sees_resource(resource.id) {
                continue;
            }
            known.resources.push(&resource.name);
            for (id, field) in resource.each().filter(|(id, _)| reading.sight.sees(resource.id, *id)) {
                let kind = match () {
                    () if field.ty.is_list() => "primitiveColProperty",
                    () if resource.key.contains(&id) => "primitiveKeyProperty",
                    () => "primitiveNonKeyProperty",
                };
                known.parts.entry(&field.name).or_default().push(kind);
            }
            for (_, link) in reading.links(resource.id) {
                let kind = if link.many { "entityColNavigationProperty" } else { "entityNavigationProperty" };
                known.parts.entry(&link.name).or_default().push(kind);
            }
        }
        known
    }

    fn knows(&self, kind: &str, name: &str) -> bool {
        let part = self.parts.get(name);
        match kind {
            "entitySetName" => self.resources.contains(&name),
            "primitiveColProperty"
            | "primitiveKeyProperty"
            | "primitiveNonKeyProperty"
            | "entityColNavigationProperty"
            | "entityNavigationProperty" => part.is_some_and(|kinds| kinds.contains(&kind)),
            // A service that has none of these has no name of one; no type has others derived from it, and keys
            // stand between parentheses.
            "singletonEntity" | "entityTypeName" | "complexTypeName" | "complexProperty"
            | "complexColProperty" | "streamProperty" | "keyPropertyAlias" | "keyPathLiteral"
            | "customAggregate" | "actionImport" => false,
            _ if kind.ends_with("Import") => false,
            _ => part.is_none() && !matches!(name, "any" | "all"),
        }
    }
}
