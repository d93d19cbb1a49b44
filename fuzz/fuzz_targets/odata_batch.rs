//! A batch, as any client may send it: nothing panics, its bounds hold, and what was read is written as answers.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|sent: &[u8]| odata::batch::fuzz(sent));
