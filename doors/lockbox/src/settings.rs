//! Bounds and places of the door.

use std::path::PathBuf;

/// What an operator may set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// Where files wait that came in and are not applied yet, and where photos of users are. It is made where
    /// there is none.
    pub directory: PathBuf,
    /// The name of this node among those that share the store: what takes leases. Of one that comes again the
    /// leases are its own still.
    pub node: String,
    /// Bytes of one file that comes in, at most.
    pub largest_file: u64,
}

impl Settings {
    /// Files of half a gigabyte at most, in this directory: 200,000 listings have some 100 megabytes.
    pub fn new(directory: impl Into<PathBuf>, node: impl Into<String>) -> Self {
        Self { directory: directory.into(), node: node.into(), largest_file: 512 << 20 }
    }
}
