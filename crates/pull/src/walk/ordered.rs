//! Walks in an order: each page may be asked for by where the one before ended, so that a link that has ended
//! loses nothing, and who writes meanwhile moves nothing past the reader unseen.

use intake::IntakeError;

use super::{Order, Walk, never_ends};
use crate::client::counts_records;
use crate::page::{Page, Pulled};

impl Walk<'_> {
    pub(super) async fn ordered(&mut self, order: Order) -> Result<Option<Page>, IntakeError> {
        let (url, linked) = match self.link.take() {
            Some(link) => (link, true),
            None => (self.at_place(order), false),
        };
        let Some((page, got)) = self.page(&url, linked).await? else { return Ok(None) };
        let next = self.follow(&page, &got)?;
        let own = self.dictionary.resource(self.resource);
        let field = own.find(&self.ask.time);
        let time = |one| field.and_then(|field| Pulled::at(one, field));
        let times: Vec<i64> = page.records.iter().filter_map(time).map(|at| at.as_microsecond()).collect();
        let before = (self.stand.at, self.stand.key.clone());
        if order != Order::Key {
            let sorted =
                times.is_sorted() && times.first().copied().zip(before.0).is_none_or(|(a, b)| a >= b);
            // Asked for anew at an earlier instant (the overlap) is no disorder: the place is moved there before.
            if !sorted {
                return Err(IntakeError::new(
                    "order_ignored",
                    format!("{} does not come in the order of {}.", self.ask.resource, self.ask.time),
                    "Use another strategy: skip, or next_link with a server that orders.",
                ));
            }
            self.stand.at = times.last().copied().or(self.stand.at);
        }
        if order != Order::Time
            && let Some(key) = page.records.iter().rev().find_map(|one| one.key.as_ref())
        {
            self.stand.key = Some(key.to_string());
        }
        let moved = (self.stand.at, self.stand.key.clone()) != before;
        if moved {
            // A walk that gets on outlasts any number of links that end.
            self.restarts = 0;
        }
        // A link that counts records drifts while others write. It is followed only where a whole page shares one
        // timestamp, and nothing else leads past it.
        let by_place = order != Order::Time || times.first() < times.last();
        self.link = next.clone().filter(|link| !counts_records(link) || !by_place);
        self.ended = match (&next, order) {
            (Some(_), _) => false,
            (None, Order::Time) => true,
            // A server that links its pages has said that this is the last. One that does not says so by an
            // empty page: how many it puts into one is its own affair.
            (None, _) => self.links || page.records.is_empty(),
        };
        if !self.ended && self.link.is_none() && !moved && !page.records.is_empty() {
            return Err(never_ends("it answers the same page again"));
        }
        Ok(Some(page))
    }

    /// The address of what comes after the place.
    fn at_place(&self, order: Order) -> String {
        let ask = &self.ask;
        let (filter, by) = match (order, self.stand.at, &self.stand.key) {
            (Order::Key, _, Some(key)) => {
                (Some(format!("{} gt {}", ask.key, super::quoted(key))), ask.key.clone())
            }
            (Order::Key, _, None) => (None, ask.key.clone()),
            (Order::TimeKey, Some(at), Some(key)) => {
                (Some(ask.behind(at, key)), format!("{},{}", ask.time, ask.key))
            }
            (Order::TimeKey, at, _) => (at.map(|at| ask.from(at)), format!("{},{}", ask.time, ask.key)),
            (Order::Time, at, _) => (at.map(|at| ask.from(at)), ask.time.clone()),
        };
        let filters: Vec<String> = filter.into_iter().collect();
        ask.url(&filters, &[("$orderby", by)])
    }
}
