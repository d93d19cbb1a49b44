//! Paths and keys.

use super::*;

#[test]
fn each_path_leads_where_it_says() {
    // RESO-006
    check("", "service");
    check("/", "service");
    check("/$metadata", "metadata");
    check("$metadata/", "metadata");
    check("/Property", "collection Property");
    check("/Property/", "collection Property");
    check("/Property/?$top=1", "collection Property $top=1");
    check("Property?", "collection Property");
    check("/Property/$count", "count Property");
    check("/Property/$count/", "count Property");
    check("/Property/$count?$filter=BedroomsTotal%20gt%202", "count Property $filter=BedroomsTotal gt 2");
    check("/Prop%65rty", "collection Property");
    for resource in WORDS.dictionary.resources() {
        check(&format!("/{}", resource.name), &format!("collection {}", resource.name));
    }
}

#[test]
fn a_record_is_named_by_its_key() {
    // RESO-026
    check("/Property('K1')", "entity Property(\"K1\") Property");
    check("/Property(%27K1%27)", "entity Property(\"K1\") Property");
    check("/Property( 'K1' )".replace(' ', "%20").as_str(), "entity Property(\"K1\") Property");
    check("/Property(12)", "entity Property(\"12\") Property");
    check("/Property(007)", "entity Property(\"007\") Property");
    check("/Property(-7)", "entity Property(\"-7\") Property");
    check("/Property('O''Neil')", "entity Property(\"O'Neil\") Property");
    check("/Property('O%27%27Neil')", "entity Property(\"O'Neil\") Property");
    check("/Property('a/b')", "entity Property(\"a/b\") Property");
    check("/Property('a%2Fb')", "entity Property(\"a/b\") Property");
    check("/Property('a+b%20c')", "entity Property(\"a+b c\") Property");
    check("/Property('%C3%A9')", "entity Property(\"é\") Property");
    check("/Property('a(b)')", "entity Property(\"a(b)\") Property");
    check("/EntityEvent(12)", "entity EntityEvent(\"12\") EntityEvent");
    check("/EntityEvent('12')", "entity EntityEvent(\"12\") EntityEvent");
    check("/Property(ListingKey='K')", "entity Property(\"K\") Property");
    check("/Property(ListingKey=12)", "entity Property(\"12\") Property");
    check("/Property(ListingId='X')", "entity Property(ListingId eq 'X') Property");
    check(
        "/Property(ListingId='X',OriginatingSystemName='N')",
        "entity Property(ListingId eq 'X' and OriginatingSystemName eq 'N') Property",
    );
    check("/Property(BedroomsTotal=3)", "entity Property(BedroomsTotal eq 3) Property");
    check(
        "/MemberAssociation(MemberKey='M',AssociationKey='A')",
        "entity MemberAssociation(\"A|M\") MemberAssociation",
    );
    check(
        "/MemberAssociation(MemberKey='M')",
        "entity MemberAssociation(MemberKey eq 'M') MemberAssociation",
    );
    check(
        "/Property('K')?$select=City&$expand=Media",
        "entity Property(\"K\") Property $select=City&$expand=Media",
    );
}

#[test]
fn a_path_goes_on_from_a_record() {
    // RESO-026
    check("/Property('K')/Media", "linked Property(\"K\")/Media Media");
    check("/Property('K')/Media/", "linked Property(\"K\")/Media Media");
    check(
        "/Property('K')/Media?$top=2&$orderby=Order",
        "linked Property(\"K\")/Media Media $orderby=Order&$top=2",
    );
    check("/Property('K')/Media/$count", "linked count Property(\"K\")/Media");
    check(
        "/Property('K')/Media/$count?$filter=Order%20eq%201",
        "linked count Property(\"K\")/Media $filter=Order eq 1",
    );
    check("/Property('K')/ListAgent", "entity Property(\"K\")/ListAgent Member");
    check(
        "/Property('K')/ListAgent?$select=MemberEmail",
        "entity Property(\"K\")/ListAgent Member $select=MemberEmail",
    );
    check("/Property('K')/ListAgent/Office", "entity Property(\"K\")/ListAgent/Office Office");
    check("/Property('K')/ListAgent/MemberEmail", "field Property(\"K\")/ListAgent/MemberEmail");
    check("/Property('K')/ListAgent/Media", "linked Property(\"K\")/ListAgent/Media Media");
    check("/Property('K')/ListPrice", "field Property(\"K\")/ListPrice");
    check("/Property('K')/ListPrice/", "field Property(\"K\")/ListPrice");
    check("/Property('K')/ListPrice/$value", "value Property(\"K\")/ListPrice");
    check("/Property('K')/Appliances", "field Property(\"K\")/Appliances");
    check("/Property('K')/Appliances/$count", "elements Property(\"K\")/Appliances");
    check("/Property(ListingId='X')/ListPrice/$value", "value Property(ListingId eq 'X')/ListPrice");
}

