//! Every answer that these tests get is held to what the door says of itself.

use std::sync::LazyLock;

use association_door::described;
use testkit::web::{Answer, Described, Route};

const JSON: &str = "application/json";

static DOOR: LazyLock<Described> = LazyLock::new(|| {
    let route = |one: association_door::Described| {
        let answers = one.answers.into_iter();
        let answers =
            answers.map(|(status, _, schema)| (status, schema.map(|it| (JSON, it)).into_iter().collect()));
        Route { method: one.method, path: one.path, answers: answers.collect() }
    };
    // No address of this door holds slashes.
    Described::of(described().into_iter().map(route), "{…}")
});

/// Holds an answer to the description of its route.
pub(crate) fn hold(method: &str, path: &str, answer: &Answer) {
    DOOR.hold(method, path, answer);
    if !answer.body.is_empty() {
        assert_eq!(answer.header("content-type"), JSON, "{method} {path}");
    }
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
