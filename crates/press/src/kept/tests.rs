//! What is kept is what was made: of this kind, of this version, at this time, within the bound.

use std::sync::Mutex;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicUsize};

use super::{AsOf, Fresh, Kept, OVERHEAD, Wanted};
use crate::{Form, Kind, Kinds, Piece};

/// Asks for one piece; whether it had to be made, and what it says.
fn ask(kept: &Kept, kind: Kind, row: u32, version: u64, now: i64, until: Option<i64>) -> (bool, String) {
    let made = AtomicBool::new(false);
    // Each version is of a state of its own.
    let as_of = AsOf { state: version, now };
    let pieces = kept.pieces(
        &[Wanted { kind, row }],
        as_of,
        Form::Plain,
        |_| version,
        |_| {},
        |_| {
            made.store(true, Relaxed);
            Fresh { piece: Piece::new(format!("{kind:?} {row} {version} {now}").into_bytes()), until }
        },
    );
    (made.load(Relaxed), String::from_utf8(pieces[0].plain().to_vec()).expect("it was text"))
}

fn kinds() -> (Kind, Kind) {
    let kinds = Kinds::new(8);
    (kinds.of(&1), kinds.of(&2))
}

#[test]
fn a_piece_is_made_once_of_each_kind_row_and_version() {
    let kept = Kept::new(1 << 20);
    let (one, two) = kinds();
    let check = |kind, row, version, made| {
        let (was_made, says) = ask(&kept, kind, row, version, 0, None);
        assert_eq!(was_made, made, "{kind:?} {row} {version}");
        assert_eq!(says, format!("{kind:?} {row} {version} 0"));
    };
    check(one, 1, 5, true);
    check(one, 1, 5, false);
    check(two, 1, 5, true);
    check(one, 2, 5, true);
    check(one, 1, 6, true);
    check(one, 1, 6, false);
    check(two, 1, 5, false);
    // A reader of an older state of the index is answered from that state.
    check(one, 1, 5, true);
}

#[test]
fn versions_are_looked_at_once_in_each_state() {
    let kept = Kept::new(1 << 20);
    let (kind, _) = kinds();
    let check = |state: u64, version: u64, asked: usize, made: bool| {
        let (was_asked, was_made) = (AtomicUsize::new(0), AtomicBool::new(false));
        let version_of = |_| {
            was_asked.fetch_add(1, Relaxed);
            version
        };
        let as_of = AsOf { state, now: 0 };
        let pieces = kept.pieces(
            &[Wanted { kind, row: 1 }],
            as_of,
            Form::Plain,
            version_of,
            |_| {},
            |_| {
                was_made.store(true, Relaxed);
                Piece::new(version.to_string().into_bytes()).into()
            },
        );
        assert_eq!(pieces[0].plain(), version.to_string().as_bytes(), "in state {state}");
        assert_eq!((was_asked.load(Relaxed), was_made.load(Relaxed)), (asked, made), "in state {state}");
    };
    check(1, 7, 1, true);
    check(1, 7, 0, false);
    // Something else was written.
    check(2, 7, 1, false);
    check(2, 7, 0, false);
    // The record itself was.
    check(3, 8, 2, true);
    check(3, 8, 0, false);
}

#[test]
fn a_piece_ends_at_its_instant() {
    let kept = Kept::new(1 << 20);
    let (kind, _) = kinds();
    let check = |now, until, made| assert_eq!(ask(&kept, kind, 1, 1, now, until).0, made, "at {now}");
    check(0, Some(10), true);
    check(9, None, false);
    check(10, Some(20), true);
    check(19, None, false);
    check(20, None, true);
    check(i64::MAX - 1, None, false);
}

