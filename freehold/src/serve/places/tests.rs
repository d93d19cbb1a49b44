//! Places from real listings in a real index, and from a real server that answers as geocoders do.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use axum::Router;
use axum::extract::RawQuery;
use axum::routing::get;
use dictionary::{Decimal, Dictionary, Record, Timestamp, Value, Version};
use geocode::Position;
use search::Search;
use store::{Batch, Operation, Store};

use super::*;
use crate::settings::Geocode;

static SECONDS: AtomicI64 = AtomicI64::new(0);

fn noon() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

/// A listing: street line, ZIP code, city, latitude; its longitude is that of Pine Street.
fn listing(dictionary: &Dictionary, key: &str, at: (&str, &str, &str, &str), hidden: bool) -> Operation {
    let property = dictionary.known("Property");
    let (street, zip, city, latitude) = at;
    let mut record = Record::new(property.id);
    let mut set = |name: &str, value: Value| record.set(property.find(name).unwrap(), value);
    set("ListingKey", Value::Text(key.into()));
    let parts: Vec<&str> = street.split('|').collect();
    if let [number, direction, name, suffix] = parts[..] {
        let names = ["StreetNumber", "StreetDirPrefix", "StreetName", "StreetSuffix"];
        for (field, text) in names.into_iter().zip([number, direction, name, suffix]) {
            if !text.is_empty() {
                set(field, Value::Text(text.into()));
            }
        }
    } else {
        set("UnparsedAddress", Value::Text(street.into()));
    }
    set("PostalCode", Value::Text(zip.into()));
    set("City", Value::Text(city.into()));
    set("Latitude", Value::Decimal(latitude.parse::<Decimal>().unwrap()));
    set("Longitude", Value::Decimal("-122.33".parse::<Decimal>().unwrap()));
    if hidden {
        set("InternetAddressDisplayYN", Value::Boolean(false));
    }
    Operation::put("F", record)
}

async fn places(external: Option<External>) -> (Places, Store, Search, Arc<Dictionary>, testkit::Scratch) {
    let scratch = testkit::Scratch::new();
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let settings = store::Settings::sqlite(scratch.file("places.sqlite"));
    let store = Store::open(settings, Arc::clone(&dictionary)).await.unwrap();
    let search = Search::new(Arc::clone(&dictionary));
    let mut batch = Batch::new("test", noon());
    batch.operations = vec![
        listing(&dictionary, "1", ("100||Pine|Street", "98101", "Seattle", "47.61"), false),
        listing(&dictionary, "2", ("200||PINE|St", "98101-1234", "Seattle", "47.62"), false),
        listing(&dictionary, "3", ("300 Pine St, Unit 4", "98101", "Seattle", "47.63"), false),
        listing(&dictionary, "4", ("10|North|Oak|Ave", "98101", "Seattle", "47.60"), true),
        listing(&dictionary, "5", ("7||Harbor|Way", "98102", "SEATTLE", "47.64"), false),
        // The same street in another Seattle, far away.
        listing(&dictionary, "6", ("9||Alien|Way", "33101", "Seattle", "25.77"), false),
    ];
    store.write(batch).await.unwrap();
    search.apply(&store.follow(0, 100).await.unwrap());
    let neighbourhoods = Neighbourhoods::new(&dictionary, search.clone(), noon);
    let inner = Inner { neighbourhoods, external };
    (Places { inner: Arc::new(inner) }, store, search, dictionary, scratch)
}

async fn located(places: &Places, street: &str, city: &str, zip: &str) -> String {
    let wanted = Wanted { street: street.into(), city: city.into(), state: "WA".into(), zip: zip.into() };
    places.locate(wanted).await.map_or("nowhere".into(), |found| {
        let Position { latitude, longitude } = found.position;
        format!("{} {latitude:.4} {longitude:.4}", found.accuracy.as_str())
    })
}

