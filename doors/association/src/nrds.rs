//! NRDS ids: nine digits that begin with the association's prefix, each given to one member and never again
//! (AMS-041).
//!
//! An id that is given is a record of its own, whose key is the id: two who reach for the same one at the same moment
//! do not both get it, whichever process they are in. Ids that members and offices brought with them are known from
//! the log.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dictionary::{Dictionary, Key, Named, Record, Text, named, set_named};
use odata::Fault;
use parking_lot::Mutex;
use store::{Batch, Change, ErrorKind, Expect, Follower, Operation, Scan, Store, StoreError, Stored};
use tokio::sync::OnceCell;

use crate::answer::Refused;
use crate::guard::Asked;
use crate::{Door, Tenant};

/// Digits of an id.
const DIGITS: usize = 9;
/// How often another id is tried where somebody else was faster.
const MOST_TRIES: usize = 100;
/// Records read at once.
const AT_ONCE: usize = 5_000;
/// Where ids stand: the resource and its field.
const HELD: [(&str, &str); 3] = [
    ("Member", "MemberNationalAssociationId"),
    ("Office", "OfficeNationalAssociationId"),
    ("NrdsId", "NrdsId"),
];

/// The ids that are taken, and where the next free one is looked for.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    ids: BTreeSet<u32>,
    /// By the first number of a prefix.
    next: BTreeMap<u32, u32>,
}

impl Taken {
    pub(crate) fn add(&mut self, id: &str) {
        let whole = id.len() == DIGITS && id.bytes().all(|b| b.is_ascii_digit());
        self.ids.extend(id.parse::<u32>().ok().filter(|_| whole));
    }

    /// The next free id of a prefix, which is taken by this; none where all are. Holes before the place that was
    /// reached are filled last; the number 0 of a prefix is nobody's.
    pub(crate) fn take(&mut self, prefix: &str) -> Option<String> {
        let digits = DIGITS.checked_sub(prefix.len()).filter(|digits| *digits > 0)?;
        let size = 10_u32.pow(u32::try_from(digits).ok()?);
        let first = prefix.parse::<u32>().ok()?.checked_mul(size)?;
        let from = self.next.get(&first).copied().unwrap_or(first + 1);
        let free = |range: std::ops::Range<u32>| {
            let mut taken = self.ids.range(range.clone()).copied().peekable();
            range.into_iter().find(|id| taken.next_if_eq(id).is_none())
        };
        let id = free(from..first + size).or_else(|| free(first + 1..from))?;
        self.ids.insert(id);
        self.next.insert(first, id + 1);
        Some(format!("{id:0width$}", width = DIGITS))
    }
}

/// Who gives ids. Cheap to clone.
#[derive(Clone)]
pub(crate) struct NrdsIds {
    shared: Arc<Shared>,
}

struct Shared {
    log: Follower,
    dictionary: Arc<Dictionary>,
    taken: Mutex<Taken>,
    /// Whether all records have been read once: that takes a while, and only who gives ids needs it.
    loaded: OnceCell<()>,
}

