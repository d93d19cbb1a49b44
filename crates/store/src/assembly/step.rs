//! An operation as bytes, while it waits on disk.

use std::io::{self, BufRead, Read, Write};

use crate::Expect;
use crate::codec::{Damaged, Encoded, Reader, put_varint};
use crate::line::Body;
use crate::prepare::{Place, Put, Step};

/// What an operation of the longest names and the largest record takes at most.
const LONGEST: u64 = 2 << 20;

/// Writes an operation: its length in four bytes, and so many bytes.
pub(super) fn write(step: &Step, to: &mut impl Write) -> io::Result<()> {
    let mut bytes = vec![0; 4];
    put_varint(&mut bytes, step.place.resource.into());
    put_text(&mut bytes, &step.place.key);
    match step.expect {
        Expect::Any => bytes.push(0),
        Expect::Absent => bytes.push(1),
        Expect::At(sequence) => {
            bytes.push(2);
            put_varint(&mut bytes, sequence.into());
        }
    }
    if let Some(Put { feed, encoded }) = &step.put {
        put_text(&mut bytes, feed);
        put_option(&mut bytes, encoded.passed_over.map(u64::from));
        put_option(&mut bytes, encoded.timestamp.map(i64::cast_unsigned));
        put_varint(&mut bytes, encoded.body.len() as u128);
        bytes.extend_from_slice(&encoded.body);
    }
    let length = u32::try_from(bytes.len() - 4).map_err(io::Error::other)?;
    bytes[..4].copy_from_slice(&length.to_le_bytes());
    to.write_all(&bytes)
}

/// The next operation; none at the end.
pub(super) fn read(from: &mut impl BufRead) -> io::Result<Option<Step>> {
    if from.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u64::from(u32::from_le_bytes(length)).min(LONGEST);
    let mut bytes = Vec::new();
    from.take(length).read_to_end(&mut bytes)?;
    let broken = |damage: Damaged| io::Error::new(io::ErrorKind::InvalidData, damage.0);
    step(&bytes).map(Some).map_err(broken)
}

fn step(bytes: &[u8]) -> Result<Step, Damaged> {
    let mut from = Reader::new(bytes);
    let place = Place { resource: small(from.varint()?)?, key: from.text()?.into() };
    let expect = match from.byte()? {
        0 => Expect::Any,
        1 => Expect::Absent,
        2 => Expect::At(from.varint()?),
        _ => return Err(Damaged("an expectation is of no kind")),
    };
    if from.is_done() {
        return Ok(Step { place, expect, put: None });
    }
    let feed = from.text()?.into();
    let passed_over = option(&mut from)?.map(small).transpose()?;
    let timestamp = option(&mut from)?.map(u64::cast_signed);
    let length = from.length()?;
    let body = Body::new(from.take(length)?.to_vec());
    let encoded = Encoded { body, passed_over, timestamp };
    Ok(Step { place, expect, put: Some(Put { feed, encoded }) })
}

fn put_text(to: &mut Vec<u8>, text: &str) {
    put_varint(to, text.len() as u128);
    to.extend_from_slice(text.as_bytes());
}

/// One more than the number; 0 says that there is none.
fn put_option(to: &mut Vec<u8>, number: Option<u64>) {
    put_varint(to, number.map_or(0, |number| u128::from(number) + 1));
}

fn option(from: &mut Reader<'_>) -> Result<Option<u64>, Damaged> {
    match from.wide()?.checked_sub(1) {
        None => Ok(None),
        Some(number) => u64::try_from(number).map(Some).map_err(|_| Damaged("a number is too large")),
    }
}

fn small<T: TryFrom<u64>>(number: u64) -> Result<T, Damaged> {
    T::try_from(number).map_err(|_| Damaged("a number is too large"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_on_disk_what_it_was() {
        let put = |timestamp, passed_over| {
            let encoded = Encoded { body: Body::new(vec![1, 2, 3]), passed_over, timestamp };
            Some(Put { feed: "gulf".into(), encoded })
        };
        let steps = [
            (Expect::Any, None),
            (Expect::At(u64::MAX), None),
            (Expect::Absent, put(None, None)),
            (Expect::At(7), put(Some(-1), Some(u32::MAX))),
            (Expect::Any, put(Some(i64::MAX), Some(0))),
        ];
        let steps = steps.map(|(expect, put)| Step {
            place: Place { resource: u16::MAX, key: "ключ".into() },
            expect,
            put,
        });
        let mut bytes = Vec::new();
        steps.iter().for_each(|step| write(step, &mut bytes).unwrap());
        let mut from = &bytes[..];
        for step in &steps {
            let found = read(&mut from).unwrap().unwrap();
            assert_eq!((&found.place, found.expect), (&step.place, step.expect));
            let told = |put: &Option<Put>| put.as_ref().map(|put| (put.feed.clone(), put.encoded.clone()));
            assert_eq!(told(&found.put), told(&step.put));
        }
        assert!(read(&mut from).unwrap().is_none());
        // What was cut off is no operation.
        let (mut cut, mut last) = (&bytes[..bytes.len() - 1], Ok(None));
        for _ in &steps {
            last = read(&mut cut);
        }
        assert_eq!(last.unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
