//! The envelope: what a subscriber is sent.

use dictionary::Text;

use super::Event;
use crate::json::quote;

impl Event {
    /// What a subscriber of `agent` is sent: `{topic, time, agent, instrument, source, originalRecipient,
    /// id, @id, data}`. `id` is the same for everyone, `@id` is this agent's copy (EVT-035, EVT-037).
    ///
    /// `data` stands in the place of the event's own where a data policy changed it, and the context is
    /// told only to those who need it (EVT-074).
    #[must_use]
    pub fn envelope(&self, agent: &str, data: &str, with_context: bool) -> String {
        let mut out = String::with_capacity(data.len() + 1_024);
        let mut member = |name: &str, write: &dyn Fn(&mut String)| {
            out.push(if out.is_empty() { '{' } else { ',' });
            quote(name, &mut out);
            out.push(':');
            write(&mut out);
        };
        member("topic", &|to| quote(&self.topic, to));
        member("time", &|to| quote(&self.time.to_string(), to));
        member("agent", &|to| quote(agent, to));
        member("instrument", &|to| quote(&self.instrument, to));
        if !self.sources.is_empty() {
            member("source", &|to| one_or_list(&self.sources, to));
        }
        member("originalRecipient", &|to| one_or_list(&self.original_recipients, to));
        member("id", &|to| quote(&self.uri, to));
        member("@id", &|to| quote(&self.copy_of(agent), to));
        if let Some(context) = self.context.as_ref().filter(|_| with_context) {
            member("context", &|to| to.push_str(context));
        }
        member("data", &|to| to.push_str(data));
        out.push('}');
        out
    }

    /// The address of an agent's copy: below the inbox beside its profile (EVT-050). An agent whose profile
    /// is elsewhere has no inbox here: the copy is the event itself.
    #[must_use]
    pub fn copy_of(&self, agent: &str) -> String {
        match agent.strip_suffix("/profile/card#me") {
            Some(pod) => format!("{pod}/inbox/{}", self.id),
            None => self.uri.to_string(),
        }
    }
}

/// One as itself, several as an array.
pub(crate) fn one_or_list(list: &[Text], to: &mut String) {
    if let [one] = list {
        return quote(one, to);
    }
    to.push('[');
    for (at, one) in list.iter().enumerate() {
        if at > 0 {
            to.push(',');
        }
        quote(one, to);
    }
    to.push(']');
}
