//! Walks that count records, for servers that offer nothing better. What others write meanwhile moves records
//! past the reader: so the last record of each page is asked for again with the next one, and where it is not
//! there, the walk goes back.

use intake::IntakeError;

use super::{Walk, never_ends};
use crate::page::Page;

/// Records asked for at a time, where nothing is said.
const TOP: u32 = 500;
/// How often a walk goes back before it is given up: somebody removes faster than it reads.
const MOST_BACK: usize = 1_000;

impl Walk<'_> {
    pub(super) async fn skip(&mut self) -> Result<Option<Page>, IntakeError> {
        let top = self.ask.top.unwrap_or(TOP).max(2);
        self.ask.top = Some(top);
        let from = self.stand.skip.saturating_sub(1);
        let since: Vec<String> = self.stand.at.map(|at| self.ask.from(at)).into_iter().collect();
        let order = [("$orderby", self.ask.key.clone()), ("$skip", from.to_string())];
        let url = self.ask.url(&since, &order);
        let Some((mut page, _)) = self.page(&url, false).await? else { return Ok(None) };
        let came = page.records.len() as u64;
        let Some(last) = self.stand.key.clone() else {
            self.ended = came == 0;
            self.stand.skip = came;
            self.stand.key = last_key(&page);
            return Ok(Some(page));
        };
        let first = page.records.iter().find_map(|one| one.key.clone());
        if first.as_ref().is_none_or(|first| first.as_str() > last.as_str()) && from > 0 {
            // What was read last is no longer where it was: records before it are gone, and others have slipped
            // past.
            self.restarts += 1;
            if self.restarts > MOST_BACK {
                return Err(never_ends("records move faster than they can be read"));
            }
            self.stand.skip = from.saturating_sub(u64::from(top) / 2);
            return Ok(None);
        }
        page.records.retain(|one| one.key.as_ref().is_none_or(|key| key.as_str() > last.as_str()));
        // Nothing but what was read before is the end, unless as much has come before it that it moved on.
        self.ended = page.records.is_empty() && from + came <= self.stand.skip;
        self.stand.skip = from + came;
        if let Some(key) = last_key(&page) {
            self.stand.key = Some(key);
        }
        Ok(Some(page))
    }
}

fn last_key(page: &Page) -> Option<String> {
    page.records.iter().rev().find_map(|one| one.key.as_ref()).map(ToString::to_string)
}
