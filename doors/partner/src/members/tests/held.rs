//! What is held back: by a listing's own wish, by the law of the trade, by what a grant shows.

use super::*;

const LISTING: &str = "Property: ListingId=77; StreetNumber=12; StreetName=Oak; StreetSuffix=Lane; UnitNumber=4; \
    UnparsedAddress=12 Oak Lane, Renton; City=Renton; PostalCode=98055; Latitude=47.5; Longitude=-122.2; \
    ParcelNumber=123; Directions=Left at the oak; TaxLegalDescription=Lot 4; ListPrice=500000; ClosePrice=495000; \
    PrivateRemarks=Key under the mat; PoolPrivateYN=true; PoolFeatures=In Ground; \
    BuyerBrokerageCompensation=3; TransactionBrokerCompensation=5; DualOrVariableRateCommissionYN=true";

fn object(more: &str, dress: impl FnOnce(&Dictionary) -> Dress) -> Json {
    let town = Town::written(&[&format!("{LISTING}{more}")]);
    town.object(Kind::Details, "L", &dress(&town.dictionary))
}

/// PAR-202, PAR-303
#[test]
fn par_202_an_address_that_is_not_shown_is_nowhere_in_the_answer() {
    let shown = object("", full);
    assert_eq!(shown["Address"], "12 Oak Lane");
    assert_eq!(shown["Address2"], "4");
    assert_eq!((&shown["ShowAddress"], &shown["ShowOnMap"]), (&true.into(), &true.into()));
    let hidden = object("; InternetAddressDisplayYN=false", full);
    assert_eq!((&hidden["ShowAddress"], &hidden["ShowOnMap"]), (&false.into(), &false.into()));
    for member in [
        "Address",
        "Address2",
        "StreetNumber",
        "StreetName",
        "StreetSuffix",
        "UnitNumber",
        "ParcelNumber",
        "Directions",
        "LegalDescription",
    ] {
        assert_ne!(shown[member], "", "{member}");
        assert_eq!(hidden[member], "", "{member}");
    }
    assert_eq!((&hidden["Latitude"], &hidden["Longitude"]), (&Json::Null, &Json::Null));
    let text = hidden.to_string();
    assert!(!text.contains("Oak") && !text.contains("47.5"), "{text}");
    assert_eq!(hidden["City"], "Renton");
}

/// PAR-202: what hides the address holds although the client is not shown the field that says so.
#[test]
fn par_303_a_hidden_wish_is_a_wish_all_the_same() {
    let hidden = object("; InternetAddressDisplayYN=false", |dictionary| {
        without(dictionary, &["Property.InternetAddressDisplayYN"])
    });
    assert_eq!((&hidden["Address"], &hidden["ShowAddress"]), (&"".into(), &false.into()));
}

#[test]
fn par_202_a_place_that_is_not_shown_on_a_map_has_no_coordinates() {
    let off = object("; InternetEntireListingDisplayYN=false", full);
    assert_eq!((&off["ShowOnMap"], &off["Latitude"]), (&false.into(), &Json::Null));
    assert_eq!((&off["ShowAddress"], &off["Address"]), (&true.into(), &"12 Oak Lane".into()));
    let town = Town::written(&["Property: ListingId=77"]);
    assert_eq!(town.object(Kind::Summary, "L", &full(&town.dictionary))["ShowOnMap"], false);
}

/// PAR-302
#[test]
fn par_302_what_is_paid_to_whom_is_told_to_nobody() {
    let object = object("", full);
    for member in ["Commission", "BuyerCommission", "SellerCommission"] {
        assert_eq!(object[member], "", "{member}");
    }
    assert_eq!(object["HasVariableCommission"], false);
}

/// PAR-130
#[test]
fn par_130_a_sold_price_is_told_where_the_feed_discloses_it() {
    assert_eq!(object("", full)["SalePrice"], 495_000);
    let kept =
        object("", |dictionary| Dress { disclosure: Disclosure { no_sold_price: true }, ..full(dictionary) });
    assert_eq!(kept["SalePrice"], Json::Null);
    assert_eq!(kept["Price"], 500_000);
}

/// PAR-300: a member is blank where one of its fields is hidden.
#[test]
fn par_300_what_a_grant_hides_is_blank() {
    let hidden = object("", |dictionary| {
        without(dictionary, &["Property.PrivateRemarks", "Property.PoolFeatures", "Property.ListPrice"])
    });
    assert_eq!(object("", full)["AgentRemarks"], "Key under the mat");
    assert_eq!(hidden["AgentRemarks"], "");
    assert_eq!(hidden["HasPool"], false);
    assert_eq!(hidden["Price"], Json::Null);
    assert_eq!(hidden["PricePerSqft"], Json::Null);
}

/// What is hidden cannot be told from what is not there, for every field of a listing.
#[test]
fn par_300_a_hidden_field_tells_nothing() {
    let mut rng = testkit::rng("a_hidden_field_tells_nothing");
    let dictionary = standard();
    let property = dictionary.known("Property");
    let shape = testkit::Shape::full(&dictionary, property.id);
    let whole = testkit::record(&mut rng, &dictionary, &shape, 0);
    // Where it is, is not told either, but decides whether it may be shown on a map; the listing's wishes
    // hold whoever sees them.
    let aside = ["InternetAddressDisplayYN", "InternetEntireListingDisplayYN", "Latitude", "Longitude"];
    let key = |at: usize| testkit::key(&dictionary, property, at as u64);
    let mut records = vec![("A", whole.clone())];
    let mut changed = Vec::new();
    for (id, field) in property.each() {
        let known = whole.get(id).is_some() && property.timestamp != Some(id) && !property.key.contains(&id);
        if known && !aside.contains(&field.name.as_str()) {
            let mut other = whole.clone();
            other.set(id, testkit::value(&mut rng, &dictionary, field));
            other.set(property.key[0], key(records.len()));
            records.push(("A", other));
            changed.push(field.name.clone());
        }
    }
    let town = Town::of(Arc::clone(&dictionary), records);
    for (at, field) in changed.iter().enumerate() {
        let dress = without(&dictionary, &[&format!("Property.{field}")]);
        let told = [0, at + 1].map(|at| town.object(Kind::Details, &key(at), &dress));
        assert_eq!(told[0], told[1], "{field}");
    }
    assert!(changed.len() > 200, "most fields of a listing are known");
}
