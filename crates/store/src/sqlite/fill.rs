//! Filling an empty file with a backup's contents, in one transaction.

use rusqlite::{Connection, Transaction};

use super::{fault::fault, rows, writer};
use crate::StoreError;
use crate::backup::{Contents, not_empty};
use crate::sql::HEAD;

/// Fills an empty file: all of the backup or nothing.
pub(crate) fn fill(connection: &mut Connection, contents: &Contents) -> Result<(), StoreError> {
    let transaction = connection.transaction().map_err(|error| fault(&error))?;
    let head: i64 = transaction.query_row(HEAD, [], |row| row.get(0)).map_err(|error| fault(&error))?;
    if head != 0 {
        return Err(not_empty());
    }
    // Names that were numbered for nothing yet give way to the backup's.
    transaction
        .execute_batch("DELETE FROM fields; DELETE FROM resources; DELETE FROM cursors;")
        .map_err(|error| fault(&error))?;
    rows::number(&transaction, &contents.numbered, (0, 0))?;
    let mut parts = contents.parts()?;
    while let Some(part) = parts.next_part()? {
        let mut heads = part.heads.iter();
        writer::append(&transaction, &part.lines)
            .and_then(|()| heads.try_for_each(|(place, head)| writer::move_head(&transaction, place, head)))
            .map_err(|error| fault(&error))?;
    }
    end(&transaction, contents).and_then(|()| transaction.commit()).map_err(|error| fault(&error))
}

fn end(transaction: &Transaction<'_>, contents: &Contents) -> rusqlite::Result<()> {
    let cursors = contents.cursors.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    writer::set_cursors(transaction, cursors)?;
    transaction.execute("UPDATE head SET sequence = ?1", [contents.head.cast_signed()])?;
    Ok(())
}
