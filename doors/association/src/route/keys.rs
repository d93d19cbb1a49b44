//! A vendor's key: from nothing to reading to writing, each a request that two people approve (AMS-017). Its
//! instants are kept, so that how long each took can be measured.

use axum::extract::{Extension, State};
use bytes::Bytes;
use dictionary::{Named, Record, Text, Value, named, set_named};
use gate::{IssuedKey, TenantEnvironment};
use http::HeaderMap;
use odata::Fault;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use store::{Expect, Stored};

use super::grants::no_randomness;
use crate::answer::{self, Answer, Refused};
use crate::guard::Asked;
use crate::keeping::Keeping;
use crate::onboarding::gather::key_client;
use crate::words::KeyAccess;
use crate::{Door, asking, told};

/// What a vendor's key reads and writes, and nothing else.
const RESOURCES: [&str; 4] = ["Member", "Office", "MemberAssociation", "OfficeAssociation"];

/// What is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    access: String,
}

fn requests(door: &Door, asked: &Asked) -> Vec<Stored> {
    let start = format!("{}.", key_client(asked.integration(), asked.environment()));
    door.register.beginning("KeyRequest", &start)
}

fn access(door: &Door, asked: &Asked) -> KeyAccess {
    door.key_access(asked.tenant(), asked.integration(), asked.environment(), asked.now)
}

/// What the key opens, and every request with how long it took.
pub(super) async fn read(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    answer::ok(&shown(&door, &asked))
}

fn shown(door: &Door, asked: &Asked) -> Json {
    let own = door.dictionary.known("KeyRequest");
    let one = |stored: &Stored| {
        let mut told = told::kept(own, stored);
        let read = Named { own, record: &stored.record };
        let ends = read.instant("SecondApprovedTimestamp");
        if let (Some(from), Some(to)) = (read.instant("RequestedTimestamp"), ends) {
            told["waitSeconds"] = json!(to.as_second() - from.as_second());
        }
        told
    };
    json!({
        "clientId": key_client(asked.integration(), asked.environment()).as_str(),
        "access": access(door, asked).name(),
        "requests": requests(door, asked).iter().map(one).collect::<Vec<_>>(),
    })
}

/// The request that waits for approvals, where there is one.
fn pending(door: &Door, asked: &Asked) -> Option<Stored> {
    let own = door.dictionary.known("KeyRequest");
    let last = requests(door, asked).pop()?;
    let done = Named { own, record: &last.record }.instant("SecondApprovedTimestamp").is_some();
    (!done).then_some(last)
}

/// Asks for the next access.
pub(super) async fn request(
    State(door): State<Door>,
    Extension(asked): Extension<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let Sent { access: wanted } = asking::object(&headers, &body)?;
    let wanted = KeyAccess::find(&wanted).filter(|access| *access != KeyAccess::None).ok_or_else(|| {
        Fault::bad("access_wrong", format!("{wanted:?} cannot be asked for."), "Ask for Read or Write.")
            .about("access")
    })?;
    if pending(&door, &asked).is_some() {
        let message = "A request waits for its approvals already.";
        return Err(Fault::new(409, "request_pending", message, "POST …/key/approvals approves it.").into());
    }
    let has = access(&door, &asked);
    let next = match has {
        KeyAccess::None => KeyAccess::Read,
        KeyAccess::Read | KeyAccess::Write => KeyAccess::Write,
    };
    if wanted != next || has == wanted {
        let message = format!("The key opens {}; {} does not follow on it.", has.name(), wanted.name());
        let hint = "A key goes from None to Read, and from Read to Write.";
        return Err(Fault::new(409, "access_not_next", message, hint).about("access").into());
    }
    let of = asked.integration();
    let client = key_client(of, asked.environment());
    let number = requests(&door, &asked).len() + 1;
    let record = named(
        door.dictionary.known("KeyRequest"),
        [
            ("KeyRequestId", Some(Text::from(format!("{client}.{number:04}")).into())),
            ("IntegrationId", Some(of.id.clone().into())),
            ("TenantId", Some(of.tenant.clone().into())),
            ("TenantEnvironment", Some(asked.environment().name().into())),
            ("ClientId", Some(client.into())),
            ("KeyAccessBefore", Some(has.into())),
            ("KeyAccessRequested", Some(wanted.into())),
            ("RequestedBy", Some(asked.actor().into())),
            ("RequestedTimestamp", Some(asked.now.into())),
        ],
    );
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    keeping.add(record);
    door.keep(keeping).await?;
    answer::made(&shown(&door, &asked))
}

