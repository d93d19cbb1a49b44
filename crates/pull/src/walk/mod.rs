//! Walks over one resource of a server, page after page, each of which says where the next run may go on
//! (RESO-080).

mod ask;
mod linked;
mod ordered;
mod skip;

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use dictionary::{Dictionary, ResourceId};
use intake::IntakeError;
use odata::json::glimpse_next;

use crate::client::{Client, Got, Trouble, counts_records, follow};
use crate::page::{Page, read};
use crate::place::Stand;
use crate::profile::End;

pub(crate) use ask::{Ask, quoted};

/// Pages without a record, one after the other, after which a source is one that never ends.
const MOST_EMPTY: usize = 20;
/// How often a walk is begun anew where its links end.
const MOST_RESTARTS: usize = 5;
/// How often a page that is no page is asked for.
pub(crate) const MOST_READS: usize = 3;
/// Pages of one walk: a hundred million records, a hundred at a time.
const MOST_PAGES: u64 = 1_000_000;

/// How it is walked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// Ordered.
    Ordered(Order),
    /// From link to link in whatever order, ended so. The flag asks for the first page with a blank `$skiptoken`.
    Linked(End, bool),
    /// Ordered by key, counting records.
    Skip,
}

/// What a walk is ordered by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Order {
    /// Timestamp, then key: a page can be asked for by where the one before ended.
    TimeKey,
    /// Timestamp: ties are walked by links.
    Time,
    /// Key.
    Key,
}

/// A walk under way.
pub(crate) struct Walk<'a> {
    client: &'a mut Client,
    dictionary: Arc<Dictionary>,
    resource: ResourceId,
    flag: Option<String>,
    ask: Ask,
    kind: Kind,
    stand: Stand,
    /// The link to go on with; kept in the stand only where nothing else says where.
    link: Option<String>,
    /// Whether the server has linked pages in this walk.
    links: bool,
    seen: HashSet<u64>,
    hasher: RandomState,
    empty: usize,
    restarts: usize,
    pages: u64,
    ended: bool,
}

impl<'a> Walk<'a> {
    /// A walk that goes on at `stand`. `flag` is the field that says whether a record is still there.
    pub(crate) fn new(
        client: &'a mut Client,
        dictionary: &Arc<Dictionary>,
        resource: ResourceId,
        flag: Option<&str>,
        (ask, kind, stand): (Ask, Kind, Stand),
    ) -> Self {
        Self {
            client,
            dictionary: Arc::clone(dictionary),
            resource,
            flag: flag.map(str::to_owned),
            ask,
            kind,
            stand: Stand { open: true, ..stand },
            link: None,
            links: false,
            seen: HashSet::new(),
            hasher: RandomState::new(),
            empty: 0,
            restarts: 0,
            pages: 0,
            ended: false,
        }
    }

    /// The next page, and where the walk stands once its records are kept; none at the end.
    ///
    /// # Errors
    /// What the server refuses; `source_never_ends`.
    pub(crate) async fn next(&mut self) -> Result<Option<(Page, Stand)>, IntakeError> {
        while !self.ended {
            self.pages += 1;
            if self.pages > MOST_PAGES {
                return Err(never_ends("it has more than a million pages"));
            }
            let page = match self.kind {
                Kind::Ordered(order) => self.ordered(order).await?,
                Kind::Linked(end, blank) => self.linked(end, blank).await?,
                Kind::Skip => self.skip().await?,
            };
            match page {
                Some(page) if page.records.is_empty() => {
                    self.empty += 1;
                    if self.empty > MOST_EMPTY && !self.ended {
                        return Err(never_ends("it answers one empty page after the other"));
                    }
                }
                Some(page) => {
                    self.empty = 0;
                    return Ok(Some((page, self.stand.clone())));
                }
                None => {}
            }
        }
        Ok(None)
    }

    /// Where a walk stands that has come to its end: there is nothing left to go on with.
    pub(crate) fn ended(&self) -> Stand {
        let Stand { at, mark, .. } = self.stand;
        Stand { at: mark.or(at), key: self.stand.key.clone().filter(|_| mark.is_none()), ..Stand::default() }
    }

    /// Asks for a page; none where the link was no longer good.
    async fn page(&mut self, url: &str, linked: bool) -> Result<Option<(Page, Got)>, IntakeError> {
        for tries in 1.. {
            let got = match self.client.json(url, linked).await {
                Ok(got) => got,
                Err(Trouble::LinkExpired) if self.restarts < MOST_RESTARTS => {
                    self.restarts += 1;
                    self.seen.clear();
                    return Ok(None);
                }
                Err(trouble) => return Err(trouble.error()),
            };
            let reading = self.read(&got);
            let page = match self.glimpse(&got) {
                Some(next) => tokio::join!(reading, self.client.look_ahead(&next)).0,
                None => reading.await,
            };
            match page {
                // An answer that was cut off where nothing says how long it is.
                Err(error) if tries < MOST_READS && matches!(error.code, "not_json" | "not_a_page") => {}
                read => return read.map(|page| Some((page, got))),
            }
        }
        Ok(None)
    }

    /// Reads a page, which takes some milliseconds a megabyte.
    fn read(&self, got: &Got) -> impl Future<Output = Result<Page, IntakeError>> + use<> {
        let (body, dictionary) = (got.body.clone(), Arc::clone(&self.dictionary));
        let (resource, flag) = (self.resource, self.flag.clone());
        let reading = self.client.reader.give(move || read(&body, &dictionary, resource, flag.as_deref()));
        async { reading.await? }
    }

    /// The page that will be asked for after this one, as far as can be told before it is read: a link of the server's
    /// own that says by itself that there is more.
    fn glimpse(&self, got: &Got) -> Option<String> {
        if matches!(self.kind, Kind::Skip | Kind::Linked(End::EmptyPage, _)) {
            return None;
        }
        let link = glimpse_next(&got.body).or_else(|| got.link.clone())?;
        let url = follow(&link, &got.url, self.client.origins()).ok()?;
        (!counts_records(&url) && !self.seen.contains(&self.hasher.hash_one(&url))).then_some(url)
    }

    /// The address that a page's link leads to; a link that was followed before has no end.
    fn follow(&mut self, page: &Page, got: &Got) -> Result<Option<String>, IntakeError> {
        let Some(link) = page.next.as_ref().or(got.link.as_ref()) else { return Ok(None) };
        let url = follow(link, &got.url, self.client.origins())?;
        if !self.seen.insert(self.hasher.hash_one(&url)) {
            return Err(never_ends("a page links to one that came before"));
        }
        self.links = true;
        Ok(Some(url))
    }
}

fn never_ends(how: &str) -> IntakeError {
    IntakeError::new(
        "source_never_ends",
        format!("The source never ends: {how}."),
        "What came is kept. Report it to the source; another strategy in a profile of your own may pass it by.",
    )
}
