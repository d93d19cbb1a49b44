//! What every role stands on: the dictionary, the store, the index.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use console::operate::{Act, Desk};
use dictionary::{Dictionary, Origin, Tables, Text, Version};
use gate::{Environment, Gate, RowFilterReader, SigningKey};
use intake::{Places, Sources};
use media_door::Photos;
use membership::Membership;
use odata::metadata::{EnumMode, EnumNames};
use odata::url::{Asked, Reading, Request};
use outflow::Outflow;
use pull::{CopyPictures, OpenCredential, Puller, Time};
use query::{Query, Sight};
use search::Search;
use store::Store;

use crate::clock;
use crate::settings::{Settings, Words};

/// Where doors keep files in the data directory.
pub(crate) const LOCKBOX: &str = "lockbox";
pub(crate) const ASSOCIATION: &str = "association";

/// The opened parts.
#[derive(Clone)]
pub(crate) struct House {
    pub(crate) dictionary: Arc<Dictionary>,
    pub(crate) store: Store,
    pub(crate) search: Search,
    pub(crate) gate: Gate,
    pub(crate) transactions: transactions_door::Door,
    pub(crate) lockbox: lockbox_door::Door,
    pub(crate) association: association_door::Door,
    pub(crate) outflow: Outflow,
    pub(crate) kafka: Arc<kafka::Figures>,
}

impl House {
    /// Opens the store with the installation's dictionary. The index is empty until it follows.
    pub(crate) async fn open(settings: &Settings) -> Result<Self> {
        let dictionary = Arc::new(dictionary(&settings.dictionary)?);
        let store = Store::open(store_settings(settings)?, Arc::clone(&dictionary)).await?;
        let search = Search::new(Arc::clone(&dictionary));
        let secret = settings.store.data.join("signing.key");
        let signing = SigningKey::from_file(&secret).with_context(|| {
            format!("The key that signs access tokens, {}, cannot be used.", secret.display())
        })?;
        let row_filters = Some(row_filters());
        let environment = Environment::find(&settings.server.environment).unwrap_or_default();
        let terms = gate::Settings { row_filters, environment, ..gate::Settings::new(signing) };
        let gate = Gate::open(store.clone(), Arc::clone(&dictionary), terms).await?;
        let terms = super::outflow::terms(settings, &gate)?;
        let outflow = Outflow::open(store.clone(), Arc::clone(&dictionary), terms).await?;
        let transactions = transactions(settings, &dictionary, &gate, &store, &outflow).await?;
        let lockbox = lockbox(settings, &dictionary, &gate, (&store, &search, &outflow)).await?;
        let association = association(settings, &dictionary, &gate, &store).await?;
        Ok(Self {
            dictionary,
            store,
            search,
            gate,
            transactions,
            lockbox,
            association,
            outflow,
            kafka: Arc::default(),
        })
    }

    /// What an operator's commands and the admin API work on.
    pub(crate) fn desk(&self) -> Desk {
        let gate = Some(self.gate.clone());
        Desk {
            store: self.store.clone(),
            dictionary: Arc::clone(&self.dictionary),
            gate,
            row_filters: Some(row_filters()),
            outflow: Some(self.outflow.clone()),
        }
    }
}

/// How profiles are named.
pub(super) fn profiles(settings: &Settings) -> transactions_door::Settings {
    transactions_door::Settings {
        public_url: settings.public_url(),
        domain: settings.transactions.domain.clone(),
    }
}

/// The transactions door, which knows who may publish what.
async fn transactions(
    settings: &Settings,
    dictionary: &Arc<Dictionary>,
    gate: &Gate,
    store: &Store,
    outflow: &Outflow,
) -> Result<transactions_door::Door> {
    let terms = profiles(settings);
    let outflow = outflow.clone();
    let (dictionary, gate, store) = (Arc::clone(dictionary), gate.clone(), store.clone());
    Ok(transactions_door::Door::open(dictionary, gate, store, outflow, clock::now, terms).await?)
}

