//! Every value comes back as it was, canonically, and bytes that are damaged are refused.

use dictionary::{Date, Decimal, Dictionary, FieldId, Point, Record, Time, Timestamp, Type, Value, Version};

use super::*;

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
