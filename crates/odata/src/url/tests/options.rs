//! Options beside the filter.

use query::Selection;

use super::*;

#[test]
fn options_shape_the_answer() {
    // RESO-020
    check("Property?$select=City,ListPrice", "collection Property $select=City,ListPrice");
    check("Property?$select=ListPrice%20,%20City,City", "collection Property $select=City,ListPrice");
    check("Property?$select=*", "collection Property");
    check("Property?$select=City,*", "collection Property");
    check("Property?$select=City,Media", "collection Property $select=City");
    check("Property?$top=0", "collection Property $top=0");
    check("Property?$top=5&$skip=10", "collection Property $skip=10&$top=5");
    check("Property?$skip=0", "collection Property");
    check("Property?$top=99999999999999999999999", "collection Property $top=18446744073709551615");
    check("Property?$count=true", "collection Property $count=true");
    check("Property?$count=True", "collection Property $count=true");
    check("Property?$count=false", "collection Property");
    check("Property?$orderby=City", "collection Property $orderby=City");
    check(
        "Property?$orderby=City%20asc,ListPrice%20desc",
        "collection Property $orderby=City,ListPrice desc",
    );
    check("Property?$orderby=City+DESC+,+ListPrice", "collection Property $orderby=City desc,ListPrice");
    check(
        "Property?$orderby=ListPrice%20div%20LivingArea%20desc,length(City),Media/$count%20desc",
        "collection Property $orderby=ListPrice div LivingArea desc,length(City),Media/$count desc",
    );
    check(
        "Property?$orderby=ListAgent/MemberLastName",
        "collection Property $orderby=ListAgent/MemberLastName",
    );
    check(
        "Property?$orderby=geo.distance(X_Place,geography'POINT(1%202)')",
        "collection Property $orderby=geo.distance(X_Place,geography'SRID=4326;POINT(1 2)')",
    );
    check("Property?$skiptoken=a%2Bb%3D", "collection Property after \"a+b=\"");
    check("Property?skiptoken=", "collection Property after \"\"");
    check("Property?&&$top=1&", "collection Property $top=1");
    let query = query_of("Property?$filter=City+eq+'x'&$expand=Media", &reading());
    assert_eq!((query.page_size, query.expand[0].query.page_size), (500, 500));
    assert_eq!(query_of("Property?$select=Media", &reading()).select, Selection::Fields(Vec::new()));
}

#[test]
fn links_are_expanded() {
    // RESO-020
    check("Property?$expand=Media", "collection Property $expand=Media");
    check("Property?$expand=Media,ListAgent", "collection Property $expand=Media,ListAgent");
    check(
        "Property?$expand=Media($select=MediaURL,Order;$filter=Order%20lt%203;$orderby=Order%20desc;$top=2;$skip=1;$count=true)",
        "collection Property $expand=Media($filter=Order lt 3;$orderby=Order desc;$skip=1;$top=2;$count=true;$select=MediaURL,Order)",
    );
    check(
        "Property?$expand=Media(%20$top=2%20;%20$skip=1%20)",
        "collection Property $expand=Media($skip=1;$top=2)",
    );
    check("Property?$expand=Media(top=2)", "collection Property $expand=Media($top=2)");
    check(
        "Property?$expand=Media($filter=MediaCategory%20eq%20'a;b)';$top=2)",
        "collection Property $expand=Media($filter=MediaCategory eq 'a;b)';$top=2)",
    );
    check(
        "Property?$expand=ListAgent($select=MemberEmail;$expand=Office($select=OfficeName))",
        "collection Property $expand=ListAgent($select=MemberEmail;$expand=Office($select=OfficeName))",
    );
    check("Property?$expand=Media/$count", "collection Property $expand=Media/$count");
    check(
        "Property?$expand=Media/$count($filter=Order%20lt%203)",
        "collection Property $expand=Media/$count($filter=Order lt 3)",
    );
    check(
        "Property?$expand=Rooms($filter=RoomFeatures/any(f:f%20eq%20RoomType))",
        "collection Property $expand=Rooms($filter=RoomFeatures/any(x1:x1 eq RoomType))",
    );
    let all = query_of("Property?$expand=*", &reading());
    assert_eq!(all.expand.len(), WORDS.dictionary.known("Property").links.len());
    let named = query_of("Property?$expand=Media($top=1),*", &reading());
    assert_eq!(named.expand.len(), all.expand.len());
    assert_eq!(named.expand[0].query.top, Some(1));
    assert!(only_counts(&query_of("Property?$expand=Media/$count", &reading()).expand[0]));
    assert!(!only_counts(&query_of("Property?$expand=Media($top=0)", &reading()).expand[0]));
}

