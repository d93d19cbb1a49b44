//! How an onboarding stands: the checklist with its evidence, how much is done, and who is next (AMS-042).

use super::facts::{Confirmation, Facts};
use super::rule::{Responsible, Rule};
use super::step::Event;

/// An item of the checklist.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) rule: Rule,
    /// The evidence, or what is missing.
    pub(crate) shows: Result<String, String>,
    /// Who confirmed it by hand.
    pub(crate) confirmed: Option<Confirmation>,
}

/// How an onboarding stands.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) items: Vec<Item>,
    /// Of all items, in percent, rounded down: 100 is everything.
    pub(crate) percent: usize,
    /// The first item that the awaited step lacks; of none, the first that any later step lacks.
    pub(crate) next: Option<Rule>,
}

impl Standing {
    pub(crate) fn of(facts: &Facts) -> Self {
        let kind = facts.integration.kind;
        let items: Vec<Item> = Rule::ALL
            .into_iter()
            .filter(|rule| rule.is_for(kind))
            .map(|rule| Item {
                rule,
                shows: facts.shows(rule),
                confirmed: facts.confirmed.get(&rule).filter(|_| rule.is_manual()).cloned(),
            })
            .collect();
        let done = items.iter().filter(|item| item.shows.is_ok()).count();
        let state = facts.integration.blocked_from.unwrap_or(facts.integration.state);
        let awaited = Event::awaited(state);
        let open =
            |item: &&Item| item.shows.is_err() && awaited.is_some_and(|awaited| item.rule.event() >= awaited);
        let next = items.iter().find(open).map(|item| item.rule);
        Self { percent: done * 100 / items.len().max(1), next, items }
    }

    /// Who is next.
    pub(crate) fn responsible(&self) -> Option<Responsible> {
        self.next.map(Rule::responsible)
    }
}