/// The lockbox door, whose files wait in the data directory.
async fn lockbox(
    settings: &Settings,
    dictionary: &Arc<Dictionary>,
    gate: &Gate,
    (store, search, outflow): (&Store, &Search, &Outflow),
) -> Result<lockbox_door::Door> {
    let terms = lockbox_door::Settings::new(settings.store.data.join(LOCKBOX), node(settings));
    let stands_on = (store.clone(), search.clone(), outflow.clone());
    Ok(lockbox_door::Door::open(Arc::clone(dictionary), gate.clone(), stands_on, clock::now, terms).await?)
}

/// What this process is called among those that share the store. A file of SQLite has one writer: whoever opens it
/// next is that writer, and takes up at once what the one before left. Of several nodes on PostgreSQL each has a name
/// of its own.
fn node(settings: &Settings) -> String {
    if settings.store.postgres.is_empty() {
        return "the writer".into();
    }
    format!("{}-{}", std::process::id(), clock::now().as_microsecond())
}

/// The association door, whose files lie in the data directory.
async fn association(
    settings: &Settings,
    dictionary: &Arc<Dictionary>,
    gate: &Gate,
    store: &Store,
) -> Result<association_door::Door> {
    let (dictionary, gate, store) = (Arc::clone(dictionary), gate.clone(), store.clone());
    let door = association_door::Door::open(dictionary, gate, store, Arc::new(clock::now)).await?;
    Ok(door.keeping_files_in(settings.store.data.join(ASSOCIATION)))
}

impl House {
    /// What the admin API stands on.
    pub(crate) fn admin(&self) -> console::State {
        console::State { desk: self.desk(), search: Some(self.search.clone()), now: Arc::new(clock::now) }
    }

    /// What runs the sources, files and servers. With `photos`, pictures are copied where a profile wants it; without,
    /// they are once a server runs that is asked for them.
    pub(crate) fn sources(&self, settings: &Settings, photos: Option<Photos>) -> Result<Sources> {
        let mut directories = settings.intake.directories.clone();
        if directories.is_empty() {
            directories.push(settings.store.data.join("incoming"));
        }
        let node = node(settings);
        let (store, words) = (self.store.clone(), Arc::clone(&self.dictionary));
        let sources = Sources::new(store, words, Arc::new(clock::now), Places { directories }, node);
        let puller = self.puller(settings)?;
        let puller = match photos {
            Some(photos) => puller.with_pictures(copying(photos, self.search.clone(), self.store.clone())),
            None => puller,
        };
        let (http, open) = self.outward(settings)?;
        let words = Arc::clone(&self.dictionary);
        let associations = Membership::new(self.store.clone(), words, Arc::new(clock::now), http, open);
        Ok(sources.with_api(Arc::new(associations.beside(Arc::new(puller)))))
    }

    /// The way to servers that are pulled from, and who opens what was sealed for them.
    fn outward(&self, settings: &Settings) -> Result<(outbound::Client, OpenCredential)> {
        let own = &settings.pull;
        let allowed: Result<Vec<_>, _> = own.allowed_addresses.iter().map(|range| range.parse()).collect();
        let http = outbound::Client::new(outbound::Settings {
            rules: outbound::Rules { allowed: allowed? },
            timeout: Duration::from_secs(own.timeout_seconds),
            ..outbound::Settings::default()
        })?;
        let master = self.outflow.master().clone();
        let open: OpenCredential =
            Arc::new(move |source, sealed| master.open(&console::operate::credential_of(source), sealed));
        Ok((http, open))
    }

    /// What pulls from servers.
    fn puller(&self, settings: &Settings) -> Result<Puller> {
        let own = &settings.pull;
        let (http, open) = self.outward(settings)?;
        let time = Time::real(Arc::new(clock::now));
        let puller = Puller::new(self.store.clone(), Arc::clone(&self.dictionary), time, http, open);
        Ok(if own.profiles.as_os_str().is_empty() { puller } else { puller.with_profiles(&own.profiles) })
    }
}

