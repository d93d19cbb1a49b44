//! One reconciliation, and those that are due.

use std::collections::BTreeMap;
use std::sync::Arc;

use dictionary::{Key, Named, Record, Resource, Text, Timestamp, Value, named, set_named};
use odata::json::{Numbers, write_value};
use query::Scope;
use store::{Expect, Sequence, Stored};

use super::compare::{Compared, Entries, Entry, compare};
use super::plan::{Plan, Side};
use crate::answer::Refused;
use crate::keeping::Keeping;
use crate::linking::SuspensionWindow;
use crate::sync::{Contact, Judge, Snapshot, Verdict, rules};
use crate::{Door, Kind, Tenant, schedule};

/// Contacts judged at once.
const AT_ONCE: usize = 2_000;
/// Bytes of a report: the store keeps a record of a megabyte.
const LONGEST_REPORT: usize = 900_000;
/// The fields that say how a contact stands.
const STATUS: [(&str, &str); 4] = [
    ("Office", "OfficeStatus"),
    ("Member", "MemberStatus"),
    ("OfficeAssociation", "OfficeAssociationStatus"),
    ("MemberAssociation", "MemberAssociationStatus"),
];

/// Reconciles a plan's sides now, and keeps the report.
///
/// # Errors
/// The store does not answer; 409 where somebody else reconciles at the same moment.
pub(crate) async fn reconcile(
    door: &Door,
    tenant: &Tenant,
    plan: &Plan,
    actor: Text,
    now: Timestamp,
) -> Result<Stored, Refused> {
    // Whoever moves the plan's mark makes the report: of two, one.
    let of_plan = door.dictionary.known("ReconciliationPlan");
    let mut mark = (*plan.stored.record).clone();
    set_named(&mut mark, of_plan, "LastReconciledTimestamp", Some(now.into()));
    let mut keeping = Keeping::new(actor.clone(), now);
    keeping.put(mark, Expect::At(plan.stored.sequence));
    door.keep(keeping).await?;
    let upto = door.store.head().await?;
    let mut sides: BTreeMap<&str, BTreeMap<&str, Compared>> = BTreeMap::new();
    for side in &plan.sides {
        let reconciled = sides.entry(side.name.as_str()).or_default();
        for contact in Contact::ALL {
            let here = ours(door, tenant, plan, side, contact, (upto, now)).await?;
            let there = theirs(door, plan, side, contact, upto).await?;
            reconciled.insert(contact.name(), compare(&here, &there, &plan.fields(contact)));
        }
    }
    let found: u64 = sides.values().flat_map(BTreeMap::values).map(Compared::found).sum();
    let text = spelled(sides);
    let id = format!("{}.{}.{}", tenant.id, plan.environment.name().to_lowercase(), now.as_microsecond());
    let own = door.dictionary.known("Reconciliation");
    let record = named(
        own,
        [
            ("ReconciliationId", Some(Text::from(id.as_str()).into())),
            ("TenantId", Some(tenant.id.clone().into())),
            ("TenantEnvironment", Some(plan.environment.name().into())),
            ("ActorName", Some(actor.clone().into())),
            ("StartedTimestamp", Some(now.into())),
            ("UptoSequence", Some(Value::Integer(i64::try_from(upto).unwrap_or(i64::MAX)))),
            ("DifferencesFound", Some(Value::Integer(i64::try_from(found).unwrap_or(i64::MAX)))),
            ("ReconciliationText", Some(text.into())),
        ],
    );
    let mut keeping = Keeping::new(actor, now);
    keeping.put(record, Expect::Any);
    door.keep(keeping).await?;
    let kept = door.store.get(own.id, &id).await?;
    kept.ok_or_else(|| {
        let hint = "Ask for the list of reconciliations.";
        odata::Fault::new(503, "not_read_yet", "The report could not be read again.", hint).into()
    })
}

/// The report; where it is too long, with fewer differences listed.
fn spelled(mut sides: BTreeMap<&str, BTreeMap<&str, Compared>>) -> String {
    loop {
        let text = serde_json::to_string(&sides).expect("texts and counts have a form in JSON");
        let all = sides.values_mut().flat_map(BTreeMap::values_mut);
        if text.len() <= LONGEST_REPORT {
            return text;
        }
        all.for_each(|one| one.differences.truncate(one.differences.len() / 2));
    }
}

