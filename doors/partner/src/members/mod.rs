//! What an answer's members are, and where each comes from.
//!
//! `data/members.tsv` says of every member of the API's classes by which rule it is made of which fields.
//! It is bound to the dictionary once ([`Members::bind`]); for each client and feed ([`Dress`]) the members
//! that the client may see are made ready once (`program`), and a record is then written straight from the
//! columns. The filters of questions ([`Members::any_of`] and its like) are made of the same bound rules,
//! so that a filter on a member and the member as it is written cannot disagree.

mod ask;
mod baths;
mod class;
mod condition;
mod days;
mod describe;
mod dress;
mod known;
mod lookups;
mod lot;
mod make;
mod measure;
mod open_houses;
mod order;
mod photos;
mod probe;
mod program;
mod read;
mod rooms;
mod rule;
mod scene;
mod table;
mod vocabulary;
mod write;

use std::cell::{Cell, RefCell};

use dictionary::{Dictionary, FieldId, LinkId, ResourceId, Timestamp};
use query::Scope;
use search::{Reader, Row};

pub(crate) use ask::{Feature, Number, Vocabulary};
pub(crate) use class::{Class, ClassType};
pub(crate) use days::{ON_MARKET, today};
pub(crate) use describe::described;
pub(crate) use dress::{Disclosure, Dress, FieldChoice};
pub(crate) use order::{Part, SortKey};
pub use probe::Probe;

use known::Known;
use program::Program;
use rule::{Bound, Rule};
use scene::Scene;
use table::Held;

#[cfg(test)]
mod tests;

/// The class of object that an answer is made of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Kind {
    /// `ListingSummary`, of a Property record.
    Summary,
    /// `ListingDetails`, of a Property record.
    Details,
    /// `Agent`, of a Member record.
    Agent,
    /// `Office`, of an Office record.
    Office,
    /// `ListingOpenHouse`, of an OpenHouse record.
    OpenHouse,
}

/// One look at the index, by one caller: linked records are read through the same.
#[derive(Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) reader: &'a Reader<'a>,
    /// Which records the caller may be told of, linked ones included.
    pub(crate) scope: &'a Scope,
    /// For open houses that are over and days on market.
    pub(crate) now: Timestamp,
}

/// A record as one JSON object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Rendered {
    pub(crate) bytes: Box<[u8]>,
    /// From this instant on the object would read otherwise although nothing was written: an open house
    /// ends, a day on market begins. None where it stays.
    pub(crate) stale: Option<Timestamp>,
}

/// A member of a class, bound to the dictionary.
struct Member {
    name: &'static str,
    /// `"Name":`
    label: Box<[u8]>,
    ty: ClassType,
    rule: Rule,
    /// The fields that it comes from: where one is hidden, it is blank.
    named: Vec<(ResourceId, FieldId)>,
    held: Held,
}

/// The members of every class, bound to the fields of one dictionary.
pub(crate) struct Members {
    classes: [Vec<Member>; Class::ALL.len()],
    known: Known,
    asked: ask::Asked,
    orders: order::Orders,
    lookups: lookups::Lookups,
    resources: [ResourceId; 5],
    links: [Vec<LinkId>; 5],
    fields: [Vec<FieldId>; 5],
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests hold that nothing is strange"))]
    strange: Vec<String>,
}

/// Links that an object hangs on at most, so that their versions have a place of fixed size.
pub(crate) const MOST_LINKS: usize = 8;

