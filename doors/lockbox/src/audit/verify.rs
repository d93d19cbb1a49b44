//! A chain, looked through from its first link to its head.

use dictionary::{Dictionary, Text};
use store::{Store, StoreError};

use super::chain::{Head, Sealing, Wrong, follows};
use super::kept::{cursor, links};

/// Links that are read at once: one has a third of a megabyte at most.
const AT_ONCE: u64 = 64;

/// What was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Verified {
    /// How far the chain is whole.
    pub(crate) head: Head,
    /// What is wrong after that; nothing of a chain that is whole.
    pub(crate) broken: Option<Broken>,
    /// Links that another key sealed: a chain that outlived its installation's key.
    pub(crate) sealed_otherwise: u64,
}

/// Where a chain breaks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Broken {
    /// The number of the link.
    pub(crate) link: u64,
    /// A stable name, such as `altered`.
    pub(crate) code: &'static str,
    /// What is wrong, in a sentence.
    pub(crate) message: String,
}

/// Looks through a chain. Who noted an entry's receipt hands it in: `known` is a link's number and its hash, which
/// must be in the chain still.
///
/// # Errors
/// The store does not answer.
pub(crate) async fn verify(
    store: &Store,
    dictionary: &Dictionary,
    chain: &Text,
    sealing: &Sealing,
    known: Option<(u64, &str)>,
) -> Result<Verified, StoreError> {
    let kept = store.cursor(&cursor(chain)).await?;
    let said = kept.as_deref().map(|text| Head::read(chain, text, sealing));
    let mut found = Verified { head: Head::beginning(), broken: None, sealed_otherwise: 0 };
    let broken = |link: u64, code, message: &str| Some(Broken { link, code, message: message.into() });
    let upto = match &said {
        None => 0,
        Some(Some((head, _))) => head.link,
        Some(None) => {
            found.broken = broken(0, "head_altered", "What says how far the chain goes cannot be read.");
            return Ok(found);
        }
    };
    let mut at = 1;
    // Beyond its head a chain goes on while somebody writes, and after a backup that was made meanwhile.
    loop {
        let part = links(store, dictionary, chain, at..at + AT_ONCE).await?;
        for link in part {
            let Some(link) = link else {
                if at <= upto {
                    found.broken = broken(at, "missing", "The link is gone.");
                }
                return Ok(ended(found, said.flatten(), known));
            };
            let head = match follows(&found.head, &link, sealing) {
                Ok(head) => head,
                Err(Wrong::NotSealed) if at <= upto => {
                    found.sealed_otherwise += 1;
                    found.head.after(&link)
                }
                Err(wrong) => {
                    let (code, message) = told(wrong);
                    found.broken = broken(at, code, message);
                    return Ok(found);
                }
            };
            if known.is_some_and(|(number, hash)| number == at && hash != head.hash) {
                found.broken =
                    broken(at, "receipt_differs", "The link is not the one that the receipt names.");
                return Ok(found);
            }
            found.head = head;
            at += 1;
        }
    }
}

/// The chain was whole as far as it goes: does it go as far as it should?
fn ended(mut found: Verified, said: Option<(Head, bool)>, known: Option<(u64, &str)>) -> Verified {
    if found.broken.is_some() {
        return found;
    }
    let last = found.head.link;
    let at = |code, message: &str| Some(Broken { link: last, code, message: message.into() });
    found.broken = match said {
        Some((_, false)) if found.sealed_otherwise < last => {
            at("head_altered", "What says how far the chain goes is not sealed by this installation.")
        }
        Some((head, _)) if head.link == last && head != found.head => {
            at("head_altered", "The last link is not the one that the head names.")
        }
        None if last > 0 => at("head_missing", "Nothing says how far the chain goes."),
        _ if known.is_some_and(|(number, _)| number > last) => {
            at("receipt_beyond", "The chain ends before the link that the receipt names.")
        }
        _ => None,
    };
    found
}

fn told(wrong: Wrong) -> (&'static str, &'static str) {
    match wrong {
        Wrong::Altered => ("altered", "The link is not what was written."),
        Wrong::OutOfOrder => ("out_of_order", "The link does not follow the one before it."),
        Wrong::NotSealed => ("not_sealed", "The link was not made by this installation."),
    }
}
