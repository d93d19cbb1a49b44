//! Feeds, clients and grants in one call each: for commands and for the demo.

use dictionary::{Record, Text, Value};
use gate::Class;
use odata::Fault;
use store::Stored;

use super::writing::{create, update};
use super::{Act, Desk};

/// Makes a feed.
///
/// # Errors
/// As [`create`].
pub async fn create_feed(desk: &Desk, act: &Act, id: &str, name: &str) -> Result<Stored, Fault> {
    let record = record(desk, "Feed", [("FeedId", id.into()), ("FeedName", name.into())]);
    create(desk, act, "Feed", record).await
}

/// Makes a client, an operator or a partner. It has no key yet.
///
/// # Errors
/// As [`create`].
pub async fn create_client(
    desk: &Desk,
    act: &Act,
    id: &str,
    name: &str,
    operator: bool,
) -> Result<Stored, Fault> {
    let fields =
        [("ClientId", id.into()), ("ClientName", name.into()), ("OperatorYN", Value::Boolean(operator))];
    create(desk, act, "Client", record(desk, "Client", fields)).await
}

/// Makes a client inactive: its keys and tokens are refused until it is active again.
///
/// # Errors
/// As [`update`].
pub async fn suspend_client(desk: &Desk, act: &Act, id: &str) -> Result<Stored, Fault> {
    let given = record(desk, "Client", [("ClientStatus", "Suspended".into())]);
    update(desk, act, "Client", id, &given, &[], None).await
}

/// What a client is granted of a feed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewGrant {
    /// The client.
    pub client: Text,
    /// The feed.
    pub feed: Text,
    /// What for.
    pub class: Class,
    /// Whether it may write, too.
    pub write: bool,
    /// Whether every record of the feed is shown, those too that the class hides: drafts, what was deleted.
    pub every_record: bool,
    /// Fields shown beyond the class, as `Resource.Field`; `*` stands for any letters.
    pub shown: Vec<Text>,
    /// Fields hidden though the class shows them.
    pub hidden: Vec<Text>,
}

impl NewGrant {
    /// What the class shows, to read.
    #[must_use]
    pub fn read(client: &str, feed: &str, class: Class) -> Self {
        let (client, feed) = (Text::new(client), Text::new(feed));
        let (shown, hidden) = (Vec::new(), Vec::new());
        Self { client, feed, class, write: false, every_record: false, shown, hidden }
    }
}

/// Grants a feed to a client.
///
/// # Errors
/// As [`create`].
pub async fn grant(desk: &Desk, act: &Act, new: &NewGrant) -> Result<Stored, Fault> {
    let level = if new.write { "Write" } else { "Read" };
    let mut record = record(
        desk,
        "Grant",
        [
            ("ClientId", new.client.clone().into()),
            ("FeedId", new.feed.clone().into()),
            ("AccessLevel", level.into()),
            ("PermissionClass", new.class.name().into()),
            ("EveryRecordYN", new.every_record.into()),
        ],
    );
    let own = desk.dictionary.known("Grant");
    for (name, list) in [("ShownFields", &new.shown), ("HiddenFields", &new.hidden)] {
        if let Some(field) = own.find(name).filter(|_| !list.is_empty()) {
            record.set(field, Value::TextList(list.clone().into()));
        }
    }
    create(desk, act, "Grant", record).await
}

fn record<const N: usize>(desk: &Desk, resource: &str, fields: [(&str, Value); N]) -> Record {
    let own = desk.dictionary.known(resource);
    let known = fields.into_iter().filter_map(|(name, value)| Some((own.find(name)?, value)));
    Record::from_values(own.id, known.collect())
}
