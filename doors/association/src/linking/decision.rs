//! The decision.

use dictionary::{Date, Text};

use super::{LinkingAction, LinkingRule, Membership, SuspensionWindow, Target};

/// What is done with a member.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Decision {
    /// Told, with this status.
    Push(Text),
    /// Told as removed.
    Remove,
    /// Not told of, for this reason: nothing is owed.
    Withhold(&'static str),
    /// Held back and shown, until somebody or the calendar lets it go.
    Hold(Linked),
}

/// Why a member is held.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Linked {
    /// A stable code.
    pub code: &'static str,
    /// A sentence.
    pub message: String,
    /// The day on which it may go, where the calendar decides.
    pub until: Option<Date>,
}

/// The status that M1 takes in its window alone.
const SUSPENDED: &str = "Suspended";

/// What a membership means for a target on a day. Where no rule names the target, statuses go as they are; where some
/// do and none fits, the member is held: nobody has said what is meant.
#[must_use]
pub fn decide(
    rules: &[LinkingRule],
    target: Target,
    membership: &Membership,
    window: Option<SuspensionWindow>,
    today: Date,
) -> Decision {
    if target == Target::M1 && !membership.primary {
        return Decision::Withhold("secondary_member");
    }
    let (kind, status) = (&membership.kind, &membership.status);
    let fitting = rules.iter().filter_map(|rule| Some((rule.fit(target, kind, status)?, rule)));
    let told = match fitting.max_by_key(|(fit, _)| *fit) {
        Some((_, rule)) => match rule.action {
            LinkingAction::Remove => return Decision::Remove,
            LinkingAction::Withhold => return Decision::Withhold("linking_rule"),
            LinkingAction::Push => {
                if let Some(held) = overdue(rule, membership, today) {
                    return Decision::Hold(held);
                }
                rule.status.clone().unwrap_or_else(|| status.clone())
            }
        },
        None if rules.iter().any(|rule| rule.target == target) => {
            return Decision::Hold(Linked {
                code: "linking_rule_missing",
                message: format!("No linking rule says what {kind} with the status {status} means there."),
                until: None,
            });
        }
        None => status.clone(),
    };
    if target == Target::M1 && told == SUSPENDED {
        return suspension(told, window, today);
    }
    Decision::Push(told)
}

/// Dues that are unpaid for longer than the rule allows: somebody has to look first.
fn overdue(rule: &LinkingRule, membership: &Membership, today: Date) -> Option<Linked> {
    let (allowed, since) = (rule.overdue_days?, membership.unpaid_since?);
    let days = i64::from(since.until(today).ok()?.get_days());
    (days > allowed).then(|| Linked {
        code: "dues_overdue",
        message: format!("Dues are unpaid for {days} days; {allowed} are allowed for {}.", membership.status),
        until: None,
    })
}

fn suspension(told: Text, window: Option<SuspensionWindow>, today: Date) -> Decision {
    let Some(window) = window else {
        return Decision::Hold(Linked {
            code: "suspension_year_missing",
            message: "M1 takes suspensions every third year, and nobody has said which.".into(),
            until: None,
        });
    };
    match window.from(today) {
        Some(day) if day == today => Decision::Push(told),
        until => Decision::Hold(Linked {
            code: "suspension_window",
            message: "M1 takes suspensions from 1 January to 1 March of every third year alone.".into(),
            until,
        }),
    }
}
