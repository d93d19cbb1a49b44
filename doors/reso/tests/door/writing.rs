//! Writing, as clients do it: every request goes through the real router into a real store.

mod bodies;
mod parts;
mod permission;
mod records;
mod rules;

use console::operate::NewGrant;
use gate::Class;

use crate::town::Town;

/// A town with a client that writes feed A, every field of it; its key.
async fn town() -> (Town, String) {
    let town = Town::build().await;
    let key = town.client("writer", &[writes("writer", "A")]).await;
    (town, key)
}

fn writes(client: &str, feed: &str) -> NewGrant {
    NewGrant { write: true, every_record: true, ..NewGrant::read(client, feed, Class::Participant) }
}

/// The newest version of a record, as JSON; null where it is not there.
async fn now_of(town: &Town, path: &str) -> serde_json::Value {
    let answer = town.get(path).await;
    if answer.status == 404 { serde_json::Value::Null } else { answer.json() }
}
