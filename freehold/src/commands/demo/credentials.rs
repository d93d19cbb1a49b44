//! The demo's clients and their keys.

use anyhow::{Result, anyhow};
use console::operate::{
    Act, Desk, KeyUse, NewGrant, NewKey, Part, create, create_client, create_feed, get, grant, issue_key,
    list, revoke_key,
};
use dictionary::{Origin, Record, Text};
use gate::Class;
use jiff::ToSpan;
use odata::Fault;

use super::lockboxes::VENDOR;
use crate::clock;
use crate::serve::House;

/// Credentials to paste. They are shown once at each start; only their hashes are kept.
#[derive(Debug)]
pub(super) struct Credentials {
    /// Reads everything of the demo's feed: every record and every field.
    pub(super) token: String,
    /// Reads and writes it.
    pub(super) write_token: String,
    /// Operates the installation.
    pub(super) operator_token: String,
    /// The `systemaccesskey` of [`PARTNER`], which reads the feed through the partner API.
    pub(super) partner_key: String,
    /// Publishes transaction reports to the franchise and reads them.
    pub(super) bms_token: String,
    /// Runs the lockboxes of the demo's association.
    pub(super) lockbox_token: String,
}

/// The office software that reports the demo's sales.
const BMS: &str = "demo-bms";
/// Whom it reports to.
pub(super) const FRANCHISE: &str = "demo-franchise";

/// The client of the partner API.
pub(super) const PARTNER: &str = "demo-partner";

/// Days that a demo's key is good: a store that is left lying about opens no door for ever.
const GOOD_DAYS: i64 = 30;

/// Makes the clients where there are none, and issues a new key to each.
pub(super) async fn credentials(house: &House, feed: &str) -> Result<Credentials> {
    let desk = house.desk();
    let act = Act { actor: Text::new_static("demo"), now: clock::now() };
    if missing(get(&desk, "Feed", feed).await)? {
        create_feed(&desk, &act, feed, "King County, a year of sales").await?;
    }
    Ok(Credentials {
        token: client(&desk, &act, feed, "demo", Some(false)).await?,
        write_token: client(&desk, &act, feed, "demo-writer", Some(true)).await?,
        operator_token: client(&desk, &act, feed, "demo-operator", None).await?,
        partner_key: partner(&desk, &act, feed).await?,
        bms_token: bms(house, &desk, &act).await?,
        lockbox_token: lockbox(&desk, &act).await?,
    })
}

/// The key of a client that may write the feed or only read it; of an operator where that is not said.
async fn client(desk: &Desk, act: &Act, feed: &str, id: &str, writes: Option<bool>) -> Result<String> {
    if missing(get(desk, "Client", id).await)? {
        create_client(desk, act, id, "Freehold demo", writes.is_none()).await?;
        if let Some(write) = writes {
            let class = NewGrant::read(id, feed, Class::Participant);
            let all = NewGrant { write, every_record: true, shown: everything(desk), ..class };
            grant(desk, act, &all).await?;
        }
    }
    key(desk, act, id).await
}

/// The key of who runs the lockboxes; what they may do is granted with the association.
async fn lockbox(desk: &Desk, act: &Act) -> Result<String> {
    if missing(get(desk, "Client", VENDOR).await)? {
        create_client(desk, act, VENDOR, "Freehold demo, lockboxes", false).await?;
    }
    key(desk, act, VENDOR).await
}

async fn key(desk: &Desk, act: &Act, id: &str) -> Result<String> {
    let expires = act.now.checked_add((GOOD_DAYS * 24).hours())?;
    let key = issue_key(
        desk,
        act,
        id,
        NewKey { name: Some("demo".into()), expires: Some(expires), ..NewKey::default() },
    )
    .await?;
    Ok(key.secret.reveal().to_owned())
}

/// The key of the client of the partner API. The one of the start before ends: two are good at most.
async fn partner(desk: &Desk, act: &Act, feed: &str) -> Result<String> {
    if missing(get(desk, "Client", PARTNER).await)? {
        create_client(desk, act, PARTNER, "Freehold demo, partner API", false).await?;
        grant(desk, act, &NewGrant::read(PARTNER, feed, Class::Participant)).await?;
    }
    let own = desk.dictionary.known("ClientKey");
    let field = |name: &str| own.find(name).ok_or_else(|| anyhow!("ClientKey has no {name}"));
    let fields = vec![(field("ClientId")?, Text::new_static(PARTNER))];
    let before = list(desk, "ClientKey", &Part { after: None, limit: 1_000, fields }).await?;
    let revoked = field("RevokedTimestamp")?;
    for kept in before.records.iter().filter(|kept| kept.record.get(revoked).is_none()) {
        revoke_key(desk, act, &kept.key).await?;
    }
    let opens = KeyUse::Partner { given: None };
    let expires = act.now.checked_add((GOOD_DAYS * 24).hours())?;
    let new = NewKey { name: Some("demo".into()), expires: Some(expires), opens, ..NewKey::default() };
    Ok(issue_key(desk, act, PARTNER, new).await?.secret.reveal().to_owned())
}

/// The key of the office software that reports sales to the franchise; it is granted that, and no more.
async fn bms(house: &House, desk: &Desk, act: &Act) -> Result<String> {
    if missing(get(desk, "Client", BMS).await)? {
        create_client(desk, act, BMS, "Freehold demo, office software", false).await?;
    }
    if missing(get(desk, "TopicGrant", BMS).await)? {
        let own = desk.dictionary.known("TopicGrant");
        let mut record = Record::new(own.id);
        let franchise = transactions_door::profile_url(house.transactions.settings(), "Client", FRANCHISE);
        for (name, value) in [
            ("TopicGrantId", BMS),
            ("ClientId", BMS),
            ("AgentUri", &franchise.unwrap_or_default()),
            ("TopicPattern", "realestate/franchise"),
            ("TopicDirection", "Publish"),
        ] {
            if let Some(field) = own.find(name) {
                record.set(field, value);
            }
        }
        create(desk, act, "TopicGrant", record).await?;
    }
    house.transactions.refresh().await?;
    key(desk, act, BMS).await
}

/// Every field of every resource that a grant may show.
fn everything(desk: &Desk) -> Vec<Text> {
    let offered = desk.dictionary.resources().iter().filter(|resource| resource.origin != Origin::Freehold);
    offered.map(|resource| Text::from(format!("{}.*", resource.name))).collect()
}

fn missing<T>(found: Result<T, Fault>) -> Result<bool> {
    match found {
        Ok(_) => Ok(false),
        Err(fault) if fault.status == 404 => Ok(true),
        Err(fault) => Err(fault.into()),
    }
}
