//! Whole questions: order, pages, counts and what may be seen.

use dictionary::{Dictionary, Feed, Record, Timestamp, Value, Version};
use query::{Expr, FeedRows, FieldRef, Order, PageMark, Query, Rows, Scope, answer, order_of};
use testkit::Shape;

const NOW: Timestamp = Timestamp::constant(1_709_251_200, 0);

fn words() -> Dictionary {
    Dictionary::standard(Version::V2_1)
}

/// A town of listings and members.
fn town(test: &str, dictionary: &Dictionary) -> (testkit::Rng, Shape, Vec<(Feed, Record)>) {
    let mut rng = testkit::rng(test);
    let shape = Shape::of(dictionary, dictionary.known("Property").id);
    let mut records = testkit::records(&mut rng, dictionary, &shape, 60);
    let members = Shape::of(dictionary, dictionary.known("Member").id);
    records.extend(testkit::records(&mut rng, dictionary, &members, 12));
    (rng, shape, records)
}

fn keys(page: &query::Page, dictionary: &Dictionary) -> Vec<dictionary::Key> {
    page.records.iter().map(|r| dictionary.resource(r.resource()).key_of(r).expect("it has a key")).collect()
}

#[test]
fn reso_041_pages_together_are_the_whole_answer() {
    let dictionary = words();
    let (mut rng, shape, records) = town("reso_041_pages_together_are_the_whole_answer", &dictionary);
    let scope = Scope::everything();
    for _ in 0..300 {
        let asked = testkit::query(&mut rng, &dictionary, &shape);
        let whole = Query { page_size: u32::MAX, ..asked.clone() };
        let whole = answer(&whole, &scope, &records, &dictionary, NOW);
        assert_eq!(whole.next, None);
        let mut walked = Vec::new();
        let mut ask = asked.clone();
        loop {
            let page = answer(&ask, &scope, &records, &dictionary, NOW);
            assert!(page.records.len() <= ask.page_size as usize);
            assert_eq!(page.count, whole.count);
            walked.extend(keys(&page, &dictionary));
            let Some(mark) = page.next else { break };
            ask = ask.next(page.records.len() as u64, mark);
        }
        assert_eq!(walked, keys(&whole, &dictionary), "{asked:?}");
    }
}

#[test]
fn reso_042_ties_are_ordered_by_key_and_none_is_lost() {
    let dictionary = words();
    let property = dictionary.known("Property");
    let timestamp = property.timestamp.unwrap();
    let make = |key: &str, seconds: Option<i64>| {
        let mut record = Record::new(property.id);
        record.set(property.key[0], key);
        if let Some(seconds) = seconds {
            record.set(timestamp, Timestamp::from_second(seconds).unwrap());
        }
        (Feed::from("A"), record)
    };
    let records = [
        make("c", Some(5)),
        make("b", Some(5)),
        make("e", None),
        make("a", Some(9)),
        make("d", Some(5)),
        make("B", Some(5)),
    ];
    let mut query = Query { page_size: 2, ..Query::all(property.id) };
    let first = answer(&query, &Scope::everything(), &records, &dictionary, NOW);
    assert_eq!(keys(&first, &dictionary), ["e", "B"]);
    let mark = PageMark::standing(Some(Timestamp::from_second(5).unwrap()), "B".into());
    assert_eq!(first.next, Some(mark.clone()));
    query.after = Some(mark);
    let second = answer(&query, &Scope::everything(), &records, &dictionary, NOW);
    assert_eq!(keys(&second, &dictionary), ["b", "c"]);
    query.page_size = 10;
    query.order = vec![Order::descending(Expr::field(timestamp))];
    query.after = None;
    let down = answer(&query, &Scope::everything(), &records, &dictionary, NOW);
    assert_eq!(keys(&down, &dictionary), ["a", "B", "b", "c", "d", "e"]);
}

#[test]
fn par_119_null_lies_where_the_term_says() {
    let dictionary = words();
    let property = dictionary.known("Property");
    let beds = property.find("BedroomsTotal").unwrap();
    let make = |(key, number): (&str, Option<i64>)| {
        let mut record = Record::new(property.id);
        record.set(property.key[0], key);
        if let Some(number) = number {
            record.set(beds, number);
        }
        (Feed::from("A"), record)
    };
    let records = [("a", Some(3)), ("b", None), ("c", Some(2)), ("d", None), ("e", Some(3))].map(make);
    let check = |order: Order, expect: [&str; 5]| {
        for page_size in [1, 2, 5] {
            let order = vec![order.clone()];
            let mut query = Query { page_size, order, ..Query::all(property.id) };
            let mut walked = Vec::new();
            loop {
                let page = answer(&query, &Scope::everything(), &records, &dictionary, NOW);
                walked.extend(keys(&page, &dictionary));
                let Some(mark) = page.next else { break };
                query = query.next(page.records.len() as u64, mark);
            }
            assert_eq!(walked, expect, "{:?}", query.order);
        }
    };
    check(Order::ascending(Expr::field(beds)), ["b", "d", "c", "a", "e"]);
    check(Order::descending(Expr::field(beds)), ["a", "e", "c", "b", "d"]);
    check(Order::ascending(Expr::field(beds)).nulls_last(), ["c", "a", "e", "b", "d"]);
    check(Order::descending(Expr::field(beds)).nulls_last(), ["a", "e", "c", "b", "d"]);
}

