//! One run of one source, from its metadata to its report.

use std::collections::HashMap;
use std::sync::Arc;

use dictionary::{Resource, Timestamp};
use intake::{Commission, Drift, IntakeError, Moved, Report, Stage};

use crate::client::{Client, Trouble};
use crate::drift::{self, Offer};
use crate::metadata::Metadata;
use crate::page::{Page, read};
use crate::place::{Place, Stand};
use crate::profile::{MarkBy, Profile, RemovedRule, Strategy, Sweep};
use crate::puller::Puller;
use crate::source::Source;
use crate::sweep::sweep;
use crate::tally::Tally;
use crate::walk::{Ask, Kind, MOST_READS, Order, Walk};
use crate::write::Writer;
use crate::{End, local};

/// A walk that was cut off goes on exactly where it was, unless that was as recent: then what others were
/// writing at the time may have appeared before the place.
const SETTLED: i64 = 3_600_000_000;
/// Of the records kept, this share may be gone at once, in percent: more is a source that is broken rather than
/// one that is empty.
const MOST_GONE: usize = 10;
/// Few enough that a share says nothing.
const FEW_GONE: usize = 20;
/// Pages of lookups.
const MOST_LOOKUP_PAGES: usize = 1_000;

/// One run.
pub(crate) struct Run<'p> {
    pub(crate) puller: &'p Puller,
    pub(crate) source: Source,
    pub(crate) profile: Arc<Profile>,
    pub(crate) client: Client,
    pub(crate) writer: Writer,
    commission: Commission,
    /// What is pulled, of what the source serves.
    pub(crate) resources: Vec<String>,
    metadata: Metadata,
    /// When the source made its first answer.
    began: Timestamp,
    total: Option<u64>,
    pictures: u64,
    notes: Vec<String>,
}

impl<'p> Run<'p> {
    pub(crate) fn new(
        puller: &'p Puller,
        source: Source,
        profile: Arc<Profile>,
        client: Client,
        commission: Commission,
    ) -> Self {
        let writer = Writer {
            store: puller.store.clone(),
            dictionary: Arc::clone(&puller.dictionary),
            clock: Arc::clone(&puller.time.now),
            source: source.id.clone(),
            feed: source.feed.clone(),
            actor: commission.actor.clone(),
            tally: Tally::default(),
            pictures: Vec::new(),
        };
        let began = client.now();
        let (metadata, notes) = (Metadata::default(), Vec::new());
        let resources = Vec::new();
        Self {
            puller,
            source,
            profile,
            client,
            writer,
            commission,
            resources,
            metadata,
            began,
            total: None,
            pictures: 0,
            notes,
        }
    }

    pub(crate) async fn run(mut self) -> Result<Report, IntakeError> {
        let drift = self.look().await?;
        let mut differences = Vec::new();
        if self.source.compare_only {
            for resource in self.resources.clone() {
                let found = self.compare(&resource).await?;
                self.notes.push(format!("{resource}: {} at the source, {} here.", found.there, found.here));
                self.writer.tally.of(&resource).read += found.there;
                self.writer.tally.read += found.there;
                differences.extend(found.told(&resource));
            }
        } else {
            self.pull().await?;
        }
        Ok(self.report(drift, differences))
    }

    /// What the source offers, and what of it has changed.
    async fn look(&mut self) -> Result<Vec<Drift>, IntakeError> {
        let url = format!("{}/$metadata", self.source.location);
        let got = self.client.xml(&url).await.map_err(Trouble::error)?;
        self.began = got.date.unwrap_or(self.began);
        self.metadata = Metadata::read(&got.body)?;
        let wanted =
            if self.source.resources.is_empty() { &self.profile.resources } else { &self.source.resources };
        for name in wanted.clone() {
            let known = self
                .puller
                .dictionary
                .find(&name)
                .is_some_and(|own| own.origin != dictionary::Origin::Freehold);
            match (known, self.metadata.serves(&name)) {
                (true, true) => self.resources.push(name),
                (false, _) => {
                    self.notes.push(format!("{name} is no resource of the dictionary and is not pulled."))
                }
                (_, false) => self.notes.push(format!("The source does not serve {name}.")),
            }
        }
        if self.resources.is_empty() {
            let message = "The source serves nothing of what is to be pulled.";
            let hint = "Name what it serves in SourceResources.";
            return Err(IntakeError::new("nothing_to_pull", message, hint));
        }
        let mut offer = Offer::of(&self.metadata, &self.resources);
        if self.metadata.serves("Lookup") && self.profile.quota.requests_per_hour.is_none() {
            self.lookups(&mut offer).await?;
        }
        let who = (&self.source.id, &self.commission.actor, self.client.now());
        let drift = drift::look(&self.puller.store, &self.puller.dictionary, who, &offer).await?;
        self.look_for_end()?;
        Ok(drift)
    }

