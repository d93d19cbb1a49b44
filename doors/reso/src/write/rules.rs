//! The rules of a feed, held against what is written into it (RESO-063).

use std::collections::HashMap;
use std::sync::Arc;

use dictionary::{Date, Record, Text, Timestamp};
use jiff::tz::TimeZone;
use odata::Fault;
use parking_lot::Mutex;
use query::{FeedRows, Query, Rows, Scope};
use rules::{Finding, Rule, RuleFault, Verdict, Writing, judge};
use store::Sequence;

use super::check::{add, has};
use super::draft::Drafting;
use crate::Door;

/// Rules of one feed that are held against a write; an MLS has some hundreds.
const MOST_RULES: u32 = 5_000;
/// Rules that are kept as they were read.
const MOST_KEPT: usize = 20_000;

/// Rules as they were read, by their keys and versions; none where one is off, of another language, or wrong.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    read: Mutex<HashMap<Text, Read>>,
}

/// A version of a rule, and what it says.
type Read = (Sequence, Option<Arc<Rule>>);

impl Rules {
    /// The rules of a feed, in their order.
    pub(super) fn of(&self, door: &Door, feed: &Text, now: Timestamp) -> Vec<Arc<Rule>> {
        let Some(own) = door.dictionary.find("Rules") else { return Vec::new() };
        let mut scope = Scope::nothing();
        scope.allow(own.id, Rows::Of(vec![FeedRows { feed: feed.clone(), filter: None }]));
        let reader = door.search.read();
        let query = Query { page_size: MOST_RULES, ..Query::all(own.id) };
        let Ok(hits) = reader.page(&query, &scope, now) else { return Vec::new() };
        let mut read = self.read.lock();
        if read.len() > MOST_KEPT {
            read.clear();
        }
        let mut rules: Vec<Arc<Rule>> = hits
            .rows
            .iter()
            .filter_map(|row| {
                let view = reader.view(own.id, *row);
                match read.get(view.key()) {
                    Some((version, rule)) if *version == view.sequence() => rule.clone(),
                    _ => {
                        let rule = read_rule(door, &reader.record(own.id, *row));
                        read.insert(view.key().into(), (view.sequence(), rule.clone()));
                        rule
                    }
                }
            })
            .collect();
        rules.sort_by(|a, b| (a.order.is_none(), a.order, &a.key).cmp(&(b.order.is_none(), b.order, &b.key)));
        rules
    }
}

/// Reads a rule. One that is wrong was not written here, where it would have been refused.
fn read_rule(door: &Door, record: &Record) -> Option<Arc<Rule>> {
    match Rule::read(&door.dictionary, record) {
        Ok(rule) => rule.map(Arc::new),
        Err(faults) => {
            let key = door.dictionary.known("Rules").key_of(record);
            tracing::warn!(?key, ?faults, "a rule that cannot be read is passed over");
            None
        }
    }
}

impl Drafting<'_> {
    /// Holds a record against the rules of its feed; what they set is set, what they say is kept.
    pub(super) fn rule(&mut self, record: &mut Record, before: Option<&Record>, prefix: &str) {
        let own = self.door.dictionary.resource(record.resource());
        if own.name == "Rules" {
            self.rule_itself(record);
        }
        if self.rules.is_empty() {
            return;
        }
        let writing = Writing { before, user: self.caller.client(), now: self.now, today: self.today() };
        let Verdict { faults, warnings } = judge(&self.door.dictionary, &self.rules, record, &writing);
        for found in faults {
            let fault = told(found, prefix);
            // What could not be read was not there for the rules to see.
            if !has(&self.faults, fault.target.as_deref().unwrap_or_default()) {
                add(&mut self.faults, fault);
            }
        }
        for found in warnings {
            add(&mut self.warnings, told(found, prefix));
        }
    }

    /// A rule with a fault would be passed over in silence.
    fn rule_itself(&mut self, record: &Record) {
        for RuleFault { field, message, hint } in
            Rule::read(&self.door.dictionary, record).err().unwrap_or_default()
        {
            add(&mut self.faults, Fault::bad("rule_wrong", message, hint).about(field));
        }
    }

    /// The day that it is where the feed is.
    fn today(&self) -> Date {
        let terms = self.caller.feed_terms(self.feed);
        let zone =
            terms.and_then(|terms| terms.time_zone.as_deref()).and_then(|name| TimeZone::get(name).ok());
        self.now.to_zoned(zone.unwrap_or(TimeZone::UTC)).date()
    }
}

fn told(found: Finding, prefix: &str) -> Fault {
    Fault::bad(found.code, found.message, found.hint).about(format!("{prefix}{}", found.field))
}
