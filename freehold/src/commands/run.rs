//! `freehold run`: serve what the store holds.

use anyhow::Result;

use crate::serve::{self, House};
use crate::settings::Settings;

pub(super) async fn run(settings: &Settings) -> Result<()> {
    let listener = serve::bind(settings).await?;
    let house = House::open(settings).await?;
    let running = serve::start(&house, settings, listener)?;
    tracing::info!("listening at {}", running.address);
    running.ready(&house).await;
    tracing::info!("ready: the index holds {} changes", house.search.applied());
    running.until_told().await
}
