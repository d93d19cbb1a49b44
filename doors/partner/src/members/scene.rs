//! A record while its object is written: its values, the records that hang on it, and until when it holds.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use dictionary::{FieldId, Fields as _, LinkId, ResourceId, Timestamp, ValueRef};
use search::{Row, RowView};

use super::known::Known;
use super::read::Source;
use super::{Dress, Look, Members};

/// Records that hang on one, found once however many members look at them.
pub(super) type Rows = Rc<[Row]>;

pub(super) struct Scene<'a> {
    pub(super) members: &'a Members,
    pub(super) look: Look<'a>,
    pub(super) dress: &'a Dress,
    pub(super) view: RowView<'a>,
    pub(super) resource: ResourceId,
    row: Row,
    /// Which of its kind it is, from 1, where an object holds several.
    pub(super) rank: usize,
    linked: RefCell<Vec<(LinkId, Rows)>>,
    photos: OnceCell<Rows>,
    display: OnceCell<Display>,
    stale: &'a Cell<Option<Timestamp>>,
}

/// What may be shown of where a listing is (PAR-202, PAR-303).
#[derive(Clone, Copy)]
pub(super) struct Display {
    pub(super) address: bool,
    pub(super) map: bool,
}

impl<'a> Scene<'a> {
    pub(super) fn new(
        members: &'a Members,
        look: Look<'a>,
        dress: &'a Dress,
        resource: ResourceId,
        row: Row,
        rank: usize,
        stale: &'a Cell<Option<Timestamp>>,
    ) -> Self {
        let view = look.reader.view(resource, row);
        let (linked, photos, display) = (RefCell::default(), OnceCell::new(), OnceCell::new());
        Self { members, look, dress, view, resource, row, rank, linked, photos, display, stale }
    }

    /// The scene of a record that hangs on this one.
    pub(super) fn of(&self, resource: ResourceId, row: Row, rank: usize) -> Self {
        Self::new(self.members, self.look, self.dress, resource, row, rank, self.stale)
    }

    /// The scene of the same record as another class has it.
    pub(super) fn again(&self) -> Self {
        let again = self.of(self.resource, self.row, self.rank);
        if let Some(photos) = self.photos.get() {
            let _ = again.photos.set(Rc::clone(photos));
        }
        again
    }

    pub(super) fn known(&self) -> &'a Known {
        &self.members.known
    }

    pub(super) fn field(&self, field: FieldId) -> Option<ValueRef<'_>> {
        self.view.look(field)
    }

    /// The records that this one leads to, of those that may be seen.
    pub(super) fn linked(&self, link: LinkId) -> Rows {
        if let Some((_, rows)) = self.linked.borrow().iter().find(|(of, _)| *of == link) {
            return Rc::clone(rows);
        }
        let Look { reader, scope, now } = self.look;
        let rows: Rows = reader.linked(self.resource, self.row, link, scope, now).into();
        self.linked.borrow_mut().push((link, Rc::clone(&rows)));
        rows
    }

    /// Hands the value of a source to `use_it`, where there is one that may be shown.
    pub(super) fn with<R>(&self, source: Source, use_it: impl FnOnce(ValueRef<'_>) -> R) -> Option<R> {
        let Some((link, target)) = source.link else { return self.field(source.field).map(use_it) };
        if !self.dress.shown(target).contains(source.field) {
            return None;
        }
        let row = *self.linked(link).first()?;
        self.look.reader.view(target, row).look(source.field).map(use_it)
    }

    /// The photos of a listing, in their order.
    pub(super) fn photos(&self) -> Rows {
        let find = || self.known().photos(self);
        Rc::clone(self.photos.get_or_init(find))
    }

    pub(super) fn display(&self) -> Display {
        *self.display.get_or_init(|| self.known().display(self.resource, &self.view))
    }

    /// When Freehold took the record in.
    pub(super) fn taken_in(&self) -> Option<Timestamp> {
        match self.field(self.known().taken_in(self.resource)?) {
            Some(ValueRef::Timestamp(at)) => Some(at),
            _ => None,
        }
    }

    /// What is written now holds until `at` at the longest.
    pub(super) fn until(&self, at: Timestamp) {
        let sooner = self.stale.get().is_none_or(|before| at < before);
        if sooner {
            self.stale.set(Some(at));
        }
    }
}
