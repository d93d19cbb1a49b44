//! An assembly as its writer gets it: part by part.

use dictionary::Text;

use super::waiting::{Steps, Waiting};
use crate::StoreError;
use crate::prepare::Prepared;

/// Operations of a part, and bytes of its records: what the writer holds of an assembly at once.
const PART: usize = 10_000;
const PART_BYTES: usize = 8 << 20;

/// A write that is put together.
#[derive(Debug)]
pub(crate) struct Assembled {
    pub(super) actor: Text,
    pub(super) at: i64,
    pub(super) waiting: Waiting,
    pub(super) cursors: Vec<(Text, String)>,
}

/// What is left of one.
pub(crate) struct Parts {
    actor: Text,
    at: i64,
    steps: Steps,
    cursors: Vec<(Text, String)>,
    done: bool,
}

impl Assembled {
    /// The parts from the first on. It waits for the disk, as each part does.
    pub(crate) fn parts(self) -> Result<Parts, StoreError> {
        let Self { actor, at, waiting, cursors } = self;
        Ok(Parts { actor, at, steps: waiting.steps()?, cursors, done: false })
    }
}

impl Parts {
    /// The next part. The last one, which may hold nothing else, holds the cursors.
    pub(crate) fn next_part(&mut self) -> Result<Option<Prepared>, StoreError> {
        if self.done {
            return Ok(None);
        }
        let (mut steps, mut bytes) = (Vec::new(), 0);
        while steps.len() < PART && bytes < PART_BYTES {
            let Some(step) = self.steps.next_step()? else {
                self.done = true;
                break;
            };
            bytes += step.bytes();
            steps.push(step);
        }
        let cursors = if self.done { std::mem::take(&mut self.cursors) } else { Vec::new() };
        Ok(Some(Prepared { actor: self.actor.clone(), at: self.at, steps, cursors, work: Vec::new(), bytes }))
    }
}
