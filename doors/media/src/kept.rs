//! Pictures in memory, as many as there is room for; what was not asked for longest goes first.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use http::HeaderValue;

use crate::rendition::Name;

/// A picture, ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Shot {
    pub(crate) bytes: Bytes,
    /// The entity tag, with its quotes.
    pub(crate) tag: HeaderValue,
}

impl Shot {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        // FNV-1a: a tag tells versions apart, it proves nothing.
        let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
        });
        let tag =
            HeaderValue::from_str(&format!("\"{hash:016x}\"")).unwrap_or(HeaderValue::from_static("\"-\""));
        Self { bytes: Bytes::from(bytes), tag }
    }
}

/// Pictures by name, and the order in which they were last asked for.
#[derive(Debug)]
pub(crate) struct Kept {
    shots: HashMap<Name, (u64, Shot)>,
    order: BTreeMap<u64, Name>,
    clock: u64,
    bytes: usize,
    most: usize,
}

impl Kept {
    /// Room for this many bytes of pictures.
    pub(crate) fn new(most: usize) -> Self {
        Self { shots: HashMap::new(), order: BTreeMap::new(), clock: 0, bytes: 0, most }
    }

    pub(crate) fn find(&mut self, name: Name) -> Option<Shot> {
        let (used, shot) = self.shots.get_mut(&name)?;
        self.clock += 1;
        self.order.remove(used);
        self.order.insert(self.clock, name);
        *used = self.clock;
        Some(shot.clone())
    }

    pub(crate) fn keep(&mut self, name: Name, shot: Shot) {
        let size = shot.bytes.len();
        if size > self.most || self.shots.contains_key(&name) {
            return;
        }
        while self.bytes + size > self.most {
            let Some((_, oldest)) = self.order.pop_first() else { break };
            if let Some((_, gone)) = self.shots.remove(&oldest) {
                self.bytes -= gone.bytes.len();
            }
        }
        self.clock += 1;
        self.bytes += size;
        self.order.insert(self.clock, name);
        self.shots.insert(name, (self.clock, shot));
    }
}