/// PAR-123: listing address, street, ZIP code; what is kept from the Internet tells nothing.
#[tokio::test]
async fn par_123_own_listings_tell_where_an_address_is() {
    let (places, store, search, dictionary, _scratch) = places(None).await;
    let check = async |street: &str, city: &str, zip: &str, expect: &str| {
        assert_eq!(located(&places, street, city, zip).await, expect, "{street}, {city} {zip}");
    };
    check("100 pine st.", "Seattle", "98101", "address 47.6100 -122.3300").await;
    check("200 Pine Street #9", "", "98101", "address 47.6200 -122.3300").await;
    check("300 Pine", "Seattle", "98101-0007", "address 47.6300 -122.3300").await;
    check("150 Pine St", "Seattle", "98101", "street 47.6150 -122.3300").await;
    check("10 N Oak Ave", "Seattle", "98101", "zip 47.6109 -122.3364").await;
    // The ZIP code does not know the street, the city does, however its name is written.
    check("7 Harbor Way", "seattle ", "98101", "address 47.6400 -122.3300").await;
    check("7 Harbor Way", "Tacoma", "98101", "zip 47.6109 -122.3364").await;
    check("9 Alien Way", "Seattle", "98101", "zip 47.6109 -122.3364").await;
    check("1 Elm St", "Seattle", "00000", "nowhere").await;
    check("", "", "98101", "zip 47.6109 -122.3364").await;
    check(&"x".repeat(100_000), "y", "98101", "zip 47.6109 -122.3364").await;

    let mut batch = Batch::new("test", noon());
    batch.operations = vec![listing(&dictionary, "7", ("1||Elm|St", "98102", "Seattle", "47.65"), false)];
    store.write(batch).await.unwrap();
    search.apply(&store.follow(search.applied(), 100).await.unwrap());
    // A neighbourhood that nobody had asked for is read as it is now.
    check("1 Elm St", "", "98102", "address 47.6500 -122.3300").await;
}

