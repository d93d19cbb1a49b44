//! Where the bytes come from.

use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::path::PathBuf;
use std::sync::Arc;

use crate::IntakeError;

/// A file, or bytes that came with a request. It is read more than once: checked first, written then.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    body: Body,
}

#[derive(Clone)]
enum Body {
    File(PathBuf),
    Bytes(Arc<[u8]>),
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
        }
    }
}

/// Something that can be read from any place.
pub(crate) trait Seekable: Read + Seek {}
impl<T: Read + Seek> Seekable for T {}

impl Source {
    /// A file on disk. It is not opened yet.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Self { name, body: Body::File(path) }
    }

    /// Bytes in memory, and the name under which they were sent: its ending tells the format.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Arc<[u8]>>) -> Self {
        Self { name: name.into(), body: Body::Bytes(bytes.into()) }
    }

    /// The name of the file, without its directory.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many bytes there are.
    pub(crate) fn length(&self) -> Result<u64, IntakeError> {
        match &self.body {
            Body::Bytes(bytes) => Ok(bytes.len() as u64),
            Body::File(path) => {
                let about = std::fs::metadata(path).map_err(|e| IntakeError::unreadable(&e))?;
                if about.is_dir() {
                    return Err(IntakeError::new(
                        "file_unreadable",
                        "This is a directory.",
                        "Name one file in it.",
                    ));
                }
                Ok(about.len())
            }
        }
    }

    pub(crate) fn open(&self) -> Result<Box<dyn Seekable + Send>, IntakeError> {
        Ok(match &self.body {
            Body::Bytes(bytes) => Box::new(Cursor::new(Arc::clone(bytes))),
            Body::File(path) => Box::new(File::open(path).map_err(|e| IntakeError::unreadable(&e))?),
        })
    }

    /// The first bytes, at most `count`.
    pub(crate) fn head(&self, count: u64) -> Result<Vec<u8>, IntakeError> {
        let mut head = Vec::new();
        self.open()?.take(count).read_to_end(&mut head).map_err(|e| IntakeError::unreadable(&e))?;
        Ok(head)
    }
}
