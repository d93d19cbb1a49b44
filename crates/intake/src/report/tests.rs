//! The report, as a person and as a program reads it.

use std::sync::Arc;

use dictionary::{Dictionary, Timestamp, Version};

use crate::{Clock, Job, Limits, Mapping, Report, Silent, Source};

const MAPPING: &str = "name = 'm'\nfeed = 'T'\n[[record]]\nresource = 'Property'\nkey = '{id}'\n\
    [record.fields]\nStandardStatus = 's'\nListPrice = { column = 'p', on_fault = 'leave out' }\n";

fn report(file: &str, limits: Limits) -> Report {
    let words = Arc::new(Dictionary::standard(Version::V2_1));
    let mapping = Mapping::read(MAPPING).unwrap();
    let job = Job::open(words, &mapping, Source::bytes("f.csv", file.as_bytes()), limits).unwrap();
    let clock: Clock = Arc::new(|| Timestamp::UNIX_EPOCH);
    job.check(&clock, &Silent).unwrap()
}

#[test]
fn a_person_reads_what_and_where_and_why() {
    let long = "x".repeat(100);
    let file = format!("id,s,p\n1,Active,5\n2,Sold,5\n3,Sold,5\n4,{long},5\n5,Active,cheap\n1,Active,6\n6\n");
    let found = report(&file, Limits { examples: 1, ..Limits::default() });
    let expect = "\
f.csv into feed T by mapping m: checked, nothing written.
7 rows, 1 refused as a whole; 0.0 s.

                           read        new    changed  unchanged    refused   repeated    removed
Property                      6          0          0          0          4          0          0

2 × not_in_lookup (refused) Property.StandardStatus from column \"s\"
  Map it to one of the values of StandardStatus.
  line 3: \"Sold\" is not a value of the locked lookup StandardStatus.

1 × too_long (refused) Property.StandardStatus from column \"s\"
  StandardStatus takes at most 25.
  line 5: StandardStatus has 100 characters.

1 × wrong_value (field left out) Property.ListPrice from column \"p\"
  Digits, '.' before decimals; set decimal and thousands where the file writes otherwise.
  line 6: \"cheap\" is not a decimal number.

1 × duplicate_key (refused) Property
  Make the key of more columns, or set duplicates = \"first\" or \"last\".
  line 7: The key \"1\" came before in this file.

1 × too_few_cells (refused)
  Put double quotes around a cell that holds the separator or a line break.
  line 8: The row has 1 cells where 3 headings are.
";
    assert_eq!(found.to_string(), expect);
    assert_eq!(found.refused(), 5);
}

#[test]
fn a_program_reads_the_same() {
    let found = report("id,s,p\n1,Active,5\n2,Sold,5\n", Limits::default());
    let json: serde_json::Value = serde_json::from_str(&found.to_json()).unwrap();
    assert_eq!(json["rows"], 2);
    assert_eq!(json["resources"][0]["refused"], 1);
    assert_eq!(json["reasons"][0]["code"], "not_in_lookup");
    assert_eq!(json["reasons"][0]["examples"][0]["value"], "Sold");
    assert_eq!(json["stage"], "check");
    assert_eq!(json["run"], serde_json::Value::Null);
}

#[test]
fn a_report_stays_small() {
    let rows: String = (0..500).map(|n| format!("{n},{},5\n", "y".repeat(80))).collect();
    let found = report(&format!("id,s,p\n{rows}"), Limits::default());
    assert_eq!((found.reasons.len(), found.reasons[0].count), (1, 500));
    assert_eq!(found.reasons[0].examples.len(), 5);
    assert_eq!(found.reasons[0].examples[0].value.chars().count(), 61);
    let found = report("id,s,p\n1,Sold,cheap\n1\n", Limits { reasons: 2, ..Limits::default() });
    assert_eq!(found.reasons.len(), 2);
    assert!(found.notes[0].starts_with("1 more faults"), "{:?}", found.notes);
}
