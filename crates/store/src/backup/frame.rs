//! The pieces that a backup file is made of: a letter, a length of four bytes, and so many bytes.

use dictionary::Text;

use super::beside::is_below;
use crate::codec::{Damaged, Reader, put_varint};
use crate::line::{Body, Line};
use crate::{ChangeKind, Sequence};

/// A piece is at most this long: the largest record and the longest names around it fit.
pub(super) const LONGEST: usize = 2 << 20;

/// What a backup file holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Frame {
    /// The number of a resource's name.
    Resource(u16, String),
    /// The number of a field's name.
    Field(u32, u16, String),
    /// Where a named reader had got to.
    Cursor(String, String),
    /// An entry of the log.
    Line(Line),
    /// The next piece of a file, and whether it is its last.
    File { place: String, last: bool, piece: Vec<u8> },
    /// The newest sequence: the end.
    End(Sequence),
}

impl Frame {
    pub(super) fn put(&self, to: &mut Vec<u8>) {
        let letter = match self {
            Self::Resource(..) => b'R',
            Self::Field(..) => b'F',
            Self::Cursor(..) => b'C',
            Self::Line(_) => b'L',
            Self::File { .. } => b'P',
            Self::End(_) => b'E',
        };
        to.push(letter);
        let start = to.len();
        to.extend_from_slice(&[0; 4]);
        self.put_inside(to);
        let length = u32::try_from(to.len() - start - 4).unwrap_or(u32::MAX);
        to[start..start + 4].copy_from_slice(&length.to_le_bytes());
    }

    fn put_inside(&self, to: &mut Vec<u8>) {
        match self {
            Self::Resource(number, name) => {
                put_varint(to, (*number).into());
                put_text(to, name);
            }
            Self::Field(number, resource, name) => {
                put_varint(to, (*number).into());
                put_varint(to, (*resource).into());
                put_text(to, name);
            }
            Self::Cursor(name, value) => {
                put_text(to, name);
                put_text(to, value);
            }
            Self::Line(line) => put_line(to, line),
            Self::File { place, last, piece } => {
                put_text(to, place);
                to.push(u8::from(*last));
                to.extend_from_slice(piece);
            }
            Self::End(sequence) => put_varint(to, (*sequence).into()),
        }
    }

    pub(super) fn read(letter: u8, inside: &[u8]) -> Result<Self, Damaged> {
        let mut from = Reader::new(inside);
        let frame = match letter {
            b'R' => Self::Resource(small(&mut from)?, from.text()?.to_owned()),
            b'F' => Self::Field(small(&mut from)?, small(&mut from)?, from.text()?.to_owned()),
            b'C' => Self::Cursor(from.text()?.to_owned(), from.text()?.to_owned()),
            b'L' => Self::Line(line(&mut from)?),
            b'P' => {
                let (place, last) = (from.text()?.to_owned(), from.byte()? == 1);
                if !is_below(&place) {
                    return Err(Damaged("a file lies where none may"));
                }
                let piece = from.take(inside.len() - from.at())?.to_vec();
                Self::File { place, last, piece }
            }
            b'E' => Self::End(from.varint()?),
            _ => return Err(Damaged("a piece is of no kind")),
        };
        if from.is_done() { Ok(frame) } else { Err(Damaged("a piece is too long")) }
    }
}

fn put_text(to: &mut Vec<u8>, text: &str) {
    put_varint(to, text.len() as u128);
    to.extend_from_slice(text.as_bytes());
}

fn put_line(to: &mut Vec<u8>, line: &Line) {
    put_varint(to, line.sequence.into());
    to.extend_from_slice(&line.at.to_le_bytes());
    put_text(to, &line.actor);
    put_varint(to, line.resource.into());
    put_text(to, &line.feed);
    put_text(to, &line.key);
    put_varint(to, line.kind.number().unsigned_abs().into());
    // Sequences begin with 1, so that 0 says that there was none.
    put_varint(to, line.previous.unwrap_or(0).into());
    if let Some(body) = &line.body {
        put_varint(to, body.len() as u128);
        to.extend_from_slice(body);
    }
}

fn line(from: &mut Reader<'_>) -> Result<Line, Damaged> {
    let sequence = from.varint()?;
    let at = i64::from_le_bytes(from.array()?);
    let actor = Text::new(from.text()?);
    let resource = small(from)?;
    let feed = Text::new(from.text()?);
    let key = Text::new(from.text()?);
    let kind = ChangeKind::of_number(small::<u8>(from)?.into()).ok_or(Damaged("a change is of no kind"))?;
    let previous = Some(from.varint()?).filter(|previous| *previous != 0);
    let body = if kind == ChangeKind::Removed {
        None
    } else {
        let length = from.length()?;
        Some(Body::new(from.take(length)?.to_vec()))
    };
    Ok(Line { sequence, at, actor, resource, feed, key, kind, previous, body, created: None })
}

fn small<T: TryFrom<u64>>(from: &mut Reader<'_>) -> Result<T, Damaged> {
    T::try_from(from.varint()?).map_err(|_| Damaged("a number is too large"))
}
