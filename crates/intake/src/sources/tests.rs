//! When a source is due, and where its file may lie.

use dictionary::{Dictionary, Record, Timestamp, Value, Version};

use super::Places;
use super::due::due;
use super::last::LastRun;
use super::written::Written;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn source(fields: &[(&str, &str)]) -> Written {
    let words = Dictionary::standard(Version::V2_1);
    let own = words.known("Source");
    let mut record = Record::new(own.id);
    let given = [
        ("SourceId", "s"),
        ("MappingId", "m"),
        ("SourceLocation", "/in"),
        ("SourceType", "File"),
        ("SourceStatus", "Active"),
        ("ModificationTimestamp", "2026-03-01T00:00:00Z"),
    ];
    for (name, text) in given.iter().chain(fields) {
        let value = match *name {
            "ModificationTimestamp" | "RunRequestedTimestamp" => Value::from(at(text)),
            _ => Value::from(*text),
        };
        record.set(own.find(name).unwrap(), value);
    }
    Written::read(&words, &record).unwrap()
}

#[test]
fn a_source_is_due_by_order_by_cadence_or_where_it_was_cut_off() {
    let last = |started: &str, open: bool| Some(LastRun { key: "r".into(), started: at(started), open });
    let check = |fields: &[(&str, &str)], last: Option<LastRun>, now: &str, expect: bool| {
        let found = due(&source(fields), last.as_ref(), at(now));
        assert_eq!(found, expect, "{fields:?} {last:?} {now}");
    };
    let quiet: &[(&str, &str)] = &[];
    check(quiet, None, "2030-01-01T00:00:00Z", false);
    check(quiet, last("2026-03-02T00:00:00Z", false), "2030-01-01T00:00:00Z", false);
    check(quiet, last("2026-03-02T00:00:00Z", true), "2026-03-02T00:00:01Z", true);
    let asked: &[(&str, &str)] = &[("RunRequestedTimestamp", "2026-03-05T00:00:00Z")];
    check(asked, None, "2026-03-05T00:00:00Z", true);
    check(asked, last("2026-03-04T23:59:59Z", false), "2026-03-05T00:00:00Z", true);
    check(asked, last("2026-03-05T00:00:00Z", false), "2026-03-06T00:00:00Z", false);
    let nightly: &[(&str, &str)] = &[("SourceCadence", "30 2 * * *")];
    check(nightly, None, "2026-03-01T02:29:59Z", false);
    check(nightly, None, "2026-03-01T02:30:00Z", true);
    check(nightly, last("2026-03-01T02:30:00Z", false), "2026-03-02T02:29:59Z", false);
    check(nightly, last("2026-03-01T02:30:00Z", false), "2026-03-02T02:30:00Z", true);
    // What was missed in a week is made up for by one run.
    check(nightly, last("2026-03-01T02:30:00Z", false), "2026-03-08T12:00:00Z", true);
    check(nightly, last("2026-03-08T12:00:00Z", false), "2026-03-08T12:00:01Z", false);
}

/// A cadence is of its time zone: half past two in Los Angeles is an hour earlier in UTC once summer time
/// has begun, and the half past two that the clocks jump over is made up for in the same night.
#[test]
fn a_cadence_follows_the_clocks_of_its_time_zone() {
    let fields: &[(&str, &str)] =
        &[("SourceCadence", "30 2 * * *"), ("SourceTimeZone", "America/Los_Angeles")];
    let source = source(fields);
    let cadence = source.cadence.unwrap();
    let after = |text: &str| cadence.after(at(text)).unwrap();
    assert_eq!(after("2026-03-01T00:00:00Z"), at("2026-03-01T10:30:00Z"));
    assert_eq!(after("2026-03-10T00:00:00Z"), at("2026-03-10T09:30:00Z"));
    let jumped = after("2026-03-08T00:00:00Z");
    assert!(jumped > at("2026-03-08T00:00:00Z") && jumped < at("2026-03-09T00:00:00Z"), "{jumped}");
}

#[test]
fn a_file_is_read_from_the_places_that_are_named_and_from_nowhere_else() {
    let (inside, outside) = (testkit::Scratch::new(), testkit::Scratch::new());
    std::fs::write(inside.file("a.csv"), "1").unwrap();
    std::fs::write(outside.file("secret.csv"), "1").unwrap();
    std::os::unix::fs::symlink(outside.file("secret.csv"), inside.file("link.csv")).unwrap();
    let empty = inside.file("empty");
    std::fs::create_dir(&empty).unwrap();
    std::fs::write(empty.join(".hidden"), "1").unwrap();
    let places = Places { directories: vec![inside.path().to_owned()] };
    let check = |path: std::path::PathBuf, expect: Result<&str, &str>| {
        let found = places.file(&path.to_string_lossy());
        let found = found.map(|path| path.file_name().unwrap().to_string_lossy().into_owned());
        assert_eq!(found.as_deref().map_err(|error| error.code), expect, "{}", path.display());
    };
    check(inside.file("a.csv"), Ok("a.csv"));
    check(inside.path().to_owned(), Ok("a.csv"));
    check(outside.file("secret.csv"), Err("location_refused"));
    check(inside.file("link.csv"), Err("location_refused"));
    check(inside.file("../../etc/passwd"), Err("location_refused"));
    check(empty, Err("file_missing"));
    check(inside.file("none.csv"), Err("file_unreadable"));
    assert_eq!(
        Places::default().file(&inside.file("a.csv").to_string_lossy()).unwrap_err().code,
        "location_refused"
    );
}

#[test]
fn what_is_remembered_of_a_run_is_read_as_it_was_written() {
    for open in [true, false] {
        let run = LastRun { key: "s-2026".into(), started: at("2026-03-01T02:30:00.000001Z"), open };
        assert_eq!(LastRun::read(&run.write()), Some(run));
    }
    for wrong in ["", "open", "open\nx\nk", "shut\n2026-03-01T02:30:00Z\nk"] {
        assert_eq!(LastRun::read(wrong), None, "{wrong:?}");
    }
}
