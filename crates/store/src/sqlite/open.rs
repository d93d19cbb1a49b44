//! Opening a file: its lock, its pragmas, its schema, its names.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use dictionary::Dictionary;
use rusqlite::{Connection, OpenFlags};

use super::{fault::fault, rows};
use crate::codec::Numbered;
use crate::schema::{self, outstanding};
use crate::{ErrorKind, StoreError};

/// A file whose schema is of now.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(super) path: PathBuf,
    pub(super) connection: Connection,
    /// None where the file is opened for reading alone.
    pub(super) lock: Option<File>,
}

/// Opens a file for writing, and makes it where there is none.
pub(crate) fn open(path: &Path) -> Result<Opened, StoreError> {
    if let Some(directory) = path.parent()
        && let Err(error) = std::fs::create_dir_all(directory)
    {
        return Err(unopened(path, &error.to_string()));
    }
    let lock = lock(path)?;
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection =
        Connection::open_with_flags(path, flags).map_err(|error| unopened(path, &error.to_string()))?;
    // Records of 100 fields take 1 to 3 kB: pages of 8 kB leave less room unused than those of 4.
    // FULL: a commit is in the WAL on disk before it returns. A larger WAL than the usual 4 MB spares
    // writing the same pages of the indexes again and again during an import.
    connection
        .execute_batch(
            "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA wal_autocheckpoint = 4096; PRAGMA journal_size_limit = 67108864; \
             PRAGMA cache_size = -65536; PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY;",
        )
        .map_err(|error| fault(&error))?;
    connection.set_prepared_statement_cache_capacity(64);
    migrate(&mut connection)?;
    Ok(Opened { path: path.to_owned(), connection, lock: Some(lock) })
}

/// Opens a file that is there for reading alone, whoever writes it.
pub(crate) fn open_reading(path: &Path) -> Result<Opened, StoreError> {
    if !path.exists() {
        return Err(unopened(path, "there is no such file"));
    }
    let connection = reader(path)?;
    let version = version(&connection)?.ok_or_else(schema::stranger)?;
    if !outstanding(version)?.is_empty() {
        return Err(schema::outdated(version));
    }
    Ok(Opened { path: path.to_owned(), connection, lock: None })
}

/// A connection that reads.
pub(super) fn reader(path: &Path) -> Result<Connection, StoreError> {
    // Who reads in WAL mode writes where it reads into the file's `-shm`: it is opened for both.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| fault(&error))?;
    connection
        .execute_batch("PRAGMA query_only = 1; PRAGMA cache_size = -8192; PRAGMA busy_timeout = 5000;")
        .map_err(|error| fault(&error))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

impl Opened {
    /// The numbers of all names; those of the dictionary that had none have one after this.
    pub(crate) fn names(&mut self, dictionary: &Dictionary) -> Result<Numbered, StoreError> {
        let mut numbered = rows::numbered(&self.connection)?;
        if self.lock.is_none() {
            return Ok(numbered);
        }
        let from = numbered.complete(dictionary);
        if from != (numbered.resources.len(), numbered.fields.len()) {
            let transaction = self.connection.transaction().map_err(|error| fault(&error))?;
            rows::number(&transaction, &numbered, from)?;
            transaction.commit().map_err(|error| fault(&error))?;
        }
        Ok(numbered)
    }

    /// The connection, for what is done before anyone else sees the store.
    pub(crate) fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let version = version(connection)?.unwrap_or(0);
    let steps = outstanding(version)?;
    for (at, step) in steps.iter().enumerate() {
        let reached = i64::try_from(version + at + 1).unwrap_or(i64::MAX);
        let transaction = connection.transaction().map_err(|error| fault(&error))?;
        transaction.execute_batch(step.sqlite).map_err(|error| fault(&error))?;
        transaction
            .execute("UPDATE schema_version SET version = ?1", [reached])
            .and_then(|_| transaction.commit())
            .map_err(|error| fault(&error))?;
    }
    Ok(())
}

/// How many migrations the file has gone through; none where it is empty.
fn version(connection: &Connection) -> Result<Option<usize>, StoreError> {
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let tables = count("SELECT count(*) FROM sqlite_master").map_err(|error| fault(&error))?;
    if tables == 0 {
        return Ok(None);
    }
    let ours = count("SELECT count(*) FROM sqlite_master WHERE name = 'schema_version'");
    if ours.map_err(|error| fault(&error))? == 0 {
        return Err(schema::stranger());
    }
    let version = count(crate::sql::SCHEMA_VERSION).map_err(|error| fault(&error))?;
    Ok(Some(usize::try_from(version).unwrap_or(usize::MAX)))
}

/// Takes the file's lock: the system gives it back however the process ends.
fn lock(path: &Path) -> Result<File, StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&name);
    let mut file = opened.map_err(|error| unopened(path, &error.to_string()))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // Whose number it is helps a person only: that it cannot be read changes nothing.
            drop((&mut file).take(20).read_to_string(&mut holder));
            return Err(StoreError::new(
                ErrorKind::InUse,
                format!("{} is written by another process ({}).", path.display(), holder.trim()),
                "Stop it, or ask it through its admin API; one process at a time writes a file.",
            ));
        }
        Err(TryLockError::Error(error)) => return Err(unopened(path, &error.to_string())),
    }
    let written = file.set_len(0).and_then(|()| file.rewind());
    drop(written.and_then(|()| file.write_all(std::process::id().to_string().as_bytes())));
    Ok(file)
}

fn unopened(path: &Path, why: &str) -> StoreError {
    StoreError::new(
        ErrorKind::Settings,
        format!("{} cannot be opened: {why}.", path.display()),
        "Name a file in a directory that Freehold may write.",
    )
}

pub(super) fn cannot_start(error: &std::io::Error) -> StoreError {
    let message = format!("The store's writer cannot start: {error}.");
    StoreError::new(ErrorKind::Unavailable, message, "The system has no thread to give; try again.")
}
