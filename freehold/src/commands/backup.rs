//! `freehold backup` and `freehold restore`.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use store::Store;

use super::say;
use crate::serve::{House, dictionary, store_settings};
use crate::settings::Settings;

pub(super) async fn backup(file: &Path, settings: &Settings) -> Result<()> {
    let house = House::open(settings).await?;
    house.store.backup(file).await?;
    say(&format!("{} holds the log up to change {}.", file.display(), house.store.head().await?));
    Ok(())
}

pub(super) async fn restore(file: &Path, settings: &Settings) -> Result<()> {
    let dictionary = Arc::new(dictionary(&settings.dictionary)?);
    let store = Store::restore(file, store_settings(settings)?, dictionary).await?;
    say(&format!("The store holds the log up to change {}.", store.head().await?));
    Ok(())
}