    /// The values of the source's lookups.
    async fn lookups(&mut self, offer: &mut Offer) -> Result<(), IntakeError> {
        let own = self.puller.dictionary.known("Lookup");
        let ask = Ask { root: self.source.location.clone(), resource: "Lookup".into(), ..Ask::default() };
        let dictionary = Arc::clone(&self.puller.dictionary);
        let walked = (ask, Kind::Linked(End::NoLink, false), Stand::default());
        let mut walk = Walk::new(&mut self.client, &dictionary, own.id, None, walked);
        for _ in 0..MOST_LOOKUP_PAGES {
            let page = match walk.next().await {
                Ok(page) => page,
                // Not every server that declares lookups gives them to everyone.
                Err(error) if matches!(error.code, "forbidden" | "not_there" | "request_refused") => break,
                Err(error) => return Err(error),
            };
            let Some((page, _)) = page else { break };
            for one in page.records {
                let text = |name: &str| one.record.get(own.find(name)?)?.as_text().map(str::to_owned);
                if let (Some(name), Some(value)) = (text("LookupName"), text("LookupValue")) {
                    offer.lookups.entry(name).or_default().insert(value);
                }
            }
        }
        Ok(())
    }

    async fn pull(&mut self) -> Result<(), IntakeError> {
        let dictionary = Arc::clone(&self.puller.dictionary);
        let mut places = HashMap::new();
        for resource in &self.resources {
            let place = Place::load(&self.puller.store, &self.source.id, resource).await?;
            places.insert(resource.clone(), place);
        }
        let offered = self.metadata.serves("EntityEvent");
        let by_events = match self.profile.next.strategy {
            Strategy::EntityEvent => true,
            Strategy::Auto => offered,
            _ => false,
        };
        if by_events {
            self.note_events().await?;
        }
        for resource in self.resources.clone() {
            let own = dictionary.known(&resource);
            let place = places.entry(resource.clone()).or_default();
            let taken = local::take_up(&mut self.writer, own, place).await?;
            if taken > 0 {
                self.notes.push(format!(
                    "{resource}: {taken} records took up values of fields that are declared now."
                ));
            }
            if !place.loaded {
                self.load(own, place).await?;
            }
            if !by_events {
                self.renew(own, place).await?;
            }
        }
        if by_events {
            self.events(&mut places).await?;
        }
        let sweeps = match self.profile.removed.rule {
            RemovedRule::KeySweep => true,
            RemovedRule::Auto => !by_events,
            RemovedRule::Flag | RemovedRule::EntityEvent | RemovedRule::Never => false,
        };
        for resource in self.resources.clone().into_iter().filter(|_| sweeps) {
            let place = places.entry(resource.clone()).or_default();
            let hours = i64::from(self.profile.removed.sweep_hours.unwrap_or(24));
            let now = self.client.now().as_microsecond();
            if place.swept.is_none_or(|swept| now - swept >= hours * SETTLED) {
                self.purge(&resource, place, now).await?;
            }
        }
        Ok(())
    }

    /// What is asked of a resource, whatever the walk.
    pub(crate) fn ask(&self, resource: &str) -> Ask {
        let own = self.puller.dictionary.known(resource);
        let system = self.source.system.as_ref().filter(|_| self.profile.originating_system);
        let system = system.map(|name| format!("OriginatingSystemName eq {}", crate::walk::quoted(name)));
        Ask {
            root: self.source.location.clone(),
            resource: resource.to_owned(),
            key: own.key.first().map(|id| own.field(*id).name.to_string()).unwrap_or_default(),
            time: self.times(own).into_iter().next().unwrap_or_default(),
            operator: Some(self.profile.next.operator),
            top: self.profile.top(resource),
            expand: self.profile.expand(resource).to_vec(),
            filters: system.into_iter().collect(),
            ..Ask::default()
        }
    }

    /// The timestamps by which a resource is walked, of those that it has.
    fn times(&self, own: &Resource) -> Vec<String> {
        let fields = self.metadata.fields(&own.name);
        let has = |name: &&String| {
            own.find(name).is_some() && fields.is_some_and(|fields| fields.contains_key(name.as_str()))
        };
        self.profile.next.by.iter().filter(has).cloned().collect()
    }

