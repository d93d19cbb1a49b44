//! The options of a request together: the names that some give, and what others mean by them.

use query::{Aggregation, Computed, Query, Selection, Transformation};

use super::alias::Alias;
use super::apply::{Applied, Shape, ordered};
use super::asked::{Aggregated, Column};
use super::cursor::shown;
use super::expand::also;
use super::expression::Parser;
use super::names::Named;
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

/// What comes of an aggregation.
pub(super) struct Rows {
    question: Aggregation,
    told: Told,
    columns: Vec<Alias>,
    shown: Option<Vec<usize>>,
}

/// What there is in the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Records,
    Rows,
    Both,
}

impl Words {
    /// Reads the value of an option: into `query` what is asked of records, or of rows where there are such.
    pub(super) fn read(
        &mut self,
        parser: &mut Parser<'_>,
        option: System,
        query: &mut Query,
    ) -> Result<(), Fault> {
        let rows = self.rows.as_mut().filter(|rows| rows.told != Told::Records);
        parser.aliases.clone_from(rows.as_ref().map_or(&self.aliases, |rows| &rows.columns));
        parser.on_rows = rows.is_some();
        match (option, rows) {
            (System::Apply, _) => self.apply(parser, query)?,
            (System::Compute, None) => {
                parser.compute()?;
                self.name(std::mem::take(&mut parser.aliases));
            }
            (System::Select, None) => {
                parser.value_of(option, query)?;
                self.computed.retain(|computed| parser.selected.iter().any(|name| *name == *computed.name));
            }
            (System::Filter | System::Search | System::OrderBy | System::Compute, Some(rows))
                if rows.told == Told::Both =>
            {
                let what = format!("{} of records and rows together", option.name());
                return Err(parser.cursor.unsupported(0, &what));
            }
            (System::Compute, Some(rows)) => {
                let from = rows.columns.len();
                let computed = parser.compute()?;
                let terms = computed.iter().map(|alias| alias.expr.clone()).collect();
                rows.question.steps.push(Transformation::Compute { from, terms });
                let columns = computed.into_iter().enumerate();
                rows.columns.extend(columns.map(|(number, alias)| alias.column(from + number)));
            }
            (System::Select, Some(rows)) => {
                let (shown, fields) = parser.columns(rows.told == Told::Both)?;
                rows.shown = Some(shown);
                query.select = fields;
            }
            (System::Expand, Some(rows)) if rows.told == Told::Rows => {
                let hint = "Group by fields of linked records: groupby((ListAgent/MemberCity)).";
                return Err(parser.cursor.bad(0, "option_not_here", "Rows have no links.", hint));
            }
            (System::Expand, Some(_)) => {
                parser.on_rows = false;
                parser.value_of(option, query)?;
            }
            _ => parser.value_of(option, query)?,
        }
        Ok(())
    }

    fn apply(&mut self, parser: &mut Parser<'_>, query: &mut Query) -> Result<(), Fault> {
        let Applied { steps, shape } = parser.apply()?;
        let (told, columns) = match shape {
            Shape::Records => {
                self.name(std::mem::take(&mut parser.aliases));
                // Records of which some pass are a question like any other.
                if let [] | [Transformation::Filter(_)] = &*steps {
                    let filters = steps.into_iter().filter_map(|step| match step {
                        Transformation::Filter(filter) => Some(filter),
                        _ => None,
                    });
                    filters.for_each(|filter| also(&mut query.filter, filter));
                    return Ok(());
                }
                (Told::Records, Vec::new())
            }
            Shape::Rows(columns) => (Told::Rows, columns),
            Shape::Mixed(columns) => (Told::Both, columns),
        };
        let question = Aggregation { resource: query.resource, steps };
        self.rows = Some(Rows { question, told, columns, shown: None });
        Ok(())
    }

    fn name(&mut self, aliases: Vec<Alias>) {
        self.computed = aliases.iter().map(Alias::computed).collect();
        self.aliases = aliases;
    }
}

impl Rows {
    /// The whole question; `query` is what was asked of what comes of it.
    pub(super) fn asked(self, query: Query) -> Aggregated {
        let Self { mut question, told, columns, shown } = self;
        let Query { filter, order, skip, top, count, .. } = query.clone();
        question.steps.extend(filter.map(Transformation::Filter));
        question.steps.extend(ordered(order));
        let plain = Query::all(query.resource);
        let records = Query { select: query.select, expand: query.expand, compute: query.compute, ..plain };
        let records = (told != Told::Rows).then_some(records);
        let shown = shown.unwrap_or_else(|| (0..columns.len()).collect());
        let column = |alias: Alias| Column {
            name: alias.name,
            field: alias.field,
            ty: alias.ty,
            declared: alias.declared,
        };
        let columns = columns.into_iter().map(column).collect();
        Aggregated { question, of: None, records, columns, shown, count, skip, top }
    }
}

impl Parser<'_> {
    /// `$select` on rows: columns by name; with `records` fields of records, too.
    fn columns(&mut self, records: bool) -> Result<(Vec<usize>, Selection), Fault> {
        let (mut shown, mut fields, mut all) = (Vec::new(), Vec::new(), !records);
        loop {
            self.cursor.space();
            let at = self.cursor.at;
            if self.cursor.eat(b'*') {
                shown.extend(0..self.aliases.len());
                all = true;
            } else {
                let rest = self.cursor.rest();
                let name = rest[..rest.find([',', ' ']).unwrap_or(rest.len())].to_owned();
                let column = self.aliases.iter().position(|alias| alias.name == name);
                let named = records.then(|| self.reading.named(self.resource(), &name)).flatten();
                if column.is_none() && named.is_none() {
                    let names: Vec<&str> = self.aliases.iter().map(|alias| alias.name.as_str()).collect();
                    let message = format!("After the aggregation there is no {}.", shown_name(&name));
                    let hint = format!("There are {}.", names.join(", "));
                    return Err(self.cursor.bad(at, "unknown_field", message, hint));
                }
                self.cursor.at += name.len();
                shown.extend(column);
                if let Some(Named::Field(field)) = named {
                    fields.push(field);
                }
            }
            if !self.cursor.eat_spaced(b',') {
                shown.sort_unstable();
                shown.dedup();
                fields.sort_unstable();
                fields.dedup();
                return Ok((shown, if all { Selection::All } else { Selection::Fields(fields) }));
            }
        }
    }
}

fn shown_name(name: &str) -> String {
    if name.is_empty() { "column without a name".to_owned() } else { shown(name) }
}
