//! What the figures were measured on.

use std::process::Command;

/// Processor, cores, memory, compiler and commit.
pub(crate) fn describe() -> String {
    let field = |file: &str, name: &str| {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_once(':').map_or_else(|| "unknown".to_owned(), |(_, value)| value.trim().to_owned())
    };
    let say = |program: &str, words: &[&str]| {
        let output = Command::new(program).args(words).output();
        output.map_or_else(|_| "unknown".into(), |o| String::from_utf8_lossy(&o.stdout).trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "Machine: {}, {cores} cores, {} memory. {}. Commit {}. SQLite with synchronous=FULL.",
        field("/proc/cpuinfo", "model name"),
        field("/proc/meminfo", "MemTotal"),
        say("rustc", &["--version"]),
        say("git", &["rev-parse", "--short", "HEAD"]),
    )
}

/// Memory of this process that is in use, in bytes.
pub(crate) fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = text.split_whitespace().nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
    pages * 4_096
}

/// The most memory that this process had in use since the peak was forgotten, in megabytes; none where the system does not say.
pub(crate) fn peak_megabytes() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1_024.0 / 1e6)
}

/// Begins a new peak: what was used before is not part of it.
pub(crate) fn forget_peak() {
    // Linux's own switch for it; where it is not to be had, the peak is of everything.
    drop(std::fs::write("/proc/self/clear_refs", "5"));
}

/// Processor time that this process has used, in seconds: what another process takes is not in it.
pub(crate) fn used() -> f64 {
    // Ticks of a hundredth of a second, on every Linux.
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let (_, after) = text.rsplit_once(')').unwrap_or_default();
    let ticks =
        |at: usize| after.split_whitespace().nth(at).and_then(|word| word.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}
