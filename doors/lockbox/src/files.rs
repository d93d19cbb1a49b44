//! The files of the door that records of it name: what a backup of the store takes along.

use std::io;
use std::path::Path;

use crate::import::FORMS;
use crate::people::PHOTOS;

/// The files below the door's directory that its records name, by their places there: photos of users, and what came
/// in and waits for its turn. There are none where there is no directory.
///
/// # Errors
/// The directory cannot be read.
pub fn files(directory: &Path) -> io::Result<Vec<String>> {
    let mut found = names(directory, waits)?;
    let photos = names(&directory.join(PHOTOS), is_photo)?;
    found.extend(photos.into_iter().map(|name| format!("{PHOTOS}/{name}")));
    Ok(found)
}

/// The names in a directory that are meant, in order.
fn names(directory: &Path, meant: fn(&str) -> bool) -> io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        found.extend(entry.file_name().to_str().filter(|name| meant(name)).map(str::to_owned));
    }
    found.sort_unstable();
    Ok(found)
}

/// `{batch}.{form}`; what a run makes of a feed has another name, and goes with the run.
fn waits(name: &str) -> bool {
    name.split_once('.').is_some_and(|(batch, form)| !batch.is_empty() && FORMS.contains(&form))
}

/// `{hash}.{format}`, once it is whole.
fn is_photo(name: &str) -> bool {
    let hash = |hash: &str| hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    name.split_once('.').is_some_and(|(stem, format)| hash(stem) && ["jpg", "png", "gif"].contains(&format))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_records_name_is_told_and_nothing_else() {
        let scratch = testkit::Scratch::new();
        let directory = scratch.file("lockbox");
        assert_eq!(files(&directory).unwrap(), [""; 0]);
        let hash = "5f".repeat(32);
        std::fs::create_dir_all(directory.join(PHOTOS)).unwrap();
        for name in [
            "batch1.csv",
            "batch2.fetched.ndjson",
            "batch3.part",
            "note",
            &format!("{PHOTOS}/{hash}.jpg"),
            &format!("{PHOTOS}/{hash}.part"),
            &format!("{PHOTOS}/me.jpg"),
        ] {
            std::fs::write(directory.join(name), "").unwrap();
        }
        assert_eq!(files(&directory).unwrap(), ["batch1.csv", &format!("{PHOTOS}/{hash}.jpg")]);
    }
}