#[test]
fn formats() {
    check("Property?$format=json", "collection Property Json { metadata: None, numbers: None }");
    check("Property?format=JSON", "collection Property Json { metadata: None, numbers: None }");
    check(
        "Property?$format=application/json;odata.metadata=full;IEEE754Compatible=true",
        "collection Property Json { metadata: Some(Full), numbers: Some(Strings) }",
    );
    check(
        "Property?$format=application%2Fjson%3Bmetadata%3Dnone",
        "collection Property Json { metadata: Some(None), numbers: None }",
    );
    check("$metadata?$format=xml", "metadata Xml");
    check("$metadata?$format=application/xml", "metadata Xml");
    check("$metadata?$format=json", "metadata Json { metadata: None, numbers: None }");
    refuse("Property?$format=^xml", "406 bad_format");
    refuse("Property?$format=^atom", "406 bad_format");
    refuse("Property?$format=^", "406 bad_format");
    refuse("Property?$format=^application/json;odata.metadata=much", "400 bad_value");
}

#[test]
fn nothing_is_ignored_in_silence() {
    // RESO-004
    refuse("Property?^$nonsense=1", "400 unknown_option");
    refuse("Property?^$=1", "400 unknown_option");
    refuse("Property?$top=1&^$fitler=City%20eq%20'x'", "400 unknown_option");
    refuse("Property?^fitler=City%20eq%20'x'", "400 unknown_option");
    refuse("Property?^slect=City", "400 unknown_option");
    refuse("Property?^order_by=City", "400 unknown_option");
    refuse("Property?$top=1&^$top=2", "400 duplicate_option");
    refuse("Property?$top=1&^top=2", "400 duplicate_option");
    refuse("Property?$top=^-1", "400 syntax");
    refuse("Property?$top=^", "400 syntax");
    refuse("Property?$top^", "400 syntax");
    refuse("Property?$top=1^.5", "400 syntax");
    refuse("Property?$top=^many", "400 syntax");
    refuse("Property?$skip=^-1", "400 syntax");
    refuse("Property?$count=^yes", "400 syntax");
    refuse("Property?$count=^1", "400 syntax");
    refuse("Property?$count=^truex", "400 syntax");
    refuse("Property?$select=^", "400 syntax");
    refuse("Property?$select=City,^", "400 syntax");
    refuse("Property?$select=^Nonsense", "400 unknown_field");
    refuse("Property?$select=City,^city", "400 unknown_field");
    refuse("Property?$select=Media^/MediaURL", "400 syntax");
    refuse("Property?$select=City^;ListPrice", "400 syntax");
    refuse("Property?$select=City%20^ListPrice", "400 syntax");
    refuse("Property?$orderby=^", "400 syntax");
    refuse("Property?$orderby=^Nonsense", "400 unknown_field");
    refuse("Property?$orderby=City%20^down", "400 unknown_operator");
    refuse("Property?$orderby=City%20desc%20^asc", "400 syntax");
    refuse("Property?$orderby=City,^", "400 syntax");
    refuse("Property?$orderby=^Appliances", "400 wrong_type");
    refuse("Property?$orderby=^X_Place", "400 wrong_type");
    refuse("Property?$orderby=^Media", "400 wrong_type");
    // An option that means nothing where it stands.
    refuse("Property('K')?^$filter=City%20eq%20'x'", "400 option_not_here");
    refuse("Property('K')?^$top=1", "400 option_not_here");
    refuse("Property/$count?^$top=1", "400 option_not_here");
    refuse("Property/$count?^$select=City", "400 option_not_here");
    refuse("Property('K')/ListAgent?^$count=true", "400 option_not_here");
    refuse("Property('K')/ListPrice?^$select=City", "400 option_not_here");
    refuse("Property('K')/ListPrice/$value?^$format=json", "400 option_not_here");
    refuse("$metadata?^$select=City", "400 option_not_here");
    refuse("/?^$top=1", "400 option_not_here");
    // The client's own options are handed on.
    check("Property?utm_source=x&$top=1", "collection Property $top=1 custom [(\"utm_source\", \"x\")]");
    check("Property?!deltatoken=1", "collection Property custom [(\"!deltatoken\", \"1\")]");
    check("Property?a=1&a=2", "collection Property custom [(\"a\", \"1\"), (\"a\", \"2\")]");
    let hint = |url: &str| ask(url, &reading()).unwrap_err().hint;
    assert_eq!(hint("Property?$fitler=x"), "Did you mean $filter?");
    assert_eq!(hint("Property?slect=x"), "Did you mean $select?");
    assert_eq!(hint("Property?$select=ListPrise"), "Did you mean ListPrice?");
    assert_eq!(hint("Property?$select=MLNumber"), "Did you mean ListingId?");
    let fault = ask("Property?$top=-1", &reading()).unwrap_err();
    assert_eq!(fault.target.as_deref(), Some("$top"));
}

