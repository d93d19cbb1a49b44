//! Laws that hold for every filter and every record, tried on random ones (RESO-021, RESO-022, RESO-023).

use std::sync::Arc;

use dictionary::{Dictionary, LinkId, Record, Timestamp, Value, Version};
use query::{
    Comparison, Context, Expr, Kind, Linked, Over, Quantifier, Quantity, evaluate, kind_of, matches,
};
use testkit::{Rng, Shape};

const NOW: Timestamp = Timestamp::constant(1_709_251_200, 0);

/// Every record of a town leads to the first few of the resource that a link names.
struct Town {
    dictionary: Dictionary,
    records: Vec<Arc<Record>>,
}

impl Linked for Town {
    fn linked(&self, record: &Record, link: LinkId) -> Vec<Arc<Record>> {
        let link = self.dictionary.resource(record.resource()).link(link);
        let wanted = record.get(link.join.source);
        let all = self.records.iter().filter(|target| target.resource() == link.target);
        all.filter(|target| wanted.is_some() && target.get(link.join.target) == wanted).cloned().collect()
    }
}

/// Calls `law` with random filters, each on some random listings, in a town of some of everything.
fn town(test: &str, rounds: usize, mut law: impl FnMut(&mut Writer<'_>, &Record, Context<'_>)) {
    let mut rng = testkit::rng(test);
    let dictionary = Dictionary::standard(Version::V2_1);
    let mut records = Vec::new();
    for name in ["Member", "Office", "Media", "PropertyRooms", "OpenHouse"] {
        let shape = Shape::of(&dictionary, dictionary.known(name).id);
        records
            .extend(testkit::records(&mut rng, &dictionary, &shape, 6).into_iter().map(|(_, r)| Arc::new(r)));
    }
    let town = Town { dictionary, records };
    let context = Context { dictionary: &town.dictionary, links: &town, now: NOW };
    let shape = Shape::of(&town.dictionary, town.dictionary.known("Property").id);
    for number in 0..rounds {
        let record = testkit::record(&mut rng, &town.dictionary, &shape, (number % 12) as u64);
        law(&mut Writer { rng: &mut rng, dictionary: &town.dictionary, shape: &shape }, &record, context);
    }
}

struct Writer<'a> {
    rng: &'a mut Rng,
    dictionary: &'a Dictionary,
    shape: &'a Shape,
}

impl Writer<'_> {
    fn filter(&mut self, depth: u8) -> Expr {
        testkit::filter(self.rng, self.dictionary, self.shape, depth)
    }
}

fn truth(expr: &Expr, record: &Record, context: Context<'_>) -> Option<bool> {
    evaluate(expr, record, context).map(|value| value.as_boolean().expect("a filter is true, false or null"))
}

fn not(expr: Expr) -> Expr {
    Expr::Not(Box::new(expr))
}

#[test]
fn random_filters_make_sense_and_meet_every_answer() {
    let (mut seen, mut words) = ([0; 3], std::collections::HashSet::new());
    town("random_filters_make_sense_and_meet_every_answer", 4_000, |writer, record, context| {
        let filter = writer.filter(4);
        assert_eq!(
            kind_of(&filter, writer.dictionary, writer.shape.resource),
            Ok(Kind::Boolean),
            "{filter:?}"
        );
        let answer = truth(&filter, record, context);
        assert_eq!(matches(&filter, record, context), answer == Some(true));
        assert_eq!(truth(&filter.clone().bind(NOW), record, context), answer);
        seen[answer.map_or(2, usize::from)] += 1;
        filter.walk(&mut |expr| {
            if let Expr::Call(function, _) = expr {
                words.insert(function.name());
            }
        });
    });
    assert!(seen.iter().all(|count| *count > 100), "{seen:?}");
    assert_eq!(words.len(), 33, "{words:?}");
}