#[test]
fn the_order_without_one_is_the_timestamp_or_nothing() {
    let dictionary = words();
    for resource in dictionary.resources() {
        let order = order_of(&Query::all(resource.id), resource);
        assert_eq!(order.len(), 1);
        assert_eq!(order[0].by, resource.timestamp.map_or(Expr::Null, Expr::field));
    }
}

#[test]
fn top_and_skip_are_of_the_whole_answer() {
    let dictionary = words();
    let (_, shape, records) = town("top_and_skip_are_of_the_whole_answer", &dictionary);
    let ask = |skip, top, page_size| {
        let query = Query { skip, top, page_size, count: true, ..Query::all(shape.resource) };
        answer(&query, &Scope::everything(), &records, &dictionary, NOW)
    };
    let all = keys(&ask(0, None, 1_000), &dictionary);
    let check = |skip, top, page_size, expect: &[dictionary::Key], more: bool| {
        let page = ask(skip, top, page_size);
        assert_eq!(keys(&page, &dictionary), expect);
        assert_eq!(page.count, Some(60));
        assert_eq!(page.next.is_some(), more);
    };
    check(0, Some(1), 10, &all[..1], false);
    check(0, Some(10), 10, &all[..10], false);
    check(0, Some(11), 10, &all[..10], true);
    check(55, None, 10, &all[55..], false);
    check(50, None, 10, &all[50..], false);
    check(49, None, 10, &all[49..59], true);
    check(60, None, 10, &[], false);
    check(0, Some(0), 10, &[], false);
}

#[test]
fn what_is_not_granted_is_not_there() {
    let dictionary = words();
    let (_, shape, records) = town("what_is_not_granted_is_not_there", &dictionary);
    let property = dictionary.known("Property");
    let member = dictionary.known("Member");
    let ask = |scope: &Scope, filter: Option<Expr>| {
        let query = Query { filter, count: true, ..Query::all(shape.resource) };
        answer(&query, scope, &records, &dictionary, NOW).count.unwrap()
    };
    let of_feed = |feed: &str| {
        records.iter().filter(|(f, r)| f == feed && r.resource() == shape.resource).count() as u64
    };
    assert_eq!(ask(&Scope::nothing(), None), 0);
    assert_eq!(ask(&Scope::everything(), None), 60);
    let granted = |feed: &str, filter| FeedRows { feed: feed.into(), filter };
    let mut scope = Scope::nothing();
    scope.allow(
        property.id,
        Rows::Of(vec![granted("A", None), granted("B", Some(Expr::Value(false.into())))]),
    );
    assert_eq!(ask(&scope, None), of_feed("A"));
    // A filter looks through links at nothing that may not be seen.
    let agent = property.find_link("ListAgent").unwrap();
    let field = FieldRef { scope: 0, via: [agent].into(), field: member.key[0] };
    let has_agent =
        Expr::Compare(query::Comparison::NotEqual, Box::new(Expr::Field(field)), Box::new(Expr::Null));
    assert_eq!(ask(&scope, Some(has_agent.clone())), 0);
    scope.allow(member.id, Rows::All);
    assert!(ask(&scope, Some(has_agent.clone())) > 0);
    // A grant's own filter sees every record.
    let mut ruled = Scope::nothing();
    ruled.allow(property.id, Rows::Of(vec![granted("A", Some(has_agent.clone()))]));
    let seen = ask(&ruled, None);
    assert!(seen > 0);
    assert_eq!(seen, ask(&scope, Some(has_agent)));
}

#[test]
fn coordinates_are_found_where_only_their_degrees_are_kept() {
    let dictionary = words();
    let property = dictionary.known("Property");
    let mut record = Record::new(property.id);
    record.set(property.key[0], "L1");
    for (name, degrees) in [("Longitude", "-122.5"), ("Latitude", "47.25")] {
        record.set(property.find(name).unwrap(), Value::Decimal(degrees.parse().unwrap()));
    }
    let filter = Expr::Compare(
        query::Comparison::NotEqual,
        Box::new(Expr::field(property.find("Coordinates").unwrap())),
        Box::new(Expr::Null),
    );
    let query = Query { filter: Some(filter), ..Query::all(property.id) };
    let page = answer(&query, &Scope::everything(), &[("A".into(), record)], &dictionary, NOW);
    assert_eq!(page.records.len(), 1);
}
