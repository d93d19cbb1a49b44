//! `$apply` (Data Aggregation 4.0): transformations in turn, first of records and then of rows.

mod grouping;

use dictionary::Type;
use query::{Aggregation, Expr, Grouping, Order, Transformation};

use super::Limits;
use super::alias::Alias;
use super::cursor::shown;
use super::expression::Parser;
use super::options::records;
use crate::Fault;

/// What `$apply` asks for.
pub(super) enum Applied {
    /// Records still, of which some pass.
    Records(Option<Expr>),
    /// Rows of these columns.
    Rows(Aggregation, Vec<Alias>),
}

/// Transformations that are understood and not supported.
const LATER: [&str; 14] = [
    "concat",
    "nest",
    "addnested",
    "join",
    "outerjoin",
    "topcount",
    "topsum",
    "toppercent",
    "bottomcount",
    "bottomsum",
    "bottompercent",
    "ancestors",
    "descendants",
    "traverse",
];
const HINT: &str =
    "The transformations are filter, search, compute, groupby, aggregate, orderby, skip, top and identity.";

impl Parser<'_> {
    /// Transformations with slashes between.
    pub(super) fn apply(&mut self) -> Result<Applied, Fault> {
        let mut applied = Applied::Records(None);
        let mut steps = 0;
        loop {
            self.cursor.space();
            steps += 1;
            if steps > Limits::TRANSFORMATIONS {
                let message = format!("There are more than {} transformations.", Limits::TRANSFORMATIONS);
                return Err(self.cursor.bad(self.cursor.at, "too_many", message, "Ask for less at once."));
            }
            applied = self.transformation(applied)?;
            if !self.cursor.eat_spaced(b'/') {
                return Ok(applied);
            }
        }
    }

    fn transformation(&mut self, mut applied: Applied) -> Result<Applied, Fault> {
        let at = self.cursor.at;
        let word = self.cursor.dotted()?;
        if word == "identity" {
            return Ok(applied);
        }
        if word.contains('.') || LATER.contains(&word) {
            return Err(self.cursor.unsupported(at, &format!("The transformation {}", shown(word))));
        }
        if !["filter", "search", "compute", "groupby", "aggregate", "orderby", "skip", "top"].contains(&word)
        {
            self.cursor.at = at;
            return Err(self.cursor.expected("a transformation", HINT));
        }
        self.cursor.expect(b'(', &format!("Write {word}(…)."))?;
        self.cursor.space();
        if let ("groupby" | "aggregate", before) = (word, &mut applied) {
            let (grouping, columns) =
                if word == "groupby" { self.groupby()? } else { self.aggregates(Vec::new(), Vec::new())? };
            self.close()?;
            let before = std::mem::replace(before, Applied::Records(None));
            return Ok(self.grouped(before, grouping, columns));
        }
        let step = match word {
            "filter" => Transformation::Filter(self.filter()?),
            "search" => Transformation::Filter(self.search()?),
            "compute" => {
                Transformation::Compute(self.compute()?.into_iter().map(|alias| alias.expr).collect())
            }
            "orderby" => Transformation::Order(self.order()?),
            "skip" => Transformation::Skip(records(&mut self.cursor)?),
            _ => Transformation::Top(records(&mut self.cursor)?),
        };
        self.close()?;
        match (&mut applied, step) {
            (Applied::Records(filter), Transformation::Filter(also)) => {
                *filter = Some(match filter.take() {
                    Some(before) => before.and(also),
                    None => also,
                });
            }
            // What is computed of records is looked at where it is named.
            (Applied::Records(_), Transformation::Compute(_)) => {}
            (Applied::Records(_), _) => {
                return Err(self.cursor.unsupported(at, &format!("{word} before records are grouped")));
            }
            (Applied::Rows(asked, columns), step) => {
                if matches!(step, Transformation::Compute(_)) {
                    let from = columns.len();
                    let computed = self.aliases.drain(from..).enumerate();
                    columns.extend(computed.map(|(number, alias)| alias.column(from + number)));
                    self.aliases.clone_from(columns);
                }
                asked.then.push(step);
            }
        }
        Ok(applied)
    }

    /// What stands before a grouping, and after it.
    fn grouped(&mut self, before: Applied, grouping: Grouping, columns: Vec<Alias>) -> Applied {
        let columns: Vec<Alias> =
            columns.into_iter().enumerate().map(|(number, alias)| alias.column(number)).collect();
        self.aliases.clone_from(&columns);
        self.on_rows = true;
        match before {
            Applied::Records(filter) => {
                let resource = self.resource();
                Applied::Rows(Aggregation { resource, filter, grouping, then: Vec::new() }, columns)
            }
            Applied::Rows(mut asked, _) => {
                asked.then.push(Transformation::Group(grouping));
                Applied::Rows(asked, columns)
            }
        }
    }

    pub(super) fn close(&mut self) -> Result<(), Fault> {
        self.cursor.expect(b')', "Close the parenthesis.")
    }
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
