//! Random grants and random questions: what a caller is answered does not depend on what is hidden.
//!
//! Two worlds differ in nothing but what the caller may not see: hidden fields hold other values, hidden
//! records are gone. Whatever gate permits must be answered alike in both.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use dictionary::{Feed, FieldSet, LinkId, Record, ResourceId, Value};
use query::{Context, Expand, Linked, Query, Rows, Scope, Selection, compare, evaluate, matches};
use testkit::{Rng, Shape};

use super::at;
use super::town::{Town, dictionary, resource};
use crate::{Caller, permit};

const RESOURCES: [&str; 5] = ["Property", "Member", "Office", "Media", "OpenHouse"];
const FEEDS: [&str; 3] = ["A", "B", "C"];

#[derive(Clone, Default)]
struct World(HashMap<ResourceId, Vec<(Feed, Arc<Record>)>>);

/// The links of a world, as far as a scope reaches.
struct Seen<'a> {
    world: &'a World,
    scope: &'a Scope,
}

impl Seen<'_> {
    fn context<'a>(&'a self, dictionary: &'a dictionary::Dictionary) -> Context<'a> {
        Context { dictionary, links: self, now: at(0) }
    }

    /// Whether the scope lets a record be seen. Its row filters look at everything: they are the
    /// server's, not the caller's.
    fn sees(&self, feed: &Feed, record: &Record) -> bool {
        match self.scope.rows(record.resource()) {
            Rows::All => true,
            Rows::None => false,
            Rows::Of(rows) => rows.iter().filter(|row| row.feed == *feed).any(|row| {
                let everything = Scope::everything();
                let all = Seen { world: self.world, scope: &everything };
                row.filter.as_ref().is_none_or(|f| matches(f, record, all.context(&dictionary())))
            }),
        }
    }

    fn of(&self, resource: ResourceId) -> impl Iterator<Item = &(Feed, Arc<Record>)> {
        self.world.0.get(&resource).into_iter().flatten().filter(|(feed, record)| self.sees(feed, record))
    }

    fn follow(&self, record: &Record, link: LinkId) -> Vec<(Feed, Arc<Record>)> {
        let dictionary = dictionary();
        let link = dictionary.resource(record.resource()).link(link);
        let Some(wanted) = record.get(link.join.source) else { return Vec::new() };
        self.of(link.target)
            .filter(|(_, target)| {
                target.get(link.join.target) == Some(wanted)
                    && link.join.constant.as_ref().is_none_or(|(field, text)| {
                        target.get(*field).and_then(Value::as_text) == Some(text.as_str())
                    })
            })
            .cloned()
            .collect()
    }
}

impl Linked for Seen<'_> {
    fn linked(&self, record: &Record, link: LinkId) -> Vec<Arc<Record>> {
        self.follow(record, link).into_iter().map(|(_, record)| record).collect()
    }
}

/// What a caller is shown, as text: keys, shown fields, expanded records.
fn answer(caller: &Caller, query: &Query, seen: &Seen<'_>, of: Vec<(Feed, Arc<Record>)>) -> String {
    let dictionary = dictionary();
    let context = seen.context(&dictionary);
    let keep = |(_, record): &(Feed, Arc<Record>)| {
        query.filter.as_ref().is_none_or(|filter| matches(filter, record, context))
    };
    let mut found: Vec<_> = of.into_iter().filter(keep).collect();
    let key = |record: &Record| dictionary.resource(record.resource()).key_of(record).unwrap();
    found.sort_by(|(_, a), (_, b)| {
        let terms = query.order.iter().map(|order| {
            let (a, b) = (evaluate(&order.by, a, context), evaluate(&order.by, b, context));
            let by = match (&a, &b) {
                (Some(a), Some(b)) => compare(a, b).unwrap_or(Ordering::Equal),
                _ => a.is_some().cmp(&b.is_some()),
            };
            if order.descending { by.reverse() } else { by }
        });
        terms.fold(Ordering::Equal, Ordering::then).then_with(|| key(a).cmp(&key(b)))
    });
    let mut text = format!("{} of {}:", found.len(), dictionary.resource(query.resource).name);
    for (feed, record) in found {
        let shown = caller.shown(record.resource(), &feed);
        let chosen = record.iter().filter(|(id, _)| match &query.select {
            Selection::All => shown.contains(*id),
            Selection::Fields(fields) => shown.contains(*id) && fields.contains(id),
        });
        text += &format!("\n{} {:?}", key(&record), chosen.collect::<Vec<_>>());
        for expand in &query.expand {
            text += &answer(caller, &expand.query, seen, seen.follow(&record, expand.link));
        }
    }
    text
}

fn world(rng: &mut Rng, shapes: &[Shape]) -> World {
    let mut world = World::default();
    for shape in shapes {
        let records = testkit::records(rng, &dictionary(), shape, 24);
        world.0.insert(shape.resource, records.into_iter().map(|(f, r)| (f, Arc::new(r))).collect());
    }
    world
}

