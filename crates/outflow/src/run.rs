//! Running: the lease, and what is done by whoever holds it.

use std::time::Duration;

use store::{Lease, Patience, StoreError};
use tokio::sync::watch;

use crate::Outflow;
use crate::outflow::CURSOR;

/// What the one who sends holds.
const LEASE: &str = "outflow";
/// For how long it is held without being renewed: another node takes over after that.
const LEASE_TTL: Duration = Duration::from_secs(15);
/// How often it is renewed, and asked for.
const LEASE_TURN: Duration = Duration::from_secs(4);
/// How often a process that does not send looks how far the sender is.
const WATCHED: Duration = Duration::from_secs(1);

impl Outflow {
    /// Follows the log, fans out, sends and tends until `shutdown` is done; then waits for the attempts
    /// that are on their way. Of several processes that share a store, the one that holds the lease does
    /// this; the others keep what they know current and wait.
    ///
    /// # Errors
    /// A store that answers wrongly: damaged, or of a schema that is not known.
    pub async fn run(&self, shutdown: impl Future<Output = ()> + Send) -> Result<(), StoreError> {
        let (stop, stopped) = watch::channel(false);
        let mut work = std::pin::pin!(self.work(stopped));
        tokio::select! {
            ended = &mut work => return ended,
            () = shutdown => {}
        }
        stop.send_replace(true);
        work.await
    }

    /// Keeps what it knows current until `shutdown` is done, and sends nothing: for a process that answers
    /// beside another one that sends.
    ///
    /// # Errors
    /// None so far.
    pub async fn watch(&self, shutdown: impl Future<Output = ()> + Send) -> Result<(), StoreError> {
        let mut bell = self.shared.store.bell();
        let work = async {
            loop {
                bell.mark_unchanged();
                self.keep_current().await;
                // The sender's cursor moves a little after the log: it is looked for now and then.
                let rung = tokio::time::timeout(WATCHED, bell.changed()).await;
                if matches!(rung, Ok(Err(_))) {
                    return;
                }
            }
        };
        tokio::select! {
            () = work => {}
            () = shutdown => {}
        }
        Ok(())
    }

    async fn work(&self, stopped: watch::Receiver<bool>) -> Result<(), StoreError> {
        let mut stop = stopped.clone();
        while !*stop.borrow() {
            match self.take_lease().await {
                Some(lease) => self.lead(lease, stopped.clone()).await?,
                None => {
                    self.keep_current().await;
                    let turn = tokio::time::sleep(LEASE_TURN);
                    tokio::select! { () = turn => {}, _ = stop.wait_for(|stop| *stop) => {} }
                }
            }
        }
        Ok(())
    }

    /// Where nobody leads, says where the fan-out begins: what is published from now on is owed.
    pub(crate) async fn begin_alone(&self) -> Result<(), StoreError> {
        if let Some(lease) = self.take_lease().await {
            self.begin().await?;
            self.shared.store.release_lease(&lease).await?;
        }
        Ok(())
    }

    async fn take_lease(&self) -> Option<Lease> {
        let settings = &self.shared.settings;
        let taken = self.shared.store.take_lease(LEASE, &settings.holder, LEASE_TTL, self.now()).await;
        taken.unwrap_or_else(|error| {
            tracing::warn!(code = error.code(), "outflow's lease cannot be asked for: {error}");
            None
        })
    }

    /// What a node does that does not lead: it knows who is granted what, and that inboxes have grown.
    async fn keep_current(&self) {
        if let Err(error) = self.refresh().await {
            tracing::warn!(code = error.code(), "outflow cannot read the log; it tries again");
        }
        if let Ok(Some(at)) = self.shared.store.cursor(CURSOR).await
            && let Ok(at) = at.parse()
        {
            self.shared.boxed.send_if_modified(|boxed| std::mem::replace(boxed, at) != at);
        }
    }

    /// Does the work while the lease is held and nobody says stop.
    async fn lead(&self, lease: Lease, stopped: watch::Receiver<bool>) -> Result<(), StoreError> {
        let (stop, ended) = watch::channel(false);
        let push = tokio::spawn({
            let (this, ended) = (self.clone(), ended.clone());
            async move { this.push(ended).await }
        });
        let tend = tokio::spawn({
            let (this, ended) = (self.clone(), ended.clone());
            async move { this.tend(ended).await }
        });
        let said = tokio::select! {
            said = self.follow() => said,
            () = self.hold(lease.clone()) => Ok(()),
            () = until(stopped) => Ok(()),
        };
        stop.send_replace(true);
        drop(push.await);
        drop(tend.await);
        if let Err(error) = self.shared.store.release_lease(&lease).await {
            tracing::debug!(code = error.code(), "outflow's lease was not given back; it runs out");
        }
        said
    }

    /// Follows the log for ever. A store that does not answer is asked again, ever more slowly.
    async fn follow(&self) -> Result<(), StoreError> {
        let mut bell = self.shared.store.bell();
        loop {
            bell.mark_unchanged();
            Patience::endless().ask("outflow", || self.fan_out()).await?;
            if bell.changed().await.is_err() {
                return Ok(());
            }
        }
    }

    /// Renews the lease; returns where it was lost.
    async fn hold(&self, mut lease: Lease) {
        let mut until_lost = LEASE_TTL;
        loop {
            tokio::time::sleep(LEASE_TURN).await;
            match self.shared.store.renew_lease(&lease, LEASE_TTL, self.now()).await {
                Ok(Some(renewed)) => (lease, until_lost) = (renewed, LEASE_TTL),
                Ok(None) => break,
                // Who cannot renew stops before another may begin.
                Err(_) if until_lost > LEASE_TURN * 2 => until_lost -= LEASE_TURN,
                Err(_) => break,
            }
        }
        tracing::warn!("outflow's lease was lost; another node sends");
    }
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // A sender that is gone means the same.
    drop(stopped.wait_for(|told| *told).await);
}
