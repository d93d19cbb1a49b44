//! Filters: what they are read as.

use dictionary::{Decimal, Point, Value};
use query::{Comparison, FieldRef, Function};

use super::*;

/// A filter of Property is read and, written again, is `expect`.
fn same(text: &str, expect: &str) {
    let words = &WORDS.dictionary;
    let expr = filter(&text.replace('+', "%2B"), &reading());
    assert_eq!(write_expression(&expr, words, words.known("Property")), expect, "{text}");
}

/// A filter that is written as it was read.
fn stays(text: &str) {
    same(text, text);
}

#[test]
fn operators_bind_as_odata_says() {
    // RESO-021
    stays("ListPrice gt 500000");
    stays("ListPrice ge 500000 and ListPrice lt 600000.50");
    stays("City eq 'Seattle' or City eq 'Renton' and BedroomsTotal ge 3");
    stays("(City eq 'Seattle' or City eq 'Renton') and BedroomsTotal ge 3");
    same("(City eq 'Seattle') or (City eq 'Renton')", "City eq 'Seattle' or City eq 'Renton'");
    stays("(City eq 'a' and City eq 'b') and City eq 'c'");
    stays("City eq 'a' and (City eq 'b' and City eq 'c')");
    stays("not contains(City,'x')");
    stays("not (City eq 'x')");
    same("not(City eq 'x')", "not (City eq 'x')");
    stays("not (City eq 'x') and NewConstructionYN");
    stays("not not NewConstructionYN");
    stays("NewConstructionYN");
    stays("NewConstructionYN eq true");
    stays("City ne null");
    stays("null eq City");
    stays("null gt 1");
    stays("BedroomsTotal add 1 sub 2 gt 3");
    stays("BedroomsTotal sub (1 sub 2) gt 3");
    stays("BedroomsTotal add 2 mul 3 gt 3");
    stays("(BedroomsTotal add 2) mul 3 gt 3");
    stays("ListPrice div 2 gt 3");
    stays("ListPrice divby 2 gt 3");
    stays("ListPrice mod 2 eq 1");
    stays("-BedroomsTotal lt -3");
    same("- BedroomsTotal lt -3", "-BedroomsTotal lt -3");
    stays("-(BedroomsTotal add 1) lt 3");
    stays("-(3) lt BedroomsTotal");
    stays("BedroomsTotal gt 1 eq true");
    stays("City eq 'x' eq (City eq 'y')");
    stays("BedroomsTotal mul 2 gt BathroomsTotalInteger add 1");
    same(" City   eq\t'x' ", "City eq 'x'");
    same("(((City eq 'x')))", "City eq 'x'");
}

#[test]
fn lists_and_members() {
    // RESO-021
    stays("City in ('Seattle','Renton')");
    same("City in ( 'Seattle' , 'Renton' )", "City in ('Seattle','Renton')");
    same("City in('Seattle')", "City in ('Seattle')");
    stays("City in ('x',null)");
    stays("City in ()");
    same("City in (  )", "City in ()");
    same("City in []", "City in ()");
    same("City in [ \"Seattle\" , \"a\\\"b\",null]", "City in ('Seattle','a\"b',null)");
    same("BedroomsTotal in [1,2]", "BedroomsTotal in (1,2)");
    stays("Appliances eq Heating");
    stays("BedroomsTotal in (1,2,3)");
    stays("not City in ('x')");
    stays("ListingKey in ('1','2') and City eq 'x'");
    stays("Appliances has 'Dishwasher'");
    stays("StandardStatus has 'Active'");
    same("'Dishwasher' in Appliances", "Appliances has 'Dishwasher'");
    stays("Appliances has 'a' and not Appliances has 'b'");
    stays("Appliances eq null");
}

