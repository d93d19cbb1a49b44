//! Addresses as people write them, and places on made-up streets of real ZIP codes.

use super::*;

/// `number|fraction|before|name|suffix|after` of a street line.
fn read(line: &str) -> String {
    Address::read(line).map_or("none".into(), |address| {
        let number = address.number.map(|number| number.to_string()).unwrap_or_default();
        let Address { fraction, before, name, suffix, after, .. } = address;
        format!("{number}|{fraction}|{before}|{name}|{suffix}|{after}")
    })
}

#[test]
fn a_part_of_a_building_is_one_however_it_is_called() {
    let check = |text: &str, alone: bool, expect: &str| {
        assert_eq!(unit(text, alone).unwrap_or_default(), expect, "{text}");
    };
    for line in
        ["12 Main St Apt 4-B", "12 main st, unit 4b, Seattle", "12 Main St#4B", "12 Main St Unit # 4B"]
    {
        check(line, false, "4B");
    }
    for field in ["4B", " 4-b ", "#4B", "Apt 4B", "Unit #4b", "4 B"] {
        check(field, true, "4B");
    }
    check("12 Main St", false, "");
    check("3 Unit St", false, "");
    check("", true, "");
    check("#", true, "");
}

#[test]
fn an_address_is_read_as_the_post_does() {
    let check = |line: &str, expect: &str| assert_eq!(read(line), expect, "{line}");
    check("123 Main St", "123|||MAIN|ST|");
    check("123 N. Main Street, Apt 4", "123||N|MAIN|ST|");
    check("  123   north main   st.  Unit B ", "123||N|MAIN|ST|");
    check("123 Main St #4", "123|||MAIN|ST|");
    check("123 Main St#4", "123|||MAIN|ST|");
    check("123 Main Street Suite 400, Seattle, WA", "123|||MAIN|ST|");
    check("4567 NE 42nd Ave", "4567||NE|42|AVE|");
    check("4567 Northeast Forty-Second Avenue", "4567||NE|FORTY-SECOND|AVE|");
    check("1 Fifth Avenue", "1|||5|AVE|");
    check("1 5th Ave", "1|||5|AVE|");
    check("1200 5 Ave SW", "1200|||5|AVE|SW");
    check("12B Oak Ln", "12|B||OAK|LN|");
    check("12 1/2 Oak Lane", "12|1/2||OAK|LN|");
    check("12-34 31st St", "12|-34||31|ST|");
    check("500 St Charles Ave", "500|||ST CHARLES|AVE|");
    check("500 Broadway", "500|||BROADWAY||");
    check("500 N Street NW", "500|||N|ST|NW");
    check("500 Avenue N", "500|||AVENUE||N");
    check("77 Martin Luther King Jr Way S", "77|||MARTIN LUTHER KING JR|WAY|S");
    check("77 O'Brien Ct", "77|||OBRIEN|CT|");
    check("West Lake Sammamish Pkwy", "||W|LAKE SAMMAMISH|PKWY|");
    check("3 Unit St", "3|||UNIT|ST|");
    check("42nd Street", "|||42|ST|");
    check("9 Calle Peñón", "9|||CALLE PEÑÓN||");
    check("123", "|||123||");
    check("", "none");
    check(" , ", "none");
    check("###", "none");
    check("99999999999 Main St", "|||99999999999 MAIN|ST|");
    assert!(Address::read(&"x ".repeat(100_000)).unwrap().name.len() < 400);
}

#[test]
fn every_short_form_is_its_own() {
    for word in ["STREET", "AVENUE", "BOULEVARD", "DRIVE", "COURT", "PLACE", "ROAD", "LANE", "TERRACE"] {
        let short = words::suffix(word).unwrap();
        assert_eq!(words::suffix(short), Some(short), "{word}");
    }
    for word in ["NORTH", "SOUTHWEST"] {
        let short = words::direction(word).unwrap();
        assert_eq!(words::direction(short), Some(short), "{word}");
    }
}

