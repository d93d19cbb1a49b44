//! Links and their hashes: pure.

use std::fmt::Write as _;

use dictionary::Text;
use gate::PurposeKey;
use ring::digest::{Context, SHA256};

/// What links and heads are sealed with.
#[derive(Clone, Debug)]
pub(crate) struct Sealing(PurposeKey);

impl Sealing {
    pub(crate) fn new(key: PurposeKey) -> Self {
        Self(key)
    }

    fn seal(&self, what: &str, chain: &str, hash: &str) -> Text {
        Text::from(hex(&self.0.mac(format!("{what}\n{chain}\n{hash}").as_bytes())))
    }

    pub(crate) fn sealed(&self, link: &Link) -> bool {
        self.seal("link", &link.chain, &link.hash) == link.seal
    }
}

/// A link, as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Link {
    pub(crate) chain: Text,
    /// 1, 2, 3 …
    pub(crate) number: u64,
    /// The number of its first entry, counted from 1 through the whole chain.
    pub(crate) first: u64,
    pub(crate) count: u64,
    /// The hash of the link before it; of the first link that of nothing.
    pub(crate) previous: Text,
    pub(crate) hash: Text,
    pub(crate) seal: Text,
    /// The entries, a line each.
    pub(crate) entries: Text,
}

/// How far a chain goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Head {
    /// The number of the last link; 0 of a chain without any.
    pub(crate) link: u64,
    /// How many entries there are.
    pub(crate) entries: u64,
    /// The hash of the last link.
    pub(crate) hash: Text,
}

impl Head {
    /// A chain that begins.
    pub(crate) fn beginning() -> Self {
        Self { link: 0, entries: 0, hash: Text::from("0".repeat(64)) }
    }

    /// The link that comes next, of these lines.
    pub(crate) fn next(&self, chain: &Text, lines: &[String], sealing: &Sealing) -> Link {
        let mut link = Link {
            chain: chain.clone(),
            number: self.link + 1,
            first: self.entries + 1,
            count: lines.len() as u64,
            previous: self.hash.clone(),
            hash: Text::default(),
            seal: Text::default(),
            entries: Text::from(lines.join("\n")),
        };
        link.hash = hash(&link);
        link.seal = sealing.seal("link", chain, &link.hash);
        link
    }

    /// The head once this link is the last.
    pub(crate) fn after(&self, link: &Link) -> Self {
        Self { link: link.number, entries: self.entries + link.count, hash: link.hash.clone() }
    }

    /// As it is kept beside the chain.
    pub(crate) fn text(&self, chain: &str, sealing: &Sealing) -> String {
        let said = format!("{} {} {}", self.link, self.entries, self.hash);
        let seal = sealing.seal("head", chain, &said);
        format!("{said} {seal}")
    }

    /// Reads what [`text`](Self::text) wrote, and whether it is sealed under this key.
    pub(crate) fn read(chain: &str, text: &str, sealing: &Sealing) -> Option<(Self, bool)> {
        let (said, seal) = text.rsplit_once(' ')?;
        let mut words = said.split(' ');
        let (link, entries) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        let hash = Text::new(words.next()?);
        Some((Self { link, entries, hash }, sealing.seal("head", chain, said) == seal))
    }
}

/// What is wrong with a link that should follow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wrong {
    /// It is not what was hashed.
    Altered,
    /// It does not follow the one before it.
    OutOfOrder,
    /// It was not made by this installation, or its key was replaced.
    NotSealed,
}

/// Holds a link against what it follows.
pub(crate) fn follows(head: &Head, link: &Link, sealing: &Sealing) -> Result<Head, Wrong> {
    let lines = if link.entries.is_empty() { 0 } else { link.entries.split('\n').count() as u64 };
    if hash(link) != link.hash || lines != link.count {
        return Err(Wrong::Altered);
    }
    if link.number != head.link + 1 || link.first != head.entries + 1 || link.previous != head.hash {
        return Err(Wrong::OutOfOrder);
    }
    if !sealing.sealed(link) {
        return Err(Wrong::NotSealed);
    }
    Ok(head.after(link))
}

/// SHA-256 over the link's place, the hash before it, and its entries, in hexadecimal digits.
fn hash(link: &Link) -> Text {
    let Link { chain, number, first, count, previous, entries, .. } = link;
    let mut context = Context::new(&SHA256);
    context.update(format!("1\n{chain}\n{number}\n{first}\n{count}\n{previous}\n").as_bytes());
    context.update(entries.as_bytes());
    Text::from(hex(context.finish().as_ref()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