#[test]
fn collections_and_links() {
    // RESO-021
    same("Appliances/any(a:a eq 'Oven')", "Appliances/any(x1:x1 eq 'Oven')");
    same("Appliances/any( a : a eq 'Oven' )", "Appliances/any(x1:x1 eq 'Oven')");
    same("Appliances/all(a:startswith(a,'O'))", "Appliances/all(x1:startswith(x1,'O'))");
    stays("Appliances/any()");
    stays("Appliances/$count gt 2");
    same(
        "Media/any(m:m/Order eq 1 and m/MediaCategory eq 'Photo')",
        "Media/any(x1:x1/Order eq 1 and x1/MediaCategory eq 'Photo')",
    );
    stays("Media/any()");
    stays("Media/$count ge 10");
    stays("ListAgent/MemberEmail eq 'a@b.c'");
    stays("ListAgent/Office/OfficeCity eq 'Seattle'");
    stays("ListAgent/Media/$count gt 1");
    same(
        "ListOffice/Media/any(m:m/Order eq BedroomsTotal)",
        "ListOffice/Media/any(x1:x1/Order eq BedroomsTotal)",
    );
    same(
        "Rooms/any(r:r/RoomFeatures/any(f:f eq 'x' and r/RoomType eq 'y' and City eq 'z'))",
        "Rooms/any(x1:x1/RoomFeatures/any(x2:x2 eq 'x' and x1/RoomType eq 'y' and City eq 'z'))",
    );
    same("Media/any(m:m/Order in (1,2))", "Media/any(x1:x1/Order in (1,2))");
    same("$it/City eq 'x'", "City eq 'x'");
    same("Media/any(City:City/Order eq 1)", "Media/any(x1:x1/Order eq 1)");
    same("Appliances/any(a:a in ('x','y'))", "Appliances/any(x1:x1 in ('x','y'))");
}

#[test]
fn functions_of_odata() {
    // RESO-022
    stays("contains(City,'x')");
    stays("startswith(City,'x')");
    stays("endswith(City,'x')");
    stays("contains(City,'x') eq true");
    stays("length(City) gt 3");
    stays("length(Appliances) gt 3");
    stays("indexof(City,'x') eq 0");
    stays("substring(City,1) eq 'x'");
    stays("substring(City,1,2) eq 'x'");
    stays("tolower(City) eq 'x'");
    stays("toupper(City) eq 'X'");
    stays("trim(City) eq 'x'");
    stays("concat(concat(City,', '),StateOrProvince) eq 'x'");
    stays("matchesPattern(City,'^S.*e$')");
    same("matchespattern(City,'x')", "matchesPattern(City,'x')");
    stays("year(CloseDate) eq 2014");
    stays("month(ModificationTimestamp) eq 1");
    stays("day(CloseDate) eq 1");
    stays("hour(ModificationTimestamp) eq 1");
    stays("minute(X_Opens) eq 30");
    stays("second(ModificationTimestamp) eq 1");
    stays("fractionalseconds(ModificationTimestamp) lt 0.5");
    stays("date(ModificationTimestamp) eq 2026-11-23");
    stays("time(ModificationTimestamp) lt 12:00:00");
    stays("totaloffsetminutes(ModificationTimestamp) eq 0");
    stays("ModificationTimestamp lt now()");
    stays("ModificationTimestamp gt mindatetime()");
    stays("ModificationTimestamp lt maxdatetime()");
    stays("round(ListPrice) eq 5");
    stays("floor(ListPrice) eq 5");
    stays("ceiling(ListPrice) eq 5");
    stays("cast(ListPrice,Edm.String) eq '5'");
    stays("cast(BedroomsTotal,Edm.Int16) eq 5");
    same("cast( ListPrice , Edm.Double ) eq 5", "cast(ListPrice,Edm.Double) eq 5e0");
    stays("isof(ListPrice,Edm.Decimal)");
    stays("geo.distance(X_Place,geography'SRID=4326;POINT(-122.33 47.6)') lt 1000");
    same(
        "geo.distance(X_Place,geography'POINT(-122.33 47.6)') lt 1000",
        "geo.distance(X_Place,geography'SRID=4326;POINT(-122.33 47.6)') lt 1000",
    );
    stays("geo.intersects(X_Place,geography'SRID=4326;POLYGON((0 0,0 1,1 1,0 0))')");
    stays("geo.intersects(X_Place,geography'SRID=4326;POLYGON((0 0,0 9,9 9,0 0),(1 2,2 3,1 3,1 2))')");
    same(
        "geo.intersects(X_Place,geo'SRID=4326; polygon( (0 0, 0 1, 1 1, 0 0) )')",
        "geo.intersects(X_Place,geography'SRID=4326;POLYGON((0 0,0 1,1 1,0 0))')",
    );
    stays("geo.length(geography'SRID=4326;LINESTRING(0 0,0 1,1 1)') gt 1");
    stays("freehold.mentions(PublicRemarks,'\"sea view\" sauna')");
}

