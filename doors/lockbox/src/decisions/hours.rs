//! Showing hours: days of the week and a time of day, on the wall clock where the property lies (LBX-092).
//!
//! The wall clock decides, and nothing else: where clocks are put forward, a window that begins within the
//! missing hour begins with the first minute after it; where they are put back, the doubled hour is in the
//! window twice, or not at all. So hours never shift with daylight saving.

use dictionary::{Date, Time, Timestamp};
use jiff::civil::{DateTime, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};

/// Days that are walked at most to find where hours end: no permission lasts so long.
const FURTHEST: usize = 3;

/// Days of the week.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Days(u8);

impl Days {
    /// Every day.
    pub(crate) const ALL: Self = Self(0x7f);

    /// The days that ShowingDays names: in English, in full or by three letters. What is not read as a day is
    /// none, so that a list of other words names no day at all.
    pub(crate) fn read<'t>(names: impl IntoIterator<Item = &'t str>) -> Self {
        const NAMES: [&str; 7] =
            ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        let bit = |name: &str| {
            let lower = name.trim().to_ascii_lowercase();
            NAMES.iter().position(|day| *day == lower || (lower.len() == 3 && day.starts_with(&lower)))
        };
        Self(names.into_iter().filter_map(bit).fold(0, |days, at| days | 1 << at))
    }

    fn has(self, day: Weekday) -> bool {
        self.0 >> day.to_monday_zero_offset() & 1 == 1
    }
}

/// When others may come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Hours {
    /// Of the days on which the hours begin.
    pub(crate) days: Days,
    /// Midnight where nothing is said.
    pub(crate) opens: Time,
    /// The first minute that no longer belongs to it; midnight, and what is not after `opens`, is of the next
    /// day.
    pub(crate) closes: Time,
}

impl Hours {
    /// Whether they are never over.
    pub(crate) fn is_always(&self) -> bool {
        self.days == Days::ALL && self.opens == self.closes
    }

    /// Where `at` is within the hours, the first instant after it that is not.
    pub(crate) fn open_until(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let mut end = self.window(zone.to_datetime(at))?;
        if self.is_always() {
            return Some(Timestamp::MAX);
        }
        // Windows that meet are one.
        for _ in 0..FURTHEST {
            let Some(next) = self.window(end) else { break };
            end = next;
        }
        let until = shown_first_after(end, at, zone);
        // Clocks that are put forward or back may show other hours before that.
        let shifts = zone.following(at).map(|shift| shift.timestamp()).take_while(|shift| *shift < until);
        let outside = |shift: &Timestamp| self.window(zone.to_datetime(*shift)).is_none();
        Some(shifts.into_iter().find(outside).unwrap_or(until))
    }

    /// Where this reading of the wall clock is within the hours, the reading at which they end.
    fn window(&self, wall: DateTime) -> Option<DateTime> {
        let (date, time) = (wall.date(), wall.time());
        let over_midnight = self.closes <= self.opens;
        let closing = |date: Date| Some(DateTime::from_parts(date, self.closes));
        if self.days.has(date.weekday()) && time >= self.opens && (over_midnight || time < self.closes) {
            return closing(if over_midnight { date.tomorrow().ok()? } else { date });
        }
        let began = date.yesterday().ok()?;
        if over_midnight && self.days.has(began.weekday()) && time < self.closes {
            return closing(date);
        }
        None
    }
}

/// The first instant after `at` at which the wall clock shows this, or has passed it by.
fn shown_first_after(wall: DateTime, at: Timestamp, zone: &TimeZone) -> Timestamp {
    let shown = zone.to_ambiguous_timestamp(wall);
    let first = match shown.offset() {
        AmbiguousOffset::Fold { .. } => {
            shown.earlier().ok().filter(|first| *first > at).or_else(|| shown.later().ok())
        }
        // Of the missing hour: `open_until` finds the shift that passed it by.
        _ => shown.compatible().ok(),
    };
    first.unwrap_or(Timestamp::MAX)
}
