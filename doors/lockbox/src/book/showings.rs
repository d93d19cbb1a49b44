//! Confirmed appointments, by the listing that they are for.

use std::collections::{BTreeSet, HashMap};

use dictionary::{Key, Named, Text};

use crate::decisions::Span;

/// A record of ShowingAppointment that opens a box: confirmed, and in person.
struct Appointment {
    feed: Text,
    showing: Text,
    agent: Option<Text>,
    agent_mls_id: Option<Text>,
    window: Span,
}

#[derive(Default)]
pub(crate) struct Showings {
    /// The listing of each showing, with the feed that says so.
    showings: HashMap<Key, (Text, Text)>,
    of_listing: HashMap<Text, BTreeSet<Key>>,
    appointments: HashMap<Key, Appointment>,
    of_showing: HashMap<Text, BTreeSet<Key>>,
}

impl Showings {
    pub(crate) fn take_showing(&mut self, key: &Key, feed: &Text, words: Option<Named<'_>>) {
        let listing = words.and_then(|words| words.text("ListingKey"));
        let before = match listing.clone() {
            Some(listing) => self.showings.insert(key.clone(), (feed.clone(), listing)),
            None => self.showings.remove(key),
        };
        if let Some(keys) = before.and_then(|(_, listing)| self.of_listing.get_mut(&listing)) {
            keys.remove(key);
        }
        if let Some(listing) = listing {
            self.of_listing.entry(listing).or_default().insert(key.clone());
        }
    }

    pub(crate) fn take_appointment(&mut self, key: &Key, feed: &Text, words: Option<Named<'_>>) {
        let one = words.and_then(|words| read(feed, words));
        if let Some(before) = self.appointments.remove(key)
            && let Some(keys) = self.of_showing.get_mut(&before.showing)
        {
            keys.remove(key);
        }
        if let Some(one) = one {
            self.of_showing.entry(one.showing.clone()).or_default().insert(key.clone());
            self.appointments.insert(key.clone(), one);
        }
    }

    /// When an agent has appointments at a listing, all of them records of one feed.
    pub(crate) fn of(&self, feed: &str, listing: &str, agent: (Option<&Text>, Option<&Text>)) -> Vec<Span> {
        let showings = self.of_listing.get(listing).into_iter().flatten();
        let ours = showings.filter(|key| self.showings.get(*key).is_some_and(|(of, _)| of == feed));
        let appointments = ours.filter_map(|key| self.of_showing.get(key)).flatten();
        let is = |one: &&Appointment| {
            let key = one.agent.is_some() && one.agent.as_ref() == agent.0;
            // A board's id names the agent only where no key does.
            let mls_id =
                one.agent.is_none() && one.agent_mls_id.is_some() && one.agent_mls_id.as_ref() == agent.1;
            one.feed == feed && (key || mls_id)
        };
        let all = appointments.filter_map(|key| self.appointments.get(key));
        all.filter(is).map(|one| one.window).collect()
    }
}

fn read(feed: &Text, words: Named<'_>) -> Option<Appointment> {
    let confirmed = words.text("ShowingAppointmentStatus").is_some_and(|status| status == "Confirmed");
    let methods = words.texts("ShowingAppointmentMethod");
    // Who comes by video needs no key.
    let in_person = methods.is_empty() || methods.iter().any(|method| method != "Virtual");
    if !confirmed || !in_person {
        return None;
    }
    Some(Appointment {
        feed: feed.clone(),
        showing: words.text("ShowingKey")?,
        agent: words.text("ShowingAgentKey"),
        agent_mls_id: words.text("ShowingAgentMlsId"),
        window: Span {
            start: words.instant("ShowingAppointmentStartTime")?,
            end: words.instant("ShowingAppointmentEndTime")?,
        },
    })
}
