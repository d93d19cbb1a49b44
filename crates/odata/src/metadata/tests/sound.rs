//! A reader of CSDL in XML, strict about what the OASIS XSD allows where, and the rules that go beyond it.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value, json};

/// An element with its attributes and children.
#[derive(Debug, Default)]
pub(super) struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    children: Vec<Element>,
}

impl Element {
    fn of(start: &BytesStart<'_>) -> Self {
        let mut element = Self { name: start.name().as_ref().to_owned(), ..Self::default() };
        for attribute in start.attributes() {
            let attribute = attribute.unwrap();
            let (key, value) = (
                attribute.key.as_ref().to_owned(),
                attribute.normalized_value(Default::default()).unwrap().into_owned(),
            );
            assert!(element.attributes.insert(key, value).is_none(), "an attribute twice");
        }
        element
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    fn get(&self, name: &str) -> &str {
        self.attributes
            .get(name)
            .unwrap_or_else(|| panic!("{} has no {name}: {:?}", self.name, self.attributes))
    }

    fn schemas(&self) -> impl Iterator<Item = &Element> {
        self.all("edmx:DataServices").flat_map(|data| data.all("Schema"))
    }
}

pub(super) fn read(text: &str) -> Element {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => open.push(Element::of(&start)),
            Event::Empty(start) => open.last_mut().unwrap().children.push(Element::of(&start)),
            Event::End(_) => {
                let done = open.pop().unwrap();
                open.last_mut().unwrap().children.push(done);
            }
            Event::Text(text) if open.last().unwrap().name == "String" => {
                open.last_mut().unwrap().attributes.insert(TEXT.into(), text.to_string());
            }
            Event::Text(text) => assert!(text.trim_ascii().is_empty(), "text between elements"),
            Event::Eof => break,
            _ => {}
        }
    }
    let mut outer = open.pop().unwrap();
    assert_eq!((open.len(), outer.children.len()), (0, 1));
    outer.children.remove(0)
}

/// Where an element's text stands among its attributes.
const TEXT: &str = "#text";

type Names = &'static [&'static str];
type Rule = (&'static str, Names, Names, Names);

/// Element, the attributes it must and may have, and the elements in it: the part of edmx.xsd and edm.xsd
/// that is used.
const GRAMMAR: &[Rule] = &[
    ("edmx:Edmx", &["Version", "xmlns:edmx"], &[], &["edmx:Reference", "edmx:DataServices"]),
    ("edmx:Reference", &["Uri"], &[], &["edmx:Include"]),
    ("edmx:Include", &["Namespace"], &[], &[]),
    ("edmx:DataServices", &[], &[], &["Schema"]),
    ("Schema", &["Namespace", "xmlns"], &[], &["EntityType", "EnumType", "Term", "EntityContainer"]),
    ("EntityType", &["Name"], &[], &["Key", "Property", "NavigationProperty"]),
    ("Key", &[], &[], &["PropertyRef"]),
    ("PropertyRef", &["Name"], &[], &[]),
    ("Property", &["Name", "Type"], &["Nullable", "MaxLength", "Precision", "Scale"], &["Annotation"]),
    ("Annotation", &["Term"], &["String"], &["Record"]),
    ("Record", &[], &[], &["PropertyValue"]),
    ("PropertyValue", &["Property"], &[], &["Collection"]),
    ("Collection", &[], &[], &["String"]),
    ("String", &[TEXT], &[], &[]),
    ("NavigationProperty", &["Name", "Type"], &[], &["ReferentialConstraint"]),
    ("ReferentialConstraint", &["Property", "ReferencedProperty"], &[], &[]),
    ("EnumType", &["Name", "UnderlyingType"], &["IsFlags"], &["Member"]),
    ("Member", &["Name", "Value"], &[], &["Annotation"]),
    ("Term", &["Name", "Type", "AppliesTo"], &[], &[]),
    ("EntityContainer", &["Name"], &[], &["Annotation", "EntitySet"]),
    ("EntitySet", &["Name", "EntityType"], &[], &["Annotation", "NavigationPropertyBinding"]),
    ("NavigationPropertyBinding", &["Path", "Target"], &[], &[]),
];

fn grammar(element: &Element) {
    let rule = GRAMMAR.iter().find(|rule| rule.0 == element.name);
    let (_, must, may, inside) = rule.unwrap_or_else(|| panic!("no element {}", element.name));
    for name in *must {
        element.get(name);
    }
    for name in element.attributes.keys() {
        assert!(must.contains(&&**name) || may.contains(&&**name), "{} has {name}", element.name);
    }
    for child in &element.children {
        assert!(inside.contains(&&*child.name), "{} in {}", child.name, element.name);
        grammar(child);
    }
}

fn once<'a>(names: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    for name in names {
        let mut letters = name.chars();
        assert!(
            letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_') && name.len() <= 128,
            "{name}"
        );
        assert!(letters.all(|c| c.is_ascii_alphanumeric() || c == '_'), "{name}");
        assert!(seen.insert(name), "{name} twice");
    }
    seen
}

