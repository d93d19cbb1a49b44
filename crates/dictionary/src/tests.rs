//! The built-in tables are sound, and a record is held against them.

use crate::*;

fn dictionary() -> Dictionary {
    Dictionary::standard(Version::V2_1)
}

#[test]
fn the_built_in_tables_hold_the_data_dictionary() {
    let dictionary = dictionary();
    let reso: Vec<_> = dictionary.resources().iter().filter(|r| r.origin == Origin::Reso).collect();
    assert_eq!(reso.len(), 44);
    let declared = |r: &&Resource| r.fields.iter().filter(|f| f.origin == Origin::Reso).count();
    assert_eq!(reso.iter().map(declared).sum::<usize>(), 2_021);
    assert_eq!(reso.iter().map(|r| r.links.len()).sum::<usize>(), 138);
    let older = Dictionary::standard(Version::V2_0);
    let older = older.resources().iter().filter(|r| r.origin == Origin::Reso);
    assert_eq!(older.flat_map(|r| &r.fields).filter(|f| f.origin == Origin::Reso).count(), 1_602);
    let property = dictionary.known("Property");
    let price = property.field(property.find("ListPrice").unwrap());
    assert_eq!(price.ty, Type::Decimal { precision: Some(14), scale: Some(2) });
    let media = property.link(property.find_link("Media").unwrap());
    assert!(media.many);
    assert_eq!(dictionary.resource(media.target).name, "Media");
    assert_eq!(media.join.constant.as_ref().unwrap().1, "Property");
    assert_eq!(dictionary.known("MemberAssociation").key.len(), 2);
}

#[test]
fn a_key_of_several_fields_is_one_text() {
    let dictionary = dictionary();
    let resource = dictionary.known("MemberAssociation");
    let mut record = Record::new(resource.id);
    record.set(resource.find("MemberKey").unwrap(), "M1");
    assert_eq!(resource.key_of(&record), None);
    record.set(resource.find("AssociationKey").unwrap(), "A9");
    assert_eq!(resource.key_of(&record).unwrap(), "A9|M1");
}

#[test]
fn of_a_field_named_twice_the_last_value_counts() {
    let field = |n| FieldId(n);
    let record = Record::from_values(
        ResourceId(0),
        vec![(field(3), Value::Integer(1)), (field(1), Value::Integer(2)), (field(3), Value::Integer(3))],
    );
    assert_eq!(record.get(field(3)), Some(&Value::Integer(3)));
    assert_eq!(record.len(), 2);
}

#[test]
fn differences_name_changed_added_and_removed_fields() {
    let of = |pairs: &[(u16, i64)]| {
        Record::from_values(
            ResourceId(0),
            pairs.iter().map(|(f, v)| (FieldId(*f), Value::Integer(*v))).collect(),
        )
    };
    let fields: Vec<u16> = of(&[(1, 1), (2, 2), (4, 4)])
        .differences(&of(&[(2, 3), (3, 3), (4, 4)]))
        .iter()
        .map(|f| f.0)
        .collect();
    assert_eq!(fields, [1, 2, 3]);
}

#[test]
fn every_fault_of_a_record_is_named() {
    let dictionary = dictionary();
    let decimal = |s: &str| Value::Decimal(s.parse().unwrap());
    let list = |items: &[&str]| Value::TextList(items.iter().map(Text::new).collect());
    let long = |n: usize| Value::Text(Text::from("é".repeat(n)));
    let faults = |field: &str, value: Value| -> Vec<&'static str> {
        let resource = dictionary.known("Property");
        let mut record = Record::new(resource.id);
        record.set(resource.find("ListingKey").unwrap(), "K");
        record.set(resource.find(field).unwrap(), value);
        check(&dictionary, &record).iter().map(|f| f.code.name()).collect()
    };
    let check =
        |field: &str, value: Value, expect: &[&str]| assert_eq!(faults(field, value), expect, "{field}");
    check("ListPrice", decimal("525000.00"), &[]);
    check("ListPrice", decimal("1.234"), &["too_fine"]);
    check("ListPrice", decimal("1234567890123"), &["out_of_range"]);
    check("ListPrice", decimal("123456789012.5"), &[]);
    check("ListPrice", Value::Integer(1), &["wrong_type"]);
    check("BedroomsTotal", Value::Integer(4), &[]);
    check("BedroomsTotal", Value::Text("4".into()), &["wrong_type"]);
    check("City", long(50), &[]);
    check("City", long(151), &["too_long"]);
    check("Appliances", list(&["Dishwasher", "Our Own Oven"]), &[]);
    check("Appliances", list(&["Dishwasher", "Dishwasher"]), &["repeated"]);
    check("StandardStatus", "Active".into(), &[]);
    check("StandardStatus", "active".into(), &["not_in_lookup"]);
    check("ListingKey", "".into(), &["key_missing"]);
    check("ListingKey", long(256), &["key_too_long", "too_long"]);
}

