//! An access, as RESO has it (LockOrBox), and as an event to the listing agent (LBX-096, LBX-097).

use dictionary::{Key, Named, Record, Text, Timestamp, Value, set_named};
use outflow::Who;
use serde_json::json;
use store::{Expect, Operation, StoreError, Stored};

use super::{Decided, Put};
use crate::Door;

/// What the event is called: of the listing's group, so that who is told of a listing can be told of its showings.
pub(crate) const TOPIC: &str = "realestate/listing#showing";

/// What is written with an access.
pub(super) async fn operations(
    door: &Door,
    (put, decided): (&Put, &Decided),
    key: &Key,
    now: Timestamp,
) -> Result<Vec<Operation>, StoreError> {
    let about = About::read(door, decided).await?;
    let record = about.record(door, (put, decided), key);
    let feed = decided.known.lockbox.feed.clone();
    let mut operations = vec![Operation::Put { feed, record, expect: Expect::Absent, stamp: Some(now) }];
    operations.extend(event(door, (put, decided), key, now));
    Ok(operations)
}

/// The records that an access is about.
struct About {
    listing: Option<Stored>,
    member: Option<Stored>,
    office: Option<Stored>,
}

impl About {
    async fn read(door: &Door, decided: &Decided) -> Result<Self, StoreError> {
        let known = &decided.known;
        let of_feed = async |resource: &str, key: Option<&Text>| -> Result<Option<Stored>, StoreError> {
            let Some(key) = key else { return Ok(None) };
            let kept = door.store.get(door.dictionary.known(resource).id, key).await?;
            Ok(kept.filter(|kept| kept.feed == known.lockbox.feed))
        };
        let office = {
            let book = door.memory.book();
            known.user.as_ref().and_then(|user| book.office_of(user).cloned())
        };
        Ok(Self {
            listing: of_feed("Property", known.listing.as_ref()).await?,
            member: of_feed("Member", known.user.as_ref().and_then(|user| user.member.as_ref())).await?,
            office: of_feed("Office", office.as_ref()).await?,
        })
    }

    fn record(&self, door: &Door, (put, decided): (&Put, &Decided), key: &Key) -> Record {
        let own = door.dictionary.known("LockOrBox");
        let mut record = Record::new(own.id);
        let mut set = |name: &str, value: Option<Value>| set_named(&mut record, own, name, value);
        let known = &decided.known;
        let text = |text: Option<&Text>| text.cloned().map(Value::from);
        set("LockOrBoxKey", Some(key.clone().into()));
        set("LockOrBoxId", Some(put.lockbox.clone().into()));
        set("LockOrBoxAccessTimestamp", Some(put.at.into()));
        set("LockOrBoxAccessType", Some(Value::TextList(Box::new([put.method.name().into()]))));
        set("LockOrBoxInstalledTimestamp", known.lockbox.installed.map(Value::from));
        set("KeyOrCredentialId", text(put.user.as_ref().or(known.code.as_ref())));
        set("ListingKey", text(known.listing.as_ref()));
        set("ListingTimeZone", text(known.zone.as_ref()));
        let mut copy = |stored: &Option<Stored>, resource: &str, fields: &[(&str, &str)]| {
            let Some(stored) = stored else { return };
            let from = Named { own: door.dictionary.known(resource), record: &stored.record };
            fields.iter().for_each(|(to, name)| set(to, from.value(name).cloned()));
        };
        copy(&self.listing, "Property", &OF_LISTING);
        copy(&self.member, "Member", &OF_MEMBER);
        copy(&self.office, "Office", &OF_OFFICE);
        record
    }
}

/// Where the members of LockOrBox come from.
const OF_LISTING: [(&str, &str); 9] = [
    ("ListingId", "ListingId"),
    ("ListAgentFullName", "ListAgentFullName"),
    ("ListingAddress1", "UnparsedAddress"),
    ("ListingCity", "City"),
    ("ListingStateOrProvince", "StateOrProvince"),
    ("ListingPostalCode", "PostalCode"),
    ("ListingCountry", "Country"),
    ("ListingLatitude", "Latitude"),
    ("ListingLongitude", "Longitude"),
];
const OF_MEMBER: [(&str, &str); 7] = [
    ("ShowingAgentId", "MemberKey"),
    ("ShowingAgentMlsId", "MemberMlsId"),
    ("ShowingAgentFirstName", "MemberFirstName"),
    ("ShowingAgentLastName", "MemberLastName"),
    ("ShowingAgentFullName", "MemberFullName"),
    ("ShowingAgentEmail", "MemberEmail"),
    ("ShowingAgentPhone", "MemberPreferredPhone"),
];
const OF_OFFICE: [(&str, &str); 3] = [
    ("ShowingOfficeId", "OfficeKey"),
    ("ShowingOfficeName", "OfficeName"),
    ("ShowingOfficePhone", "OfficePhone"),
];

/// The event; none where the listing has no agent to be told.
fn event(door: &Door, (put, decided): (&Put, &Decided), key: &Key, now: Timestamp) -> Option<Operation> {
    let known = &decided.known;
    let agent = known.list_agent.as_ref()?;
    let profile = |who, key: &str| door.outflow.profile(who, key);
    let member = known.user.as_ref().and_then(|user| user.member.as_ref());
    let data = json!({
        "type": "AddAction",
        "startTime": put.at.to_string(),
        "timeZone": known.zone.as_deref(),
        "agent": member.map(|member| profile(Who::Agent, member).to_string()),
        "object": {
            "type": "Showing",
            "lockOrBoxKey": key.as_str(),
            "lockOrBoxId": put.lockbox.as_str(),
            "accessType": put.method.name(),
            "listingKey": known.listing.as_deref(),
            "permitted": decided.decision.is_permit(),
        },
    });
    let subject = known.listing.as_deref();
    let event = door.outflow.event_to(key, TOPIC, &profile(Who::Agent, agent), subject, now, &data);
    match event.operation(&door.dictionary, now) {
        Ok(operation) => Some(operation),
        Err(fault) => {
            tracing::warn!(code = fault.code, access = key.as_str(), "no showing notification: {fault}");
            None
        }
    }
}
