//! `freehold backup` and `freehold restore`.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use store::Store;

use super::say;
use crate::serve::{dictionary, store_settings};
use crate::settings::Settings;

pub(super) async fn backup(file: &Path, settings: &Settings) -> Result<()> {
    let dictionary = Arc::new(dictionary(&settings.dictionary)?);
    // For reading alone: a server may be writing meanwhile.
    let store = Store::open_reading(store_settings(settings)?, dictionary).await?;
    store.backup(file).await?;
    say(&format!("{} holds the log up to change {} or a later one.", file.display(), *store.bell().borrow()));
    Ok(())
}

pub(super) async fn restore(file: &Path, settings: &Settings) -> Result<()> {
    let dictionary = Arc::new(dictionary(&settings.dictionary)?);
    let store = Store::restore(file, store_settings(settings)?, dictionary).await?;
    say(&format!("The store holds the log up to change {}.", store.head().await?));
    Ok(())
}
