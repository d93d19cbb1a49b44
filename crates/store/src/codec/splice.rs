//! A new version held against the kept one.

use super::bytes::Reader;
use super::decode::{each, value};
use super::encode::put_head;
use super::{Damaged, Encoded, FORMAT, FieldNumber, Names, Tag};

/// What a new version is beside the kept one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Compared {
    /// It says the same.
    Same,
    /// It differs, and is kept as it is.
    Differs,
    /// It differs, and carries what it does not know: these are the bytes to keep.
    Carries(Vec<u8>),
}

/// Holds a new version against the kept one. What the dictionary of now does not show of the kept one is
/// carried into the new one, so that who does not know a field cannot lose it.
pub(crate) fn compare(names: &Names, kept: &[u8], new: &Encoded) -> Result<Compared, Damaged> {
    if kept == new.body.as_slice() {
        return Ok(Compared::Same);
    }
    let kept_fields = fields(kept)?;
    let new_fields = fields(&new.body)?;
    let shown = |number: FieldNumber, tag: Tag| names.slot(number).is_some_and(|slot| tag.fits(slot.ty));
    let counts = |field: &&Entry<'_>| Some(field.number) != new.passed_over && shown(field.number, field.tag);
    if same(kept_fields.iter().filter(counts), new_fields.iter().filter(counts))? {
        return Ok(Compared::Same);
    }
    let hidden: Vec<&Entry<'_>> =
        kept_fields.iter().filter(|field| !shown(field.number, field.tag)).collect();
    if hidden.is_empty() {
        return Ok(Compared::Differs);
    }
    Ok(Compared::Carries(carry(&new_fields, &hidden)))
}

/// Whether two versions say the same.
fn same<'a>(
    mut kept: impl Iterator<Item = &'a Entry<'a>>,
    mut new: impl Iterator<Item = &'a Entry<'a>>,
) -> Result<bool, Damaged> {
    loop {
        let (a, b) = match (kept.next(), new.next()) {
            (None, None) => return Ok(true),
            (Some(a), Some(b)) if (a.number, a.tag) == (b.number, b.tag) => (a, b),
            _ => return Ok(false),
        };
        // Bytes may differ where values do not: 1.50 and 1.5 are equal, and so are 0.0 and −0.0.
        let numbers = matches!(a.tag, Tag::Decimal | Tag::Double | Tag::Point);
        if a.bytes != b.bytes && !(numbers && a.value()? == b.value()?) {
            return Ok(false);
        }
    }
}

/// The new fields, and those of the hidden ones that the new version does not set.
fn carry(new: &[Entry<'_>], hidden: &[&Entry<'_>]) -> Vec<u8> {
    let set = |number| new.binary_search_by_key(&number, |field| field.number).is_ok();
    let mut all: Vec<&Entry<'_>> = hidden.iter().copied().filter(|field| !set(field.number)).collect();
    all.extend(new);
    all.sort_unstable_by_key(|field| field.number);
    let mut body = vec![FORMAT];
    let mut before = 0;
    for field in all {
        put_head(&mut body, field.number - before, field.tag);
        before = field.number;
        body.extend_from_slice(field.bytes);
    }
    body
}

/// One field as it lies in a body.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Entry<'a> {
    number: FieldNumber,
    tag: Tag,
    bytes: &'a [u8],
}

impl Entry<'_> {
    fn value(&self) -> Result<dictionary::Value, Damaged> {
        value(self.tag, &mut Reader::new(self.bytes))
    }
}

fn fields(body: &[u8]) -> Result<Vec<Entry<'_>>, Damaged> {
    let mut entries = Vec::with_capacity(body.len() / 12 + 4);
    each(body, |number, tag, from: &mut Reader<'_>| {
        let start = from.at();
        tag.skip(from)?;
        entries.push(Entry { number, tag, bytes: &body[start..from.at()] });
        Ok(())
    })?;
    Ok(entries)
}
