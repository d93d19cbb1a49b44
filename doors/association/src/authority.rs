//! Whose word counts, field by field: a change that comes from the other side is applied where the field is that
//! side's, and reported where it is not (AMS-037).

use std::collections::BTreeMap;

use dictionary::{FieldId, Named, Record, Resource, Text, Value, named, set_named};
use odata::Fault;
use odata::json::{Numbers, ReadRecord, write_value};
use odata::page_token::fingerprint;
use store::Stored;

use crate::answer::Refused;
use crate::guard::Asked;
use crate::keeping::Keeping;
use crate::sync::Contact;
use crate::{Door, Tenant};

/// The side that has the say where nobody has declared another.
const OURS: &str = "Association";
/// Characters of a value in a report.
const LONGEST_VALUE: usize = 4_000;
/// Characters of a key as the store keeps it.
const LONGEST_KEY: usize = 255;

/// What becomes of a field that the other side has sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    /// It says what is kept, or what was told.
    Same,
    /// The field is that side's: it is kept.
    Apply,
    /// The field is another's: it is reported, and nothing changes.
    Conflict,
}

/// Judges a value that `side` has sent for a field whose say is with `authority`.
pub(crate) fn fate(
    kept: Option<&Value>,
    told: Option<&Value>,
    sent: Option<&Value>,
    authority: &str,
    side: &str,
) -> Fate {
    if sent == kept || (sent.is_some() && sent == told) {
        Fate::Same
    } else if authority == side {
        Fate::Apply
    } else {
        Fate::Conflict
    }
}

/// What was done with a change.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) applied: Vec<Text>,
    pub(crate) unchanged: Vec<Text>,
    /// The field, and whose it is.
    pub(crate) conflicts: Vec<(Text, Text)>,
}

/// Who has the say over each field of a resource, where somebody has declared it.
fn authorities(door: &Door, tenant: &Tenant, resource: &str) -> BTreeMap<Text, Text> {
    let own = door.dictionary.known("FieldAuthority");
    let all = door.register.of_tenant("FieldAuthority", &tenant.id);
    let read = |stored: &Stored| {
        let named = Named { own, record: &stored.record };
        (named.text("ResourceName")? == resource)
            .then(|| Some((named.text("FieldName")?, named.text("AuthoritySide")?)))?
    };
    all.iter().filter_map(read).collect()
}

/// Takes a change of a contact from the other side of the integration: all fields that are its own are kept, all
/// others are reported, in one transaction.
///
/// # Errors
/// 403 where the key may not write, 404 where the contact is not there.
pub(crate) async fn take(
    door: &Door,
    asked: &Asked,
    contact: Contact,
    key: &str,
    sent: &ReadRecord,
) -> Result<Done, Refused> {
    let (tenant, environment) = (asked.tenant(), asked.environment());
    let own = contact.resource(&door.dictionary);
    let feed = tenant.feed(environment);
    if !asked.caller.may_write(feed, own.id) {
        let message = format!("The key may not write {} there.", own.name);
        let hint = "A key that writes is asked for, and approved twice: POST …/key.";
        return Err(Fault::new(403, "write_not_granted", message, hint).into());
    }
    let kept = door.store.get(own.id, key).await?.filter(|kept| kept.feed == *feed).ok_or_else(|| {
        let message = format!("There is no {} {key:?}.", own.name);
        Fault::new(404, "contact_unknown", message, "New contacts are the association's to make.")
    })?;
    let setting = door.setting(asked.integration(), environment);
    let convert = door.converting(asked.integration().kind, setting.mapping.as_deref());
    // Field by field: a word without a mapping elsewhere says nothing of this one.
    let told = |id: FieldId| {
        let alone = [Some(id), own.find("MemberStatus"), own.find("OfficeStatus")].into_iter().flatten();
        let mut part = Record::new(own.id);
        for field in alone {
            kept.record.get(field).into_iter().for_each(|value| drop(part.set(field, value.clone())));
        }
        convert(own, &part).ok()?.get(id).cloned()
    };
    let declared = authorities(door, tenant, &own.name);
    let side = asked.integration().kind.name();
    let (mut done, mut record) = (Done::default(), (*kept.record).clone());
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    let values = sent.record.iter().map(|(id, value)| (id, Some(value)));
    for (id, value) in values.chain(sent.nulls.iter().map(|id| (*id, None))) {
        let field = &own.field(id).name;
        if own.key.contains(&id) || own.timestamp == Some(id) {
            continue;
        }
        let authority = declared.get(field).map_or(OURS, Text::as_str);
        match fate(kept.record.get(id), told(id).as_ref(), value, authority, side) {
            Fate::Same => done.unchanged.push(field.clone()),
            Fate::Apply => {
                set_named(&mut record, own, field, value.cloned());
                done.applied.push(field.clone());
            }
            Fate::Conflict => {
                let about = (own, key, field.as_str());
                conflict(door, asked, &mut keeping, about, (kept.record.get(id), value), authority);
                done.conflicts.push((field.clone(), authority.into()));
            }
        }
    }
    if !done.applied.is_empty() {
        keeping.put_in(feed.clone(), record, store::Expect::At(kept.sequence));
    }
    door.keep(keeping).await?;
    Ok(done)
}

