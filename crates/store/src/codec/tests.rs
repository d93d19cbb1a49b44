//! Every value comes back as it was, canonically, and bytes that are damaged are refused.

use dictionary::{Date, Decimal, Dictionary, FieldId, Point, Record, Time, Timestamp, Type, Value, Version};

use super::*;
use crate::row_group::{FieldRun, Values};

fn words() -> (Dictionary, Names) {
    let dictionary = Dictionary::standard(Version::V2_1);
    let mut numbered = Numbered::default();
    numbered.complete(&dictionary);
    let names = Names::join(&numbered, &dictionary);
    (dictionary, names)
}

/// A record with this value in the first field that takes it.
fn holding(dictionary: &Dictionary, value: &Value) -> (Record, FieldId) {
    for resource in dictionary.resources() {
        for (id, field) in resource.each() {
            if Tag::of(value).fits(field.ty) && !field.key {
                let mut record = Record::new(resource.id);
                record.set(id, value.clone());
                return (record, id);
            }
        }
    }
    panic!("no field takes {value:?}");
}

#[test]
fn every_value_comes_back_as_it_was() {
    let (dictionary, names) = words();
    let check = |value: Value| {
        let (record, _) = holding(&dictionary, &value);
        let encoded = encode(&names, &record, None).unwrap();
        let decoded = decode(&names, record.resource(), &encoded.body).unwrap();
        assert_eq!(format!("{decoded:?}"), format!("{record:?}"));
        for end in 0..encoded.body.len() {
            // What is cut off is refused, or is shorter by whole fields.
            if let Ok(shorter) = decode(&names, record.resource(), &encoded.body[..end]) {
                assert!(shorter.len() < record.len(), "{value:?} cut at {end}");
            }
        }
    };
    for truth in [true, false] {
        check(Value::Boolean(truth));
    }
    for number in [0, 1, -1, 63, 64, -64, -65, 127, 128, i64::MAX, i64::MIN] {
        check(Value::Integer(number));
    }
    for number in
        ["0", "-0.00", "1.50", "-525000", "79228162514264337593543950335", "0.0000000000000000000000000001"]
    {
        check(Value::Decimal(number.parse().unwrap()));
    }
    check(Value::Decimal(Decimal::MIN));
    for number in [0.0, -0.0, 1.5, f64::MAX, f64::MIN_POSITIVE] {
        check(Value::Point(Point { longitude: number, latitude: -number }));
    }
    for date in [Date::MIN, Date::MAX, Date::constant(1969, 12, 31), Date::constant(2024, 2, 29)] {
        check(Value::Date(date));
    }
    for time in [Time::MIN, Time::MAX, Time::constant(12, 34, 56, 789_000_000)] {
        let (record, id) = match dictionary
            .resources()
            .iter()
            .flat_map(|r| r.each().map(move |f| (r, f)))
            .find(|(_, (_, field))| field.ty == Type::Time)
        {
            Some((resource, (id, _))) => (Record::new(resource.id), id),
            None => break,
        };
        let mut record = record;
        record.set(id, Value::Time(time));
        let body = encode(&names, &record, None).unwrap().body;
        assert_eq!(decode(&names, record.resource(), &body).unwrap(), record);
    }
    for at in [0, 1, -1, 1_750_000_000_123_456, -377_705_023_201_000_000] {
        check(Value::Timestamp(Timestamp::from_microsecond(at).unwrap()));
    }
    for text in ["", "a", "23 bytes are kept inline", "Straße – ümlaut \u{1F3E0}", "a\0b"] {
        check(text.into());
        check(Value::TextList([text, "", "x"].map(Into::into).into()));
    }
    check(Value::Text("x".repeat(100_000).into()));
    check(Value::TextList(Box::default()));
}

#[test]
fn finer_than_a_microsecond_is_cut_off() {
    let (dictionary, names) = words();
    let fine = Timestamp::new(1_750_000_000, 123_456_789).unwrap();
    let (record, id) = holding(&dictionary, &Value::Timestamp(fine));
    let body = encode(&names, &record, None).unwrap().body;
    let cut = Timestamp::new(1_750_000_000, 123_456_000).unwrap();
    assert_eq!(decode(&names, record.resource(), &body).unwrap().get(id), Some(&Value::Timestamp(cut)));
}

#[test]
fn random_records_come_back_whatever_the_order_of_numbers() {
    let dictionary = Dictionary::standard(Version::V2_1);
    // An older dictionary numbered its fields first: the numbers are not in the order of the names.
    let mut numbered = Numbered::default();
    numbered.complete(&Dictionary::standard(Version::V2_0));
    numbered.complete(&dictionary);
    let names = Names::join(&numbered, &dictionary);
    let mut rng = testkit::rng("random_records_come_back_whatever_the_order_of_numbers");
    for name in ["Property", "Member", "Media"] {
        let shape = testkit::Shape::full(&dictionary, dictionary.known(name).id);
        for number in 0..20 {
            let record = testkit::record(&mut rng, &dictionary, &shape, number);
            let encoded = encode(&names, &record, None).unwrap();
            assert_eq!(decode(&names, record.resource(), &encoded.body).unwrap(), record);
            let timestamp = dictionary.known(name).timestamp_of(&record).map(Timestamp::as_microsecond);
            assert_eq!(encoded.timestamp, timestamp);
            let wanted = numbered.timestamps()[&names.resource(record.resource()).unwrap()];
            assert_eq!(timestamp_in(&encoded.body, wanted).unwrap(), timestamp);
        }
    }
}

