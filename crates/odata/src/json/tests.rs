//! What is written, line by line.

use dictionary::{Dictionary, Record, Type, Value, Version};
use query::{Selection, Sight};

use super::*;
use crate::metadata::{EnumMode, EnumNames};
use crate::text;

mod random;
mod reading;

fn dictionary() -> Dictionary {
    Dictionary::standard(Version::V2_1)
}

/// A record of these fields, whose values are given as text.
fn record(dictionary: &Dictionary, resource: &str, fields: &[(&str, &str)]) -> Record {
    let words = dictionary.known(resource);
    let mut record = Record::new(words.id);
    for (name, text) in fields {
        let id = words.find(name).unwrap_or_else(|| panic!("no field {name}"));
        record.set(id, text::read_value(words.field(id).ty, text).unwrap());
    }
    record
}

fn written(dictionary: &Dictionary, record: &Record, shape: &Shape, sequence: Option<u64>) -> String {
    let words = dictionary.resource(record.resource());
    let mut out = Vec::new();
    write_record(&mut out, record, words, shape, sequence);
    String::from_utf8(out).unwrap()
}

#[test]
fn every_type_has_its_form() {
    let dictionary = dictionary();
    let check = |field: &str, value: &str, expect: &str| {
        let record = record(&dictionary, "Property", &[(field, value)]);
        let out = written(&dictionary, &record, &Shape::everything(), None);
        assert_eq!(out, format!("{{\"{field}\":{expect}}}"));
    };
    check("ListPrice", "525000.00", "525000.00");
    check("BedroomsTotal", "4", "4");
    check("Latitude", "47.608", "47.608");
    check("City", "Seattle", "\"Seattle\"");
    check(
        "City",
        "a\"b\\c\nd\te\u{1}\u{1f}\u{8}\u{c}\r/é\u{1F3E1}",
        r#""a\"b\\c\nd\te\u0001\u001f\b\f\r/é🏡""#,
    );
    check("City", "", "\"\"");
    check("Appliances", r#"["Dishwasher","Range"]"#, r#"["Dishwasher","Range"]"#);
    check("Appliances", "[]", "[]");
    check("ListingContractDate", "2026-11-23", "\"2026-11-23\"");
    check("ModificationTimestamp", "2026-11-23T09:49:52.5Z", "\"2026-11-23T09:49:52.500Z\"");
    check("WaterfrontYN", "true", "true");
}

#[test]
fn large_numbers_are_strings_where_asked() {
    let dictionary = dictionary();
    let mut shape = Shape::everything();
    shape.numbers = Numbers::Strings;
    let out = |resource: &str, fields: &[(&str, &str)]| {
        written(&dictionary, &record(&dictionary, resource, fields), &shape, None)
    };
    assert_eq!(
        out("Property", &[("ListPrice", "1.50"), ("BedroomsTotal", "4")]),
        r#"{"BedroomsTotal":"4","ListPrice":"1.50"}"#
    );
    assert_eq!(out("EntityEvent", &[("EntityEventSequence", "12")]), r#"{"EntityEventSequence":"12"}"#);
}

#[test]
fn lookup_values_are_members_where_the_metadata_says_so() {
    // RESO-025: the legacy forms of the same record.
    let dictionary = dictionary();
    let fields = [
        ("Appliances", r#"["Bar Fridge","Built-In Oven"]"#),
        ("Cooling", r#"["Central Air","Our Own, with Ice"]"#),
        ("StandardStatus", "Active Under Contract"),
    ];
    let record = record(&dictionary, "Property", &fields);
    let check = |mode: EnumMode, appliances: &str, cooling: &str, status: &str| {
        let mut shape = Shape::everything();
        shape.enums = Some(std::sync::Arc::new(EnumNames::of(&dictionary, mode)));
        let out = written(&dictionary, &record, &shape, None);
        let expect =
            format!(r#"{{"Appliances":{appliances},"Cooling":{cooling},"StandardStatus":"{status}"}}"#);
        assert_eq!(out, expect);
    };
    let members = r#"["BarFridge","BuiltInOven"]"#;
    check(EnumMode::Strings, fields[0].1, fields[1].1, fields[2].1);
    check(EnumMode::EnumType, members, r#"["CentralAir","OurOwnwithIce"]"#, "ActiveUnderContract");
    check(EnumMode::EnumFlags, members, r#""CentralAir,OurOwnwithIce""#, "ActiveUnderContract");
}

#[test]
fn the_shape_says_which_fields_and_nulls() {
    let dictionary = dictionary();
    let words = dictionary.known("Property");
    let id = |name: &str| words.find(name).unwrap();
    let record =
        record(&dictionary, "Property", &[("City", "Kent"), ("ListPrice", "1"), ("ListingKey", "K")]);
    let some: Vec<_> = ["ListPrice", "City", "CloseDate", "City"].map(id).to_vec();
    let mut sight = Sight::nothing();
    sight.allow(words.id, &[id("City"), id("CloseDate")].into_iter().collect());
    let all = Sight::everything();
    let check = |selection: Selection, sight: &Sight, omit: bool, expect: &str| {
        let mut shape = Shape::new(words, &selection, sight, omit);
        shape.metadata = Metadata::None;
        assert_eq!(written(&dictionary, &record, &shape, Some(7)), expect);
    };
    check(Selection::All, &all, true, r#"{"City":"Kent","ListPrice":1,"ListingKey":"K"}"#);
    check(Selection::Fields(some.clone()), &all, false, r#"{"City":"Kent","CloseDate":null,"ListPrice":1}"#);
    check(Selection::Fields(some.clone()), &all, true, r#"{"City":"Kent","ListPrice":1}"#);
    check(Selection::Fields(vec![id("CloseDate")]), &all, true, "{}");
    // RESO-008: what the caller may not see is not written, whatever is selected.
    check(Selection::Fields(some.clone()), &sight, false, r#"{"City":"Kent","CloseDate":null}"#);
    check(Selection::All, &sight, true, r#"{"City":"Kent"}"#);
    check(Selection::All, &Sight::nothing(), true, "{}");
    let mut every = Shape::new(words, &Selection::All, &sight, true).with_every_null(words);
    every.metadata = Metadata::None;
    assert_eq!(written(&dictionary, &record, &every, None), r#"{"City":"Kent","CloseDate":null}"#);
}

#[test]
fn annotations_follow_the_metadata_level() {
    let dictionary = dictionary();
    let record = record(&dictionary, "Media", &[("MediaKey", "d'Arc 1/2"), ("Order", "3")]);
    let words = dictionary.known("Media");
    let fields = Selection::Fields(vec![words.find("Order").unwrap()]);
    let check = |change: fn(&mut Shape), expect: &str| {
        let mut shape = Shape::new(words, &fields, &Sight::everything(), true);
        shape.root = "https://x.test/odata".into();
        change(&mut shape);
        let out = written(&dictionary, &record, &shape, Some(12));
        assert!(out.starts_with(expect), "{out}\n{expect}");
    };
    check(|_| {}, r#"{"@odata.etag":"W/\"12\"","Order":3}"#);
    check(|s| s.metadata = Metadata::None, r#"{"Order":3}"#);
    check(
        |s| (s.id, s.edit_link) = (true, true),
        concat!(
            r#"{"@odata.id":"https://x.test/odata/Media('d''Arc%201%2F2')","#,
            r#""@odata.editLink":"https://x.test/odata/Media('d''Arc%201%2F2')","#,
            r#""@odata.etag":"W/\"12\"","Order":3}"#
        ),
    );
    let order = match words.field(words.find("Order").unwrap()).ty {
        Type::Int64 => "Int64",
        Type::Int32 => "Int32",
        _ => "Int16",
    };
    let address = "https://x.test/odata/Media('d''Arc%201%2F2')";
    let full = format!(
        concat!(
            r##"{{"@odata.type":"#org.reso.metadata.Media","@odata.id":"{a}","@odata.editLink":"{a}","##,
            r##""@odata.etag":"W/\"12\"","Order@odata.type":"#{order}","Order":3,"##
        ),
        a = address,
        order = order
    );
    check(|s| s.metadata = Metadata::Full, &full);
}

#[test]
fn addresses_name_the_key() {
    let dictionary = dictionary();
    let check = |resource: &str, fields: &[(&str, &str)], expect: &str| {
        let record = record(&dictionary, resource, fields);
        assert_eq!(entity_path(dictionary.known(resource), &record), expect);
    };
    check("Property", &[("ListingKey", "NWM-1")], "Property('NWM-1')");
    check("Property", &[("ListingKey", "é?#")], "Property('%C3%A9%3F%23')");
    check("EntityEvent", &[("EntityEventSequence", "12")], "EntityEvent(12)");
    let two = [("MemberKey", "M"), ("AssociationKey", "A")];
    check("MemberAssociation", &two, "MemberAssociation(AssociationKey='A',MemberKey='M')");
}

#[test]
fn a_page_stands_around_its_records() {
    let check = |count: Option<u64>, items: &[&str], next: Option<&str>, expect: &str| {
        let mut out = Vec::new();
        open_collection(&mut out, Some("r/$metadata#Media"), count);
        for item in items {
            next_item(&mut out);
            out.extend_from_slice(item.as_bytes());
        }
        close_collection(&mut out, next);
        assert_eq!(String::from_utf8(out).unwrap(), expect);
    };
    check(None, &[], None, r#"{"@odata.context":"r/$metadata#Media","value":[]}"#);
    check(
        Some(2),
        &["{}", "{}"],
        Some("r/Media?$skiptoken=a\"b"),
        r#"{"@odata.context":"r/$metadata#Media","@odata.count":2,"value":[{},{}],"@odata.nextLink":"r/Media?$skiptoken=a\"b"}"#,
    );
}

#[test]
fn linked_records_go_into_an_open_record() {
    let dictionary = dictionary();
    let words = dictionary.known("Property");
    for (fields, expect) in
        [(&[][..], r#"{"Media":[{}]}"#), (&[("City", "{")][..], r#"{"City":"{","Media":[{}]}"#)]
    {
        let record = record(&dictionary, "Property", fields);
        let mut out = Vec::new();
        open_record(&mut out, &record, words, &Shape::everything(), None);
        member(&mut out, "Media");
        out.extend_from_slice(b"[{}]");
        close_record(&mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expect);
    }
}

#[test]
fn the_context_names_what_was_asked() {
    let dictionary = dictionary();
    let words = dictionary.known("Property");
    let media = words.find_link("Media").unwrap();
    let mut inner = query::Query::all(words.link(media).target);
    let expand = |query: query::Query| vec![query::Expand { link: media, query }];
    let fields = Selection::Fields(vec![words.find("City").unwrap(), words.find("ListPrice").unwrap()]);
    let check = |select: &Selection, expand: &[query::Expand], single: bool, expect: &str| {
        assert_eq!(context_url("/odata", &dictionary, words.id, select, expand, single), expect);
    };
    check(&Selection::All, &[], false, "/odata/$metadata#Property");
    check(&fields, &[], true, "/odata/$metadata#Property(City,ListPrice)/$entity");
    check(&Selection::All, &expand(inner.clone()), false, "/odata/$metadata#Property(Media())");
    let target = dictionary.resource(inner.resource);
    inner.select = Selection::Fields(vec![target.find("MediaURL").unwrap()]);
    check(&fields, &expand(inner), false, "/odata/$metadata#Property(City,ListPrice,Media(MediaURL))");
}
