//! A forced resync: one record, whatever the number of contacts, for every integration that is on (AMS-011).

use dictionary::{Named, Text, Value, named};
use gate::TenantEnvironment;
use odata::Fault;
use store::{Sequence, Stored};

use super::state::SyncState;
use crate::answer::Refused;
use crate::guard::Asked;
use crate::keeping::Keeping;
use crate::{Door, IntegrationSetting};

/// Orders one: every contact of the environment is offered once more to each integration whose sync is on, and is
/// published to Kafka.
///
/// # Errors
/// 409 where no sync is on.
pub(crate) async fn force(
    door: &Door,
    asked: &Asked,
    environment: TenantEnvironment,
) -> Result<Stored, Refused> {
    let (tenant, now) = (asked.tenant(), asked.now);
    let integrations = door.integrations(&tenant.id);
    let settings = integrations.iter().map(|integration| door.setting(integration, environment));
    let on: Vec<IntegrationSetting> = settings.filter(|setting| setting.sync).collect();
    if on.is_empty() {
        let message = format!("No integration has its sync on in {}.", environment.name().to_lowercase());
        let hint = "Turn sync on first: what is forced then serves all that are on.";
        return Err(Fault::new(409, "sync_off", message, hint).into());
    }
    let id =
        Text::from(format!("{}.{}.{}", tenant.id, environment.name().to_lowercase(), now.as_microsecond()));
    let ids: Vec<Text> = on.iter().map(|setting| setting.integration.clone()).collect();
    let own = door.dictionary.known("ForcedResync");
    let record = named(
        own,
        [
            ("ForcedResyncId", Some(id.clone().into())),
            ("TenantId", Some(tenant.id.clone().into())),
            ("TenantEnvironment", Some(environment.name().into())),
            ("FeedId", Some(tenant.feed(environment).clone().into())),
            ("IntegrationIds", Some(Value::TextList(ids.into()))),
            ("ActorName", Some(asked.actor().into())),
        ],
    );
    let mut keeping = Keeping::new(asked.actor(), now);
    keeping.add(record);
    door.keep(keeping).await?;
    door.register.get("ForcedResync", &id).ok_or_else(|| {
        Fault::new(503, "not_read_yet", "The order is kept and could not be read again.", "Ask for it later.")
            .into()
    })
}

/// The newest forced resync that an integration has still to be offered, by its entry of the log.
pub(crate) fn owed(door: &Door, setting: &IntegrationSetting, state: &SyncState) -> Option<Sequence> {
    let own = door.dictionary.known("ForcedResync");
    let start = format!("{}.{}.", setting.tenant, setting.environment.name().to_lowercase());
    let all = door.register.beginning("ForcedResync", &start);
    let names = |stored: &Stored| {
        Named { own, record: &stored.record }.texts("IntegrationIds").contains(&setting.integration)
    };
    let owed = all.iter().filter(|stored| stored.sequence > state.forced && names(stored));
    owed.map(|stored| stored.sequence).max()
}
