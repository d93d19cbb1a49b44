//! How long files are, what modules are called, and what may not stand in them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// No file of code is longer.
const LONGEST: usize = 600;
/// Nine files in ten are no longer.
const LONG: usize = 400;
/// Half of all files are no longer.
const MEDIAN: usize = 150;
/// Names that say only that nobody knew where the thing belongs.
const FORBIDDEN: [&str; 6] = ["utils", "helpers", "common", "misc", "core", "types"];
/// Text that may not stand in code, and what to write in its place.
const WORDS: [(&str, &str); 2] =
    [("#[allow(", "write #[expect(…, reason = …)]"), ("#[ignore", "a test runs or is not there")];

/// Every fault of every Rust file.
pub(crate) fn check(root: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for room in ["bench", "crates", "doors", "freehold", "testkit", "xtask", "fuzz"] {
        gather(&root.join(room), &mut files)?;
    }
    let mut faults = Vec::new();
    let mut lengths = Vec::new();
    for path in files {
        let shown = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        let text = std::fs::read_to_string(&path).with_context(|| shown.clone())?;
        let lines = text.lines().count();
        lengths.push(lines);
        if lines > LONGEST {
            faults.push(format!(
                "{shown} has {lines} lines; a file has at most {LONGEST}: split it by what it does"
            ));
        }
        let name = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        let room = path.parent().and_then(Path::file_name).and_then(|s| s.to_str()).unwrap_or_default();
        let module = if name == "mod" { room } else { name };
        if FORBIDDEN.contains(&module) {
            faults.push(format!("{shown}: no module is named {module}: name it after what it holds"));
        }
        // This file names the words itself.
        if !shown.ends_with("tidy/files.rs") {
            faults.extend(
                WORDS
                    .iter()
                    .filter(|(word, _)| text.contains(word))
                    .map(|(word, hint)| format!("{shown}: {word}…: {hint}")),
            );
        }
    }
    lengths.sort_unstable();
    let at = |share: usize| lengths.get(lengths.len() * share / 100).copied().unwrap_or(0);
    if at(50) > MEDIAN {
        faults.push(format!("the median file has {} lines, more than {MEDIAN}", at(50)));
    }
    if at(90) > LONG {
        faults.push(format!("one file in ten has over {} lines, more than {LONG}", at(90)));
    }
    Ok(faults)
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() && !path.ends_with("target") {
            gather(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    Ok(())
}