/// Approves what is asked for. The second of two people opens the key; where it is new, its secret is told
/// this once.
pub(super) async fn approve(State(door): State<Door>, Extension(asked): Extension<Asked>) -> Answer {
    let own = door.dictionary.known("KeyRequest");
    let kept = pending(&door, &asked).ok_or_else(|| {
        let message = "No request waits for an approval.";
        Fault::new(409, "nothing_pending", message, "POST …/key asks for the next access.")
    })?;
    let read = Named { own, record: &kept.record };
    let mut record = (*kept.record).clone();
    let mut keeping = Keeping::new(asked.actor(), asked.now);
    let Some(first) = read.text("FirstApprovedBy") else {
        set_named(&mut record, own, "FirstApprovedBy", Some(asked.actor().into()));
        set_named(&mut record, own, "FirstApprovedTimestamp", Some(asked.now.into()));
        keeping.change(&kept, record);
        door.keep(keeping).await?;
        return answer::ok(&shown(&door, &asked));
    };
    if first == asked.actor() {
        let message = "You have approved this already.";
        let hint = "Somebody else approves it, too: two people open a key.";
        return Err(Fault::new(409, "approver_same", message, hint).into());
    }
    set_named(&mut record, own, "SecondApprovedBy", Some(asked.actor().into()));
    set_named(&mut record, own, "SecondApprovedTimestamp", Some(asked.now.into()));
    let writes = read.text("KeyAccessRequested").as_deref() == Some(KeyAccess::Write.name());
    keeping.change(&kept, record);
    let secret = open(&door, &asked, writes, &mut keeping).await?;
    door.keep(keeping).await?;
    let mut told = shown(&door, &asked);
    if let Some(key) = secret {
        told["secret"] = json!(key.secret.reveal());
    }
    answer::ok(&told)
}

/// What the gate reads: the client, its grants of the environment's feed and for the tenant, and a key where it
/// has none yet.
async fn open(
    door: &Door,
    asked: &Asked,
    writes: bool,
    keeping: &mut Keeping,
) -> Result<Option<IssuedKey>, Refused> {
    let (tenant, place, of) = (asked.tenant(), asked.environment(), asked.integration());
    let client = key_client(of, place);
    let feed = tenant.feed(place);
    let grant_key = format!("{client}|{feed}");
    let grant = named(
        door.dictionary.known("Grant"),
        [
            ("ClientId", Some(client.clone().into())),
            ("FeedId", Some(feed.clone().into())),
            ("AccessLevel", Some(if writes { "Write" } else { "Read" }.into())),
            ("PermissionClass", Some("Participant".into())),
            ("EveryRecordYN", Some(true.into())),
            ("ResourceNames", Some(Value::TextList(RESOURCES.map(Text::new_static).into()))),
        ],
    );
    let found = door.store.get(door.dictionary.known("Grant").id, &grant_key).await?;
    keeping.put(grant, found.map_or(Expect::Absent, |kept| Expect::At(kept.sequence)));
    let clients = door.dictionary.known("Client");
    if door.store.get(clients.id, &client).await?.is_some() {
        return Ok(None);
    }
    let vendor = of.vendor.as_deref().unwrap_or_else(|| of.kind.name());
    let name: String = format!("{vendor}, {}, {}", tenant.name, place.name()).chars().take(255).collect();
    keeping.add(named(
        clients,
        [
            ("ClientId", Some(client.clone().into())),
            ("ClientName", Some(name.into())),
            ("ClientStatus", Some("Active".into())),
        ],
    ));
    keeping.add(vendor_grant(door, asked, &client, place));
    let key = IssuedKey::make().map_err(|error| no_randomness(&error))?;
    keeping.add(named(
        door.dictionary.known("ClientKey"),
        [
            ("ClientKeyId", Some(key.id.clone().into())),
            ("ClientId", Some(client.into())),
            ("ClientKeyName", Some("issued by two approvals".into())),
            ("ClientKeyHash", Some(key.hash.clone().into())),
        ],
    ));
    Ok(Some(key))
}

/// A key belongs to a program, which does not go home: its grant ends when somebody ends it.
fn vendor_grant(door: &Door, asked: &Asked, client: &Text, place: TenantEnvironment) -> Record {
    named(
        door.dictionary.known("TenantGrant"),
        [
            ("TenantGrantId", Some(client.clone().into())),
            ("ClientId", Some(client.clone().into())),
            ("TenantId", Some(asked.tenant().id.clone().into())),
            ("TenantEnvironment", Some(place.name().into())),
            ("TenantRole", Some("Vendor".into())),
            ("GrantedBy", Some(asked.actor().into())),
            ("GrantReason", Some("the vendor's key".into())),
        ],
    )
}
