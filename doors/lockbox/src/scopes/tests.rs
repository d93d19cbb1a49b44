//! The rule by a table: each type before what is its own, its office's, its team's, and nobody's.

use super::rule::{Concerns, Viewer, What, sees};
use crate::decisions::UserType;

fn concerns(text: &str) -> Concerns {
    let mut concerns = Concerns::default();
    match text {
        "own" => concerns.users.push("me".into()),
        "own member" => concerns.members.push("M".into()),
        "office" => concerns.offices.push("O".into()),
        "team" => concerns.teams.push("T".into()),
        _ => {
            concerns.users.push("you".into());
            concerns.members.push("N".into());
            concerns.offices.push("P".into());
            concerns.teams.push("U".into());
        }
    }
    concerns
}

/// LBX-040 to 045: what each type sees of users, offices, listings and boxes.
#[test]
fn lbx_045_each_type_sees_its_own() {
    use UserType::{Administrator, Affiliate, Agent, Assistant, Broker, OfficeStaff};
    let all = ["own", "own member", "office", "team", "foreign"];
    for (kind, what, seen) in [
        (Administrator, What::User, &all[..]),
        (Administrator, What::Lockbox, &all[..]),
        (Broker, What::User, &["own", "own member", "office"]),
        (Broker, What::Listing, &["own", "own member", "office"]),
        (OfficeStaff, What::Lockbox, &["own", "own member", "office"]),
        (Agent, What::User, &["own", "own member"]),
        (Agent, What::Listing, &["own", "own member"]),
        (Agent, What::Lockbox, &["own", "own member"]),
        (Agent, What::Office, &["own", "own member", "office"]),
        (Assistant, What::User, &["own", "own member", "team"]),
        (Assistant, What::Listing, &["own", "own member", "team"]),
        (Affiliate, What::User, &["own", "own member"]),
        (Affiliate, What::Office, &["office"]),
        (Affiliate, What::Listing, &[]),
        (Affiliate, What::Lockbox, &[]),
    ] {
        let viewer = Viewer {
            id: "me".into(),
            kind,
            member: Some("M".into()),
            office: "O".into(),
            teams: vec!["T".into()],
        };
        for about in all {
            let expect = seen.contains(&about);
            assert_eq!(sees(&viewer, what, &concerns(about)), expect, "{kind:?} before {what:?} of {about}");
        }
    }
}
