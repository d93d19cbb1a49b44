//! The pages of a pull: RESO JSON, each contact with its mark.

use dictionary::{FieldSet, Key, Record, Resource, Value};
use http::HeaderMap;
use odata::Fault;
use odata::json::{self, Shape};
use odata::metadata::{EnumMode, EnumNames};
use odata::page_token::{self, PageToken, fingerprint};
use odata::prefer::Preferences;
use odata::url::{Asked as UrlAsked, Reading, read};
use query::{Context, Expr, NoLinks, PageMark, Query, Sight, matches};
use store::Stored;

use super::Contact;
use super::judge::Verdict;
use super::offer::{Entry, Offer};
use super::open::{Whose, offer};
use super::run::{RunStatus, SyncRun};
use crate::Door;
use crate::answer::Refused;
use crate::guard::Asked;

/// Contacts of a page, and the most that `Prefer: odata.maxpagesize` may ask for.
const PAGE: u32 = 2_000;
const LARGEST_PAGE: u32 = 5_000;
/// Contacts looked at at once.
const AT_ONCE: usize = 2_000;

/// The pull of this number, with its record.
///
/// # Errors
/// 404 where there is none.
pub(crate) async fn run(door: &Door, asked: &Asked, number: u64) -> Result<(Stored, SyncRun), Refused> {
    let key = SyncRun::key(&asked.integration().id, asked.environment(), number);
    let own = door.dictionary.known("SyncRun");
    let kept = door.store.get(own.id, &key).await?;
    let read = kept.and_then(|kept| SyncRun::read(&door.dictionary, &kept).map(|run| (kept, run)));
    read.ok_or_else(|| {
        let message = format!("There is no pull {number}.");
        Fault::new(404, "pull_unknown", message, "GET …/pulls lists them; POST …/pulls opens one.").into()
    })
}

/// What a page is asked of.
pub(crate) struct Wanted<'a> {
    pub(crate) number: u64,
    pub(crate) resource: &'a str,
    /// What stands after `?`.
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    /// The address of the page's resource, for the link to the next.
    pub(crate) path: &'a str,
}

/// A page of one resource of an open pull.
///
/// # Errors
/// 404 for what is no contact, 409 for a pull that is not open, 400 or 501 for options that are not served.
pub(crate) async fn page(door: &Door, asked: &Asked, wanted: Wanted<'_>) -> Result<Vec<u8>, Refused> {
    let contact = Contact::find(wanted.resource).ok_or_else(|| {
        let message = format!("{:?} is no contact.", wanted.resource);
        let hint = "Pull Office, Member, OfficeAssociation and MemberAssociation.";
        Fault::new(404, "resource_unknown", message, hint)
    })?;
    let (_, run) = run(door, asked, wanted.number).await?;
    let setting = door.setting(asked.integration(), asked.environment());
    let whose = Whose::of(asked, &setting);
    if run.status != RunStatus::Open || run.client != *asked.caller.client() {
        let message = format!("Pull {} is not open to this key.", run.number);
        let hint = "Read the pull that this key has opened last.";
        return Err(Fault::new(409, "pull_not_open", message, hint).into());
    }
    let own = contact.resource(&door.dictionary);
    let feed = whose.tenant.feed(setting.environment);
    let shown = whose.caller.shown(own.id, feed);
    let question = question(door, own, shown, &wanted)?;
    let offer = offer(door, &whose, &run).await?;
    let walk = Walk { door, whose: &whose, run: &run, contact, own, shown, question: &question };
    Ok(walk.page(&offer, &wanted).await?)
}

/// What is asked of the contacts of a pull.
struct Question {
    query: Query,
    /// Where the page before ended: the order and the key.
    after: Option<(u64, Key)>,
    /// What must not change during a walk.
    print: u64,
    size: u32,
}

fn question(door: &Door, own: &Resource, shown: &FieldSet, wanted: &Wanted<'_>) -> Result<Question, Fault> {
    let mut sight = Sight::nothing();
    sight.allow(own.id, shown);
    let enums = EnumNames::of(&door.dictionary, EnumMode::Strings);
    let prefer = wanted.headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    let size = Preferences::read(prefer).max_page_size.unwrap_or(PAGE).min(LARGEST_PAGE);
    let reading = Reading {
        dictionary: &door.dictionary,
        sight: &sight,
        serves: &|resource| resource == own.id,
        enums: &enums,
        page_size: size,
    };
    let asked = read(&format!("/{}", own.name), wanted.query, &reading)?;
    let UrlAsked::Collection(query) = asked.asked else {
        return Err(not_served("An aggregation"));
    };
    for (given, what) in [
        (!query.order.is_empty(), "$orderby"),
        (!query.expand.is_empty(), "$expand"),
        (!query.compute.is_empty(), "$compute"),
        (query.skip > 0, "$skip"),
        (query.top.is_some(), "$top"),
        (query.count, "$count"),
        (asked.delta_token.is_some(), "$deltatoken"),
    ] {
        if given {
            return Err(not_served(what));
        }
    }
    let filter = query.filter.as_ref().map(|filter| format!("{filter:?}")).unwrap_or_default();
    let print = fingerprint(&[&own.name, &filter, &wanted.number.to_string()]);
    let token = asked.page_token.map(|text| page_token::read(&text, print)).transpose()?;
    let after = token.and_then(|token| match token.mark.values.first() {
        Some(Some(Value::Integer(order))) => Some((order.unsigned_abs(), token.mark.key)),
        _ => None,
    });
    Ok(Question { query, after, print, size })
}

