//! One run of one source, from its metadata to its report.

mod keys;
mod walks;

use std::collections::HashMap;
use std::sync::Arc;

use dictionary::{Resource, Timestamp};
use intake::{Commission, Drift, IntakeError, Moved, Report, Stage};
use odata::metadata::Declared;

use crate::client::{Client, Trouble};
use crate::drift::{self, Offer};
use crate::place::{Place, Stand};
use crate::profile::{Profile, RemovedRule, Strategy};
use crate::puller::Puller;
use crate::source::Source;
use crate::tally::Tally;
use crate::walk::{Ask, Kind, Walk};
use crate::write::Writer;
use crate::{End, local};

/// Microseconds.
const HOUR: i64 = 3_600_000_000;
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
    metadata: Declared,
    /// When the source made its first answer.
    began: Timestamp,
    total: Option<u64>,
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
            copy: puller.copy.clone().filter(|_| profile.page.copy_media),
            copied: 0,
        };
        let began = client.now();
        let (metadata, notes) = (Declared::default(), Vec::new());
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
        let read = Declared::read(&got.body);
        self.metadata = read.map_err(|fault| IntakeError::new(fault.code, fault.message, fault.hint))?;
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
            if place.swept.is_none_or(|swept| now - swept >= hours * HOUR) {
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

    /// Ends where somebody has asked for that.
    pub(crate) fn look_for_end(&self) -> Result<(), IntakeError> {
        if self.commission.progress.canceled() { Err(IntakeError::canceled()) } else { Ok(()) }
    }

    /// Tells how far it is.
    pub(crate) fn tell(&self) {
        moved(&*self.commission.progress, &self.writer.tally, self.total);
    }

    fn report(self, drift: Vec<Drift>, differences: Vec<intake::Difference>) -> Report {
        let Self { source, profile, writer, mut notes, .. } = self;
        if writer.copied > 0 {
            notes.push(format!("{} pictures were copied.", writer.copied));
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
