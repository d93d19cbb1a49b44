//! Ids of events: 26 letters and digits that sort by time (ULID).

use std::fmt;

use dictionary::{Text, Timestamp};
use ring::rand::{SecureRandom as _, SystemRandom};

/// Crockford's base 32: no letter that is read as a digit.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The id of an event: 48 bits of milliseconds since 1970, 80 bits of chance. It never changes, and is what
/// a receiver knows a repeated delivery by (EVT-080).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct EventId(u128);

impl EventId {
    /// A new id of this instant, from the system's randomness.
    ///
    /// # Errors
    /// The system gives no randomness.
    pub fn make(now: Timestamp) -> std::io::Result<Self> {
        let mut chance = [0; 10];
        let failed = |_| std::io::Error::other("the system gives no randomness");
        SystemRandom::new().fill(&mut chance).map_err(failed)?;
        Ok(Self::of(now, chance))
    }

    /// The id of this instant and this chance; instants before 1970 count as 1970.
    #[must_use]
    pub fn of(now: Timestamp, chance: [u8; 10]) -> Self {
        let milliseconds = u128::try_from(now.as_millisecond()).unwrap_or(0) & ((1 << 48) - 1);
        let chance = chance.iter().fold(0, |all, byte| (all << 8) | u128::from(*byte));
        Self((milliseconds << 80) | chance)
    }

    /// The `number`th id after this one: the events of one array keep their order.
    #[must_use]
    pub fn after(self, number: u64) -> Self {
        Self(self.0.wrapping_add(number.into()))
    }

    /// As it is kept and sent.
    #[must_use]
    pub fn text(self) -> Text {
        Text::from(self.to_string())
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digit = |at: u32| LETTERS[((self.0 >> (5 * at)) & 31) as usize];
        (0..26).rev().try_for_each(|at| write!(f, "{}", char::from(digit(at))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_ulids_and_sort_by_time() {
        // The specification's own example of the time part: 1469918176385 is 01ARYZ6S41.
        let at = |ms| Timestamp::from_millisecond(ms).unwrap();
        let id = EventId::of(at(1_469_918_176_385), [0xff; 10]);
        assert_eq!(id.to_string(), "01ARYZ6S41ZZZZZZZZZZZZZZZZ");
        assert!(EventId::of(at(1_469_918_176_386), [0; 10]).text() > id.text());
        let first = EventId::of(at(1), [0; 10]);
        assert!(first.after(1).text() > first.text());
        assert_ne!(EventId::make(at(5)).unwrap(), EventId::make(at(5)).unwrap());
    }
}
