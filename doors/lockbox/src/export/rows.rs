//! Records as lines, a part at a time.

use std::collections::HashMap;
use std::convert::Infallible;

use axum::body::Bytes;
use dictionary::{Key, Record, Resource};
use http_body_util::channel::Sender;
use store::{Scan, StoreError, Stored};

use super::columns::{SERVICES, fields};
use super::mask::masked;
use crate::Door;
use crate::import::Part;
use crate::tenant::Tenant;

/// Records read at once.
const AT_ONCE: usize = 2_000;

/// Tells every record of a part until the reader has gone.
pub(crate) async fn tell(
    door: &Door,
    tenant: &Tenant,
    (part, masks): (Part, bool),
    mut to: Sender<Bytes, Infallible>,
) -> Result<(), StoreError> {
    let own = door.dictionary.known(part.resource());
    let columns = fields(part);
    let services: &[(&str, &str)] = if part == Part::Members { &SERVICES } else { &[] };
    let mut lines = Vec::new();
    line(&mut lines, columns.iter().copied().chain(services.iter().map(|(name, _)| *name)));
    let (mut after, mut number) = (None, 0);
    loop {
        let scan = Scan { resource: own.id, feed: Some(tenant.feed.clone()), after, limit: AT_ONCE };
        let found = door.store.scan(scan).await?;
        let users = match part {
            Part::Members => users(door, &found).await?,
            Part::Offices | Part::Listings => HashMap::new(),
        };
        for stored in &found {
            number += 1;
            let mask = |column: &str, value: String| match masks {
                true => masked(column, value, number),
                false => value,
            };
            let of_record = columns.iter().map(|column| mask(column, cell(own, &stored.record, column)));
            let user = users.get(&stored.key);
            let own_user = door.dictionary.known("LockboxUser");
            let of_user = services.iter().map(|(column, field)| {
                mask(column, user.map_or_else(String::new, |user| cell(own_user, &user.record, field)))
            });
            let cells: Vec<String> = of_record.chain(of_user).collect();
            line(&mut lines, cells.iter().map(String::as_str));
        }
        if to.send_data(Bytes::from(std::mem::take(&mut lines))).await.is_err() {
            return Ok(());
        }
        match found.last() {
            Some(last) if found.len() == AT_ONCE => {
                after = Some((own.timestamp_of(&last.record), last.key.clone()));
            }
            _ => return Ok(()),
        }
    }
}

/// The users beside some members.
async fn users(door: &Door, members: &[Stored]) -> Result<HashMap<Key, Stored>, StoreError> {
    let keys: Vec<Key> = members.iter().map(|stored| stored.key.clone()).collect();
    let found = door.store.get_many(door.dictionary.known("LockboxUser").id, &keys).await?;
    Ok(found.into_iter().flatten().map(|stored| (stored.key.clone(), stored)).collect())
}

fn cell(own: &Resource, record: &Record, field: &str) -> String {
    let Some(value) = own.find(field).and_then(|id| record.get(id)) else { return String::new() };
    let mut out = Vec::new();
    odata::text::write_value(&mut out, value.view());
    String::from_utf8(out).unwrap_or_default()
}

/// A line of CSV (RFC 4180).
fn line<'c>(out: &mut Vec<u8>, cells: impl Iterator<Item = &'c str>) {
    let mut writer = csv::Writer::from_writer(out);
    // Memory takes every byte.
    drop(writer.write_record(cells));
}
