//! What is known of an integration when something is to be done to it, and what follows for each rule.

use std::collections::BTreeMap;

use dictionary::{Text, Timestamp};

use super::rule::Rule;
use crate::conversion::{Category, MappingSet};
use crate::words::{ContactRole, KeyAccess};
use crate::{Integration, IntegrationSetting};

/// Missing values that a guard names one by one; beyond them it says how many more.
const MOST_NAMED: usize = 200;

/// Everything that rules look at.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    pub(crate) now: Timestamp,
    pub(crate) integration: Integration,
    /// Who is named, by role.
    pub(crate) contacts: Vec<(ContactRole, Text)>,
    /// The newest file of agents, and of offices.
    pub(crate) agents: Option<FileFacts>,
    pub(crate) offices: Option<FileFacts>,
    pub(crate) keys: KeyFacts,
    /// The newest version of the mapping.
    pub(crate) mapping: Option<MappingSet>,
    pub(crate) staging: bool,
    /// The newest import of the newest file of agents where the tenant tests, and of offices.
    pub(crate) agents_imported: Option<ImportFacts>,
    pub(crate) offices_imported: Option<ImportFacts>,
    /// What was confirmed by hand.
    pub(crate) confirmed: BTreeMap<Rule, Confirmation>,
    /// How it is set where the tenant tests, and in production.
    pub(crate) test: IntegrationSetting,
    pub(crate) production: IntegrationSetting,
    /// When a resync was last forced where the tenant tests.
    pub(crate) forced: Option<Timestamp>,
}

/// A data file.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct FileFacts {
    pub(crate) id: Text,
    pub(crate) name: Text,
    pub(crate) rows: u64,
    /// How often each value of each category stands in it.
    pub(crate) counts: BTreeMap<Category, BTreeMap<String, u64>>,
}

/// An import of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ImportFacts {
    pub(crate) rows: u64,
    /// Rows that became a contact, or were one already.
    pub(crate) kept: u64,
    /// Rows that stay outside: without a mapping, or with a fault.
    pub(crate) quarantined: u64,
}

/// What the vendor's keys open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct KeyFacts {
    /// Where the tenant tests.
    pub(crate) test: KeyAccess,
    pub(crate) production: KeyAccess,
}

/// What somebody has confirmed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Confirmation {
    pub(crate) by: Text,
    pub(crate) at: Timestamp,
    pub(crate) evidence: Text,
}

/// A value of the files without a mapping.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Missing {
    pub(crate) category: Category,
    pub(crate) value: String,
    pub(crate) count: u64,
}

impl Facts {
    /// The values of the newest files that the mapping does not know, each with how often it stands there
    /// (AMS-003).
    pub(crate) fn unmapped(&self) -> Vec<Missing> {
        let mut found: BTreeMap<(Category, &String), u64> = BTreeMap::new();
        for file in [&self.agents, &self.offices].into_iter().flatten() {
            for (category, values) in &file.counts {
                for (value, count) in values {
                    let known = self.mapping.as_ref().and_then(|set| set.of_value(*category, value));
                    if known.is_none() {
                        *found.entry((*category, value)).or_default() += count;
                    }
                }
            }
        }
        let told = |((category, value), count): ((Category, &String), u64)| Missing {
            category,
            value: value.clone(),
            count,
        };
        found.into_iter().map(told).collect()
    }

