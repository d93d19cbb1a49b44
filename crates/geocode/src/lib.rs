//! Finds where an address lies, from what is known here: a listing at that address, else a place between
//! two known house numbers of its street, else the middle of its ZIP code.
//!
//! An address is compared as the post does ([`Address`]): `123 North Main Street, Apt 4` and
//! `123 N MAIN ST` are one house. What is known of a neighbourhood is handed in ([`Streets`]), as this
//! crate knows no listing; the ZIP codes of the United States are carried with it ([`zip`]).
//!
//! Pure: no clock, no network, no store.

mod address;
mod locate;
mod streets;
mod words;
mod zip;

pub use address::{Address, unit};
pub use locate::{Accuracy, Located, WIDEST_ZIP, locate};
pub use streets::{Known, Streets};
pub use zip::{ZIP_TABLE, zip, zip_digits};

/// A place on Earth, WGS 84.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Position {
    /// Degrees north, −90 to 90.
    pub latitude: f64,
    /// Degrees east, −180 to 180.
    pub longitude: f64,
}

impl Position {
    /// The great-circle distance in kilometres, on a sphere of the Earth's mean radius.
    #[must_use]
    pub fn kilometres_to(self, other: Self) -> f64 {
        const RADIUS: f64 = 6_371.008_8;
        let (a, b) = (self.latitude.to_radians(), other.latitude.to_radians());
        let across = (other.longitude - self.longitude).to_radians();
        let half = ((b - a) / 2.0).sin().powi(2) + a.cos() * b.cos() * (across / 2.0).sin().powi(2);
        2.0 * RADIUS * half.sqrt().min(1.0).asin()
    }
}

#[cfg(test)]
mod tests;
