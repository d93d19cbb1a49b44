//! Writing a backup file.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::beside::{Beside, pieces};
use super::frame::Frame;
use super::{MAGIC, failed};
use crate::engine::Engine;
use crate::line::owned;
use crate::sql::{CURSORS, Cell, FOLLOW, HEAD};
use crate::{ErrorKind, StoreError};

/// Entries that are read at once.
const PART: i64 = 1_000;

/// Writes everything that the engine keeps, and the files beside it, into a file that is not there yet.
pub(crate) async fn write(engine: &Engine, file: &Path, beside: Beside) -> Result<(), StoreError> {
    // Cursors first: one that is older than the log repeats some work, one that is newer loses some.
    let cursors = engine.cells(CURSORS, Vec::new()).await?;
    let head = match engine.cells(HEAD, Vec::new()).await?.first().and_then(|row| row.first()) {
        Some(Cell::Integer(head)) => *head,
        _ => 0,
    };
    let numbered = engine.numbered().await?;
    let mut frames: Vec<Frame> = Vec::new();
    frames.extend(numbered.resources.into_iter().map(|(number, name)| Frame::Resource(number, name)));
    let fields = numbered.fields.into_iter();
    frames.extend(fields.map(|(number, resource, name)| Frame::Field(number, resource, name)));
    frames.extend(cursors.into_iter().filter_map(|row| match <[Cell; 2]>::try_from(row) {
        Ok([Cell::Text(name), Cell::Text(value)]) => Some(Frame::Cursor(name, value)),
        _ => None,
    }));
    let path = file.to_owned();
    let mut target = blocking(move || Target::create(path)?.put(&frames)?.files(&beside)).await?;
    let mut after = 0;
    while after < head {
        let part = engine.lines(FOLLOW, vec![after.into(), head.into(), PART.into()], owned).await?;
        let Some(last) = part.last else { break };
        after = last.cast_signed();
        let frames: Vec<Frame> = part.told.into_iter().map(Frame::Line).collect();
        target = blocking(move || target.put(&frames)).await?;
    }
    blocking(move || target.finish(head.unsigned_abs())).await
}

async fn blocking<T: Send + 'static>(
    run: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(run).await.map_err(|_| crate::job::stopped())?
}

/// A file that is being written, under another name until it is whole.
struct Target {
    file: PathBuf,
    partial: PathBuf,
    to: BufWriter<File>,
    hash: Sha256,
}

impl Target {
    fn create(file: PathBuf) -> Result<Self, StoreError> {
        if file.exists() {
            return Err(StoreError::new(
                ErrorKind::File,
                format!("{} is there already.", file.display()),
                "Name a file that is not there yet.",
            ));
        }
        let mut name = file.as_os_str().to_owned();
        name.push(".partial");
        let partial = PathBuf::from(name);
        let to = File::create(&partial).map_err(|error| failed(&partial, &error))?;
        let mut target = Self { file, partial, to: BufWriter::new(to), hash: Sha256::new() };
        target.bytes(MAGIC)?;
        Ok(target)
    }

    fn put(mut self, frames: &[Frame]) -> Result<Self, StoreError> {
        let mut bytes = Vec::new();
        frames.iter().for_each(|frame| frame.put(&mut bytes));
        self.bytes(&bytes)?;
        Ok(self)
    }

    fn files(mut self, beside: &Beside) -> Result<Self, StoreError> {
        let unread = |place: &str, error: &_| failed(&beside.directory.join(place), error);
        let places = (beside.places)(&beside.directory).map_err(|error| unread("", &error))?;
        for place in places {
            let mut full = None;
            let read = pieces(&beside.directory, &place, |frame| {
                let mut bytes = Vec::new();
                frame.put(&mut bytes);
                self.bytes(&bytes).map_err(|error| {
                    full = Some(error);
                    std::io::ErrorKind::Other.into()
                })
            });
            // What the backup's own disk says counts before what is said of the file.
            match full {
                Some(error) => return Err(error),
                None => read.map_err(|error| unread(&place, &error))?,
            }
        }
        Ok(self)
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.hash.update(bytes);
        self.to.write_all(bytes).map_err(|error| failed(&self.partial, &error))
    }

    fn finish(mut self, head: u64) -> Result<(), StoreError> {
        let mut end = Vec::new();
        Frame::End(head).put(&mut end);
        self.bytes(&end)?;
        let hash = self.hash.clone().finalize();
        let written = self.to.write_all(&hash).and_then(|()| self.to.flush());
        let synced = written.and_then(|()| self.to.get_ref().sync_all());
        synced.map_err(|error| failed(&self.partial, &error))?;
        std::fs::rename(&self.partial, &self.file).map_err(|error| failed(&self.file, &error))
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // Once it is whole it has another name, and there is nothing to remove.
        drop(std::fs::remove_file(&self.partial));
    }
}
