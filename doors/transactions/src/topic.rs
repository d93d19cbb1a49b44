//! The topics that may be published, one line of `data/topics.tsv` each (EVT-001).

use std::collections::HashMap;
use std::sync::LazyLock;

/// A kind of event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Topic {
    /// `realestate/{group}#{action}`
    pub name: &'static str,
    /// The schema.org action that `data.type` must be; none where any action is taken.
    pub action: Option<&'static str>,
    /// The definition of `data` in `schema/events.json`.
    pub schema: &'static str,
    /// What has happened, in a sentence.
    pub summary: &'static str,
}

/// The report of a transaction, the topic with the most rules.
pub(crate) const TRANSACTION_REPORT: &str = "realestate/franchise#transactionreport";

static TOPICS: LazyLock<Vec<Topic>> = LazyLock::new(|| {
    let lines = include_str!("../data/topics.tsv").lines().skip(1);
    lines
        .filter_map(|line| {
            let mut cells = line.split('\t');
            Some(Topic {
                name: cells.next()?,
                action: cells.next().filter(|action| !action.is_empty()),
                schema: cells.next()?,
                summary: cells.next()?,
            })
        })
        .collect()
});

static BY_NAME: LazyLock<HashMap<&'static str, usize>> =
    LazyLock::new(|| TOPICS.iter().enumerate().map(|(at, topic)| (topic.name, at)).collect());

/// Every topic, in the order of the table.
#[must_use]
pub fn every_topic() -> &'static [Topic] {
    &TOPICS
}

/// The topic of this name, to the letter, and its place in the table.
pub(crate) fn find(name: &str) -> Option<(usize, &'static Topic)> {
    let at = *BY_NAME.get(name)?;
    Some((at, &TOPICS[at]))
}

/// The topic whose name is nearest, for a hint: the same but for case, or the same action of another group.
pub(crate) fn nearest(name: &str) -> Option<&'static str> {
    let action = |name: &'_ str| name.split_once('#').map(|(_, action)| action.to_ascii_lowercase());
    let wanted = action(name);
    let same_action = || TOPICS.iter().find(|topic| wanted.is_some() && action(topic.name) == wanted);
    let same = TOPICS.iter().find(|topic| topic.name.eq_ignore_ascii_case(name));
    same.or_else(same_action).map(|topic| topic.name)
}
