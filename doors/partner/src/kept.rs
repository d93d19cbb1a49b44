//! Rendered objects, kept while they are asked for and nothing of them changes.

use std::collections::HashMap;
use std::sync::Arc;

use gate::Caller;
use parking_lot::RwLock;
use press::{AsOf, Form, Fresh, Kept, Kinds, Piece, Wanted};
use query::Scope;
use search::Row;

use crate::Door;
use crate::members::{Disclosure, Dress, Kind, Look, Members};

/// Dresses that are known at most; past that all are forgotten, and with them what was rendered in them.
const MOST_DRESSES: usize = 10_000;

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

/// Rendered objects of this door.
pub(crate) struct Pieces {
    kept: Kept,
    /// By the class of object and the dress it is rendered in.
    kinds: Kinds<(Kind, u32)>,
}

impl Pieces {
    pub(crate) fn new(bytes: usize) -> Self {
        Self { kept: Kept::new(bytes), kinds: Kinds::new(5 * MOST_DRESSES) }
    }

    /// The number of what is rendered of a row in this dress.
    pub(crate) fn kind(&self, kind: Kind, outfit: &Outfit) -> press::Kind {
        self.kinds.of(&(kind, outfit.number))
    }

    /// The objects of rows, each in its own outfit; rendered now or before.
    pub(crate) fn of(
        &self,
        members: &Members,
        kind: Kind,
        look: &Look<'_>,
        rows: &[(Row, &Outfit, press::Kind)],
        form: Form,
    ) -> Vec<Arc<Piece>> {
        let resource = members.resource(kind);
        let links = members.links(kind);
        let version = |at: usize| {
            let (row, ..) = rows[at];
            let own = look.reader.view(resource, row).sequence();
            let linked = links.iter().map(|link| look.reader.linked_version(resource, row, *link));
            linked.fold(mixed(0, own), |version, linked| {
                mixed(mixed(version, linked.newest), linked.count.into())
            })
        };
        let wanted: Vec<Wanted> =
            rows.iter().map(|(row, _, kind)| Wanted { kind: *kind, row: row.number() }).collect();
        let as_of = AsOf { state: look.reader.moment().number(), now: look.now.as_microsecond() };
        let ahead = |some: &[usize]| {
            let rows: Vec<Row> = some.iter().map(|at| rows[*at].0).collect();
            look.reader.look_ahead(resource, &rows, Some(members.fields(kind)));
        };
        self.kept.pieces(&wanted, as_of, form, version, ahead, |at| {
            let (row, outfit, _) = rows[at];
            let rendered = members.render(kind, look, row, &outfit.dress);
            let until = rendered.stale.map(|at| at.as_microsecond());
            Fresh { piece: Piece::new(rendered.bytes), until }
        })
    }
}

/// Mixes the versions that an object is made of into one number, which no other content of a row has but
/// by a chance of one in 2^64.
fn mixed(version: u64, next: u64) -> u64 {
    (version.rotate_left(23) ^ next).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}
