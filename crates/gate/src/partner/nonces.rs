//! Nonces of signed requests: each is taken once (PAR-012).
//!
//! A nonce is remembered for as long as its request's timestamp would pass, and no longer. The memory is
//! one node's: nodes that share a store each take a nonce once.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use dictionary::{Text, Timestamp};

use crate::Refusal;
use crate::secret::hash;

/// Nonces remembered of one client: fifty requests a second for half an hour.
const MOST: usize = 90_000;
/// Shortest and longest nonce in characters.
const LENGTH: std::ops::RangeInclusive<usize> = 8..=64;

/// Half of a hash: a nonce has any length, its memory one.
type Mark = [u8; 16];

#[derive(Default)]
struct Seen {
    marks: HashSet<Mark>,
    /// The second after which each is forgotten, the soonest first.
    until: BinaryHeap<Reverse<(i64, Mark)>>,
}

/// What every client has used. Only signatures that were good come here, so that strangers fill nothing.
#[derive(Default)]
pub(crate) struct Nonces {
    clients: HashMap<Text, Seen>,
    most: Option<usize>,
}

impl Nonces {
    /// A memory of so many a client, to test its end.
    #[cfg(test)]
    pub(crate) fn of(most: usize) -> Self {
        Self { clients: HashMap::new(), most: Some(most) }
    }

    /// Takes a nonce that is good until this second.
    pub(crate) fn take(
        &mut self,
        client: &str,
        nonce: &str,
        until: i64,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        if !LENGTH.contains(&nonce.chars().count()) {
            let message = format!("A nonce has {} to {} characters.", LENGTH.start(), LENGTH.end());
            return Err(Refusal::new(
                403,
                "nonce_wrong",
                message,
                "Send a new random text with each request.",
            ));
        }
        let seen = self.clients.entry(Text::new(client)).or_default();
        while seen.until.peek().is_some_and(|Reverse((end, _))| *end < now.as_second()) {
            if let Some(Reverse((_, mark))) = seen.until.pop() {
                seen.marks.remove(&mark);
            }
        }
        let whole = hash(nonce.as_bytes());
        let mut mark = Mark::default();
        mark.copy_from_slice(&whole[..16]);
        if seen.marks.contains(&mark) {
            return Err(Refusal::new(
                403,
                "nonce_repeated",
                "This nonce has been used.",
                "Send a new random text with each request.",
            ));
        }
        // What cannot be remembered could be repeated.
        if seen.marks.len() >= self.most.unwrap_or(MOST) {
            let soonest = seen.until.peek().map_or(now.as_second(), |Reverse((end, _))| *end);
            let wait = u64::try_from(soonest + 1 - now.as_second()).unwrap_or(1);
            let mut full = Refusal::new(
                429,
                "nonces_full",
                "More requests were signed than can be remembered.",
                "Wait, or ask the operator for a smaller clock tolerance.",
            );
            full.retry_after = Some(wait);
            return Err(full);
        }
        seen.marks.insert(mark);
        seen.until.push(Reverse((until, mark)));
        Ok(())
    }
}
