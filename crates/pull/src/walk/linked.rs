//! Walks from link to link, in whatever order: replication addresses and skip tokens. The link is all that says
//! where to go on; where it has ended, the walk begins anew, and what is here already is found unchanged.

use intake::IntakeError;

use super::{Walk, never_ends};
use crate::page::Page;
use crate::profile::End;

impl Walk<'_> {
    pub(super) async fn linked(&mut self, end: End, blank: bool) -> Result<Option<Page>, IntakeError> {
        let (url, linked) = match self.stand.link.take() {
            Some(link) => (link, true),
            None => {
                let since: Vec<String> = self.stand.at.map(|at| self.ask.from(at)).into_iter().collect();
                let blank = blank.then(|| ("$skiptoken", String::new()));
                (self.ask.url(&since, &blank.into_iter().collect::<Vec<_>>()), false)
            }
        };
        let Some((page, got)) = self.page(&url, linked).await? else { return Ok(None) };
        let next = self.follow(&page, &got)?;
        self.ended = match end {
            End::NoLink => next.is_none(),
            End::EmptyPage => next.is_none() || page.records.is_empty(),
        };
        if self.ended {
            return Ok(Some(page));
        }
        if next.as_deref() == Some(url.as_str()) {
            return Err(never_ends("a page links to itself"));
        }
        self.stand.link = next;
        Ok(Some(page))
    }
}
