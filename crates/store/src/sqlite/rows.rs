//! Between rows of SQLite and the store's values.

use dictionary::Text;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row, params_from_iter};

use super::fault::fault;
use crate::codec::{Names, Numbered};
use crate::line::{Gather, Line};
use crate::sql::{Cell, FIELDS, Param, RESOURCES};
use crate::{ChangeKind, StoreError};

impl ToSql for Param {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// Gathers the entries of the log that a statement gives.
pub(crate) fn gather(
    connection: &Connection,
    sql: &str,
    params: &[Param],
    names: &Names,
    into: &mut impl Gather,
) -> Result<(), StoreError> {
    let mut run = || {
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query(params_from_iter(params))?;
        while let Some(row) = rows.next()? {
            if let Err(error) = into.add(line(row)?, names) {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    };
    run().map_err(|error: rusqlite::Error| fault(&error))?
}

/// Values that a statement gives, row by row.
pub(crate) fn cells(
    connection: &Connection,
    sql: &str,
    params: &[Param],
) -> Result<Vec<Vec<Cell>>, StoreError> {
    let run = || {
        let mut statement = connection.prepare_cached(sql)?;
        let width = statement.column_count();
        let row = |row: &Row<'_>| (0..width).map(|at| cell(row, at)).collect::<Result<Vec<_>, _>>();
        let rows = statement.query_map(params_from_iter(params), row)?;
        rows.collect::<Result<Vec<_>, _>>()
    };
    run().map_err(|error| fault(&error))
}

/// The numbers of all names.
pub(crate) fn numbered(connection: &Connection) -> Result<Numbered, StoreError> {
    let run = || {
        let mut numbered = Numbered::default();
        let mut resources = connection.prepare(RESOURCES)?;
        let rows = resources.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        numbered.resources = rows.collect::<Result<_, _>>()?;
        let mut fields = connection.prepare(FIELDS)?;
        let rows = fields.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        numbered.fields = rows.collect::<Result<_, _>>()?;
        Ok(numbered)
    };
    run().map_err(|error: rusqlite::Error| fault(&error))
}

/// Keeps the numbers of names from these places on.
pub(crate) fn number(
    connection: &Connection,
    numbered: &Numbered,
    (resources, fields): (usize, usize),
) -> Result<(), StoreError> {
    let run = || {
        let mut insert = connection.prepare("INSERT INTO resources (number, name) VALUES (?1, ?2)")?;
        for resource in &numbered.resources[resources..] {
            insert.execute(rusqlite::params![resource.0, resource.1])?;
        }
        let mut insert =
            connection.prepare("INSERT INTO fields (number, resource, name) VALUES (?1, ?2, ?3)")?;
        for field in &numbered.fields[fields..] {
            insert.execute(rusqlite::params![field.0, field.1, field.2])?;
        }
        Ok(())
    };
    run().map_err(|error: rusqlite::Error| fault(&error))
}

/// A row of the columns that every statement of lines gives.
fn line<'a>(row: &'a Row<'_>) -> rusqlite::Result<Line<&'a [u8]>> {
    let kind = ChangeKind::of_number(row.get(6)?).ok_or(rusqlite::Error::IntegralValueOutOfRange(6, 0))?;
    let previous: Option<i64> = row.get(7)?;
    Ok(Line {
        sequence: row.get::<_, i64>(0)?.unsigned_abs(),
        at: row.get(1)?,
        actor: text(row, 2)?,
        resource: row.get(3)?,
        feed: text(row, 4)?,
        key: text(row, 5)?,
        kind,
        previous: previous.map(i64::unsigned_abs),
        body: row.get_ref(8)?.as_blob_or_null()?,
        created: row.get(9)?,
    })
}

pub(super) fn text(row: &Row<'_>, at: usize) -> rusqlite::Result<Text> {
    Ok(Text::new(row.get_ref(at)?.as_str()?))
}

fn cell(row: &Row<'_>, at: usize) -> rusqlite::Result<Cell> {
    Ok(match row.get_ref(at)? {
        ValueRef::Integer(number) => Cell::Integer(number),
        ValueRef::Text(_) => Cell::Text(row.get(at)?),
        _ => Cell::Null,
    })
}
