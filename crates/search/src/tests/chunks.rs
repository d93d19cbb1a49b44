//! A chunk of numbers held against a plain list: ascending, descending, scattered, sparse, huge.

use super::dice::{Dice, seed};
use crate::column::chunk::{CHUNK_ROWS, Frame};
use crate::column::ints::Ints;

/// Values of one kind.
fn number(dice: &mut Dice, kind: usize, at: i64) -> i64 {
    match kind {
        0 => at,
        1 => -at * 1_000,
        2 => dice.between(-9, 9) * 250,
        3 => 1_700_000_000_000_000 + dice.between(0, 86_400) * 1_000_000,
        4 => *dice.pick(&[i64::MIN + 1, i64::MAX, 0, -1, 1]),
        5 => dice.between(0, 1 << 40),
        _ => 7,
    }
}

#[test]
fn a_column_holds_what_a_list_does() {
    let seed = seed("a_column_holds_what_a_list_does");
    for kind in 0..7 {
        for (round, rarity) in [1, 2, 40, 900].into_iter().enumerate() {
            let mut dice = Dice::of(seed, kind as u64 * 10 + round as u64);
            let rows = if round == 0 { CHUNK_ROWS + 300 } else { 3_000 };
            let mut ints = Ints::new(Frame::Fitted);
            let mut list: Vec<Option<i64>> = vec![None; rows];
            let mut set = |dice: &mut Dice, row: usize, list: &mut Vec<Option<i64>>| {
                let place = u32::try_from(row).expect("few rows");
                if dice.once_in(rarity) {
                    let number = number(dice, kind, i64::from(place));
                    ints.set(place, number);
                    list[row] = Some(number);
                } else if dice.once_in(3) {
                    ints.clear(place);
                    list[row] = None;
                }
            };
            (0..rows).for_each(|row| set(&mut dice, row, &mut list));
            for _ in 0..rows {
                let row = dice.below(rows);
                set(&mut dice, row, &mut list);
            }
            for (row, number) in (0u32..).zip(&list) {
                assert_eq!(ints.get(row), *number, "kind {kind}, row {row}");
            }
            assert_eq!(ints.count(), list.iter().flatten().count());
            masks(&ints, &list, &mut dice, kind);
            if kind != 4 && ints.scale(100) {
                for (row, number) in (0u32..).zip(&list) {
                    assert_eq!(ints.get(row), number.map(|n| n * 100), "kind {kind}, row {row}, scaled");
                }
            }
        }
    }
}

/// Whether rows come one by one or many at once makes no difference: appended, with gaps, over the end of a
/// chunk, into the middle.
#[test]
fn many_values_at_once_are_as_one_by_one() {
    let seed = seed("many_values_at_once_are_as_one_by_one");
    for kind in 0..7 {
        for (round, rarity) in [1, 2, 40, 900].into_iter().enumerate() {
            let mut dice = Dice::of(seed, kind as u64 * 10 + round as u64);
            for frame in [Frame::Fitted, Frame::FromZero] {
                // Codes of words begin at 0.
                let number = |dice: &mut Dice, at: i64| match frame {
                    Frame::Fitted => number(dice, kind, at),
                    Frame::FromZero => number(dice, kind, at) & 0xF_FFFF,
                };
                let (mut ints, mut singly) = (Ints::new(frame), Ints::new(frame));
                let first = u32::try_from(dice.below(2) * (CHUNK_ROWS - 700)).expect("few rows");
                let (later, mut rows): (Vec<u32>, Vec<u32>) =
                    (first..first + 4_000).partition(|_| dice.once_in(9));
                rows.retain(|_| dice.once_in(rarity));
                let mut fill = |rows: &[u32]| {
                    let numbers: Vec<i64> =
                        rows.iter().map(|row| number(&mut dice, i64::from(*row))).collect();
                    ints.fill_new(rows, &numbers);
                    rows.iter().zip(&numbers).for_each(|(row, number)| singly.set(*row, *number));
                };
                let size = rows.len() / 3 + 1;
                rows.chunks(size).for_each(&mut fill);
                // What was left out comes after all, each in the middle of the others.
                later.chunks(100).for_each(&mut fill);
                for row in first..first + 4_100 {
                    assert_eq!(ints.get(row), singly.get(row), "kind {kind}, row {row}, {frame:?}");
                }
                assert_eq!((ints.count(), ints.bounds()), (singly.count(), singly.bounds()), "kind {kind}");
            }
        }
    }
}

fn masks(ints: &Ints, list: &[Option<i64>], dice: &mut Dice, kind: usize) {
    for _ in 0..40 {
        let (a, b) = (number(dice, kind, 500), number(dice, kind, 2_000));
        let (low, high) = (a.min(b).saturating_add(dice.between(-1, 2)), a.max(b));
        let start = dice.below(list.len() / 64) * 64;
        let start = if dice.once_in(2) { start } else { start.min(2_000) / 64 * 64 };
        let end = (start + 1_024).min(list.len()).min((start / CHUNK_ROWS + 1) * CHUNK_ROWS);
        for outside in [false, true] {
            let given: Vec<u8> = (start..end).map(|_| u8::from(!dice.once_in(5))).collect();
            let mut mask = given.clone();
            ints.keep(u32::try_from(start).expect("few rows"), &mut mask, low, high, outside);
            for (at, (keep, given)) in mask.iter().zip(&given).enumerate() {
                let inside = list[start + at].is_some_and(|number| low <= number && number <= high);
                let expect = u8::from(*given == 1 && inside != outside);
                assert_eq!(*keep, expect, "kind {kind}, row {}, {low}..={high} {outside}", start + at);
            }
        }
    }
}
