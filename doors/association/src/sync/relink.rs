//! Members who have not changed and are to be told anew: their membership has, or the rules have (AMS-036).

use std::collections::BTreeSet;

use dictionary::Key;
use store::{Sequence, StoreError};

use super::Contact;
use super::candidates::{Candidate, Candidates};
use super::judge::Judge;
use super::snapshot::Snapshot;

/// Members looked at at once.
const AT_ONCE: usize = 1_000;

/// Adds each member and membership of whom another thing is decided at the end of the window than at its beginning,
/// `after`, where `before` are who decided then.
pub(super) async fn relink(
    candidates: &mut Candidates,
    snapshot: &Snapshot,
    after: Sequence,
    (before, now): (&Judge, &Judge),
) -> Result<(), StoreError> {
    if now.target.is_none() {
        return Ok(());
    }
    let mut members: BTreeSet<Key> = candidates.0[Contact::Member.index()].keys().cloned().collect();
    let memberships = &candidates.0[Contact::MemberAssociation.index()];
    let start = format!("{}|", now.association);
    members.extend(memberships.keys().filter_map(|key| key.strip_prefix(&start)).map(Key::from));
    if before.rules != now.rules {
        snapshot.keys(Contact::Member, |key, _| members.extend([key])).await?;
    }
    let then = snapshot.at(after);
    let members: Vec<Key> = members.into_iter().collect();
    for part in members.chunks(AT_ONCE) {
        let memberships: Vec<Key> = part.iter().map(|key| now.membership_key(key)).collect();
        let theirs = snapshot.look(Contact::MemberAssociation, &memberships).await?;
        let told = |contact, key: &Key| candidates.get(contact, key).is_some();
        // Whoever is told anyway, and whoever has nothing beside what is told, need not be weighed.
        let weighed = part.iter().zip(&memberships).zip(&theirs).filter(|((key, membership), theirs)| {
            let beside = theirs.is_none() || told(Contact::MemberAssociation, membership);
            !(told(Contact::Member, key) && beside)
        });
        let part: Vec<Key> = weighed.map(|((key, _), _)| key.clone()).collect();
        let decided = before.decisions(&then, &part).await?;
        let decides = now.decisions(snapshot, &part).await?;
        let differ = part.iter().zip(decided.iter().zip(&decides)).filter(|(_, (was, is))| was != is);
        let differ: Vec<Key> = differ.map(|(key, _)| key.clone()).collect();
        let memberships: Vec<Key> = differ.iter().map(|key| now.membership_key(key)).collect();
        let there = snapshot.look(Contact::Member, &differ).await?;
        let theirs = snapshot.look(Contact::MemberAssociation, &memberships).await?;
        for (at, (key, membership)) in differ.into_iter().zip(memberships).enumerate() {
            let known = [
                candidates.get(Contact::Member, &key),
                candidates.get(Contact::MemberAssociation, &membership),
            ];
            // By a rule alone: there is no entry of its own, and it comes last.
            let order = known.into_iter().flatten().map(|one| one.order).max().unwrap_or(snapshot.upto);
            let candidate = Candidate { order, forced: false };
            if there[at].is_some() {
                candidates.add(Contact::Member, key, candidate);
            }
            if theirs[at].is_some() {
                candidates.add(Contact::MemberAssociation, membership, candidate);
            }
        }
    }
    Ok(())
}