#[test]
fn local_tables_are_declared_in_the_same_form() {
    const HEAD: &str =
        "resource\tfield\ttype\tmax_length\tprecision\tscale\tlookup\tlookup_status\tkey\tsynonyms\tsince\n";
    let with = |fields: &str| {
        let fields = format!("{HEAD}{fields}");
        let tables = Tables { origin: Origin::Local, fields: &fields, links: "", lookups: "" };
        Dictionary::with_local(Version::V2_1, &[tables])
    };
    let fine = with("# ours\nProperty\tX_Moorage\tEdm.Boolean\nDock\tDockKey\tEdm.String\t20\t\t\t\t\tkey\n")
        .unwrap();
    assert_eq!(
        fine.known("Property").field(fine.known("Property").find("X_Moorage").unwrap()).origin,
        Origin::Local
    );
    assert_eq!(fine.known("Dock").origin, Origin::Local);
    let check = |fields: &str, line: usize, expect: &str| {
        let faults = with(fields).unwrap_err();
        assert!(faults.iter().any(|f| f.line == line && f.message.contains(expect)), "{faults:?}");
    };
    check("Property\tCity\tEdm.String\n", 2, "already");
    check("Property\tMLNumber\tEdm.String\n", 2, "synonym");
    check("Property\tX Y\tEdm.String\n", 2, "cannot name");
    check("Property\tX\tEdm.Binary\n", 2, "no type");
    check("Dock\tName\tEdm.String\n", 0, "no key");
    check("Property\tX\tEdm.String\tmany\n", 2, "no whole number");
    check("Property\tX\tEdm.String\t\t\t\t\t\t\t\t\tmore\n", 2, "12 columns");
}

#[test]
fn hints_find_what_was_meant() {
    let dictionary = dictionary();
    let property = dictionary.known("Property");
    let check = |name: &str, expect: Option<&str>| {
        assert_eq!(property.nearest(name).map(|f| f.name.as_str()), expect, "{name}");
    };
    check("listprice", Some("ListPrice"));
    check("ListPrise", Some("ListPrice"));
    check("MLNumber", Some("ListingId"));
    check("Zzzzzzzzzz", None);
    assert_eq!(dictionary.nearest("Propertys").unwrap().name, "Property");
}

#[test]
fn coordinates_are_longitude_and_latitude_unless_a_record_brings_its_own() {
    let dictionary = dictionary();
    let property = dictionary.known("Property");
    let derived = property.derived().unwrap();
    assert_eq!(property.field(derived.field).origin, Origin::Local);
    let check = |longitude: &str, latitude: &str, expect: Option<(f64, f64)>| {
        let mut record = Record::new(property.id);
        for (name, text) in [("Longitude", longitude), ("Latitude", latitude)] {
            if let Ok(number) = text.parse::<Decimal>() {
                record.set(property.find(name).unwrap(), number);
            }
        }
        let point = expect.map(|(longitude, latitude)| Value::Point(Point { longitude, latitude }));
        assert_eq!(derived.value(&record), point, "{longitude} {latitude}");
        derived.complete(&mut record);
        assert_eq!(record.get(derived.field), point.as_ref());
        assert_eq!(derived.value(&record), None, "it has one now");
    };
    check("-122.3301", "47.60380000", Some((-122.3301, 47.6038)));
    check("-122.33014567", "47.6", Some((-122.33014567, 47.6)));
}

#[test]
fn without_a_place_on_the_globe_there_are_no_coordinates() {
    let dictionary = dictionary();
    let property = dictionary.known("Property");
    let derived = property.derived().unwrap();
    for (longitude, latitude) in [(200, 0), (0, 91)] {
        let mut record = Record::new(property.id);
        record.set(property.find("Longitude").unwrap(), Decimal::from(longitude));
        assert_eq!(derived.value(&record), None);
        record.set(property.find("Latitude").unwrap(), Decimal::from(latitude));
        assert_eq!(derived.value(&record), None);
    }
}
