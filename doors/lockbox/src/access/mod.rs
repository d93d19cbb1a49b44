//! Who may open which box: asked, opened, and promised for a while without the network.

mod decision;
mod guesses;
mod notice;
mod opened;
mod routes;
mod token;

use std::sync::Arc;

use dictionary::{Text, Timestamp};
use gate::Caller;
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::Door;
use crate::audit::{Entry, Kind, Noted};
use crate::body;
use crate::book::{Asked, BoxEntry, Known};
use crate::decisions::{Compartment, Decision, Reason};
use crate::reply::Refused;
use crate::rights::Rights;

pub(crate) use decision::decide;
pub(crate) use guesses::Guesses;
pub(crate) use opened::opened;
pub(crate) use routes::routes;
pub(crate) use token::{Signing, issue, key, refresh};

/// How far back an instant may lie that is asked about: a box tells of what it did when it has a network again.
const FURTHEST_BACK: SignedDuration = SignedDuration::from_hours(24);
/// How far ahead: as far as a code reaches.
const FURTHEST_AHEAD: SignedDuration = SignedDuration::from_hours(31 * 24);

/// How a box was opened, or is to be: a value of the lookup LockOrBoxAccessType.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Deserialize)]
pub(crate) enum Method {
    App,
    Card,
    Code,
}

impl Method {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::App => "App",
            Self::Card => "Card",
            Self::Code => "Code",
        }
    }
}

/// What is asked about a box, or told of it.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    pub(crate) lockbox: String,
    pub(crate) user: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) at: Option<String>,
    pub(crate) method: Option<Method>,
    pub(crate) compartment: Option<Part>,
    /// A name that whoever reports an access gives it, so that a report that comes twice counts once.
    pub(crate) id: Option<String>,
}

/// Which part of the box.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Part {
    KeyBin,
    Shackle,
}

/// A question that was read, of whoever may put it.
pub(crate) struct Put {
    pub(crate) lockbox: Text,
    pub(crate) user: Option<Text>,
    /// The code, as codes are kept.
    code: Option<Text>,
    pub(crate) at: Timestamp,
    pub(crate) method: Method,
    pub(crate) compartment: Compartment,
}

/// What came of it.
pub(crate) struct Decided {
    pub(crate) decision: Decision,
    pub(crate) known: Known,
}

impl Door {
    /// Whether a user may open a box's key bin at an instant, decided in the process and written down nowhere: for
    /// whoever measures. None where one of the two is not known.
    #[must_use]
    pub fn decides(&self, lockbox: &str, user: &str, at: Timestamp) -> Option<bool> {
        let asked = Asked { lockbox, user: Some(user), code: None, compartment: Compartment::KeyBin };
        self.memory.book().decide(asked, at).map(|(decision, _)| decision.is_permit())
    }

    /// Reads a question, and holds the caller's rights against it. Everything that was acknowledged before it came
    /// counts (LBX-098).
    async fn put(&self, caller: &Caller, question: &Question, now: Timestamp) -> Result<Put, Refused> {
        let lockbox = body::id("lockbox", &question.lockbox)?;
        let user = question.user.as_deref().map(|user| body::id("user", user)).transpose()?;
        if user.is_none() && question.code.is_none() {
            let message = "Nobody says who opens the box.";
            return Err(Refused::new(400, "user_or_code_missing", message, "Send user, code, or both."));
        }
        let at = match &question.at {
            None => now,
            Some(text) => within_reach(body::instant("at", text)?, now)?,
        };
        self.memory.heard().await?;
        let entry = self.reach(caller, lockbox)?;
        if !self.rights(caller, &entry).may_ask_for(user) {
            return Err(unknown_box(lockbox));
        }
        let by_code = if user.is_none() { Method::Code } else { Method::App };
        Ok(Put {
            lockbox: entry.id.clone(),
            user: user.map(Text::new),
            code: question.code.as_deref().map(|code| self.codes.hash(&entry.id, code)),
            at,
            method: question.method.unwrap_or(by_code),
            compartment: match question.compartment {
                Some(Part::Shackle) => Compartment::Shackle,
                _ => Compartment::KeyBin,
            },
        })
    }

    /// A box of a tenant that the caller has to do with. One that is not there looks the same as one of others.
    pub(crate) fn reach(&self, caller: &Caller, lockbox: &str) -> Result<Arc<BoxEntry>, Refused> {
        let entry = self.memory.book().lockbox(lockbox).cloned();
        let entry = entry.filter(|entry| !self.rights(caller, entry).is_nothing());
        entry.ok_or_else(|| unknown_box(lockbox))
    }

