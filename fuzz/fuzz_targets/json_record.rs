//! A body as a partner's server or a writing client sends it, read as a Property and as a page of them:
//! nothing panics, and what was read is written and read again as the same.
#![no_main]

use std::sync::LazyLock;

use dictionary::{Dictionary, Version};
use libfuzzer_sys::fuzz_target;

/// Built once: building it takes longer than a thousand runs.
static WORDS: LazyLock<Dictionary> = LazyLock::new(|| Dictionary::standard(Version::V2_1));

fuzz_target!(|bytes: &[u8]| odata::json::fuzz(bytes, &WORDS, WORDS.known("Property").id));
