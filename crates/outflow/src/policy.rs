//! Data policies: what of an agent's data others do not get to see (EVT-075).

use std::borrow::Cow;
use std::fmt::Write as _;

use dictionary::Text;
use ring::hmac;

use crate::json::{items, members, quote};
use crate::topic::TopicPattern;
use crate::{Event, MasterKey};

/// What becomes of what lies at a policy's path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PolicyAction {
    /// `{"@redacted": true}` stands in its place.
    Redact,
    /// A keyed hash stands in its place: the same for the same value, and not to be guessed.
    Hash,
    /// The member is gone.
    Remove,
}

/// A rule of one agent over its data.
#[derive(Clone, PartialEq, Debug)]
pub struct DataPolicy {
    /// Whose data, and who always sees them.
    pub owner: Text,
    /// In events of which topics, as [`TopicPattern`]; of all where it says `*`.
    pub topics: Text,
    /// Who does not see them: these agents, or everyone where there are none.
    pub covered: Vec<Text>,
    /// The names on the way to the member; an array on the way stands for its items.
    pub path: Vec<Text>,
    /// What is done.
    pub action: PolicyAction,
}

/// Names on the way to a member at most.
const LONGEST_PATH: usize = 32;

impl DataPolicy {
    /// Reads a path: a JSON pointer (`/object/buyer/email`).
    #[must_use]
    pub fn path(text: &str) -> Option<Vec<Text>> {
        let names = text.strip_prefix('/')?.split('/');
        let names: Vec<Text> =
            names.map(|name| Text::from(name.replace("~1", "/").replace("~0", "~"))).collect();
        (names.len() <= LONGEST_PATH && names.iter().all(|name| !name.is_empty())).then_some(names)
    }

    /// Whether it changes what `reader` sees of an event.
    fn covers(&self, event: &Event, reader: &str) -> bool {
        let has = |list: &[Text], one: &str| list.iter().any(|other| other == one);
        let owned = event.instrument == self.owner
            || has(&event.original_recipients, &self.owner)
            || has(&event.sources, &self.owner);
        owned
            && reader != self.owner
            && TopicPattern(&self.topics).matches(&event.topic)
            && (self.covered.is_empty() || has(&self.covered, reader))
    }
}

/// The payload of an event as `reader` sees it. Every other byte stays as it was.
#[must_use]
pub fn seen_by<'e>(
    policies: &[DataPolicy],
    event: &'e Event,
    reader: &str,
    master: &MasterKey,
) -> Cow<'e, str> {
    let mut data = Cow::Borrowed(event.data.as_str());
    for policy in policies.iter().filter(|policy| policy.covers(event, reader)) {
        let key = master.derive(&format!("policy/{}", policy.owner));
        let mut changed = String::with_capacity(data.len());
        let change = Change { action: policy.action, key: hmac::Key::new(hmac::HMAC_SHA256, &key) };
        change.write(&data, &policy.path, &mut changed);
        data = Cow::Owned(changed);
    }
    data
}

struct Change {
    action: PolicyAction,
    key: hmac::Key,
}

