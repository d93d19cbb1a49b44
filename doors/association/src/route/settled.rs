//! What a tenant settles in writing: linking rules, whose word counts for a field, what is reconciled. Each is a record
//! that is set and taken away by its name.

use axum::extract::{Extension, Path, State};
use axum::response::IntoResponse;
use bytes::Bytes;
use dictionary::{Dictionary, Named, Text, set_named};
use http::{HeaderMap, StatusCode};
use odata::Fault;
use store::Expect;

use super::{Handled, delete, get, put};
use crate::answer::{self, Answer};
use crate::guard::Asked;
use crate::keeping::Keeping;
use crate::sync::Contact;
use crate::{Door, asking, reconcile, told};

/// Characters of a name within its tenant.
const LONGEST_NAME: usize = 64;
/// Records of one kind that a tenant has at most.
const MOST: usize = 1_000;

/// A kind of record that is settled.
pub(super) struct Settled {
    resource: &'static str,
    /// The field of its key: the tenant's id, a point, and the name.
    key: &'static str,
    settable: &'static [&'static str],
    needed: &'static [&'static str],
    /// What else may be wrong.
    check: fn(&Dictionary, Named<'_>) -> Vec<Fault>,
}

/// By which a membership is told to others.
pub(super) static RULE: Settled = Settled {
    resource: "LinkingRule",
    key: "LinkingRuleId",
    settable: &[
        "LinkingTarget",
        "MembershipType",
        "MembershipStatus",
        "LinkingAction",
        "LinkedStatus",
        "ReactivationOverdueDays",
    ],
    needed: &["LinkingTarget", "LinkingAction"],
    check: |_, _| Vec::new(),
};

/// Whose word counts for which field.
pub(super) static AUTHORITY: Settled = Settled {
    resource: "FieldAuthority",
    key: "FieldAuthorityId",
    settable: &["ResourceName", "FieldName", "AuthoritySide"],
    needed: &["ResourceName", "FieldName", "AuthoritySide"],
    check: is_field,
};

/// What is compared with what, and when.
pub(super) static PLAN: Settled = Settled {
    resource: "ReconciliationPlan",
    key: "ReconciliationPlanId",
    settable: &[
        "TenantEnvironment",
        "ReconciliationSides",
        "MatchFieldName",
        "ComparedFields",
        "ReconciliationCadence",
    ],
    needed: &["TenantEnvironment"],
    check: reconcile::check,
};

/// Whether an authority names a field of a contact.
fn is_field(dictionary: &Dictionary, named: Named<'_>) -> Vec<Fault> {
    let (resource, field) = (named.text("ResourceName"), named.text("FieldName"));
    let known = resource.as_deref().and_then(Contact::find).map(|contact| contact.resource(dictionary));
    if known.is_some_and(|own| field.as_deref().is_some_and(|field| own.find(field).is_some())) {
        return Vec::new();
    }
    let message =
        format!("{}.{} is no field of a contact.", resource.unwrap_or_default(), field.unwrap_or_default());
    let hint = "Name a field of Member, Office, MemberAssociation or OfficeAssociation.";
    vec![Fault::new(422, "field_unknown", message, hint).about("FieldName")]
}

/// Lists those of a tenant.
pub(super) fn listed(kind: &'static Settled) -> Handled {
    get(move |State(door): State<Door>, Extension(asked): Extension<Asked>| async move {
        list(&door, &asked, kind)
    })
}

/// Sets one by its name; it counts from then on.
pub(super) fn settable(kind: &'static Settled) -> Handled {
    put(
        move |State(door): State<Door>,
              Extension(asked): Extension<Asked>,
              Path((_, name)): Path<(String, String)>,
              headers: HeaderMap,
              body: Bytes| async move { set(&door, &asked, kind, &name, (&headers, &body)).await },
    )
}

/// Takes one away; what was made by it stays.
pub(super) fn ended(kind: &'static Settled) -> Handled {
    delete(
        move |State(door): State<Door>,
              Extension(asked): Extension<Asked>,
              Path((_, name)): Path<(String, String)>| async move {
            end(&door, &asked, kind, &name).await
        },
    )
}

fn list(door: &Door, asked: &Asked, kind: &Settled) -> Answer {
    let all = door.register.of_tenant(kind.resource, &asked.tenant().id);
    answer::ok(&told::list(door.dictionary.known(kind.resource), &all))
}

async fn set(
    door: &Door,
    asked: &Asked,
    kind: &Settled,
    name: &str,
    (headers, body): (&HeaderMap, &Bytes),
) -> Answer {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if !(1..=LONGEST_NAME).contains(&name.len()) || !name.bytes().all(plain) {
        let message = format!("{name:?} is no name of a {}.", kind.resource);
        let hint = "Give 1 to 64 letters, digits, hyphens, underscores and points.";
        return Err(Fault::new(422, "id_wrong", message, hint).about(kind.key).into());
    }
    let own = door.dictionary.known(kind.resource);
    let mut record = asking::record(door, own, headers, body, kind.settable)?.record;
    let read = Named { own, record: &record };
    let missing = kind.needed.iter().filter(|name| read.text(name).is_none_or(|text| text.is_empty()));
    let faults: Vec<Fault> = missing
        .map(|name| {
            let hint = format!("Set {}.", kind.settable.join(", "));
            Fault::new(422, "field_missing", format!("{name} is missing."), hint).about(*name)
        })
        .collect();
    let faults = if faults.is_empty() { (kind.check)(&door.dictionary, read) } else { faults };
    if !faults.is_empty() {
        return Err(Fault::of_all(faults).into());
    }
    let key = Text::from(format!("{}.{name}", asked.tenant().id));
    let before = door.register.get(kind.resource, &key);
    if before.is_none() && door.register.of_tenant(kind.resource, &asked.tenant().id).len() >= MOST {
        let message = format!("A tenant has {MOST} records of {} at most.", kind.resource);
        return Err(Fault::new(409, "too_many", message, "Take those away that no longer count.").into());
    }
    set_named(&mut record, own, kind.key, Some(key.clone().into()));
    set_named(&mut record, own, "TenantId", Some(asked.tenant().id.clone().into()));
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    match asking::version(headers)? {
        Some(version) => keeping.put(record, Expect::At(version)),
        None => keeping.set(before.as_ref(), record),
    }
    door.keep(keeping).await?;
    let stored = door.register.get(kind.resource, &key).ok_or_else(|| gone(kind, name))?;
    answer::ok(&told::kept(own, &stored))
}

async fn end(door: &Door, asked: &Asked, kind: &Settled, name: &str) -> Answer {
    let key = format!("{}.{name}", asked.tenant().id);
    let before = door.register.get(kind.resource, &key).ok_or_else(|| gone(kind, name))?;
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    keeping.remove(&before);
    door.keep(keeping).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn gone(kind: &Settled, name: &str) -> Fault {
    let message = format!("The tenant has no {} {name:?}.", kind.resource);
    Fault::new(404, "not_found", message, "The list has them all.")
}
