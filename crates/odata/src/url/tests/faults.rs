//! Filters that are refused, and where.

use super::*;

/// A filter of Property with a caret where it is refused.
fn wrong(text: &str, expect: &str) {
    let at = text.find('^').expect("a caret marks the place");
    let raw = text.replacen('^', "", 1).replace('+', "%2B").replace(' ', "+");
    let shift = text[..at].matches('+').count() * 2;
    let url = format!("Property?$filter={raw}");
    assert_eq!(fault_of(&url, &reading()), format!("{expect} @{}", 17 + at + shift), "{text}");
}

#[test]
fn malformed_filters_are_400_with_the_place() {
    // RESO-003
    wrong("^", "400 syntax");
    wrong("^City", "400 wrong_type");
    wrong("City eq^", "400 syntax");
    wrong("City eq ^", "400 syntax");
    wrong("City ^is 'x'", "400 unknown_operator");
    wrong("City ^= 'x'", "400 syntax");
    wrong("City^='x'", "400 syntax");
    wrong("City eq ^'x", "400 syntax");
    wrong("City eq ^'x''", "400 syntax");
    wrong("City eq 'x' ^'y'", "400 syntax");
    wrong("City eq 'x'^and City eq 'y'", "400 syntax");
    wrong("City eq 'x' and^", "400 syntax");
    wrong("City eq 'x' and ^and City eq 'y'", "400 unknown_field");
    wrong("City eq^'x'", "400 syntax");
    wrong("^eq 'x'", "400 unknown_field");
    wrong("(City eq 'x'^", "400 syntax");
    wrong("City eq 'x'^)", "400 syntax");
    wrong("(^)", "400 syntax");
    wrong("City eq ^\"x\"", "400 syntax");
    wrong("City eq ^x", "400 unknown_field");
    wrong("City in (^,'x')", "400 syntax");
    wrong("City in (^\"x\")", "400 syntax");
    wrong("City in [^\"x]", "400 syntax");
    wrong("City in [\"x\"^)", "400 syntax");
    wrong("City in ('x'^", "400 syntax");
    wrong("City in ('x',^)", "400 syntax");
    wrong("City in ('x' ^'y')", "400 syntax");
    wrong("City in ^'x'", "400 wrong_type");
    wrong("^Nonsense eq 1", "400 unknown_field");
    wrong("City eq 'x' and ^Nonsense eq 1", "400 unknown_field");
    wrong("ListAgent/^Nonsense eq 1", "400 unknown_field");
    wrong("ListAgent/^", "400 syntax");
    wrong("City^/length eq 1", "400 syntax");
    wrong("Media/^MediaURL eq 'x'", "400 syntax");
    wrong("Media/any^", "400 syntax");
    wrong("Media/any(^:true)", "400 syntax");
    wrong("Media/any(m^)", "400 syntax");
    wrong("Media/any(m:^)", "400 syntax");
    wrong("Media/any(m:m/Order eq 1^", "400 syntax");
    wrong("Media/any(m:^n/Order eq 1)", "400 unknown_field");
    wrong("Media/any(m:m/^Nonsense eq 1)", "400 unknown_field");
    wrong("Media/all(^)", "400 syntax");
    wrong("Rooms/any(r:r/RoomFeatures/any(^r:true))", "400 name_taken");
    wrong("Appliances/any(a:a^/Order eq 1)", "400 wrong_type");
    wrong("Media/any(m:m/Order eq 1) and ^m/Order eq 2", "400 unknown_field");
    wrong("^nonsense(City) eq 1", "400 unknown_function");
    wrong("^contains(City)", "400 wrong_arguments");
    wrong("^contains(City,'x','y')", "400 wrong_arguments");
    wrong("^now(1) gt ModificationTimestamp", "400 wrong_arguments");
    wrong("^substring(City) eq 'x'", "400 wrong_arguments");
    wrong("contains(City,'x'^", "400 syntax");
    wrong("contains(City,^)", "400 syntax");
    wrong("contains(City ^'x')", "400 syntax");
    wrong("cast(City^) eq 1", "400 syntax");
    wrong("cast(City,^Edm.Nonsense) eq 1", "400 unknown_type");
    wrong("cast(City,^) eq 1", "400 syntax");
    wrong("ListPrice eq ^5x", "400 bad_literal");
    wrong("ListPrice eq ^5.", "400 bad_literal");
    wrong("ListPrice eq ^1.5.5", "400 bad_literal");
    wrong("ListPrice eq ^1e", "400 bad_literal");
    wrong("ListPrice eq ^1e999", "400 bad_literal");
    wrong("ListPrice eq ^12L", "400 bad_literal");
    wrong("ListPrice eq ^.5", "400 syntax");
    wrong("CloseDate eq ^2014-13-01", "400 bad_literal");
    wrong("CloseDate eq ^2014-02-30", "400 bad_literal");
    wrong("ModificationTimestamp eq ^2014-05-27T10:00:00", "400 bad_literal");
    wrong("ModificationTimestamp eq ^2014-05-27T25:00:00Z", "400 bad_literal");
    wrong("ModificationTimestamp eq ^2014-05-27T10:00:00+1", "400 bad_literal");
    wrong("X_Opens eq ^25:00", "400 bad_literal");
    wrong("City eq ^text'x'", "400 bad_literal");
    wrong("City eq ^My.Enum'x'", "400 unknown_type");
    wrong("geo.distance(X_Place,geography'^POINT(1)') lt 1", "400 bad_literal");
    wrong("geo.distance(X_Place,geography'^POINT(200 1)') lt 1", "400 bad_literal");
    wrong("geo.distance(X_Place,geography'^SRID=1234;POINT(1 2)') lt 1", "400 bad_literal");
    wrong("geo.distance(X_Place,geography'^NOWHERE(1 2)') lt 1", "400 bad_literal");
    wrong("geo.distance(X_Place,geography^'POINT(1 2) lt 1", "400 syntax");
    wrong("geo.intersects(X_Place,geography'^POLYGON((0 0,0 1,1 1))')", "400 bad_literal");
    wrong("geo.intersects(X_Place,geography'^POLYGON((0 0,0 1,1 1,0 5))')", "400 bad_literal");
    wrong("geo.intersects(X_Place,geography'^POLYGON(0 0,0 1,1 1,0 0)')", "400 bad_literal");
    wrong("geo.length(geography'^LINESTRING(0 0)') gt 1", "400 bad_literal");
    wrong("City eq 'x'^;City eq 'y'", "400 syntax");
    wrong("City eq 'x'^, City eq 'y'", "400 syntax");
    wrong("City eq 'x' ^desc", "400 syntax");
}