    /// What the caller is to whom a box belongs.
    pub(crate) fn rights(&self, caller: &Caller, lockbox: &BoxEntry) -> Rights {
        let environment = self.memory.book().environment(&lockbox.tenant, &lockbox.feed);
        environment
            .map_or_else(Rights::default, |environment| Rights::of(caller, &lockbox.tenant, environment))
    }

    /// Decides, in the process.
    pub(crate) fn decided(&self, put: &Put, now: Timestamp) -> Result<Decided, Refused> {
        let asked = Asked {
            lockbox: &put.lockbox,
            user: put.user.as_deref(),
            code: put.code.as_deref(),
            compartment: put.compartment,
        };
        let (mut decision, known) = self.memory.book().decide(asked, put.at).ok_or_else(|| {
            let user = put.user.as_deref().unwrap_or_default();
            let message = format!("There is no user {user} in the box's association.");
            Refused::new(404, "user_unknown", message, "GET …/users lists those that you may see.")
        })?;
        if put.code.is_some() && self.guesses.guessed(&put.lockbox, known.wrong_code, now) {
            decision = Decision::Deny { reasons: vec![Reason::TooManyWrongCodes] };
        }
        Ok(Decided { decision, known })
    }

    /// Writes down what was decided, and with it what is done in the caller's name.
    pub(crate) async fn note(
        &self,
        caller: &Caller,
        (kind, put, decided): (Kind, &Put, &Decided),
        (record, with): (Option<&str>, Option<Vec<store::Operation>>),
        now: Timestamp,
    ) -> Result<Noted, Refused> {
        let actor = caller.actor();
        let known = &decided.known;
        let entry = Entry {
            kind,
            written: now,
            at: put.at,
            actor: &actor,
            lockbox: &put.lockbox,
            user: put.user.as_deref(),
            code: known.code.as_deref(),
            listing: known.listing.as_deref(),
            method: put.method.name(),
            compartment: match put.compartment {
                Compartment::KeyBin => "key_bin",
                Compartment::Shackle => "shackle",
            },
            permit: decided.decision.is_permit(),
            reasons: decided.decision.reasons().iter().map(|reason| reason.code()).collect(),
            valid_until: match &decided.decision {
                Decision::Permit { valid_until, .. } => Some(*valid_until),
                Decision::Deny { .. } => None,
            },
            record,
        };
        let with = with.map(|operations| (actor.clone(), operations));
        Ok(self.committer.note(&known.lockbox.feed, entry.line(), now, with).await?)
    }
}

/// What was decided, as it is answered (LBX-090); the zone beside the instants, which are in UTC (HUB-004).
fn told(put: &Put, decided: &Decided, noted: &Noted) -> Json {
    let reasons: Vec<Json> = decided.decision.reasons().iter().map(|reason| reason_told(*reason)).collect();
    let until = match &decided.decision {
        Decision::Permit { valid_until, .. } => Some(valid_until.to_string()),
        Decision::Deny { .. } => None,
    };
    json!({
        "decision": if decided.decision.is_permit() { "permit" } else { "deny" },
        "reasons": reasons,
        "validUntil": until,
        "at": put.at.to_string(),
        "timeZone": decided.known.zone.as_deref(),
        "lockbox": put.lockbox.as_str(),
        "listing": decided.known.listing.as_deref(),
        "user": put.user.as_deref(),
        "audit": { "entry": noted.entry, "link": noted.link, "hash": noted.hash.as_str() },
    })
}

fn reason_told(reason: Reason) -> Json {
    match reason.hint() {
        Some(hint) => json!({ "code": reason.code(), "message": reason.message(), "hint": hint }),
        None => json!({ "code": reason.code(), "message": reason.message() }),
    }
}

fn within_reach(at: Timestamp, now: Timestamp) -> Result<Timestamp, Refused> {
    let ahead = at.duration_since(now);
    if ahead > FURTHEST_AHEAD || ahead < -FURTHEST_BACK {
        let message = format!("{at} is too far from now to be decided.");
        let hint = "Ask about the last 24 hours and the next 31 days.";
        return Err(Refused::new(400, "instant_out_of_reach", message, hint));
    }
    Ok(at)
}

pub(crate) fn unknown_box(lockbox: &str) -> Refused {
    let message = format!("There is no box {lockbox} that you may ask about.");
    Refused::new(404, "lockbox_unknown", message, "GET …/boxes lists those that you may see.")
}