/// Every type, binding, constraint and annotation resolves; keys exist and are never null.
pub(super) fn check(edmx: &Element) {
    grammar(edmx);
    assert_eq!(edmx.get("Version"), "4.0");
    let mut types = BTreeMap::new();
    let mut terms = BTreeSet::new();
    for schema in edmx.schemas() {
        once(schema.children.iter().map(|child| child.get("Name")));
        for child in &schema.children {
            let name = format!("{}.{}", schema.get("Namespace"), child.get("Name"));
            match child.name.as_str() {
                "Term" => drop(terms.insert(name)),
                "EntityContainer" => {}
                _ => drop(types.insert(name, child)),
            }
        }
    }
    for ty in types.values() {
        match ty.name.as_str() {
            "EntityType" => entity_type(ty, &types, &terms),
            _ => enumeration(ty, &terms),
        }
    }
    let containers: Vec<_> = edmx.schemas().flat_map(|schema| schema.all("EntityContainer")).collect();
    assert_eq!(containers.len(), 1);
    let included: Vec<String> = edmx
        .all("edmx:Reference")
        .flat_map(|reference| reference.all("edmx:Include"))
        .map(|include| format!("{}.", include.get("Namespace")))
        .collect();
    let foreign = |element: &Element| {
        let found = element.all("Annotation").map(|annotation| annotation.get("Term"));
        found.for_each(|term| assert!(included.iter().any(|name| term.starts_with(name)), "{term}"));
    };
    foreign(containers[0]);
    let sets = once(containers[0].all("EntitySet").map(|set| set.get("Name")));
    for set in containers[0].all("EntitySet") {
        let ty = types[set.get("EntityType")];
        foreign(set);
        for binding in set.all("NavigationPropertyBinding") {
            assert!(sets.contains(binding.get("Target")), "{}", binding.get("Target"));
            assert!(ty.all("NavigationProperty").any(|n| n.get("Name") == binding.get("Path")));
        }
        let bound = set.all("NavigationPropertyBinding").count();
        assert_eq!(bound, ty.all("NavigationProperty").count(), "every link is bound");
    }
}

fn entity_type(ty: &Element, types: &BTreeMap<String, &Element>, terms: &BTreeSet<String>) {
    let property = |ty: &Element, name: &str| -> BTreeMap<String, String> {
        let found = ty.all("Property").find(|p| p.get("Name") == name);
        found.unwrap_or_else(|| panic!("no property {name}")).attributes.clone()
    };
    once(ty.children.iter().filter(|c| c.name != "Key").map(|c| c.get("Name")));
    let keys: Vec<_> = ty.all("Key").flat_map(|key| &key.children).collect();
    assert!(!keys.is_empty() && ty.all("Key").count() == 1);
    for key in keys {
        assert_eq!(property(ty, key.get("Name"))["Nullable"], "false");
    }
    for child in ty.children.iter().filter(|c| c.name != "Key") {
        let full = child.get("Type");
        let single = full.strip_prefix("Collection(").and_then(|t| t.strip_suffix(')')).unwrap_or(full);
        let known = match single.strip_prefix("Edm.") {
            Some(name) => [
                "Boolean",
                "Int16",
                "Int32",
                "Int64",
                "Decimal",
                "Double",
                "Date",
                "DateTimeOffset",
                "TimeOfDay",
                "String",
                "GeographyPoint",
            ]
            .contains(&name),
            None => types.contains_key(single),
        };
        assert!(known, "{full}");
        for annotation in child.all("Annotation") {
            assert!(terms.contains(annotation.get("Term")));
        }
        for constraint in child.all("ReferentialConstraint") {
            let from = property(ty, constraint.get("Property"));
            let to = property(types[single], constraint.get("ReferencedProperty"));
            assert_eq!(from["Type"], to["Type"]);
        }
    }
}