#[test]
fn reso_023_logic_keeps_its_laws() {
    town("reso_023_logic_keeps_its_laws", 2_000, |writer, record, context| {
        let (a, b) = (writer.filter(3), writer.filter(3));
        let of = |expr: Expr| truth(&expr, record, context);
        let and = |a: &Expr, b: &Expr| Expr::And(vec![a.clone(), b.clone()]);
        let or = |a: &Expr, b: &Expr| Expr::Or(vec![a.clone(), b.clone()]);
        let said = format!("{a:?}\n{b:?}\n{record:?}");
        assert_eq!(of(not(not(a.clone()))), of(a.clone()), "{said}");
        assert_eq!(of(not(and(&a, &b))), of(or(&not(a.clone()), &not(b.clone()))), "{said}");
        assert_eq!(of(not(or(&a, &b))), of(and(&not(a.clone()), &not(b.clone()))), "{said}");
        assert_eq!(of(and(&a, &b)), of(and(&b, &a)), "{said}");
        assert_eq!(of(or(&a, &and(&a, &b))), of(a.clone()), "{said}");
        assert_eq!(of(a.clone().and(b.clone())), of(and(&a, &b)), "{said}");
    });
}

#[test]
fn reso_021_comparisons_keep_their_laws() {
    town("reso_021_comparisons_keep_their_laws", 3_000, |writer, record, context| {
        let mut found = Vec::new();
        let filter = writer.filter(3);
        filter.walk(&mut |expr| {
            if let Expr::Compare(_, a, b) = expr {
                found.push(((**a).clone(), (**b).clone()));
            }
        });
        for (a, b) in found {
            let of = |comparison, a: &Expr, b: &Expr| {
                let expr = Expr::Compare(comparison, Box::new(a.clone()), Box::new(b.clone()));
                truth(&expr, record, context).expect("a comparison is never unknown")
            };
            let said = format!("{a:?}\n{b:?}\n{record:?}");
            let equal = of(Comparison::Equal, &a, &b);
            let (greater, less) = (of(Comparison::Greater, &a, &b), of(Comparison::Less, &a, &b));
            assert_eq!(of(Comparison::NotEqual, &a, &b), !equal, "{said}");
            assert_eq!(of(Comparison::Equal, &b, &a), equal, "{said}");
            assert_eq!(of(Comparison::Less, &b, &a), greater, "{said}");
            assert!(u8::from(equal) + u8::from(greater) + u8::from(less) <= 1, "{said}");
            let null = evaluate(&a, record, context).is_none() || evaluate(&b, record, context).is_none();
            assert_eq!(of(Comparison::GreaterOrEqual, &a, &b), !null && (greater || equal), "{said}");
            assert_eq!(of(Comparison::LessOrEqual, &a, &b), !null && (less || equal), "{said}");
            let list = vec![b.clone(), Expr::Null];
            let either = equal || of(Comparison::Equal, &a, &Expr::Null);
            let is_in = truth(&Expr::In(Box::new(a.clone()), list), record, context);
            assert_eq!(is_in, Some(either), "{said}");
        }
    });
}

#[test]
fn reso_021_any_and_all_are_each_others_opposite() {
    town("reso_021_any_and_all_are_each_others_opposite", 3_000, |writer, record, context| {
        let mut found = Vec::new();
        writer.filter(4).walk(&mut |expr| {
            if let Expr::Quantified(quantifier) = expr
                && outermost(&quantifier.over)
            {
                found.push((**quantifier).clone());
            }
        });
        for Quantifier { over, body, .. } in found {
            let Some(body) = body else { continue };
            let of = |quantity, body: &Expr| {
                let quantifier = Quantifier { quantity, over: over.clone(), body: Some(body.clone()) };
                truth(&Expr::Quantified(Box::new(quantifier)), record, context).expect("never unknown")
            };
            // Of a body that may be unknown, the opposite is that it is not true.
            let untrue = Expr::Compare(
                Comparison::NotEqual,
                Box::new(body.clone()),
                Box::new(Expr::Value(Value::Boolean(true))),
            );
            assert_eq!(of(Quantity::All, &body), !of(Quantity::Any, &untrue), "{body:?}\n{record:?}");
            let nothing = evaluate(&Expr::Count(over.clone()), record, context) == Some(Value::Integer(0));
            assert!(!nothing || (of(Quantity::All, &body) && !of(Quantity::Any, &body)));
        }
    });
}

/// Whether a quantifier that stood inside others can stand alone.
fn outermost(over: &Over) -> bool {
    match over {
        Over::List(list) => list.scope == 0,
        Over::Link(link) => link.scope == 0,
    }
}
