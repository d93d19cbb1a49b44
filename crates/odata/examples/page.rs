//! How long a page of 200 records takes: `cargo run --release -p odata --example page`.
#![expect(clippy::print_stdout, reason = "an example that prints its figures")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use dictionary::{Date, Decimal, Dictionary, Point, Record, Text, Time, Timestamp, Type, Value, Version};
use odata::json::{Rendered, Shape, close_collection, next_item, open_collection, read_page, write_record};
use query::{Selection, Sight};

const RECORDS: i64 = 200;
const POPULATED: usize = 330;
const ROUNDS: usize = 301;

/// A value of some twenty bytes where it is text.
fn value(ty: Type, seed: i64) -> Value {
    match ty {
        Type::Boolean => Value::Boolean(seed % 2 == 0),
        Type::Int16 | Type::Int32 | Type::Int64 => Value::Integer(seed % 1_000),
        Type::Decimal { .. } => Value::Decimal(Decimal::new(52_500_000 + seed, 2)),
        Type::Double => Value::Double(f64::from(i16::try_from(seed % 9_000).unwrap_or(0)) / 100.0),
        Type::Date => Value::Date(Date::constant(2026, 11, 23)),
        Type::Timestamp => {
            Value::Timestamp(Timestamp::constant(1_795_427_392, 0) + Duration::from_secs(seed.unsigned_abs()))
        }
        Type::Time => Value::Time(Time::constant(9, 30, 0, 0)),
        Type::Text { .. } => Value::from(format!("Some text of no. {seed:05}")),
        Type::TextList { .. } => Value::TextList([Text::new("Dishwasher"), Text::new("Range")].into()),
        Type::Point => Value::Point(Point { longitude: -122.335, latitude: 47.608 }),
    }
}

fn median(name: &str, mut work: impl FnMut(&mut Vec<u8>)) {
    let mut out = Vec::with_capacity(8 << 20);
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            out.clear();
            let begun = Instant::now();
            work(black_box(&mut out));
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!("{name:40} {:>10.1?} {:>9} bytes", times[ROUNDS / 2], out.len());
}

fn main() {
    let dictionary = Dictionary::standard(Version::V2_1);
    let words = dictionary.known("Property");
    let fields: Vec<_> = words.each().step_by(words.fields.len() / POPULATED).take(POPULATED).collect();
    let records: Vec<Record> = (0..RECORDS)
        .map(|n| {
            Record::from_values(words.id, fields.iter().map(|(id, f)| (*id, value(f.ty, n * 37))).collect())
        })
        .collect();
    let rendered: Vec<Rendered> = (0..).zip(&records).map(|(n, r)| Rendered::of(r, words, Some(n))).collect();
    let twenty: Vec<_> = fields.iter().step_by(fields.len() / 20).take(20).map(|(id, _)| *id).collect();
    let all = Shape::new(words, &Selection::All, &Sight::everything(), true);
    let some = Shape::new(words, &Selection::Fields(twenty), &Sight::everything(), true);
    let context = Some("/odata/$metadata#Property");
    println!("{RECORDS} records of {} fields, median of {ROUNDS}", fields.len());
    for (name, shape) in [("all fields", &all), ("20 selected fields", &some)] {
        median(&format!("rendered, {name}"), |out| {
            open_collection(out, context, None);
            for one in &rendered {
                next_item(out);
                one.write(out, words, shape);
            }
            close_collection(out, None);
        });
        median(&format!("from fields, {name}"), |out| {
            open_collection(out, context, None);
            for (n, one) in (0..).zip(&records) {
                next_item(out);
                write_record(out, one, words, shape, Some(n));
            }
            close_collection(out, None);
        });
    }
    median("rendering", |_| {
        for one in &records {
            black_box(Rendered::of(one, words, None));
        }
    });
    let mut body = Vec::new();
    open_collection(&mut body, None, None);
    for one in &rendered {
        next_item(&mut body);
        one.write(&mut body, words, &all);
    }
    close_collection(&mut body, None);
    median("reading, all fields", |_| {
        let page = read_page(&body, &dictionary, words.id, &Default::default());
        assert!(
            black_box(page).is_ok_and(|page| page.records.iter().all(Result::is_ok)),
            "it is our own page"
        );
    });
    println!("a rendered record weighs {} bytes", rendered[0].weight());
}
