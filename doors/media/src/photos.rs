//! The pictures: looked for in memory, then on disk, then made.

use std::io;
use std::sync::Arc;

use dictionary::Timestamp;
use parking_lot::Mutex;
use tokio::sync::Semaphore;

use crate::answer::Refusal;
use crate::fetch::{NoOriginal, fetch};
use crate::kept::{Kept, Shot};
use crate::rendition::{Form, Name, Unreadable, render};
use crate::shelf::Shelf;
use crate::turns::Turns;
use crate::{Origin, Settings, Sources};

/// What changes when drawings do.
const DRAWN: &str = concat!("drawn ", env!("CARGO_PKG_VERSION"));

/// The pictures of one server. Clones share them.
#[derive(Clone)]
pub struct Photos {
    inner: Arc<Inner>,
}

struct Inner {
    sources: Sources,
    settings: Settings,
    clock: fn() -> Timestamp,
    kept: Mutex<Kept>,
    shelf: Option<Shelf>,
    turns: Turns,
    makers: Semaphore,
    fetchers: Semaphore,
    places: Arc<Semaphore>,
}

impl std::fmt::Debug for Photos {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Photos").field("settings", &self.inner.settings).finish_non_exhaustive()
    }
}

/// Why none was made.
enum Unmade {
    NoOriginal(NoOriginal),
    Unreadable(Unreadable),
    NotDrawn,
    Broken,
}

