//! `$apply` (Data Aggregation 4.0): transformations in turn, first of records and then of rows.

mod concat;
mod grouping;
mod join;
mod rank;
mod rollup;

use dictionary::Type;
use query::{Order, Transformation};

pub(super) use join::Joining;

use super::Limits;
use super::alias::Alias;
use super::cursor::shown;
use super::expression::Parser;
use super::options::records;
use crate::Fault;

/// What `$apply` asks for.
#[derive(Clone, Default)]
pub(super) struct Applied {
    /// What is done, in turn.
    pub(super) steps: Vec<Transformation>,
    /// What is there then.
    pub(super) shape: Shape,
}

/// What there is after transformations.
#[derive(Clone, Default)]
pub(super) enum Shape {
    /// Records still.
    #[default]
    Records,
    /// Rows of these columns.
    Rows(Vec<Alias>),
    /// Records and rows of these columns, one after the other.
    Mixed(Vec<Alias>),
}

/// A sequence inside parentheses.
struct Sequence {
    applied: Applied,
    /// Whether what comes of it is some of what goes in, perhaps with more computed of it.
    preserving: bool,
}

/// Transformations that are understood and not supported.
const LATER: [&str; 5] = ["nest", "addnested", "ancestors", "descendants", "traverse"];
/// Transformations that are offered.
pub(crate) const KNOWN: [&str; 18] = [
    "identity",
    "filter",
    "search",
    "compute",
    "groupby",
    "aggregate",
    "concat",
    "join",
    "outerjoin",
    "orderby",
    "skip",
    "top",
    "topcount",
    "topsum",
    "toppercent",
    "bottomcount",
    "bottomsum",
    "bottompercent",
];

impl<'a> Parser<'a> {
    /// Transformations with slashes between.
    pub(super) fn apply(&mut self) -> Result<Applied, Fault> {
        let at = self.cursor.at;
        let mut found = self.sequence(Shape::Records)?.applied;
        if !self.joins.is_empty() {
            // Which columns a join needs is known once what follows it is read: now it is read with them.
            self.cursor.at = at;
            (self.transformations, self.weight, self.terms) = (0, 0, 0);
            (self.aliases, self.on_rows, self.open_join) = (Vec::new(), false, None);
            self.joins_known = true;
            found = self.sequence(Shape::Records)?.applied;
        }
        if self.open_join.is_some() {
            let what = "A join of records that are not grouped";
            return Err(self.cursor.unsupported(at, what));
        }
        Ok(found)
    }

    /// The same of what there is already, up to the first comma or parenthesis. The names that it gives are its own
    /// where it stands in parentheses.
    fn sequence(&mut self, shape: Shape) -> Result<Sequence, Fault> {
        let mut sequence = Sequence { applied: Applied { steps: Vec::new(), shape }, preserving: true };
        loop {
            self.cursor.space();
            self.transformations += 1;
            self.few_transformations()?;
            self.transformation(&mut sequence)?;
            if !self.cursor.eat_spaced(b'/') {
                return Ok(sequence);
            }
        }
    }

    /// Holds what is written, and how often it is done, to their bounds.
    fn few_transformations(&self) -> Result<(), Fault> {
        if self.transformations <= Limits::TRANSFORMATIONS {
            return Ok(());
        }
        let message = format!("There are more than {} transformations.", Limits::TRANSFORMATIONS);
        Err(self.cursor.bad(self.cursor.at, "too_many", message, "Ask for less at once."))
    }

    /// A sequence inside the parentheses of another transformation, of what there is here.
    fn inner(&mut self, shape: &Shape) -> Result<Sequence, Fault> {
        let at = self.cursor.at;
        let (aliases, on_rows, open) = (self.aliases.clone(), self.on_rows, self.open_join);
        let inner = self.deeper(at, |parser| parser.sequence(shape.clone()));
        let named = self.aliases.len() > aliases.len();
        let alone = open.is_none() && self.open_join.is_some();
        (self.aliases, self.on_rows, self.open_join) = (aliases, on_rows, open);
        let inner = inner?;
        if alone {
            return Err(self.cursor.unsupported(at, "A join of records that are not grouped"));
        }
        if named && matches!(inner.applied.shape, Shape::Records) {
            let what = "A computed value of records that others are put after";
            return Err(self.cursor.unsupported(at, what));
        }
        Ok(inner)
    }