/// A geocoder that answers by the street that it is asked for, and counts.
async fn geocoder(asked: Arc<AtomicUsize>) -> String {
    let answer = move |RawQuery(query): RawQuery| {
        let asked = Arc::clone(&asked);
        async move {
            asked.fetch_add(1, Ordering::SeqCst);
            let query: Vec<(String, String)> =
                form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
            let of = |name: &str| {
                let found = query.iter().find(|(key, _)| key == name);
                found.map(|(_, value)| value.clone()).unwrap_or_default()
            };
            let (street, address) = (of("street"), of("address"));
            let place =
                |lat: &str, rank: u64| format!(r#"[{{"lat":"{lat}","lon":"-122.3","place_rank":{rank}}}]"#);
            let feature = |layer: &str, accuracy: &str| {
                format!(
                    r#"{{"features":[{{"geometry":{{"coordinates":[-122.31,47.66]}},"properties":{{"layer":"{layer}","accuracy":"{accuracy}"}}}}]}}"#
                )
            };
            match (street.as_str(), address.as_str()) {
                ("1 house rd", _) if of("key") == "k" && of("postalcode") == "98101" => {
                    Ok(place("47.65", 30))
                }
                ("1 street rd", _) => Ok(place("47.65", 26)),
                ("1 city rd", _) => Ok(place("47.65", 16)),
                ("1 far rd", _) => Ok(place("10.0", 30)),
                ("1 nowhere rd", _) => Ok("[]".to_owned()),
                ("1 wrong rd", _) => Ok(place("four", 30)),
                ("1 html rd", _) => Ok("<html>".to_owned()),
                ("1 endless rd", _) => Ok("[".repeat(5 << 20)),
                ("1 slow rd", _) => {
                    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
                    Ok(String::new())
                }
                ("1 broken rd", _) => Err(http::StatusCode::INTERNAL_SERVER_ERROR),
                (_, "1 house rd") => Ok(feature("address", "point")),
                (_, "1 between rd") => Ok(feature("address", "interpolated")),
                (_, "1 street rd") => Ok(feature("street", "centroid")),
                (_, "1 city rd") => Ok(feature("locality", "centroid")),
                _ => Ok("{}".to_owned()),
            }
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = Router::new().route("/search", get(answer));
    tokio::spawn(axum::serve(listener, routes).into_future());
    format!("http://{address}/search")
}

fn of(url: &str, form: &str, per_second: u32, clock: fn() -> Timestamp) -> External {
    let settings = Geocode { url: url.into(), form: form.into(), timeout_milliseconds: 1_000, per_second };
    External::new(&settings, clock).unwrap().unwrap()
}

#[tokio::test]
async fn an_external_geocoder_knows_better_than_a_zip_code() {
    let asked = Arc::new(AtomicUsize::default());
    let url = geocoder(Arc::clone(&asked)).await;
    let middle = "zip 47.6109 -122.3364";
    let check = async |form: &str, street: &str, expect: &str| {
        let url = if form == "nominatim" { format!("{url}?key=k") } else { url.clone() };
        let (places, .., _scratch) = places(Some(of(&url, form, 1_000, noon))).await;
        let before = asked.load(Ordering::SeqCst);
        assert_eq!(located(&places, street, "Seattle", "98101").await, expect, "{form}: {street}");
        asked.load(Ordering::SeqCst) - before
    };
    assert_eq!(check("nominatim", "1 House  Rd", "address 47.6500 -122.3000").await, 1);
    assert_eq!(check("nominatim", "1 Street Rd", "street 47.6500 -122.3000").await, 1);
    // What is known here is not asked for; a street known here is, and stays where there is no better.
    assert_eq!(check("nominatim", "100 Pine St", "address 47.6100 -122.3300").await, 0);
    assert_eq!(check("nominatim", "150 Pine St", "street 47.6150 -122.3300").await, 1);
    for street in ["city", "far", "nowhere", "wrong", "html", "endless", "slow", "broken"] {
        assert_eq!(check("nominatim", &format!("1 {street} Rd"), middle).await, 1);
    }
    check("pelias", "1 House Rd", "address 47.6600 -122.3100").await;
    check("pelias", "1 Between Rd", "street 47.6600 -122.3100").await;
    check("pelias", "1 Street Rd", "street 47.6600 -122.3100").await;
    check("pelias", "1 City Rd", middle).await;
    check("pelias", "1 Nowhere Rd", middle).await;
}

#[tokio::test]
async fn an_external_geocoder_is_asked_within_bounds() {
    fn clock() -> Timestamp {
        Timestamp::from_second(1_780_000_000 + SECONDS.load(Ordering::SeqCst)).unwrap()
    }
    let asked = Arc::new(AtomicUsize::default());
    let url = format!("{}?key=k", geocoder(Arc::clone(&asked)).await);
    let (places, .., _scratch) = places(Some(of(&url, "nominatim", 2, clock))).await;
    let check = async |second: i64, street: &str, expect: &str, times: usize| {
        SECONDS.store(second, Ordering::SeqCst);
        let found = located(&places, street, "Seattle", "98101").await;
        assert!(found.starts_with(expect), "{second}: {street}: {found}");
        assert_eq!(asked.load(Ordering::SeqCst), times, "{second}: {street}");
    };
    check(0, "1 House Rd", "address", 1).await;
    // Remembered, as is what the geocoder does not know.
    check(0, "1 HOUSE rd", "address", 1).await;
    check(0, "1 Nowhere Rd", "zip", 2).await;
    check(0, "1 Nowhere Rd", "zip", 2).await;
    // Two a second are over.
    check(0, "1 Street Rd", "zip", 2).await;
    check(1, "1 Street Rd", "street", 3).await;
    check(1, "1 Broken Rd", "zip", 4).await;
    // It rests for half a minute, and what is remembered is known all the same.
    check(20, "1 City Rd", "zip", 4).await;
    check(20, "1 House Rd", "address", 4).await;
    check(40, "1 City Rd", "zip", 5).await;
    // A month later it is asked again.
    check(31 * 24 * 3_600, "1 House Rd", "address", 6).await;
}
