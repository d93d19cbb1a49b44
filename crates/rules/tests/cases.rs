//! Every case of `cases.tsv`.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing to unwrap has failed")]

use std::collections::HashMap;

use dictionary::{Date, Timestamp};
use jiff::tz::TimeZone;
use rules::{Context, Expression, Facts, Value};
use serde_json::Value as Json;

struct Case {
    name: String,
    now: HashMap<String, Json>,
    last: HashMap<String, Json>,
    at: Timestamp,
    today: Date,
}

impl Case {
    fn read(cells: &[&str]) -> Self {
        let [name, now, last, at, zone] = cells[..] else { panic!("{cells:?}") };
        let at: Timestamp = if at.is_empty() { Timestamp::UNIX_EPOCH } else { at.parse().unwrap() };
        let zone = if zone.is_empty() { TimeZone::UTC } else { TimeZone::get(zone).unwrap() };
        Self {
            name: name.into(),
            now: serde_json::from_str(now).unwrap(),
            last: serde_json::from_str(last).unwrap(),
            at,
            today: at.to_zoned(zone).date(),
        }
    }
}

impl Facts for Case {
    fn now(&self, field: &str) -> Value {
        self.now.get(field).map_or(Value::Empty, value)
    }
    fn last(&self, field: &str) -> Value {
        self.last.get(field).map_or(Value::Empty, value)
    }
    fn named(&self, _name: &str) -> Value {
        Value::Empty
    }
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Empty,
        Json::Bool(truth) => Value::from(*truth),
        Json::Number(number) => Value::from(number.to_string().parse::<dictionary::Decimal>().unwrap()),
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(list) => Value::from(list.iter().map(value).collect::<Vec<_>>()),
        Json::Object(_) => panic!("no value: {json}"),
    }
}

/// RESO-063: RCP-19's own cases.
#[test]
fn reso_063_expressions_mean_what_rcp_19_says() {
    let (mut cases, mut checks) = (0, 0);
    let mut case = None;
    let mut wrong = Vec::new();
    for line in include_str!("cases.tsv").lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        if cells[0] == "@" {
            cases += 1;
            case = Some(Case::read(&cells[1..]));
            continue;
        }
        checks += 1;
        let case = case.as_ref().unwrap();
        let text: String = serde_json::from_str(cells[0]).unwrap();
        let expression = Expression::parse(&text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
        let found = expression.evaluate(&Context { facts: case, now: case.at, today: case.today });
        let right = match (&found, cells[1]) {
            (found, "error") => found.is_err(),
            (Err(_), _) => false,
            (Ok(found), expect) => found.equals(&value(&serde_json::from_str(expect).unwrap())),
        };
        if !right {
            wrong.push(format!("{}: {text} is {found:?}, not {}", case.name, cells[1]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((cases, checks), (CASES, CHECKS));
}

const CASES: usize = 41;
const CHECKS: usize = 302;
