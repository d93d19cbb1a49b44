//! How a record lies on disk: a byte for the format, then its fields in the order of their numbers.
//!
//! A field is a varint of (its number less the one before) × 16 + the kind of its value, and the value.
//! The numbers are those of [`Names`], which the store keeps: a record written under one dictionary is
//! read under another, whatever became of its fields. The form is canonical: records whose bytes are
//! equal are equal, and nearly always the other way round.

mod bytes;
mod decode;
mod encode;
mod names;
mod splice;
mod tag;

#[cfg(test)]
mod tests;

pub(crate) use bytes::{Reader, put_varint};
pub(crate) use decode::{decode, spread, timestamp_in};
pub(crate) use encode::{Encoded, Refused, encode};
pub(crate) use names::{FieldNumber, Names, Numbered, ResourceNumber};
pub(crate) use splice::{Compared, compare};
use tag::Tag;

/// The first byte of every body: the format below. Another format gets another number.
const FORMAT: u8 = 1;

/// A record takes at most this many bytes: 1 MiB. It bounds what one write may cost every reader.
pub(crate) const LONGEST_BODY: usize = 1 << 20;

/// Bytes that no record was ever written as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Damaged(pub(crate) &'static str);

/// A text is to be UTF-8.
pub(crate) const NOT_TEXT: Damaged = Damaged("a text is not UTF-8");
