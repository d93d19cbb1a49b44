//! Every answer that these tests get is held to what the door says of itself.

use std::collections::HashMap;
use std::sync::LazyLock;

use association_door::{Described, described};
use jsonschema::Validator;

use crate::town::Answer;

struct Held {
    route: Described,
    /// By status, where there is a body.
    answers: HashMap<u16, Option<Validator>>,
}

static ROUTES: LazyLock<Vec<Held>> = LazyLock::new(|| {
    let held = |route: Described| {
        let validator = |schema: &serde_json::Value| {
            let options = jsonschema::draft202012::options().should_validate_formats(true);
            options.build(schema).unwrap()
        };
        let answers = route
            .answers
            .iter()
            .map(|(status, _, schema)| (*status, schema.as_ref().map(validator)))
            .collect();
        Held { route, answers }
    };
    described().into_iter().map(held).collect()
});

fn is_of(path: &str, route: &str) -> bool {
    let (path, route): (Vec<_>, Vec<_>) = (path.split('/').collect(), route.split('/').collect());
    path.len() == route.len() && path.iter().zip(route).all(|(one, of)| *one == of || of.starts_with('{'))
}

/// Holds an answer to the description of its route.
pub(crate) fn hold(method: &str, path: &str, answer: &Answer) {
    let path = path.split('?').next().unwrap_or_default();
    // What stands in words goes before what stands in braces.
    let of_path = ROUTES.iter().filter(|held| is_of(path, &held.route.path) && held.route.method == method);
    let Some(held) = of_path.min_by_key(|held| held.route.path.matches('{').count()) else { return };
    let status = answer.status.as_u16();
    let told = held.answers.get(&status);
    let told = told.unwrap_or_else(|| panic!("{method} {path} answers {status}: {}", answer.body));
    let Some(validator) = told else {
        assert_eq!(answer.body, "", "{method} {path}");
        return;
    };
    assert_eq!(answer.headers["content-type"], "application/json", "{method} {path}");
    let json = answer.json();
    let wrong: Vec<String> = validator
        .iter_errors(&json)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .take(5)
        .collect();
    assert!(wrong.is_empty(), "{method} {path}, {status}: {wrong:#?}");
}

#[test]
fn every_route_is_described_once() {
    let mut all: Vec<String> = described().iter().map(|one| format!("{} {}", one.method, one.path)).collect();
    let count = all.len();
    assert_eq!(count, association_door::every_route().len());
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
}
