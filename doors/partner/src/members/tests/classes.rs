//! What each permission class is told (PAR-300 to 303), by the tables of the gate, over a real store.

use console::operate::{Act, Desk, NewGrant, NewKey, create_client, create_feed, grant, issue_key};
use gate::{Caller, Class as Permission, Credential, Gate, SigningKey};
use store::Store;

use super::*;

/// One caller of every class, each granted the feed `A`.
async fn callers(dictionary: &Arc<Dictionary>, now: Timestamp) -> Vec<(Permission, Caller)> {
    let scratch = testkit::Scratch::new();
    let settings = store::Settings::sqlite(scratch.file("classes.sqlite"));
    let store = Store::open(settings, Arc::clone(dictionary)).await.unwrap();
    let settings = gate::Settings::new(SigningKey::from_bytes(&[7; 32]));
    let gate = Gate::open(store.clone(), Arc::clone(dictionary), settings).await.unwrap();
    let desk = Desk {
        store,
        dictionary: Arc::clone(dictionary),
        gate: Some(gate.clone()),
        row_filters: None,
        outflow: None,
    };
    let act = Act { actor: Text::new_static("test"), now };
    create_feed(&desk, &act, "A", "A").await.unwrap();
    let mut callers = Vec::new();
    for class in Permission::ALL {
        create_client(&desk, &act, class.name(), class.name(), false).await.unwrap();
        grant(&desk, &act, &NewGrant::read(class.name(), "A", class)).await.unwrap();
        let key = issue_key(&desk, &act, class.name(), NewKey::default()).await.unwrap();
        let shown = format!("Bearer {}", key.secret.reveal());
        let credential = Credential::read(Some(&shown)).unwrap();
        callers.push((class, gate.authenticate(&credential, now).unwrap()));
    }
    callers
}

const LISTING: &str = "Property: ListingId=77; StandardStatus=Active; ListPrice=500000; PublicRemarks=Light; \
    PrivateRemarks=Mat; ShowingInstructions=Call; LockBoxType=Other; LockBoxSerialNumber=300; \
    ExpirationDate=2026-12-31; OccupantName=Byron; OccupantType=Owner; BuyerBrokerageCompensation=3; \
    TransactionBrokerCompensation=5; DualOrVariableRateCommissionYN=true; InternetEntireListingDisplayYN=true";

/// PAR-300: a table for each class decides; PAR-301: what IDX never gets; PAR-302: what nobody gets.
#[tokio::test]
async fn par_301_what_each_class_is_told() {
    use Permission::{Analytics, Bbo, Idx, Participant, Vow};
    let town = Town::written(&[LISTING]);
    let all = [Idx, Vow, Bbo, Participant, Analytics];
    let callers = callers(&town.dictionary, town.now).await;
    let members: [(&str, &[Permission]); 11] = [
        ("Price", &all),
        ("Remarks", &all),
        ("IsOwnerOccupied", &all),
        ("AgentRemarks", &[Bbo, Participant]),
        ("ShowingInstructions", &[Participant]),
        ("LockBox", &[Participant]),
        ("ExpirationDate", &[Bbo, Participant]),
        ("BuyerCommission", &[]),
        ("Commission", &[]),
        ("SellerCommission", &[]),
        ("HasVariableCommission", &[]),
    ];
    for (class, caller) in &callers {
        let dress =
            Dress::of(&town.dictionary, caller, "A", Disclosure::default(), None, "https://hub.example");
        let object = town.object(Kind::Details, "L", &dress);
        for (member, told) in members {
            let blank = ["", "false"].map(Json::from).contains(&object[member])
                || object[member].is_null()
                || object[member] == false;
            assert_eq!(!blank, told.contains(class), "{member} to {}: {}", class.name(), object[member]);
        }
        let text = object.to_string();
        assert!(!text.contains("300\"") && !text.contains("Byron"), "{text}");
    }
}

