//! Which pictures the open addresses of the media door show, and where their originals are.

use std::sync::Arc;

use anyhow::{Context, Result};
use dictionary::{Dictionary, FieldId, Fields, Resource, ResourceId, ValueRef};
use media_door::{Origin, Photos, Sources};
use search::{Reader, Row, Search};

use super::House;
use crate::clock;
use crate::settings::Settings;

/// The pictures of this installation.
pub(super) fn photos(house: &House, settings: &Settings) -> Result<Photos> {
    let album = Album::new(Arc::clone(&house.dictionary), house.search.clone(), settings.public_url());
    let find = move |key: &str| album.find(key);
    let media = &settings.media;
    let allowed: Result<Vec<_>, _> = media.networks.iter().map(|network| network.parse()).collect();
    let rules = outbound::Rules { allowed: allowed? };
    let client = outbound::Client::new(outbound::Settings { rules, ..outbound::Settings::default() })?;
    let draw = |key: &str| sample::picture(key).map(|picture| picture.jpeg);
    let sources = Sources { find: Arc::new(find), draw: Arc::new(draw), client };
    let directory = settings.store.data.join("photos");
    let bounds = media_door::Settings {
        disk_bytes: media.disk_megabytes << 20,
        largest_original: media.largest_original_megabytes << 20,
        directory: Some(directory.clone()),
        ..media_door::Settings::default()
    };
    Photos::open(bounds, sources, clock::now)
        .with_context(|| format!("The directory of photos, {}, cannot be used.", directory.display()))
}

/// Looks a key up among the Media records.
///
/// An address of a picture is open, so what it shows is what anybody may see: pictures (not documents or
/// films) that are not kept to an office, of a listing that is there, that its owner lets the Internet
/// show, and that is neither a draft nor deleted. Classes that may see more (Participant, BBO) see it in
/// the records, not in open pictures.
struct Album {
    dictionary: Arc<Dictionary>,
    search: Search,
    /// What an address begins with that is served here: such a picture is drawn, or nowhere.
    here: String,
    media: Media,
    listing: Listing,
}

struct Media {
    resource: ResourceId,
    url: FieldId,
    category: FieldId,
    status: FieldId,
    permission: FieldId,
    changed: FieldId,
    of: FieldId,
    of_key: FieldId,
}

struct Listing {
    resource: ResourceId,
    shown: FieldId,
    status: FieldId,
}

/// Categories of Media that are not pictures (RESO lookup MediaCategory).
const NO_PICTURES: [&str; 4] = ["Branded Virtual Tour", "Document", "Unbranded Virtual Tour", "Video"];
/// Permissions that keep a picture from the public (RESO lookup Permission).
const KEPT_BACK: [&str; 4] = ["Private", "Agent Only", "Firm Only", "Office Only"];
/// States of a Media record that has no picture yet, or no more (RESO lookup MediaStatus).
const NOT_READY: [&str; 3] = ["Deleted", "Incomplete", "Rejected"];
/// States of a listing that nobody outside may see (RESO lookup StandardStatus).
const NOT_PUBLIC: [&str; 2] = ["Incomplete", "Delete"];

impl Album {
    fn new(dictionary: Arc<Dictionary>, search: Search, public_url: String) -> Self {
        let field =
            |resource: &Resource, name: &str| resource.find(name).expect("the standard names the field");
        let (media, property) = (dictionary.known("Media"), dictionary.known("Property"));
        let media = Media {
            resource: media.id,
            url: field(media, "MediaURL"),
            category: field(media, "MediaCategory"),
            status: field(media, "MediaStatus"),
            permission: field(media, "Permission"),
            changed: field(media, "MediaModificationTimestamp"),
            of: field(media, "ResourceName"),
            of_key: field(media, "ResourceRecordKey"),
        };
        let listing = Listing {
            resource: property.id,
            shown: field(property, "InternetEntireListingDisplayYN"),
            status: field(property, "StandardStatus"),
        };
        Self { here: format!("{public_url}/media/"), dictionary, search, media, listing }
    }

    fn find(&self, key: &str) -> Option<Origin> {
        let reader = self.search.read();
        let row = reader.row(self.media.resource, key)?;
        if !self.may_be_seen(&reader, row) {
            return None;
        }
        let record = reader.view(self.media.resource, row);
        let url = text(record.look(self.media.url))?;
        if sample::picture::is_key(key) && url.ends_with(key) {
            return Some(Origin::Drawn);
        }
        // An address that leads back here would ask for ever.
        if url.starts_with(&self.here) {
            return None;
        }
        let changed = match record.look(self.media.changed) {
            Some(ValueRef::Timestamp(changed)) => changed.to_string(),
            _ => String::new(),
        };
        Some(Origin::At { url: url.to_owned(), version: format!("{changed} {url}") })
    }