/// How long the index may take to see a record of a picture before it is passed over: it is copied when it is asked
/// for then.
const SEEN_WITHIN: Duration = Duration::from_secs(10);

/// Copies pictures whose records are kept: an index that follows the log says where each is.
fn copying(photos: Photos, search: Search, store: Store) -> CopyPictures {
    Arc::new(move |keys| {
        let (photos, search, store) = (photos.clone(), search.clone(), store.clone());
        Box::pin(async move {
            let Ok(head) = store.head().await else { return 0 };
            let mut applied = search.watch();
            let wait = applied.wait_for(|applied| *applied >= head);
            // What is seen is held only as long as this takes.
            let seen = tokio::time::timeout(SEEN_WITHIN, wait).await.is_ok();
            if !seen {
                return 0;
            }
            let mut copied = 0;
            for key in keys {
                copied += u64::from(photos.copy(&key).await);
            }
            copied
        })
    })
}

/// Reads the row filters of grants: OData filters, of what an operator may see.
fn row_filters() -> RowFilterReader {
    Arc::new(|dictionary, resource, text| {
        let escaped: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let sight = Sight::everything();
        let reading = Reading {
            dictionary,
            sight: &sight,
            serves: &|_| true,
            enums: &EnumNames::of(dictionary, EnumMode::Strings),
            page_size: 1,
        };
        let path = format!("/{}", dictionary.resource(resource).name);
        match odata::url::read(&path, &format!("$filter={escaped}"), &reading) {
            Ok(Request { asked: Asked::Collection(Query { filter: Some(filter), .. }), .. }) => Ok(filter),
            Ok(_) => Err("This is no filter.".to_owned()),
            Err(fault) => Err(fault.to_string()),
        }
    })
}

/// Who acts where a command is given: `command/` and the name of its user.
pub(crate) fn act() -> Act {
    Act { actor: Text::from(format!("command/{}", user())), now: clock::now() }
}

/// The name of the user who gives a command, as the environment has it.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub(crate) fn user() -> String {
    std::env::var("USER").unwrap_or_else(|_| "unknown".into())
}

/// The dictionary of the installation: RESO's, Freehold's own, and the local tables.
pub(crate) fn dictionary(words: &Words) -> Result<Dictionary> {
    let version = if words.version == "2.0" { Version::V2_0 } else { Version::V2_1 };
    if words.local.as_os_str().is_empty() {
        return Ok(Dictionary::standard(version));
    }
    let read = |name: &str| match std::fs::read_to_string(words.local.join(name)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        read => read.with_context(|| format!("{} cannot be read.", words.local.join(name).display())),
    };
    let (fields, links, lookups) = (read("fields.tsv")?, read("links.tsv")?, read("lookups.tsv")?);
    let local = Tables { origin: Origin::Local, fields: &fields, links: &links, lookups: &lookups };
    Dictionary::with_local(version, &[local]).map_err(|faults| {
        let lines: Vec<String> =
            faults.iter().map(|fault| format!("  {}/{fault}", words.local.display())).collect();
        anyhow!("The local tables are not right:\n{}", lines.join("\n"))
    })
}

/// Where the store is; the data directory is made where there is none.
pub(crate) fn store_settings(settings: &Settings) -> Result<store::Settings> {
    make_directory(&settings.store.data)?;
    if settings.store.postgres.is_empty() {
        return Ok(store::Settings::sqlite(settings.store.data.join("freehold.sqlite")));
    }
    Ok(store::Settings::Postgres {
        url: settings.store.postgres.clone(),
        connections: settings.store.connections,
        certificates: store::Certificates::default(),
    })
}

fn make_directory(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path)
        .with_context(|| format!("The data directory {} cannot be made.", path.display()))
}
