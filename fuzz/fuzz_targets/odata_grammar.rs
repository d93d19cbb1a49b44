//! Any text against the whole grammar, every word being a name: nothing panics, and it ends within its bounds at a
//! place of the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use odata::grammar::parse;

fuzz_target!(|sent: &str| {
    for rule in ["odataRelativeUri", "queryOptions", "context", "header"] {
        match parse(rule, sent, &|_, _| true) {
            Ok(tree) => assert!(tree.each().all(|node| node.start <= node.end && node.end <= sent.len())),
            Err(stopped) => assert!(stopped.at <= sent.len()),
        }
    }
});
