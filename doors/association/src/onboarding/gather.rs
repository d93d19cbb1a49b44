//! Facts from records.

use std::collections::BTreeMap;

use dictionary::{Named, Timestamp};
use gate::TenantEnvironment;
use store::{StoreError, Stored};

use super::facts::{Confirmation, Facts, FileFacts, ImportFacts, KeyFacts};
use super::rule::Rule;
use crate::words::{ContactRole, FileKind, KeyAccess};
use crate::{Door, Integration, Tenant};

impl Door {
    /// Everything that rules look at, as it is known by now.
    pub(crate) async fn facts(
        &self,
        tenant: &Tenant,
        integration: &Integration,
        now: Timestamp,
    ) -> Result<Facts, StoreError> {
        let tests = tenant.test_environment;
        let agents = self.newest_file(integration, FileKind::Agent);
        let offices = self.newest_file(integration, FileKind::Office);
        let imported = |file: &Option<FileFacts>| self.newest_import(integration, tests, &file.as_ref()?.id);
        let feed = self.dictionary.known("Feed").id;
        Ok(Facts {
            now,
            contacts: self.contacts(&tenant.id),
            agents_imported: imported(&agents),
            offices_imported: imported(&offices),
            agents,
            offices,
            keys: KeyFacts {
                test: self.key_access(tenant, integration, tests, now),
                production: self.key_access(tenant, integration, TenantEnvironment::Production, now),
            },
            mapping: self.newest_mapping(&integration.id),
            staging: self.store.get(feed, &tenant.staging_feed).await?.is_some(),
            confirmed: self.confirmed(integration),
            test: self.setting(integration, tests),
            production: self.setting(integration, TenantEnvironment::Production),
            forced: self.forced(integration, tests),
            integration: integration.clone(),
        })
    }

    fn named<'a>(&'a self, resource: &str, stored: &'a Stored) -> Named<'a> {
        Named { own: self.dictionary.known(resource), record: &stored.record }
    }

    /// Who is named in a tenant's onboarding.
    pub(crate) fn contacts(&self, tenant: &str) -> Vec<(ContactRole, dictionary::Text)> {
        let all = self.register.of_tenant("TenantContact", tenant);
        all.iter()
            .filter_map(|stored| {
                let read = self.named("TenantContact", stored);
                Some((ContactRole::find(&read.text("TenantContactRole")?)?, read.text("TenantContactName")?))
            })
            .collect()
    }

    fn newest_file(&self, of: &Integration, kind: FileKind) -> Option<FileFacts> {
        let files = self.register.beginning("DataFile", &format!("{}.", of.id));
        let read = |stored: &Stored| {
            let read = self.named("DataFile", stored);
            (read.text("DataFileKind")? == kind.name()).then_some(())?;
            let file = FileFacts {
                id: read.text("DataFileId")?,
                name: read.text("FileName")?,
                rows: read.integer("RowsRead")?.unsigned_abs(),
                counts: serde_json::from_str(&read.text("DataFileCounts")?).ok()?,
            };
            Some((stored.sequence, file))
        };
        files.iter().filter_map(read).max_by_key(|(at, _)| *at).map(|(_, file)| file)
    }

    fn newest_import(&self, of: &Integration, at: TenantEnvironment, file: &str) -> Option<ImportFacts> {
        let imports = self.register.beginning("ContactImport", &format!("{}.", of.id));
        let read = |stored: &Stored| {
            let read = self.named("ContactImport", stored);
            let fits = read.text("DataFileId")? == file && read.text("TenantEnvironment")? == at.name();
            fits.then_some(())?;
            let count = |name: &str| Some(read.integer(name)?.unsigned_abs());
            let (rows, kept) = (count("RowsRead")?, count("RecordsKept")?);
            Some((
                stored.sequence,
                ImportFacts { rows, kept, quarantined: count("RecordsHeld")? + count("RecordsRefused")? },
            ))
        };
        imports.iter().filter_map(read).max_by_key(|(at, _)| *at).map(|(_, import)| import)
    }

    fn confirmed(&self, of: &Integration) -> BTreeMap<Rule, Confirmation> {
        let items = self.register.beginning("ChecklistItem", &format!("{}.", of.id));
        let read = |stored: &Stored| {
            let read = self.named("ChecklistItem", stored);
            let said = Confirmation {
                by: read.text("ConfirmedBy")?,
                at: read.instant("ConfirmedTimestamp")?,
                evidence: read.text("ChecklistEvidence")?,
            };
            Some((Rule::find(&read.text("ChecklistRule")?)?, said))
        };
        items.iter().filter_map(read).collect()
    }

    fn forced(&self, of: &Integration, at: TenantEnvironment) -> Option<Timestamp> {
        let all = self.register.all("ForcedResync");
        let read = |stored: &Stored| {
            let read = self.named("ForcedResync", stored);
            let fits = read.text("TenantId")? == of.tenant
                && read.text("TenantEnvironment")? == at.name()
                && read.texts("IntegrationIds").contains(&of.id);
            fits.then(|| read.instant("ModificationTimestamp"))?
        };
        all.iter().filter_map(read).max()
    }

    /// What the vendor's key opens: what the gate would let it do now.
    pub(crate) fn key_access(
        &self,
        tenant: &Tenant,
        of: &Integration,
        at: TenantEnvironment,
        now: Timestamp,
    ) -> KeyAccess {
        let Some(caller) = self.gate.in_the_name_of(&key_client(of, at), now) else { return KeyAccess::None };
        let member = self.dictionary.known("Member").id;
        let feed = tenant.feed(at);
        match (caller.may_write(feed, member), caller.may_read(feed, member)) {
            (true, _) => KeyAccess::Write,
            (false, true) => KeyAccess::Read,
            (false, false) => KeyAccess::None,
        }
    }
}

/// The client that a vendor's key of one environment is of.
pub(crate) fn key_client(of: &Integration, at: TenantEnvironment) -> dictionary::Text {
    dictionary::Text::from(format!("{}.{}", of.id, at.name().to_lowercase()))
}
