//! A topic, taken in.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use krafka::consumer::{AutoOffsetReset, Consumer, ConsumerRecord};
use krafka::producer::{Acks, Producer};

use crate::House;
use crate::link::{Patience, Trouble, connect};

/// Messages fetched at once.
const AT_ONCE: i32 = 500;
/// Keys whose messages are taken in at the same time, so that their writes share commits.
const SIDE_BY_SIDE: usize = 64;
/// The largest message that is looked at, in bytes; larger ones are refused.
const LARGEST: usize = 1 << 20;
/// How long one look for messages lasts.
const LOOK: Duration = Duration::from_secs(1);
/// One answer of the broker is waited for this long.
const ANSWER: Duration = Duration::from_secs(30);
/// Bytes of a fault that a header holds.
const LARGEST_FAULT: usize = 16 << 10;
/// A process of the group that is not heard of for so long is taken for dead.
const MISSED: Duration = Duration::from_secs(15);
/// The longest wait of a message whose taker cannot work just now.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// A message that has come in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Incoming {
    /// Where it lay and since when: `{topic}/{partition}/{offset}@{milliseconds}`. The same message has the same,
    /// however often it comes, and one of a topic that was made anew has another: an idempotency key.
    pub id: String,
    /// Its key.
    pub key: Option<Bytes>,
    /// Its headers, those without a value aside.
    pub headers: Vec<(String, Bytes)>,
    /// The value.
    pub value: Bytes,
}

/// What became of a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is kept, durably, or was before.
    Taken,
    /// It cannot be kept, now or ever; it goes to `{topic}.refused` with the reason.
    Refused {
        /// The fault's stable code.
        code: String,
        /// What is wrong, in a sentence.
        message: String,
        /// More of it, for programs.
        faults: Option<String>,
    },
    /// It cannot be kept now, through no fault of its own: it waits, and those of its key behind it.
    Later,
}

/// Takes a message in.
pub type Take = Arc<dyn Fn(Incoming) -> Pin<Box<dyn Future<Output = Verdict> + Send>> + Send + Sync>;

/// What is taken in, and by whom.
#[derive(Clone)]
pub struct Intake {
    /// The topic's name.
    pub topic: String,
    /// The consumer group: processes of one group share the topic's partitions.
    pub group: String,
    /// Who takes messages in.
    pub take: Take,
}

impl std::fmt::Debug for Intake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Intake")
            .field("topic", &self.topic)
            .field("group", &self.group)
            .finish_non_exhaustive()
    }
}

/// Takes a topic's messages in until `shutdown` is done. Messages of one key are taken in one after the
/// other, as they lie; an offset is committed when everything before it is kept or put aside.
pub async fn consume(house: House, intake: Intake, shutdown: impl Future<Output = ()> + Send) {
    let mut patience = Patience::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let trouble = match Taker::open(&house, &intake).await {
            Ok(taker) => {
                let trouble = tokio::select! {
                    trouble = taker.take_all(&mut patience) => Some(trouble),
                    () = &mut shutdown => None,
                };
                // Whoever leaves says so: the others of the group need not wait until it is missed.
                let soon = krafka::CloseOptions::new().timeout(LOOK);
                let _ = taker.consumer.close_with(soon).await;
                trouble
            }
            Err(trouble) => Some(trouble),
        };
        let Some(trouble) = trouble else { return };
        tokio::select! {
            () = patience.after(&trouble, &house.figures, "taking in from Kafka") => {}
            () = &mut shutdown => return,
        }
    }
}

struct Taker<'h> {
    house: &'h House,
    intake: &'h Intake,
    consumer: Consumer,
    aside: Producer,
}

