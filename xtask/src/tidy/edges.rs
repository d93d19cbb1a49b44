//! The allowed edges between crates stand in one table of ARCHITECTURE.md; cargo's own metadata is held against it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// The heading over the table.
const HEADING: &str = "## Who may know whom";

/// Crates from outside that only some may use, and who they are.
const OUTSIDE: [(&str, &[&str]); 5] = [
    ("rusqlite", &["store"]),
    ("tokio-postgres", &["store", "testkit", "bench"]),
    (
        "axum",
        &[
            "reso-door",
            "media-door",
            "partner-door",
            "transactions-door",
            "lockbox-door",
            "association-door",
            "console",
            "freehold",
            "bench",
            "testkit",
        ],
    ),
    ("clap", &["freehold"]),
    ("indicatif", &["freehold"]),
];

/// Crates that must stay free of the outside world.
const PURE: [&str; 3] = ["dictionary", "query", "odata"];

/// Every edge that is not allowed, and every crate that the table forgot.
pub(crate) fn check(root: &Path) -> Result<Vec<String>> {
    let page = std::fs::read_to_string(root.join("ARCHITECTURE.md")).context("ARCHITECTURE.md")?;
    let allowed = table(&page)?;
    let metadata = metadata(root)?;
    let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    let ours: BTreeSet<&str> = packages.iter().filter_map(|p| p["name"].as_str()).collect();
    let mut faults = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some(may) = allowed.get(name) else {
            faults.push(format!("ARCHITECTURE.md: the table {HEADING:?} has no row for {name}"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let other = dependency["name"].as_str().unwrap_or_default();
            let for_tests = dependency["kind"] == "dev";
            if ours.contains(other) && !for_tests && !may.contains("all") && !may.contains(other) {
                faults.push(format!("{name} depends on {other}, which ARCHITECTURE.md does not allow"));
            }
            // The benchmark starts its peers as the tests start theirs.
            if other == "testkit" && !for_tests && name != "bench" {
                faults.push(format!("{name} depends on testkit outside its tests"));
            }
            if for_tests {
                continue;
            }
            if let Some((_, who)) = OUTSIDE.iter().find(|(crate_name, _)| *crate_name == other)
                && !who.contains(&name)
            {
                faults.push(format!("{name} depends on {other}, which is for {} alone", who.join(", ")));
            }
            if PURE.contains(&name) && ["tokio", "http", "hyper", "reqwest"].contains(&other) {
                faults.push(format!("{name} is pure and depends on {other}"));
            }
        }
    }
    Ok(faults)
}

/// Reads `| crate | may know |` rows below the heading.
fn table(page: &str) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let Some((_, below)) = page.split_once(HEADING) else {
        bail!("ARCHITECTURE.md has no heading {HEADING:?}")
    };
    let rows = below
        .lines()
        .skip(1)
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'));
    let names =
        |cell: &str| cell.split([',', ' ', '`']).filter(|n| !n.is_empty()).map(str::to_owned).collect();
    Ok(rows
        .skip(2)
        .filter_map(|row| {
            let mut cells = row.trim_matches('|').split('|');
            Some((cells.next()?.trim().trim_matches('`').to_owned(), names(cells.next()?)))
        })
        .collect())
}

fn metadata(root: &Path) -> Result<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root)
        .output()
        .context("cargo metadata did not start")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
