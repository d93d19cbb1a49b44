//! Links as records, and the head beside them.

use dictionary::{Dictionary, Key, Named, Record, Text, Timestamp, Value, named};
use store::{Store, StoreError};

use super::chain::{Head, Link, Sealing, follows};

/// The name of the cursor that keeps a chain's head: it moves with the link, and what it was is nowhere.
pub(crate) fn cursor(chain: &str) -> Text {
    Text::from(format!("lockbox/audit/{chain}"))
}

/// The key of a link.
pub(crate) fn key(chain: &str, number: u64) -> Key {
    Key::from(format!("{chain}|{number}"))
}

pub(crate) fn record(dictionary: &Dictionary, link: &Link, now: Timestamp) -> Record {
    let number = |of: u64| Some(Value::from(of.cast_signed()));
    named(
        dictionary.known("LockboxAuditLink"),
        [
            ("AuditChainId", Some(link.chain.clone().into())),
            ("AuditLinkNumber", number(link.number)),
            ("FirstEntryNumber", number(link.first)),
            ("AuditEntryCount", number(link.count)),
            ("PreviousLinkHash", Some(link.previous.clone().into())),
            ("AuditLinkHash", Some(link.hash.clone().into())),
            ("AuditLinkSeal", Some(link.seal.clone().into())),
            ("AuditEntriesText", Some(link.entries.clone().into())),
            ("ModificationTimestamp", Some(now.into())),
        ],
    )
}

/// The link that a record keeps; one that lacks something is read as far as it goes, and found out by its hash.
pub(crate) fn read(words: Named<'_>) -> Link {
    let text = |name| words.text(name).unwrap_or_default();
    let number = |name| words.integer(name).unwrap_or(0).unsigned_abs();
    Link {
        chain: text("AuditChainId"),
        number: number("AuditLinkNumber"),
        first: number("FirstEntryNumber"),
        count: number("AuditEntryCount"),
        previous: text("PreviousLinkHash"),
        hash: text("AuditLinkHash"),
        seal: text("AuditLinkSeal"),
        entries: text("AuditEntriesText"),
    }
}

/// Links of a chain from this number on, as many as there are of so many; none in the place of one that is gone.
pub(crate) async fn links(
    store: &Store,
    dictionary: &Dictionary,
    chain: &str,
    numbers: std::ops::Range<u64>,
) -> Result<Vec<Option<Link>>, StoreError> {
    let own = dictionary.known("LockboxAuditLink");
    let keys: Vec<Key> = numbers.map(|number| key(chain, number)).collect();
    let kept = store.get_many(own.id, &keys).await?;
    let link = |kept: &store::Stored| read(Named { own, record: &kept.record });
    Ok(kept.iter().map(|kept| kept.as_ref().map(link)).collect())
}

/// How far a chain goes. A backup that was made while somebody wrote holds links beyond its head: those that are
/// sealed count.
pub(crate) async fn head(
    store: &Store,
    dictionary: &Dictionary,
    chain: &str,
    sealing: &Sealing,
) -> Result<Head, StoreError> {
    let kept = store.cursor(&cursor(chain)).await?;
    let read = kept.as_deref().and_then(|text| Head::read(chain, text, sealing));
    let mut head = match read {
        Some((head, sealed)) => {
            if !sealed {
                tracing::warn!(chain, "the head of the audit is not sealed under this installation's key");
            }
            head
        }
        None => Head::beginning(),
    };
    loop {
        let next = links(store, dictionary, chain, head.link + 1..head.link + 2).await?.pop().flatten();
        let Some(next) = next else { return Ok(head) };
        match follows(&head, &next, sealing) {
            Ok(further) => head = further,
            Err(wrong) => {
                // What is written from here on would follow a stranger.
                tracing::error!(
                    chain,
                    link = next.number,
                    ?wrong,
                    "the audit goes on with a link that is wrong"
                );
                return Ok(head);
            }
        }
    }
}
