//! One object of JSON as a row.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Cell;

/// Objects inside objects become columns named `outer.inner`, to this depth.
const DEEPEST: usize = 4;

/// The members of an object with their cells, in the file's order. Names that hold `@` are annotations of
/// OData and are left out.
pub(super) fn members(bytes: &[u8]) -> Result<Vec<(Cow<'_, str>, Cell<'_>)>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "It is not UTF-8.".to_owned())?;
    let mut found = Vec::new();
    read(text, None, 0, &mut found)?;
    Ok(found)
}

fn read<'a>(
    text: &'a str,
    outer: Option<&str>,
    depth: usize,
    found: &mut Vec<(Cow<'a, str>, Cell<'a>)>,
) -> Result<(), String> {
    let said = |error: serde_json::Error| {
        // serde_json counts lines from the object's beginning: only what it says is of use.
        let said = error.to_string();
        said.split(" at line ").next().unwrap_or_default().to_owned()
    };
    let Members(members) = serde_json::from_str(text).map_err(said)?;
    for (name, value) in members {
        if name.contains('@') {
            continue;
        }
        let name = match outer {
            Some(outer) => Cow::Owned(format!("{outer}.{name}")),
            None => name,
        };
        let raw = value.get();
        match raw.as_bytes().first() {
            Some(b'{') if depth < DEEPEST => read(raw, Some(&name), depth + 1, found)?,
            Some(b'"') => {
                let Word(word) = serde_json::from_str(raw).map_err(said)?;
                found.push((name, if word.is_empty() { Cell::Empty } else { Cell::Text(word) }));
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(raw).map_err(said)?;
                let items = items.into_iter().filter(|item| item.get() != "null").map(word);
                found.push((name, Cell::List(items.collect())));
            }
            Some(b'n') => found.push((name, Cell::Empty)),
            _ => found.push((name, Cell::Exact(Cow::Borrowed(raw)))),
        }
    }
    Ok(())
}

/// An element of a list as text: a word without its quotes, everything else as it is written.
fn word(item: &RawValue) -> Cow<'_, str> {
    serde_json::from_str::<Word<'_>>(item.get()).map_or(Cow::Borrowed(item.get()), |word| word.0)
}

/// Text that is borrowed where nothing in it is escaped.
#[derive(Deserialize)]
struct Word<'a>(#[serde(borrow)] Cow<'a, str>);

struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(Word(name)) = map.next_key::<Word<'de>>()? {
                    members.push((name, map.next_value::<&'de RawValue>()?));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}