#[test]
fn only_what_is_missing_is_made_and_pages_keep_their_order() {
    let kept = Kept::new(1 << 20);
    let (kind, _) = kinds();
    let page = |rows: &[u32]| {
        let wanted: Vec<Wanted> = rows.iter().map(|row| Wanted { kind, row: *row }).collect();
        let (told, made) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
        let pieces = kept.pieces(
            &wanted,
            AsOf { state: 1, now: 0 },
            Form::Gzip,
            |_| 1,
            |some| told.lock().unwrap().extend(some.iter().map(|at| rows[*at])),
            |at| {
                made.lock().unwrap().push(rows[at]);
                Piece::new(rows[at].to_string().into_bytes()).into()
            },
        );
        let said: Vec<u32> =
            pieces.iter().map(|p| std::str::from_utf8(p.plain()).unwrap().parse().unwrap()).collect();
        assert_eq!(said, rows);
        let made = made.into_inner().unwrap();
        assert_eq!(told.into_inner().unwrap(), made, "what is made is told of before, and nothing else");
        made
    };
    assert_eq!(page(&[5, 3, 9]), [5, 3, 9]);
    assert_eq!(page(&[3, 4, 5]), [4]);
    assert_eq!(page(&[7, 7]), [7, 7], "a page does not find what it made itself");
    assert!(page(&[]).is_empty());
}

#[test]
fn what_is_asked_for_again_is_given_a_compressed_form() {
    let check = |forms: &[Form], length: usize, expect: bool| {
        let kept = Kept::new(1 << 20);
        let (kind, _) = kinds();
        let mut packed = false;
        for form in forms {
            let wanted = [Wanted { kind, row: 1 }];
            let as_of = AsOf { state: 1, now: 0 };
            let make = |_| Piece::new(vec![b'a'; length]).into();
            let pieces = kept.pieces(&wanted, as_of, *form, |_| 1, |_| {}, make);
            packed = pieces[0].packed().is_some();
        }
        assert_eq!(packed, expect, "{forms:?} {length}");
    };
    check(&[Form::Gzip], 5_000, false);
    check(&[Form::Gzip, Form::Gzip], 5_000, true);
    check(&[Form::Gzip, Form::Gzip], 500, false);
    check(&[Form::Plain, Form::Gzip], 5_000, true);
    check(&[Form::Gzip, Form::Plain], 5_000, false);
}

#[test]
fn the_bound_holds_with_compressed_forms_and_what_is_asked_for_stays() {
    const MOST: usize = 64 << 10;
    let kept = Kept::new(MOST);
    let (kind, _) = kinds();
    let mut random = testkit::rng("press::kept");
    let made_of_the_first = AtomicUsize::new(0);
    for n in 0..2_000 {
        // One in four is asked for again.
        let again = (random.u8(0..4) == 0).then_some(n + 1);
        for row in [0, n + 1].into_iter().chain(again) {
            let form = if random.bool() { Form::Gzip } else { Form::Plain };
            let length = random.usize(0..4_000);
            kept.pieces(
                &[Wanted { kind, row }],
                AsOf { state: 1, now: 0 },
                form,
                |_| 1,
                |_| {},
                |_| {
                    made_of_the_first.fetch_add(usize::from(row == 0), Relaxed);
                    Piece::new((0..length).map(|at| b'a' + (at % 26) as u8).collect::<Vec<u8>>()).into()
                },
            );
            assert!(kept.bytes() <= MOST, "{} bytes", kept.bytes());
            let counted: usize =
                kept.slots.read().all.iter().map(|slot| slot.piece.weight() + OVERHEAD).sum();
            assert_eq!(kept.bytes(), counted, "what is counted is what is there");
        }
    }
    assert_eq!(made_of_the_first.load(Relaxed), 1, "what was asked for all the time gave way");
    assert!(kept.bytes() > MOST / 2, "much room is left unused");
}

#[test]
fn what_finds_no_room_is_given_all_the_same() {
    let kept = Kept::new(100);
    let (kind, _) = kinds();
    assert_eq!(ask(&kept, kind, 1, 1, 0, None), (true, format!("{kind:?} 1 1 0")));
    assert_eq!(kept.bytes(), 0);
}
