//! The log, sent.

use std::sync::Arc;
use std::time::Duration;

use dictionary::{Dictionary, Text, Timestamp};
use krafka::producer::{Acks, DeliveryHandle, Producer};
use store::{Batch, Lease, Sequence, Store};

use crate::link::{Patience, Trouble, connect};
use crate::resend::Resend;
use crate::{Figures, Message, Settings};

/// The name of the cursor and of the lease.
pub const CURSOR: &str = "kafka";
/// The name of the cursor of a forced resync that is under way.
const RESEND: &str = "kafka/forced";
/// Entries of the log read at once.
const AT_ONCE: usize = 500;
/// Bytes under way to the broker: what is read of the log waits until they are acknowledged.
const UNDER_WAY: usize = 8 << 20;
/// Messages of one part wait for each other this long, so that they travel together.
const LINGER: Duration = Duration::from_millis(2);
/// One answer of the broker is waited for this long, and a message's delivery over all tries this long; then the
/// part is sent again.
const ANSWER: Duration = Duration::from_secs(10);
const DELIVERY: Duration = Duration::from_secs(30);
/// One process sends, and is followed by another that soon after it is gone.
const HELD: Duration = Duration::from_secs(30);
/// How often the lease is taken anew, and how often one who does not hold it looks.
const RENEW: Duration = Duration::from_secs(10);

/// What the roles stand on.
#[derive(Clone)]
pub struct House {
    /// The log.
    pub store: Store,
    /// The words.
    pub dictionary: Arc<Dictionary>,
    /// What time it is.
    pub clock: fn() -> Timestamp,
    /// Which broker.
    pub settings: Settings,
    /// What is counted.
    pub figures: Arc<Figures>,
    /// What this process is called among those that share the store.
    pub holder: Text,
}

impl std::fmt::Debug for House {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("House").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// Sends the log to the broker until `shutdown` is done, from where it was sent to the last time, or from its
/// beginning. Where several processes share the store, one of them sends.
pub async fn produce(house: House, shutdown: impl Future<Output = ()> + Send) {
    let work = async {
        let mut patience = Patience::new();
        loop {
            let mut sender = match Sender::open(&house).await {
                Ok(sender) => sender,
                Err(trouble) => {
                    patience.after(&trouble, &house.figures, "sending to Kafka").await;
                    continue;
                }
            };
            let trouble = loop {
                match sender.step().await {
                    Ok(()) => patience = Patience::new(),
                    Err(trouble) => break trouble,
                }
            };
            sender.close().await;
            patience.after(&trouble, &house.figures, "sending to Kafka").await;
        }
    };
    tokio::select! { () = work => {}, () = shutdown => {} }
}

struct Sender<'h> {
    house: &'h House,
    producer: Producer,
    bell: tokio::sync::watch::Receiver<Sequence>,
    /// The right to send, while it lasts.
    lease: Option<Lease>,
    /// How far the log has been sent; known to one who holds the lease.
    sent: Sequence,
    /// What a forced resync has still to send before the log goes on.
    resend: Option<Resend>,
}

impl<'h> Sender<'h> {
    async fn open(house: &'h House) -> Result<Self, Trouble> {
        let kafka = connect(&house.settings, ANSWER).await?;
        let producer = kafka
            .producer()
            .acks(Acks::All)
            // The broker drops what a lost acknowledgement makes the client send twice.
            .idempotent(true)
            .linger(LINGER)
            .delivery_timeout(DELIVERY)
            .max_block(DELIVERY)
            .build()
            .await?;
        Ok(Self { house, producer, bell: house.store.bell(), lease: None, sent: 0, resend: None })
    }

