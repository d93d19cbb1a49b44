//! When M1 may be told that a member is suspended: from 1 January to 1 March of every third year.

use dictionary::Date;

/// The years in which M1 takes suspensions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SuspensionWindow {
    /// One of these years; the others lie three years apart from it.
    pub year: i16,
}

/// Years from one window to the next.
const EVERY: i16 = 3;

impl SuspensionWindow {
    /// Whether a suspension may be told on this day.
    #[must_use]
    pub fn holds(self, day: Date) -> bool {
        self.is_year(day.year()) && (day.month() < 3 || (day.month() == 3 && day.day() == 1))
    }

    /// The first day, from `day` on, on which a suspension may be told; none at the end of what calendars hold.
    #[must_use]
    pub fn from(self, day: Date) -> Option<Date> {
        if self.holds(day) {
            return Some(day);
        }
        let next = (day.year() + 1..=day.year() + EVERY).find(|year| self.is_year(*year))?;
        Date::new(next, 1, 1).ok()
    }

    fn is_year(self, year: i16) -> bool {
        (year - self.year).rem_euclid(EVERY) == 0
    }
}
