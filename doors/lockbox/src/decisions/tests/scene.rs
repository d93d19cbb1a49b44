//! A case with everything of its own, which a test changes in one thing.

use dictionary::{Date, Text, Time, Timestamp};
use jiff::tz::TimeZone;

use crate::decisions::{
    Case, Compartment, Days, Decision, Hours, Listing, Lockbox, Mode, Office, Party, Person, Reason,
    ShownCode, Span, Status, UserType, decide,
};

/// A person as the records tell of them.
#[derive(Clone, Debug)]
pub(crate) struct Somebody {
    pub(crate) id: &'static str,
    pub(crate) kind: UserType,
    pub(crate) account: bool,
    pub(crate) service: bool,
    pub(crate) member: bool,
    pub(crate) member_key: Option<&'static str>,
    pub(crate) office: Option<(&'static str, bool)>,
    pub(crate) teams: Vec<Text>,
}

/// One of the listing's side.
#[derive(Clone, Debug, Default)]
pub(crate) struct Side {
    pub(crate) member_key: Option<&'static str>,
    pub(crate) office_key: Option<&'static str>,
    pub(crate) teams: Vec<Text>,
}

#[derive(Clone, Debug)]
pub(crate) struct House {
    pub(crate) list_agent: Side,
    pub(crate) co_list_agent: Option<Side>,
    pub(crate) status: Option<&'static str>,
    pub(crate) on_market: Option<Date>,
    pub(crate) off_market: Option<Date>,
    pub(crate) days: Option<Vec<&'static str>>,
    pub(crate) opens: Option<Time>,
    pub(crate) closes: Option<Time>,
    pub(crate) zone: Option<&'static str>,
}

/// A case, whole.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) somebody: Option<Somebody>,
    pub(crate) code: Option<ShownCode>,
    pub(crate) owner: Option<(&'static str, Side)>,
    pub(crate) assigned: bool,
    pub(crate) mode: Mode,
    pub(crate) house: Option<House>,
    pub(crate) appointments: Vec<Span>,
    pub(crate) grants: Vec<Span>,
    pub(crate) compartment: Compartment,
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn span(start: &str, end: &str) -> Span {
    Span { start: at(start), end: at(end) }
}

pub(crate) fn days(names: Option<&[&'static str]>) -> Days {
    names.map_or(Days::ALL, |names| Days::read(names.iter().copied()))
}

impl Scene {
    /// An agent of another office before a box of open hours, nine to five, Monday to Friday, in Chicago.
    pub(crate) fn other_agent() -> Self {
        Self {
            somebody: Some(Somebody {
                id: "other",
                kind: UserType::Agent,
                account: true,
                service: true,
                member: true,
                member_key: Some("M-OTHER"),
                office: Some(("O-OTHER", true)),
                teams: Vec::new(),
            }),
            code: None,
            owner: Some((
                "owner",
                Side { member_key: Some("M-OWNER"), office_key: Some("O-OWN"), teams: vec!["T".into()] },
            )),
            assigned: true,
            mode: Mode::OpenHours,
            house: Some(House {
                list_agent: Side {
                    member_key: Some("M-OWNER"),
                    office_key: Some("O-OWN"),
                    teams: vec!["T".into()],
                },
                co_list_agent: Some(Side {
                    member_key: Some("M-CO"),
                    office_key: Some("O-CO"),
                    teams: vec!["C".into()],
                }),
                status: Some("Active"),
                on_market: None,
                off_market: None,
                days: Some(vec!["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]),
                opens: Some(Time::constant(9, 0, 0, 0)),
                closes: Some(Time::constant(17, 0, 0, 0)),
                zone: Some("America/Chicago"),
            }),
            appointments: Vec::new(),
            grants: Vec::new(),
            compartment: Compartment::KeyBin,
        }
    }

    /// The same, changed.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// The same with another person.
    pub(crate) fn by(self, change: impl FnOnce(&mut Somebody)) -> Self {
        self.with(|scene| change(scene.somebody.as_mut().unwrap()))
    }

    /// The same with another listing.
    pub(crate) fn at_house(self, change: impl FnOnce(&mut House)) -> Self {
        self.with(|scene| change(scene.house.as_mut().unwrap()))
    }

    pub(crate) fn decide(&self, at: Timestamp) -> Decision {
        fn party(side: &Side) -> Party<'_> {
            Party { member_key: side.member_key, office_key: side.office_key, teams: &side.teams }
        }
        let person = self.somebody.as_ref().map(|somebody| Person {
            id: somebody.id,
            kind: somebody.kind,
            account: somebody.account,
            service: somebody.service,
            member: somebody.member,
            member_key: somebody.member_key,
            office: somebody.office.map(|(key, active)| Office { key, active }),
            teams: &somebody.teams,
        });
        let lockbox = Lockbox {
            owner: self.owner.as_ref().map(|owner| owner.0),
            owner_party: self.owner.as_ref().map(|owner| party(&owner.1)),
            assigned: self.assigned,
            mode: self.mode,
        };
        let listing = self.house.as_ref().map(|house| Listing {
            list_agent: party(&house.list_agent),
            co_list_agent: house.co_list_agent.as_ref().map(party),
            status: Status::of(house.status),
            on_market: house.on_market,
            off_market: house.off_market,
            hours: Hours {
                days: days(house.days.as_deref()),
                opens: house.opens.unwrap_or(Time::midnight()),
                closes: house.closes.unwrap_or(Time::midnight()),
            },
            zone: house.zone.map(|zone| TimeZone::get(zone).unwrap()),
        });
        let case = Case {
            person: person.as_ref(),
            code: self.code,
            lockbox: &lockbox,
            listing: listing.as_ref(),
            appointments: &self.appointments,
            grants: &self.grants,
            compartment: self.compartment,
        };
        decide(&case, at)
    }

    /// The codes of the reasons, joined, behind `+` or `-`.
    pub(crate) fn said(&self, when: &str) -> String {
        let decision = self.decide(at(when));
        let codes: Vec<&str> = decision.reasons().iter().map(|reason| Reason::code(*reason)).collect();
        format!("{}{}", if decision.is_permit() { "+" } else { "-" }, codes.join(" "))
    }
}
