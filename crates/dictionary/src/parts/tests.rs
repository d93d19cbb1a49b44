use super::*;
use crate::Version;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn record(dictionary: &Dictionary, resource: &str, fields: &[(&str, Value)]) -> Record {
    let own = dictionary.known(resource);
    Record::from_values(own.id, fields.iter().map(|(n, v)| (own.find(n).unwrap(), v.clone())).collect())
}

#[test]
fn a_part_names_its_whole_by_the_dictionarys_links() {
    let dictionary = Dictionary::standard(Version::V2_1);
    let check = |resource: &str, fields: &[(&str, &str)], expect: &[(&str, &str, &str)]| {
        let fields: Vec<(&str, Value)> = fields.iter().map(|(n, v)| (*n, Value::from(*v))).collect();
        let found = dictionary.wholes(&record(&dictionary, resource, &fields));
        let shown: Vec<(&str, &str, &str)> = found
            .iter()
            .map(|w| {
                let of = dictionary.resource(w.resource);
                (of.name.as_str(), of.link(w.link).name.as_str(), w.key.as_str())
            })
            .collect();
        assert_eq!(shown, expect, "{resource} {fields:?}");
    };
    check(
        "Media",
        &[("ResourceName", "Property"), ("ResourceRecordKey", "K")],
        &[("Property", "Media", "K")],
    );
    check("Media", &[("ResourceName", "Member"), ("ResourceRecordKey", "M")], &[("Member", "Media", "M")]);
    check("Media", &[("ResourceRecordKey", "K")], &[]);
    check("Media", &[("ResourceName", "Property"), ("ResourceRecordKey", "")], &[]);
    check("PropertyRooms", &[("ListingKey", "K")], &[("Property", "Rooms", "K")]);
    check("OpenHouse", &[("ListingKey", "K")], &[("Property", "OpenHouses", "K")]);
    check("Property", &[("ListingKey", "K")], &[]);
    check("HistoryTransactional", &[("ResourceName", "Property"), ("ResourceRecordKey", "K")], &[]);
}

/// RESO-045
#[test]
fn reso_045_a_whole_tells_of_its_parts_as_the_dictionary_says() {
    let dictionary = Dictionary::standard(Version::V2_1);
    let (old, new) = (at("2026-01-01T00:00:00Z"), at("2026-11-23T12:00:00Z"));
    let media = |category: &str| {
        record(&dictionary, "Media", &[("MediaKey", "M".into()), ("MediaCategory", category.into())])
    };
    let open_house = record(&dictionary, "OpenHouse", &[("OpenHouseKey", "O".into())]);
    let room = record(&dictionary, "PropertyRooms", &[("RoomKey", "R".into())]);
    let check =
        |before: Option<&Record>, after: Option<&Record>, count: Option<i64>, expect: &[(&str, Value)]| {
            let mut fields =
                vec![("ListingKey", Value::from("K")), ("ModificationTimestamp", Value::Timestamp(old))];
            fields.extend(count.map(|count| ("PhotosCount", Value::Integer(count))));
            let mut whole = record(&dictionary, "Property", &fields);
            dictionary.tell_of_part(&mut whole, PartChange { before, after }, new, Some(&|_| 7));
            let mut expected = vec![("ListingKey", Value::from("K")), ("ModificationTimestamp", new.into())];
            expected.extend(expect.iter().cloned());
            assert_eq!(whole, record(&dictionary, "Property", &expected), "{before:?} {after:?}");
        };
    let (photo, video) = (media("Photo"), media("Video"));
    let photos =
        |count: i64| vec![("PhotosChangeTimestamp", Value::Timestamp(new)), ("PhotosCount", count.into())];
    check(None, Some(&photo), Some(3), &photos(4));
    check(Some(&photo), Some(&photo), Some(3), &photos(3));
    check(Some(&photo), None, Some(3), &photos(2));
    check(Some(&photo), None, Some(0), &photos(0));
    check(None, Some(&photo), None, &photos(8));
    check(
        Some(&photo),
        Some(&video),
        Some(3),
        &[
            ("PhotosChangeTimestamp", new.into()),
            ("PhotosCount", 2.into()),
            ("VideosChangeTimestamp", new.into()),
            ("VideosCount", 8.into()),
        ],
    );
    check(
        None,
        Some(&media("Document")),
        None,
        &[("DocumentsChangeTimestamp", new.into()), ("DocumentsCount", 8.into())],
    );
    check(None, Some(&open_house), None, &[("OpenHouseModificationTimestamp", new.into())]);
    check(None, Some(&room), None, &[]);
    // A timestamp that is later already stays.
    let later = at("2027-01-01T00:00:00Z");
    let fields = [("ListingKey", Value::from("K")), ("ModificationTimestamp", later.into())];
    let mut whole = record(&dictionary, "Property", &fields);
    dictionary.tell_of_part(&mut whole, PartChange { before: None, after: Some(&room) }, new, None);
    assert_eq!(whole, record(&dictionary, "Property", &fields));
}
