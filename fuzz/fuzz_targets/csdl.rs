//! What a server sends as its `$metadata`: nothing panics, and what was read is of what it serves.
#![no_main]

use libfuzzer_sys::fuzz_target;
use odata::metadata::Declared;

fuzz_target!(|sent: &[u8]| {
    if let Ok(found) = Declared::read(sent) {
        assert!(
            found.serves("Property") || found.fields("Property").is_none(),
            "fields of a set that it lacks"
        );
    }
});
