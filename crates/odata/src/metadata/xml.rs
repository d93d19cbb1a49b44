//! CSDL in XML.

use std::io;

use dictionary::{Dictionary, Link, Lookup};
use query::Sight;
use quick_xml::Writer;
use quick_xml::events::BytesText;

use super::seen::{Seen, SeenField, SeenResource, entity_type, facets};
use super::{
    AGGREGATION, AGGREGATION_URI, APPLY, APPLY_DEFAULTS, CONTAINER, ENUMS, LOOKUP_NAME, NAMESPACE, Options,
    STANDARD_NAME, TERMS, member_name,
};
use crate::url::TRANSFORMATIONS;

type Out = Writer<Vec<u8>>;

const EDMX: &str = "http://docs.oasis-open.org/odata/ns/edmx";
const EDM: &str = "http://docs.oasis-open.org/odata/ns/edm";

/// The metadata of whoever sees `sight`, as CSDL in XML (RESO-005).
///
/// # Panics
/// Never: it is written to memory.
#[must_use]
pub fn xml(dictionary: &Dictionary, sight: &Sight, options: &Options<'_>) -> String {
    let seen = Seen::of(dictionary, sight, options);
    let mut out = Writer::new_with_indent(Vec::with_capacity(1 << 18), b' ', 1);
    document(&mut out, &seen).expect("memory takes every byte");
    let text = String::from_utf8(out.into_inner()).expect("it was written from text");
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}\n")
}

fn document(out: &mut Out, seen: &Seen<'_>) -> io::Result<()> {
    out.create_element("edmx:Edmx")
        .with_attributes([("Version", "4.0"), ("xmlns:edmx", EDMX)])
        .write_inner_content(|out| {
            out.create_element("edmx:Reference")
                .with_attribute(("Uri", AGGREGATION_URI))
                .write_inner_content(|out| {
                    out.create_element("edmx:Include")
                        .with_attribute(("Namespace", AGGREGATION))
                        .write_empty()?;
                    Ok(())
                })?;
            out.create_element("edmx:DataServices").write_inner_content(|out| {
                schema(out, NAMESPACE, |out| {
                    seen.resources.iter().try_for_each(|one| resource(out, seen, one))?;
                    container(out, seen)
                })?;
                if !seen.enums.is_empty() {
                    schema(out, ENUMS, |out| {
                        seen.enums.values().try_for_each(|(lookup, flags)| enumeration(out, lookup, *flags))
                    })?;
                }
                schema(out, TERMS, |out| {
                    term(out, LOOKUP_NAME, "Property")?;
                    term(out, STANDARD_NAME, "Member")
                })
            })?;
            Ok(())
        })?;
    Ok(())
}

fn schema(out: &mut Out, name: &str, inside: impl FnOnce(&mut Out) -> io::Result<()>) -> io::Result<()> {
    out.create_element("Schema")
        .with_attributes([("Namespace", name), ("xmlns", EDM)])
        .write_inner_content(inside)?;
    Ok(())
}

/// A term of ours is declared, so that every annotation of the document resolves within it.
fn term(out: &mut Out, name: &str, to: &str) -> io::Result<()> {
    let name = name.rsplit('.').next().unwrap_or(name);
    out.create_element("Term")
        .with_attributes([("Name", name), ("Type", "Edm.String"), ("AppliesTo", to)])
        .write_empty()?;
    Ok(())
}

fn resource(out: &mut Out, seen: &Seen<'_>, one: &SeenResource<'_>) -> io::Result<()> {
    out.create_element("EntityType").with_attribute(("Name", &*one.resource.name)).write_inner_content(
        |out| {
            out.create_element("Key").write_inner_content(|out| {
                for id in &one.resource.key {
                    let name = &*one.resource.field(*id).name;
                    out.create_element("PropertyRef").with_attribute(("Name", name)).write_empty()?;
                }
                Ok(())
            })?;
            one.fields.iter().try_for_each(|field| property(out, field))?;
            one.links.iter().try_for_each(|link| navigation(out, seen, one, link))
        },
    )?;
    Ok(())
}