#[test]
fn letters_case_and_spaces_are_forgiven() {
    // RESO-024
    same("City EQ 'x' OR City Ne 'y'", "City eq 'x' or City ne 'y'");
    same("NOT CONTAINS(City,'x')", "not contains(City,'x')");
    same("City IN ('x')", "City in ('x')");
    same("NewConstructionYN eq TRUE and City ne NULL", "NewConstructionYN eq true and City ne null");
    same("Appliances/ANY(a:a eq 'x')", "Appliances/any(x1:x1 eq 'x')");
    same("ToLower(City) eq 'x'", "tolower(City) eq 'x'");
    same(
        "GEO.DISTANCE(X_Place,Geography'POINT(1 2)') lt 1",
        "geo.distance(X_Place,geography'SRID=4326;POINT(1 2)') lt 1",
    );
    check("Property?$filter=City+eq+'New+York'", "collection Property $filter=City eq 'New York'");
    check("Property?filter=City%20eq%20'x'&TOP=5", "collection Property $filter=City eq 'x'&$top=5");
    check("Property?$Filter=ListPrice+gt++5", "collection Property $filter=ListPrice gt 5");
    check("Property?$filter=City%20eq%20%27O%27%27Neil%27", "collection Property $filter=City eq 'O''Neil'");
    check("Property?$filter=City%20eq%20'a%26b%2Bc%25'", "collection Property $filter=City eq 'a&b+c%'");
    check("Property?$filter=City%20eq%20'é%C3%A9'", "collection Property $filter=City eq 'éé'");
    check(
        "Property?$filter=ModificationTimestamp+gt+2026-11-23T10:00:00+01:00",
        "collection Property $filter=ModificationTimestamp gt 2026-11-23T09:00:00Z",
    );
    check(
        "Property?$filter=ModificationTimestamp%20gt%202026-11-23T10:00:00%2B01:00",
        "collection Property $filter=ModificationTimestamp gt 2026-11-23T09:00:00Z",
    );
    check("Property?$filter=X_Ratio+gt+1e+3", "collection Property $filter=X_Ratio gt 1e3");
}

/// `field eq literal` is read with this value.
fn literal(field: &str, text: &str, expect: Value) {
    let id = WORDS.dictionary.known("Property").find(field).unwrap();
    let read = filter(&format!("{field} eq {text}"), &reading());
    assert_eq!(read, Expr::equal(id, expect.clone()), "{field} eq {text}");
    let turned = filter(&format!("{text} eq {field}"), &reading());
    let expect = Expr::Compare(
        Comparison::Equal,
        Box::new(Expr::Value(expect)),
        Box::new(Expr::Field(FieldRef::own(id))),
    );
    assert_eq!(turned, expect, "{text} eq {field}");
}

#[test]
fn a_literal_takes_the_type_of_its_field() {
    // RESO-021
    let decimal = |text: &str| Value::Decimal(text.parse::<Decimal>().unwrap());
    literal("ListPrice", "5", decimal("5"));
    literal("ListPrice", "5.50", decimal("5.50"));
    literal("ListPrice", "-5.5", decimal("-5.5"));
    literal("ListPrice", "1e3", decimal("1000"));
    literal("BedroomsTotal", "5", Value::Integer(5));
    literal("BedroomsTotal", "5.0", Value::Integer(5));
    literal("BedroomsTotal", "5.5", decimal("5.5"));
    literal("BedroomsTotal", "99999999999999999999", decimal("99999999999999999999"));
    literal("X_Small", "70000", Value::Integer(70_000));
    literal("X_Ratio", "5", Value::Double(5.0));
    literal("X_Ratio", "5.25", Value::Double(5.25));
    literal("X_Ratio", "5E-1", Value::Double(0.5));
    literal("X_Ratio", "2.5e-1", Value::Double(0.25));
    literal("X_Ratio", "-25e-1", Value::Double(-2.5));
    literal("City", "''", "".into());
    literal("City", "'a''b'", "a'b".into());
    literal("City", "'null'", "null".into());
    literal("NewConstructionYN", "false", Value::Boolean(false));
    literal("CloseDate", "2014-05-27", Value::Date("2014-05-27".parse().unwrap()));
    literal("X_Opens", "09:30", Value::Time("09:30:00".parse().unwrap()));
    literal("X_Opens", "09:30:15.25", Value::Time("09:30:15.25".parse().unwrap()));
    let at = |text: &str| Value::Timestamp(text.parse().unwrap());
    literal("ModificationTimestamp", "2026-11-23T10:00Z", at("2026-11-23T10:00:00Z"));
    literal("ModificationTimestamp", "2026-11-23t10:00:00.123456z", at("2026-11-23T10:00:00.123456Z"));
    literal("ModificationTimestamp", "2026-11-23T10:00:00-08:00", at("2026-11-23T18:00:00Z"));
    let place = filter("geo.distance(X_Place,geography'POINT(1.5 -2)') lt 1", &reading());
    let Expr::Compare(_, call, _) = place else { panic!("{place:?}") };
    let Expr::Call(Function::GeoDistance, arguments) = *call else { panic!("{call:?}") };
    assert_eq!(arguments[1], Expr::Value(Value::Point(Point { longitude: 1.5, latitude: -2.0 })));
    let list = filter("ListPrice in (1,2.5)", &reading());
    let Expr::In(_, values) = list else { panic!("{list:?}") };
    assert_eq!(values, [Expr::Value(decimal("1")), Expr::Value(decimal("2.5"))]);
    let free = filter("1.5 eq 2", &reading());
    let sides = [Expr::Value(decimal("1.5")), Expr::Value(Value::Integer(2))].map(Box::new);
    let [a, b] = sides;
    assert_eq!(free, Expr::Compare(Comparison::Equal, a, b));
}

