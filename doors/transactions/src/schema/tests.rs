//! The schema itself: sound, whole, and compiled for every topic.

use jsonschema::draft202012;
use serde_json::Value;

use super::*;

#[test]
fn the_schema_is_one_of_2020_12() {
    assert_eq!(EVENTS["$schema"], "https://json-schema.org/draft/2020-12/schema");
    if let Err(error) = draft202012::meta::validate(&EVENTS) {
        panic!("{}: {error}", error.instance_path());
    }
    for (at, topic) in every_topic().iter().enumerate() {
        assert!(definitions().contains_key(topic.schema), "{} names no definition", topic.name);
        // It compiles, and finds fault with nothing at all.
        assert!(of_topic(at).iter_errors(&Value::Null).count() > 0, "{}", topic.name);
    }
}

/// Whoever reads the page made from the schema finds a sentence at everything.
#[test]
fn every_definition_says_what_it_is() {
    for (name, definition) in definitions() {
        let said = definition["description"]
            .as_str()
            .or_else(|| definition["allOf"].as_array()?.iter().find_map(|part| part["description"].as_str()));
        assert!(said.is_some_and(|text| text.ends_with('.')), "{name} has no description");
    }
}
