use super::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn rule(target: Target, kind: &str, status: &str, action: LinkingAction, told: &str) -> LinkingRule {
    let named = |text: &str| (!text.is_empty()).then(|| Text::new(text));
    LinkingRule {
        target,
        membership_type: named(kind),
        membership_status: named(status),
        action,
        status: named(told),
        overdue_days: None,
    }
}

fn member(kind: &str, status: &str) -> Membership {
    Membership { kind: kind.into(), status: status.into(), primary: true, unpaid_since: None }
}

fn rules() -> Vec<LinkingRule> {
    use LinkingAction::{Push, Remove, Withhold};
    use Target::{Lockbox, M1, Mls};
    let mut rules = vec![
        rule(Mls, "", "Active", Push, ""),
        rule(Mls, "", "Suspended", Push, "Inactive"),
        rule(Mls, "REALTOR Salesperson", "Suspended", Push, "Suspended"),
        rule(Mls, "Affiliate", "", Withhold, ""),
        rule(Mls, "", "Terminated", Remove, ""),
        rule(Lockbox, "", "Active", Push, "Active"),
        rule(Lockbox, "", "", Remove, ""),
        rule(M1, "", "Active", Push, ""),
        rule(M1, "", "Suspended", Push, "Suspended"),
    ];
    rules[5].overdue_days = Some(30);
    rules
}

/// AMS-036: the type and the status of a membership decide for each target by itself; the closest rule counts.
#[test]
fn ams_036_type_and_status_decide_for_each_target() {
    let check = |target: Target, kind: &str, status: &str, expect: Decision| {
        let found = decide(&rules(), target, &member(kind, status), None, day("2026-06-01"));
        assert_eq!(found, expect, "{target:?} {kind} {status}");
    };
    let push = |status: &str| Decision::Push(status.into());
    check(Target::Mls, "REALTOR Salesperson", "Active", push("Active"));
    check(Target::Mls, "Appraiser", "Suspended", push("Inactive"));
    check(Target::Mls, "REALTOR Salesperson", "Suspended", push("Suspended"));
    check(Target::Mls, "REALTOR Salesperson", "Terminated", Decision::Remove);
    check(Target::Lockbox, "REALTOR Salesperson", "Active", push("Active"));
    check(Target::Lockbox, "REALTOR Salesperson", "Suspended", Decision::Remove);
    check(Target::Mls, "Affiliate", "Prospective", Decision::Withhold("linking_rule"));
    // A status is said of more members than a type: it goes first.
    check(Target::Mls, "Affiliate", "Active", push("Active"));
    let Decision::Hold(held) =
        decide(&rules(), Target::Mls, &member("Staff", "New"), None, day("2026-06-01"))
    else {
        panic!("a status that no rule names goes nowhere");
    };
    assert_eq!((held.code, held.until), ("linking_rule_missing", None));
    assert_eq!(
        decide(&[], Target::Mls, &member("Staff", "New"), None, day("2026-06-01")),
        push("New"),
        "without rules statuses go as they are"
    );
}

/// AMS-036: members whose primary association is another are not pushed to M1, whatever the rules say; the others
/// are told of them.
#[test]
fn ams_036_secondary_members_are_not_pushed_to_m1() {
    let secondary = Membership { primary: false, ..member("REALTOR Salesperson", "Active") };
    let check = |target: Target, expect: Decision| {
        assert_eq!(decide(&rules(), target, &secondary, None, day("2026-06-01")), expect, "{target:?}");
    };
    check(Target::M1, Decision::Withhold("secondary_member"));
    check(Target::Mls, Decision::Push("Active".into()));
    check(Target::Lockbox, Decision::Push("Active".into()));
}

/// AMS-036: M1 takes suspensions from 1 January to 1 March of every third year; outside of it they are held with the
/// day on which they may go.
#[test]
fn ams_036_a_suspension_waits_for_the_window_of_m1() {
    let check = |today: &str, expect: Option<&str>| {
        let window = Some(SuspensionWindow { year: 2024 });
        let found =
            decide(&rules(), Target::M1, &member("REALTOR Salesperson", "Suspended"), window, day(today));
        let until = match &found {
            Decision::Push(status) if status == "Suspended" => None,
            Decision::Hold(Linked { code: "suspension_window", until, .. }) => *until,
            other => panic!("{today}: {other:?}"),
        };
        assert_eq!(until, expect.map(day), "{today}");
    };
    check("2024-01-01", None);
    check("2024-02-29", None);
    check("2024-03-01", None);
    check("2024-03-02", Some("2027-01-01"));
    check("2025-01-15", Some("2027-01-01"));
    check("2026-12-31", Some("2027-01-01"));
    check("2027-01-01", None);
    // The years go both ways from the one that is said.
    check("2021-02-01", None);
    check("2020-02-01", Some("2021-01-01"));
    let unsaid = decide(&rules(), Target::M1, &member("Staff", "Suspended"), None, day("2024-01-01"));
    assert!(matches!(unsaid, Decision::Hold(Linked { code: "suspension_year_missing", .. })), "{unsaid:?}");
    // The others are told at once.
    let told = decide(&rules(), Target::Mls, &member("Appraiser", "Suspended"), None, day("2025-06-01"));
    assert_eq!(told, Decision::Push("Inactive".into()));
}

/// AMS-036: days that dues may be unpaid for a member to be told as active.
#[test]
fn ams_036_overdue_dues_hold_a_reactivation() {
    let check = |since: Option<&str>, expect: Option<&str>| {
        let membership = Membership { unpaid_since: since.map(day), ..member("Appraiser", "Active") };
        let found = decide(&rules(), Target::Lockbox, &membership, None, day("2026-06-30"));
        let held = match &found {
            Decision::Push(_) => None,
            Decision::Hold(held) => Some(held.code),
            other => panic!("{since:?}: {other:?}"),
        };
        assert_eq!(held, expect, "{since:?}");
        // The rule of the MLS allows any number of days.
        assert_eq!(
            decide(&rules(), Target::Mls, &membership, None, day("2026-06-30")),
            Decision::Push("Active".into())
        );
    };
    check(None, None);
    check(Some("2026-06-30"), None);
    check(Some("2026-05-31"), None);
    check(Some("2026-05-30"), Some("dues_overdue"));
    check(Some("2025-05-30"), Some("dues_overdue"));
    check(Some("2026-07-30"), None);
}
