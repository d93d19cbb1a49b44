//! The metadata is read again and held against the rules of CSDL.

mod sound;

use dictionary::{Dictionary, Origin, Tables, Version};
use query::Sight;
use serde_json::Value;

use super::*;

fn dictionary() -> Dictionary {
    Dictionary::standard(Version::V2_1)
}

fn parsed(dictionary: &Dictionary, sight: &Sight, options: &Options<'_>) -> Value {
    serde_json::from_slice(&json(dictionary, sight, options)).unwrap()
}

#[test]
fn every_mode_is_sound_csdl() {
    // RESO-005: what the XSD and CSDL ask for; both forms say the same.
    for version in [Version::V2_0, Version::V2_1] {
        let dictionary = Dictionary::standard(version);
        for enums in [EnumMode::Strings, EnumMode::EnumType, EnumMode::EnumFlags] {
            for freehold in [false, true] {
                let options = Options { enums, freehold, ..Options::default() };
                let text = xml(&dictionary, &Sight::everything(), &options);
                let model = sound::read(&text);
                sound::check(&model);
                assert_eq!(model.in_json(), parsed(&dictionary, &Sight::everything(), &options), "{enums:?}");
            }
        }
    }
}

#[test]
fn a_small_sight_gives_a_sound_document_too() {
    let dictionary = dictionary();
    let property = dictionary.known("Property");
    let mut sight = Sight::nothing();
    sight.allow(property.id, &[property.find("City").unwrap()].into_iter().collect());
    let options = Options::default();
    let text = xml(&dictionary, &sight, &options);
    sound::check(&sound::read(&text));
    // RESO-008: nothing that the caller may not see is declared; the key is, as no type is without.
    let names: Vec<&str> = text.split("Name=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(
        names,
        ["Property", "ListingKey", "City", "ListingKey", "Default", "Property", "LookupName", "StandardName"]
    );
    sound::check(&sound::read(&xml(&dictionary, &Sight::nothing(), &options)));
}