    /// Everything, for the first time.
    async fn load(&mut self, own: &Resource, place: &mut Place) -> Result<(), IntakeError> {
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
    async fn renew(&mut self, own: &Resource, place: &mut Place) -> Result<(), IntakeError> {
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

    /// Walks to the end, each page kept while the next is asked for. Gives back where the walk stands then.
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
        let copies = self.puller.copy.clone().filter(|_| self.profile.page.copy_media);
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
            let pictures = std::mem::take(&mut self.writer.pictures);
            if let Some(copy) = &copies
                && !pictures.is_empty()
            {
                self.pictures += copy(pictures).await;
            }
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
        let newest = page.records.first().and_then(|one| one.at(own, time));
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

    /// Holds all keys of a resource against what is kept.
    async fn compare(&mut self, resource: &str) -> Result<crate::sweep::Differences, IntakeError> {
        let dictionary = Arc::clone(&self.puller.dictionary);
        let own = dictionary.known(resource);
        let mut ask = self.ask(resource);
        ask.expand = Vec::new();
        ask.select =
            [ask.key.clone(), ask.time.clone()].into_iter().filter(|name| !name.is_empty()).collect();
        let removed = &self.profile.removed;
        if let Some(field) = removed.field.as_ref().filter(|_| removed.rule == RemovedRule::Flag)
            && self.metadata.fields(resource).is_some_and(|fields| fields.contains_key(field))
        {
            ask.filters.push(format!("{field} eq true"));
        }
        let kind = match removed.sweep {
            Sweep::Key => Kind::Ordered(Order::Key),
            Sweep::Timestamp => Kind::Ordered(Order::Time),
            Sweep::SkipToken => Kind::Linked(End::NoLink, true),
            Sweep::Skip => Kind::Skip,
        };
        ask.bare = removed.sweep == Sweep::SkipToken;
        let time = ask.time.clone();
        let walk = Walk::new(&mut self.client, &dictionary, own.id, None, (ask, kind, Stand::default()));
        sweep(&self.puller.store, own, &self.source.feed, &time, walk).await
    }

    /// Finds what is gone by all keys and removes it; what never came is brought in. Before a record is removed
    /// it is asked for once more by its key.
    async fn purge(&mut self, resource: &str, place: &mut Place, now: i64) -> Result<(), IntakeError> {
        let found = self.compare(resource).await?;
        let own = self.puller.dictionary.known(resource).id;
        let ask = self.ask(resource);
        if !found.is_empty() {
            let wanted: Vec<_> = found.only_there.iter().chain(&found.differ).cloned().collect();
            self.fetch(&ask, &wanted, place).await?;
            let all = usize::try_from(found.here).unwrap_or(usize::MAX);
            let gone = found.only_here.len();
            if gone > FEW_GONE
                && gone.saturating_mul(100) > all.saturating_mul(MOST_GONE)
                && !self.source.remove_missing
            {
                let message = format!(
                    "{gone} of {all} records of {resource} are gone at the source, more than {MOST_GONE} %."
                );
                let hint =
                    "See whether the source is well; then set RemoveMissingYN of the source, and pull again.";
                return Err(IntakeError::new("too_many_removed", message, hint));
            }
            let gone = self.fetch(&ask, &found.only_here, place).await?;
            self.writer.remove(own, &gone, None).await?;
        }
        place.swept = Some(now);
        self.tell();
        self.writer.place(resource, place).await
    }

    /// Ends where somebody has asked for that.
    pub(crate) fn look_for_end(&self) -> Result<(), IntakeError> {
        if self.commission.progress.canceled() { Err(IntakeError::canceled()) } else { Ok(()) }
    }

    /// Tells how far it is.
    pub(crate) fn tell(&self) {
        moved(&*self.commission.progress, &self.writer.tally, self.total);
    }

    fn report(self, drift: Vec<Drift>, differences: Vec<intake::Difference>) -> Report {
        let Self { source, profile, writer, mut notes, pictures, .. } = self;
        if pictures > 0 {
            notes.push(format!("{pictures} pictures were copied."));
        }
        let rows = writer.tally.read;
        let (resources, reasons) = writer.tally.told();
        Report {
            stage: if source.compare_only { Stage::Check } else { Stage::Write },
            mapping: profile.name.clone(),
            feed: source.feed.to_string(),
            file: source.location,
            format: None,
            bytes: 0,
            rows,
            rows_refused: 0,
            rows_dropped: 0,
            resources,
            reasons,
            drift,
            differences,
            notes,
            started: String::new(),
            seconds: 0.0,
            rows_per_second: None,
            run: None,
        }
    }
}

fn moved(progress: &dyn intake::Progress, tally: &Tally, total: Option<u64>) {
    let (rows, refused) = (tally.read, tally.refused());
    progress.moved(&Moved {
        stage: Stage::Write,
        bytes: 0,
        total_bytes: 0,
        rows,
        total_rows: total,
        refused,
    });
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