/// Reports a conflict; the same one again is one report.
fn conflict(
    door: &Door,
    asked: &Asked,
    keeping: &mut Keeping,
    (own, key, field): (&Resource, &str, &str),
    (kept, sent): (Option<&Value>, Option<&Value>),
    authority: &str,
) {
    let of = asked.integration();
    let environment = asked.environment().name();
    let mut id = format!("{}|{environment}|{}|{field}|{key}", of.id, own.name);
    if id.chars().count() > LONGEST_KEY {
        let print = fingerprint(&[&id]);
        id = id.chars().take(LONGEST_KEY - 17).collect();
        id = format!("{id}|{print:016x}");
    }
    let record: Record = named(
        door.dictionary.known("FieldConflict"),
        [
            ("FieldConflictId", Some(id.into())),
            ("IntegrationId", Some(of.id.clone().into())),
            ("TenantId", Some(of.tenant.clone().into())),
            ("TenantEnvironment", Some(environment.into())),
            ("ResourceName", Some(own.name.clone().into())),
            ("ResourceRecordKey", Some(key.into())),
            ("FieldName", Some(field.into())),
            ("AuthoritySide", Some(authority.into())),
            ("KeptValue", kept.map(shown)),
            ("SentValue", sent.map(shown)),
            ("ClientId", Some(asked.caller.client().clone().into())),
        ],
    );
    keeping.put(record, store::Expect::Any);
}

/// A value as JSON, cut where it is long.
fn shown(value: &Value) -> Value {
    let mut bytes = Vec::new();
    write_value(&mut bytes, value.view(), Numbers::Plain);
    let text = String::from_utf8_lossy(&bytes);
    Value::from(text.chars().take(LONGEST_VALUE).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AMS-037: a change counts where the field is that side's, is reported where it is another's, and is nothing
    /// where it says what was told.
    #[test]
    fn ams_037_the_declared_side_has_the_say() {
        let check = |kept: &str, told: &str, sent: &str, authority: &str, expect: Fate| {
            let value = |text: &str| (!text.is_empty()).then(|| Value::from(text));
            let (kept, told, sent) = (value(kept), value(told), value(sent));
            let found = fate(kept.as_ref(), told.as_ref(), sent.as_ref(), authority, "MLS");
            assert_eq!(found, expect, "{kept:?} {told:?} {sent:?} {authority}");
        };
        check("Ann", "Ann", "Ann", "Association", Fate::Same);
        check("Active", "A", "A", "Association", Fate::Same);
        check("Active", "A", "Active", "MLS", Fate::Same);
        check("Ann", "Ann", "Anne", "Association", Fate::Conflict);
        check("Ann", "Ann", "Anne", "Lockbox", Fate::Conflict);
        check("Ann", "Ann", "Anne", "MLS", Fate::Apply);
        check("Ann", "Ann", "", "Association", Fate::Conflict);
        check("Ann", "Ann", "", "MLS", Fate::Apply);
        check("", "", "Anne", "Association", Fate::Conflict);
        check("", "", "", "Association", Fate::Same);
    }
}