#[test]
fn properties_are_declared_with_their_facets() {
    let dictionary = dictionary();
    let text = xml(&dictionary, &Sight::everything(), &Options::default());
    let check = |expect: &str| assert!(text.contains(expect), "{expect}");
    check(r#"<Property Name="ListingKey" Type="Edm.String" MaxLength="255" Nullable="false"/>"#);
    check(r#"<Property Name="ListPrice" Type="Edm.Decimal" Precision="14" Scale="2"/>"#);
    check(r#"<Property Name="ModificationTimestamp" Type="Edm.DateTimeOffset" Precision="6"/>"#);
    check(r#"<Property Name="BedroomsTotal" Type="Edm.Int64"/>"#);
    check(r#"<Property Name="CloseDate" Type="Edm.Date"/>"#);
    // RESO-025: text with the name of its lookup.
    check("<Property Name=\"StandardStatus\" Type=\"Edm.String\" MaxLength=\"25\">\n");
    check(r#"<Annotation Term="RESO.OData.Metadata.LookupName" String="StandardStatus"/>"#);
    check(r#"<NavigationProperty Name="Media" Type="Collection(org.reso.metadata.Media)"/>"#);
    check(r#"<ReferentialConstraint Property="ListAgentKey" ReferencedProperty="MemberKey"/>"#);
    check(r#"<NavigationPropertyBinding Path="ListAgent" Target="Member"/>"#);
    assert!(!text.contains("EnumType") && !text.contains("ContainsTarget"));
}

/// RESO-027: what `$apply` takes is declared (Data Aggregation 4.0, 5.1), and which sets it is not asked of.
#[test]
fn reso_027_transformations_are_declared() {
    let dictionary = dictionary();
    let lookup = dictionary.known("Lookup").id;
    let options = Options { applies: &|id| id != lookup, ..Options::default() };
    let document = parsed(&dictionary, &Sight::everything(), &options);
    let container = &document[NAMESPACE][CONTAINER];
    let all =
        container["@Org.OData.Aggregation.V1.ApplySupportedDefaults"]["Transformations"].as_array().unwrap();
    for name in ["concat", "groupby", "bottompercent", "identity"] {
        assert!(all.iter().any(|one| one == name), "{name}");
    }
    let own = |set: &str| &container[set]["@Org.OData.Aggregation.V1.ApplySupported"]["Transformations"];
    assert_eq!((own("Lookup"), own("Property")), (&Value::Array(Vec::new()), &Value::Null));
    let model = sound::read(&xml(&dictionary, &Sight::everything(), &options));
    sound::check(&model);
    assert_eq!(model.in_json(), document);
}

#[test]
fn legacy_forms_are_offered_by_a_setting() {
    // RESO-025
    let dictionary = dictionary();
    let with = |enums| {
        let options = Options { enums, ..Options::default() };
        xml(&dictionary, &Sight::everything(), &options)
    };
    let check = |text: &str, expect: &str| assert!(text.contains(expect), "{expect}");
    let plain = with(EnumMode::EnumType);
    check(&plain, r#"<Property Name="StandardStatus" Type="org.reso.metadata.enums.StandardStatus"/>"#);
    check(&plain, r#"Name="Cooling" Type="Collection(org.reso.metadata.enums.Cooling)" Nullable="false"/>"#);
    check(&plain, r#"<EnumType Name="Cooling" UnderlyingType="Edm.Int64">"#);
    check(&plain, r#"<Member Name="ActiveUnderContract" Value="1">"#);
    check(&plain, r#"<Annotation Term="RESO.OData.Metadata.StandardName" String="Active Under Contract"/>"#);
    assert!(!plain.contains("IsFlags"));
    let flags = with(EnumMode::EnumFlags);
    check(&flags, r#"<Property Name="Cooling" Type="org.reso.metadata.enums.Cooling"/>"#);
    check(&flags, r#"<EnumType Name="Cooling" UnderlyingType="Edm.Int64" IsFlags="true">"#);
    // More values than bits: a list of members.
    check(
        &flags,
        r#"Name="Appliances" Type="Collection(org.reso.metadata.enums.Appliances)" Nullable="false"/>"#,
    );
}

#[test]
fn members_and_values_find_each_other() {
    let dictionary = dictionary();
    let property = dictionary.known("Property");
    let names = EnumNames::of(&dictionary, EnumMode::EnumFlags);
    let id = |name: &str| property.find(name).unwrap();
    let status = property.field(id("StandardStatus")).lookup.unwrap();
    assert_eq!(names.member(status, "Active Under Contract"), "ActiveUnderContract");
    assert_eq!(names.member(status, "2nd: chance"), "_2ndchance");
    let value = |member: &str| names.value(status, member).map(|v| v.as_str());
    assert_eq!(value("ActiveUnderContract"), Some("Active Under Contract"));
    assert_eq!(value("Active Under Contract"), Some("Active Under Contract"));
    assert_eq!(value("Nonsense"), None);
    assert!(names.covers(property.id, id("StandardStatus")) && !names.covers(property.id, id("ListPrice")));
    let strings = EnumNames::of(&dictionary, EnumMode::Strings);
    assert!(!strings.covers(property.id, id("StandardStatus")));
}

#[test]
fn an_installations_own_fields_stand_beside_the_standard_ones() {
    let head =
        "resource\tfield\ttype\tmax_length\tprecision\tscale\tlookup\tlookup_status\tkey\tsynonyms\tsince\n";
    let fields = format!("{head}Property\tX_Dues\tEdm.Decimal\nDock\tDockKey\tEdm.Int64\t\t\t\t\t\tkey\n");
    let local = Tables { origin: Origin::Local, fields: &fields, links: "", lookups: "" };
    let dictionary = Dictionary::with_local(Version::V2_1, &[local]).unwrap();
    let text = xml(&dictionary, &Sight::everything(), &Options::default());
    sound::check(&sound::read(&text));
    assert!(text.contains(r#"<Property Name="X_Dues" Type="Edm.Decimal" Scale="variable"/>"#));
    assert!(text.contains(r#"<EntitySet Name="Dock" EntityType="org.reso.metadata.Dock"/>"#));
}

#[test]
fn the_same_metadata_has_the_same_tag() {
    // RESO-005: the ETag changes with what is declared and with nothing else.
    let tag = |enums| {
        let options = Options { enums, ..Options::default() };
        etag(xml(&dictionary(), &Sight::everything(), &options).as_bytes())
    };
    assert_eq!(tag(EnumMode::Strings), tag(EnumMode::Strings));
    assert_ne!(tag(EnumMode::Strings), tag(EnumMode::EnumType));
    assert!(tag(EnumMode::Strings).starts_with("W/\"") && tag(EnumMode::Strings).ends_with('"'));
}
