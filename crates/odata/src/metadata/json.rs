//! CSDL in JSON.

use dictionary::{Dictionary, Link, Lookup};
use query::Sight;

use super::seen::{Facet, Seen, SeenField, SeenResource, entity_type, facets, member_value};
use super::{
    AGGREGATION, AGGREGATION_URI, APPLY, APPLY_DEFAULTS, CONTAINER, ENUMS, LOOKUP_NAME, NAMESPACE, Options,
    STANDARD_NAME, TERMS, member_name,
};
use crate::json::{member, next_item, write_string};
use crate::url::TRANSFORMATIONS;

/// The metadata of whoever sees `sight`, as CSDL in JSON (4.01, `$format=json`).
#[must_use]
pub fn json(dictionary: &Dictionary, sight: &Sight, options: &Options<'_>) -> Vec<u8> {
    let seen = Seen::of(dictionary, sight, options);
    let mut out = Vec::with_capacity(1 << 18);
    object(&mut out, |out| {
        text(out, "$Version", "4.01");
        part(out, "$Reference", |out| {
            part(out, AGGREGATION_URI, |out| {
                member(out, "$Include");
                out.push(b'[');
                object(out, |out| text(out, "$Namespace", AGGREGATION));
                out.push(b']');
            });
        });
        text(out, "$EntityContainer", &format!("{NAMESPACE}.{CONTAINER}"));
        part(out, NAMESPACE, |out| {
            for one in &seen.resources {
                part(out, &one.resource.name, |out| resource(out, &seen, one));
            }
            part(out, CONTAINER, |out| container(out, &seen));
        });
        if !seen.enums.is_empty() {
            part(out, ENUMS, |out| {
                for (lookup, flags) in seen.enums.values() {
                    part(out, &lookup.name, |out| enumeration(out, lookup, *flags));
                }
            });
        }
        part(out, TERMS, |out| {
            for (name, to) in [(LOOKUP_NAME, "Property"), (STANDARD_NAME, "Member")] {
                part(out, name.rsplit('.').next().unwrap_or(name), |out| {
                    text(out, "$Kind", "Term");
                    member(out, "$AppliesTo");
                    out.push(b'[');
                    write_string(out, to);
                    out.push(b']');
                });
            }
        });
    });
    out
}

fn object(out: &mut Vec<u8>, inside: impl FnOnce(&mut Vec<u8>)) {
    out.push(b'{');
    inside(out);
    out.push(b'}');
}

fn part(out: &mut Vec<u8>, name: &str, inside: impl FnOnce(&mut Vec<u8>)) {
    member(out, name);
    object(out, inside);
}

fn text(out: &mut Vec<u8>, name: &str, value: &str) {
    member(out, name);
    write_string(out, value);
}

/// A member that is not text: a number or `true`.
fn bare(out: &mut Vec<u8>, name: &str, value: &str) {
    member(out, name);
    out.extend_from_slice(value.as_bytes());
}

fn resource(out: &mut Vec<u8>, seen: &Seen<'_>, one: &SeenResource<'_>) {
    text(out, "$Kind", "EntityType");
    member(out, "$Key");
    out.push(b'[');
    for id in &one.resource.key {
        next_item(out);
        write_string(out, &one.resource.field(*id).name);
    }
    out.push(b']');
    for field in &one.fields {
        part(out, &field.field.name, |out| property(out, field));
    }
    for link in &one.links {
        part(out, &link.name, |out| navigation(out, seen, one, link));
    }
}

fn property(out: &mut Vec<u8>, seen: &SeenField<'_>) {
    let element = seen.ty.strip_prefix("Collection(").and_then(|ty| ty.strip_suffix(')'));
    if element.is_some() {
        bare(out, "$Collection", "true");
    }
    match element.unwrap_or(&seen.ty) {
        // The type that is meant where none is said.
        "Edm.String" => {}
        ty => text(out, "$Type", ty),
    }
    if element.is_none() && !seen.field.key {
        bare(out, "$Nullable", "true");
    }
    if !seen.enumerated {
        for (name, facet) in facets(seen.field.ty) {
            match facet {
                Facet::Number(number) => bare(out, &format!("${name}"), &number.to_string()),
                Facet::Variable => text(out, &format!("${name}"), "variable"),
            }
        }
    }
    if let Some(lookup) = seen.lookup {
        text(out, &format!("@{LOOKUP_NAME}"), lookup);
    }
}

fn navigation(out: &mut Vec<u8>, seen: &Seen<'_>, one: &SeenResource<'_>, link: &Link) {
    text(out, "$Kind", "NavigationProperty");
    bare(out, if link.many { "$Collection" } else { "$Nullable" }, "true");
    text(out, "$Type", &entity_type(seen.dictionary.resource(link.target)));
    if let Some((from, to)) = one.constraint(seen.dictionary, link) {
        part(out, "$ReferentialConstraint", |out| text(out, from, to));
    }
}

fn container(out: &mut Vec<u8>, seen: &Seen<'_>) {
    text(out, "$Kind", "EntityContainer");
    apply_supported(out, APPLY_DEFAULTS, &TRANSFORMATIONS);
    for one in &seen.resources {
        part(out, &one.resource.name, |out| {
            bare(out, "$Collection", "true");
            text(out, "$Type", &entity_type(one.resource));
            if !one.applies {
                apply_supported(out, APPLY, &[]);
            }
            if !one.links.is_empty() {
                part(out, "$NavigationPropertyBinding", |out| {
                    for link in &one.links {
                        text(out, &link.name, &seen.dictionary.resource(link.target).name);
                    }
                });
            }
        });
    }
}

/// Which transformations `$apply` takes (Data Aggregation 4.0, 5.1).
fn apply_supported(out: &mut Vec<u8>, term: &str, names: &[&str]) {
    part(out, &format!("@{term}"), |out| {
        member(out, "Transformations");
        out.push(b'[');
        for name in names {
            next_item(out);
            write_string(out, name);
        }
        out.push(b']');
    });
}

fn enumeration(out: &mut Vec<u8>, lookup: &Lookup, flags: bool) {
    text(out, "$Kind", "EnumType");
    text(out, "$UnderlyingType", "Edm.Int64");
    if flags {
        bare(out, "$IsFlags", "true");
    }
    for (at, value) in lookup.values.iter().enumerate() {
        let name = member_name(value);
        bare(out, &name, &member_value(at, flags).to_string());
        text(out, &format!("{name}@{STANDARD_NAME}"), &value.value);
    }
}
