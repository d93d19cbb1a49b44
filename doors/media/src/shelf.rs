//! Renditions on disk, as many as there is room for; what was not asked for longest goes first.
//!
//! A file is named by the hash of what it shows, in one of 256 rooms. Its time of change is when it was
//! made, its time of access when it was last asked for: both are set here, so that a restart knows the
//! order, whatever the disk notes by itself. A file is written beside its place and moved there, so that
//! nobody reads half of one.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, FileTimes};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dictionary::Timestamp;
use parking_lot::Mutex;

use crate::rendition::Name;

/// What a file takes at least: a disk's block. It bounds how many files there are, too.
const BLOCK: u64 = 4_096;

/// The directory and what is in it.
#[derive(Debug)]
pub(crate) struct Shelf {
    directory: PathBuf,
    most: u64,
    index: Mutex<Index>,
}

#[derive(Debug, Default)]
struct Index {
    files: HashMap<Name, Entry>,
    order: BTreeMap<u64, Name>,
    clock: u64,
    bytes: u64,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    used: u64,
    bytes: u64,
    made: Timestamp,
}

impl Shelf {
    /// The shelf of a directory, which is made where there is none. What is there is taken over.
    ///
    /// # Errors
    /// The directory cannot be made or read.
    pub(crate) fn open(directory: PathBuf, most: u64) -> io::Result<Self> {
        fs::create_dir_all(&directory)?;
        let mut found = Vec::new();
        for room in fs::read_dir(&directory)? {
            let room = room?.path();
            if room.is_dir() {
                look_through(&room, &mut found)?;
            }
        }
        found.sort_unstable();
        let shelf = Self { directory, most, index: Mutex::default() };
        let mut index = shelf.index.lock();
        for (_, name, bytes, made) in found {
            index.put(name, bytes, made);
        }
        let gone = index.make_room(0, most);
        drop(index);
        shelf.remove(&gone);
        Ok(shelf)
    }

    /// When this was made, where it is there.
    pub(crate) fn made(&self, name: Name) -> Option<Timestamp> {
        self.index.lock().files.get(&name).map(|entry| entry.made)
    }

    /// The file of this name. It is the last now to be thrown away.
    pub(crate) fn read(&self, name: Name, now: Timestamp) -> Option<Vec<u8>> {
        let entry = self.index.lock().touch(name)?;
        let mut bytes = Vec::with_capacity(usize::try_from(entry.bytes).unwrap_or(0));
        let read = File::open(self.place(name)).and_then(|mut file| {
            file.read_to_end(&mut bytes)?;
            // Both are set: some systems set neither alone.
            file.set_times(FileTimes::new().set_accessed(instant(now)).set_modified(instant(entry.made)))
        });
        // Somebody has been at the directory: what is not whole is not there.
        if (read.is_err() && bytes.is_empty()) || bytes.len() as u64 != entry.bytes {
            self.index.lock().take(name);
            return None;
        }
        Some(bytes)
    }

    /// Keeps a file. What has no room even alone is not kept.
    ///
    /// # Errors
    /// The disk is full or refuses.
    pub(crate) fn keep(&self, name: Name, bytes: &[u8], now: Timestamp) -> io::Result<()> {
        let size = bytes.len() as u64;
        if size.max(BLOCK) > self.most {
            return Ok(());
        }
        let gone = self.index.lock().make_room(size.max(BLOCK), self.most);
        self.remove(&gone);
        let place = self.place(name);
        let beside = place.with_extension("new");
        fs::create_dir_all(place.parent().unwrap_or(&self.directory))?;
        let mut file = File::create(&beside)?;
        file.write_all(bytes)?;
        file.set_times(FileTimes::new().set_accessed(instant(now)).set_modified(instant(now)))?;
        drop(file);
        fs::rename(&beside, &place)?;
        self.index.lock().put(name, size, now);
        Ok(())
    }

    fn remove(&self, names: &[Name]) {
        for name in names {
            // One that is gone already is as good.
            drop(fs::remove_file(self.place(*name)));
        }
    }

    fn place(&self, name: Name) -> PathBuf {
        let text = format!("{:032x}", name.0);
        self.directory.join(&text[..2]).join(format!("{text}.jpg"))
    }
}

impl Index {
    fn put(&mut self, name: Name, bytes: u64, made: Timestamp) {
        self.take(name);
        self.clock += 1;
        self.bytes += bytes.max(BLOCK);
        self.order.insert(self.clock, name);
        self.files.insert(name, Entry { used: self.clock, bytes, made });
    }

    fn touch(&mut self, name: Name) -> Option<Entry> {
        let entry = self.files.get_mut(&name)?;
        self.clock += 1;
        self.order.remove(&entry.used);
        self.order.insert(self.clock, name);
        entry.used = self.clock;
        Some(*entry)
    }

    fn take(&mut self, name: Name) {
        if let Some(entry) = self.files.remove(&name) {
            self.order.remove(&entry.used);
            self.bytes -= entry.bytes.max(BLOCK);
        }
    }

    /// Takes out the oldest until `wanted` bytes fit.
    fn make_room(&mut self, wanted: u64, most: u64) -> Vec<Name> {
        let mut gone = Vec::new();
        while self.bytes + wanted > most
            && let Some((_, oldest)) = self.order.first_key_value()
        {
            let oldest = *oldest;
            self.take(oldest);
            gone.push(oldest);
        }
        gone
    }
}

/// The files of one room: when used, name, size, when made. What was left half written is thrown away.
fn look_through(room: &Path, found: &mut Vec<(SystemTime, Name, u64, Timestamp)>) -> io::Result<()> {
    for file in fs::read_dir(room)? {
        let path = file?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let Ok(name) = u128::from_str_radix(stem, 16) else { continue };
        if path.extension().is_some_and(|end| end == "new") {
            drop(fs::remove_file(&path));
            continue;
        }
        let about = fs::metadata(&path)?;
        let made = about.modified()?;
        let used = about.accessed().unwrap_or(made);
        let since = made.duration_since(UNIX_EPOCH).unwrap_or_default();
        let micros = i64::try_from(since.as_micros()).unwrap_or(i64::MAX);
        let made = Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
        found.push((used, Name(name), about.len(), made));
    }
    Ok(())
}

fn instant(at: Timestamp) -> SystemTime {
    UNIX_EPOCH + Duration::from_micros(u64::try_from(at.as_microsecond()).unwrap_or(0))
}
