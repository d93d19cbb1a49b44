//! A tenant's linking rules, as they were at an entry of the log.

use dictionary::{Key, Named};
use store::{Sequence, StoreError};

use crate::Door;
use crate::linking::LinkingRule;

/// The rules of a tenant once the log had reached `upto`. A rule that has been changed or removed since is looked up
/// as it was; the keys of those that are gone come from the log after `after`.
pub(crate) async fn rules(
    door: &Door,
    tenant: &str,
    after: Sequence,
    upto: Sequence,
) -> Result<Vec<LinkingRule>, StoreError> {
    let own = door.dictionary.known("LinkingRule");
    let known = door.register.of_tenant("LinkingRule", tenant);
    let mut keys: Vec<Key> = known.into_iter().map(|stored| stored.key).collect();
    keys.extend(written(door, tenant, after).await?);
    keys.sort_unstable();
    keys.dedup();
    let mut rules = Vec::new();
    for key in keys {
        let then = door.store.as_of(own.id, &key, upto).await?;
        rules.extend(then.and_then(|then| LinkingRule::read(Named { own, record: &then.record })));
    }
    Ok(rules)
}

/// The keys of the tenant's rules that the log tells of after an entry.
async fn written(door: &Door, tenant: &str, after: Sequence) -> Result<Vec<Key>, StoreError> {
    const ENTRIES: Sequence = 10_000;
    let own = door.dictionary.known("LinkingRule").id;
    let (head, start) = (door.store.head().await?, format!("{tenant}."));
    let (mut keys, mut at) = (Vec::new(), after);
    while at < head {
        let end = head.min(at + ENTRIES);
        let traces = door.store.traces(at, end).await?;
        keys.extend(
            traces
                .into_iter()
                .filter(|trace| trace.resource == own && trace.key.starts_with(&start))
                .map(|trace| trace.key),
        );
        at = end;
    }
    Ok(keys)
}
