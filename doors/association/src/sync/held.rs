//! Contacts that are held back: kept with their reasons, shown, and offered once they may go (AMS-034, AMS-036).

use std::collections::BTreeMap;

use dictionary::{Date, Dictionary, Key, Named, Record, Text, Value, named};
use gate::TenantEnvironment;
use odata::page_token::fingerprint;
use store::{Sequence, Stored};

use super::{Contact, number};
use crate::Door;
use crate::IntegrationSetting;

/// Characters of a key as the store keeps it.
const LONGEST_KEY: usize = 255;
/// Reasons of one contact that are kept, and characters of each.
const MOST_REASONS: usize = 20;
const LONGEST_REASON: usize = 1_024;

/// A HeldContact, read.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) contact: Contact,
    pub(crate) key: Key,
    /// The entry of the log that brought it in.
    pub(crate) order: Sequence,
    /// The pull that offers it; it is held until that is acknowledged.
    pub(crate) released: Option<u64>,
    pub(crate) stored: Stored,
}

/// What the keys of an integration's held contacts begin with.
fn start(integration: &str, environment: TenantEnvironment) -> String {
    format!("{integration}|{}|", environment.name())
}

/// The key of a held contact; a long one is cut, and told apart by a fingerprint.
pub(crate) fn held_key(setting: &IntegrationSetting, contact: Contact, key: &str) -> Text {
    let whole = format!("{}{}|{key}", start(&setting.integration, setting.environment), contact.name());
    if whole.chars().count() <= LONGEST_KEY {
        return whole.into();
    }
    let cut: String = whole.chars().take(LONGEST_KEY - 17).collect();
    Text::from(format!("{cut}|{:016x}", fingerprint(&[key])))
}

impl Held {
    fn read(dictionary: &Dictionary, stored: Stored) -> Option<Self> {
        let named = Named { own: dictionary.known("HeldContact"), record: &stored.record };
        Some(Self {
            contact: Contact::find(&named.text("ResourceName")?)?,
            key: named.text("ResourceRecordKey")?,
            order: named.integer("HeldSequence")?.unsigned_abs(),
            released: named.integer("ReleasedRunNumber").map(i64::unsigned_abs),
            stored,
        })
    }

    /// The record of a contact that is held from now on.
    pub(crate) fn record(
        dictionary: &Dictionary,
        setting: &IntegrationSetting,
        (contact, key, order): (Contact, &Key, Sequence),
        reasons: &[Text],
        until: Option<Date>,
    ) -> Record {
        let cut = |reason: &Text| Text::from(reason.chars().take(LONGEST_REASON).collect::<String>());
        let reasons: Vec<Text> = reasons.iter().take(MOST_REASONS).map(cut).collect();
        named(
            dictionary.known("HeldContact"),
            [
                ("HeldContactId", Some(held_key(setting, contact, key).into())),
                ("IntegrationId", Some(setting.integration.clone().into())),
                ("TenantId", Some(setting.tenant.clone().into())),
                ("TenantEnvironment", Some(setting.environment.name().into())),
                ("ResourceName", Some(contact.name().into())),
                ("ResourceRecordKey", Some(key.clone().into())),
                ("HeldSequence", Some(number(order))),
                ("HeldReasons", Some(Value::TextList(reasons.into()))),
                ("HeldUntilDate", until.map(Value::Date)),
            ],
        )
    }
}

impl Door {
    /// The contacts of an integration that are or were held in an environment, by key.
    pub(crate) fn held(&self, setting: &IntegrationSetting) -> Vec<Held> {
        let all = self.register.beginning("HeldContact", &start(&setting.integration, setting.environment));
        all.into_iter().filter_map(|stored| Held::read(&self.dictionary, stored)).collect()
    }
}

/// How many contacts each code of a reason holds back.
pub(crate) fn by_code(dictionary: &Dictionary, held: &[Held]) -> BTreeMap<String, u64> {
    let own = dictionary.known("HeldContact");
    let mut counts = BTreeMap::new();
    for one in held {
        let reasons = Named { own, record: &one.stored.record }.texts("HeldReasons");
        let mut codes: Vec<&str> = reasons.iter().map(|reason| super::judge::reason_code(reason)).collect();
        codes.sort_unstable();
        codes.dedup();
        codes.into_iter().for_each(|code| *counts.entry(code.to_owned()).or_default() += 1);
    }
    counts
}
