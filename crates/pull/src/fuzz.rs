//! The door for fuzzing.

use std::sync::OnceLock;

use dictionary::{Dictionary, Version};

use crate::metadata::Metadata;
use crate::page;

/// Takes any bytes as a source's `$metadata`, a zero byte, and a page of listings, and reads both as a run
/// does. Nothing that a source sends may make it panic, and what was read keeps to its bounds.
pub fn fuzz_answer(bytes: &[u8]) {
    static WORDS: OnceLock<Dictionary> = OnceLock::new();
    let words = WORDS.get_or_init(|| Dictionary::standard(Version::V2_1));
    let cut = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let (metadata, page) = bytes.split_at(cut);
    if let Ok(found) = Metadata::read(metadata) {
        assert!(
            found.serves("Property") || found.fields("Property").is_none(),
            "fields of a set that it lacks"
        );
    }
    let resource = words.known("Property").id;
    if let Ok(found) = page::read(page.get(1..).unwrap_or_default(), words, resource, Some("MlgCanView")) {
        for one in &found.records {
            assert!(one.record.resource() == resource, "a record of another resource");
        }
    }
}
