//! What a tenant says of its sources: the record ImportSetting.

use std::collections::HashMap;

use dictionary::{Dictionary, Named, Record, Text, Value, named};
use serde::{Deserialize, Serialize};
use store::{Store, StoreError};

use super::heading::squeezed;
use super::part::Part;
use super::words;
use crate::tenant::Tenant;

/// Where a row's board is looked for, in this order, where the tenant says nothing.
pub(crate) const BOARD_FIELDS: [&str; 10] = [
    "OriginatingSystemID",
    "OriginatingSystemName",
    "SourceSystemID",
    "SourceSystemName",
    "MemberAOR",
    "MemberAORkey",
    "MemberPrimaryAorId",
    "OfficeAOR",
    "ListAOR",
    "ListAgentAOR",
];

/// Fields of a member that may tie a listing to it (LBX-013).
pub(crate) const TIE_FIELDS: [&str; 3] = ["MemberMlsId", "MemberNationalAssociationId", "MemberStateLicense"];

/// The settings, as they are written and kept.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Terms {
    /// Headings of the tenant's own, and the field that each means.
    pub(crate) headings: HashMap<String, String>,
    /// Foreign types and which of the six each is (LBX-006).
    pub(crate) user_types: HashMap<String, String>,
    /// Foreign statuses by part: Active or Inactive; of listings a StandardStatus.
    pub(crate) statuses: HashMap<String, HashMap<String, String>>,
    /// Where a row's board is looked for, in this order; none is the usual order.
    pub(crate) board_fields: Vec<String>,
    /// The boards whose rows may come; none takes those of the first import.
    pub(crate) boards: Vec<String>,
    /// Whose the records are that came without an identifier.
    pub(crate) default_board: Option<String>,
    /// Whether records have come without an identifier: set by imports.
    #[serde(skip_deserializing)]
    pub(crate) unidentified: bool,
    /// Which field of a member a listing's agent id equals.
    pub(crate) tie_field: Option<String>,
    /// The feed that a pull mirrors, which is imported from; for operators to set.
    pub(crate) source_feed: Option<String>,
}

/// Entries of one of its lists.
const MOST: usize = 1_000;
/// Characters of an entry.
const LONGEST: usize = 255;

impl Terms {
    /// The key of a tenant's record: its fields in the order of their names.
    pub(crate) fn key(tenant: &Tenant) -> Text {
        format!("{}|{}", tenant.environment.name(), tenant.id).into()
    }

    /// A tenant's settings, and the version that they were read at; the usual ones where there are none.
    pub(crate) async fn load(
        store: &Store,
        dictionary: &Dictionary,
        tenant: &Tenant,
    ) -> Result<(Self, Option<store::Sequence>), StoreError> {
        let own = dictionary.known("ImportSetting");
        let kept = store.get(own.id, &Self::key(tenant)).await?;
        Ok(match kept {
            None => (Self::default(), None),
            Some(kept) => (Self::read(Named { own, record: &kept.record }), Some(kept.sequence)),
        })
    }

    pub(crate) fn read(record: Named<'_>) -> Self {
        let text = record.text("SettingText").unwrap_or_default();
        let mut terms: Self = serde_json::from_str(&text).unwrap_or_default();
        terms.unidentified = record.truth("UnidentifiedYN");
        terms.source_feed = record.text("SourceFeedId").map(Into::into);
        terms
    }

    /// The record that keeps them.
    pub(crate) fn record(&self, dictionary: &Dictionary, tenant: &Tenant) -> Record {
        let text = |text: &str| Some(Value::from(text));
        let mut kept = self.clone();
        kept.source_feed = None;
        let mut json = serde_json::to_value(&kept).unwrap_or_default();
        if let Some(members) = json.as_object_mut() {
            members.remove("unidentified");
            members.remove("sourceFeed");
        }
        named(
            dictionary.known("ImportSetting"),
            [
                ("TenantId", text(&tenant.id)),
                ("TenantEnvironment", text(tenant.environment.name())),
                ("SettingText", text(&json.to_string())),
                ("SourceFeedId", self.source_feed.as_deref().map(Value::from)),
                ("UnidentifiedYN", Some(self.unidentified.into())),
            ],
        )
    }