fn enumeration(ty: &Element, terms: &BTreeSet<String>) {
    once(ty.children.iter().map(|member| member.get("Name")));
    let mut values = BTreeSet::new();
    for member in &ty.children {
        let value: i64 = member.get("Value").parse().unwrap();
        assert!(value >= 0 && values.insert(value));
        assert!(!ty.attributes.contains_key("IsFlags") || value.count_ones() == 1);
        member.all("Annotation").for_each(|a| assert!(terms.contains(a.get("Term"))));
    }
    assert!(!values.is_empty());
}

impl Element {
    /// The same model as CSDL JSON 4.01 spells it.
    pub(super) fn in_json(&self) -> Value {
        let mut whole = Map::new();
        whole.insert("$Version".into(), json!("4.01"));
        let reference = |one: &Element| {
            let names = one.children.iter().map(|include| json!({ "$Namespace": include.get("Namespace") }));
            (one.get("Uri").to_owned(), json!({ "$Include": names.collect::<Vec<_>>() }))
        };
        let references: Map<String, Value> = self.all("edmx:Reference").map(reference).collect();
        whole.insert("$Reference".into(), references.into());
        for schema in self.schemas() {
            let mut parts = Map::new();
            for child in &schema.children {
                parts.insert(child.get("Name").into(), part(child));
                if child.name == "EntityContainer" {
                    let name = format!("{}.{}", schema.get("Namespace"), child.get("Name"));
                    whole.insert("$EntityContainer".into(), json!(name));
                }
            }
            whole.insert(schema.get("Namespace").into(), parts.into());
        }
        whole.into()
    }
}

/// What an annotation says: text, or a record of lists of text.
fn said(annotation: &Element) -> Value {
    let Some(record) = annotation.all("Record").next() else { return json!(annotation.get("String")) };
    let texts = |value: &Element| -> Value {
        value.all("Collection").flat_map(|list| &list.children).map(|text| json!(text.get(TEXT))).collect()
    };
    let member = |value: &Element| (value.get("Property").to_owned(), texts(value));
    record.all("PropertyValue").map(member).collect::<Map<_, _>>().into()
}

fn part(element: &Element) -> Value {
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| drop(out.insert(name.into(), value));
    match element.name.as_str() {
        "EntityType" | "EnumType" | "EntityContainer" | "NavigationProperty" | "Term" => {
            put("$Kind", json!(element.name))
        }
        _ => {}
    }
    let ty =
        element.attributes.get("Type").or(element.attributes.get("EntityType")).map_or("Edm.String", |t| t);
    let single = ty.strip_prefix("Collection(").and_then(|t| t.strip_suffix(')'));
    if single.is_some() || element.name == "EntitySet" {
        put("$Collection", json!(true));
    } else if element.name == "NavigationProperty"
        || element.name == "Property" && !element.attributes.contains_key("Nullable")
    {
        put("$Nullable", json!(true));
    }
    if single.unwrap_or(ty) != "Edm.String" {
        put("$Type", json!(single.unwrap_or(ty)));
    }
    for (name, value) in &element.attributes {
        match name.as_str() {
            "MaxLength" | "Precision" | "Scale" => {
                let number = value.parse::<u64>().map_or(json!(value), |number| json!(number));
                put(&format!("${name}"), number);
            }
            "UnderlyingType" => put("$UnderlyingType", json!(value)),
            "IsFlags" => put("$IsFlags", json!(true)),
            "AppliesTo" => put("$AppliesTo", json!([value])),
            _ => {}
        }
    }
    let mut bindings = Map::new();
    for child in &element.children {
        match child.name.as_str() {
            "Key" => put("$Key", child.children.iter().map(|key| json!(key.get("Name"))).collect()),
            "Annotation" => put(&format!("@{}", child.get("Term")), said(child)),
            "ReferentialConstraint" => {
                put(
                    "$ReferentialConstraint",
                    json!({ child.get("Property"): child.get("ReferencedProperty") }),
                );
            }
            "NavigationPropertyBinding" => {
                drop(bindings.insert(child.get("Path").into(), json!(child.get("Target"))))
            }
            "Member" => {
                put(child.get("Name"), json!(child.get("Value").parse::<u64>().unwrap()));
                let annotation = &child.children[0];
                put(
                    &format!("{}@{}", child.get("Name"), annotation.get("Term")),
                    json!(annotation.get("String")),
                );
            }
            _ => put(child.get("Name"), part(child)),
        }
    }
    if !bindings.is_empty() {
        put("$NavigationPropertyBinding", bindings.into());
    }
    out.into()
}
