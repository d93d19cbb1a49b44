//! A file as rows under headings, for whoever makes records of them by rules of their own.

use std::borrow::Cow;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicU64;

use dictionary::{Type, Value};

use crate::source::{Cell, FileSettings, Layout, Row, layout, rows};
use crate::value::{Parse, ParseSettings, elements, read};
use crate::{IntakeError, Limits, Source};

/// A file whose form and headings are known: CSV, JSON, NDJSON or XLSX.
#[derive(Clone, Debug)]
pub struct Table {
    source: Source,
    layout: Layout,
    limits: Limits,
}

/// One row: a cell for each heading.
#[derive(Debug)]
pub struct TableRow<'a> {
    /// The line it begins on, counted from 1.
    pub line: u64,
    /// What stands under each heading; none where nothing does. A list is joined by commas.
    pub cells: Vec<Option<Cow<'a, str>>>,
    /// Why the row cannot be read: a stable code, a sentence and a hint.
    pub fault: Option<(&'static str, String, &'static str)>,
}

/// What there is to say of a file that has been read to its end.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TableEnd {
    /// Things worth knowing, such as lines that were not UTF-8.
    pub notes: Vec<String>,
    /// The file says of itself that it is a part of something larger.
    pub partial: bool,
}

impl Table {
    /// Opens a file and reads its headings. It waits for the disk.
    ///
    /// # Errors
    /// A file of no known form, an empty one, one without headings or with a heading twice.
    pub fn open(source: Source, limits: Limits) -> Result<Self, IntakeError> {
        let layout = layout(&source, &FileSettings::default(), &limits)?;
        Ok(Self { source, layout, limits })
    }

    /// The headings, in their order.
    #[must_use]
    pub fn headings(&self) -> &[String] {
        &self.layout.headings
    }

    /// Hands every row to `visit` until it says stop. It waits for the disk.
    ///
    /// # Errors
    /// A file that cannot be read to its end.
    pub fn rows(
        &self,
        visit: &mut dyn FnMut(TableRow<'_>) -> ControlFlow<()>,
    ) -> Result<TableEnd, IntakeError> {
        let mut one = |row: Row<'_>| {
            let fault = row.fault.map(|fault| (fault.code, fault.message, fault.hint));
            visit(TableRow { line: row.line, cells: row.cells.into_iter().map(text).collect(), fault })
        };
        let ended = rows(&self.source, &self.layout, &self.limits, &AtomicU64::new(0), &mut one)?;
        Ok(TableEnd { notes: ended.notes, partial: ended.partial })
    }
}

fn text(cell: Cell<'_>) -> Option<Cow<'_, str>> {
    let text = match cell {
        Cell::Empty => return None,
        Cell::Text(text) | Cell::Exact(text) => text,
        Cell::List(list) => list.join(",").into(),
    };
    let trimmed = text.trim();
    match trimmed.len() {
        0 => None,
        all if all == text.len() => Some(text),
        _ => Some(trimmed.to_owned().into()),
    }
}

/// Reads what people type, as the fields that it is for hold it: `$1,250,000`, `Y`, `10/13/2014`.
#[derive(Clone, Debug)]
pub struct Typist(Parse);

impl Typist {
    /// One that takes the usual forms, and rounds what is finer than its field.
    ///
    /// # Panics
    /// Never: the usual forms are ready for use.
    #[must_use]
    pub fn usual() -> Self {
        let settings = ParseSettings { round: Some(true), ..ParseSettings::default() };
        Self(settings.ready().expect("the defaults contradict nothing"))
    }

    /// The value of a text; none where it stands for no value.
    ///
    /// # Errors
    /// It is no value of this type: a stable code, a sentence and a hint.
    pub fn value(&self, ty: Type, text: &str) -> Result<Option<Value>, (&'static str, String, String)> {
        let text = self.0.trimmed(text);
        if self.0.is_null(text) {
            return Ok(None);
        }
        if let Type::TextList { .. } = ty {
            let cell = Cell::Text(text.into());
            let list: Vec<dictionary::Text> =
                elements(&cell, &self.0).into_iter().map(dictionary::Text::new).collect();
            return Ok((!list.is_empty()).then(|| Value::TextList(list.into())));
        }
        read(ty, text, false, &self.0).map(Some).map_err(|bad| (bad.code, bad.message, bad.hint))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_every_form_are_told_alike() {
        let check = |name: &str, text: &str, expect: &[&str]| {
            let source = Source::bytes(name, text.as_bytes().to_vec());
            let table = Table::open(source, Limits::default()).unwrap();
            let mut told = vec![table.headings().join("|")];
            let mut tell = |row: TableRow<'_>| {
                let cells: Vec<&str> = row.cells.iter().map(|cell| cell.as_deref().unwrap_or("-")).collect();
                told.push(match row.fault {
                    Some((code, ..)) => format!("{} {code}", row.line),
                    None => format!("{} {}", row.line, cells.join("|")),
                });
                ControlFlow::Continue(())
            };
            table.rows(&mut tell).unwrap();
            assert_eq!(told, expect, "{text}");
        };
        check("a.csv", "A,B\n 1 ,\n2\n", &["A|B", "2 1|-", "3 too_few_cells"]);
        check("a.json", r#"[{"A":" x","B":["p","q"]},{"A":null}]"#, &["A|B", "1 x|p,q", "1 -|-"]);
        check("a.ndjson", "{\"A\":1.50}\n{\"B\":true}\n", &["A|B", "1 1.50|-", "2 -|true"]);
    }

    #[test]
    fn what_people_type_is_read() {
        let typist = Typist::usual();
        let price = Type::Decimal { precision: Some(14), scale: Some(2) };
        assert_eq!(
            typist.value(price, "$1,250,000.004").unwrap(),
            Some(Value::Decimal("1250000.00".parse().unwrap()))
        );
        assert_eq!(typist.value(Type::Boolean, "y").unwrap(), Some(true.into()));
        assert_eq!(typist.value(Type::Date, "NULL").unwrap(), None);
        let list = Type::TextList { max_chars: None };
        let said = typist.value(list, "Monday, Friday").unwrap();
        assert_eq!(said, Some(Value::TextList(["Monday".into(), "Friday".into()].into())));
        assert_eq!(typist.value(Type::Int64, "four").unwrap_err().0, "wrong_value");
    }
}
