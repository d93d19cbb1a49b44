//! `freehold demo`: a year of real sales, served.

mod associations;
mod credentials;
mod lockboxes;
mod receiver;
mod reports;
mod rules;
#[cfg(test)]
mod tests;

use std::time::Duration;

use anyhow::Result;
use dictionary::Record;
use sample::king_county::{self, Setting};
use sample::{Dice, live::Live};
use search::Search;
use store::{Batch, Store};

use super::line::Demo;
use super::{progress, say};
use crate::clock;
use crate::serve::{self, House};
use crate::settings::Settings;

/// The seed of the streets, people and remarks that are made up.
const SEED: u64 = 1;
/// How long a moving market rests between two moves.
const REST: Duration = Duration::from_secs(2);

/// The cursor that says how far the market has been loaded, and what it says.
const CURSOR: &str = "demo";
const BEGUN: &str = "begun";
const LOADED: &str = "loaded";

pub(super) async fn demo(asked: &Demo, mut settings: Settings) -> Result<()> {
    let listener = serve::bind(&settings).await?;
    // Port 0 asks for any that is free.
    settings.server.listen = listener.local_addr()?;
    settings.outflow.allowed_addresses.push(receiver::HERE.into());
    let house = House::open(&settings).await?;
    tracing::debug!("the store is open");
    let setting = Setting { now: clock::now(), media_base_url: settings.public_url(), seed: SEED };
    if !is_loaded(&house.store).await? {
        mark(&house.store, BEGUN).await?;
        let bar = progress::bar(0, "records");
        let loaded = king_county::load(&house.store, &house.dictionary, &setting, |done, about| {
            bar.set_length(about);
            bar.set_position(done);
        });
        let loaded = loaded.await?;
        bar.finish_and_clear();
        mark(&house.store, LOADED).await?;
        tracing::debug!(records = loaded.records, "the market is loaded");
    }
    let keys = credentials::credentials(&house, king_county::FEED).await?;
    rules::rules(&house, king_county::FEED).await?;
    tracing::debug!("the clients have their keys");
    associations::associations(&house, &settings, &keys.operator_token).await?;
    tracing::debug!("the associations are on their way");
    receiver::start(&house, !asked.json).await?;
    let running = serve::start(&house, &settings, listener)?;
    // Sales are reported while the index is loaded: neither waits for the other.
    let reporting = async {
        let reported = reports::publish(&house, &keys.bms_token).await;
        tracing::debug!("the sales are reported");
        reported
    };
    let indexing = async {
        running.ready(&house).await;
        tracing::debug!("the index is loaded");
    };
    tokio::join!(reporting, indexing).0?;
    lockboxes::lockboxes(&house, king_county::FEED).await?;
    tracing::debug!("the boxes hang");
    let base = settings.public_url();
    let reso = format!("{base}{}", settings.reso.root);
    if asked.json {
        let line = serde_json::json!({
            "base_url": base,
            "reso_url": reso,
            "token": keys.token,
            "write_token": keys.write_token,
            "operator_token": keys.operator_token,
            "bms_token": keys.bms_token,
            "lockbox_token": keys.lockbox_token,
            "partner": {
                "url": format!("{base}/services/partner"),
                "client": credentials::PARTNER,
                "systemaccesskey": keys.partner_key,
                "feed": king_county::FEED,
            },
        });
        say(&line.to_string());
    } else {
        say(&format!(
            "Freehold answers at {base} with a year of real sales. Paste one of these:\n\n\
             The RESO Web API: the newest three-bedroom houses for sale below $600,000\n  \
             curl -H 'Authorization: Bearer {token}' \\\n    \
             '{reso}/Property?$filter=StandardStatus%20eq%20%27Active%27%20and%20BedroomsTotal%20ge%203%20and%20\
             ListPrice%20lt%20600000&$orderby=ModificationTimestamp%20desc&$top=3\
             &$select=ListingId,ListPrice,UnparsedAddress,City'\n\n\
             The partner API: three houses with a pool, the dearest first\n  \
             KEY={key}; NOW=$(date -u +%Y%m%d%H%M%S)\n  \
             SIGNATURE=$(printf '%s' \"{client} $KEY x-ml-timestamp:$NOW\" | md5sum | cut -d' ' -f1)\n  \
             curl -H \"ml-auth: client={client}&systemaccesskey=$KEY&signature=$SIGNATURE\" -H \"x-ml-timestamp: $NOW\" \\\n    \
             -H 'Content-Type: application/json' {base}/services/partner/GetListings \\\n    \
             -d '{{\"FeedIdList\": [\"{feed}\"], \"HasPool\": true, \"SortBy\": \"-Price\", \"PageSize\": 3}}'\n\n\
             To try all of it in a browser: {base}/docs\n\n\
             Sales production, from the reports of closed sales\n  \
             curl -H 'x-api-key: {bms}' '{base}/production?by=office,quarter'\n\n\
             Who may open which box: the first boxes, and whether somebody may open one\n  \
             curl -H 'x-api-key: {lockbox}' '{base}/lockbox/production/tenants/{tenant}/boxes?limit=3'\n  \
             curl -H 'x-api-key: {lockbox}' {base}/lockbox/access-decisions -d '{{\"lockbox\": \"…\", \"user\": \"…\"}}'\n\n\
             The admin API: how the server stands\n  \
             curl -H 'Authorization: Bearer {operator}' '{base}/admin/status'\n\n\
             Ctrl-C stops it. The keys are good for 30 days.",
            token = keys.token,
            operator = keys.operator_token,
            bms = keys.bms_token,
            lockbox = keys.lockbox_token,
            tenant = lockboxes::TENANT,
            key = keys.partner_key,
            client = credentials::PARTNER,
            feed = king_county::FEED,
        ));
    }
    if asked.live {
        tokio::spawn(keep_moving(house.clone(), setting));
    }
    running.until_told().await
}

/// Whether the market is there to its end, or the store is somebody's own, into which no market goes.
async fn is_loaded(store: &Store) -> Result<bool> {
    Ok(match store.cursor(CURSOR).await?.as_deref() {
        Some(mark) => mark == LOADED,
        None => store.head().await? > 0,
    })
}

async fn mark(store: &Store, mark: &str) -> Result<()> {
    let cursors = vec![(CURSOR.into(), mark.to_owned())];
    store.write(Batch { cursors, ..Batch::new("demo", clock::now()) }).await?;
    Ok(())
}

/// Moves the market for ever, a move at a time.
async fn keep_moving(house: House, setting: Setting) {
    let listings = open_listings(&house.search, &house);
    let mut market = Live::new(&house.dictionary, &setting, listings);
    let mut dice = Dice::new(setting.now.as_microsecond().unsigned_abs());
    loop {
        tokio::time::sleep(REST).await;
        let now = clock::now();
        let mut batch = Batch::new("demo", now);
        batch.operations = market.step(now, &mut dice);
        if let Err(error) = house.store.write(batch).await {
            tracing::warn!(code = error.code(), "the market did not move: {error}");
        }
    }
}

/// Every listing, as the index holds it; those that do not move are passed over by the market itself.
fn open_listings(search: &Search, house: &House) -> Vec<Record> {
    let property = house.dictionary.known("Property").id;
    let reader = search.read();
    let query = query::Query { page_size: u32::MAX, ..query::Query::all(property) };
    match reader.page(&query, &query::Scope::everything(), clock::now()) {
        Ok(hits) => hits.rows.iter().map(|row| reader.record(property, *row)).collect(),
        Err(_) => Vec::new(),
    }
}
