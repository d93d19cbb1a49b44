//! The open houses of a listing.

use std::cmp::Reverse;

use dictionary::{Fields as _, Timestamp, ValueRef};
use search::Row;

use super::class::Class;
use super::program::Program;
use super::rule::Rule;
use super::scene::Scene;

/// Of more open houses than these the last ones are told: a listing that was long on the market has many.
const MOST_TOLD: usize = 50;

/// Writes whether there is one that is public and active, or the list of those that are public and not off.
pub(super) fn write(rule: &Rule, scene: &Scene<'_>, out: &mut Vec<u8>) -> bool {
    let (known, Scene { look, .. }) = (scene.known(), scene);
    let rows = scene.linked(known.open_houses);
    let mut told: Vec<(Reverse<Option<Timestamp>>, Row)> = Vec::new();
    let mut last = None;
    for row in rows.iter() {
        let view = look.reader.view(known.open_house, *row);
        if known.is_public(&view) && known.is_on(&view) {
            last = last.max(known.active_until(&view, look.now));
            let start = match view.look(known.open_start) {
                Some(ValueRef::Timestamp(start)) => Some(start),
                _ => None,
            };
            told.push((Reverse(start), *row));
        }
    }
    if *rule == Rule::HasOpenHouse {
        // It is true until the last one ends.
        last.into_iter().for_each(|end| scene.until(end));
        out.extend_from_slice(if last.is_some() { b"true" } else { b"false" });
        return true;
    }
    told.sort_by_key(|(start, _)| *start);
    told.truncate(MOST_TOLD);
    out.push(b'[');
    let one = Program::of(Class::OpenHouse, scene);
    for (at, (_, row)) in told.iter().rev().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        one.write(&scene.of(known.open_house, *row, at + 1), out);
    }
    out.push(b']');
    true
}
