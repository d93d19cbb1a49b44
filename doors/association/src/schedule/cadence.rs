//! How often, as it is written down.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Time;

/// Runs of one day at most: one every quarter of an hour.
const MOST_TIMES: usize = 96;
/// Minutes between two runs at most: a day.
const MOST_MINUTES: u16 = 1_440;

/// How often members are pulled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cadence {
    /// At these times of the wall, ascending, each once.
    At(Vec<Time>),
    /// So many minutes after another, 1 to 1,440.
    Every(u16),
}

impl Default for Cadence {
    /// 10:00, 12:00, 15:00 and 18:00, as the MLS pulls (AMS-030).
    fn default() -> Self {
        Self::At([10, 12, 15, 18].map(|hour| Time::constant(hour, 0, 0, 0)).into())
    }
}

/// What cannot be meant as a cadence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CadenceFault {
    /// What is wrong.
    pub message: String,
}

impl CadenceFault {
    /// What would be right.
    pub const HINT: &'static str =
        "Write times, `10:00 12:00 15:00 18:00`, or `every 15 minutes`, or `hourly`.";
}

impl fmt::Display for CadenceFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CadenceFault {}

impl FromStr for Cadence {
    type Err = CadenceFault;

    /// Reads times of the wall with spaces between them, `every N minutes`, or `hourly`.
    fn from_str(text: &str) -> Result<Self, CadenceFault> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let fault = |what: String| CadenceFault { message: what };
        match words[..] {
            [] => Err(fault("A cadence has no times.".into())),
            ["hourly"] => Ok(Self::Every(60)),
            ["every", minutes, "minutes" | "minute"] => match minutes.parse() {
                Ok(minutes) if (1..=MOST_MINUTES).contains(&minutes) => Ok(Self::Every(minutes)),
                _ => Err(fault(format!("{minutes:?} is no number of minutes from 1 to {MOST_MINUTES}."))),
            },
            _ if words.len() > MOST_TIMES => {
                Err(fault(format!("A day has {} runs, and {MOST_TIMES} at most.", words.len())))
            }
            _ => {
                let mut times = words.iter().map(|word| time(word)).collect::<Result<Vec<Time>, _>>()?;
                times.sort_unstable();
                times.dedup();
                Ok(Self::At(times))
            }
        }
    }
}

/// `HH:MM`, and nothing else: a run has no seconds.
fn time(word: &str) -> Result<Time, CadenceFault> {
    let read = || {
        let (hour, minute) = word.split_once(':')?;
        let number = |text: &str| (text.len() == 2).then(|| text.parse::<i8>().ok()).flatten();
        Time::new(number(hour)?, number(minute)?, 0, 0).ok()
    };
    read().ok_or_else(|| CadenceFault { message: format!("{word:?} is no time from 00:00 to 23:59.") })
}

impl fmt::Display for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every(60) => f.write_str("hourly"),
            Self::Every(minutes) => write!(f, "every {minutes} minutes"),
            Self::At(times) => {
                for (at, time) in times.iter().enumerate() {
                    let space = if at == 0 { "" } else { " " };
                    write!(f, "{space}{:02}:{:02}", time.hour(), time.minute())?;
                }
                Ok(())
            }
        }
    }
}
