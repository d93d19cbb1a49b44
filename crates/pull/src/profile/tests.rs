//! Profiles are data, and a wrong one is refused before anything is asked.

use super::*;

/// RESO-081: there is a profile for each vendor of the table, and what the table says of its limits is in it.
#[test]
fn reso_081_each_vendor_has_a_profile_that_keeps_to_its_limits() {
    let check = |name: &str, kind: AuthKind, top: Option<u32>, first: Strategy, rule: RemovedRule| {
        let profile = Profile::find(name, None).unwrap();
        let found = (profile.auth.kind, profile.page.top, profile.first.strategy, profile.removed.rule);
        assert_eq!(found, (kind, top, first, rule), "{name}");
    };
    check("mls_grid", AuthKind::Bearer, Some(5_000), Strategy::NextLink, RemovedRule::Flag);
    check("trestle", AuthKind::ClientCredentials, Some(1_000), Strategy::Replication, RemovedRule::KeySweep);
    check("bridge", AuthKind::Bearer, Some(200), Strategy::Replication, RemovedRule::KeySweep);
    check("spark", AuthKind::Bearer, Some(1_000), Strategy::SkipToken, RemovedRule::KeySweep);
    check("reso", AuthKind::BearerOrClientCredentials, None, Strategy::Keyset, RemovedRule::Auto);
    let grid = Profile::find("mls_grid", None).unwrap();
    assert_eq!((grid.top("Property"), grid.top("Member")), (Some(1_000), Some(5_000)));
    assert_eq!(grid.quota.requests_per_second, Some(2));
    assert_eq!(grid.quota.requests_per_hour, Some(7_200));
    assert_eq!(grid.quota.requests_per_day, Some(40_000));
    assert_eq!(grid.quota.bytes_per_hour, Some(4_000_000_000));
    assert_eq!(Profile::find("spark", None).unwrap().next.overlap_seconds, 1_200);
}

/// LBX-070: every pull begins five minutes before the end of the one before, at least.
#[test]
fn lbx_070_every_profile_overlaps_by_five_minutes() {
    for name in ["mls_grid", "trestle", "bridge", "spark", "reso"] {
        let overlap = Profile::find(name, None).unwrap().next.overlap_seconds;
        assert!(overlap >= 300, "{name} overlaps by {overlap} s");
    }
}

/// RESO-081: a user's own file comes before ours of the same name; a wrong one says what is wrong.
#[test]
fn reso_081_an_installation_brings_profiles_of_its_own() {
    let place = testkit::Scratch::new();
    let own = include_str!("../../data/reso.toml").replace("RESO Web API", "Ours");
    std::fs::write(place.file("reso.toml"), &own).unwrap();
    std::fs::write(place.file("ours.toml"), &own).unwrap();
    std::fs::write(place.file("bad.toml"), own.replace("strategy = \"auto\"", "strategy = \"magic\""))
        .unwrap();
    let check = |name: &str, expect: Result<&str, &str>| {
        let found = Profile::find(name, Some(place.path()));
        let found = found.map(|profile| profile.title).map_err(|error| error.code);
        assert_eq!(found.as_deref().map_err(|code| *code), expect, "{name}");
    };
    check("reso", Ok("Ours"));
    check("ours", Ok("Ours"));
    check("trestle", Ok("Trestle"));
    check("bad", Err("profile_wrong"));
    check("none", Err("profile_unknown"));
    check("../reso", Err("profile_unknown"));
    check("", Err("profile_unknown"));
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let own = include_str!("../../data/reso.toml");
    let check = |from: &str, to: &str, part: &str| {
        assert!(own.contains(from), "{from}");
        let error = Profile::read("x", &own.replace(from, to)).unwrap_err();
        assert!(error.code == "profile_wrong" && error.message.contains(part), "{error}");
    };
    check("strategy = \"keyset\"", "strategy = \"auto\"", "first.strategy");
    check("strategy = \"keyset\"", "strategy = \"replication\"", "first.path");
    check("strategy = \"auto\"", "strategy = \"replication\"", "next.strategy");
    check("by = [\"ModificationTimestamp\", \"PhotosChangeTimestamp\"]", "by = []", "next.by");
    check("rule = \"auto\"", "rule = \"flag\"", "removed.field");
    check("[page]", "[page]\ntop = 0", "bound of 0");
    check("[page]", "[page]\nsize = 10", "size");
    check("resources = [", "hosts = [\"ftp://x\"]\nresources = [", "hosts");
}