#[test]
fn ill_typed_filters_are_400_at_the_operand() {
    // RESO-003
    wrong("ListPrice gt ^'5'", "400 wrong_type");
    wrong("^'5' lt ListPrice", "400 wrong_type");
    wrong("City eq ^5", "400 wrong_type");
    wrong("City eq ^true", "400 wrong_type");
    wrong("City eq ^2014-05-27", "400 wrong_type");
    wrong("NewConstructionYN eq ^'true'", "400 wrong_type");
    wrong("NewConstructionYN eq ^1", "400 wrong_type");
    wrong("ModificationTimestamp gt ^2026-11-23", "400 wrong_type");
    wrong("CloseDate gt ^2026-11-23T00:00:00Z", "400 wrong_type");
    wrong("CloseDate gt ^'2014-05-27'", "400 wrong_type");
    wrong("X_Opens gt ^2014-05-27", "400 wrong_type");
    wrong("City eq ^ListPrice", "400 wrong_type");
    wrong("Appliances eq ^'Oven'", "400 wrong_type");
    wrong("City in ('x',^5)", "400 wrong_type");
    wrong("ListPrice in (^'5')", "400 wrong_type");
    wrong("^Appliances in ('Oven')", "400 wrong_type");
    wrong("'x' in ^City", "400 wrong_type");
    wrong("^ListPrice has 'x'", "400 wrong_type");
    wrong("Appliances has ^5", "400 wrong_type");
    wrong("^ListPrice", "400 wrong_type");
    wrong("^'x'", "400 wrong_type");
    wrong("^City and ListPrice gt 5", "400 wrong_type");
    wrong("ListPrice gt 5 or ^City", "400 wrong_type");
    wrong("not ^City eq 'x'", "400 wrong_type");
    wrong("^City add 1 eq 2", "400 wrong_type");
    wrong("ListPrice add ^'1' eq 2", "400 wrong_type");
    wrong("-^City eq 2", "400 wrong_type");
    wrong("contains(^ListPrice,'5')", "400 wrong_type");
    wrong("contains(City,^5)", "400 wrong_type");
    wrong("contains(^Appliances,'x')", "400 wrong_type");
    wrong("year(^City) eq 2014", "400 wrong_type");
    wrong("hour(^CloseDate) eq 1", "400 wrong_type");
    wrong("date(^CloseDate) eq 2014-05-27", "400 wrong_type");
    wrong("round(^City) eq 1", "400 wrong_type");
    wrong("geo.distance(^City,geography'POINT(1 2)') lt 1", "400 wrong_type");
    wrong("geo.distance(X_Place,^5) lt 1", "400 wrong_type");
    wrong("geo.intersects(X_Place,^geography'POINT(1 2)')", "400 wrong_type");
    wrong("geo.length(^X_Place) gt 1", "400 wrong_type");
    wrong("^X_Place eq geography'POINT(1 2)'", "400 wrong_type");
    wrong("^Media eq 1", "400 wrong_type");
    wrong("^ListAgent eq null", "400 wrong_type");
    wrong("Media/any(m:^m/MediaURL)", "400 wrong_type");
    wrong("Appliances/any(a:a eq ^5)", "400 wrong_type");
    wrong("Media/$count eq ^'5'", "400 wrong_type");
    wrong("ListingKey eq ^01234567-89ab-cdef-0123-456789abcdef", "400 wrong_type");
    wrong("ListingKey eq ^a1234567-89ab-cdef-0123-456789abcdef", "400 wrong_type");
    wrong("^matchesPattern(City,'(')", "400 wrong_type");
}