    /// Whether a rule is met: by what evidence, or what is missing.
    pub(crate) fn shows(&self, rule: Rule) -> Result<String, String> {
        if rule.is_manual() {
            let said = self.confirmed.get(&rule).ok_or("Nobody has confirmed it.")?;
            return Ok(format!("{} on {}: {}", said.by, said.at, said.evidence));
        }
        match rule {
            Rule::SpecialistNamed => self.named(ContactRole::Specialist),
            Rule::CustomerNamed => self.named(ContactRole::Customer),
            Rule::VendorNamed => self.named(ContactRole::Vendor),
            Rule::MonthTentative => {
                let month = self.integration.tentative_month.as_ref();
                month.map(Text::to_string).ok_or_else(|| "TentativeGoLiveMonth is not said.".into())
            }
            Rule::AgentFile => file(self.agents.as_ref(), "agents"),
            Rule::OfficeFile => file(self.offices.as_ref(), "offices"),
            Rule::ReadKey => key(self.keys.test, KeyAccess::Read),
            Rule::WriteKey => key(self.keys.production, KeyAccess::Write),
            Rule::ValuesMapped => self.mapped(),
            Rule::StagingEnvironment if self.staging => Ok("It is open.".into()),
            Rule::StagingEnvironment => Err("Staging has not been opened.".into()),
            Rule::CountsEqual => self.counted(),
            Rule::SyncTried => {
                let at = self.test.sync_tested;
                at.map(|at| format!("On at {at}.")).ok_or_else(|| {
                    "Sync was never on with a go-live that had come, where the tenant tests.".into()
                })
            }
            Rule::ResyncForced => match (self.forced, self.test.sync_tested) {
                (Some(forced), Some(began)) if forced >= began => Ok(format!("Forced at {forced}.")),
                _ => Err("No resync was forced since the test began.".into()),
            },
            Rule::SyncOff if self.test.sync => Err("Sync is still on where the tenant tests.".into()),
            Rule::SyncOff => Ok("Sync is off.".into()),
            Rule::AffiliateEqual => {
                match (&self.integration.affiliate_id, &self.integration.vendor_affiliate_id) {
                    (Some(ours), Some(theirs)) if ours == theirs => Ok(format!("Both have {ours}.")),
                    (Some(ours), Some(theirs)) => Err(format!("Here it is {ours}, at the vendor {theirs}.")),
                    _ => Err("AffiliateId or VendorAffiliateId is not said.".into()),
                }
            }
            Rule::GoLiveReached => match self.production.go_live {
                Some(at) if at <= self.now && self.production.sync => Ok(format!("Came at {at}.")),
                Some(at) if at <= self.now => Err("Sync is off in production.".into()),
                Some(at) => Err(format!("It comes at {at}.")),
                None => Err("No instant is set.".into()),
            },
            Rule::ImportFeaturesOn
            | Rule::SignedByOnboarding
            | Rule::SignedByIntegrations
            | Rule::SignedByCustomer
            | Rule::VendorConfirmed
            | Rule::CustomerAgreed
            | Rule::MlsAgreed => Err("It is confirmed by hand.".into()),
        }
    }

    fn named(&self, role: ContactRole) -> Result<String, String> {
        let names: Vec<&str> =
            self.contacts.iter().filter(|(of, _)| *of == role).map(|(_, name)| name.as_str()).collect();
        if names.is_empty() { Err(format!("No contact is {}.", role.name())) } else { Ok(names.join(", ")) }
    }

    fn mapped(&self) -> Result<String, String> {
        let Some(set) = &self.mapping else { return Err("There is no mapping.".into()) };
        let missing = self.unmapped();
        if missing.is_empty() {
            return Ok(format!("Every value, by version {}.", set.version));
        }
        let one = |one: &Missing| format!("{} {:?} ({})", one.category.name(), one.value, one.count);
        let mut told: Vec<String> = missing.iter().take(MOST_NAMED).map(one).collect();
        if missing.len() > MOST_NAMED {
            told.push(format!("and {} more", missing.len() - MOST_NAMED));
        }
        Err(format!("Without a mapping: {}.", told.join(", ")))
    }

    fn counted(&self) -> Result<String, String> {
        let of = |import: Option<ImportFacts>, what: &str| match import {
            None => Err(format!("The newest file of {what} has not been imported where the tenant tests.")),
            Some(ImportFacts { rows, kept, quarantined }) if kept + quarantined == rows => {
                Ok(format!("{kept} of {rows} {what}, {quarantined} in quarantine"))
            }
            Some(ImportFacts { rows, kept, quarantined }) => {
                Err(format!("Of {rows} {what} {kept} are there and {quarantined} in quarantine."))
            }
        };
        Ok(format!("{}; {}.", of(self.agents_imported, "agents")?, of(self.offices_imported, "offices")?))
    }
}

fn file(file: Option<&FileFacts>, what: &str) -> Result<String, String> {
    match file {
        Some(file) if file.rows > 0 => Ok(format!("{}, {} rows.", file.name, file.rows)),
        Some(file) => Err(format!("{} has no rows.", file.name)),
        None => Err(format!("There is no file of {what}.")),
    }
}

fn key(has: KeyAccess, needs: KeyAccess) -> Result<String, String> {
    if has >= needs {
        return Ok(format!("The key opens {}.", has.name().to_lowercase()));
    }
    Err(format!("The key opens {}, not {}.", has.name().to_lowercase(), needs.name().to_lowercase()))
}