impl<'h> Taker<'h> {
    async fn open(house: &'h House, intake: &'h Intake) -> Result<Self, Trouble> {
        let kafka = connect(&house.settings, ANSWER).await?;
        let consumer = kafka
            .consumer(intake.group.clone())
            .auto_offset_reset(AutoOffsetReset::Earliest)
            .enable_auto_commit(false)
            .max_poll_records(AT_ONCE)
            .session_timeout(MISSED)
            .build()
            .await?;
        consumer.subscribe([&intake.topic]).await?;
        let aside = kafka.producer().acks(Acks::All).idempotent(true).build().await?;
        Ok(Self { house, intake, consumer, aside })
    }

    async fn take_all(&self, patience: &mut Patience) -> Trouble {
        loop {
            match self.step().await {
                Ok(()) => *patience = Patience::new(),
                Err(trouble) => return trouble,
            }
        }
    }

    async fn step(&self) -> Result<(), Trouble> {
        let records = self.consumer.poll(LOOK).await?;
        if records.is_empty() {
            return Ok(());
        }
        let mut lines: BTreeMap<(i32, Option<Bytes>), Vec<ConsumerRecord>> = BTreeMap::new();
        for record in records {
            lines.entry((record.partition, record.key.clone())).or_default().push(record);
        }
        stream::iter(lines.into_values())
            .map(|line| self.take_line(line))
            .buffer_unordered(SIDE_BY_SIDE)
            .try_collect::<()>()
            .await?;
        Ok(self.consumer.commit().await?)
    }

    /// Messages of one key, one after the other.
    async fn take_line(&self, line: Vec<ConsumerRecord>) -> Result<(), Trouble> {
        for record in line {
            match self.judge(&record).await {
                None => self.house.figures.count_taken(),
                Some(reason) => {
                    self.put_aside(record, reason).await?;
                    self.house.figures.count_refused();
                }
            }
        }
        Ok(())
    }

    /// Waits until one message is kept; why not, where it never will be.
    async fn judge(&self, record: &ConsumerRecord) -> Option<Reason> {
        let size = record.value.as_ref().map_or(0, Bytes::len);
        let Some(value) = record.value.clone().filter(|_| (1..=LARGEST).contains(&size)) else {
            let code = if size == 0 { "message_empty" } else { "message_too_large" };
            let message = format!("The message has {size} bytes; it takes 1 to {LARGEST}.");
            return Some(Reason { code: code.to_owned(), message, faults: None });
        };
        let headers = record.headers.iter();
        let incoming = Incoming {
            id: place(record),
            key: record.key.clone(),
            headers: headers.filter_map(|(name, value)| Some((name.clone(), value.clone()?))).collect(),
            value,
        };
        let mut wait = Duration::from_millis(100);
        loop {
            match (self.intake.take)(incoming.clone()).await {
                Verdict::Taken => return None,
                Verdict::Refused { code, message, faults } => return Some(Reason { code, message, faults }),
                Verdict::Later => {
                    self.house.figures.count_failure();
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
            }
        }
    }

    /// A refused message, with why and where it lay, for people to look at.
    async fn put_aside(&self, record: ConsumerRecord, reason: Reason) -> Result<(), Trouble> {
        let topic = format!("{}.refused", record.topic);
        let lay = place(&record);
        let mut aside = krafka::Record::new(topic, record.value.unwrap_or_default());
        aside.key = record.key;
        aside.headers = record.headers;
        let Reason { code, message, faults } = reason;
        aside = aside
            .header("refused-code", code)
            .header("refused-message", cut(message))
            .header("refused-from", lay);
        if let Some(faults) = faults.filter(|faults| faults.len() <= LARGEST_FAULT) {
            aside = aside.header("refused-faults", faults);
        }
        self.aside.send(aside).await.map(drop)?;
        Ok(())
    }
}

/// Why a message is put aside.
struct Reason {
    code: String,
    message: String,
    faults: Option<String>,
}

/// What of a sentence a header holds.
fn cut(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(LARGEST_FAULT));
    text
}

/// Where a message lies: its name, however often it comes.
fn place(record: &ConsumerRecord) -> String {
    format!("{}/{}/{}@{}", record.topic, record.partition, record.offset, record.timestamp)
}
