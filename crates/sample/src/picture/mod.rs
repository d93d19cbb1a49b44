//! Drawings of houses: each listing its own, the same at every call.

mod subject;

pub(crate) use subject::{Subject, shows};

/// Pixels across.
pub const WIDTH: u16 = 1024;
/// Pixels down.
pub const HEIGHT: u16 = 768;

/// A drawn picture.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Picture {
    /// Pixels across.
    pub width: u16,
    /// Pixels down.
    pub height: u16,
    /// A JPEG file.
    pub jpeg: Vec<u8>,
}

/// Draws the picture of this `MediaKey` of the King County market, or none where the key is not of its
/// form.
#[must_use]
pub fn picture(key: &str) -> Option<Picture> {
    let (_subject, _order) = Subject::read(key)?;
    Some(Picture { width: WIDTH, height: HEIGHT, jpeg: Vec::new() })
}
