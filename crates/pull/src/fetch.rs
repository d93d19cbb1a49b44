//! Records asked for by their keys.

use std::collections::HashSet;
use std::sync::Arc;

use dictionary::Key;
use intake::IntakeError;

use crate::place::{Place, Stand};
use crate::profile::End;
use crate::run::Run;
use crate::walk::{Ask, Kind, Walk};

/// Keys that one filter joins by `or`, where the profile sets no bound, and characters of the filter: servers
/// and what stands before them take addresses of some 2,000.
const MOST_OR: usize = 50;
const LONGEST_FILTER: usize = 1_600;

impl Run<'_> {
    /// Asks for the records of these keys and keeps them; gives back the keys that the source does not have.
    pub(crate) async fn fetch(
        &mut self,
        ask: &Ask,
        keys: &[Key],
        place: &mut Place,
    ) -> Result<Vec<Key>, IntakeError> {
        let own = self.puller.dictionary.known(&ask.resource).id;
        let most = self.profile.page.most_or.unwrap_or(MOST_OR);
        let wanted: Vec<String> = keys.iter().map(ToString::to_string).collect();
        let mut missing: HashSet<&str> = wanted.iter().map(String::as_str).collect();
        let mut rest = &wanted[..];
        while !rest.is_empty() {
            let (filter, further) = ask.keys(rest, most, LONGEST_FILTER);
            rest = further;
            let mut one = ask.clone();
            // Several conditions are joined by `and`, which binds more closely.
            one.filters.push(format!("({filter})"));
            one.top = None;
            let walked = (one, Kind::Linked(End::NoLink, false), Stand::default());
            let dictionary = Arc::clone(&self.puller.dictionary);
            let mut walk =
                Walk::new(&mut self.client, &dictionary, own, self.profile.removed.field.as_deref(), walked);
            while let Some((page, _)) = walk.next().await? {
                for found in page.records.iter().filter(|found| !found.gone) {
                    missing.remove(found.key.as_deref().unwrap_or_default());
                }
                self.writer.page(own, page, place).await?;
            }
        }
        Ok(keys.iter().filter(|key| missing.contains(key.as_str())).cloned().collect())
    }
}
