//! Every step and every guard, both ways, without a store.

use std::collections::BTreeMap;

use dictionary::{Text, Timestamp};
use gate::TenantEnvironment;

use super::facts::{Confirmation, FileFacts, ImportFacts, KeyFacts};
use super::rule::Responsible;
use super::*;
use crate::conversion::{Category, Entry, MappingSet};
use crate::words::{ContactRole, KeyAccess};
use crate::{Integration, IntegrationSetting, Kind, State};

fn now() -> Timestamp {
    "2026-11-23T13:00:00Z".parse().unwrap()
}

fn integration(kind: Kind, state: State) -> Integration {
    Integration {
        id: "t.mls".into(),
        tenant: "t".into(),
        kind,
        vendor: Some("Stellar MLS".into()),
        platform: None,
        integration_type: None,
        section_title: None,
        affiliate_id: Some("EPC".into()),
        vendor_affiliate_id: Some("EPC".into()),
        tentative_month: Some("2026-12".into()),
        state,
        since: Some(now()),
        blocked_from: None,
        blocked_reason: None,
        tested: None,
        version: 1,
    }
}

fn file(name: &'static str, category: Category, values: &[&str]) -> FileFacts {
    let counts = values.iter().map(|value| ((*value).to_owned(), 2)).collect();
    FileFacts { id: name.into(), name: name.into(), rows: 2, counts: BTreeMap::from([(category, counts)]) }
}

fn entry(category: Category, value: &str) -> Entry {
    let display_value = format!("{value}{value}");
    Entry { category, value: value.into(), display_value, vendor_code: value.into() }
}

/// Facts by which every rule is met.
fn met() -> Facts {
    let of = integration(Kind::Mls, State::Planned);
    let entries = vec![entry(Category::Status, "A"), entry(Category::OfficeType, "M")];
    let imported = Some(ImportFacts { rows: 2, kept: 1, quarantined: 1 });
    let said = |rule: Rule| {
        let evidence = Text::new_static("a mail");
        (rule, Confirmation { by: "client/ann".into(), at: now(), evidence })
    };
    Facts {
        now: now(),
        contacts: ContactRole::ALL.iter().map(|role| (*role, Text::new_static("Ann"))).collect(),
        agents: Some(file("agents.csv", Category::Status, &["A"])),
        offices: Some(file("offices.csv", Category::OfficeType, &["M"])),
        keys: KeyFacts { test: KeyAccess::Read, production: KeyAccess::Write },
        mapping: Some(MappingSet::new("t.mls.0001".into(), 1, entries)),
        staging: true,
        agents_imported: imported,
        offices_imported: imported,
        confirmed: Rule::ALL.into_iter().filter(|rule| rule.is_manual()).map(said).collect(),
        test: IntegrationSetting {
            sync_tested: Some(now()),
            ..IntegrationSetting::new(&of, TenantEnvironment::Staging)
        },
        production: IntegrationSetting {
            sync: true,
            go_live: Some(now()),
            ..IntegrationSetting::new(&of, TenantEnvironment::Production)
        },
        forced: Some(now()),
        integration: of,
    }
}

/// The rules that are not met once `spoil` has been at the facts.
fn unmet(spoil: impl FnOnce(&mut Facts)) -> Vec<&'static str> {
    let mut facts = met();
    spoil(&mut facts);
    Rule::ALL.into_iter().filter(|rule| facts.shows(*rule).is_err()).map(Rule::name).collect()
}

/// AMS-001, AMS-002, AMS-003, AMS-004, AMS-005, AMS-006: every guard is met by these facts; each is spoilt
/// alone.
#[test]
fn ams_001_ams_002_ams_003_ams_004_ams_005_ams_006_each_guard_both_ways() {
    assert_eq!(unmet(|_| ()), Vec::<&str>::new());
    type Spoil = fn(&mut Facts);
    let without = |role: ContactRole| move |facts: &mut Facts| facts.contacts.retain(|(of, _)| *of != role);
    assert_eq!(unmet(without(ContactRole::Specialist)), ["specialist_named"]);
    assert_eq!(unmet(without(ContactRole::Customer)), ["customer_named"]);
    assert_eq!(unmet(without(ContactRole::Vendor)), ["vendor_named"]);
    assert_eq!(unmet(without(ContactRole::Onboarding)), Vec::<&str>::new());
    let spoils: [(Spoil, &[&str]); 26] = [
        (|f| f.integration.tentative_month = None, &["month_tentative"]),
        (|f| f.agents = None, &["agent_file"]),
        (|f| f.agents.as_mut().unwrap().rows = 0, &["agent_file"]),
        (|f| f.offices = None, &["office_file"]),
        (|f| f.keys.test = KeyAccess::None, &["read_key"]),
        (|f| f.keys.test = KeyAccess::Write, &[]),
        (|f| f.mapping = None, &["values_mapped"]),
        (|f| f.agents = Some(file("a", Category::Status, &["A", "B"])), &["values_mapped"]),
        (|f| f.agents = Some(file("a", Category::UserClass, &["A"])), &["values_mapped"]),
        (|f| f.offices = Some(file("o", Category::OfficeType, &["M", "S"])), &["values_mapped"]),
        (|f| f.staging = false, &["staging_environment"]),
        (|f| f.agents_imported = None, &["counts_equal"]),
        (|f| f.offices_imported.as_mut().unwrap().kept = 0, &["counts_equal"]),
        (|f| f.offices_imported.as_mut().unwrap().rows = 3, &["counts_equal"]),
        (|f| f.test.sync_tested = None, &["sync_tried", "resync_forced"]),
        (|f| f.forced = None, &["resync_forced"]),
        (|f| f.forced = Some("2026-11-23T12:59:59Z".parse().unwrap()), &["resync_forced"]),
        (|f| f.test.sync = true, &["sync_off"]),
        (|f| f.keys.production = KeyAccess::Read, &["write_key"]),
        (|f| f.keys.production = KeyAccess::None, &["write_key"]),
        (|f| f.integration.affiliate_id = None, &["affiliate_equal"]),
        (|f| f.integration.vendor_affiliate_id = Some("epc".into()), &["affiliate_equal"]),
        (|f| f.production.go_live = None, &["go_live_reached"]),
        (
            |f| f.production.go_live = Some("2026-11-23T13:00:00.000001Z".parse().unwrap()),
            &["go_live_reached"],
        ),
        (|f| f.production.sync = false, &["go_live_reached"]),
        (|f| f.now = "2026-11-24T13:00:00Z".parse().unwrap(), &[]),
    ];
    for (at, (spoil, expect)) in spoils.into_iter().enumerate() {
        assert_eq!(unmet(spoil), expect, "line {at}");
    }
    for rule in Rule::ALL.into_iter().filter(|rule| rule.is_manual()) {
        assert_eq!(unmet(|facts| drop(facts.confirmed.remove(&rule))), [rule.name()]);
    }
}