thread_local! {
    /// Where objects are written: what is kept of one is as long as it is, and no longer block of memory was
    /// asked for, filled by the kernel with zeros and given back for it.
    static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Members {
    /// Binds the tables to `dictionary`. What an older one lacks is passed over: the member is then blank,
    /// or goes by its other fields.
    pub(crate) fn bind(dictionary: &Dictionary) -> Self {
        let mut classes = [const { Vec::new() }; Class::ALL.len()];
        let mut strange = Vec::new();
        for line in table::lines() {
            let Bound { rule, named } = Rule::bind(dictionary, &line, &mut strange);
            let label = format!("\"{}\":", line.name).into_bytes().into();
            let member = Member { name: line.name, label, ty: line.ty, rule, named, held: line.held };
            classes[line.class as usize].push(member);
        }
        let kinds = [Kind::Summary, Kind::Details, Kind::Agent, Kind::Office, Kind::OpenHouse];
        let resources = kinds.map(|kind| dictionary.known(Class::from(kind).resource()).id);
        let known = Known::bind(dictionary);
        let asked = ask::Asked::bind(dictionary, &classes[Class::Details as usize], &mut strange);
        let orders = order::Orders::bind(dictionary, &classes[Class::Details as usize]);
        let links = kinds.map(|kind| {
            let mut links = Vec::new();
            let members = &classes[Class::from(kind) as usize];
            members.iter().for_each(|member| member.rule.follows(&mut links, &known));
            links.sort_unstable();
            links.dedup();
            assert!(links.len() <= MOST_LINKS, "the table follows more links than anybody keeps versions of");
            links
        });
        let fields = kinds.map(|kind| {
            let named = classes[Class::from(kind) as usize].iter().flat_map(|member| &member.named);
            let own = named.filter(|(resource, _)| *resource == resources[kind as usize]);
            let mut fields: Vec<FieldId> = own.map(|(_, field)| *field).collect();
            fields.sort_unstable();
            fields.dedup();
            fields
        });
        let lookups = lookups::Lookups::bind(dictionary, &mut strange);
        Self { classes, known, asked, orders, lookups, resources, links, fields, strange }
    }

    fn of(&self, class: Class) -> &[Member] {
        &self.classes[class as usize]
    }

    /// The member of this name in any case, as the class spells it.
    pub(crate) fn member(&self, kind: Kind, name: &str) -> Option<&'static str> {
        let mut names = self.of(kind.into()).iter().map(|member| member.name);
        names.find(|known| known.eq_ignore_ascii_case(name))
    }

    /// The resource whose records become objects of this kind.
    pub(crate) fn resource(&self, kind: Kind) -> ResourceId {
        self.resources[kind as usize]
    }

    /// The links whose records are part of an object of this kind, [`MOST_LINKS`] at most: where one of those
    /// changes, the object is written anew.
    pub(crate) fn links(&self, kind: Kind) -> &[LinkId] {
        &self.links[kind as usize]
    }

    /// The fields of its own record that an object of this kind is made of.
    pub(crate) fn fields(&self, kind: Kind) -> &[FieldId] {
        &self.fields[kind as usize]
    }

    /// The object of a row, as a caller in this dress sees it.
    pub(crate) fn render(&self, kind: Kind, look: &Look<'_>, row: Row, dress: &Dress) -> Rendered {
        let stale = Cell::new(None);
        let scene = Scene::new(self, *look, dress, self.resource(kind), row, 1, &stale);
        let program = Program::ready(kind.into(), self, dress);
        let bytes = SCRATCH.with_borrow_mut(|scratch| {
            scratch.clear();
            program.write(&scene, scratch);
            scratch.as_slice().into()
        });
        Rendered { bytes, stale: stale.get() }
    }

    /// The `ListingDetails` of a listing that was removed: who it was, that it is deleted and since when
    /// (PAR-137). Whatever else it held is not told any more.
    pub(crate) fn deleted(&self, feed: &str, listing_id: &str, at: Timestamp) -> Vec<u8> {
        let mut out = Vec::with_capacity(8 << 10);
        for member in self.of(Class::Details) {
            out.push(if out.is_empty() { b'{' } else { b',' });
            out.extend_from_slice(&member.label);
            match member.name {
                "FeedId" => odata::json::write_string(&mut out, feed),
                "ListingId" => odata::json::write_string(&mut out, listing_id),
                "ListingStatus" | "ListingStatusSearch" => odata::json::write_string(&mut out, "Deleted"),
                "MlsUpdateDate" | "MlsModificationTimestamp" => write::instant(&mut out, at),
                _ => out.extend_from_slice(member.ty.blank()),
            }
        }
        out.push(b'}');
        out
    }
}
