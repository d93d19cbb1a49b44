//! What a grant shows, by class, masks, time and the states of client and feed.

use std::sync::Arc;

use dictionary::{FieldSet, Origin, Record};
use query::{Context, Linked, Rows, matches};

use super::town::{Town, dictionary, field, granted, record, resource};
use crate::classes::{Classes, fits};
use crate::{Class, check_grant};

#[test]
fn every_line_of_the_class_tables_names_something() {
    let (_, strange) = Classes::built_in(&dictionary());
    assert!(strange.is_empty(), "{strange:#?}");
}

#[test]
fn patterns_fit_names() {
    for (pattern, name, expect) in [
        ("*", "", true),
        ("A*", "A", true),
        ("A*", "BA", false),
        ("*Phone", "OwnerPhone", true),
        ("*Phone", "OwnerPhoneExt", false),
        ("*a*a", "a", false),
        ("*ab*b", "ab", false),
        ("*ab*b", "abb", true),
        ("A*C*E", "ABCDE", true),
        ("ABC", "ABC", true),
        ("ABC", "ABCD", false),
    ] {
        assert_eq!(fits(pattern, name), expect, "{pattern} {name}");
    }
}

#[test]
fn each_class_sees_what_the_table_says() {
    // Field, and I(DX) V(OW) B(BO) P(articipant) A(nalytics) where it is seen.
    for (name, seen) in [
        ("Property.ListPrice", "IVBPA"),
        ("Property.ListingKey", "IVBPA"),
        ("Property.PublicRemarks", "IVBPA"),
        ("Property.PrivateRemarks", "BP"),
        ("Property.PrivateOfficeRemarks", ""),
        ("Property.ShowingInstructions", "P"),
        ("Property.ShowingRequirements", "BP"),
        ("Property.ShowingContactPhone", "P"),
        ("Property.LockBoxSerialNumber", "P"),
        ("Property.AccessCode", "P"),
        ("Property.OwnerName", "P"),
        ("Property.OwnerPhone", "P"),
        ("Property.BuyerBrokerageCompensation", "P"),
        ("Property.SubAgencyCompensationType", "P"),
        ("Property.ListAgentHomePhone", "P"),
        ("Member.MemberPassword", ""),
        ("Member.MemberEmail", "IVBPA"),
        ("LockOrBox.Notes", "P"),
        ("Contacts.FirstName", ""),
        ("Lookup.LookupValue", "IVBPA"),
    ] {
        let (of, name) = name.split_once('.').unwrap();
        let (of, field) = (resource(of), field(of, name));
        let letters: String = Class::ALL
            .into_iter()
            .filter(|class| granted(&[("F", class.name())]).sight().sees(of, field))
            .map(|class| &class.name()[..1])
            .collect();
        assert_eq!(letters, seen, "{name}");
    }
}

#[test]
fn a_class_never_shows_freeholds_own_resources() {
    let caller = granted(&[("F", "Participant")]);
    for own in dictionary().resources().iter().filter(|r| r.origin == Origin::Freehold) {
        assert!(!caller.sight().sees_resource(own.id), "{}", own.name);
        assert_eq!(caller.scope().rows(own.id), &Rows::None);
    }
}

#[test]
fn without_a_grant_nothing_is_there() {
    let caller = granted(&[]);
    for all in dictionary().resources() {
        assert!(!caller.sight().sees_resource(all.id), "{}", all.name);
        assert_eq!(caller.scope().rows(all.id), &Rows::None);
        assert_eq!(caller.shown(all.id, "F"), &FieldSet::default());
        assert!(!caller.may_read("F", all.id) && !caller.may_write("F", all.id));
    }
}

#[test]
fn masks_show_more_and_hide_more_and_never_the_key() {
    let town = Town::new().with("Client", "ClientId=a ClientStatus=Active").with(
        "Grant",
        "ClientId=a FeedId=F AccessLevel=Write PermissionClass=IDX ResourceNames=Property|Contacts \
         ShownFields=Property.Private*|Contacts.FirstName \
         HiddenFields=Property.PrivateOfficeRemarks|Property.List*|Property.ModificationTimestamp",
    );
    let caller = town.caller("a", 0).unwrap();
    let shown = |of: &str, name: &str| caller.shown(resource(of), "F").contains(field(of, name));
    for (of, name, expect) in [
        ("Property", "PrivateRemarks", true),
        ("Property", "PrivateOfficeRemarks", false),
        ("Property", "ListPrice", false),
        ("Property", "ListingKey", true),
        ("Property", "ModificationTimestamp", true),
        ("Property", "City", true),
        ("Contacts", "FirstName", true),
        ("Contacts", "ContactKey", true),
        ("Contacts", "LastName", false),
        ("Member", "MemberKey", false),
    ] {
        assert_eq!(shown(of, name), expect, "{of}.{name}");
    }
    assert!(caller.may_write("F", resource("Property")));
    assert!(!caller.may_write("F", resource("Member")), "not among ResourceNames");
    assert!(!caller.may_write("G", resource("Property")), "another feed");
    assert_eq!(caller.class("F"), Some(Class::Idx));
}

