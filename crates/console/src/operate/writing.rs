//! Writing records of Freehold's own resources.

use dictionary::{Dictionary, FieldId, Origin, Record, Resource, ResourceId, Text, Value, check};
use gate::{OWN_FEED, check_client, check_grant};
use intake::{check_mapping, check_source};
use odata::Fault;
use store::{Batch, ErrorKind, Expect, Operation, Sequence, Stored};

use super::faults::{not_there, of_field, of_record};
use super::reading::{Part, list};
use super::{Act, Desk, of_store};

/// Keeps a new record.
///
/// # Errors
/// 409 where its key is taken, 422 with every fault of the record.
pub async fn create(desk: &Desk, act: &Act, resource: &str, record: Record) -> Result<Stored, Fault> {
    let resource = desk.resource(resource)?;
    if resource.name == "ClientKey" {
        return Err(Fault::new(
            405,
            "key_is_issued",
            "A key is not written but issued, for its secret is made here.",
            "POST /admin/Client/{key}/keys, or `freehold operate issue-key`.",
        ));
    }
    let sealed = resource.find("SealedCredential").filter(|id| record.get(*id).is_some());
    if sealed.is_some() {
        let hint = "POST /admin/Source/{key}/credential, or `freehold operate set-credential`.";
        return Err(
            Fault::new(422, "field_fixed", "A credential is sealed here.", hint).about("SealedCredential")
        );
    }
    if let Some(hint) = made_elsewhere(&resource.name) {
        let message = format!("A record of {} is not written by itself.", resource.name);
        return Err(Fault::new(405, "made_elsewhere", message, hint));
    }
    put(desk, act, resource.id, record, Expect::Absent).await
}

/// Changes the fields that `given` holds, takes the values of `cleared` away, and leaves the others.
/// `version` is what the record must still be, where the operator has read it before.
///
/// # Errors
/// 404 where there is none, 409 where it has changed since `version`, 422 with every fault.
pub async fn update(
    desk: &Desk,
    act: &Act,
    resource: &str,
    key: &str,
    given: &Record,
    cleared: &[FieldId],
    version: Option<Sequence>,
) -> Result<Stored, Fault> {
    let resource = desk.resource(resource)?;
    let kept = desk.store.get(resource.id, key).await.map_err(of_store)?;
    let kept = kept.ok_or_else(|| not_there(&resource.name, key))?;
    let mut record = (*kept.record).clone();
    let all = given.iter().map(|(id, value)| (id, Some(value))).chain(cleared.iter().map(|id| (*id, None)));
    let mut faults = Vec::new();
    for (id, value) in all {
        let field = resource.field(id);
        if record.get(id) == value || Some(id) == resource.timestamp {
            continue;
        }
        if field.key || !may_change(resource, &field.name) {
            let message = format!("{} is not to be changed.", field.name);
            let hint = "Make another and remove this one.";
            faults.push(Fault::new(422, "field_fixed", message, hint).about(field.name.as_str()));
            continue;
        }
        match value {
            Some(value) => drop(record.set(id, value.clone())),
            None => drop(record.clear(id)),
        }
    }
    if !faults.is_empty() {
        return Err(of_record(&resource.name, faults));
    }
    put(desk, act, resource.id, record, Expect::At(version.unwrap_or(kept.sequence))).await
}

/// Of a key only its name and its end are an operator's to change: the rest says whose it is.
fn may_change(resource: &Resource, field: &str) -> bool {
    match resource.name.as_str() {
        "ClientKey" => matches!(field, "ClientKeyName" | "ExpirationTimestamp"),
        // Where an endpoint is, and what it is signed with, is said when it is registered.
        "Endpoint" => matches!(
            field,
            "EndpointName" | "DeliveryFormat" | "OrderedYN" | "RequestsPerSecond" | "ConcurrentRequests"
        ),
        // What a source's server gave is sealed when it is given.
        "Source" => field != "SealedCredential",
        other => made_elsewhere(other).is_none(),
    }
}

