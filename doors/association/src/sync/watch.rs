//! Runs that nobody made: an alert that is kept, logged and counted (AMS-033).

use std::time::Duration;

use dictionary::{Named, Text, Timestamp, named, set_named};
use gate::TenantEnvironment;
use store::{StoreError, Stored};

use super::state::SyncState;
use super::{number, silent};
use crate::answer::Refused;
use crate::keeping::Keeping;
use crate::schedule::standing;
use crate::{Door, Integration, IntegrationSetting, Tenant};

/// How often the clock is looked at.
const EVERY: Duration = Duration::from_secs(60);
/// The alert of a run that was missed.
const MISSED: &str = "sync_missed";

/// Who writes alerts.
const WATCH: &str = "association/watch";

fn alert_key(integration: &str, environment: TenantEnvironment) -> Text {
    Text::from(format!("{integration}|{}|{MISSED}", environment.name()))
}

impl Door {
    /// Looks, every minute until `shutdown` is done, whether runs were missed and reconciliations are due.
    pub async fn watch(&self, shutdown: impl Future<Output = ()> + Send) {
        let work = async {
            loop {
                if let Err(error) = self.look().await {
                    tracing::warn!(code = error.code(), "runs were not looked after: {error}");
                }
                tokio::time::sleep(EVERY).await;
            }
        };
        tokio::select! { () = work => {}, () = shutdown => {} }
    }

    /// One look: raises an alert for each integration whose planned run is more than a quarter of an hour late, and
    /// reconciles what is due. Gives back how many alerts of missed runs stand open.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn look(&self) -> Result<usize, StoreError> {
        self.register.refresh().await?;
        let now = self.now();
        let mut open = 0;
        for tenant in self.tenants() {
            for integration in self.integrations(&tenant.id) {
                for environment in TenantEnvironment::ALL {
                    let setting = self.setting(&integration, environment);
                    open += usize::from(self.late(&tenant, &integration, &setting, now).await);
                }
            }
        }
        self.missed.store(open, std::sync::atomic::Ordering::Relaxed);
        self.reconcile_due(now).await;
        Ok(open)
    }

    /// How many alerts of missed runs stood open at the last look.
    #[must_use]
    pub fn missed_runs(&self) -> usize {
        self.missed.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Whether an integration's run is late; its alert is kept.
    async fn late(
        &self,
        tenant: &Tenant,
        integration: &Integration,
        setting: &IntegrationSetting,
        now: Timestamp,
    ) -> bool {
        let Some(live) = setting.go_live.filter(|_| silent(integration, setting, now).is_none()) else {
            // Nobody is late where nothing is offered.
            let mut keeping = Keeping::new(WATCH.into(), now);
            resolved(self, &integration.id, setting.environment, now, &mut keeping);
            if !keeping.is_empty()
                && let Err(refused) = self.keep(keeping).await
            {
                tracing::warn!(integration = integration.id.as_str(), "an alert was not ended: {refused:?}");
            }
            return false;
        };
        let key = SyncState::key(&integration.id, setting.environment);
        let state = self.register.get("SyncState", &key);
        let state = state.and_then(|kept| SyncState::read(&self.dictionary, &kept));
        // A pull before the go-live was a test, and a pause ends where its state began.
        let began = integration.since.map_or(live, |since| since.max(live));
        let pulled = state.and_then(|state| state.last_pull).map_or(began, |pulled| pulled.max(began));
        let stands = standing(&setting.plan(tenant), pulled, now);
        let Some(since) = stands.missed_since else { return false };
        if let Err(refused) = self.raise(integration, setting, (since, stands.missed), now).await {
            tracing::warn!(integration = integration.id.as_str(), "an alert was not kept: {refused:?}");
        }
        true
    }

    async fn raise(
        &self,
        integration: &Integration,
        setting: &IntegrationSetting,
        (since, missed): (Timestamp, usize),
        now: Timestamp,
    ) -> Result<(), Refused> {
        let own = self.dictionary.known("Alert");
        let key = alert_key(&integration.id, setting.environment);
        let before = self.register.get("Alert", &key);
        let told = before.as_ref().map(|kept| Named { own, record: &kept.record });
        let stands = told.is_some_and(|told| told.instant("ResolvedTimestamp").is_none());
        let count = told.filter(|_| stands).and_then(|told| told.integer("AlertCount"));
        if count == i64::try_from(missed).ok() {
            return Ok(());
        }
        let raised = told.filter(|_| stands).and_then(|told| told.instant("RaisedTimestamp")).unwrap_or(now);
        let text = format!(
            "{} was to be pulled in {} at {since}, and nobody has since; {missed} planned runs were missed.",
            integration.id,
            setting.environment.name().to_lowercase()
        );
        tracing::warn!(
            integration = integration.id.as_str(),
            environment = setting.environment.name(),
            missed,
            "a planned run was missed: {text}"
        );
        let record = named(
            own,
            [
                ("AlertId", Some(key.into())),
                ("TenantId", Some(integration.tenant.clone().into())),
                ("TenantEnvironment", Some(setting.environment.name().into())),
                ("AlertCode", Some(MISSED.into())),
                ("AlertAbout", Some(integration.id.clone().into())),
                ("AlertText", Some(text.into())),
                ("AlertCount", Some(number(missed as u64))),
                ("RaisedTimestamp", Some(raised.into())),
            ],
        );
        let mut keeping = Keeping::new(WATCH.into(), now);
        keeping.set(before.as_ref(), record);
        self.keep(keeping).await.map(drop)
    }
}

/// Ends the alert of an integration that is pulled again.
pub(super) fn resolved(
    door: &Door,
    integration: &str,
    environment: TenantEnvironment,
    now: Timestamp,
    keeping: &mut Keeping,
) {
    let own = door.dictionary.known("Alert");
    let Some(kept) = door.register.get("Alert", &alert_key(integration, environment)) else { return };
    if (Named { own, record: &kept.record }).instant("ResolvedTimestamp").is_some() {
        return;
    }
    let mut record = (*kept.record).clone();
    set_named(&mut record, own, "ResolvedTimestamp", Some(now.into()));
    keeping.change(&kept, record);
}

/// The alerts of a tenant, by key.
pub(crate) fn alerts(door: &Door, tenant: &str) -> Vec<Stored> {
    door.register.of_tenant("Alert", tenant)
}
