//! `freehold doctor`: what is well, what is not, and what to do about it.

use anyhow::{Result, bail};

use super::say;
use crate::serve::{House, bind};
use crate::settings::Settings;

pub(super) async fn doctor(settings: &Settings) -> Result<()> {
    let mut ill = 0;
    let mut tell = |what: &str, found: Result<String>| match found {
        Ok(well) => say(&format!("ok   {what}: {well}")),
        Err(error) => {
            ill += 1;
            say(&format!("BAD  {what}: {error:#}"));
        }
    };
    tell("settings", Ok("every one is known and in its bounds".into()));
    tell(
        "address",
        bind(settings).await.map(|listener| match listener.local_addr() {
            Ok(address) => format!("{address} is free"),
            Err(_) => "free".into(),
        }),
    );
    match House::open(settings).await {
        Err(error) => tell("store", Err(error)),
        Ok(house) => {
            tell("store", house.store.head().await.map(|head| format!("{head} changes")).map_err(Into::into));
            tell("log", gaps(&house).await);
        }
    }
    if ill > 0 {
        bail!("{ill} things are not well");
    }
    Ok(())
}

/// Reads the whole log: every version decodes, and no sequence is missing.
async fn gaps(house: &House) -> Result<String> {
    const AT_A_TIME: usize = 10_000;
    let (head, mut last) = (house.store.head().await?, 0);
    while last < head {
        let changes = house.store.follow(last, AT_A_TIME).await?;
        for change in &changes {
            if change.sequence != last + 1 {
                bail!("after change {last} comes {}: restore from a backup", change.sequence);
            }
            last = change.sequence;
        }
        if changes.is_empty() {
            bail!("change {} is missing: restore from a backup", last + 1);
        }
    }
    Ok(format!("{head} changes, none missing, each readable"))
}
