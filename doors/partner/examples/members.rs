//! How long an object takes to write, and how much of it is filled.
//!
//! `cargo run --release -p partner-door --example members -- [LISTINGS]` prints medians and 99th percentiles for
//! listings of the crowd and of King County, each object written straight from the columns.

#![expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "figures are what it is for")]

use std::sync::Arc;
use std::time::Instant;

use dictionary::{Dictionary, Record, Timestamp, Version};
use partner_door::Probe;
use query::{Query, Scope};
use sample::crowd::Crowd;
use sample::king_county::{KingCounty, Setting};
use search::Search;
use store::Stored;

fn main() {
    let listings: u64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let now = Timestamp::from_second(1_780_000_000).expect("in range");
    let crowd = Crowd::new(&dictionary, 1, now);
    let (members, offices) = Crowd::people(listings);
    let mut records: Vec<Record> = (0..listings).map(|at| crowd.listing(at)).collect();
    records.extend((0..members).map(|at| crowd.member(at)));
    records.extend((0..offices).map(|at| crowd.office(at)));
    measure("crowd", &dictionary, records, now);
    let setting = Setting { now, media_base_url: "https://hub.example".into(), seed: 1 };
    let county = KingCounty::new(&dictionary, &setting);
    measure("King County", &dictionary, county.batches().flatten().collect(), now);
}

fn measure(market: &str, dictionary: &Arc<Dictionary>, records: Vec<Record>, now: Timestamp) {
    let search = Search::new(Arc::clone(dictionary));
    let stored = |(at, record): (usize, Record)| Stored {
        resource: record.resource(),
        feed: "FEED".into(),
        key: dictionary.resource(record.resource()).key_of(&record).expect("it has a key"),
        sequence: at as u64 + 1,
        at: now,
        record: Arc::new(record),
    };
    search.load(&records.into_iter().enumerate().map(stored).collect::<Vec<_>>());
    let probe = Probe::new(dictionary, "https://hub.example");
    let reader = search.read();
    let query = Query { page_size: 5_000, ..Query::all(dictionary.known("Property").id) };
    let rows = reader.page(&query, &Scope::everything(), now).expect("no page mark").rows;
    for details in [false, true] {
        let (mut times, mut bytes) = (Vec::new(), 0);
        for _ in 0..3 {
            for row in &rows {
                let begun = Instant::now();
                let object = probe.listing(&reader, *row, now, details);
                times.push(begun.elapsed().as_nanos() as f64 / 1e3);
                bytes += object.len();
            }
        }
        times.sort_unstable_by(f64::total_cmp);
        let (mut members, mut filled) = (0, 0);
        for row in rows.iter().step_by(50) {
            let object = probe.listing(&reader, *row, now, details);
            let object: serde_json::Value = serde_json::from_slice(&object).expect("it is JSON");
            let values = object.as_object().into_iter().flatten().map(|(_, value)| value.to_string());
            let values: Vec<String> = values.collect();
            members += values.len();
            filled +=
                values.iter().filter(|v| !["null", "false", "0", "\"\"", "[]"].contains(&v.as_str())).count();
        }
        println!(
            "{market} {}: median {:.1} us, p99 {:.1} us, {} bytes, {:.0} % of the members filled",
            if details { "ListingDetails" } else { "ListingSummary" },
            times[times.len() / 2],
            times[times.len() * 99 / 100],
            bytes / times.len(),
            100.0 * filled as f64 / members.max(1) as f64,
        );
    }
}