#[test]
fn what_the_grammar_alone_knows_is_501_by_name() {
    // RESO-003
    let check = |url: &str, at: usize, what: &str| {
        let fault = ask(url, &reading()).unwrap_err();
        assert_eq!((fault.status, fault.position), (501, Some(at)), "{url}: {fault:?}");
        assert_eq!(fault.message, format!("{what} is not supported."), "{url}");
    };
    check("Property?$at=2026-01-01", 9, "An option of the temporal extension");
    check("/Property/?$select=Appliances($top=1)", 29, "An option inside $select");
    check("Property?$select=Media,Appliances($filter=true;$orderby=$this)", 33, "An option inside $select");
    // What is no OData stays what it was.
    refuse("Property?^$att=2026-01-01", "400 unknown_option");
    refuse("Property?$select=Appliances^(", "400 syntax");
}

#[test]
fn what_is_not_supported_is_501_at_the_place() {
    // RESO-003
    wrong("ModificationTimestamp gt now() sub ^duration'P1D'", "501 not_supported");
    wrong("^ModificationTimestamp sub now() gt 5", "501 not_supported");
    wrong("City eq ^binary'AA'", "501 not_supported");
    wrong("X_Ratio eq ^INF", "501 not_supported");
    wrong("X_Ratio eq ^-INF", "501 not_supported");
    wrong("X_Ratio eq ^NaN", "501 not_supported");
    wrong("City eq ^@p", "501 not_supported");
    wrong("length(^[\"a\"]) eq 1", "501 not_supported");
    wrong("City eq ^{}", "501 not_supported");
    wrong("ListPrice/^@Measures.Currency eq 'USD'", "501 not_supported");
    wrong("^$root/Property('K')/City eq City", "501 not_supported");
    wrong("^$this eq 5", "501 not_supported");
    wrong("^$it eq null", "501 not_supported");
    wrong("^hassubset(Appliances,Heating)", "501 not_supported");
    wrong("^case(true:1) eq 1", "501 not_supported");
    wrong("^isof(Model.Residential)", "501 not_supported");
    wrong("cast(City,^Edm.Duration) eq null", "501 not_supported");
    wrong("cast(City,^Model.Kind) eq null", "501 not_supported");
    wrong("^Model.Residential/City eq 'x'", "501 not_supported");
    wrong("Media/^$count($filter=Order eq 1) gt 1", "501 not_supported");
    wrong("Media/^$filter(Order eq 1)/$count gt 1", "501 not_supported");
    wrong("Media/any(m:^m eq null)", "501 not_supported");
    wrong("geo.intersects(X_Place,geography'^MULTIPOLYGON(((0 0,0 1,1 1,0 0)))')", "501 not_supported");
    wrong("geo.distance(X_Place,^geometry'POINT(1 2)') lt 1", "501 not_supported");
}

#[test]
fn faults_say_what_would_be_right() {
    let hint = |text: &str| {
        let url = format!("Property?$filter={}", text.replace(' ', "+"));
        let fault = ask(&url, &reading()).unwrap_err();
        assert_eq!(fault.target.as_deref(), Some("$filter"), "{text}");
        fault.hint
    };
    assert_eq!(hint("ListPrise gt 5"), "Did you mean ListPrice?");
    assert_eq!(hint("listprice gt 5"), "Did you mean ListPrice?");
    assert_eq!(hint("listagent/MemberEmail eq 'x'"), "Did you mean ListAgent?");
    assert_eq!(hint("Zzzzzzzz gt 5"), "$metadata lists the fields of Property.");
    assert_eq!(hint("City eq 5"), "Put it between single quotes.");
    assert_eq!(hint("ListPrice gt '5'"), "Write a number without quotes.");
    assert_eq!(hint("startwith(City,'x')"), "Did you mean startswith?");
    assert_eq!(hint("Media eq 1"), "Write Media/any(…), Media/all(…) or Media/$count.");
    assert!(hint("ModificationTimestamp gt 2026-11-23").contains("2026-11-23T00:00:00Z"));
    assert!(hint("Appliances eq 'Oven'").contains("any("));
}