/// Where the records of a resource are made that are not written by themselves: what they say has been judged there.
fn made_elsewhere(resource: &str) -> Option<&'static str> {
    match resource {
        "Endpoint" | "Event" | "Replay" => {
            Some("Endpoints are registered, events published, replays ordered: docs/reference/webhooks.md.")
        }
        "Integration"
        | "IntegrationSetting"
        | "IntegrationTransition"
        | "ChecklistItem"
        | "OnboardingTicket"
        | "KeyRequest"
        | "DataFile"
        | "MappingSet"
        | "ContactImport" => {
            Some("It comes of an onboarding at /association: docs/how-to/association-to-live.md.")
        }
        "ForcedResync" | "SyncState" | "SyncRun" | "HeldContact" | "NrdsId" | "FieldConflict"
        | "Reconciliation" => Some("It comes of a sync at /association."),
        "Alert" => Some("It comes of a sync at /association or of an import at /lockbox."),
        "ImportSetting" | "ImportBatch" | "ImportFindings" | "QuarantinedRow" | "UserPhoto" => {
            Some("It comes of an import at /lockbox: docs/how-to/lockbox-import.md.")
        }
        "LockboxCode" | "LockboxAuditLink" => Some("It comes of what is asked at /lockbox."),
        _ => None,
    }
}

/// Removes a record that no other refers to; what it was stays in the log.
///
/// # Errors
/// 404 where there is none, 409 where others refer to it or it has changed since `version`.
pub async fn remove(
    desk: &Desk,
    act: &Act,
    resource: &str,
    key: &str,
    version: Option<Sequence>,
) -> Result<(), Fault> {
    let resource = desk.resource(resource)?;
    if resource.name == "LockboxAuditLink" {
        let message = "What was written down stays written down.";
        let hint = "A link that is gone breaks the chain: it would be found.";
        return Err(Fault::new(405, "made_elsewhere", message, hint));
    }
    let kept = desk.store.get(resource.id, key).await.map_err(of_store)?;
    let kept = kept.ok_or_else(|| not_there(&resource.name, key))?;
    for (from, field) in referring(desk, resource.id) {
        let part = Part { after: None, limit: 1, fields: vec![(field, Text::new(key))] };
        let found = list(desk, &from.name, &part).await?;
        // A listing with a place and no record has not seen everything: then better not remove.
        if !found.records.is_empty() || found.next.is_some() {
            return Err(Fault::new(
                409,
                "still_referred_to",
                format!("There are records of {} that refer to this {}.", from.name, resource.name),
                format!("Remove those first: GET /admin/{}?{}={key}", from.name, from.field(field).name),
            ));
        }
    }
    let mut batch = Batch::new(act.actor.clone(), act.now);
    batch.operations.push(Operation::Remove {
        resource: resource.id,
        key: key.into(),
        expect: Expect::At(version.unwrap_or(kept.sequence)),
    });
    desk.store.write(batch).await.map_err(of_store)?;
    desk.tell_gate().await;
    Ok(())
}

/// The fields of Freehold's own resources that name a record of `target`.
fn referring(desk: &Desk, target: ResourceId) -> Vec<(&Resource, FieldId)> {
    let links = |r: &'_ Resource| -> Vec<FieldId> {
        r.links.iter().filter(|l| !l.many && l.target == target).map(|l| l.join.source).collect()
    };
    desk.resources().flat_map(|r| links(r).into_iter().map(move |field| (r, field))).collect()
}

/// Checks a record and keeps it.
pub(super) async fn put(
    desk: &Desk,
    act: &Act,
    resource: ResourceId,
    record: Record,
    expect: Expect,
) -> Result<Stored, Fault> {
    put_with(desk, act, resource, record, expect, None).await
}

/// Checks a record and keeps it, and something else with it: both or neither.
pub(super) async fn put_with(
    desk: &Desk,
    act: &Act,
    resource: ResourceId,
    mut record: Record,
    expect: Expect,
    with: Option<Operation>,
) -> Result<Stored, Fault> {
    let resource = desk.dictionary.resource(resource);
    if let Some(field) = resource.timestamp {
        record.set(field, act.now);
    }
    assume(resource, &mut record);
    let mut faults: Vec<Fault> = check(&desk.dictionary, &record).into_iter().map(of_field).collect();
    faults.extend(ids(resource, &record));
    faults.extend(own_words(desk, resource, &record));
    faults.extend(references(desk, resource, &record).await?);
    if !faults.is_empty() {
        return Err(of_record(&resource.name, faults));
    }
    let Some(key) = resource.key_of(&record) else { return Err(not_there(&resource.name, "")) };
    let mut batch = Batch::new(act.actor.clone(), act.now);
    let stamp = Some(act.now);
    batch.operations.push(Operation::Put { feed: OWN_FEED.into(), record, expect, stamp });
    batch.operations.extend(with);
    desk.store.write(batch).await.map_err(|error| {
        if error.kind == ErrorKind::Conflict && expect == Expect::Absent && error.operation == Some(0) {
            let message = format!("There is a {} {key:?} already.", resource.name);
            return Fault::new(409, "already_there", message, "Change that one, or take another id.");
        }
        of_store(error)
    })?;
    desk.tell_gate().await;
    let kept = desk.store.get(resource.id, &key).await.map_err(of_store)?;
    kept.ok_or_else(|| not_there(&resource.name, &key))
}

