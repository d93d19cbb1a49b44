//! What may not be seen is as if it did not exist.

use dictionary::FieldSet;

use super::*;

#[test]
fn what_may_not_be_seen_does_not_exist() {
    // RESO-008
    let words = &WORDS.dictionary;
    let mut sight = Sight::nothing();
    let mut see = |resource: &str, fields: &[&str]| {
        let resource = words.known(resource);
        let set: FieldSet = fields.iter().map(|name| resource.find(name).unwrap()).collect();
        sight.allow(resource.id, &set);
    };
    see("Property", &["City", "ListPrice", "BedroomsTotal"]);
    see("Media", &["MediaURL"]);
    let reading = Reading { sight: &sight, ..reading() };
    let fault = |url: &str| fault_of(url, &reading);
    let fine = |url: &str| assert!(ask(url, &reading).is_ok(), "{url}");
    fine("Property?$filter=City+eq+'x'&$select=City&$orderby=ListPrice&$expand=Media($select=MediaURL)");
    fine("Property('K')?$select=ListingKey");
    fine("Property('K')/Media");
    assert_eq!(fault("Member"), "404 unknown_resource @0");
    assert_eq!(fault("Property('K')/ListAgent"), "404 unknown_field @14");
    assert_eq!(fault("Property('K')/ClosePrice"), "404 unknown_field @14");
    assert_eq!(fault("Property(ListingId='X')"), "400 unknown_field @9");
    assert_eq!(fault("Property?$filter=ClosePrice+gt+5"), "400 unknown_field @17");
    assert_eq!(fault("Property?$select=City,ClosePrice"), "400 unknown_field @22");
    assert_eq!(fault("Property?$orderby=ClosePrice"), "400 unknown_field @18");
    assert_eq!(fault("Property?$filter=ListAgent/MemberEmail+eq+'x'"), "400 unknown_field @17");
    assert_eq!(fault("Property?$expand=ListAgent"), "400 unknown_link @17");
    assert_eq!(fault("Property?$expand=Media($filter=Order+eq+1)"), "400 unknown_field @31");
    let all = query_of("Property?$expand=*", &reading);
    assert_eq!(all.expand.len(), 1);
    // What is said of it is what is said of a name that nothing has.
    let said = |name: &str| {
        let fault = ask(&format!("Property?$select={name}"), &reading).unwrap_err();
        (fault.message.replace(name, "…"), fault.hint)
    };
    assert_eq!(said("ClosePrice"), said("Zzzzzzzzzz"));
    let hint = ask("Membe", &reading).unwrap_err().hint;
    assert!(!hint.contains("Member"), "{hint}");
    let closed = Reading { serves: &|_| false, ..reading };
    assert_eq!(fault_of("Property", &closed), "404 unknown_resource @0");
}