    /// One part of the log or of a forced resync, or a wait for more.
    async fn step(&mut self) -> Result<(), Trouble> {
        if !self.holds().await? {
            tokio::time::sleep(RENEW).await;
            return Ok(());
        }
        if let Some(resend) = self.resend.take() {
            return self.send_again(resend).await;
        }
        self.bell.mark_unchanged();
        let changes = self.house.store.follow(self.sent, AT_ONCE).await?;
        let Some(last) = changes.last().map(|change| change.sequence) else {
            // Nobody rings where the log is another process's: then the clock does.
            let _ = tokio::time::timeout(RENEW / 2, self.bell.changed()).await;
            return Ok(());
        };
        let House { dictionary, settings, .. } = self.house;
        // A forced resync sends before the log goes on: the part ends with it.
        let forced = changes.iter().find_map(|change| Resend::ordered(change, dictionary));
        let last = forced.as_ref().map_or(last, Resend::sequence);
        let changes = changes.iter().take_while(|change| change.sequence <= last);
        let messages: Vec<Message> =
            changes.filter_map(|change| Message::of(change, dictionary, settings)).collect();
        let count = messages.len();
        self.send(messages).await?;
        self.keep(last, forced.as_ref()).await?;
        self.sent = last;
        self.resend = forced;
        self.house.figures.count_sent(count, last);
        Ok(())
    }

    /// One part of a forced resync.
    async fn send_again(&mut self, resend: Resend) -> Result<(), Trouble> {
        let House { dictionary, settings, store, .. } = self.house;
        let id = resend.id().to_owned();
        let (stored, left) = resend.part(store, dictionary, settings).await?;
        let messages: Vec<Message> =
            stored.iter().map(|one| Message::forced(one, &id, dictionary, settings)).collect();
        let count = messages.len();
        self.send(messages).await?;
        self.keep(self.sent, left.as_ref()).await?;
        self.resend = left;
        self.house.figures.count_sent(count, self.sent);
        Ok(())
    }

    /// Keeps how far the log is sent, and what is left of a forced resync.
    async fn keep(&self, sent: Sequence, resend: Option<&Resend>) -> Result<(), Trouble> {
        let mut batch = Batch::new(CURSOR, (self.house.clock)());
        batch.cursors.push((CURSOR.into(), sent.to_string()));
        batch.cursors.push((RESEND.into(), resend.map(Resend::write).unwrap_or_default()));
        self.house.store.write(batch).await?;
        Ok(())
    }

    /// Hands messages over and waits until the broker has them, so many bytes at a time.
    async fn send(&self, messages: Vec<Message>) -> Result<(), Trouble> {
        let (mut handles, mut weight) = (Vec::with_capacity(messages.len()), 0);
        for message in messages {
            weight += message.weight();
            handles.push(self.producer.enqueue(message.record()).await?);
            if weight > UNDER_WAY {
                acknowledged(&mut handles).await?;
                weight = 0;
            }
        }
        acknowledged(&mut handles).await
    }

    /// Whether this process is the one that sends. Whoever comes to be reads how far the one before got.
    async fn holds(&mut self) -> Result<bool, Trouble> {
        let House { store, holder, .. } = self.house;
        let now = (self.house.clock)();
        if let Some(lease) = &self.lease {
            let left = lease.until.duration_since(now).as_secs();
            if left > (HELD - RENEW).as_secs().cast_signed() {
                return Ok(true);
            }
            self.lease = store.renew_lease(lease, HELD, now).await?;
            if self.lease.is_some() {
                return Ok(true);
            }
        }
        self.lease = store.take_lease(CURSOR, holder, HELD, now).await?;
        if self.lease.is_some() {
            self.sent = store.cursor(CURSOR).await?.and_then(|text| text.parse().ok()).unwrap_or(0);
            self.resend = store.cursor(RESEND).await?.and_then(|text| Resend::read(&text));
        }
        Ok(self.lease.is_some())
    }

    async fn close(self) {
        // What was not acknowledged is sent again: there is nothing to wait for.
        let now = krafka::CloseOptions::new().timeout(Duration::from_millis(100));
        let _ = self.producer.close_with(now).await;
    }
}

/// Waits until the broker has all of these.
async fn acknowledged(handles: &mut Vec<DeliveryHandle>) -> Result<(), Trouble> {
    for handle in handles.drain(..) {
        handle.await.map(drop)?;
    }
    Ok(())
}