#[test]
fn wrong_expansions_are_400_with_the_place() {
    // RESO-004
    refuse("Property?$expand=^", "400 syntax");
    refuse("Property?$expand=^Nonsense", "400 unknown_link");
    refuse("Property?$expand=^media", "400 unknown_link");
    refuse("Property?$expand=^City", "400 unknown_link");
    refuse("Property?$expand=Media,^Media", "400 duplicate_option");
    refuse("Property?$expand=Media(^)", "400 syntax");
    refuse("Property?$expand=Media($top=1^", "400 syntax");
    refuse("Property?$expand=Media($top=1;^)", "400 syntax");
    refuse("Property?$expand=Media($top^)", "400 syntax");
    refuse("Property?$expand=Media($top=^x)", "400 syntax");
    refuse("Property?$expand=Media($top=1^,$skip=2)", "400 syntax");
    refuse("Property?$expand=Media($top=1;^$top=2)", "400 duplicate_option");
    refuse("Property?$expand=Media(^$slect=Order)", "400 unknown_option");
    refuse("Property?$expand=Media(^whatever=Order)", "400 unknown_option");
    refuse("Property?$expand=Media(^$format=json)", "400 option_not_here");
    refuse("Property?$expand=Media($select=^City)", "400 unknown_field");
    refuse("Property?$expand=Media($filter=^City%20eq%20'x')", "400 unknown_field");
    refuse("Property?$expand=ListAgent(^$top=1)", "400 option_not_here");
    refuse("Property?$expand=Media/$count(^$top=1)", "400 option_not_here");
    refuse("Property?$expand=ListAgent/^Office", "400 syntax");
    refuse("Property?$expand=Media^)", "400 syntax");
    let hint = |url: &str| ask(url, &reading()).unwrap_err().hint;
    assert_eq!(hint("Property?$expand=media"), "Did you mean Media?");
    assert_eq!(hint("Property?$expand=City"), "Put City into $select.");
}

#[test]
fn what_comes_later_is_501_by_name() {
    // RESO-003
    for option in ["id", "index", "levels", "schemaversion"] {
        refuse(&format!("Property?$top=1&^${option}=x"), "501 not_supported");
        refuse(&format!("Property?$top=1&^{option}=x"), "501 not_supported");
        let fault = ask(&format!("Property?${option}=x"), &reading()).unwrap_err();
        assert_eq!(fault.target, Some(format!("${option}")));
    }
    check("Property?$deltatoken=a-b", "collection Property since \"a-b\"");
    refuse("Property('K')/Media?^$deltatoken=a", "400 option_not_here");
    refuse("Property?^@p=1", "501 not_supported");
    refuse("Property?$expand=Media(^$levels=2)", "501 not_supported");
    refuse("Property?$expand=Rooms($search=^x)", "501 not_supported");
    refuse("Property?$expand=Media/^$ref", "501 not_supported");
    refuse("Property?$expand=^*/$ref", "501 not_supported");
    refuse("Property?$expand=^*($levels=2)", "501 not_supported");
    refuse("Property?$expand=Media($filter=^$it/City%20eq%20'x')", "501 not_supported");
    refuse("Property?$select=^Model.Action", "501 not_supported");
    refuse("Property?$select=^@Core.Messages", "501 not_supported");
    refuse("Property?$expand=^@Core.Messages", "501 not_supported");
    refuse("Property?$expand=Media(^@c=1;$top=1)", "501 not_supported");
}

#[test]
fn an_access_token_is_read_apart() {
    assert_eq!(access_token("$top=1&access_token=a%2Bb"), Some("a+b".to_owned()));
    assert_eq!(access_token("$top=1"), None);
    assert_eq!(access_token("my_access_token=x&access_tokens=y"), None);
    check("Property?access_token=secret&$top=1", "collection Property $top=1");
    let told = format!("{:?}", ask("Property?access_token=secret", &reading()));
    assert!(!told.contains("secret"));
}
