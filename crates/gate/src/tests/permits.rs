//! From a query to a permitted one: what is hidden is neither named, nor filtered by, nor followed.

use query::{
    Comparison, Expand, Expr, FieldRef, LinkRef, Order, Over, Quantifier, Quantity, Query, Rows, Selection,
};

use super::town::{Town, dictionary, field, granted, resource};
use crate::{Caller, Permitted, Refusal, permit};

fn ask(caller: &Caller, change: impl FnOnce(&mut Query)) -> Result<Permitted, Refusal> {
    let mut query = Query::all(resource("Property"));
    change(&mut query);
    permit::permit(caller, query)
}

/// The feeds whose records of a resource may be told of.
fn feeds(permitted: &Permitted, of: &str) -> Vec<String> {
    match permitted.scope.rows(resource(of)) {
        Rows::Of(rows) => rows.iter().map(|row| row.feed.to_string()).collect(),
        Rows::None => Vec::new(),
        Rows::All => vec!["*".into()],
    }
}

fn present(at: FieldRef) -> Expr {
    Expr::Compare(Comparison::NotEqual, Box::new(Expr::Field(at)), Box::new(Expr::Null))
}

fn remarks() -> Expr {
    present(FieldRef::own(field("Property", "PrivateRemarks")))
}

#[test]
fn a_question_that_names_nothing_hidden_is_asked_of_every_feed() {
    let caller = granted(&[("A", "IDX"), ("B", "Participant")]);
    let permitted =
        ask(&caller, |q| q.filter = Some(present(FieldRef::own(field("Property", "City"))))).unwrap();
    assert_eq!(feeds(&permitted, "Property"), ["A", "B"]);
    assert!(std::sync::Arc::ptr_eq(&permitted.scope, caller.scope()));
}

#[test]
fn a_field_hidden_in_some_feeds_limits_the_question_to_the_others() {
    let caller = granted(&[("A", "IDX"), ("B", "Participant"), ("C", "BBO")]);
    let id = field("Property", "PrivateRemarks");
    let ways: [&dyn Fn(&mut Query); 6] = [
        &|q| q.filter = Some(remarks()),
        &|q| q.filter = Some(Expr::Not(Box::new(Expr::Or(vec![Expr::Null, remarks()])))),
        &|q| q.filter = Some(Expr::In(Box::new(Expr::Null), vec![Expr::field(id)])),
        &|q| q.filter = Some(Expr::Call(query::Function::Length, vec![Expr::field(id)])),
        &|q| q.order = vec![Order::descending(Expr::field(id))],
        &|q| q.select = Selection::Fields(vec![id]),
    ];
    for (way, change) in ways.into_iter().enumerate() {
        let permitted = ask(&caller, change).unwrap();
        assert_eq!(feeds(&permitted, "Property"), ["B", "C"], "way {way}");
        assert_eq!(feeds(&permitted, "Member"), ["A", "B", "C"], "way {way}");
    }
    // Each of two fields is shown somewhere, both together in one feed alone.
    let two = ask(&caller, |q| {
        q.filter = Some(remarks());
        q.select = Selection::Fields(vec![field("Property", "OwnerName")]);
    });
    assert_eq!(feeds(&two.unwrap(), "Property"), ["B"]);
}

/// RESO-008: what the caller may not see is refused as what does not exist.
#[test]
fn a_field_hidden_in_every_feed_does_not_exist() {
    let caller = granted(&[("A", "IDX"), ("B", "VOW")]);
    let refusal = ask(&caller, |q| q.filter = Some(remarks())).unwrap_err();
    assert_eq!((refusal.status, refusal.code), (400, "field_unknown"));
    let unknown = Refusal::field("Property", "PrivateRemarks");
    assert_eq!(refusal, unknown, "the same words as for a field that is nowhere");
    let gone = permit::permit(&caller, Query::all(resource("Contacts"))).unwrap_err();
    assert_eq!((gone.status, gone.code), (404, "resource_unknown"));
    let nothing = permit::permit(&granted(&[]), Query::all(resource("Property"))).unwrap_err();
    assert_eq!(nothing.status, 404);
}

