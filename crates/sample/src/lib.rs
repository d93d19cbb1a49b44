//! Sample markets: a year of real sales in King County made into a living market (`king_county`), a
//! market that keeps moving (`live`), any number of listings all over the country (`crowd`), and
//! drawings of their houses (`picture`).
//!
//! What is made depends on parameters alone: the same seed and instant give the same records on every
//! machine. This crate does not know what time it is, HTTP, who may see what, or how anything is found.

mod calendar;
pub mod crowd;
mod dice;
mod draft;
mod house;
pub mod king_county;
pub mod live;
mod names;
mod parties;
pub mod picture;

pub use dice::Dice;
pub use picture::{Picture, picture};