#[test]
fn what_is_not_there_is_404() {
    // RESO-003
    refuse("/^Nonsense", "404 unknown_resource");
    refuse("/^property", "404 unknown_resource");
    refuse("/^$nonsense", "404 unknown_resource");
    refuse("/^Nonsense('K')", "404 unknown_resource");
    refuse("/Property/^K1", "404 not_found");
    refuse("/Property/^ListPrice", "404 not_found");
    refuse("/Property('K')/^Nonsense", "404 unknown_field");
    refuse("/Property('K')/^$count", "404 not_found");
    refuse("/Property('K')/ListPrice/^$count", "404 not_found");
    refuse("/Property('K')/Appliances/^$value", "404 not_found");
    refuse("/Property('K')/Media/^MediaURL", "404 not_found");
    refuse("/Property/$count/^$count", "404 not_found");
    refuse("/$metadata/^Property", "404 not_found");
    let hint = |url: &str| ask(url, &reading()).unwrap_err().hint;
    assert_eq!(hint("/Propertys"), "Did you mean Property?");
    assert_eq!(hint("/Property('K')/ListPrise"), "Did you mean ListPrice?");
    assert_eq!(hint("/Property/ListPrice"), "Name the record first: Property('key')/ListPrice.");
}

#[test]
fn a_malformed_path_is_400_with_the_place() {
    refuse("/^/Property", "400 syntax");
    refuse("/Property^//$count".replacen("^/", "/^", 1).as_str(), "400 syntax");
    refuse("/Property(^)", "400 syntax");
    refuse("/Property('K'^", "400 syntax");
    refuse("/Property(^'K)", "400 syntax");
    refuse("/Property('K')^x", "400 syntax");
    refuse("/Property(^K)", "400 syntax");
    refuse("/Property(^null)", "400 bad_key");
    refuse("/Property(ListingKey=^)", "400 syntax");
    refuse("/Property(^Nonsense='K')", "400 unknown_field");
    refuse("/Property(ListingKey='K',^ListingKey='K')", "400 bad_key");
    refuse("/Property(ListingKey='K'^;)", "400 syntax");
    refuse("/Property(Appliances=^'K')", "400 bad_key");
    refuse("/Property(BedroomsTotal=^'many')", "400 bad_key");
    refuse("/EntityEvent(^'twelve')", "400 bad_key");
    refuse("/EntityEvent(^1.5)", "400 bad_key");
    refuse("/MemberAssociation(^'M')", "400 bad_key");
    refuse("/Property('^%zz')", "400 bad_escape");
    refuse("/Property('%41^%')", "400 bad_escape");
    refuse("/Property('%41^%FF')", "400 bad_escape");
    let long = format!("/{}", "Property/".repeat(11));
    assert_eq!(fault_of(&long, &reading()), "400 too_deep @91");
}

#[test]
fn what_comes_later_is_501_by_name() {
    // RESO-003
    refuse("/^$batch", "501 not_supported");
    refuse("/^$crossjoin(Property,Media)", "501 not_supported");
    refuse("/^$all", "501 not_supported");
    refuse("/^$entity?$id=Property('K')", "501 not_supported");
    refuse("/Property(^@key)?@key='K'", "501 not_supported");
    refuse("/Property/^$delta", "501 not_supported");
    refuse("/Property/^$query", "501 not_supported");
    check("/Property/replication?$top=5", "collection Property $top=5 replicated");
    refuse("/Property/replication?^$orderby=City", "400 option_not_here");
    refuse("/Property/replication?^$skip=1", "400 option_not_here");
    refuse("/Property/^Model.Residential", "501 not_supported");
    refuse("/Property('K')/Media/^$ref", "501 not_supported");
    refuse("/Property('K')/Media^('M')", "501 not_supported");
    refuse("/Media('M')/^$value", "501 not_supported");
    assert!(ask("/$batch", &reading()).unwrap_err().message.contains("$batch"));
}
