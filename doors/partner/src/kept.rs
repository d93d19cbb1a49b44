//! Rendered objects, kept while they are asked for and nothing of them changes.

use std::collections::HashMap;
use std::sync::Arc;

use dictionary::Timestamp;
use gate::Caller;
use parking_lot::{Mutex, RwLock};
use query::Scope;
use search::{LinkedVersion, Row};
use store::Sequence;

use crate::Door;
use crate::members::{Disclosure, Dress, Kind, Look, MOST_LINKS, Members};

/// Dresses that are known at most; past that all are forgotten, and with them what was rendered in them.
const MOST_DRESSES: usize = 10_000;
/// Shards, so that threads seldom wait for each other.
const SHARDS: usize = 16;

/// A dress and its number.
#[derive(Clone)]
pub(crate) struct Outfit {
    pub(crate) number: u32,
    pub(crate) dress: Arc<Dress>,
}

/// Who wears what: one dress for each way of seeing a feed, however many clients see it so.
#[derive(Default)]
pub(crate) struct Wardrobe {
    inside: RwLock<Inside>,
}

#[derive(Default)]
struct Inside {
    /// By client, feed and choice of members. The scope tells whether the client's records have changed
    /// since: a client that is compiled anew has another one.
    worn: HashMap<(String, String, String), (Arc<Scope>, Outfit)>,
    dresses: Vec<Arc<Dress>>,
    /// Numbers are never given twice, so that what was rendered in an old dress is not found.
    next: u32,
}

impl Wardrobe {
    /// The dress in which `caller` sees `feed`.
    pub(crate) fn outfit(
        &self,
        door: &Door,
        caller: &Caller,
        feed: &str,
        fields: Option<&[Box<str>]>,
    ) -> Outfit {
        let choice = fields.map(|names| names.join(",")).unwrap_or_default();
        let name = (caller.client().to_string(), feed.to_owned(), choice);
        if let Some((scope, outfit)) = self.inside.read().worn.get(&name)
            && Arc::ptr_eq(scope, caller.scope())
        {
            return outfit.clone();
        }
        let disclosure =
            Disclosure { no_sold_price: caller.feed_terms(feed).is_some_and(|terms| terms.non_disclosure) };
        let fields = fields.map(Box::from);
        let dress = Dress::of(&door.dictionary, caller, feed, disclosure, fields, &door.settings.public_url);
        let mut inside = self.inside.write();
        if inside.dresses.len() >= MOST_DRESSES {
            inside.dresses.clear();
            inside.worn.clear();
        }
        let first = inside.next - u32::try_from(inside.dresses.len()).unwrap_or(0);
        let at = inside.dresses.iter().position(|known| **known == dress);
        let at = at.unwrap_or_else(|| {
            inside.dresses.push(Arc::new(dress));
            inside.next = inside.next.wrapping_add(1);
            inside.dresses.len() - 1
        });
        let number = first.wrapping_add(u32::try_from(at).unwrap_or(0));
        let outfit = Outfit { number, dress: Arc::clone(&inside.dresses[at]) };
        inside.worn.insert(name, (Arc::clone(caller.scope()), outfit.clone()));
        outfit
    }
}

/// What an object was made of.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Version {
    own: Sequence,
    linked: [LinkedVersion; MOST_LINKS],
}

struct Piece {
    version: Version,
    stale: Option<Timestamp>,
    bytes: Box<[u8]>,
}

type Name = (Kind, u32, u32);

/// Rendered objects, bounded by their bytes.
pub(crate) struct Kept {
    shards: Vec<Mutex<Shard>>,
    shard_bytes: usize,
}

#[derive(Default)]
struct Shard {
    pieces: HashMap<Name, Piece>,
    bytes: usize,
}

impl Kept {
    pub(crate) fn new(bytes: usize) -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::default()).collect(), shard_bytes: bytes / SHARDS }
    }

    /// Writes the object of a row, rendered now or before.
    pub(crate) fn write(
        &self,
        out: &mut Vec<u8>,
        members: &Members,
        kind: Kind,
        look: &Look<'_>,
        row: Row,
        outfit: &Outfit,
    ) {
        let resource = members.resource(kind);
        let mut linked = [LinkedVersion::default(); MOST_LINKS];
        for (version, link) in linked.iter_mut().zip(members.links(kind)) {
            *version = look.reader.linked_version(resource, row, *link);
        }
        let version = Version { own: look.reader.view(resource, row).sequence(), linked };
        let shard = &self.shards[row.number() as usize % SHARDS];
        let name = (kind, row.number(), outfit.number);
        if let Some(piece) = shard.lock().pieces.get(&name)
            && piece.version == version
            && piece.stale.is_none_or(|stale| look.now < stale)
        {
            out.extend_from_slice(&piece.bytes);
            return;
        }
        let rendered = members.render(kind, look, row, &outfit.dress);
        out.extend_from_slice(&rendered.bytes);
        let piece = Piece { version, stale: rendered.stale, bytes: rendered.bytes.into() };
        shard.lock().keep(name, piece, self.shard_bytes);
    }
}

impl Shard {
    fn keep(&mut self, name: Name, piece: Piece, most: usize) {
        if self.bytes + piece.bytes.len() > most {
            self.pieces.clear();
            self.bytes = 0;
        }
        self.bytes += piece.bytes.len();
        if let Some(before) = self.pieces.insert(name, piece) {
            self.bytes -= before.bytes.len();
        }
    }
}
