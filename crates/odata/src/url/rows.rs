//! The options of a request together: the names that some give, and what others mean by them.

use query::{Aggregation, Computed, Query, Transformation};

use super::alias::Alias;
use super::apply::{Applied, ordered};
use super::asked::{Aggregated, Column};
use super::cursor::shown;
use super::expand::also;
use super::expression::Parser;
use super::options::System;
use crate::Fault;

/// What the options read so far have given names to.
#[derive(Default)]
pub(super) struct Words {
    /// Names for what is computed of records.
    aliases: Vec<Alias>,
    /// What of it is to be shown.
    pub(super) computed: Vec<Computed>,
    /// Rows, where records are aggregated.
    pub(super) rows: Option<Rows>,
}

/// Rows of an aggregation.
pub(super) struct Rows {
    question: Aggregation,
    columns: Vec<Alias>,
    shown: Option<Vec<usize>>,
}

impl Words {
    /// Reads the value of an option: into `query` what is asked of records, or of rows where there are such.
    pub(super) fn read(
        &mut self,
        parser: &mut Parser<'_>,
        option: System,
        query: &mut Query,
    ) -> Result<(), Fault> {
        parser.aliases.clone_from(self.rows.as_ref().map_or(&self.aliases, |rows| &rows.columns));
        parser.on_rows = self.rows.is_some();
        match (option, &mut self.rows) {
            (System::Apply, _) => match parser.apply()? {
                Applied::Records(filter) => {
                    filter.into_iter().for_each(|filter| also(&mut query.filter, filter));
                    self.name(std::mem::take(&mut parser.aliases));
                }
                Applied::Rows(question, columns) => self.rows = Some(Rows { question, columns, shown: None }),
            },
            (System::Compute, None) => {
                parser.compute()?;
                self.name(std::mem::take(&mut parser.aliases));
            }
            (System::Compute, Some(rows)) => {
                let from = rows.columns.len();
                let computed = parser.compute()?;
                let terms = computed.iter().map(|alias| alias.expr.clone()).collect();
                rows.question.then.push(Transformation::Compute(terms));
                let columns = computed.into_iter().enumerate();
                rows.columns.extend(columns.map(|(number, alias)| alias.column(from + number)));
            }
            (System::Select, Some(rows)) => rows.shown = Some(parser.columns()?),
            (System::Expand, Some(_)) => {
                let hint = "Group by fields of linked records: groupby((ListAgent/MemberCity)).";
                return Err(parser.cursor.bad(0, "option_not_here", "Rows have no links.", hint));
            }
            (System::Select, None) => {
                parser.value_of(option, query)?;
                self.computed.retain(|computed| parser.selected.iter().any(|name| *name == *computed.name));
            }
            _ => parser.value_of(option, query)?,
        }
        Ok(())
    }

    fn name(&mut self, aliases: Vec<Alias>) {
        let shown = |alias: &Alias| Computed { name: alias.name.as_str().into(), of: alias.expr.clone() };
        self.computed = aliases.iter().map(shown).collect();
        self.aliases = aliases;
    }
}

impl Rows {
    /// The whole question; `query` is what was asked of the rows.
    pub(super) fn asked(self, query: Query) -> Aggregated {
        let Self { mut question, columns, shown } = self;
        question.then.extend(query.filter.map(Transformation::Filter));
        question.then.extend(ordered(query.order));
        let shown = shown.unwrap_or_else(|| (0..columns.len()).collect());
        let column = |alias: Alias| Column {
            name: alias.name,
            field: alias.field,
            ty: alias.ty,
            declared: alias.declared,
        };
        let columns = columns.into_iter().map(column).collect();
        Aggregated { question, columns, shown, count: query.count, skip: query.skip, top: query.top }
    }
}

impl Parser<'_> {
    /// `$select` on rows: columns by name.
    fn columns(&mut self) -> Result<Vec<usize>, Fault> {
        let mut shown = Vec::new();
        loop {
            self.cursor.space();
            let at = self.cursor.at;
            if self.cursor.eat(b'*') {
                shown.extend(0..self.aliases.len());
            } else {
                let rest = self.cursor.rest();
                let name = rest[..rest.find([',', ' ']).unwrap_or(rest.len())].to_owned();
                let Some(number) = self.aliases.iter().position(|alias| alias.name == name) else {
                    let names: Vec<&str> = self.aliases.iter().map(|alias| alias.name.as_str()).collect();
                    let message = format!("After the aggregation there is no {}.", shown_name(&name));
                    let hint = format!("There are {}.", names.join(", "));
                    return Err(self.cursor.bad(at, "unknown_field", message, hint));
                };
                self.cursor.at += name.len();
                shown.push(number);
            }
            if !self.cursor.eat_spaced(b',') {
                shown.sort_unstable();
                shown.dedup();
                return Ok(shown);
            }
        }
    }
}

fn shown_name(name: &str) -> String {
    if name.is_empty() { "column without a name".to_owned() } else { shown(name) }
}