#[test]
fn a_computed_point_is_hidden_with_what_it_comes_from() {
    for (words, expect) in [
        ("", true),
        ("HiddenFields=Property.Latitude", false),
        ("HiddenFields=Property.Longitude", false),
        ("HiddenFields=Property.Coordinates", false),
    ] {
        let town = Town::new().with("Client", "ClientId=a ClientStatus=Active");
        town.put("Grant", &format!("ClientId=a FeedId=F AccessLevel=Read PermissionClass=IDX {words}"));
        let seen =
            town.caller("a", 0).unwrap().sight().sees(resource("Property"), field("Property", "Coordinates"));
        assert_eq!(seen, expect, "{words}");
    }
}

#[test]
fn a_grant_with_a_fault_shows_nothing() {
    let caller = |grant: &str| {
        let town = Town::new().with("Client", "ClientId=a ClientStatus=Active");
        town.put("Grant", &format!("ClientId=a FeedId=F {grant}"));
        town.caller("a", 0).unwrap()
    };
    let good = "AccessLevel=Read PermissionClass=IDX";
    assert!(caller(good).may_read("F", resource("Property")));
    for bad in [
        "PermissionClass=IDX".to_owned(),
        "AccessLevel=Read".to_owned(),
        "AccessLevel=Read PermissionClass=idx".to_owned(),
        format!("{good} HiddenFields=Property.PrivateRemark"),
        format!("{good} HiddenFields=PrivateRemarks"),
        format!("{good} ResourceNames=Propety"),
        format!("{good} ResourceNames=Client"),
        format!("{good} RowFilters=Property:City"),
    ] {
        assert!(!caller(&bad).may_read("F", resource("Property")), "{bad}");
        let faults =
            check_grant(&dictionary(), &record("Grant", &format!("ClientId=a FeedId=F {bad}")), None);
        assert_eq!(faults.len(), 1, "{bad}: {faults:?}");
    }
}

#[test]
fn what_ends_ends() {
    let grant = "ClientId=a FeedId=F AccessLevel=Read PermissionClass=IDX";
    let town = Town::new()
        .with("Client", "ClientId=a ClientStatus=Active")
        .with("Feed", "FeedId=F FeedStatus=Active")
        .with("Grant", &format!("{grant} ExpirationTimestamp=100"));
    let reads = |second| town.caller("a", second).is_some_and(|c| c.may_read("F", resource("Property")));
    assert!(reads(99));
    assert!(!reads(100), "the grant has ended, though no record changed");
    town.put("Grant", grant);
    assert!(reads(100));
    town.put("Feed", "FeedId=F FeedStatus=Suspended");
    assert!(!reads(100), "the feed is suspended");
    town.put("Feed", "FeedId=F FeedStatus=Active");
    assert!(reads(100));
    town.remove("Grant", "a|F");
    assert!(!reads(100), "the grant is gone");
    town.put("Grant", grant);
    town.put("Client", "ClientId=a ClientStatus=Suspended");
    assert!(town.caller("a", 100).is_none(), "the client is suspended");
    town.put("Client", "ClientId=a ClientStatus=Active");
    assert!(reads(100));
    town.remove("Client", "a");
    assert!(town.caller("a", 100).is_none());
}

#[test]
fn a_client_whose_id_begins_like_anothers_has_none_of_its_grants() {
    let town = Town::new()
        .with("Client", "ClientId=a ClientStatus=Active")
        .with("Client", "ClientId=a.b ClientStatus=Active")
        .with("Grant", "ClientId=a.b FeedId=F AccessLevel=Read PermissionClass=IDX");
    assert!(!town.caller("a", 0).unwrap().may_read("F", resource("Property")));
    assert!(town.caller("a.b", 0).unwrap().may_read("F", resource("Property")));
}

#[test]
fn what_is_older_than_what_is_known_is_passed_over() {
    let town = Town::new().with("Client", "ClientId=a ClientStatus=Active");
    town.put("Client", "ClientId=a ClientStatus=Suspended");
    let old = std::sync::Arc::new(record("Client", "ClientId=a ClientStatus=Active"));
    town.book.lock().take(resource("Client"), &"a".into(), 1, Some(old));
    assert!(town.caller("a", 0).is_none());
}

