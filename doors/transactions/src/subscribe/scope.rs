//! Scope strings, `mode:topic`: what an app is let in to.

use outflow::TopicPattern;
use serde::Deserialize;

use crate::reply::Refused;

/// Scopes of one authorization at most: each is a grant.
pub(super) const MOST: usize = 20;

/// As they are sent: in an array, or in one text with spaces between.
#[derive(Deserialize, Default)]
#[serde(untagged)]
pub(super) enum Scopes {
    List(Vec<String>),
    Text(String),
    #[default]
    None,
}

/// One of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Scope {
    publishes: bool,
    topic: String,
}

impl Scopes {
    /// All in one text.
    pub(super) fn text(&self) -> String {
        match self {
            Self::List(all) => all.join(" "),
            Self::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
            Self::None => String::new(),
        }
    }

    /// # Errors
    /// 400 where there is none, too many, or one that is no scope.
    pub(super) fn read(&self) -> Result<Vec<Scope>, Refused> {
        let text = self.text();
        let wrong = |message: String| {
            let hint = "Send 1 to 20 such as read:realestate/lead or write:realestate/lead#add.";
            Refused::new(400, "scope_wrong", message, hint)
        };
        let given: Vec<&str> = text.split(' ').filter(|scope| !scope.is_empty()).collect();
        if given.is_empty() || given.len() > MOST {
            return Err(wrong(format!("There are {} scopes.", given.len())));
        }
        given
            .into_iter()
            .map(|one| Scope::read(one).ok_or_else(|| wrong(format!("{one:?} is no scope."))))
            .collect()
    }
}

impl Scope {
    fn read(text: &str) -> Option<Self> {
        let (mode, topic) = text.split_once(':')?;
        let publishes = match mode {
            "read" => false,
            "write" => true,
            _ => return None,
        };
        TopicPattern(topic).is_sound().then(|| Self { publishes, topic: topic.to_owned() })
    }

    /// Those of a text that was read before.
    pub(super) fn read_all(text: &str) -> Vec<Self> {
        text.split(' ').filter_map(Self::read).take(MOST).collect()
    }

    /// Whether the app may publish, or else receive.
    pub(super) fn publishes(&self) -> bool {
        self.publishes
    }

    /// Which topics.
    pub(super) fn topic(&self) -> &str {
        &self.topic
    }
}
