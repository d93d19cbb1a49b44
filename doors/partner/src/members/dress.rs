//! How one client sees one feed.

use dictionary::{Dictionary, FieldSet, ResourceId};
use gate::{Caller, Class};

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
}

impl Dress {
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
        Self { class: caller.class(feed), shown, disclosure, fields, public_url: public_url.into() }
    }

    /// The fields of `resource` that may be written out.
    pub(crate) fn shown(&self, resource: ResourceId) -> &FieldSet {
        &self.shown[resource.index()]
    }
}