#[test]
fn positions_count_what_was_sent() {
    let at = |url: &str| ask(url, &reading()).unwrap_err().position;
    assert_eq!(at("/Property?$filter=Nonsense%20eq%201"), Some(18));
    assert_eq!(at("/Property?$filter=City%20eq%20'%C3%A9'%20and%20Nonsense%20eq%201"), Some(47));
    assert_eq!(at("/Property?$filter=City+eq+'%C3%A9'+and+Nonsense+eq+1"), Some(39));
    assert_eq!(at("/Property?$top=1&%24filter=%4Eonsense%20eq%201"), Some(27));
    assert_eq!(at("/Property?$filter=City%20eq%20%zz"), Some(30));
    assert_eq!(at("/Property?$filter=City%20eq%20'%FF'"), Some(31));
    assert_eq!(at("/Property?%zz=1"), Some(10));
}

#[test]
fn every_input_has_a_bound() {
    // RESO-030
    let keys = |count: usize| (0..count).map(|n| format!("'{n:05}'")).collect::<Vec<_>>().join(",");
    let thousand = query_of(&format!("Property?$filter=ListingKey+in+({})", keys(1_000)), &reading());
    let Some(Expr::In(_, list)) = thousand.filter else { panic!() };
    assert_eq!(list.len(), 1_000);
    let long = format!("Property?$filter=ListingKey+in+({})", vec!["%27K%27"; 4_096].join(","));
    assert!(long.len() > 32 << 10);
    assert!(ask(&long, &reading()).is_ok());
    let short = |count: usize| format!("Property?$filter=BedroomsTotal+in+({})", vec!["1"; count].join(","));
    assert!(ask(&short(10_000), &reading()).is_ok());
    assert!(fault_of(&short(10_001), &reading()).starts_with("400 too_many"));
    assert_eq!(
        fault_of(&format!("Property?$filter={}", " ".repeat(64 << 10)), &reading()),
        "414 url_too_long"
    );
    let deep = |open: &str, close: &str, count: usize| {
        format!("Property?$filter={}City+eq+'x'{}", open.repeat(count), close.repeat(count))
    };
    assert!(ask(&deep("(", ")", 99), &reading()).is_ok());
    refuse(&format!("Property?$filter={}^{}", "(".repeat(100), "(".repeat(20_000)), "400 too_deep");
    assert!(fault_of(&deep("not+(", ")", 60), &reading()).starts_with("400 too_deep"));
    assert!(fault_of(&deep("not+", "", 10_000), &reading()).starts_with("400 too_deep"));
    assert!(fault_of(&deep("-", "", 60_000), &reading()).starts_with("400 too_deep"));
    assert!(fault_of(&deep("tolower(", ")", 5_000), &reading()).starts_with("400 too_deep"));
    let chain = |word: &str, count: usize| format!("Property?$filter=1{}+eq+1", word.repeat(count));
    assert!(ask(&chain("+add+1", 90), &reading()).is_ok());
    assert!(fault_of(&chain("+add+1", 10_000), &reading()).starts_with("400 too_deep"));
    let wide =
        |word: &str, count: usize| format!("Property?$filter=true{}", format!("+{word}+true").repeat(count));
    assert!(ask(&wide("or", 5_000), &reading()).is_ok());
    assert!(ask(&wide("and", 5_000), &reading()).is_ok());
    assert!(fault_of(&wide("eq", 5_000), &reading()).starts_with("400 too_deep"));
    let within = |count: usize| {
        let text = "ListAgent($expand=Office($expand=".repeat(count);
        format!("Property?$expand={text}X")
    };
    assert!(fault_of(&within(2), &reading()).starts_with("400 unknown_link"));
    assert!(fault_of(&within(1_000), &reading()).starts_with("400 unknown_link"));
    let agents = "OfficeBroker($expand=Office($expand=".repeat(1_000);
    assert!(fault_of(&format!("Office?$expand={agents}"), &reading()).starts_with("400 too_deep"));
    let links = "Office?$expand=OfficeBroker($expand=*;$select=MemberKey),*,Media($expand=*)";
    assert!(ask(links, &reading()).is_ok());
    let order = format!("Property?$orderby={}", vec!["City"; 33].join(","));
    assert!(fault_of(&order, &reading()).starts_with("400 too_many"));
    let many = format!("Property?{}", "a=1&".repeat(101));
    assert!(fault_of(&many, &reading()).starts_with("400 too_many"));
    let corners = vec!["0 0"; 10_001].join(",");
    let polygon = format!("Property?$filter=geo.intersects(X_Place,geography'POLYGON(({corners}))')");
    assert!(fault_of(&polygon, &reading()).starts_with("400 bad_literal"));
}
