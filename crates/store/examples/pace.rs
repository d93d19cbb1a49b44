//! How fast records are kept and read back: `cargo run --release -p store --example pace -- FILE|URL [THOUSANDS]`.
#![expect(clippy::print_stdout, reason = "it prints figures")]
#![expect(clippy::unwrap_used, reason = "it says so by failing")]

use std::sync::Arc;
use std::time::Instant;

use dictionary::{Dictionary, Record, Timestamp, Value, Version};
use store::{Batch, Operation, Settings, Store};
use testkit::Shape;

const BATCH: usize = 1_000;
const WRITERS: usize = 2;

#[tokio::main]
async fn main() {
    let mut words = std::env::args().skip(1);
    let at = words.next().unwrap();
    let thousands: usize = words.next().map_or(200, |word| word.parse().unwrap());
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let stock = Arc::new(stock(&dictionary));
    let fields = stock.iter().map(Record::len).sum::<usize>() / stock.len();
    let settings = if at.contains("://") { Settings::postgres(at.clone()) } else { Settings::sqlite(&at) };
    let store = Store::open(settings, dictionary.clone()).await.unwrap();

    // With no thousands to write it reads what is there.
    for (what, price) in [("created", 1_i64), ("unchanged", 1), ("changed", 2)] {
        if thousands == 0 {
            break;
        }
        let start = Instant::now();
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (store, stock, dictionary) = (store.clone(), stock.clone(), dictionary.clone());
                tokio::spawn(async move {
                    for part in (writer..thousands).step_by(WRITERS) {
                        store.write(batch(&dictionary, &stock, part, price)).await.unwrap();
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
        let took = start.elapsed().as_secs_f64();
        let records = thousands * BATCH;
        println!(
            "{records} records of {fields} fields {what}: {took:.2} s, {:.0} records/s",
            records as f64 / took
        );
    }

    let start = Instant::now();
    let (head, mut count, mut values) = (store.head().await.unwrap(), 0_u32, 0_u64);
    let mut reading = std::collections::VecDeque::new();
    let mut parts = (0..head).step_by(2_000);
    loop {
        while reading.len() < 3
            && let Some(after) = parts.next()
        {
            let store = store.clone();
            let read = async move { store.row_groups(after, head.min(after + 2_000)).await };
            reading.push_back(tokio::spawn(read));
        }
        let Some(part) = reading.pop_front() else { break };
        for group in part.await.unwrap().unwrap() {
            for (field, _) in dictionary.resource(group.resource()).each() {
                values += group.field(field).map_or(0, |run| run.records().len() as u64);
            }
            count += group.heads().len() as u32;
        }
    }
    let took = start.elapsed().as_secs_f64();
    println!(
        "{count} records, {values} values looked at: {took:.2} s, {:.0} records/s",
        f64::from(count) / took
    );
    drop(store);
    if let Ok(data) = std::fs::metadata(&at) {
        println!("{} MB, {} bytes a version", data.len() >> 20, data.len() / head.max(1));
    }
}

/// Records of about 100 fields.
fn stock(dictionary: &Dictionary) -> Vec<Record> {
    let property = dictionary.known("Property");
    let mut shape = Shape::full(dictionary, property.id);
    shape.fields.retain(|id| property.field(*id).key || id.index() % 4 == 0);
    let mut rng = testkit::Rng::with_seed(7);
    (0..BATCH as u64).map(|number| testkit::record(&mut rng, dictionary, &shape, number)).collect()
}

fn batch(dictionary: &Dictionary, stock: &[Record], part: usize, price: i64) -> Batch {
    let property = dictionary.known("Property");
    let (key, list_price) = (property.key[0], property.find("ListPrice").unwrap());
    let at = Timestamp::from_second(1_750_000_000).unwrap();
    let mut batch = Batch::new("pace", at);
    for (number, record) in stock.iter().enumerate() {
        let mut record = record.clone();
        // Keys come in no order, as an MLS's do.
        let number = (part * BATCH + number) as u64;
        record.set(key, format!("{:016x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        record.set(list_price, Value::Decimal(price.into()));
        record.set(property.timestamp.unwrap(), at + std::time::Duration::from_millis(number));
        batch.operations.push(Operation::put("A", record));
    }
    batch
}
