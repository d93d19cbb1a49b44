//! Faults of a record before it is kept: a subscription with a fault would receive nothing.

use dictionary::{Dictionary, Record};

use super::read::Words;
use crate::{DataPolicy, PayloadFilter, TopicPattern};

/// What is wrong with a record of `Subscription`, `TopicGrant` or `DataPolicy` beyond what the dictionary
/// checks: the field and a sentence.
#[must_use]
pub fn check_standing(dictionary: &Dictionary, record: &Record) -> Vec<(&'static str, String)> {
    let words = Words::new(dictionary, record);
    let mut faults = Vec::new();
    let mut require = |field: &'static str| {
        if words.text(field).is_none_or(|text| text.is_empty()) {
            faults.push((field, format!("{field} is missing.")));
        }
    };
    let pattern = |field: &'static str, text: &str| {
        let sound = TopicPattern(text).is_sound();
        (!sound).then(|| (field, format!("{text:?} is no topic, no group of topics and not *.")))
    };
    match dictionary.resource(record.resource()).name.as_str() {
        "Subscription" => {
            ["ClientId", "AgentUri", "SubscriptionStatus"].into_iter().for_each(&mut require);
            for field in ["SubscribedTopics", "PublishedTopics"] {
                faults.extend(words.list(field).iter().filter_map(|topic| pattern(field, topic)));
            }
            let filter = words.text("PayloadFilter").map(|text| PayloadFilter::read(&text));
            faults.extend(filter.and_then(Result::err).map(|fault| ("PayloadFilter", fault.to_string())));
        }
        "TopicGrant" => {
            ["ClientId", "AgentUri", "TopicDirection"].into_iter().for_each(&mut require);
            let text = words.text("TopicPattern").unwrap_or_default();
            faults.extend(pattern("TopicPattern", &text));
        }
        "DataPolicy" => {
            ["AgentUri", "DataPolicyAction"].into_iter().for_each(&mut require);
            faults.extend(words.text("TopicPattern").and_then(|text| pattern("TopicPattern", &text)));
            if words.text("DataPath").is_none_or(|path| DataPolicy::path(&path).is_none()) {
                let message = "DataPath is no JSON pointer such as /object/buyer/email.";
                faults.push(("DataPath", message.to_owned()));
            }
        }
        _ => {}
    }
    faults
}
