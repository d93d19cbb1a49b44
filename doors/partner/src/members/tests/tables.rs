//! The tables against the dictionary and against the API's document.

use super::*;
use crate::members::table::lines;

#[test]
fn every_name_of_the_tables_is_in_the_dictionary() {
    let members = Members::bind(&standard());
    assert_eq!(members.strange, Vec::<String>::new());
}

#[test]
fn an_older_dictionary_lacks_what_came_later_and_nothing_else() {
    let older = Dictionary::standard(Version::V2_0);
    let strange = Members::bind(&older).strange;
    let newer = standard();
    for one in &strange {
        let (_, field) = one.rsplit_once(": ").expect("member: field");
        let (resource, name) = field.split_once('.').expect("Resource.Field");
        let resource = newer.known(resource);
        let id = resource.find(name).unwrap_or_else(|| panic!("{one}"));
        assert_eq!(resource.field(id).since, "2.1", "{one}");
    }
    assert!(!strange.is_empty(), "the table uses fields of 2.1");
}

/// PAR-200: the members of every class, in the order of its document, with the types of its C# class.
#[test]
fn par_200_the_table_has_the_members_of_the_document() {
    let own: Vec<(&str, &str)> = lines().map(|line| (line.class.name(), line.name)).collect();
    let theirs: Vec<(&str, &str)> = facts().iter().map(|(class, member, ..)| (*class, *member)).collect();
    assert_eq!(own, theirs);
    for (line, (class, member, ty, nullable)) in lines().zip(facts()) {
        let blank: Json = serde_json::from_slice(line.ty.blank()).unwrap();
        assert_eq!(line.ty, crate::members::ClassType::read(ty).unwrap(), "{class}.{member}");
        // Text, lists and objects are never null here; what may be null otherwise is null where it is blank.
        let value_type = matches!(ty, "bool" | "int" | "float" | "DateTime");
        let reference = matches!(ty, "string" | "OpenHouse[]" | "Photo[]" | "ListingMedia");
        assert_eq!(blank.is_null(), nullable && !reference, "{class}.{member}");
        assert_eq!(value_type, !nullable, "{class}.{member}");
    }
    let count = |class: Class| facts_of(class).len();
    assert_eq!(Class::ALL.map(count), [41, 317, 18, 17, 8, 3, 3, 4]);
}