/// PAR-301, PAR-303: which listings each class is told of at all.
#[tokio::test]
async fn par_303_which_listings_each_class_is_told_of() {
    let statuses = ["Active", "Expired", "Withdrawn", "Canceled", "Coming Soon", "Closed", "Incomplete"];
    let mut lines: Vec<String> = statuses
        .iter()
        .map(|status| format!("Property: ListingKey={status}; StandardStatus={status}"))
        .collect();
    lines.push(
        "Property: ListingKey=Hidden; StandardStatus=Active; InternetEntireListingDisplayYN=false".into(),
    );
    let town = Town::written(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let property = town.dictionary.known("Property").id;
    let reader = town.search.read();
    for (class, caller) in callers(&town.dictionary, town.now).await {
        let hits = reader.page(&query::Query::all(property), caller.scope(), town.now).unwrap();
        let mut told: Vec<&str> = hits.rows.iter().map(|row| reader.view(property, *row).key()).collect();
        told.sort_unstable();
        let expect: &[&str] = match class {
            Permission::Idx => &["Active", "Closed"],
            Permission::Vow => &["Active", "Canceled", "Closed", "Expired", "Withdrawn"],
            Permission::Bbo | Permission::Participant => {
                &["Active", "Canceled", "Closed", "Coming Soon", "Expired", "Hidden", "Withdrawn"]
            }
            Permission::Analytics => &[
                "Active",
                "Canceled",
                "Closed",
                "Coming Soon",
                "Expired",
                "Hidden",
                "Incomplete",
                "Withdrawn",
            ],
        };
        assert_eq!(told, expect, "{}", class.name());
    }
}

/// PAR-141: the values in use of one feed, with how many listings have each, of those that may be seen.
#[tokio::test]
async fn par_141_lookups_tell_the_values_in_use() {
    let town = Town::written(&[
        "Property: ListingKey=1; StandardStatus=Active; PropertyType=Residential; PropertySubType=Condominium; \
            Heating=Forced Air|Natural Gas; View=City|Lake; Levels=Two; ArchitecturalStyle=Craftsman; Cooling=None",
        "Property: ListingKey=2; StandardStatus=Active; PropertyType=Land; View=Lake; \
            SpecialListingConditions=Short Sale",
        "Property: ListingKey=3; StandardStatus=Expired; PropertyType=Farm; View=Rural",
    ]);
    let reader = town.search.read();
    let callers = callers(&town.dictionary, town.now).await;
    let (_, idx) = callers.iter().find(|(class, _)| *class == Permission::Idx).unwrap();
    let look = Look { reader: &reader, scope: idx.scope(), now: town.now };
    let check = |name: &str, expect: &[(&str, u64)]| {
        let found = town.members.lookup(name, &look, idx, &"A".into()).expect("there is such a lookup");
        let found: Vec<(&str, u64)> = found.iter().map(|(value, count)| (value.as_str(), *count)).collect();
        assert_eq!(found, expect, "{name}");
    };
    check("PropertyType", &[("LAND", 1), ("CONDO", 1)]);
    check("propertysubtype", &[("Condominium", 1)]);
    check("ListingStatus", &[("Active", 2)]);
    check("Air", &[("None", 1)]);
    check("HeatingDelivery", &[("Forced Air", 1)]);
    check("HeatingSource", &[("Natural Gas", 1)]);
    check("StylesStories", &[("2 Stories", 1), ("Craftsman", 1)]);
    check("View", &[("City", 1), ("Lake", 2)]);
    check("SaleType", &[("Short Sale", 1), ("Resale/New", 1)]);
    check("Roof", &[]);
    check("Construction", &[]);
    check("Flooring", &[]);
    assert!(town.members.is_lookup("Sortables"));
    assert!(!town.members.is_lookup("Nonsense"));
    assert!(town.members.lookup("Nonsense", &look, idx, &"A".into()).is_none());
    let other = town.members.lookup("View", &look, idx, &"B".into()).unwrap();
    assert!(other.is_empty(), "a feed that is not granted has no values");
}
