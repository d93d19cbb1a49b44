//! What is done in the background: an integration whose go-live has come is live, files that are ordered come in.

use std::time::Duration;

use dictionary::{Text, Value, set_named};

use crate::answer::Refused;
use crate::keeping::Keeping;
use crate::onboarding::{Event, Rule};
use crate::route::{tickets, transitions};
use crate::{Door, Integration, State, Tenant};

/// How often the clock is looked at: an onboarding waits weeks for its instant, and offering does not wait for
/// the state.
const EVERY: Duration = Duration::from_secs(20);

/// Whom the log names.
const ACTOR: &str = "association/clock";

impl Door {
    /// Does what is due, again and again, until `shutdown` is done.
    pub async fn work(&self, shutdown: impl Future<Output = ()> + Send) {
        let work = async {
            loop {
                self.go_live_where_due().await;
                self.import_what_is_ordered().await;
                // An order rings; what the clock brings waits for the next look.
                let _ = tokio::time::timeout(EVERY, self.rung.notified()).await;
            }
        };
        tokio::select! {
            () = work => {}
            () = shutdown => {}
        }
    }

    /// Moves every integration on whose go-live has come; returns how many. Where two nodes do it at once, one
    /// of them finds it done.
    pub async fn go_live_where_due(&self) -> usize {
        if let Err(error) = self.refresh().await {
            tracing::warn!(code = error.code(), "nothing goes live while the store does not answer");
            return 0;
        }
        let mut moved = 0;
        for tenant in self.tenants() {
            for integration in self.integrations(&tenant.id) {
                if integration.state != State::GoLiveScheduled {
                    continue;
                }
                match self.goes_live(&tenant, &integration).await {
                    Ok(live) => moved += usize::from(live),
                    Err(refused) => {
                        tracing::warn!(integration = integration.id.as_str(), ?refused, "it did not go live");
                    }
                }
            }
        }
        moved
    }

    async fn goes_live(&self, tenant: &Tenant, of: &Integration) -> Result<bool, Refused> {
        let now = self.now();
        let facts = self.facts(tenant, of, now).await?;
        let Ok(evidence) = facts.shows(Rule::GoLiveReached) else { return Ok(false) };
        let kept = self.register.get("Integration", &of.id).filter(|kept| kept.sequence == of.version);
        let Some(kept) = kept else { return Ok(false) };
        let own = self.dictionary.known("Integration");
        let mut record = (*kept.record).clone();
        set_named(&mut record, own, "IntegrationState", Some(State::Live.into()));
        set_named(&mut record, own, "StateTimestamp", Some(Value::from(now)));
        let actor = Text::new_static(ACTOR);
        let mut keeping = Keeping::new(actor.clone(), now);
        keeping.change(&kept, record);
        tickets::close(self, of, now, &mut keeping);
        let evidence = vec![Text::from(format!("{}: {evidence}", Rule::GoLiveReached.name()))];
        let told = transitions::Told {
            event: Event::GoLive,
            to: State::Live,
            evidence,
            overridden: &[],
            override_reason: None,
            warnings: &[],
        };
        keeping.add(transitions::record(self, of, actor, now, &told));
        self.keep(keeping).await?;
        Ok(true)
    }
}
