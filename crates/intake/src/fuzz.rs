//! The door for fuzzing.

use std::sync::{Arc, OnceLock};

use dictionary::{Dictionary, Timestamp, Version};

use crate::{Clock, Job, Limits, Mapping, Silent, Source};

/// Takes any bytes as a mapping, a zero byte, and a file of CSV (or of what the mapping says), and checks
/// the one by the other. Nothing that comes in may make it panic.
pub fn fuzz_csv(bytes: &[u8]) {
    static WORDS: OnceLock<Arc<Dictionary>> = OnceLock::new();
    let words = WORDS.get_or_init(|| Arc::new(Dictionary::standard(Version::V2_1)));
    let cut = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
    let (mapping, file) = bytes.split_at(cut);
    let Ok(mapping) = std::str::from_utf8(mapping) else { return };
    let Ok(mapping) = Mapping::read(mapping) else { return };
    let file = file.get(1..).unwrap_or_default();
    let limits = Limits {
        row_bytes: 64 << 10,
        cell_bytes: 16 << 10,
        xlsx_unpacked_bytes: 1 << 20,
        ..Limits::default()
    };
    let Ok(job) = Job::open(Arc::clone(words), &mapping, Source::bytes("f.csv", file), limits) else {
        return;
    };
    let clock: Clock = Arc::new(|| Timestamp::UNIX_EPOCH);
    if let Ok(report) = job.check(&clock, &Silent) {
        // Both forms are for whoever sent the file: they are written here, too.
        drop((report.to_json(), report.to_string(), job.preview(3)));
    }
}