fn not_served(what: &str) -> Fault {
    let hint = "A pull is read in the order of its changes, page by page: $filter and $select may narrow it, \
                Prefer: odata.maxpagesize sets the size of a page.";
    Fault::new(501, "not_supported", format!("{what} of a pull is not served."), hint)
}

/// One walk over a page.
struct Walk<'a> {
    door: &'a Door,
    whose: &'a Whose<'a>,
    run: &'a SyncRun,
    contact: Contact,
    own: &'a Resource,
    shown: &'a FieldSet,
    question: &'a Question,
}

impl Walk<'_> {
    async fn page(&self, offer: &Offer, wanted: &Wanted<'_>) -> Result<Vec<u8>, store::StoreError> {
        let Question { query, after, print, size } = self.question;
        let (list, snapshot) = (&offer.lists[self.contact.index()], &offer.snapshot);
        let judge = self.whose.judge(self.door, self.run).await?;
        let start = after.as_ref().map_or(0, |(order, key)| {
            list.partition_point(|entry| (entry.order, &entry.key) <= (*order, key))
        });
        let shape = self.shape();
        let mut body = Vec::with_capacity(64 << 10);
        json::open_collection(&mut body, None, None);
        let (mut told, mut at) = (0, start);
        'page: while at < list.len() {
            let part = &list[at..list.len().min(at + AT_ONCE.min(*size as usize))];
            let keys: Vec<Key> = part.iter().map(|entry| entry.key.clone()).collect();
            for (entry, (stored, verdict)) in
                part.iter().zip(judge.judge(snapshot, self.contact, &keys).await?)
            {
                if told == *size {
                    break 'page;
                }
                at += 1;
                match verdict {
                    Verdict::Tell(record) => {
                        if query.filter.as_ref().is_none_or(|filter| self.passes(filter, &record)) {
                            self.there(&mut body, &shape, entry, &record);
                            told += 1;
                        }
                    }
                    // Whoever filters by time must hear of what is gone all the same.
                    Verdict::Gone => {
                        self.gone(&mut body, entry, stored.as_ref()).await?;
                        told += 1;
                    }
                    Verdict::Withheld | Verdict::Held(..) => {}
                }
            }
        }
        let next = (at < list.len()).then(|| {
            let last = &list[at - 1];
            let mark = PageMark { values: vec![Some(super::number(last.order))], key: last.key.clone() };
            let token = page_token::write(&PageToken { mark, left: None, question: *print });
            let kept = wanted.query.split('&').filter(|part| {
                let name = part.split('=').next().unwrap_or_default();
                !part.is_empty()
                    && !matches!(name.to_ascii_lowercase().as_str(), "$skiptoken" | "%24skiptoken")
            });
            let mut query: Vec<String> = kept.map(str::to_owned).collect();
            query.push(format!("$skiptoken={token}"));
            format!("{}?{}", wanted.path, query.join("&"))
        });
        json::close_collection(&mut body, next.as_deref());
        Ok(body)
    }

    fn passes(&self, filter: &Expr, record: &Record) -> bool {
        let context = Context { dictionary: &self.door.dictionary, links: &NoLinks, now: self.run.started };
        matches(filter, record, context)
    }

    fn shape(&self) -> Shape {
        let mut sight = Sight::nothing();
        sight.allow(self.own.id, self.shown);
        Shape::new(self.own, &self.question.query.select, &sight, true)
    }

    /// A contact as it is told.
    fn there(&self, body: &mut Vec<u8>, shape: &Shape, entry: &Entry, record: &Record) {
        json::next_item(body);
        json::open_record(body, record, self.own, shape, None);
        self.mark(body, entry);
        json::close_record(body);
    }

    /// A contact that the other side is to forget (JSON format 4.01, 15.3), with the fields of its key.
    async fn gone(
        &self,
        body: &mut Vec<u8>,
        entry: &Entry,
        stored: Option<&Stored>,
    ) -> Result<(), store::StoreError> {
        let known = match stored {
            Some(stored) => Some(stored.record.clone()),
            None => self.last(entry).await?,
        };
        json::next_item(body);
        body.push(b'{');
        json::member(body, "@removed");
        body.extend_from_slice(br#"{"reason":"deleted"}"#);
        if let Some(record) = known {
            json::member(body, "@odata.id");
            json::write_string(body, &json::entity_path(self.own, &*record));
            for id in &self.own.key {
                if let Some(Value::Text(text)) = record.get(*id) {
                    json::member(body, &self.own.field(*id).name);
                    json::write_string(body, text);
                }
            }
        }
        self.mark(body, entry);
        json::close_record(body);
        Ok(())
    }

    /// What a contact was before it was removed.
    async fn last(&self, entry: &Entry) -> Result<Option<std::sync::Arc<Record>>, store::StoreError> {
        let mut at = entry.order.min(self.run.upto);
        let removal = self.door.store.version(at).await?;
        if let Some(before) =
            removal.filter(|change| change.key == entry.key).and_then(|change| change.before)
        {
            at = before;
        }
        let then = self.door.store.version(at).await?;
        Ok(then.filter(|change| change.key == entry.key).and_then(|change| change.record))
    }

    /// Which pull brings a contact, and why (AMS-011).
    fn mark(&self, body: &mut Vec<u8>, entry: &Entry) {
        json::member(body, "@Freehold.Pull");
        body.extend_from_slice(self.run.number.to_string().as_bytes());
        json::member(body, "@Freehold.Reason");
        json::write_string(body, if entry.forced { "forced" } else { "normal" });
    }
}