#[test]
fn a_hidden_field_is_not_reached_through_a_link() {
    let town = Town::new()
        .with("Client", "ClientId=a ClientStatus=Active")
        .with(
            "Grant",
            "ClientId=a FeedId=A AccessLevel=Read PermissionClass=Participant HiddenFields=Member.MemberEmail",
        )
        .with("Grant", "ClientId=a FeedId=B AccessLevel=Read PermissionClass=Participant");
    let caller = town.caller("a", 0).unwrap();
    let dictionary = dictionary();
    let property = dictionary.known("Property");
    let agent = property.find_link("ListAgent").unwrap();
    let email = field("Member", "MemberEmail");
    let through = || FieldRef { scope: 0, via: vec![agent].into(), field: email };
    let expanded = |query: Query| vec![Expand { link: agent, query }];
    let ways: [&dyn Fn(&mut Query); 4] = [
        &|q| q.filter = Some(present(through())),
        &|q| q.order = vec![Order::ascending(Expr::Field(through()))],
        &|q| {
            let filter = Some(present(FieldRef::own(email)));
            q.expand = expanded(Query { filter, ..Query::all(resource("Member")) });
        },
        &|q| {
            let select = Selection::Fields(vec![email]);
            q.expand = expanded(Query { select, ..Query::all(resource("Member")) });
        },
    ];
    for (way, change) in ways.into_iter().enumerate() {
        let permitted = ask(&caller, change).unwrap();
        assert_eq!(feeds(&permitted, "Member"), ["B"], "way {way}");
        assert_eq!(feeds(&permitted, "Property"), ["A", "B"], "way {way}");
    }
}

#[test]
fn a_hidden_field_is_not_reached_through_a_lambda() {
    let town = Town::new()
        .with("Client", "ClientId=a ClientStatus=Active")
        .with(
            "Grant",
            "ClientId=a FeedId=A AccessLevel=Read PermissionClass=IDX HiddenFields=Media.LongDescription",
        )
        .with("Grant", "ClientId=a FeedId=B AccessLevel=Read PermissionClass=Participant");
    let caller = town.caller("a", 0).unwrap();
    // Listings with a picture that has a description: the lambda's variable is a Media.
    let link = dictionary().known("Property").find_link("Media").unwrap();
    let hidden = FieldRef { scope: 1, via: Box::default(), field: field("Media", "LongDescription") };
    let over = Over::Link(LinkRef { scope: 0, via: Box::default(), link });
    let any = |body| {
        let quantifier = Quantifier { quantity: Quantity::Any, over: over.clone(), body };
        ask(&caller, |q| q.filter = Some(Expr::Quantified(Box::new(quantifier)))).unwrap()
    };
    let permitted = any(Some(present(hidden)));
    assert_eq!(feeds(&permitted, "Media"), ["B"]);
    assert_eq!(feeds(&permitted, "Property"), ["A", "B"]);
    assert_eq!(feeds(&any(None), "Media"), ["A", "B"]);
    let counted = ask(&caller, |q| q.filter = Some(Expr::Count(over.clone()))).unwrap();
    assert_eq!(feeds(&counted, "Media"), ["A", "B"]);
}

#[test]
fn a_link_whose_join_is_hidden_is_not_there() {
    let town = Town::new().with("Client", "ClientId=a ClientStatus=Active").with(
        "Grant",
        "ClientId=a FeedId=A AccessLevel=Read PermissionClass=Participant HiddenFields=Property.ListAgentKey",
    );
    let caller = town.caller("a", 0).unwrap();
    let link = dictionary().known("Property").find_link("ListAgent").unwrap();
    let refusal = ask(&caller, |q| {
        q.expand = vec![Expand { link, query: Query::all(resource("Member")) }];
    });
    assert_eq!(refusal.unwrap_err().code, "field_unknown");
}

#[test]
fn a_question_that_fits_no_dictionary_is_refused_and_breaks_nothing() {
    let caller = granted(&[("A", "Participant")]);
    let nowhere = dictionary::FieldId(60_000);
    let link = dictionary().known("Property").find_link("ListAgent").unwrap();
    let ways: [&dyn Fn(&mut Query); 6] = [
        &|q| q.resource = dictionary::ResourceId(60_000),
        &|q| q.filter = Some(Expr::field(nowhere)),
        &|q| q.filter = Some(Expr::Field(FieldRef { scope: 3, via: Box::default(), field: nowhere })),
        &|q| {
            q.filter =
                Some(Expr::Count(Over::List(FieldRef { scope: 9, via: Box::default(), field: nowhere })))
        },
        &|q| {
            let via = vec![dictionary::LinkId(60_000)].into();
            q.filter = Some(Expr::Field(FieldRef { scope: 0, via, field: nowhere }));
        },
        &|q| q.expand = vec![Expand { link, query: Query::all(resource("Office")) }],
    ];
    for (way, change) in ways.into_iter().enumerate() {
        let status = ask(&caller, change).unwrap_err().status;
        assert!(matches!(status, 400 | 404), "way {way}");
    }
}

#[test]
fn an_operator_asks_everything() {
    let town = Town::new().with("Client", "ClientId=o ClientStatus=Active OperatorYN=true");
    let caller = town.caller("o", 0).unwrap();
    let permitted = permit::permit(&caller, Query::all(resource("ClientKey"))).unwrap();
    assert_eq!(feeds(&permitted, "ClientKey"), ["*"]);
}
