//! What is new by EntityEvent: which records have changed, and then those. A record that is told of and not there
//! is gone (RESO-080).

use std::collections::HashMap;
use std::sync::Arc;

use dictionary::{Key, Text};
use intake::IntakeError;

use crate::place::Place;
use crate::run::Run;

/// Events that are read in one go.
const PART: u32 = 1_000;

/// The cursor of how far a source's events are read.
fn name(source: &str) -> Text {
    Text::from(format!("pull/{source}/events"))
}

impl Run<'_> {
    /// The newest event, before the first load begins: what happens from then on is told by later ones.
    pub(crate) async fn note_events(&mut self) -> Result<(), IntakeError> {
        let name = name(&self.source.id);
        let kept = self.puller.store.cursor(&name).await.map_err(|e| IntakeError::store(&e))?;
        if kept.is_some() {
            return Ok(());
        }
        let newest = self.newest().await?;
        self.writer.cursor(name, newest.to_string()).await
    }

    /// The number of the newest event; 0 where there is none.
    async fn newest(&mut self) -> Result<i64, IntakeError> {
        let url = format!("{}/EntityEvent?$orderby=EntityEventSequence%20desc&$top=1", self.source.location);
        Ok(self.sequences(&url).await?.first().map_or(0, |(sequence, ..)| *sequence))
    }

    /// Reads the events that there are by now, and what they tell of. What is written meanwhile is the next run's:
    /// a source that writes faster than it is read would never be done with.
    pub(crate) async fn events(&mut self, places: &mut HashMap<String, Place>) -> Result<(), IntakeError> {
        let name = name(&self.source.id);
        let kept = self.puller.store.cursor(&name).await.map_err(|e| IntakeError::store(&e))?;
        let mut behind: i64 = kept.and_then(|kept| kept.parse().ok()).unwrap_or(0);
        let newest = self.newest().await?;
        while behind < newest {
            self.look_for_end()?;
            let url = format!(
                "{}/EntityEvent?$filter=EntityEventSequence%20gt%20{behind}&$orderby=EntityEventSequence&$top={PART}",
                self.source.location
            );
            let events = self.sequences(&url).await?;
            let Some(last) = events.iter().map(|(sequence, ..)| *sequence).max() else { return Ok(()) };
            if last <= behind {
                let message = "The source answers events that were read before.";
                let hint =
                    "Its EntityEventSequence is not to be filtered by: use a profile without entity_event.";
                return Err(IntakeError::new("source_never_ends", message, hint));
            }
            let mut told: HashMap<String, Vec<Key>> = HashMap::new();
            for (_, resource, key) in events {
                let keys = told.entry(resource).or_default();
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
            for resource in self.resources.clone() {
                let Some(keys) = told.remove(&resource) else { continue };
                let place = places.entry(resource.clone()).or_default();
                let ask = self.ask(&resource);
                let gone = self.fetch(&ask, &keys, place).await?;
                let own = self.puller.dictionary.known(&resource).id;
                self.writer.remove(own, &gone, None).await?;
                self.tell();
            }
            behind = last;
            self.writer.cursor(name.clone(), behind.to_string()).await?;
        }
        Ok(())
    }

    /// Sequence, resource and key of each event of a page.
    async fn sequences(&mut self, url: &str) -> Result<Vec<(i64, String, Key)>, IntakeError> {
        let dictionary = Arc::clone(&self.puller.dictionary);
        let own = dictionary.known("EntityEvent");
        let page = self.page(url, own).await?;
        let events = page.records.iter().filter_map(|one| {
            let text = |name: &str| one.record.get(own.find(name)?)?.as_text().map(str::to_owned);
            let sequence = one.record.get(own.find("EntityEventSequence")?)?.as_integer()?;
            let (resource, key) = (text("ResourceName"), text("ResourceRecordKey"));
            Some((sequence, resource.unwrap_or_default(), Key::from(key.unwrap_or_default())))
        });
        Ok(events.collect())
    }
}