#[test]
fn an_operator_needs_no_grant() {
    let town = Town::new().with("Client", "ClientId=o ClientStatus=Active OperatorYN=true");
    let caller = town.caller("o", 0).unwrap();
    assert!(caller.is_operator() && caller.require_operator(true).is_ok());
    assert_eq!(caller.actor(), "operator/o");
    let keys = resource("ClientKey");
    assert!(caller.sight().sees_resource(keys) && caller.may_write("any", keys));
    assert!(caller.shown(resource("Property"), "any").contains(field("Property", "PrivateRemarks")));
    let refused = granted(&[("F", "Participant")]).require_operator(false).unwrap_err();
    assert_eq!((refused.status, refused.code), (403, "not_operator"));
}

#[test]
fn a_clients_quota_is_its_own_or_the_one_for_everyone() {
    let town = Town::new()
        .with("Client", "ClientId=a ClientStatus=Active")
        .with("Client", "ClientId=b ClientStatus=Active QuotaId=wide");
    let per_hour = |client| town.caller(client, 0).unwrap().account.limits.requests_per_hour;
    assert_eq!((per_hour("a"), per_hour("b")), (None, None));
    town.put("Quota", "QuotaId=default RequestsPerHour=10");
    assert_eq!((per_hour("a"), per_hour("b")), (Some(10), Some(10)));
    town.put("Quota", "QuotaId=wide RequestsPerHour=99");
    assert_eq!((per_hour("a"), per_hour("b")), (Some(10), Some(99)));
}

/// Whether a record of `Field=value` words of feed F is seen by a caller with this grant of it.
fn row_is_seen(caller: &crate::Caller, name: &str, words: &str, linked: &[Record]) -> bool {
    struct All<'a>(&'a [Record]);
    impl Linked for All<'_> {
        fn linked(&self, record: &Record, link: dictionary::LinkId) -> Vec<Arc<Record>> {
            let dictionary = dictionary();
            let link = dictionary.resource(record.resource()).link(link);
            let fits = |other: &&Record| {
                other.resource() == link.target
                    && record.get(link.join.source).is_some_and(|v| other.get(link.join.target) == Some(v))
            };
            self.0.iter().filter(fits).cloned().map(Arc::new).collect()
        }
    }
    let Rows::Of(rows) = caller.scope().rows(resource(name)) else { return false };
    let context = Context { dictionary: &dictionary(), links: &All(linked), now: super::at(0) };
    let record = record(name, words);
    rows.iter().any(|row| row.filter.as_ref().is_none_or(|filter| matches(filter, &record, context)))
}

#[test]
fn each_class_sees_the_rows_that_the_table_says() {
    for (name, words, seen) in [
        ("Property", "ListingKey=1", "IVBPA"),
        ("Property", "ListingKey=1 InternetEntireListingDisplayYN=true StandardStatus=Active", "IVBPA"),
        ("Property", "ListingKey=1 InternetEntireListingDisplayYN=false", "BPA"),
        ("Property", "ListingKey=1 StandardStatus=Withdrawn", "VBPA"),
        ("Property", "ListingKey=1 StandardStatus=Hold", "BPA"),
        ("Property", "ListingKey=1 StandardStatus=Delete", "A"),
        ("Media", "MediaKey=1", "IVBPA"),
        ("Media", "MediaKey=1 Permission=Public|IDX", "IVBPA"),
        ("Media", "MediaKey=1 Permission=Public|Private", ""),
        // What hangs on a listing goes with it.
        ("OpenHouse", "OpenHouseKey=1 ListingKey=open", "IVBPA"),
        ("OpenHouse", "OpenHouseKey=1 ListingKey=closed", "BPA"),
        ("OpenHouse", "OpenHouseKey=1 ListingKey=held", "BPA"),
        ("OpenHouse", "OpenHouseKey=1 ListingKey=none", "BPA"),
        ("OpenHouse", "OpenHouseKey=1", "BPA"),
    ] {
        let listings = [
            record("Property", "ListingKey=open StandardStatus=Active"),
            record("Property", "ListingKey=closed InternetEntireListingDisplayYN=false"),
            record("Property", "ListingKey=held StandardStatus=Hold"),
        ];
        let sees = |class: &Class| row_is_seen(&granted(&[("F", class.name())]), name, words, &listings);
        let letters: String = Class::ALL.into_iter().filter(sees).map(|class| &class.name()[..1]).collect();
        assert_eq!(letters, seen, "{name} {words}");
    }
}

