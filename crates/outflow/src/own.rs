//! The store's own changes, as events (EVT-101).
//!
//! An event tells that a record changed and where it is, not what it holds: whoever receives it reads the
//! record with the grants of its own, so that nothing is told to those who may not see it.

use dictionary::{Dictionary, Record, Resource, Text, Value};
use serde_json::json;
use store::{Change, ChangeKind};

use crate::Event;
use crate::settings::{Settings, Who};

/// The event of a change; none where it is not told of. Its id is made from the entry of the log: however
/// often the log is read, there is one event.
pub(crate) fn event(dictionary: &Dictionary, settings: &Settings, change: &Change) -> Option<Event> {
    let resource = dictionary.resource(change.resource);
    let topic = topic(&resource.name, change.kind)?;
    let id = format!("log-{}", change.sequence);
    let action = match change.kind {
        ChangeKind::Created => "AddAction",
        ChangeKind::Changed => "UpdateAction",
        ChangeKind::Removed => "DeleteAction",
    };
    // Listing updates are update actions whichever they are: that is what their schema says.
    let action = if topic == LISTING_UPDATE { "UpdateAction" } else { action };
    let data = json!({
        "type": action,
        "object": {
            "type": resource.name.as_str(),
            "id": record_url(settings, resource, &change.key),
            "resourceName": resource.name.as_str(),
            "resourceRecordKey": change.key.as_str(),
            "feed": change.feed.as_str(),
            "entityEventSequence": change.sequence,
        },
    });
    Some(Event {
        uri: Text::from(format!("{}/publish/{id}", settings.public_url)),
        id: id.into(),
        topic: topic.into(),
        time: change.at,
        instrument: (settings.profile)(Who::App, "freehold"),
        original_recipients: vec![(settings.profile)(Who::Feed, &change.feed)],
        sources: change.record.as_ref().map_or_else(Vec::new, |record| parties(dictionary, settings, record)),
        ordering_key: Some(Text::from(format!("{}|{}", resource.name, change.key))).filter(short),
        subject: Some(change.key.clone()).filter(short),
        context: None,
        data: Text::from(data.to_string()),
    })
}

/// Where a record is read.
pub(crate) fn record_url(settings: &Settings, resource: &Resource, key: &str) -> String {
    format!("{}/{}({})", settings.records_url, resource.name, key_in_url(resource, key))
}

/// A key as it stands in the brackets of an address, its parts named where there are several.
fn key_in_url(resource: &Resource, key: &str) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    match &*resource.key {
        [_] => quoted(key),
        several => {
            let parts = several.iter().zip(key.split('|'));
            let named =
                parts.map(|(field, text)| format!("{}={}", resource.field(*field).name, quoted(text)));
            named.collect::<Vec<_>>().join(",")
        }
    }
}

fn short(text: &Text) -> bool {
    text.chars().count() <= 255
}

pub(crate) const LISTING_UPDATE: &str = "realestate/listing#update";
const LISTING_DELETE: &str = "realestate/listing#delete";
const PROFILE_ADD: &str = "realestate/profile#add";
const PROFILE_UPDATE: &str = "realestate/profile#update";

/// The topic of a change.
pub(crate) fn topic(resource: &str, kind: ChangeKind) -> Option<&'static str> {
    match (resource, kind) {
        ("Property", ChangeKind::Created | ChangeKind::Changed) => Some(LISTING_UPDATE),
        ("Property", ChangeKind::Removed) => Some(LISTING_DELETE),
        ("Member" | "Office", ChangeKind::Created) => Some(PROFILE_ADD),
        ("Member" | "Office", ChangeKind::Changed) => Some(PROFILE_UPDATE),
        _ => None,
    }
}

/// Who of a listing, member or office has a profile.
fn parties(dictionary: &Dictionary, settings: &Settings, record: &Record) -> Vec<Text> {
    const PARTIES: [(&str, Who); 8] = [
        ("ListAgentKey", Who::Agent),
        ("CoListAgentKey", Who::Agent),
        ("BuyerAgentKey", Who::Agent),
        ("ListOfficeKey", Who::Office),
        ("CoListOfficeKey", Who::Office),
        ("BuyerOfficeKey", Who::Office),
        ("MemberKey", Who::Agent),
        ("OfficeKey", Who::Office),
    ];
    let own = dictionary.resource(record.resource());
    let mut all: Vec<Text> = Vec::new();
    for (field, who) in PARTIES {
        let key = own.find(field).and_then(|field| record.get(field)).and_then(Value::as_text);
        if let Some(key) = key.filter(|key| !key.is_empty()) {
            let profile = (settings.profile)(who, key);
            if !all.contains(&profile) {
                all.push(profile);
            }
        }
    }
    all
}