    /// What is wrong with them, in sentences.
    pub(crate) fn faults(&self, dictionary: &Dictionary) -> Vec<String> {
        let mut faults = Vec::new();
        let maps = self.statuses.values().map(HashMap::len).max().unwrap_or(0);
        let longest = [self.headings.len(), self.user_types.len(), maps, self.boards.len()];
        if longest.into_iter().max() > Some(MOST) || self.statuses.len() > 3 || self.board_fields.len() > 20 {
            faults.push(format!("One of the lists has more than {MOST} entries."));
        }
        let every = self.headings.iter().chain(&self.user_types).chain(self.statuses.values().flatten());
        let texts = every.flat_map(|(from, to)| [from, to]).chain(&self.boards).chain(&self.board_fields);
        if texts.chain(&self.default_board).any(|text| text.is_empty() || text.chars().count() > LONGEST) {
            faults.push(format!("An entry is empty or has more than {LONGEST} characters."));
        }
        let services = ["LockboxServiceStatus", "SKSSStatus", "ListingKey"];
        for (heading, field) in &self.headings {
            let known = Part::ALL.iter().any(|part| dictionary.known(part.resource()).find(field).is_some());
            if !known && !services.contains(&field.as_str()) {
                faults.push(format!(
                    "headings: {heading} = {field}, which is no field of Office, Member or Property."
                ));
            }
        }
        for (word, meant) in &self.user_types {
            if words::user_type(meant).is_none() {
                let all = words::USER_TYPES.join(", ");
                faults.push(format!("userTypes: {word} = {meant}, which is none of {all}."));
            }
        }
        for (part, list) in &self.statuses {
            let Some(known) = Part::find(part) else {
                faults.push(format!("statuses: {part} is none of offices, members, listings."));
                continue;
            };
            for (word, meant) in list {
                let right = match known {
                    Part::Listings => words::standard_status(meant).is_some(),
                    _ => words::active(known, meant).is_some(),
                };
                if !right {
                    faults.push(format!("statuses.{part}: {word} = {meant}, which is no status."));
                }
            }
        }
        for field in &self.board_fields {
            if !Part::ALL.iter().any(|part| dictionary.known(part.resource()).find(field).is_some()) {
                faults.push(format!("boardFields: {field} is no field of Office, Member or Property."));
            }
        }
        if let Some(field) = self.tie_field.as_deref().filter(|field| !TIE_FIELDS.contains(field)) {
            faults.push(format!("tieField: {field} is none of {}.", TIE_FIELDS.join(", ")));
        }
        faults
    }

    /// Ready for reading rows.
    pub(crate) fn rules(&self) -> Rules {
        let squeezed_all = |list: &HashMap<String, String>| -> HashMap<String, Text> {
            list.iter().map(|(from, to)| (squeezed(from), Text::new(to))).collect()
        };
        let statuses = Part::ALL.map(|part| {
            let list = self.statuses.get(part.name()).or_else(|| self.statuses.get(part.resource()));
            list.map(squeezed_all).unwrap_or_default()
        });
        let fields = match self.board_fields.is_empty() {
            true => BOARD_FIELDS.iter().map(Text::new).collect(),
            false => self.board_fields.iter().map(Text::new).collect(),
        };
        Rules {
            headings: squeezed_all(&self.headings),
            user_types: squeezed_all(&self.user_types),
            statuses,
            board_fields: fields,
            tie_field: self.tie_field.as_deref().map_or("MemberMlsId".into(), Text::new),
        }
    }
}

/// The settings, ready for reading rows.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) headings: HashMap<String, Text>,
    user_types: HashMap<String, Text>,
    statuses: [HashMap<String, Text>; 3],
    pub(crate) board_fields: Vec<Text>,
    pub(crate) tie_field: Text,
}

impl Rules {
    /// Which of the six a word means.
    pub(crate) fn user_type(&self, word: &str) -> Option<&'static str> {
        let meant = self.user_types.get(&squeezed(word));
        words::user_type(meant.map_or(word, Text::as_str))
    }

    /// Whether a word says active.
    pub(crate) fn active(&self, part: Part, word: &str) -> Option<bool> {
        let meant = self.statuses[part as usize].get(&squeezed(word));
        words::active(part, meant.map_or(word, Text::as_str))
    }

    /// RESO's status of a listing.
    pub(crate) fn standard_status(&self, word: &str) -> Option<&'static str> {
        let meant = self.statuses[Part::Listings as usize].get(&squeezed(word));
        words::standard_status(meant.map_or(word, Text::as_str))
    }
}
