//! Every answer that these tests get is held to what the door says of itself.

use std::sync::LazyLock;

use testkit::web::{Answer, Described, Route};

static DOOR: LazyLock<Described> = LazyLock::new(|| {
    let route = |one: transactions_door::Described| {
        let answers = one.answers.into_iter().map(|answer| (answer.status, answer.content));
        Route { method: one.method, path: one.path, answers: answers.collect() }
    };
    Described::of(transactions_door::described().into_iter().map(route), "{name}")
});

/// Holds an answer to the description of its route.
pub(crate) fn hold(method: &str, path: &str, answer: &Answer) {
    DOOR.hold(method, path, answer);
}
