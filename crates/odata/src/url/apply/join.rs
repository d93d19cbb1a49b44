//! `join(Media as M)` and `outerjoin` (Data Aggregation 4.0, 3.4): records side by side with those that they link to.
//!
//! A row of a join has the columns that what follows names, and no others. So a sequence with a join is read twice:
//! the first time every name becomes a column, the second time the columns are known.

use dictionary::ResourceId;
use query::{Expr, Join, Side, Transformation};

use super::super::alias::Alias;
use super::super::expression::{Parser, Ranged, Ranges};
use super::super::term::Term;
use super::{Sequence, Shape, numbered};
use crate::Fault;

/// Where the numbers of columns begin that are not known yet: beyond every one that is.
const UNKNOWN: usize = 10_000;
/// How far the numbers of one join lie from those of the next.
const APART: usize = 100;

/// A join, and what of it is named so far.
pub(in crate::url) struct Joining {
    /// The byte where it stands.
    at: usize,
    /// What the linked record is called.
    name: String,
    target: ResourceId,
    /// What was computed of the records before.
    named: Vec<Alias>,
    columns: Vec<(Side, Alias)>,
}

impl<'a> Parser<'a> {
    /// What stands in the parentheses of a join that stands at byte `at`.
    pub(super) fn side_by_side(
        &mut self,
        at: usize,
        outer: bool,
        sequence: &mut Sequence,
    ) -> Result<(), Fault> {
        if !matches!(sequence.applied.shape, Shape::Records) {
            return Err(self.cursor.unsupported(at, "A join of rows"));
        }
        let (resource, link_at) = (self.resource(), self.cursor.at);
        let name = self.cursor.name()?;
        let Some((link, to)) = self.reading.link(resource, name) else {
            return Err(self.reading.unknown(&self.cursor, link_at, resource, name));
        };
        if !to.many {
            let message = format!("{name} leads to one record.");
            let hint = format!("Name fields of it, without a join: {name}/….");
            return Err(self.cursor.bad(link_at, "wrong_type", message, hint));
        }
        let (name, target) = (self.named_as()?, to.target);
        let steps = if self.cursor.eat_spaced(b',') { self.of_linked(target)? } else { Vec::new() };
        if !self.joins_known {
            let (named, columns) = (self.aliases.clone(), Vec::new());
            self.joins.push(Joining { at, name, target, named, columns });
        }
        let known = self.joins.iter().find(|join| join.at == at);
        let (columns, aliases) =
            known.map_or((Vec::new(), Vec::new()), |join| join.columns.iter().cloned().unzip());
        sequence.applied.steps.push(Transformation::Join(Join { link, target, steps, outer, columns }));
        self.shaped(sequence, Shape::Rows(numbered(aliases)));
        sequence.preserving = false;
        self.open_join = Some(at);
        Ok(())
    }

    /// What is done with the linked records of each before.
    fn of_linked(&mut self, target: ResourceId) -> Result<Vec<Transformation>, Fault> {
        self.cursor.space();
        let at = self.cursor.at;
        let ranges = vec![Ranged { name: "", over: Ranges::Records(target) }];
        let ranges = std::mem::replace(&mut self.ranges, ranges);
        let aliases = std::mem::take(&mut self.aliases);
        let inner = self.deeper(at, |parser| parser.sequence(Shape::Records));
        let joined = self.open_join.take().is_some();
        (self.ranges, self.aliases, self.on_rows) = (ranges, aliases, false);
        let inner = inner?;
        if joined || !matches!(inner.applied.shape, Shape::Records) {
            return Err(self.cursor.unsupported(at, "A join with anything but records"));
        }
        Ok(inner.applied.steps)
    }

    /// The column that `word`, which is read, begins the name of, where columns of a join are still to be found.
    pub(in crate::url) fn of_join(&mut self, at: usize, word: &'a str) -> Result<Option<Term<'a>>, Fault> {
        let Some(open) = self.open_join.filter(|_| !self.joins_known) else { return Ok(None) };
        let Some(place) = self.joins.iter().position(|join| join.at == open) else { return Ok(None) };
        let join = &self.joins[place];
        if let Some(alias) = join.named.iter().find(|alias| alias.name == word).cloned() {
            let side = Side::Own(alias.expr.clone());
            return self.column_of_join(at, place, side, alias).map(Some);
        }
        let (target, linked) = (join.target, join.name == word);
        let (resource, prefix, term) = if linked {
            self.cursor.expect(b'/', &format!("Name a field of {word}: {word}/…."))?;
            let name_at = self.cursor.at;
            let name = self.cursor.name()?;
            (target, format!("{word}/"), self.steps(at, name_at, 0, target, name)?)
        } else {
            let own = self.resource();
            (own, String::new(), self.steps(at, at, 0, own, word)?)
        };
        let Expr::Field(field) = &term.expr else {
            return Err(self.cursor.unsupported(at, "A condition on links after a join"));
        };
        let name = format!("{prefix}{}", self.path_of(resource, field));
        let expr = term.expr.clone();
        let side = if linked { Side::Linked(expr) } else { Side::Own(expr) };
        let alias = Alias { declared: true, ..Alias::of(name, term) };
        self.column_of_join(at, place, side, alias).map(Some)
    }

    fn column_of_join(
        &mut self,
        at: usize,
        place: usize,
        side: Side,
        alias: Alias,
    ) -> Result<Term<'a>, Fault> {
        let there = self.joins[place].columns.iter().position(|(_, known)| known.name == alias.name);
        let number = there.unwrap_or(self.joins[place].columns.len());
        let alias = alias.column(UNKNOWN + APART * place + number);
        let mut term = Term::new(at, alias.expr.clone(), alias.kind);
        (term.ty, term.field) = (alias.ty, alias.field);
        if there.is_none() {
            self.room(number)?;
            self.joins[place].columns.push((side, alias));
        }
        Ok(term)
    }

    /// The columns of joins that are still to be found.
    pub(super) fn unknown_columns(&self) -> impl Iterator<Item = &Alias> {
        self.joins.iter().flat_map(|join| &join.columns).map(|(_, alias)| alias)
    }
}