/// Faults that the dictionary does not know of: the gate's own words.
fn own_words(desk: &Desk, resource: &Resource, record: &Record) -> Vec<Fault> {
    let (faults, code, hint) = match resource.name.as_str() {
        "Grant" => (
            check_grant(&desk.dictionary, record, desk.row_filters.as_ref()),
            "grant_wrong",
            "A grant with a fault would show nothing.",
        ),
        "Client" => (
            check_client(&desk.dictionary, record),
            "client_wrong",
            "A client with a fault would be let in from nowhere.",
        ),
        "Source" => {
            (check_source(&desk.dictionary, record), "source_wrong", "A source with a fault would never run.")
        }
        "Mapping" => (
            check_mapping(&desk.dictionary, record),
            "mapping_wrong",
            "docs/reference/mapping-file.md lists every setting.",
        ),
        "Subscription" | "TopicGrant" | "DataPolicy" => (
            outflow::check_standing(&desk.dictionary, record),
            "field_wrong",
            "docs/reference/webhooks.md says what each field takes.",
        ),
        _ => return Vec::new(),
    };
    faults.into_iter().map(|(field, message)| Fault::new(422, code, message, hint).about(field)).collect()
}

/// What is meant where nothing is said.
const ASSUMED: [(&str, &str); 6] = [
    ("ClientStatus", "Active"),
    ("FeedStatus", "Active"),
    ("AccessLevel", "Read"),
    ("SourceType", "File"),
    ("SourceStatus", "Active"),
    ("SubscriptionStatus", "Active"),
];

/// Sets what is meant where nothing is said.
fn assume(resource: &Resource, record: &mut Record) {
    for (name, value) in ASSUMED {
        if let Some(field) = resource.find(name)
            && resource.field(field).origin == Origin::Freehold
            && record.get(field).is_none()
        {
            record.set(field, value);
        }
    }
}

/// Ids stand in addresses, in tokens and in keys of several parts: letters, digits and `. _ - @`.
fn ids(resource: &Resource, record: &Record) -> Vec<Fault> {
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-@".contains(&b));
    let wrong = |id: &&FieldId| record.get(**id).and_then(Value::as_text).is_some_and(|text| !plain(text));
    let fault = |id: &FieldId| {
        let name = &resource.field(*id).name;
        let hint = "Use letters, digits, point, underscore, hyphen and @.";
        Fault::new(422, "id_wrong", format!("{name} holds other characters than an id may."), hint)
            .about(name.as_str())
    };
    resource.key.iter().filter(wrong).map(fault).collect()
}

/// Names of records that are not there.
async fn references(desk: &Desk, resource: &Resource, record: &Record) -> Result<Vec<Fault>, Fault> {
    let mut faults = Vec::new();
    for link in resource.links.iter().filter(|link| !link.many && own(&desk.dictionary, link.target)) {
        let Some(key) = record.get(link.join.source).and_then(Value::as_text) else { continue };
        if desk.store.get(link.target, key).await.map_err(of_store)?.is_none() {
            let (field, target) = (resource.field(link.join.source), desk.dictionary.resource(link.target));
            let message = format!("There is no {} {key:?}.", target.name);
            let hint = format!("Make it first: POST /admin/{}", target.name);
            faults.push(Fault::new(422, "reference_missing", message, hint).about(field.name.as_str()));
        }
    }
    Ok(faults)
}

fn own(dictionary: &Dictionary, resource: ResourceId) -> bool {
    dictionary.resource(resource).origin == Origin::Freehold
}