/// AMS-003: the guard lists each value that is missing, with its count.
#[test]
fn ams_003_the_guard_lists_what_is_missing() {
    let mut facts = met();
    facts.agents = Some(FileFacts {
        counts: BTreeMap::from([
            (Category::Status, BTreeMap::from([("A".into(), 7), ("Q".into(), 3)])),
            (Category::UserClass, BTreeMap::from([("9".into(), 1)])),
        ]),
        ..facts.agents.unwrap()
    });
    assert_eq!(
        facts.shows(Rule::ValuesMapped).unwrap_err(),
        "Without a mapping: status \"Q\" (3), userClass \"9\" (1)."
    );
}

/// The whole table of states: what is not said here is not done.
#[test]
fn what_follows_what() {
    use State::{Blocked, Closed, GoLiveScheduled, Live, Paused, TestSyncPassed};
    let straight = [
        (Event::KickOff, State::Planned, State::Kickoff),
        (Event::ReceiveDataFiles, State::Kickoff, State::DataFilesReceived),
        (Event::CompleteMapping, State::DataFilesReceived, State::Mapped),
        (Event::VerifyStagingImport, State::Mapped, State::StagingImportVerified),
        (Event::PassTestSync, State::StagingImportVerified, TestSyncPassed),
        (Event::ScheduleGoLive, TestSyncPassed, GoLiveScheduled),
        (Event::ScheduleGoLive, GoLiveScheduled, GoLiveScheduled),
        (Event::GoLive, GoLiveScheduled, Live),
        (Event::Pause, Live, Paused),
        (Event::Resume, Paused, Live),
        (Event::Close, Live, Closed),
        (Event::Close, Paused, Closed),
        (Event::Close, Blocked, Closed),
    ];
    for event in Event::ALL {
        for state in State::ALL.iter().copied() {
            let told = straight.iter().find(|(of, from, _)| (*of, *from) == (event, state));
            let expect = match (event, state) {
                (Event::Block, Blocked | Closed) => None,
                (Event::Block, _) => Some(Blocked),
                (Event::Unblock, Blocked) => Some(Paused),
                _ => told.map(|(.., to)| *to),
            };
            assert_eq!(after(event, state, Some(Paused)), expect, "{} from {}", event.name(), state.name());
        }
    }
    assert_eq!(after(Event::Unblock, Blocked, None), None);
}

/// AMS-042: percent and who is next follow from the evidence alone.
#[test]
fn ams_042_percent_and_who_is_next() {
    let stand = |state: State, kind: Kind, spoil: fn(&mut Facts)| {
        let mut facts = met();
        facts.integration.state = state;
        facts.integration.kind = kind;
        spoil(&mut facts);
        let standing = Standing::of(&facts);
        let who = standing.responsible().map_or("nobody", Responsible::name);
        let next = standing.next.map_or("nothing", Rule::name);
        format!("{} of {}: {next}, {who}", standing.percent, standing.items.len())
    };
    assert_eq!(stand(State::Planned, Kind::Mls, |_| ()), "100 of 23: nothing, nobody");
    assert_eq!(
        stand(State::Planned, Kind::Mls, |f| f.contacts.clear()),
        "86 of 23: specialist_named, Onboarding"
    );
    // What an earlier step lacks was passed over by somebody who may: the awaited step comes first.
    assert_eq!(
        stand(State::Kickoff, Kind::Mls, |f| {
            f.contacts.clear();
            f.offices = None;
        }),
        "82 of 23: office_file, Vendor"
    );
    assert_eq!(stand(State::Live, Kind::Mls, |f| f.contacts.clear()), "86 of 23: nothing, nobody");
    assert_eq!(
        stand(State::Planned, Kind::Lockbox, |f| f.agents = None),
        "100 of 16: nothing, nobody",
        "a lockbox needs no files"
    );
    assert_eq!(stand(State::Planned, Kind::Sso, |f| f.forced = None), "100 of 13: nothing, nobody");
}

#[test]
fn names_are_given_once_and_found() {
    for rule in Rule::ALL {
        assert_eq!(Rule::find(rule.name()), Some(rule));
        assert!(!rule.is_the_vendors() || rule.is_manual());
    }
    for event in Event::ALL {
        assert_eq!(Event::find(event.name()), Some(event));
    }
}