    fn may_be_seen(&self, reader: &Reader<'_>, row: Row) -> bool {
        let media = &self.media;
        let record = reader.view(media.resource, row);
        let is_one_of = |field: FieldId, refused: &[&str]| match record.look(field) {
            Some(ValueRef::Text(word)) => refused.contains(&word),
            Some(ValueRef::TextList(words)) => words.iter().any(|word| refused.contains(&word.as_str())),
            _ => false,
        };
        if is_one_of(media.category, &NO_PICTURES)
            || is_one_of(media.permission, &KEPT_BACK)
            || is_one_of(media.status, &NOT_READY)
        {
            return false;
        }
        let (of, key) = (text(record.look(media.of)), text(record.look(media.of_key)));
        match (of, key) {
            (Some("Property") | None, Some(key)) => self.listing_is_public(reader, key),
            // A portrait or a logo: of somebody who is there.
            (Some(of), Some(key)) => {
                let resource = self.dictionary.find(of);
                resource.is_some_and(|resource| reader.row(resource.id, key).is_some())
            }
            (_, None) => false,
        }
    }

    fn listing_is_public(&self, reader: &Reader<'_>, key: &str) -> bool {
        let listing = &self.listing;
        let Some(row) = reader.row(listing.resource, key) else { return false };
        let record = reader.view(listing.resource, row);
        let hidden = matches!(record.look(listing.shown), Some(ValueRef::Boolean(false)));
        let status = text(record.look(listing.status));
        !hidden && status.is_none_or(|status| !NOT_PUBLIC.contains(&status))
    }
}

fn text(value: Option<ValueRef<'_>>) -> Option<&str> {
    match value {
        Some(ValueRef::Text(text)) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use dictionary::{Record, Text, Value, Version};
    use store::{Batch, Operation, Store};

    use super::*;

    fn put(dictionary: &Dictionary, resource: &str, fields: &[(&str, Value)]) -> Operation {
        let resource = dictionary.known(resource);
        let mut record = Record::new(resource.id);
        for (name, value) in fields {
            record.set(resource.find(name).unwrap(), value.clone());
        }
        Operation::put("F", record)
    }

    fn text(text: &str) -> Value {
        Value::Text(Text::from(text))
    }

    fn listing(dictionary: &Dictionary, key: &str, status: &str, shown: Option<bool>) -> Operation {
        let mut fields = vec![("ListingKey", text(key)), ("StandardStatus", text(status))];
        fields.extend(shown.map(|shown| ("InternetEntireListingDisplayYN", Value::Boolean(shown))));
        put(dictionary, "Property", &fields)
    }

    /// PAR-303: who hides a listing from the Internet hides its pictures, whoever knows their keys; and so
    /// it is with drafts, what was deleted, documents, and what is kept to an office.
    #[tokio::test]
    async fn par_303_open_addresses_show_what_anybody_may_see() {
        let scratch = testkit::Scratch::new();
        let dictionary = Arc::new(Dictionary::standard(Version::V2_1));
        let settings = store::Settings::sqlite(scratch.file("album.sqlite"));
        let store = Store::open(settings, Arc::clone(&dictionary)).await.unwrap();
        let search = Search::new(Arc::clone(&dictionary));
        let drawn = "NWM1-1-2nw1a5f0";
        let photo = |key: &str, of: &str, more: &[(&str, Value)]| {
            let url =
                if key == drawn { format!("http://here/media/{key}") } else { format!("http://cdn/{key}") };
            let mut fields = vec![("MediaKey", text(key)), ("MediaURL", text(&url))];
            fields.extend([("ResourceName", text("Property")), ("ResourceRecordKey", text(of))]);
            fields.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
            fields.extend(more.iter().cloned());
            put(&dictionary, "Media", &fields)
        };
        let list = |word: &str| Value::TextList([Text::from(word)].into());
        let mut batch = Batch::new("test", clock::now());
        batch.operations = vec![
            listing(&dictionary, "open", "Active", None),
            listing(&dictionary, "said", "Closed", Some(true)),
            listing(&dictionary, "hidden", "Active", Some(false)),
            listing(&dictionary, "draft", "Incomplete", None),
            listing(&dictionary, "deleted", "Delete", None),
            put(&dictionary, "Member", &[("MemberKey", text("m"))]),
            photo("1", "open", &[]),
            photo("2", "said", &[("Permission", list("Public")), ("MediaCategory", text("Floor Plan"))]),
            photo("3", "hidden", &[]),
            photo("4", "draft", &[]),
            photo("5", "deleted", &[]),
            photo("6", "nowhere", &[]),
            photo("7", "open", &[("Permission", list("Office Only"))]),
            photo("8", "open", &[("MediaCategory", text("Document"))]),
            photo("9", "open", &[("MediaStatus", text("Deleted"))]),
            photo("10", "m", &[("ResourceName", text("Member"))]),
            photo("11", "gone", &[("ResourceName", text("Member"))]),
            photo("12", "open", &[("MediaURL", text("http://here/media/12"))]),
            photo(drawn, "open", &[]),
        ];
        store.write(batch).await.unwrap();
        search.apply(&store.follow(0, 100).await.unwrap());
        let album = Album::new(dictionary, search, "http://here".into());
        let check = |key: &str, expect: &str| {
            let said = match album.find(key) {
                None => "refused".to_owned(),
                Some(Origin::Drawn) => "drawn".to_owned(),
                Some(Origin::At { url, .. }) => url,
            };
            assert_eq!(said, expect, "{key}");
        };
        for shown in ["1", "2", "10"] {
            check(shown, &format!("http://cdn/{shown}"));
        }
        for refused in ["3", "4", "5", "6", "7", "8", "9", "11", "12", "13", "NWM1-2-2nw1a5f0"] {
            check(refused, "refused");
        }
        check(drawn, "drawn");
    }
}