#[test]
fn functions_are_read_by_their_own_names() {
    let read = filter("matchesPattern(City,'x')", &reading());
    assert!(matches!(read, Expr::Call(Function::MatchesPattern, _)), "{read:?}");
}

#[test]
fn enumerations_in_their_older_form() {
    // RESO-025
    let words = &WORDS.dictionary;
    let same = |text: &str, expect: &str| {
        let expr = filter(text, &legacy());
        assert_eq!(write_expression(&expr, words, words.known("Property")), expect, "{text}");
    };
    same("StandardStatus eq 'ActiveUnderContract'", "StandardStatus eq 'Active Under Contract'");
    same("StandardStatus eq 'Active Under Contract'", "StandardStatus eq 'Active Under Contract'");
    same(
        "StandardStatus eq org.reso.metadata.enums.StandardStatus'ActiveUnderContract'",
        "StandardStatus eq 'Active Under Contract'",
    );
    same(
        "StandardStatus in ('ActiveUnderContract','Active')",
        "StandardStatus in ('Active Under Contract','Active')",
    );
    same("Heating has org.reso.metadata.enums.Heating'ForcedAir'", "Heating has 'Forced Air'");
    same(
        "Heating has org.reso.metadata.enums.Heating'ForcedAir,HeatPump'",
        "Heating has 'Forced Air' and Heating has 'Heat Pump'",
    );
    same("Heating/any(h:h eq 'ForcedAir')", "Heating/any(x1:x1 eq 'Forced Air')");
    same(
        "Heating/any(h:h eq org.reso.metadata.enums.Heating'ForcedAir')",
        "Heating/any(x1:x1 eq 'Forced Air')",
    );
    same("Heating has 'Our Own Stove'", "Heating has 'Our Own Stove'");
    same("City eq 'ActiveUnderContract'", "City eq 'ActiveUnderContract'");
    let wrong = |text: &str, expect: &str| {
        let at = text.find('^').unwrap();
        let url = format!("Property?$filter={}", text.replacen('^', "", 1).replace(' ', "+"));
        assert_eq!(fault_of(&url, &legacy()), format!("{expect} @{}", at + 17), "{text}");
    };
    wrong("StandardStatus eq ^'Activ'", "400 unknown_member");
    wrong("StandardStatus eq ^org.reso.metadata.enums.StandardStatus'Activ'", "400 unknown_member");
    wrong("StandardStatus eq ^org.reso.metadata.enums.Heating'Active'", "400 wrong_type");
    wrong("StandardStatus eq ^Other.StandardStatus'Active'", "400 unknown_type");
    wrong("City eq ^org.reso.metadata.enums.StandardStatus'Active'", "400 wrong_type");
    wrong("contains(StandardStatus,^org.reso.metadata.enums.StandardStatus'Active')", "400 wrong_type");
    // A server of strings has no enumerations.
    refuse(
        "Property?$filter=StandardStatus+eq+^org.reso.metadata.enums.StandardStatus'Active'",
        "400 wrong_type",
    );
    let strings = filter("StandardStatus eq 'ActiveUnderContract'", &reading());
    assert_eq!(
        write_expression(&strings, words, words.known("Property")),
        "StandardStatus eq 'ActiveUnderContract'"
    );
}