#[test]
fn the_table_of_zip_codes_is_whole() {
    let check = |text: &str, expect: Option<(f64, f64)>| {
        let found = zip(text).map(|place| (place.latitude, place.longitude));
        assert_eq!(found, expect, "{text}");
    };
    check("98101", Some((47.6109, -122.3364)));
    check(" 98101-1234 ", Some((47.6109, -122.3364)));
    check("981011234", Some((47.6109, -122.3364)));
    check("00501", Some((40.8154, -73.0451)));
    check("00000", None);
    check("98101-12", None);
    check("9810", None);
    check("98101x", None);
    check("K1A 0B1", None);
    check("٩٨١٠١", None);
    check("", None);
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(ZIP_TABLE), &mut text).unwrap();
    let zips: Vec<&str> = text.lines().skip(1).map(|line| line.split_once('\t').unwrap().0).collect();
    assert_eq!(zips.len(), 41_706);
    assert!(zips.is_sorted() && zips.iter().all(|digits| zip(digits).is_some()));
}

/// A street in 98101 whose houses of even numbers stand ten metres apart and run north, the odd ones
/// opposite.
fn town() -> Streets {
    let house = |line: &str, latitude: f64, longitude: f64| Known {
        address: Address::read(line).unwrap(),
        position: Position { latitude, longitude },
    };
    Streets::new([
        house("100 Pine St", 47.6100, -122.3300),
        house("200 Pine St Apt 1", 47.6110, -122.3300),
        house("200 Pine St Apt 2", 47.6110, -122.3300),
        house("300 Pine Street", 47.6120, -122.3300),
        house("101 Pine St", 47.6100, -122.3302),
        house("100 Pine Ave", 47.6200, -122.3400),
        house("10 N Oak St", 47.6300, -122.3300),
        house("10 S Oak St", 47.6000, -122.3300),
        house("Farm Rd", 47.5, -122.0),
        house("1 Long Rd", 47.60, -122.33),
        house("101 Long Rd", 47.65, -122.33),
        house("5 Wrong St", 20.0, 10.0),
    ])
}

/// PAR-123: the address itself, else its street, else its ZIP code; an unknown ZIP code is nowhere.
#[test]
fn par_123_the_best_way_that_leads_there() {
    let streets = town();
    assert_eq!(streets.len(), 11);
    let check = |line: &str, zip_code: &str, expect: &str| {
        let said = locate(line, zip_code, &streets).map_or("nowhere".into(), |found| {
            let Position { latitude, longitude } = found.position;
            format!("{} {latitude:.4} {longitude:.4}", found.accuracy.as_str())
        });
        assert_eq!(said, expect, "{line}, {zip_code}");
    };
    check("200 pine street", "98101", "address 47.6110 -122.3300");
    check("200 Pine St Unit 77", "98101-0001", "address 47.6110 -122.3300");
    check("150 Pine St", "98101", "street 47.6105 -122.3300");
    check("290 Pine St", "98101", "street 47.6119 -122.3300");
    // Even and odd stand opposite; where one side has no second house, the nearest within half a block.
    check("103 Pine St", "98101", "street 47.6100 -122.3302");
    check("240 Pine", "98101", "street 47.6114 -122.3300");
    check("310 Pine St", "98101", "street 47.6120 -122.3300");
    check("900 Pine St", "98101", "zip 47.6109 -122.3364");
    check("100 Pine Ave", "98101", "address 47.6200 -122.3400");
    // Two of that name, and the address does not say which.
    check("10 Oak St", "98101", "zip 47.6109 -122.3364");
    check("10 North Oak Street", "98101", "address 47.6300 -122.3300");
    // Five kilometres between two houses are no line.
    check("51 Long Rd", "98101", "street 47.6000 -122.3300");
    check("80 Long Rd", "98101", "street 47.6500 -122.3300");
    // A listing whose coordinates lie in another country.
    check("5 Wrong St", "98101", "zip 47.6109 -122.3364");
    check("1 Elm St", "98101", "zip 47.6109 -122.3364");
    check("", "98101", "zip 47.6109 -122.3364");
    check("200 Pine St", "00000", "nowhere");
    check("200 Pine St", "", "nowhere");
}

#[test]
fn distances_are_those_of_the_sphere() {
    let seattle = Position { latitude: 47.6062, longitude: -122.3321 };
    let portland = Position { latitude: 45.5152, longitude: -122.6784 };
    assert!((seattle.kilometres_to(portland) - 234.0).abs() < 1.0);
    let pole = Position { latitude: 90.0, longitude: 0.0 };
    let other = Position { latitude: -90.0, longitude: 77.0 };
    assert!((pole.kilometres_to(other) - 20_015.0).abs() < 1.0);
    assert!(seattle.kilometres_to(seattle).abs() < 1e-9);
}