/// The same to this caller's eyes: what is hidden has other values or none, or is gone where the whole
/// record is hidden.
fn other(rng: &mut Rng, caller: &Caller, world: &World, shapes: &[Shape]) -> World {
    let dictionary = dictionary();
    let seen = Seen { world, scope: caller.scope() };
    let mut other = World::default();
    for shape in shapes {
        let of = dictionary.resource(shape.resource);
        // What decides whether a record is seen stays as it is.
        let ruled = ["InternetEntireListingDisplayYN", "StandardStatus", "Permission", "ListingKey"];
        let mut left = Vec::new();
        for (feed, record) in &world.0[&shape.resource] {
            let hidden = !seen.sees(feed, record);
            // Hidden listings stay, with all else of them changed: they decide for what hangs on them.
            if hidden && of.name != "Property" {
                continue;
            }
            let shown = if hidden { &FieldSet::default() } else { caller.shown(shape.resource, feed) };
            let mut record = (**record).clone();
            for id in &shape.fields {
                let field = of.field(*id);
                if shown.contains(*id) || ruled.contains(&field.name.as_str()) {
                    continue;
                }
                match rng.u8(..3) {
                    0 => drop(record.clear(*id)),
                    _ => drop(record.set(*id, testkit::value(rng, &dictionary, field))),
                }
            }
            left.push((feed.clone(), Arc::new(record)));
        }
        other.0.insert(shape.resource, left);
    }
    other
}

fn caller(rng: &mut Rng, shapes: &[Shape]) -> Caller {
    let dictionary = dictionary();
    let town = Town::new().with("Client", "ClientId=a ClientStatus=Active");
    for feed in FEEDS.iter().filter(|_| rng.u8(..4) > 0).collect::<Vec<_>>() {
        let class = crate::Class::ALL[rng.usize(..5)].name();
        let mut hidden: Vec<String> = Vec::new();
        for shape in shapes {
            let of = dictionary.resource(shape.resource);
            hidden.extend(
                shape
                    .fields
                    .iter()
                    .filter(|_| rng.u8(..5) == 0)
                    .map(|id| format!("{}.{}", of.name, of.field(*id).name)),
            );
        }
        let hidden =
            if hidden.is_empty() { String::new() } else { format!("HiddenFields={}", hidden.join("|")) };
        town.put(
            "Grant",
            &format!("ClientId=a FeedId={feed} AccessLevel=Read PermissionClass={class} {hidden}"),
        );
    }
    town.caller("a", 0).unwrap()
}

fn question(rng: &mut Rng, shapes: &[Shape]) -> Query {
    let dictionary = dictionary();
    let shape = &shapes[rng.usize(..shapes.len())];
    let mut query = testkit::query(rng, &dictionary, shape);
    if rng.bool() {
        let chosen = shape.fields.iter().copied().filter(|_| rng.u8(..6) == 0).collect();
        query.select = Selection::Fields(chosen);
    }
    for (link, declared) in dictionary.resource(shape.resource).each_link() {
        if let Some(target) = shapes.iter().find(|s| s.resource == declared.target)
            && rng.u8(..6) == 0
        {
            query.expand.push(Expand { link, query: testkit::query(rng, &dictionary, target) });
        }
    }
    query
}

/// RESO-008: neither a field nor a record that is hidden shows in what is answered, in its order, or in
/// what is left out.
#[test]
fn what_is_hidden_changes_no_answer() {
    let mut rng = testkit::rng("what_is_hidden_changes_no_answer");
    let dictionary = dictionary();
    let shapes: Vec<Shape> = RESOURCES.iter().map(|name| Shape::of(&dictionary, resource(name))).collect();
    let (mut permitted, mut told) = (0, 0);
    for _ in 0..12 {
        let caller = caller(&mut rng, &shapes);
        let one = world(&mut rng, &shapes);
        let two = other(&mut rng, &caller, &one, &shapes);
        for _ in 0..40 {
            let query = question(&mut rng, &shapes);
            let Ok(asked) = permit::permit(&caller, query.clone()) else { continue };
            permitted += 1;
            let in_world = |world: &World| {
                let seen = Seen { world, scope: &asked.scope };
                let of = seen.of(query.resource).cloned().collect();
                answer(&caller, &asked.query, &seen, of)
            };
            let (first, second) = (in_world(&one), in_world(&two));
            assert_eq!(first, second, "{query:?}");
            told += usize::from(!first.starts_with("0 of"));
        }
    }
    // A test in which everything is refused or nothing is found would show nothing.
    assert!(permitted > 50 && told > 20, "{permitted} permitted, {told} with an answer");
}

/// The same worlds do differ to one who sees everything: the test above can fail.
#[test]
fn the_two_worlds_differ() {
    let mut rng = testkit::rng("the_two_worlds_differ");
    let dictionary = dictionary();
    let shapes: Vec<Shape> = RESOURCES.iter().map(|name| Shape::of(&dictionary, resource(name))).collect();
    let operator = Town::new().with("Client", "ClientId=o ClientStatus=Active OperatorYN=true");
    let operator = operator.caller("o", 0).unwrap();
    let caller = caller(&mut rng, &shapes);
    let one = world(&mut rng, &shapes);
    let two = other(&mut rng, &caller, &one, &shapes);
    let shown = |world: &World| {
        let seen = Seen { world, scope: operator.scope() };
        let of = seen.of(resource("Property")).cloned().collect();
        answer(&operator, &Query::all(resource("Property")), &seen, of)
    };
    assert_ne!(shown(&one), shown(&two));
}
