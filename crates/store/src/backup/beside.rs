//! Files that belong to a store and lie beside it: what is too large to be a record.

use std::fs::File;
use std::io::{self, ErrorKind as Kind, Read, Write};
use std::path::{Path, PathBuf};

use super::frame::Frame;

/// Bytes of a file that one piece of a backup holds.
const PIECE: u64 = 1 << 20;
/// Bytes of a place.
const LONGEST_PLACE: usize = 1_000;

/// Files that belong to a store and lie beside it.
#[derive(Clone, Debug)]
pub struct Beside {
    /// The directory below which they lie.
    pub directory: PathBuf,
    /// Says which they are, by their places below the directory, with `/` between the parts. It is asked once it is
    /// settled where the backup's log ends: what an entry of the log names is on disk before the entry is.
    pub places: fn(&Path) -> io::Result<Vec<String>>,
}

impl Beside {
    /// No files.
    #[must_use]
    pub fn nothing() -> Self {
        Self { directory: PathBuf::new(), places: |_| Ok(Vec::new()) }
    }
}

/// Whether a place is below the directory that it is looked for in, whatever the system.
pub(super) fn is_below(place: &str) -> bool {
    let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
    place.len() <= LONGEST_PLACE && place.split('/').all(plain)
}

/// Hands the pieces of a file on, one after the other; a file that has gone meanwhile has none.
pub(super) fn pieces(
    directory: &Path,
    place: &str,
    mut take: impl FnMut(&Frame) -> io::Result<()>,
) -> io::Result<()> {
    if !is_below(place) {
        return Err(io::Error::new(Kind::InvalidInput, format!("{place} is no place below a directory")));
    }
    let mut from = match File::open(directory.join(place)) {
        Ok(file) => file,
        // It waited for something that is done by now.
        Err(error) if error.kind() == Kind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    loop {
        let mut piece = Vec::new();
        (&mut from).take(PIECE).read_to_end(&mut piece)?;
        let last = (piece.len() as u64) < PIECE;
        take(&Frame::File { place: place.to_owned(), last, piece })?;
        if last {
            return Ok(());
        }
    }
}

/// Lays files down again, piece by piece.
pub(super) struct Laying {
    directory: PathBuf,
    /// The file that is not whole yet: under another name until it is.
    open: Option<(PathBuf, PathBuf, File)>,
    pub(super) files: u64,
}

impl Laying {
    pub(super) fn below(directory: PathBuf) -> Self {
        Self { directory, open: None, files: 0 }
    }

    /// Takes the next piece. A file that is there already is whole and stays as it is.
    pub(super) fn take(&mut self, place: &str, last: bool, piece: &[u8]) -> io::Result<()> {
        let path = self.directory.join(place);
        let (path, partial, mut file) = match self.open.take() {
            Some(open) => open,
            None => {
                std::fs::create_dir_all(path.parent().unwrap_or(&self.directory))?;
                let mut name = path.as_os_str().to_owned();
                name.push(".partial");
                let partial = PathBuf::from(name);
                let file = File::create(&partial)?;
                (path, partial, file)
            }
        };
        file.write_all(piece)?;
        if !last {
            self.open = Some((path, partial, file));
            return Ok(());
        }
        file.sync_all()?;
        self.files += 1;
        if path.try_exists()? {
            return std::fs::remove_file(&partial);
        }
        std::fs::rename(&partial, &path)?;
        // The name has to last as well as what it names.
        path.parent().map_or(Ok(()), |parent| File::open(parent)?.sync_all())
    }
}
