//! JSON-LD's two spellings: `type` or `@type`, `id` or `@id` (EVT-052).

use serde_json::Value;

const SPELLINGS: [(&str, &str); 2] = [("@type", "type"), ("@id", "id")];

/// Gives every object that says `@type` or `@id` alone the plain name too, so that rules need to know one.
/// Where both stand there, both stay as they are.
pub(crate) fn alias(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (linked, plain) in SPELLINGS {
                if !members.contains_key(plain)
                    && let Some(said) = members.get(linked).cloned()
                {
                    members.insert(plain.to_owned(), said);
                }
            }
            members.values_mut().for_each(alias);
        }
        Value::Array(items) => items.iter_mut().for_each(alias),
        _ => {}
    }
}
