//! Reading a backup file: once to see that it is whole, once to restore it.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::beside::Laying;
use super::frame::{Frame, LONGEST};
use super::{MAGIC, damaged, failed};
use crate::codec::{FieldNumber, Numbered, ResourceNumber, timestamp_in};
use crate::line::Line;
use crate::plan::{Head, Heads};
use crate::prepare::Place;
use crate::{ChangeKind, Sequence, StoreError};

/// Entries and bytes that are restored at once.
const PART: usize = 1_000;
const PART_BYTES: usize = 16 << 20;

/// What a backup file holds, the log aside, which is read part by part.
#[derive(Clone, Debug)]
pub(crate) struct Contents {
    file: PathBuf,
    pub(crate) numbered: Numbered,
    pub(crate) cursors: Vec<(String, String)>,
    pub(crate) head: Sequence,
}

/// A part of the log, and where it leaves the keys that it names.
pub(crate) struct Part {
    pub(crate) lines: Vec<Line>,
    pub(crate) heads: Heads,
}

/// Reads a whole file and holds it against its checksum.
pub(crate) fn check(file: &Path) -> Result<Contents, StoreError> {
    let mut frames = Frames::open(file)?;
    let mut contents =
        Contents { file: file.to_owned(), numbered: Numbered::default(), cursors: Vec::new(), head: 0 };
    let mut reached = 0;
    loop {
        match frames.next_frame()? {
            Frame::Resource(number, name) => contents.numbered.resources.push((number, name)),
            Frame::Field(number, resource, name) => contents.numbered.fields.push((number, resource, name)),
            Frame::Cursor(name, value) => contents.cursors.push((name, value)),
            Frame::File { .. } => {}
            Frame::Line(line) => {
                reached += 1;
                if line.sequence != reached {
                    return Err(damaged(file, "the log has a gap"));
                }
            }
            Frame::End(head) => {
                contents.head = head;
                break;
            }
        }
    }
    if contents.head != reached {
        return Err(damaged(file, "the log ends too early"));
    }
    frames.finish()?;
    Ok(contents)
}

/// Lays down the files that lay beside the store, of a backup that is whole, and says how many there are.
pub(crate) fn lay(file: &Path, directory: &Path) -> Result<u64, StoreError> {
    check(file)?;
    let mut frames = Frames::open(file)?;
    let mut laying = Laying::below(directory.to_owned());
    loop {
        match frames.next_frame()? {
            Frame::File { place, last, piece } => {
                laying.take(&place, last, &piece).map_err(|error| failed(&directory.join(&place), &error))?;
            }
            // The log comes after the files.
            Frame::Line(_) | Frame::End(_) => return Ok(laying.files),
            _ => {}
        }
    }
}

impl Contents {
    /// The log, part by part.
    pub(crate) fn parts(&self) -> Result<Parts, StoreError> {
        let timestamps = self.numbered.timestamps();
        Ok(Parts { frames: Frames::open(&self.file)?, timestamps, done: false })
    }
}

/// The log of a file, part by part.
pub(crate) struct Parts {
    frames: Frames,
    timestamps: HashMap<ResourceNumber, FieldNumber>,
    done: bool,
}

impl Parts {
    pub(crate) fn next_part(&mut self) -> Result<Option<Part>, StoreError> {
        let mut part = Part { lines: Vec::new(), heads: Heads::new() };
        let mut bytes = 0;
        while !self.done && part.lines.len() < PART && bytes < PART_BYTES {
            match self.frames.next_frame()? {
                Frame::Line(line) => {
                    bytes += line.body.as_ref().map_or(0, |body| body.len());
                    let place = Place { resource: line.resource, key: line.key.clone() };
                    let before = part.heads.get(&place).and_then(|head| head.created);
                    part.heads.insert(place, self.head(&line, before)?);
                    part.lines.push(line);
                }
                Frame::End(_) => self.done = true,
                _ => {}
            }
        }
        Ok(Some(part).filter(|part| !part.lines.is_empty()))
    }

    fn head(&self, line: &Line, before: Option<i64>) -> Result<Head, StoreError> {
        let wanted = self.timestamps.get(&line.resource);
        let stamp = match (wanted, &line.body) {
            (Some(wanted), Some(body)) => timestamp_in(body, *wanted),
            _ => Ok(None),
        };
        let stamp = stamp.map_err(|damage| crate::line::damaged(line.sequence, damage))?;
        let created = if line.kind == ChangeKind::Created { Some(line.at) } else { before };
        let (feed, body) = (line.feed.clone(), line.body.clone());
        Ok(Head { feed, sequence: line.sequence, stamp, body, created })
    }
}

/// The pieces of a file in turn.
struct Frames {
    file: PathBuf,
    from: BufReader<File>,
    hash: Sha256,
}

impl Frames {
    fn open(file: &Path) -> Result<Self, StoreError> {
        let from = File::open(file).map_err(|error| failed(file, &error))?;
        let mut frames = Self { file: file.to_owned(), from: BufReader::new(from), hash: Sha256::new() };
        if frames.take(MAGIC.len())? != MAGIC {
            return Err(damaged(file, "it does not begin like one"));
        }
        Ok(frames)
    }

    fn next_frame(&mut self) -> Result<Frame, StoreError> {
        let head = self.take(5)?;
        let length = u32::from_le_bytes([head[1], head[2], head[3], head[4]]) as usize;
        if length > LONGEST {
            return Err(damaged(&self.file, "a piece is too long"));
        }
        let inside = self.take(length)?;
        Frame::read(head[0], &inside).map_err(|damage| damaged(&self.file, damage.0))
    }

    fn take(&mut self, count: usize) -> Result<Vec<u8>, StoreError> {
        let mut bytes = vec![0; count];
        self.fill(&mut bytes)?;
        self.hash.update(&bytes);
        Ok(bytes)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), StoreError> {
        self.from.read_exact(bytes).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => damaged(&self.file, "it ends too early"),
            _ => failed(&self.file, &error),
        })
    }

    /// Holds what was read against the checksum that stands at the end.
    fn finish(mut self) -> Result<(), StoreError> {
        let mut given = [0; 32];
        self.fill(&mut given)?;
        let found = self.hash.finalize();
        if found[..] == given { Ok(()) } else { Err(damaged(&self.file, "its checksum is another")) }
    }
}
