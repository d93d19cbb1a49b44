//! A file that came, looked at from its first row to its last: what it holds and how often. It is read a row at
//! a time; what is kept in memory are its distinct values.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use intake::{IntakeError, Limits, Source, Table, TableRow};
use odata::Fault;

use super::columns::{self, Columns};
use super::set::Category;
use crate::words::FileKind;

/// Distinct values of one category at the most: an MLS has dozens, a column of names has thousands.
const MOST_VALUES: usize = 1_000;

/// How often each value of each category stands in a file.
pub(crate) type Counts = BTreeMap<Category, BTreeMap<String, u64>>;

/// What a file holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Examined {
    pub(crate) headings: Vec<String>,
    pub(crate) columns: Columns,
    pub(crate) rows: u64,
    /// Rows that have not the shape of the others.
    pub(crate) refused: u64,
    pub(crate) counts: Counts,
    pub(crate) notes: Vec<String>,
}

/// The category of a part of a file.
pub(crate) fn category(kind: FileKind, part: &str) -> Option<Category> {
    Some(match (kind, part) {
        (_, "status") => Category::Status,
        (_, "userClass") => Category::UserClass,
        (FileKind::Agent, "type") => Category::AgentType,
        (FileKind::Office, "type") => Category::OfficeType,
        _ => return None,
    })
}

/// Reads a file to its end. It waits for the disk.
///
/// # Errors
/// 422 for a file that cannot be read to its end, that lacks a column, or that has too many values of one kind.
pub(crate) fn examine(
    source: Source,
    kind: FileKind,
    said: &BTreeMap<&'static str, String>,
) -> Result<Examined, Fault> {
    let table = Table::open(source, Limits::default()).map_err(wrong)?;
    let headings = table.headings().to_vec();
    let columns = columns::find(kind, &headings, said)?;
    let places: Vec<(usize, Category, &str)> = columns
        .parts
        .iter()
        .filter_map(|(part, heading)| {
            let at = headings.iter().position(|one| one == heading)?;
            Some((at, category(kind, part)?, heading.as_str()))
        })
        .collect();
    let (mut rows, mut refused) = (0, 0);
    let mut counts = Counts::new();
    let mut flood = None;
    let mut one = |row: TableRow<'_>| {
        rows += 1;
        if row.fault.is_some() {
            refused += 1;
            return ControlFlow::Continue(());
        }
        for (at, category, heading) in &places {
            let Some(value) = row.cells.get(*at).and_then(Option::as_deref) else { continue };
            let values = counts.entry(*category).or_default();
            if let Some(count) = values.get_mut(value) {
                *count += 1;
                continue;
            }
            if values.len() == MOST_VALUES {
                flood = Some(((*heading).to_owned(), *category));
                return ControlFlow::Break(());
            }
            values.insert(value.to_owned(), 1);
        }
        ControlFlow::Continue(())
    };
    let ended = table.rows(&mut one).map_err(wrong)?;
    if let Some((heading, category)) = flood {
        let message =
            format!("The column {heading:?} has more than {MOST_VALUES} values of {}.", category.name());
        let hint = "It is another column: name the right one in the address.";
        return Err(Fault::new(422, "too_many_values", message, hint).about(category.name()));
    }
    if rows == 0 {
        let hint = "Send the file with its rows.";
        return Err(Fault::new(422, "file_empty", "The file has headings and no rows.", hint));
    }
    Ok(Examined { headings, columns, rows, refused, counts, notes: ended.notes })
}

/// What intake says of a file.
pub(crate) fn wrong(error: IntakeError) -> Fault {
    let message = match error.line {
        Some(line) => format!("Line {line}: {}", error.message),
        None => error.message,
    };
    Fault::new(422, error.code, message, error.hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(name: &str, kind: FileKind, bytes: &[u8]) -> Result<Examined, Fault> {
        examine(Source::bytes(name, bytes.to_vec()), kind, &BTreeMap::new())
    }

    /// AMS-002, AMS-003: files as they come — byte order mark, Latin-1, CRLF, line breaks in quotes — are read, and
    /// their distinct values counted; what cannot be read is refused with its reason.
    #[test]
    fn ams_002_ams_003_files_as_they_come() {
        const HEAD: &str = "MLS ID,Status,Type,Name\n";
        let check = |bytes: &[u8], expect: &str| {
            let told = match look("offices.csv", FileKind::Office, bytes) {
                Ok(found) => {
                    let counts = found.counts.iter().map(|(category, values)| {
                        let values = values.iter().map(|(value, count)| format!("{value}={count}"));
                        format!("{}: {}", category.name(), values.collect::<Vec<_>>().join(" "))
                    });
                    let counts = counts.collect::<Vec<_>>().join("; ");
                    format!("{} rows, {} refused; {counts}", found.rows, found.refused)
                }
                Err(fault) => {
                    assert_eq!(fault.status, 422);
                    fault.code.to_owned()
                }
            };
            assert_eq!(told, expect, "{}", String::from_utf8_lossy(bytes));
        };
        let file = |rows: &str| format!("{HEAD}{rows}").into_bytes();
        let plain = "2 rows, 0 refused; status: A=1 I=1; officeType: Main Office=2";
        check(&file("1,A,Main Office,One\n2,I,Main Office,Two\n"), plain);
        check(&[b"\xef\xbb\xbf", &file("1,A,Main Office,One\n2,I,Main Office,Two\n")[..]].concat(), plain);
        check(
            String::from_utf8(file("1,A,Main Office,One\n2,I,Main Office,Two\n"))
                .unwrap()
                .replace('\n', "\r\n")
                .as_bytes(),
            plain,
        );
        check(&file("1,A,Main Office,\"One\nand more\"\n2,I,Main Office,\"a \"\"b\"\"\"\n"), plain);
        check(&[&file("1,A,Main Office,Caf")[..], b"\xe9\n2,I,Main Office,Two\n"].concat(), plain);
        check(
            &file("1, A ,Main Office,One\n2,,,\n"),
            "2 rows, 0 refused; status: A=1; officeType: Main Office=1",
        );
        check(
            &file("1,A,Main Office\n2,A,Main Office,Two\n"),
            "2 rows, 1 refused; status: A=1; officeType: Main Office=1",
        );
        check(b"MLS ID,Status,Status,Type\n1,A,B,C\n", "heading_twice");
        check(b"MLS ID,Type,Name\n1,A,B\n", "column_missing");
        check(HEAD.as_bytes(), "file_empty");
        check(b"", "file_empty");
        check(&file("1,A,Main Office,\"One\n"), "quote_unclosed");
        let many: String = (0..=MOST_VALUES).map(|n| format!("{n},S{n},T,N\n")).collect();
        check(&file(&many), "too_many_values");
    }

    /// Latin-1 is said to whoever sent it.
    #[test]
    fn what_is_worth_knowing_is_noted() {
        let found = look("a.csv", FileKind::Office, b"MLS ID,Status,Type,Name\n1,A,T,Caf\xe9\n").unwrap();
        assert_eq!(found.notes.len(), 1, "{:?}", found.notes);
    }
}
