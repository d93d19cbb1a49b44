//! The summary against a plain list of the same entries.

use dictionary::{Dictionary, Feed, Key, ResourceId, Version};
use store::{Sequence, Trace};

use super::{BLOCK, Log};

const ENTRIES: Sequence = 3 * BLOCK as Sequence + 700;

#[test]
fn counts_and_pages_are_those_of_a_plain_list() {
    let mut random = testkit::rng("events::summary");
    let dictionary = Dictionary::standard(Version::V2_1);
    let own: Vec<ResourceId> = ["Property", "Member", "Media"].map(|name| dictionary.known(name).id).into();
    // Entries of a resource that is no longer known have no trace; a class may come late in the log.
    let mut traces = Vec::new();
    for sequence in 1..=ENTRIES {
        let feed = if sequence > ENTRIES / 2 { random.u8(0..3) } else { 0 };
        if random.u8(0..20) > 0 {
            let resource = own[random.usize(..own.len())];
            traces.push(Trace {
                sequence,
                resource,
                feed: Feed::from(format!("F{feed}")),
                key: Key::from("k"),
            });
        }
    }
    let log = Log::default();
    let mut taken = 0;
    while taken < ENTRIES {
        let upto = ENTRIES.min(taken + random.u64(1..3_000));
        let part: Vec<Trace> =
            traces.iter().filter(|t| t.sequence > taken && t.sequence <= upto).cloned().collect();
        log.summary.write().take(&part, upto);
        taken = upto;
    }
    assert_eq!(log.applied(), ENTRIES);
    let classes = log.summary.read().classes.clone();
    assert_eq!(classes.len(), 9);
    for _ in 0..300 {
        let told: Vec<bool> = classes.iter().map(|_| random.u8(0..4) == 0).collect();
        let low = random.u64(0..ENTRIES + 10);
        let high = if random.bool() { low + random.u64(0..ENTRIES) } else { Sequence::MAX };
        let named = |t: &&Trace| {
            let class = classes.iter().position(|class| *class == (t.resource, t.feed.clone()));
            class.is_some_and(|class| told[class]) && (low..=high).contains(&t.sequence)
        };
        let mut plain: Vec<Sequence> = traces.iter().filter(named).map(|t| t.sequence).collect();
        let hint = format!("{low} to {high}, {told:?}");
        assert_eq!(log.count(&told, low..=high), plain.len() as u64, "{hint}");
        for descending in [false, true] {
            let (skip, most) = (random.u64(0..ENTRIES / 2), random.usize(0..300));
            let expect: Vec<Sequence> = plain.iter().copied().skip(skip as usize).take(most).collect();
            assert_eq!(
                log.numbers(&told, low..=high, descending, skip, most),
                expect,
                "{hint}, {descending}"
            );
            plain.reverse();
        }
    }
}
