//! A file and the mapping that it is read by. Bytes with a zero in them are a mapping, the zero, and a
//! file; others are a file for the mapping beside this, since few random bytes are a mapping.
#![no_main]

use std::sync::Arc;

use dictionary::{Dictionary, Version};
use intake::{Job, Limits, Mapping, Source};
use libfuzzer_sys::fuzz_target;

const MAPPING: &str = include_str!("csv_mapping.toml");

/// The mapping fits its own seed: else every run would end before the file is read.
fn begin() {
    let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
    let mapping = Mapping::read(MAPPING).expect("the mapping is right");
    let rows = Source::bytes("rows.csv", *include_bytes!("../seeds/csv_mapping/rows.csv"));
    let job = Job::open(dictionary, &mapping, rows, Limits::default()).expect("the seed fits it");
    assert!(!job.preview(1).expect("it can be read").rows.is_empty());
}

fuzz_target!(init: begin(), |bytes: &[u8]| {
    if bytes.contains(&0) {
        intake::fuzz_csv(bytes);
    } else {
        intake::fuzz_csv(&[MAPPING.as_bytes(), &[0], bytes].concat());
    }
});