    fn transformation(&mut self, sequence: &mut Sequence) -> Result<(), Fault> {
        let at = self.cursor.at;
        let word = self.cursor.dotted()?;
        if word == "identity" {
            return Ok(());
        }
        if word.contains('.') || LATER.contains(&word) {
            return Err(self.cursor.unsupported(at, &format!("The transformation {}", shown(word))));
        }
        if !KNOWN.contains(&word) {
            self.cursor.at = at;
            let hint = format!("The transformations are {}.", KNOWN.join(", "));
            return Err(self.cursor.expected("a transformation", hint));
        }
        let both = matches!(sequence.applied.shape, Shape::Mixed(_));
        if both && !matches!(word, "skip" | "top") {
            return Err(self.cursor.unsupported(at, &format!("{word} of records and rows together")));
        }
        self.cursor.expect(b'(', &format!("Write {word}(…)."))?;
        self.cursor.space();
        match word {
            "groupby" => self.groupby(sequence)?,
            "aggregate" => {
                let (of, columns) = self.aggregates()?;
                self.becomes_rows(
                    sequence,
                    Transformation::Group(query::Grouping { by: Vec::new(), of }),
                    columns,
                );
            }
            "concat" => self.concat(sequence)?,
            "join" | "outerjoin" => self.side_by_side(at, word == "outerjoin", sequence)?,
            "compute" => self.computed_columns(sequence)?,
            _ => {
                let step = match word {
                    "filter" => Transformation::Filter(self.filter()?),
                    "search" => Transformation::Filter(self.search()?),
                    "orderby" => Transformation::Order(self.order()?),
                    "skip" => Transformation::Skip(records(&mut self.cursor)?),
                    "top" => Transformation::Top(records(&mut self.cursor)?),
                    ranked => Transformation::Rank(self.rank(ranked)?),
                };
                sequence.applied.then(step);
            }
        }
        self.close()
    }

    /// What is computed of records is looked at where it is named; of rows it becomes columns.
    fn computed_columns(&mut self, sequence: &mut Sequence) -> Result<(), Fault> {
        let computed = self.compute()?;
        if let Shape::Rows(columns) = &mut sequence.applied.shape {
            let from = columns.len();
            let terms = computed.iter().map(|alias| alias.expr.clone()).collect();
            self.aliases.truncate(from);
            let named = computed.into_iter().enumerate();
            columns.extend(named.map(|(number, alias)| alias.column(from + number)));
            self.aliases.clone_from(columns);
            sequence.applied.steps.push(Transformation::Compute { from, terms });
        }
        Ok(())
    }

    /// What follows is about rows of these columns.
    fn becomes_rows(&mut self, sequence: &mut Sequence, step: Transformation, columns: Vec<Alias>) {
        sequence.applied.steps.push(step);
        self.shaped(sequence, Shape::Rows(numbered(columns)));
        sequence.preserving = false;
        self.open_join = None;
    }

    fn shaped(&mut self, sequence: &mut Sequence, shape: Shape) {
        if let Shape::Rows(columns) | Shape::Mixed(columns) = &shape {
            self.aliases.clone_from(columns);
            self.on_rows = true;
        }
        sequence.applied.shape = shape;
    }

    pub(super) fn close(&mut self) -> Result<(), Fault> {
        self.cursor.expect(b')', "Close the parenthesis.")
    }

    /// Holds a number of columns to its bound.
    fn room(&self, columns: usize) -> Result<(), Fault> {
        if columns < Limits::NAMED {
            return Ok(());
        }
        let message = format!("There are more than {} columns.", Limits::NAMED);
        Err(self.cursor.bad(self.cursor.at, "too_many", message, "Ask for fewer."))
    }

    /// Which of `all` each of `columns` is, by name; those that are not there yet are put at the end.
    fn joined(&self, all: &mut Vec<Alias>, columns: &[Alias]) -> Result<Vec<usize>, Fault> {
        let mut places = Vec::with_capacity(columns.len());
        for column in columns {
            let there = all.iter().position(|other| other.name == column.name);
            if let Some(there) = there {
                let known = &mut all[there];
                if known.kind != column.kind {
                    let message = format!("{} is a name for values of two types.", column.name);
                    let hint = "Give each a name of its own.";
                    return Err(self.cursor.bad(self.cursor.at, "name_taken", message, hint));
                }
                if (known.ty, known.field) != (column.ty, column.field) {
                    (known.ty, known.field, known.declared) = (None, None, false);
                }
            } else {
                self.room(all.len())?;
                all.push(column.clone().column(all.len()));
            }
            places.push(there.unwrap_or(all.len() - 1));
        }
        Ok(places)
    }
}

impl Applied {
    /// One more step; filters that follow each other are one.
    fn then(&mut self, step: Transformation) {
        match (self.steps.last_mut(), step) {
            (Some(Transformation::Filter(before)), Transformation::Filter(more)) => {
                *before = std::mem::replace(before, query::Expr::Null).and(more);
            }
            (_, step) => self.steps.push(step),
        }
    }
}

/// Columns by their place.
fn numbered(columns: Vec<Alias>) -> Vec<Alias> {
    columns.into_iter().enumerate().map(|(number, alias)| alias.column(number)).collect()
}

/// The type of what numbers are added up to.
pub(super) fn sum_type(of: Option<Type>) -> Option<Type> {
    match of {
        Some(Type::Double) => Some(Type::Double),
        Some(_) => Some(Type::Decimal { precision: None, scale: None }),
        None => None,
    }
}

/// Rows in the order that they are asked for.
pub(super) fn ordered(order: Vec<Order>) -> Option<Transformation> {
    (!order.is_empty()).then_some(Transformation::Order(order))
}