impl Photos {
    /// The pictures of these sources. The directory of the settings is made where there is none.
    ///
    /// # Errors
    /// The directory cannot be made or read.
    pub fn open(settings: Settings, sources: Sources, clock: fn() -> Timestamp) -> io::Result<Self> {
        let shelf = match &settings.directory {
            Some(directory) => Some(Shelf::open(directory.clone(), settings.disk_bytes)?),
            None => None,
        };
        let permits = |count: usize| count.clamp(1, Semaphore::MAX_PERMITS);
        let inner = Inner {
            sources,
            clock,
            kept: Mutex::new(Kept::new(settings.kept_bytes)),
            shelf,
            turns: Turns::default(),
            makers: Semaphore::new(permits(settings.at_once)),
            fetchers: Semaphore::new(permits(settings.fetches)),
            places: Arc::new(Semaphore::new(permits(settings.waiting))),
            settings,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// When the picture of this key was stored here, at the version that is current; none where it is not.
    #[must_use]
    pub fn retrieved(&self, key: &str) -> Option<Timestamp> {
        let origin = (self.inner.sources.find)(key)?;
        self.inner.shelf.as_ref()?.made(Name::of(key, origin.version(), Form::Large))
    }

    /// Fetches the original of a key and keeps what is made of it, where the version that is current is not kept
    /// already: before anybody asks, and before an address that ends has ended. Whether it is kept then.
    pub async fn copy(&self, key: &str) -> bool {
        self.picture(key.to_owned(), Form::Large).await.is_ok()
    }

    /// The picture of a key, and where its original is.
    pub(crate) async fn picture(&self, key: String, form: Form) -> Result<(Shot, Origin), Refusal> {
        let origin = (self.inner.sources.find)(&key).ok_or(Refusal::NotFound)?;
        let form = match (form, &origin) {
            (Form::Whole, Origin::At { .. }) => Form::Large,
            (form, _) => form,
        };
        let name = Name::of(&key, origin.version(), form);
        if let Some(shot) = self.inner.kept.lock().find(name) {
            return Ok((shot, origin));
        }
        let place = Arc::clone(&self.inner.places).try_acquire_owned().map_err(|_| Refusal::Busy)?;
        let inner = Arc::clone(&self.inner);
        // A task of its own: whoever asked may leave, and the work counts until it is done.
        let made = tokio::spawn(async move {
            let made = inner.find_or_make(&key, &origin, form).await;
            drop(place);
            made.map(|shot| (shot, origin))
        });
        made.await.map_err(|_| Refusal::Failed)?
    }
}

impl Origin {
    fn version(&self) -> &str {
        match self {
            Self::Drawn => DRAWN,
            Self::At { version, .. } => version,
        }
    }
}

impl Inner {
    async fn find_or_make(self: Arc<Self>, key: &str, origin: &Origin, form: Form) -> Result<Shot, Refusal> {
        let name = Name::of(key, origin.version(), form);
        if let Some(shot) = self.from_disk(name).await {
            return Ok(shot);
        }
        // All forms of a picture are made at once, by one.
        let turn = Name::of(key, origin.version(), Form::Whole);
        let held = self.turns.wait(turn).await;
        let made = self.make_in_turn(key, origin, (name, form), turn).await;
        self.turns.done(turn, held);
        made
    }

    async fn make_in_turn(
        self: &Arc<Self>,
        key: &str,
        origin: &Origin,
        (name, form): (Name, Form),
        turn: Name,
    ) -> Result<Shot, Refusal> {
        // Somebody whose turn was before may have made it, or failed.
        if let Some(shot) = self.kept.lock().find(name) {
            return Ok(shot);
        }
        if let Some(shot) = self.from_disk(name).await {
            return Ok(shot);
        }
        let now = (self.clock)();
        if self.turns.rests(turn, now) {
            return Err(Refusal::NoOriginal);
        }
        let unmade = match self.make(key, origin, form).await {
            Ok(shot) => return Ok(shot),
            Err(unmade) => unmade,
        };
        let refusal = match &unmade {
            Unmade::NotDrawn => return Err(Refusal::NotFound),
            Unmade::Broken => Refusal::Failed,
            Unmade::NoOriginal(NoOriginal::Gone) => Refusal::NotFound,
            Unmade::NoOriginal(_) | Unmade::Unreadable(_) => Refusal::NoOriginal,
        };
        let why = match unmade {
            Unmade::NoOriginal(why) => format!("{why:?}"),
            Unmade::Unreadable(why) => format!("{why:?}"),
            Unmade::NotDrawn | Unmade::Broken => "it broke".into(),
        };
        tracing::warn!(key, why, "the original of a picture could not be had");
        if *origin != Origin::Drawn {
            self.turns.fail(turn, now, now.checked_add(self.settings.rest).unwrap_or(now));
        }
        Err(refusal)
    }

    async fn from_disk(self: &Arc<Self>, name: Name) -> Option<Shot> {
        self.shelf.as_ref()?.made(name)?;
        let inner = Arc::clone(self);
        let read = tokio::task::spawn_blocking(move || {
            let bytes = inner.shelf.as_ref()?.read(name, (inner.clock)())?;
            let shot = Shot::new(bytes);
            inner.kept.lock().keep(name, shot.clone());
            Some(shot)
        });
        read.await.ok().flatten()
    }

    /// Makes both sizes and keeps them; gives the one that was asked for.
    async fn make(self: &Arc<Self>, key: &str, origin: &Origin, form: Form) -> Result<Shot, Unmade> {
        let fetched = match origin {
            Origin::Drawn => None,
            Origin::At { url, .. } => {
                let _one = self.fetchers.acquire().await.map_err(|_| Unmade::Broken)?;
                let most = self.settings.largest_original;
                Some(fetch(&self.sources.client, url, most).await.map_err(Unmade::NoOriginal)?)
            }
        };
        let _one = self.makers.acquire().await.map_err(|_| Unmade::Broken)?;
        let (inner, key, version) = (Arc::clone(self), key.to_owned(), origin.version().to_owned());
        let work = move || {
            let original = match fetched {
                Some(original) => original,
                None => {
                    let drawn = (inner.sources.draw)(&key).ok_or(Unmade::NotDrawn)?;
                    if form == Form::Whole {
                        return Ok(inner.keep(Name::of(&key, &version, form), drawn));
                    }
                    drawn.into()
                }
            };
            let made = render(&original, inner.settings.most_pixels).map_err(Unmade::Unreadable)?;
            let large = inner.keep(Name::of(&key, &version, Form::Large), made.large);
            let normal = inner.keep(Name::of(&key, &version, Form::Normal), made.normal);
            Ok(if form == Form::Normal { normal } else { large })
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Unmade::Broken)?
    }

    /// Keeps a rendition, on disk and in memory. A disk that refuses is said and lived with.
    fn keep(&self, name: Name, bytes: Vec<u8>) -> Shot {
        if let Some(shelf) = &self.shelf
            && let Err(error) = shelf.keep(name, &bytes, (self.clock)())
        {
            tracing::warn!(%error, "a picture could not be kept on disk");
        }
        let shot = Shot::new(bytes);
        self.kept.lock().keep(name, shot.clone());
        shot
    }
}