impl Change {
    fn write(&self, json: &str, path: &[Text], to: &mut String) {
        if let Some(items) = items(json).filter(|_| json.starts_with('[')) {
            to.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    to.push(',');
                }
                self.write(item.get(), path, to);
            }
            return to.push(']');
        }
        let Some((first, rest)) = path.split_first() else { return self.replace(json, to) };
        let Some(members) = members(json).filter(|_| json.starts_with('{')) else { return to.push_str(json) };
        to.push('{');
        let mut some = false;
        for (name, value) in members {
            let here = name == first.as_str();
            if here && rest.is_empty() && self.action == PolicyAction::Remove {
                continue;
            }
            if some {
                to.push(',');
            }
            some = true;
            quote(&name, to);
            to.push(':');
            if here && rest.is_empty() {
                self.replace(value.get(), to);
            } else if here {
                self.write(value.get(), rest, to);
            } else {
                to.push_str(value.get());
            }
        }
        to.push('}');
    }

    fn replace(&self, json: &str, to: &mut String) {
        match self.action {
            PolicyAction::Hash => {
                to.push_str(r#"{"@hash":"hmac-sha256:"#);
                for byte in hmac::sign(&self.key, json.as_bytes()).as_ref() {
                    let _ = write!(to, "{byte:02x}");
                }
                to.push_str(r#""}"#);
            }
            PolicyAction::Redact | PolicyAction::Remove => to.push_str(r#"{"@redacted":true}"#),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: &str = "https://owner.example/profile/card#me";
    const OTHER: &str = "https://other.example/profile/card#me";

    fn event() -> Event {
        Event {
            id: "1".into(),
            uri: "https://hub.example/publish/1".into(),
            topic: "realestate/lead#add".into(),
            time: dictionary::Timestamp::UNIX_EPOCH,
            instrument: "https://app.example/profile/card#me".into(),
            original_recipients: vec![OWNER.into()],
            sources: vec![OTHER.into()],
            ordering_key: None,
            subject: None,
            context: None,
            data: r#"{"a":{"e/m":"x@y.z","n":1.50},"list":[{"a":1},{"a":2,"b":3}],"z":0}"#.into(),
        }
    }

    fn policy(path: &str, action: PolicyAction) -> DataPolicy {
        DataPolicy {
            owner: OWNER.into(),
            topics: "*".into(),
            covered: Vec::new(),
            path: DataPolicy::path(path).unwrap(),
            action,
        }
    }

    fn seen(policies: &[DataPolicy], reader: &str) -> String {
        seen_by(policies, &event(), reader, &MasterKey::from_bytes(&[7; 32])).into_owned()
    }

    /// EVT-075: redacted, removed, hashed; for everyone it covers, and never for the owner.
    #[test]
    fn evt_075_a_policy_changes_what_others_see() {
        use PolicyAction::{Hash, Redact, Remove};
        let check = |path: &str, action, expect: &str| {
            assert_eq!(seen(&[policy(path, action)], OTHER), expect, "{path} {action:?}");
            assert_eq!(seen(&[policy(path, action)], OWNER), event().data, "the owner sees everything");
        };
        let whole = event().data;
        check(
            "/a/e~1m",
            Redact,
            r#"{"a":{"e/m":{"@redacted":true},"n":1.50},"list":[{"a":1},{"a":2,"b":3}],"z":0}"#,
        );
        check("/a", Remove, r#"{"list":[{"a":1},{"a":2,"b":3}],"z":0}"#);
        check("/list/a", Remove, r#"{"a":{"e/m":"x@y.z","n":1.50},"list":[{},{"b":3}],"z":0}"#);
        check("/z", Remove, r#"{"a":{"e/m":"x@y.z","n":1.50},"list":[{"a":1},{"a":2,"b":3}]}"#);
        check("/z/q", Redact, &whole);
        check("/missing", Redact, &whole);
        let hashed = seen(&[policy("/a/e~1m", Hash)], OTHER);
        assert!(!hashed.contains("x@y.z") && hashed.contains(r#"{"e/m":{"@hash":"hmac-sha256:"#), "{hashed}");
        assert_eq!(
            hashed,
            seen(&[policy("/a/e~1m", Hash)], "https://third.example/"),
            "the same value, the same hash"
        );
    }

    #[test]
    fn evt_075_a_policy_covers_whom_and_what_it_names() {
        let check = |change: &dyn Fn(&mut DataPolicy), covered: bool| {
            let mut policy = policy("/z", PolicyAction::Remove);
            change(&mut policy);
            assert_eq!(seen(&[policy.clone()], OTHER) != event().data, covered, "{policy:?}");
        };
        check(&|_| {}, true);
        check(&|policy| policy.covered = vec![OTHER.into()], true);
        check(&|policy| policy.covered = vec!["https://third.example/".into()], false);
        check(&|policy| policy.topics = "realestate/lead".into(), true);
        check(&|policy| policy.topics = "realestate/listing".into(), false);
        check(&|policy| policy.owner = event().instrument, true);
        check(&|policy| policy.owner = "https://stranger.example/".into(), false);
        assert_eq!(DataPolicy::path("a/b"), None);
        assert_eq!(DataPolicy::path("/a//b"), None);
        assert_eq!(DataPolicy::path(&"/a".repeat(33)), None);
    }
}
