//! Every answer that these tests get is held to what the door says of itself.

use std::collections::HashMap;
use std::sync::LazyLock;

use jsonschema::Validator;
use lockbox_door::{Described, described};

use crate::town::Answer;

struct Held {
    route: Described,
    /// By status, where the answer is JSON.
    answers: HashMap<u16, Validator>,
}

static ROUTES: LazyLock<Vec<Held>> = LazyLock::new(|| {
    let held = |route: Described| {
        let json = |kinds: &[(&'static str, serde_json::Value)]| {
            let (_, schema) = kinds.iter().find(|(kind, _)| *kind == "application/json")?;
            let options = jsonschema::draft202012::options().should_validate_formats(true);
            Some(options.build(schema).unwrap())
        };
        let answers =
            route.answers.iter().filter_map(|one| Some((one.status, json(&one.content)?))).collect();
        Held { route, answers }
    };
    described().into_iter().map(held).collect()
});

/// Whether a path is one of a route's; what stands last in braces may hold slashes.
fn is_of(path: &str, route: &str) -> bool {
    let (mut segments, mut of) = (path.split('/'), route.split('/'));
    loop {
        match (segments.next(), of.next()) {
            (None, None) => return true,
            (Some(_), None) => return route.ends_with("{file}"),
            (Some(segment), Some(of)) if of == segment || (of.starts_with('{') && !segment.is_empty()) => {}
            _ => return false,
        }
    }
}

/// Holds an answer to the description of its route.
pub(crate) fn hold(method: &str, path: &str, answer: &Answer) {
    let path = path.split('?').next().unwrap_or_default();
    let mut of_path = ROUTES.iter().filter(|held| is_of(path, &held.route.path));
    let Some(held) = of_path.find(|held| held.route.method == method) else { return };
    let status = answer.status.as_u16();
    let told = held.route.answers.iter().find(|one| one.status == status);
    let told = told.unwrap_or_else(|| panic!("{method} {path} answers {status}: {}", answer.body));
    if told.content.is_empty() {
        assert_eq!(answer.body, "", "{method} {path}");
        return;
    }
    let kind = answer.header("content-type");
    assert!(told.content.iter().any(|(known, _)| kind.starts_with(known)), "{method} {path}: {kind}");
    let Some(validator) = held.answers.get(&status).filter(|_| kind == "application/json") else { return };
    let json = answer.json();
    let wrong: Vec<String> = validator
        .iter_errors(&json)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .take(5)
        .collect();
    assert!(wrong.is_empty(), "{method} {path}, {status}: {wrong:#?}");
}
