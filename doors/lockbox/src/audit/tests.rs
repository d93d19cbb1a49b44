//! Links and heads, without a store.

use dictionary::Text;

use super::chain::{Head, Link, Sealing, Wrong, follows};

fn sealing(byte: u8) -> Sealing {
    Sealing::new(gate::SigningKey::from_bytes(&[byte; 32]).purpose("audit"))
}

fn chain() -> (Vec<Link>, Vec<Head>) {
    let mut heads = vec![Head::beginning()];
    let mut links = Vec::new();
    for lines in [vec!["a"], vec!["b", "c"], vec!["d"]] {
        let lines: Vec<String> = lines.into_iter().map(String::from).collect();
        let head = heads.last().unwrap();
        let link = head.next(&Text::new("feed"), &lines, &sealing(7));
        heads.push(head.after(&link));
        links.push(link);
    }
    (links, heads)
}

/// LBX-096: a link follows the one before it and nothing else, and whatever is changed of it is seen.
#[test]
fn lbx_096_a_link_follows_the_one_before_it() {
    let (links, heads) = chain();
    for at in 0..links.len() {
        assert_eq!(follows(&heads[at], &links[at], &sealing(7)), Ok(heads[at + 1].clone()));
        assert_eq!(follows(&heads[at], &links[at], &sealing(8)), Err(Wrong::NotSealed), "another key");
    }
    assert_eq!((heads[3].link, heads[3].entries), (3, 4));
    assert_eq!(follows(&heads[0], &links[1], &sealing(7)), Err(Wrong::OutOfOrder));
    assert_eq!(follows(&heads[2], &links[1], &sealing(7)), Err(Wrong::OutOfOrder), "again");
    let check = |change: fn(&mut Link), expect| {
        let mut link = links[1].clone();
        change(&mut link);
        assert_eq!(follows(&heads[1], &link, &sealing(7)), Err(expect), "{link:?}");
    };
    check(|link| link.entries = "b\nx".into(), Wrong::Altered);
    check(|link| link.entries = "b".into(), Wrong::Altered);
    check(|link| link.count = 1, Wrong::Altered);
    check(|link| link.first = 1, Wrong::Altered);
    check(|link| link.number = 3, Wrong::Altered);
    check(|link| link.previous = "0".repeat(64).into(), Wrong::Altered);
    check(|link| link.hash = "0".repeat(64).into(), Wrong::Altered);
    check(|link| link.chain = "other".into(), Wrong::Altered);
    check(|link| link.seal = "0".repeat(64).into(), Wrong::NotSealed);
}

/// LBX-096: a head is read as it was written, and only where it is sealed is it believed.
#[test]
fn lbx_096_a_head_is_sealed() {
    let (_, heads) = chain();
    let text = heads[3].text("feed", &sealing(7));
    assert_eq!(Head::read("feed", &text, &sealing(7)), Some((heads[3].clone(), true)));
    assert_eq!(Head::read("feed", &text, &sealing(8)).map(|(_, sealed)| sealed), Some(false));
    assert_eq!(Head::read("other", &text, &sealing(7)).map(|(_, sealed)| sealed), Some(false));
    let shorter = text.replacen('3', "2", 1);
    assert_eq!(Head::read("feed", &shorter, &sealing(7)).map(|(_, sealed)| sealed), Some(false));
    for none in ["", "3", "3 4 5", "a b c d"] {
        assert!(Head::read("feed", none, &sealing(7)).is_none_or(|(_, sealed)| !sealed), "{none}");
    }
}