#[test]
fn damaged_bytes_never_panic() {
    let (dictionary, names) = words();
    let mut rng = testkit::rng("damaged_bytes_never_panic");
    let property = dictionary.known("Property").id;
    let shape = testkit::Shape::of(&dictionary, property);
    for number in 0..200 {
        let record = testkit::record(&mut rng, &dictionary, &shape, number);
        let mut body = (*encode(&names, &record, None).unwrap().body).clone();
        for _ in 0..3 {
            let at = rng.usize(..body.len());
            body[at] = rng.u8(..);
        }
        // It is refused or read as something else; the checksum is the disk's and the backup's affair.
        drop(decode(&names, property, &body));
        let encoded = encode(&names, &record, None).unwrap();
        drop(compare(&names, &body, &encoded));
    }
    assert!(decode(&names, property, &[]).is_err());
    assert!(decode(&names, property, &[FORMAT + 1]).is_err());
    // A head that is no further than the field before it: its number again, and a value.
    let mut twice =
        (*encode(&names, &testkit::record(&mut rng, &dictionary, &shape, 0), None).unwrap().body).clone();
    twice.push(Tag::True as u8);
    assert_eq!(decode(&names, property, &twice), Err(Damaged("a field comes twice")));
}

#[test]
fn numbers_are_given_once() {
    let (older, newer) = (Dictionary::standard(Version::V2_0), Dictionary::standard(Version::V2_1));
    let mut numbered = Numbered::default();
    numbered.complete(&older);
    let first = numbered.clone();
    let from = numbered.complete(&newer);
    assert_eq!(from, (first.resources.len(), first.fields.len()));
    assert_eq!(numbered.resources[..from.0], first.resources[..]);
    assert_eq!(numbered.fields[..from.1], first.fields[..]);
    assert!(numbered.fields.len() > from.1);
    let whole = numbered.clone();
    numbered.complete(&older);
    numbered.complete(&newer);
    assert_eq!(numbered, whole);
}

/// What `spread` made of these bodies, record by record.
fn gathered(names: &Names, resource: dictionary::ResourceId, bodies: &[Vec<u8>]) -> Vec<Record> {
    let mut fields: Vec<Option<FieldRun>> = Vec::new();
    fields.resize_with(names.field_count(resource), || None);
    for (at, body) in (0u32..).zip(bodies) {
        spread(names, body, at, &mut fields, 7).unwrap();
    }
    let mut records = vec![Record::new(resource); bodies.len()];
    for (at, run) in (0u16..).zip(&mut fields) {
        let Some(run) = run else { continue };
        run.seal().unwrap();
        run.each(|record, value| {
            records[record as usize].set(FieldId(at), value.to_value());
        });
    }
    records
}

#[test]
fn what_is_spread_over_fields_is_what_was_decoded() {
    let (dictionary, names) = words();
    let mut rng = testkit::rng("what_is_spread_over_fields_is_what_was_decoded");
    for name in ["Property", "Member", "Media", "OpenHouse"] {
        let resource = dictionary.known(name).id;
        for shape in [testkit::Shape::full(&dictionary, resource), testkit::Shape::of(&dictionary, resource)]
        {
            let records: Vec<Record> =
                (0..40).map(|number| testkit::record(&mut rng, &dictionary, &shape, number)).collect();
            let bodies: Vec<Vec<u8>> =
                records.iter().map(|record| (*encode(&names, record, None).unwrap().body).clone()).collect();
            assert_eq!(gathered(&names, resource, &bodies), records, "{name}");
        }
    }
}

#[test]
fn a_text_that_is_none_is_found_though_the_whole_is_text() {
    let check = |pieces: &[&[u8]], expect: Result<(), usize>| {
        let mut texts = Values::of(Type::Text { max_chars: None }, 0);
        let mut lists = Values::of(Type::TextList { max_chars: None }, 0);
        if let (Values::Texts(texts), Values::Lists(lists)) = (&mut texts, &mut lists) {
            for piece in pieces {
                texts.push(piece);
                // Each the second word of a list of its own.
                lists.push_word(b"first");
                lists.push_word(piece);
                lists.end();
            }
        }
        assert_eq!(texts.seal(), expect, "{pieces:?}");
        assert_eq!(lists.seal(), expect, "{pieces:?} in lists");
    };
    check(&[], Ok(()));
    check(&[b"", b"a", b""], Ok(()));
    check(&["ä".as_bytes(), "\u{1F3E0}".as_bytes()], Ok(()));
    check(&[b"a", b"\xff", b"b"], Err(1));
    // One letter of two bytes, a byte in either piece.
    check(&[b"a", b"x\xc3", b"\xa4y"], Err(1));
    check(&[b"\xa4", b"a"], Err(0));
    check(&[b"a", b"b\xc3"], Err(1));
}