/// What the association would tell a side.
async fn ours(
    door: &Door,
    tenant: &Tenant,
    plan: &Plan,
    side: &Side,
    contact: Contact,
    (upto, now): (Sequence, Timestamp),
) -> Result<Entries, Refused> {
    let integrations = door.integrations(&tenant.id);
    let of = integrations.iter().find(|one| one.kind.name() == side.name.as_str());
    let mapping = of.and_then(|of| door.setting(of, plan.environment).mapping);
    // An MLS without a mapping is told nothing, which would differ in everything: then words are held against words.
    let kind = of.filter(|_| mapping.is_some()).map_or(Kind::Sso, |of| of.kind);
    let judge = Judge {
        dictionary: Arc::clone(&door.dictionary),
        target: Some(side.target),
        rules: rules(door, &tenant.id, upto, upto).await?,
        suspension: tenant.suspension_year.map(|year| SuspensionWindow { year }),
        today: now.to_zoned(tenant.zone()).date(),
        now,
        association: tenant.association_key.clone(),
        convert: door.converting(kind, mapping.as_deref()),
        scope: Arc::new(Scope::everything()),
    };
    let feed = tenant.feed(plan.environment).clone();
    let snapshot = Snapshot::new(door.store.clone(), Arc::clone(&door.dictionary), feed, upto);
    let own = contact.resource(&door.dictionary);
    let fields = plan.fields(contact);
    let mut entries = Entries::new();
    for part in keys(&snapshot, contact).await?.chunks(AT_ONCE) {
        for (key, (_, verdict)) in part.iter().zip(judge.judge(&snapshot, contact, part).await?) {
            if let Verdict::Tell(record) = verdict {
                entries.extend(entry(own, (contact, &snapshot.feed), plan, key, &record, &fields));
            }
        }
    }
    Ok(entries)
}

/// What a side has.
async fn theirs(
    door: &Door,
    plan: &Plan,
    side: &Side,
    contact: Contact,
    upto: Sequence,
) -> Result<Entries, Refused> {
    let (store, dictionary) = (door.store.clone(), Arc::clone(&door.dictionary));
    let snapshot = Snapshot::new(store, dictionary, side.feed.clone(), upto);
    let own = contact.resource(&door.dictionary);
    let fields = plan.fields(contact);
    let mut entries = Entries::new();
    for part in keys(&snapshot, contact).await?.chunks(AT_ONCE) {
        for stored in snapshot.look(contact, part).await?.into_iter().flatten() {
            entries.extend(entry(own, (contact, &side.feed), plan, &stored.key, &stored.record, &fields));
        }
    }
    Ok(entries)
}

async fn keys(snapshot: &Snapshot, contact: Contact) -> Result<Vec<Key>, Refused> {
    let mut keys = Vec::new();
    snapshot.keys(contact, |key, _| keys.push(key)).await?;
    Ok(keys)
}

/// A contact as it is compared; none of a member without the field that members are matched by.
fn entry(
    own: &Resource,
    (contact, feed): (Contact, &str),
    plan: &Plan,
    key: &Key,
    record: &Record,
    fields: &[String],
) -> Option<(String, Entry)> {
    let named = Named { own, record };
    let matched = match (&plan.match_by, contact) {
        (Some(field), Contact::Member) => named.text(field)?.to_string(),
        _ => bare(key, feed),
    };
    let status = STATUS.iter().find(|(name, _)| *name == contact.name()).map_or("", |(_, field)| field);
    let text = |field: &String| {
        let text = named.value(field).map(spoken).unwrap_or_default();
        if field.ends_with("Key") { bare(&text, feed) } else { text }
    };
    let status = named.text(status).unwrap_or_default().to_string();
    Some((matched, Entry { status, fields: fields.iter().map(text).collect() }))
}

/// A key without the name of its feed: keys are unique in a resource whatever the feed, so that a copy of the same
/// contact has the feed's name before its own, part by part.
pub(super) fn bare(key: &str, feed: &str) -> String {
    let part = |part: &str| match part.strip_prefix(feed) {
        Some(rest) => rest.trim_start_matches(|c: char| !c.is_alphanumeric()).to_owned(),
        None => part.to_owned(),
    };
    key.split('|').map(part).collect::<Vec<_>>().join("|")
}

/// A value as text: that of a text as it is, of others as JSON has it.
fn spoken(value: &Value) -> String {
    if let Some(text) = value.as_text() {
        return text.to_owned();
    }
    let mut bytes = Vec::new();
    write_value(&mut bytes, value.view(), Numbers::Plain);
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Door {
    /// Reconciles what is due by its cadence; times that passed while nobody worked are made up for by one.
    pub(crate) async fn reconcile_due(&self, now: Timestamp) {
        for stored in self.register.all("ReconciliationPlan") {
            let since = stored.at;
            let Some(plan) = Plan::read(&self.dictionary, stored) else { continue };
            let Some(tenant) = self.tenant(&plan.tenant) else { continue };
            let Some(cadence) = plan.cadence.clone() else { continue };
            let runs = schedule::Plan::new(cadence, tenant.zone());
            if schedule::due(&runs, plan.last.unwrap_or(since), now).is_none() {
                continue;
            }
            if let Err(refused) = reconcile(self, &tenant, &plan, "association/watch".into(), now).await {
                tracing::warn!(tenant = tenant.id.as_str(), "it was not reconciled: {refused:?}");
            }
        }
    }
}
