//! Rules as they are written down: records of LinkingRule.

use dictionary::{Named, Text};

use super::Target;

/// What a rule does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LinkingAction {
    /// The member is told, with the rule's status or their own.
    Push,
    /// The member is told as removed.
    Remove,
    /// The member is not told of.
    Withhold,
}

/// What one type and status of membership mean for one target.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkingRule {
    /// For whom.
    pub target: Target,
    /// The type of membership; none stands for every one.
    pub membership_type: Option<Text>,
    /// The status of membership; none stands for every one.
    pub membership_status: Option<Text>,
    /// What is done.
    pub action: LinkingAction,
    /// The status that the target is told, where it is not the membership's own.
    pub status: Option<Text>,
    /// Days that dues may be unpaid for this rule to tell a member as before; any number where there is none.
    pub overdue_days: Option<i64>,
}

impl LinkingRule {
    /// The rule that a record holds; none where it names no target or no action that is known.
    #[must_use]
    pub fn read(read: Named<'_>) -> Option<Self> {
        let action = match read.text("LinkingAction")?.as_str() {
            "Push" => LinkingAction::Push,
            "Remove" => LinkingAction::Remove,
            "Withhold" => LinkingAction::Withhold,
            _ => return None,
        };
        Some(Self {
            target: Target::of_kind(&read.text("LinkingTarget")?)?,
            membership_type: read.text("MembershipType"),
            membership_status: read.text("MembershipStatus"),
            action,
            status: read.text("LinkedStatus"),
            overdue_days: read.integer("ReactivationOverdueDays"),
        })
    }

    /// How closely it fits; none where it does not. Both named go before the status alone, that before the type alone.
    pub(super) fn fit(&self, target: Target, kind: &str, status: &str) -> Option<u8> {
        let part = |asked: &Option<Text>, has: &str, weight: u8| match asked {
            None => Some(0),
            Some(asked) => (asked == has).then_some(weight),
        };
        if self.target != target {
            return None;
        }
        Some(part(&self.membership_type, kind, 1)? + part(&self.membership_status, status, 2)?)
    }
}
