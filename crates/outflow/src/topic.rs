//! Topics, and the patterns that name several of them (EVT-070).

/// Whether `text` has a topic's form: `realestate/{group}#{action}`, in printable ASCII without spaces, at
/// most 128 characters. Whether such a topic exists is for the door to know.
#[must_use]
pub fn is_topic(text: &str) -> bool {
    let sound =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
    text.len() <= 128 && text.split_once('#').is_some_and(|(group, action)| sound(group) && sound(action))
}

/// Which topics are meant: one, to the letter; a group, the part before `#`; or `*`, all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TopicPattern<'a>(pub &'a str);

impl TopicPattern<'_> {
    /// Whether `topic` is meant. `realestate/lead` means `realestate/lead#add` and not
    /// `realestate/leads#x`; letters' case counts.
    #[must_use]
    pub fn matches(self, topic: &str) -> bool {
        self.0 == "*" || self.0 == topic || topic.split_once('#').is_some_and(|(group, _)| group == self.0)
    }

    /// Whether all that `other` means is meant.
    #[must_use]
    pub fn covers(self, other: &str) -> bool {
        self.0 == other || self.matches(other)
    }

    /// Whether it has a pattern's form.
    #[must_use]
    pub fn is_sound(self) -> bool {
        self.0 == "*" || is_topic(self.0) || is_topic(&format!("{}#x", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EVT-070: exactly or by group, and nothing that only looks like it.
    #[test]
    fn evt_070_a_pattern_is_a_topic_or_a_whole_group() {
        let check = |pattern: &str, topic: &str, expect: bool| {
            assert_eq!(TopicPattern(pattern).matches(topic), expect, "{pattern} of {topic}");
        };
        check("realestate/lead", "realestate/lead#add", true);
        check("realestate/lead#add", "realestate/lead#add", true);
        check("*", "realestate/lead#add", true);
        check("realestate/lead", "realestate/leads#x", false);
        check("realestate/lead#add", "realestate/lead#address", false);
        check("realestate/lead#add", "realestate/lead", false);
        check("realestate/Lead", "realestate/lead#add", false);
        check("realestate", "realestate/lead#add", false);
        check("", "realestate/lead#add", false);
    }

    /// EVT-072: nobody hands on more than they hold.
    #[test]
    fn evt_072_a_pattern_covers_what_it_means_and_no_more() {
        let check = |pattern: &str, other: &str, expect: bool| {
            assert_eq!(TopicPattern(pattern).covers(other), expect, "{pattern} of {other}");
        };
        check("*", "*", true);
        check("*", "realestate/lead", true);
        check("realestate/lead", "realestate/lead", true);
        check("realestate/lead", "realestate/lead#add", true);
        check("realestate/lead#add", "realestate/lead", false);
        check("realestate/lead", "*", false);
        check("realestate/lead", "realestate/leads", false);
    }

    #[test]
    fn forms_are_told_apart() {
        let check = |text: &str, topic: bool, pattern: bool| {
            assert_eq!((is_topic(text), TopicPattern(text).is_sound()), (topic, pattern), "{text:?}");
        };
        check("realestate/lead#add", true, true);
        check("realestate/lead", false, true);
        check("*", false, true);
        check("", false, false);
        check("#add", false, false);
        check("realestate/lead#", false, false);
        check("realestate/lead#a#b", false, false);
        check("realestate/le ad#add", false, false);
        check(&format!("{}#a", "x".repeat(127)), false, false);
    }
}
