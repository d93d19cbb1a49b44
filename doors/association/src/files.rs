//! Where data files lie: in a directory of the installation, each under the hash of what it holds.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use dictionary::Text;
use http_body_util::BodyExt;
use intake::Source;
use odata::Fault;
use ring::digest::{Context, SHA256};
use tokio::io::AsyncWriteExt;

/// Bytes of a file at the most: a million agents with every column take 300 MB.
const MOST_BYTES: u64 = 512 << 20;
/// Endings that tell a form; whatever else a file is called, its first bytes tell it.
const ENDINGS: [&str; 5] = ["csv", "txt", "json", "ndjson", "xlsx"];

/// The directory of the data files. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    directory: Arc<Path>,
}

/// A file that lies on disk.
#[derive(Clone, Debug)]
pub(crate) struct Laid {
    pub(crate) hash: Text,
    pub(crate) bytes: u64,
    pub(crate) source: Source,
}

impl Files {
    pub(crate) fn new(directory: PathBuf) -> Self {
        Self { directory: directory.into() }
    }

    /// Where a file lies.
    pub(crate) fn source(&self, hash: &str, name: &str) -> Source {
        Source::file(self.path(hash, name))
    }

    fn path(&self, hash: &str, name: &str) -> PathBuf {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        match ending.filter(|ending| ENDINGS.contains(&ending.as_str())) {
            Some(ending) => self.directory.join(format!("{hash}.{ending}")),
            None => self.directory.join(hash),
        }
    }

    /// Takes a body in as it comes, and lays it down under its hash; when this returns it is on disk.
    ///
    /// # Errors
    /// 400 for a body that breaks off, 413 for one that is too large, 503 for a disk that does not take it.
    pub(crate) async fn lay(&self, id: &str, name: &str, body: Body) -> Result<Laid, Fault> {
        tokio::fs::create_dir_all(&self.directory).await.map_err(|error| disk(&error))?;
        let coming = self.directory.join(format!("{id}.coming"));
        let taken = self.take(&coming, name, body).await;
        if taken.is_err() {
            // What could not be taken in leaves nothing behind.
            let _ = tokio::fs::remove_file(&coming).await;
        }
        taken
    }

    async fn take(&self, coming: &Path, name: &str, mut body: Body) -> Result<Laid, Fault> {
        let mut file = tokio::fs::File::create(coming).await.map_err(|error| disk(&error))?;
        let (mut context, mut bytes) = (Context::new(&SHA256), 0_u64);
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| {
                let message = "The file broke off on its way.";
                Fault::bad("body_broken", message, "Send it again; nothing was kept.")
            })?;
            let Ok(data) = frame.into_data() else { continue };
            bytes += data.len() as u64;
            if bytes > MOST_BYTES {
                let message = format!("The file has more than {MOST_BYTES} bytes.");
                return Err(Fault::new(
                    413,
                    "too_large",
                    message,
                    "Send it in parts, or without what nobody reads.",
                ));
            }
            context.update(&data);
            file.write_all(&data).await.map_err(|error| disk(&error))?;
        }
        file.sync_all().await.map_err(|error| disk(&error))?;
        let digest = context.finish();
        let hash = digest.as_ref().iter().fold(String::with_capacity(64), |mut hash, byte| {
            use std::fmt::Write as _;
            let _ = write!(hash, "{byte:02x}");
            hash
        });
        let path = self.path(&hash, name);
        tokio::fs::rename(coming, &path).await.map_err(|error| disk(&error))?;
        // The name has to last as well as what it names.
        let directory = tokio::fs::File::open(&self.directory).await.map_err(|error| disk(&error))?;
        directory.sync_all().await.map_err(|error| disk(&error))?;
        Ok(Laid { hash: hash.into(), bytes, source: Source::file(path) })
    }
}

fn disk(error: &std::io::Error) -> Fault {
    tracing::error!("a data file could not be kept: {error}");
    let hint = "Look at the disk of the data directory.";
    Fault::new(503, "file_not_kept", "The file could not be kept.", hint)
}

/// The data files below the door's directory, by their names there: what a backup of the store takes along. There are
/// none where there is no directory.
///
/// # Errors
/// The directory cannot be read.
pub fn files(directory: &Path) -> std::io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        found.extend(entry.file_name().to_str().filter(|name| is_laid(name)).map(str::to_owned));
    }
    found.sort_unstable();
    Ok(found)
}

/// A hash and one of the endings, or none: what is still coming has another name.
fn is_laid(name: &str) -> bool {
    let (hash, ending) = name.split_once('.').map_or((name, None), |(hash, ending)| (hash, Some(ending)));
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash && ending.is_none_or(|ending| ENDINGS.contains(&ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_laid_down_are_told_and_nothing_else() {
        let scratch = testkit::Scratch::new();
        let directory = scratch.file("association");
        assert_eq!(files(&directory).unwrap(), [""; 0]);
        std::fs::create_dir_all(&directory).unwrap();
        let (hash, other) = ("5f".repeat(32), "6a".repeat(32));
        for name in [&hash, &format!("{other}.csv"), &format!("{other}.exe"), "fresh.coming", "note.csv"] {
            std::fs::write(directory.join(name), "").unwrap();
        }
        assert_eq!(files(&directory).unwrap(), [hash, format!("{other}.csv")]);
    }
}
