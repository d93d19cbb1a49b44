//! The demo's clients and their keys.

use anyhow::Result;
use console::operate::{Act, Desk, NewGrant, NewKey, create_client, create_feed, get, grant, issue_key};
use dictionary::{Origin, Text};
use gate::Class;
use jiff::ToSpan;
use odata::Fault;

use crate::clock;
use crate::serve::House;

/// Credentials to paste. They are shown once at each start; only their hashes are kept.
#[derive(Debug)]
pub(super) struct Credentials {
    /// Reads everything of the demo's feed.
    pub(super) token: String,
    /// Reads and writes it.
    pub(super) write_token: String,
    /// Operates the installation.
    pub(super) operator_token: String,
}

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
    })
}

/// The key of a client that may write the feed or only read it; of an operator where that is not said.
async fn client(desk: &Desk, act: &Act, feed: &str, id: &str, writes: Option<bool>) -> Result<String> {
    if missing(get(desk, "Client", id).await)? {
        create_client(desk, act, id, "Freehold demo", writes.is_none()).await?;
        if let Some(write) = writes {
            let all =
                NewGrant { write, shown: everything(desk), ..NewGrant::read(id, feed, Class::Participant) };
            grant(desk, act, &all).await?;
        }
    }
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
