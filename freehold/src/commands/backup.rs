//! `freehold backup` and `freehold restore`.

use std::io;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use store::{Beside, Store};

use super::say;
use crate::serve::{ASSOCIATION, LOCKBOX, dictionary, store_settings};
use crate::settings::Settings;

pub(super) async fn backup(file: &Path, settings: &Settings) -> Result<()> {
    let dictionary = Arc::new(dictionary(&settings.dictionary)?);
    // For reading alone: a server may be writing meanwhile.
    let store = Store::open_reading(store_settings(settings)?, dictionary).await?;
    store.backup_with(file, Beside { directory: settings.store.data.clone(), places }).await?;
    say(&format!("{} holds the log up to change {} or a later one.", file.display(), *store.bell().borrow()));
    Ok(())
}

/// The files of the data directory that records name. Renditions of pictures are made anew; keys and certificates
/// stay out, so that a backup opens nothing.
fn places(data: &Path) -> io::Result<Vec<String>> {
    let below = |name: &str, places: Vec<String>| {
        places.into_iter().map(|place| format!("{name}/{place}")).collect::<Vec<_>>()
    };
    let mut places = below(LOCKBOX, lockbox_door::files(&data.join(LOCKBOX))?);
    places.extend(below(ASSOCIATION, association_door::files(&data.join(ASSOCIATION))?));
    Ok(places)
}

pub(super) async fn restore(file: &Path, settings: &Settings) -> Result<()> {
    let dictionary = Arc::new(dictionary(&settings.dictionary)?);
    let kept = store_settings(settings)?;
    // Before the records that name them: should this end between the two, it is done again.
    let files = Store::restore_files(file, &settings.store.data).await?;
    let store = Store::restore(file, kept, dictionary).await?;
    say(&format!(
        "The store holds the log up to change {}; {files} files lie beside it.",
        store.head().await?
    ));
    Ok(())
}

#[cfg(test)]
mod tests;
