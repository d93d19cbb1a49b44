//! A server's own `$metadata`, read: which resources it has, with which fields of which type.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::Fault;

/// What a server says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Declared {
    /// The entity sets that it serves, with the entity type of each.
    sets: BTreeMap<String, String>,
    /// The fields of each entity type, and their types.
    types: BTreeMap<String, BTreeMap<String, String>>,
    /// The members of each enumeration.
    pub enums: BTreeMap<String, BTreeSet<String>>,
}

/// Elements that are read: vendors have some thousand fields in a few dozen types.
const MOST_ELEMENTS: usize = 2_000_000;

impl Declared {
    /// Reads CSDL in XML, whatever a server may send as such.
    ///
    /// # Errors
    /// `metadata_unreadable`: no CSDL, or one of more than two million elements.
    pub fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let text = std::str::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8"))?;
        let mut reader = Reader::from_str(text);
        let mut found = Self::default();
        let (mut entity, mut enumeration) = (None, None);
        for _ in 0..MOST_ELEMENTS {
            let event = reader.read_event().map_err(|error| unreadable(&error.to_string()))?;
            match event {
                Event::Eof => return found.checked(),
                Event::Start(element) => match element.local_name().as_ref() {
                    "EntityType" => entity = attribute(&element, "Name"),
                    "EnumType" => enumeration = attribute(&element, "Name"),
                    _ => found.element(&element, entity.as_deref(), enumeration.as_deref()),
                },
                Event::Empty(element) => match element.local_name().as_ref() {
                    "EntityType" => {
                        if let Some(name) = attribute(&element, "Name") {
                            found.types.entry(name).or_default();
                        }
                    }
                    _ => found.element(&element, entity.as_deref(), enumeration.as_deref()),
                },
                Event::End(element) => match element.local_name().as_ref() {
                    "EntityType" => entity = None,
                    "EnumType" => enumeration = None,
                    _ => {}
                },
                _ => {}
            }
        }
        Err(unreadable("it has more than two million elements"))
    }

    fn element(&mut self, element: &BytesStart<'_>, entity: Option<&str>, enumeration: Option<&str>) {
        let name = attribute(element, "Name");
        match (element.local_name().as_ref(), name, entity, enumeration) {
            ("Property", Some(name), Some(entity), _) => {
                let ty = attribute(element, "Type").unwrap_or_default();
                self.types.entry(entity.to_owned()).or_default().insert(name, ty);
            }
            ("Member", Some(name), _, Some(of)) => {
                self.enums.entry(of.to_owned()).or_default().insert(name);
            }
            ("EntitySet", Some(name), ..) => {
                let ty = attribute(element, "EntityType").unwrap_or_default();
                let ty = ty.rsplit('.').next().unwrap_or_default().to_owned();
                self.sets.insert(name, ty);
            }
            _ => {}
        }
    }

    fn checked(self) -> Result<Self, Fault> {
        if self.types.is_empty() { Err(unreadable("it declares no entity type")) } else { Ok(self) }
    }

    /// Whether the server serves this resource. One that names no sets serves its types.
    #[must_use]
    pub fn serves(&self, resource: &str) -> bool {
        self.sets.contains_key(resource) || (self.sets.is_empty() && self.types.contains_key(resource))
    }

    /// The fields of a resource and their types; none where it is not served.
    #[must_use]
    pub fn fields(&self, resource: &str) -> Option<&BTreeMap<String, String>> {
        // A type of this name is not the resource where the server names its sets, and this is none of them.
        let of_set = self.sets.get(resource).map(String::as_str);
        self.types.get(of_set.or_else(|| self.sets.is_empty().then_some(resource))?)
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|one| one.key.local_name().as_ref() == name)?;
    Some(found.value.into_owned())
}

fn unreadable(why: &str) -> Fault {
    Fault::bad(
        "metadata_unreadable",
        format!("The source's $metadata cannot be read: {why}."),
        "See that SourceLocation is the address of the service, below which $metadata is.",
    )
}

#[cfg(test)]
mod tests {
    use dictionary::{Dictionary, Version};
    use query::Sight;

    use super::*;
    use crate::metadata::{Options, xml};

    #[test]
    fn what_freehold_says_of_itself_is_read() {
        let words = Dictionary::standard(Version::V2_1);
        let text = xml(&words, &Sight::everything(), &Options::default());
        let found = Declared::read(text.as_bytes()).unwrap();
        let property = words.known("Property");
        let fields = found.fields("Property").unwrap();
        for field in property.fields.iter().filter(|field| field.origin == dictionary::Origin::Reso) {
            assert_eq!(
                fields.get(field.name.as_str()).map(String::as_str),
                Some(field.ty.edm()),
                "{}",
                field.name
            );
        }
        assert!(found.serves("Media") && !found.serves("Client") && found.fields("Client").is_none());
    }

    #[test]
    fn what_others_write_is_read_and_nonsense_is_refused() {
        let text = r#"<e:Edmx xmlns:e="x"><e:DataServices><Schema Namespace="V">
            <EntityType Name="Listing"><Key><PropertyRef Name="K"/></Key><Property Name="K" Type="Edm.String"><A/></Property>
            <Property Name="S" Type="V.Enums.S"/></EntityType><EnumType Name="S"><Member Name="Active"/><Member Name="Sold"><B/></Member></EnumType>
            <EntityContainer><EntitySet Name="Property" EntityType="V.Listing"/></EntityContainer></Schema></e:DataServices></e:Edmx>"#;
        let found = Declared::read(text.as_bytes()).unwrap();
        let fields = found.fields("Property").unwrap();
        assert_eq!(
            (fields["K"].as_str(), fields["S"].as_str(), fields.len()),
            ("Edm.String", "V.Enums.S", 2)
        );
        assert_eq!(found.enums["S"].len(), 2);
        assert!(found.serves("Property") && !found.serves("Listing"));
        assert!(found.fields("Listing").is_none(), "a type is no resource");
        for wrong in ["", "<a>", "no xml", "<html><body>Sorry</body></html>", "<a></b>"] {
            assert_eq!(Declared::read(wrong.as_bytes()).unwrap_err().code, "metadata_unreadable", "{wrong}");
        }
    }
}
