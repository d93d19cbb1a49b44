//! What was found: one shape for every figure, printed as it comes and once more by size.

use std::fmt;
use std::time::Duration;

/// Times of one kind of question.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    pub(crate) median: Duration,
    pub(crate) p99: Duration,
}

impl Times {
    /// Of these, in any order.
    pub(crate) fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
        Self { median: at(50), p99: at(99) }
    }
}

/// What was measured.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Figure {
    /// How long one question takes; compared by its median, in microseconds.
    Time(Times),
    /// How long something took, in seconds.
    Span(Duration),
    /// How many a second; with the times of one, where it is asked.
    Rate(f64, &'static str, Option<Times>),
    /// An amount of something.
    Amount(f64, &'static str),
    /// How many times one figure is another.
    Ratio(f64),
}

impl Figure {
    fn number(self) -> f64 {
        match self {
            Self::Time(times) => micros(times.median),
            Self::Span(span) => span.as_secs_f64(),
            Self::Rate(number, ..) | Self::Amount(number, _) | Self::Ratio(number) => number,
        }
    }

    /// Without what a table of growth has no room for.
    fn short(self) -> String {
        match self {
            Self::Time(times) => format!("{:.1} µs", micros(times.median)),
            Self::Rate(number, unit, _) => Self::Rate(number, unit, None).to_string(),
            other => other.to_string(),
        }
    }
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(times) => write!(f, "{:.1} µs, p99 {:.1} µs", micros(times.median), micros(times.p99)),
            Self::Span(span) => write!(f, "{:.2} s", span.as_secs_f64()),
            Self::Rate(number, unit, None) => write!(f, "{number:.0} {unit}/s"),
            Self::Rate(number, unit, Some(times)) => {
                let ms = |time: Duration| time.as_secs_f64() * 1e3;
                write!(
                    f,
                    "{number:.0} {unit}/s, median {:.2} ms, p99 {:.2} ms",
                    ms(times.median),
                    ms(times.p99)
                )
            }
            Self::Amount(number, unit) => write!(f, "{number:.0} {unit}"),
            Self::Ratio(ratio) => write!(f, "{ratio:.2}"),
        }
    }
}

/// What it is to be, in the figure's own measure.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    /// Nobody has said.
    Open,
    AtMost(f64),
    AtLeast(f64),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => Ok(()),
            Self::AtMost(number) => write!(f, "≤ {number}"),
            Self::AtLeast(number) => write!(f, "≥ {number}"),
        }
    }
}

/// One line of the report.
#[derive(Clone, Debug)]
struct Line {
    size: u64,
    what: String,
    figure: Figure,
}

/// Everything that was found.
#[derive(Debug)]
pub(crate) struct Report {
    size: u64,
    lines: Vec<Line>,
}

impl Report {
    /// A report whose first words say what it was measured on.
    pub(crate) fn begin(machine: &str) -> Self {
        println!(
            "{machine}\n\n| listings | what | figure | target | figure ÷ target |\n|---|---|---|---|---|"
        );
        Self { size: 0, lines: Vec::new() }
    }

    /// What follows is of so many listings.
    pub(crate) fn size(&mut self, size: u64) {
        self.size = size;
    }

    /// Prints a figure and keeps it.
    pub(crate) fn add(&mut self, what: impl Into<String>, figure: Figure, target: Target) {
        let (size, what) = (self.size, what.into());
        let ratio = match target {
            Target::Open => String::new(),
            // Nothing is no measure of anything.
            Target::AtMost(0.0) => verdict(figure.number(), figure.number() <= 0.0),
            Target::AtMost(most) => verdict(figure.number() / most, figure.number() <= most),
            Target::AtLeast(least) => verdict(figure.number() / least, figure.number() >= least),
        };
        println!("| {size} | {what} | {figure} | {target} | {ratio} |");
        self.lines.push(Line { size, what, figure });
    }

    /// The figures of all sizes side by side, where there are several.
    pub(crate) fn growth(&self) {
        let mut sizes: Vec<u64> = self.lines.iter().map(|line| line.size).collect();
        sizes.dedup();
        if sizes.len() < 2 {
            return;
        }
        let mut subjects: Vec<&str> = Vec::new();
        for line in &self.lines {
            if !subjects.contains(&line.what.as_str()) {
                subjects.push(&line.what);
            }
        }
        let heads: String = sizes.iter().map(|size| format!(" {size} |")).collect();
        println!("\n| growth: median |{heads}\n|---|{}", "---|".repeat(sizes.len()));
        for what in subjects {
            let figure = |size: &u64| {
                let line = self.lines.iter().find(|line| line.size == *size && line.what == what);
                format!(" {} |", line.map(|line| line.figure.short()).unwrap_or_default())
            };
            println!("| {what} |{}", sizes.iter().map(figure).collect::<String>());
        }
    }
}

fn verdict(ratio: f64, met: bool) -> String {
    format!("{ratio:.2}{}", if met { "" } else { " **missed**" })
}
