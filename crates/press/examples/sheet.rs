//! What a page of 200 records costs, plain and compressed: `cargo run --release -p press --example sheet`.
//! Records come from a file with one a line, where one is named; else they are made up.
#![expect(clippy::print_stdout, reason = "an example that prints its figures")]

use std::hint::black_box;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use flate2::{Compression, write::GzEncoder};
use press::{AsOf, Form, Kept, Kinds, Piece, Sheet, Wanted};

const RECORDS: usize = 200;
const ROUNDS: usize = 101;

fn main() -> std::io::Result<()> {
    let records: Vec<String> = match std::env::args().nth(1) {
        Some(file) => std::fs::read_to_string(file)?.lines().take(RECORDS).map(str::to_owned).collect(),
        None => (0..RECORDS).map(made_up).collect(),
    };
    let pieces = || records.iter().map(|record| Arc::new(Piece::new(record.as_bytes())));
    let body = body_of(pieces(), Form::Plain);
    println!("{} records, {} bytes as they are; median of {ROUNDS}", records.len(), body.len());
    for level in [1, 2, 3, 6, 9] {
        median(&format!("compressed as a stream, level {level}"), || {
            let mut stream = GzEncoder::new(Vec::new(), Compression::new(level));
            stream.write_all(&body).and_then(|()| stream.finish()).unwrap_or_default()
        });
    }
    median("pieces, compressed for the first time", || body_of(pieces(), Form::Gzip));
    let kept = Kept::new(64 << 20);
    let kind = Kinds::new(1).of(&());
    let wanted: Vec<Wanted> = (0..).zip(&records).map(|(row, _)| Wanted { kind, row }).collect();
    for form in [Form::Plain, Form::Gzip] {
        median(&format!("kept pieces, looked up and written, {form:?}"), || {
            let make = |at: usize| Piece::new(records[at].as_bytes()).into();
            body_of(
                kept.pieces(&wanted, AsOf { state: 1, now: 0 }, form, |_| 1, |_| {}, make).into_iter(),
                form,
            )
        });
    }
    Ok(())
}

fn body_of(pieces: impl Iterator<Item = Arc<Piece>>, form: Form) -> Vec<u8> {
    let mut sheet = Sheet::new(form);
    sheet.text(b"{\"value\":[{");
    for piece in pieces {
        sheet.piece(&piece);
        sheet.text(b"},{");
    }
    sheet.finish().to_vec()
}

fn median(what: &str, mut work: impl FnMut() -> Vec<u8>) {
    let length = work().len();
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let began = Instant::now();
            black_box(work());
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!("{what:50} {:>10.1?} {length:>9} bytes", times[ROUNDS / 2]);
}

/// A listing of twenty fields.
fn made_up(n: usize) -> String {
    let mut random = fastrand::Rng::with_seed(n as u64);
    let mut of = |words: &[&str]| words[random.usize(..words.len())].to_owned();
    let (city, street) = (of(&["Houston", "Chicago", "San Diego"]), of(&["Oak St", "Main St", "5th Ave NE"]));
    let (status, kind) = (of(&["Active", "Pending"]), of(&["SingleFamilyResidence", "Condominium"]));
    let price = 150_000 + random.u32(..900_000);
    let (latitude, longitude) = (random.u32(25_000_000..49_000_000), random.u32(70_000_000..124_000_000));
    format!(
        "\"@odata.etag\":\"W/\\\"{n}\\\"\",\"ListingKey\":\"C{n:09}\",\"ListPrice\":{price},\"City\":\"{city}\",\
         \"StandardStatus\":\"{status}\",\"UnparsedAddress\":\"{} {street}\",\"PropertySubType\":\"{kind}\",\
         \"Latitude\":{}.{:06},\"Longitude\":-{}.{:06},\"BedroomsTotal\":{},\"YearBuilt\":{},\
         \"OnMarketDate\":\"2026-0{}-1{}\",\"ModificationTimestamp\":\"2026-11-0{}T1{}:{:02}:{:02}Z\",\
         \"ListAgentKey\":\"M{}\",\"ListOfficeKey\":\"O{}\",\"LivingArea\":{},\"PostalCode\":\"{:05}\"",
        random.u32(1..9_999),
        latitude / 1_000_000,
        latitude % 1_000_000,
        longitude / 1_000_000,
        longitude % 1_000_000,
        random.u32(1..6),
        random.u32(1900..2026),
        random.u32(1..9),
        random.u32(0..9),
        random.u32(1..9),
        random.u32(0..9),
        random.u32(0..59),
        random.u32(0..59),
        random.u32(..90_000),
        random.u32(..9_000),
        random.u32(600..6_000),
        random.u32(..99_999),
    )
}