fn property(out: &mut Out, seen: &SeenField<'_>) -> io::Result<()> {
    let mut element = out
        .create_element("Property")
        .with_attributes([("Name", &*seen.field.name), ("Type", seen.ty.as_str())]);
    if !seen.enumerated {
        for (name, value) in facets(seen.field.ty) {
            element = element.with_attribute((name, value.to_string().as_str()));
        }
    }
    // No element of a list is null, and no key is.
    if seen.field.key || seen.ty.starts_with("Collection(") {
        element = element.with_attribute(("Nullable", "false"));
    }
    match seen.lookup {
        None => element.write_empty()?,
        Some(name) => element.write_inner_content(|out| annotation(out, LOOKUP_NAME, name))?,
    };
    Ok(())
}

fn annotation(out: &mut Out, term: &str, text: &str) -> io::Result<()> {
    out.create_element("Annotation").with_attributes([("Term", term), ("String", text)]).write_empty()?;
    Ok(())
}

fn navigation(out: &mut Out, seen: &Seen<'_>, one: &SeenResource<'_>, link: &Link) -> io::Result<()> {
    let target = entity_type(seen.dictionary.resource(link.target));
    let ty = if link.many { format!("Collection({target})") } else { target };
    let element = out
        .create_element("NavigationProperty")
        .with_attributes([("Name", &*link.name), ("Type", ty.as_str())]);
    match one.constraint(seen.dictionary, link) {
        None => element.write_empty()?,
        Some((from, to)) => element.write_inner_content(|out| {
            out.create_element("ReferentialConstraint")
                .with_attributes([("Property", from), ("ReferencedProperty", to)])
                .write_empty()?;
            Ok(())
        })?,
    };
    Ok(())
}

fn container(out: &mut Out, seen: &Seen<'_>) -> io::Result<()> {
    out.create_element("EntityContainer").with_attribute(("Name", CONTAINER)).write_inner_content(|out| {
        apply_supported(out, APPLY_DEFAULTS, &TRANSFORMATIONS)?;
        for one in &seen.resources {
            let ty = entity_type(one.resource);
            let element = out
                .create_element("EntitySet")
                .with_attributes([("Name", &*one.resource.name), ("EntityType", ty.as_str())]);
            if one.links.is_empty() && one.applies {
                element.write_empty()?;
                continue;
            }
            element.write_inner_content(|out| {
                if !one.applies {
                    apply_supported(out, APPLY, &[])?;
                }
                for link in &one.links {
                    let target = &*seen.dictionary.resource(link.target).name;
                    out.create_element("NavigationPropertyBinding")
                        .with_attributes([("Path", &*link.name), ("Target", target)])
                        .write_empty()?;
                }
                Ok(())
            })?;
        }
        Ok(())
    })?;
    Ok(())
}

/// Which transformations `$apply` takes (Data Aggregation 4.0, 5.1).
fn apply_supported(out: &mut Out, term: &str, names: &[&str]) -> io::Result<()> {
    out.create_element("Annotation").with_attribute(("Term", term)).write_inner_content(|out| {
        out.create_element("Record").write_inner_content(|out| {
            let value = out.create_element("PropertyValue").with_attribute(("Property", "Transformations"));
            value.write_inner_content(|out| {
                out.create_element("Collection").write_inner_content(|out| {
                    for name in names {
                        out.create_element("String").write_text_content(BytesText::new(name))?;
                    }
                    Ok(())
                })?;
                Ok(())
            })?;
            Ok(())
        })?;
        Ok(())
    })?;
    Ok(())
}

fn enumeration(out: &mut Out, lookup: &Lookup, flags: bool) -> io::Result<()> {
    let mut element = out
        .create_element("EnumType")
        .with_attributes([("Name", &*lookup.name), ("UnderlyingType", "Edm.Int64")]);
    if flags {
        element = element.with_attribute(("IsFlags", "true"));
    }
    element.write_inner_content(|out| {
        for (at, value) in lookup.values.iter().enumerate() {
            let number = super::seen::member_value(at, flags).to_string();
            out.create_element("Member")
                .with_attributes([("Name", &*member_name(value)), ("Value", number.as_str())])
                .write_inner_content(|out| annotation(out, STANDARD_NAME, &value.value))?;
        }
        Ok(())
    })?;
    Ok(())
}
