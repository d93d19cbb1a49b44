//! The operations of an assembly until they are written: the newest in memory, what came before in a file.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use super::step;
use crate::prepare::Step;
use crate::{ErrorKind, StoreError};

/// Bytes of records that wait in memory: what most imports write. Keys and all around them are as much again.
const IN_MEMORY: usize = 4 << 20;
/// Operations that wait in memory: removals have no bytes of records.
const MOST_IN_MEMORY: usize = 10_000;
/// What is written to the file, and read of it, at once.
const BUFFER: usize = 256 << 10;

/// Operations in their order.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) operations: usize,
    /// Of their records.
    pub(super) bytes: usize,
    directory: PathBuf,
    /// Has no name, so that nobody finds it and nothing is left of it, however the process ends.
    file: Option<BufWriter<File>>,
    newest: Vec<Step>,
    newest_bytes: usize,
}

impl Waiting {
    /// Nothing yet; a file would lie in this directory.
    pub(super) fn in_directory(directory: PathBuf) -> Self {
        Self { operations: 0, bytes: 0, directory, file: None, newest: Vec::new(), newest_bytes: 0 }
    }

    /// The same and these after it.
    pub(super) fn take(mut self, steps: Vec<Step>) -> Result<Self, StoreError> {
        let bytes = steps.iter().map(Step::bytes).sum::<usize>();
        self.operations += steps.len();
        self.bytes += bytes;
        self.newest_bytes += bytes;
        self.newest.extend(steps);
        if self.newest_bytes > IN_MEMORY || self.newest.len() > MOST_IN_MEMORY {
            self.write_out().map_err(|error| failed(&self.directory, &error))?;
        }
        Ok(self)
    }

    /// The same and what another one holds after it.
    pub(super) fn append(mut self, other: Self) -> Result<Self, StoreError> {
        let (mut operations, mut bytes) = (other.operations, other.bytes);
        if let Some(file) = other.file {
            let copied = self.write_out().and_then(|()| {
                io::copy(&mut rewound(file)?, self.file()?)?;
                Ok(())
            });
            copied.map_err(|error| failed(&self.directory, &error))?;
            // Those of the file are counted here, those in memory when they are taken.
            operations -= other.newest.len();
            bytes -= other.newest_bytes;
            self.operations += operations;
            self.bytes += bytes;
        }
        self.take(other.newest)
    }

    fn write_out(&mut self) -> io::Result<()> {
        let newest = std::mem::take(&mut self.newest);
        self.newest_bytes = 0;
        let file = self.file()?;
        newest.iter().try_for_each(|one| step::write(one, file))
    }

    fn file(&mut self) -> io::Result<&mut BufWriter<File>> {
        if self.file.is_none() {
            std::fs::create_dir_all(&self.directory)?;
            let file = tempfile::tempfile_in(&self.directory)?;
            self.file = Some(BufWriter::with_capacity(BUFFER, file));
        }
        Ok(self.file.as_mut().expect("it has just been made"))
    }

    /// Everything from the beginning.
    pub(super) fn steps(self) -> Result<Steps, StoreError> {
        let file = self.file.map(rewound).transpose().map_err(|error| failed(&self.directory, &error))?;
        Ok(Steps { directory: self.directory, file, newest: self.newest.into_iter() })
    }
}

/// Operations, read in their order.
pub(super) struct Steps {
    directory: PathBuf,
    file: Option<BufReader<File>>,
    newest: std::vec::IntoIter<Step>,
}

impl Steps {
    pub(super) fn next_step(&mut self) -> Result<Option<Step>, StoreError> {
        if let Some(file) = &mut self.file {
            if let Some(step) = step::read(file).map_err(|error| failed(&self.directory, &error))? {
                return Ok(Some(step));
            }
            self.file = None;
        }
        Ok(self.newest.next())
    }
}

/// What was written, from its beginning.
fn rewound(mut file: BufWriter<File>) -> io::Result<BufReader<File>> {
    file.flush()?;
    let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.rewind()?;
    Ok(BufReader::with_capacity(BUFFER, file))
}

fn failed(directory: &Path, error: &io::Error) -> StoreError {
    let full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
    StoreError::new(
        if full { ErrorKind::Full } else { ErrorKind::File },
        format!("What is to be written cannot wait in {}: {error}.", directory.display()),
        "Let Freehold write there, on a disk with room. Nothing of this was kept.",
    )
}
