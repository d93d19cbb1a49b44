//! Walking a resource: everything for the first time, and what is new after that.

use std::sync::Arc;

use dictionary::Resource;
use intake::IntakeError;

use super::{HOUR, Run, moved};
use crate::End;
use crate::client::Trouble;
use crate::page::{Page, read};
use crate::place::{Place, Stand};
use crate::profile::{MarkBy, RemovedRule, Strategy};
use crate::walk::{Ask, Kind, MOST_READS, Order, Walk};

/// A walk that was cut off goes on exactly where it was, unless that was as recent: then what others were
/// writing at the time may have appeared before the place.
const SETTLED: i64 = HOUR;

impl Run<'_> {
    /// Everything, for the first time.
    pub(super) async fn load(&mut self, own: &Resource, place: &mut Place) -> Result<(), IntakeError> {
        let first = self.profile.first.clone();
        let times = self.times(own);
        let mut ask = self.ask(&own.name);
        let filter = first.filter.filter(|filter| {
            let named = filter.split(' ').next().unwrap_or_default();
            self.metadata.fields(&own.name).is_some_and(|fields| fields.contains_key(named))
        });
        ask.filters.extend(filter);
        let kind = match kind(first.strategy, first.end) {
            // Without a timestamp there is only the key to order by.
            Kind::Ordered(_) if times.is_empty() => Kind::Ordered(Order::Key),
            kind => kind,
        };
        let ordered = matches!(kind, Kind::Ordered(_));
        if !ordered {
            (ask.path, ask.query, ask.bare) = (first.path, first.query, first.bare);
            ask.top = first.top.or(ask.top);
        }
        let stand = match place.first.clone() {
            Some(stand) => {
                if ordered {
                    self.resumed(&stand, 0)
                } else {
                    stand
                }
            }
            None => {
                // What moves while everything is walked is told by these timestamps afterwards.
                for time in times.iter().skip(usize::from(ordered)) {
                    let mark = self.mark(&own.name, time).await?;
                    place.by.insert(time.clone(), Stand::at(Some(mark)));
                }
                ask.count = ordered;
                Stand::default()
            }
        };
        let stand = self.carry(own, (ask, kind, stand), place, None).await?;
        if ordered && let Some(time) = times.first() {
            place.by.insert(time.clone(), stand);
        }
        place.first = None;
        // What has no timestamp is walked whole each time.
        place.loaded = !times.is_empty();
        self.writer.place(&own.name, place).await
    }

    /// What is new, by each timestamp.
    pub(super) async fn renew(&mut self, own: &Resource, place: &mut Place) -> Result<(), IntakeError> {
        let next = self.profile.next.clone();
        let strategy = if next.strategy == Strategy::Auto { Strategy::Keyset } else { next.strategy };
        let kind = kind(strategy, self.profile.first.end);
        for time in self.times(own) {
            let mut stand = place.by.get(&time).cloned().unwrap_or_default();
            let overlap = i64::from(next.overlap_seconds) * 1_000_000;
            if matches!(kind, Kind::Ordered(_)) {
                stand = self.resumed(&stand, overlap);
            } else if !stand.open {
                let mark = self.mark(&own.name, &time).await?;
                stand = Stand { mark: Some(mark), ..Stand::at(stand.at.map(|at| at - overlap)) };
            }
            let ask = Ask { time: time.clone(), ..self.ask(&own.name) };
            let stand = self.carry(own, (ask, kind, stand), place, Some(&time)).await?;
            place.by.insert(time, stand);
            self.writer.place(&own.name, place).await?;
        }
        Ok(())
    }

    /// Where a walk in order goes on: a little before where it ended; exactly there, where it was cut off in what
    /// is old.
    fn resumed(&self, stand: &Stand, overlap: i64) -> Stand {
        let settled =
            stand.at.is_some_and(|at| at < self.client.now().as_microsecond() - SETTLED.max(overlap));
        if stand.open && (settled || stand.at.is_none()) {
            return Stand { link: None, ..stand.clone() };
        }
        let back = overlap.max(if stand.open { 60_000_000 } else { 0 });
        Stand::at(stand.at.map(|at| at - back))
    }

    /// Walks to the end, each page kept while the next is read and the one after it is asked for. Gives back where the walk
    /// stands then.
    async fn carry(
        &mut self,
        own: &Resource,
        (ask, kind, stand): (Ask, Kind, Stand),
        place: &mut Place,
        by: Option<&str>,
    ) -> Result<Stand, IntakeError> {
        let dictionary = Arc::clone(&self.puller.dictionary);
        let flag =
            self.profile.removed.field.clone().filter(|_| self.profile.removed.rule == RemovedRule::Flag);
        let progress = Arc::clone(&self.commission.progress);
        let mut walk = Walk::new(&mut self.client, &dictionary, own.id, flag.as_deref(), (ask, kind, stand));
        let mut next = walk.next().await?;
        while let Some((page, stand)) = next {
            if let Some(count) = page.count {
                self.total = Some(self.writer.tally.read + count);
            }
            match by {
                Some(time) => drop(place.by.insert(time.to_owned(), stand)),
                None => place.first = Some(stand),
            }
            let (written, asked) = tokio::join!(self.writer.page(own.id, page, place), walk.next());
            written?;
            next = asked?;
            moved(&*progress, &self.writer.tally, self.total);
            if progress.canceled() {
                return Err(IntakeError::canceled());
            }
        }
        Ok(walk.ended())
    }

    /// The instant from which on what is new is asked for, of a walk that begins now.
    async fn mark(&mut self, resource: &str, time: &str) -> Result<i64, IntakeError> {
        if self.profile.first.mark == MarkBy::Date {
            return Ok(self.began.as_microsecond());
        }
        let mut ask = self.ask(resource);
        (ask.top, ask.select, ask.expand) = (Some(1), vec![time.to_owned()], Vec::new());
        let url = ask.url(&[], &[("$orderby", format!("{time} desc"))]);
        let own = self.puller.dictionary.known(resource);
        let page = self.page(&url, own).await?;
        let newest = page.records.first().and_then(|one| one.at(own.find(time)?));
        Ok(newest.unwrap_or(self.began).as_microsecond())
    }

    /// One page by itself.
    pub(crate) async fn page(&mut self, url: &str, own: &Resource) -> Result<Page, IntakeError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let got = self.client.json(url, false).await.map_err(Trouble::error)?;
            match read(&got.body, &self.puller.dictionary, own.id, None) {
                Err(error) if tries < MOST_READS && error.code == "not_json" => {}
                page => return page,
            }
        }
    }
}

/// The walk of a strategy.
fn kind(strategy: Strategy, end: End) -> Kind {
    match strategy {
        Strategy::NextLink => Kind::Ordered(Order::Time),
        Strategy::Keyset | Strategy::Auto | Strategy::EntityEvent => Kind::Ordered(Order::TimeKey),
        Strategy::Skip => Kind::Skip,
        Strategy::Replication => Kind::Linked(end, false),
        Strategy::SkipToken => Kind::Linked(end, true),
    }
}