impl NrdsIds {
    pub(crate) async fn open(store: Store, dictionary: Arc<Dictionary>) -> Result<Self, StoreError> {
        let head = store.head().await?;
        let log = Follower::new(store, HELD.map(|(name, _)| dictionary.known(name).id).into(), head);
        let shared = Shared { log, dictionary, taken: Mutex::default(), loaded: OnceCell::new() };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Knows every id that was written before it was called.
    async fn refresh(&self) -> Result<(), StoreError> {
        self.shared.loaded.get_or_try_init(|| self.load()).await?;
        self.shared.log.catch_up(|changes| self.take(changes)).await.map(drop)
    }

    async fn load(&self) -> Result<(), StoreError> {
        let Shared { log, dictionary, taken, .. } = &*self.shared;
        for (name, field) in HELD {
            let own = dictionary.known(name);
            let mut after = None;
            loop {
                let part = Scan { resource: own.id, feed: None, after, limit: AT_ONCE };
                let found = log.store().scan(part).await?;
                let Some(last) = found.last() else { break };
                after = Some((own.timestamp_of(&last.record), last.key.clone()));
                let mut taken = taken.lock();
                for stored in &found {
                    let id = Named { own, record: &stored.record }.text(field);
                    id.iter().for_each(|id| taken.add(id));
                }
            }
        }
        Ok(())
    }

    fn take(&self, changes: &[Change]) {
        let mut taken = self.shared.taken.lock();
        for change in changes {
            let own = self.shared.dictionary.resource(change.resource);
            let field = HELD.iter().find(|(name, _)| *name == own.name).map_or("", |(_, field)| field);
            let id = change.record.as_ref().and_then(|record| Named { own, record }.text(field));
            id.iter().for_each(|id| taken.add(id));
        }
    }
}

/// An id, and whether it was given now.
pub(crate) struct Given {
    pub(crate) id: Text,
    pub(crate) issued: bool,
}

/// Gives the next free id of a tenant, to a member where one is named; a member who has one keeps it.
///
/// # Errors
/// 409 where the tenant has no prefix or all its ids are given, 404 for a member who is not there.
pub(crate) async fn give(door: &Door, asked: &Asked, member: Option<&str>) -> Result<Given, Refused> {
    let tenant = asked.tenant();
    let prefix = tenant.nrds_prefix.clone().ok_or_else(|| {
        let hint = "Set the tenant's NrdsPrefix first.";
        Fault::new(409, "prefix_missing", "The tenant has no NRDS prefix.", hint)
    })?;
    for _ in 0..MOST_TRIES {
        let kept = match member {
            Some(key) => Some(there(door, tenant, key).await?),
            None => None,
        };
        let own = door.dictionary.known("Member");
        let has = |kept: &Stored| Named { own, record: &kept.record }.text("MemberNationalAssociationId");
        if let Some(id) = kept.as_ref().and_then(has).filter(|id| !id.is_empty()) {
            return Ok(Given { id, issued: false });
        }
        door.nrds.refresh().await?;
        let free = door.nrds.shared.taken.lock().take(&prefix);
        let id = free.map(Text::from).ok_or_else(|| {
            let message = format!("Every NRDS id that begins with {prefix} is given.");
            Fault::new(409, "nrds_ids_used_up", message, "Ask for another prefix of the association.")
        })?;
        match door.store.write(batch(door, asked, &id, kept.as_ref())).await {
            Ok(_) => return Ok(Given { id, issued: true }),
            // Another process was faster with the id, or somebody has changed the member: once more.
            Err(error) if error.kind == ErrorKind::Conflict => {}
            Err(error) => return Err(error.into()),
        }
    }
    let message = "Others were faster each time.";
    Err(Fault::new(503, "busy", message, "Ask again in a moment.").into())
}

async fn there(door: &Door, tenant: &Tenant, key: &str) -> Result<Stored, Refused> {
    let own = door.dictionary.known("Member");
    let kept = door.store.get(own.id, key).await?;
    kept.filter(|kept| kept.feed == tenant.production_feed).ok_or_else(|| {
        let message = format!("The tenant has no member {key:?}.");
        Fault::new(404, "member_unknown", message, "Give the MemberKey of a record in production.").into()
    })
}

fn batch(door: &Door, asked: &Asked, id: &Text, member: Option<&Stored>) -> Batch {
    let (tenant, now) = (asked.tenant(), asked.now);
    let mut batch = Batch::new(asked.actor(), now);
    let record = named(
        door.dictionary.known("NrdsId"),
        [
            ("NrdsId", Some(id.clone().into())),
            ("TenantId", Some(tenant.id.clone().into())),
            ("MemberKey", member.map(|kept| Key::clone(&kept.key).into())),
            ("ActorName", Some(asked.actor().into())),
            ("ModificationTimestamp", Some(now.into())),
        ],
    );
    batch.operations.push(Operation::put_own(record, Expect::Absent));
    if let Some(kept) = member {
        let mut record: Record = (*kept.record).clone();
        let own = door.dictionary.known("Member");
        set_named(&mut record, own, "MemberNationalAssociationId", Some(id.clone().into()));
        batch.operations.push(Operation::Put {
            feed: kept.feed.clone(),
            record,
            expect: Expect::At(kept.sequence),
            stamp: Some(now),
        });
    }
    batch
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AMS-041: nine digits with the prefix, the next free one, none twice, and an end.
    #[test]
    fn ams_041_the_next_free_id_is_nine_digits_with_the_prefix() {
        let mut taken = Taken::default();
        for id in ["274500001", "274500003", "999000001", "27450004", "274500x05"] {
            taken.add(id);
        }
        let ids: Vec<_> = (0..3).map(|_| taken.take("2745").unwrap()).collect();
        assert_eq!(ids, ["274500002", "274500004", "274500005"]);
        assert_eq!(taken.take("0012").as_deref(), Some("001200001"));
        assert_eq!(taken.take("274512345"), None);
        assert_eq!(taken.take("27x"), None);
        let mut few = Taken::default();
        few.add("999999995");
        let all: Vec<_> = std::iter::from_fn(|| few.take("99999999")).collect();
        assert_eq!(all.len(), 8);
        assert!(all.is_sorted() && !all.contains(&"999999995".to_owned()));
        // What somebody takes behind the place that was reached is not given again.
        let mut holes = Taken::default();
        holes.next.insert(999_999_990, 999_999_998);
        let rest: Vec<_> = std::iter::from_fn(|| holes.take("99999999")).collect();
        assert_eq!(rest[..3], ["999999998", "999999999", "999999991"]);
        assert_eq!(rest.len(), 9);
    }
}
