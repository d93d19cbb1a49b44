//! Holds the grammar against test cases in the form of the OASIS OData TC's: `cargo run -p odata --example
//! oasis -- FILE.json…`. Each case names a rule and a text, and says at which byte it stops if it is wrong.
//! What differs is listed, and the program fails.

#![expect(clippy::print_stdout, reason = "the list is what it is for")]

use std::collections::{HashMap, HashSet};
use std::process::ExitCode;

use odata::grammar;
use serde_json::Value;

fn main() -> ExitCode {
    let (mut cases, mut differ) = (0, 0);
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).unwrap_or_else(|wrong| panic!("{path}: {wrong}"));
        let file: Value = serde_json::from_str(&text).unwrap_or_else(|wrong| panic!("{path}: {wrong}"));
        let names = names(&file["Constraints"]);
        let is_name = |kind: &str, name: &str| match names.get(kind) {
            Some(all) => all.contains(name),
            // Where a file has no names: what holds a call or a list is no key, and one letter is a variable.
            None => match kind {
                "keyPathLiteral" => !name.contains(['(', ')', ',']),
                "lambdaVariableExpr" => true,
                _ => name.len() > 1,
            },
        };
        for case in file["TestCases"].as_array().expect("a list of cases") {
            cases += 1;
            if let Some(wrong) = differs(case, &is_name) {
                differ += 1;
                println!("{} {}: {wrong}", case["Rule"], case["Input"]);
            }
        }
    }
    println!("{cases} cases, {differ} answered differently");
    if differ == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The names that the cases of a file know, by rule.
fn names(constraints: &Value) -> HashMap<String, HashSet<String>> {
    let texts = |list: &Value| {
        list.as_array().into_iter().flatten().filter_map(|name| Some(name.as_str()?.to_owned())).collect()
    };
    constraints.as_object().into_iter().flatten().map(|(rule, list)| (rule.clone(), texts(list))).collect()
}

/// How the grammar's answer differs from what the case says.
fn differs(case: &Value, names: grammar::Names<'_>) -> Option<String> {
    let (rule, input) = (case["Rule"].as_str()?, case["Input"].as_str()?);
    let fails_at = case["FailAt"].as_u64().and_then(|at| usize::try_from(at).ok());
    match (grammar::parse(rule, input, names), fails_at) {
        (Ok(tree), None) => {
            let parts: HashSet<String> =
                tree.each().map(|node| format!("{}:{}", node.rule, &input[node.start..node.end])).collect();
            let wanted = case["Expect"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let missing: Vec<&str> = wanted.filter(|part| !parts.contains(*part)).collect();
            (!missing.is_empty()).then(|| format!("has no {missing:?}"))
        }
        (Ok(_), Some(at)) => Some(format!("accepted, and should stop at {at}")),
        (Err(stopped), None) => Some(format!("stops at {}", stopped.at)),
        (Err(stopped), Some(at)) => {
            (stopped.at != at).then(|| format!("stops at {}, and should at {at}", stopped.at))
        }
    }
}
