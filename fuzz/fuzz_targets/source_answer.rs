//! What a source answers, its `$metadata` and a page: nothing panics, and bounds hold.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|sent: &[u8]| pull::fuzz_answer(sent));
