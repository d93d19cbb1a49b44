//! How one client sees one feed.

use dictionary::{Dictionary, FieldSet, ResourceId};
use gate::{Caller, Class};
use query::Rows;

use super::program::Programs;

/// Members that a client chose with `Fields=`: their names in the order of the class; none where it did
/// not choose.
pub(crate) type FieldChoice = Option<Box<[Box<str>]>>;

/// What a feed does not disclose.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Disclosure {
    /// Sold prices are not told (PAR-130).
    pub(crate) no_sold_price: bool,
}

/// How one client sees one feed: two clients in the same dress see the same bytes.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Dress {
    /// None for an operator, who sees everything.
    pub(crate) class: Option<Class>,
    /// The fields that may be written out, by resource.
    pub(crate) shown: Box<[FieldSet]>,
    pub(crate) disclosure: Disclosure,
    pub(crate) fields: FieldChoice,
    /// Where addresses of photos begin, without a slash at the end.
    pub(crate) public_url: Box<str>,
    /// Which records that hang on one may be told of, whatever feed they are of: clients of one class and
    /// feed may differ in it.
    pub(super) hanging: Box<[Rows]>,
    pub(super) programs: Programs,
}

/// The resources whose records are written into others' objects.
const HANGING: [&str; 7] =
    ["Media", "Member", "Office", "OpenHouse", "PropertyRooms", "PropertyUnitTypes", "SocialMedia"];

impl Dress {
    /// The dress of whoever sees everything that `shown` says.
    pub(super) fn full(shown: Box<[FieldSet]>, disclosure: Disclosure, public_url: &str) -> Self {
        Self {
            class: None,
            shown,
            disclosure,
            fields: None,
            public_url: public_url.into(),
            hanging: Box::default(),
            programs: Programs::default(),
        }
    }

    /// The dress in which `caller` sees `feed`.
    pub(crate) fn of(
        dictionary: &Dictionary,
        caller: &Caller,
        feed: &str,
        disclosure: Disclosure,
        fields: FieldChoice,
        public_url: &str,
    ) -> Self {
        let shown = dictionary.resources().iter().map(|own| caller.shown(own.id, feed).clone()).collect();
        let (class, public_url) = (caller.class(feed), public_url.into());
        let rows = |name: &&str| caller.scope().rows(dictionary.known(name).id).clone();
        let hanging = HANGING.iter().map(rows).collect();
        Self { class, shown, disclosure, fields, public_url, hanging, programs: Programs::default() }
    }

    /// The fields of `resource` that may be written out.
    pub(crate) fn shown(&self, resource: ResourceId) -> &FieldSet {
        &self.shown[resource.index()]
    }
}
