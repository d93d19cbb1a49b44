//! Any text as a Validation Expression: it is refused at a place within it, or evaluated within its bounds.
#![no_main]

use dictionary::{Date, Timestamp};
use libfuzzer_sys::fuzz_target;
use rules::{Context, Facts, Value};

/// A record that has a value of some kind for every name.
struct Anything;

impl Facts for Anything {
    fn now(&self, field: &str) -> Value {
        match field.len() % 6 {
            0 => Value::Empty,
            1 => Value::from(true),
            2 => Value::from(i64::try_from(field.len()).unwrap_or(0)),
            3 => Value::from("2023-04-21"),
            4 => Value::from(vec![Value::from(1), Value::from("a")]),
            _ => Value::from(field),
        }
    }

    fn last(&self, field: &str) -> Value {
        self.now(&format!("{field}x"))
    }

    fn named(&self, name: &str) -> Value {
        self.now(name)
    }
}

fuzz_target!(|text: &str| {
    let today = Date::constant(2026, 11, 23);
    rules::fuzz(text, &Context { facts: &Anything, now: Timestamp::UNIX_EPOCH, today });
});
