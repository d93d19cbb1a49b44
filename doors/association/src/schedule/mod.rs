//! When a tenant's members are to be pulled, and which runs were missed (AMS-030, AMS-033, AMS-035).
//!
//! Runs are planned at times of the wall in the tenant's zone. A time that the clock shows twice is one run, at its
//! first showing; a time that the clock jumps over is one run, at the jump; a day that a zone leaves out has none.
//! Nothing here knows the time by itself: whoever asks brings it.

mod cadence;
mod standing;

#[cfg(test)]
mod tests;

pub use cadence::{Cadence, CadenceFault};
pub use standing::{LATE_AFTER, Standing, due, standing};

use dictionary::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};

/// Days that are looked ahead at most: a zone has left out one day, and never two in a row.
const MOST_DAYS: i16 = 4;

/// A cadence in a zone: the runs that are planned.
#[derive(Clone, Debug)]
pub struct Plan {
    cadence: Cadence,
    zone: TimeZone,
}

impl Plan {
    /// The runs of this cadence in this zone.
    #[must_use]
    pub fn new(cadence: Cadence, zone: TimeZone) -> Self {
        Self { cadence, zone }
    }

    /// The zone.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The first run after this instant; none at the end of what calendars hold.
    #[must_use]
    pub fn after(&self, instant: Timestamp) -> Option<Timestamp> {
        match &self.cadence {
            Cadence::Every(minutes) => every(*minutes, instant),
            Cadence::At(times) => {
                let mut day = instant.to_zoned(self.zone.clone()).date();
                for _ in 0..MOST_DAYS {
                    let runs = times.iter().filter_map(|time| at(&self.zone, day, *time));
                    if let Some(run) = runs.filter(|run| *run > instant).min() {
                        return Some(run);
                    }
                    day = day.tomorrow().ok()?;
                }
                None
            }
        }
    }

    /// The runs after `from` and up to `until`, in their order.
    pub fn between(&self, from: Timestamp, until: Timestamp) -> impl Iterator<Item = Timestamp> {
        let next = move |run: &Timestamp| self.after(*run).filter(|run| *run <= until);
        std::iter::successors(next(&from), next)
    }
}

/// The first instant after `instant` that lies so many minutes after another, counted from midnight UTC: clocks
/// that change are nothing to it.
fn every(minutes: u16, instant: Timestamp) -> Option<Timestamp> {
    let step = i64::from(minutes) * 60;
    Timestamp::from_second((instant.as_second().div_euclid(step) + 1) * step).ok()
}

/// The instant at which the clock of `zone` shows this time of this day, or jumps over it; none on a day that the
/// zone has not.
fn at(zone: &TimeZone, day: Date, time: Time) -> Option<Timestamp> {
    let shown = day.to_datetime(time);
    match zone.to_ambiguous_timestamp(shown).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(shown).ok(),
        // The clock goes back: the first of the two is the one with the offset that was before.
        AmbiguousOffset::Fold { before, .. } => before.to_timestamp(shown).ok(),
        AmbiguousOffset::Gap { before, .. } => {
            let beyond = before.to_timestamp(shown).ok()?;
            let jump =
                zone.preceding(beyond.checked_add(jiff::SignedDuration::from_nanos(1)).ok()?).next()?;
            let (left, reached) =
                (before.to_datetime(jump.timestamp()), jump.timestamp().to_zoned(zone.clone()));
            let skips_the_day = left <= day.to_datetime(Time::midnight()) && reached.date() > day;
            (!skips_the_day).then(|| jump.timestamp())
        }
    }
}
