//! Wrong codes, counted: a code is short, and who tries them all should not come far.

use std::collections::HashMap;

use dictionary::{Text, Timestamp};
use jiff::SignedDuration;
use parking_lot::Mutex;

/// Wrong codes at one box until no code counts there: of a hundred million that there are.
const MOST: u32 = 10;
/// How long they are remembered, and how long no code counts then.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(15);

/// The wrong codes of each box, as far as this process has seen them.
#[derive(Debug, Default)]
pub(crate) struct Guesses(Mutex<HashMap<Text, (u32, Timestamp)>>);

impl Guesses {
    /// Notes a code that was shown at a box; whether there were too many wrong ones before it. A right one does not
    /// make the wrong ones forgotten: else who knows one code tries for another.
    pub(crate) fn guessed(&self, lockbox: &Text, wrong: bool, now: Timestamp) -> bool {
        let mut boxes = self.0.lock();
        if let Some((_, first)) = boxes.get(lockbox)
            && now.duration_since(*first) >= REMEMBERED
        {
            boxes.remove(lockbox);
        }
        let before = boxes.get(lockbox).map_or(0, |(count, _)| *count);
        if before >= MOST {
            return true;
        }
        if wrong {
            boxes.entry(lockbox.clone()).or_insert((0, now)).0 += 1;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// LBX-094: after ten wrong codes none counts for a quarter of an hour, a right one neither; other boxes are
    /// not concerned.
    #[test]
    fn lbx_094_who_guesses_is_shut_out_for_a_while() {
        let at = |minutes: i64| Timestamp::from_second(minutes * 60).unwrap();
        let (guesses, lockbox, other) = (Guesses::default(), Text::new("A"), Text::new("B"));
        for minute in 0..10 {
            assert!(!guesses.guessed(&lockbox, true, at(minute)), "minute {minute}");
        }
        assert!(guesses.guessed(&lockbox, false, at(10)) && guesses.guessed(&lockbox, true, at(14)));
        assert!(!guesses.guessed(&other, false, at(10)));
        assert!(!guesses.guessed(&lockbox, true, at(15)), "a quarter of an hour after the first");
        assert!(!guesses.guessed(&lockbox, false, at(16)));
    }
}
