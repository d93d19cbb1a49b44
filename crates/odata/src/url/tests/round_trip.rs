//! Questions written and read again; random bytes and random changes.

use dictionary::Type;
use query::{Context, Expand, Function, NoLinks, Selection, matches};
use testkit::{Rng, Shape, rng};

use super::*;

/// Fields and links as well, for a question of testkit's.
fn dressed(rng: &mut Rng, mut query: Query, depth: usize) -> Query {
    let words = WORDS.dictionary.resource(query.resource);
    query.page_size = 500;
    if rng.bool() {
        let mut fields: Vec<_> = words.each().map(|(id, _)| id).filter(|_| rng.u8(..8) == 0).collect();
        // Nothing is selected by naming a link alone, and some resources have none.
        if fields.is_empty() && words.links.is_empty() {
            fields.push(words.key[0]);
        }
        query.select = Selection::Fields(fields);
    }
    for (id, link) in words.each_link() {
        if depth == 0 || rng.u8(..8) > 0 {
            continue;
        }
        let inner = match link.many {
            true => testkit::query(rng, &WORDS.dictionary, &Shape::of(&WORDS.dictionary, link.target)),
            false => Query::all(link.target),
        };
        query.expand.push(Expand { link: id, query: dressed(rng, inner, depth - 1) });
    }
    query
}

/// OData names a type without its length and scale.
fn without_facets(expr: &mut Expr) {
    expr.walk_mut(&mut |one| {
        if let Expr::Call(Function::Cast(ty) | Function::IsOf(ty), _) = one {
            *ty = match *ty {
                Type::Decimal { .. } => Type::Decimal { precision: None, scale: None },
                Type::Text { .. } => Type::Text { max_chars: None },
                other => other,
            };
        }
    });
}

fn again(query: &Query) -> (String, Query) {
    let text = write_query(query, &WORDS.dictionary);
    let read = query_of(&format!("{}?{text}", name(query.resource)), &reading());
    (text, read)
}

#[test]
fn random_questions_are_read_as_they_were_written() {
    let rng = &mut rng("url round trip");
    let words = &WORDS.dictionary;
    let context =
        Context { dictionary: words, links: &NoLinks, now: "2026-11-23T10:00:00Z".parse().unwrap() };
    for resource in ["Property", "Member", "Media", "OpenHouse", "EntityEvent", "MemberAssociation"] {
        let shape = Shape::of(words, words.known(resource).id);
        let records = testkit::records(rng, words, &shape, 30);
        for _ in 0..100 {
            let plain = testkit::query(rng, words, &shape);
            let mut query = dressed(rng, plain, 2);
            query.filter.iter_mut().for_each(without_facets);
            let (text, once) = again(&query);
            let (second, twice) = again(&once);
            assert_eq!(twice, once, "{text}\n{second}");
            assert_eq!((once.skip, once.top, once.count), (query.skip, query.top, query.count), "{text}");
            assert_eq!(once.select, query.select, "{text}");
            assert_eq!(once.expand.len(), query.expand.len(), "{text}");
            // A literal may come back as its field's type; what is true of a record stays so.
            let (Some(before), Some(after)) = (&query.filter, &once.filter) else { continue };
            for (_, record) in &records {
                let answers = [before, after].map(|filter| matches(filter, record, context));
                assert_eq!(answers[0], answers[1], "{text}\n{record:?}");
            }
        }
    }
}

const SEEDS: [&str; 12] = [
    "Property?$filter=City+eq+'O''Neil'+and+(ListPrice+gt+5.5+or+not+contains(City,'x'))&$top=5&$skip=1",
    "Property('K')/Media?$orderby=Order+desc,MediaKey&$count=true&$select=MediaURL,Order",
    "Property?$expand=Media($select=MediaURL;$filter=Order+lt+3;$top=2),ListAgent($expand=Office)",
    "Property?$filter=Media/any(m:m/Order+eq+1+and+m/MediaCategory+in+('a','b'))&$format=json",
    "Property?$filter=Appliances/all(a:startswith(a,'O'))+or+Appliances/$count+gt+2",
    "Property?$filter=ModificationTimestamp+ge+2026-11-23T10:00:00.5%2B01:00+and+CloseDate+lt+2014-05-27",
    "Property?$filter=geo.intersects(X_Place,geography'SRID=4326;POLYGON((0+0,0+1,1+1,0+0))')",
    "Property?$filter=geo.distance(X_Place,geography'POINT(-122.3+47.6)')+lt+1e3+and+X_Opens+gt+09:30",
    "Property?$filter=round(ListPrice+div+2)+eq+-(BedroomsTotal+mod+3)+or+cast(ListPrice,Edm.String)+eq+'5'",
    "MemberAssociation(MemberKey='M',AssociationKey='A')/MemberKey/$value",
    "Property?$filter=Heating+has+org.reso.metadata.enums.Heating'ForcedAir,HeatPump'&skiptoken=abc",
    "$metadata?$format=application/json;odata.metadata=full",
];

#[test]
fn random_changes_are_read_or_refused() {
    let rng = &mut rng("url fuzz");
    let pieces: Vec<&[u8]> = SEEDS
        .iter()
        .flat_map(|seed| seed.split_inclusive([' ', '+', '(', ')', ',', ';', '/', '&', '=', '\'', ':']))
        .map(str::as_bytes)
        .collect();
    let readings = [reading(), legacy()];
    for round in 0..6_000 {
        let mut bytes = SEEDS[rng.usize(..SEEDS.len())].as_bytes().to_vec();
        for _ in 0..rng.usize(..6) {
            let at = rng.usize(..=bytes.len());
            let end = rng.usize(at..=bytes.len().min(at + 8));
            match rng.u8(..6) {
                0 => drop(bytes.drain(at..end)),
                1 => bytes.insert(at, rng.u8(..)),
                2 => bytes.truncate(at),
                3 => drop(bytes.splice(at..end, "%27'();,$/'\"% +".bytes().skip(rng.usize(..14)).take(2))),
                _ => drop(bytes.splice(at..end, pieces[rng.usize(..pieces.len())].iter().copied())),
            }
        }
        fuzz(&bytes, &readings[round % 2]);
    }
    for _ in 0..2_000 {
        let length = rng.usize(..200);
        let bytes: Vec<u8> = std::iter::repeat_with(|| rng.u8(..)).take(length).collect();
        fuzz(&bytes, &readings[0]);
    }
}