/// Who owns the data sees drafts and what was deleted; the grant's own filter holds all the same.
#[test]
fn a_grant_of_every_record_hides_what_its_own_filter_hides_alone() {
    let reader: crate::RowFilterReader = Arc::new(|dictionary, of, text| {
        let (name, value) = text.split_once('=').ok_or("no =")?;
        let field = dictionary.resource(of).find(name).ok_or("no such field")?;
        Ok(query::Expr::equal(field, value))
    });
    let listings = [record("Property", "ListingKey=held StandardStatus=Hold City=Kent")];
    for class in Class::ALL {
        let town = Town::reading(Arc::clone(&reader)).with("Client", "ClientId=a ClientStatus=Active");
        let grant = format!("ClientId=a FeedId=F AccessLevel=Read PermissionClass={}", class.name());
        let sees = |words: &str, name: &str, record: &str| {
            town.put("Grant", &format!("{grant} {words}"));
            row_is_seen(&town.caller("a", 0).unwrap(), name, record, &listings)
        };
        for (name, record) in [
            ("Property", "ListingKey=1 StandardStatus=Delete City=Kent"),
            (
                "Property",
                "ListingKey=1 StandardStatus=Incomplete InternetEntireListingDisplayYN=false City=Kent",
            ),
            ("Media", "MediaKey=1 Permission=Private"),
            ("OpenHouse", "OpenHouseKey=1 ListingKey=held"),
        ] {
            assert!(sees("EveryRecordYN=true", name, record), "{} {name} {record}", class.name());
            let filtered = sees("EveryRecordYN=true RowFilters=Property:City=Seattle", name, record);
            assert_eq!(filtered, name == "Media", "{} {name} {record}", class.name());
        }
        assert!(!sees("EveryRecordYN=false", "Media", "MediaKey=1 Permission=Private"), "{}", class.name());
        // Which fields are seen is the class's to say.
        town.put("Grant", &format!("{grant} EveryRecordYN=true"));
        let caller = town.caller("a", 0).unwrap();
        assert!(!caller.sight().sees(resource("Property"), field("Property", "PrivateOfficeRemarks")));
    }
}

#[test]
fn a_row_filter_holds_for_what_hangs_on_the_listing_too() {
    let reader: crate::RowFilterReader = Arc::new(|dictionary, of, text| {
        let (name, value) = text.split_once('=').ok_or("no =")?;
        let field = dictionary.resource(of).find(name).ok_or("no such field")?;
        Ok(query::Expr::equal(field, value))
    });
    let town = Town::reading(reader).with("Client", "ClientId=a ClientStatus=Active").with(
        "Grant",
        "ClientId=a FeedId=F AccessLevel=Read PermissionClass=Participant RowFilters=Property:City=Bothell",
    );
    let caller = town.caller("a", 0).unwrap();
    let listings =
        [record("Property", "ListingKey=in City=Bothell"), record("Property", "ListingKey=out City=Kent")];
    for (name, words, expect) in [
        ("Property", "ListingKey=in City=Bothell", true),
        ("Property", "ListingKey=out City=Kent", false),
        ("Property", "ListingKey=x", false),
        ("OpenHouse", "OpenHouseKey=1 ListingKey=in", true),
        ("OpenHouse", "OpenHouseKey=2 ListingKey=out", false),
        ("Member", "MemberKey=1", true),
    ] {
        assert_eq!(row_is_seen(&caller, name, words, &listings), expect, "{name} {words}");
    }
}

#[test]
fn history_tells_of_shown_fields_alone() {
    let town = Town::new().with("Client", "ClientId=a ClientStatus=Active").with(
        "Grant",
        "ClientId=a FeedId=F AccessLevel=Read PermissionClass=Participant HiddenFields=Property.OwnerName",
    );
    let caller = town.caller("a", 0).unwrap();
    for (about, expect) in [
        ("ResourceName=Property FieldName=ListPrice", true),
        ("ResourceName=Property FieldName=OwnerName", false),
        ("ResourceName=Property FieldName=PrivateOfficeRemarks", false),
        ("ResourceName=Member FieldName=MemberPassword", false),
        ("ResourceName=Member FieldName=MemberEmail", true),
        ("ResourceName=Contacts FieldName=FirstName", false),
        ("ResourceName=Property", false),
        ("FieldName=ListPrice", false),
        ("", false),
    ] {
        let words = format!("HistoryTransactionalKey=1 {about}");
        assert_eq!(row_is_seen(&caller, "HistoryTransactional", &words, &[]), expect, "{about}");
    }
}
