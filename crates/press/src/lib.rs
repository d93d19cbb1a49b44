//! Bodies made of kept pieces: what is asked for often is written once and kept, and an answer is a
//! concatenation, compressed or not.
//!
//! A [`Piece`] is the bytes of one rendered record. A [`Sheet`] takes pieces and what stands between them and
//! gives the whole body, plain or as one gzip member ([`Form`]). Pieces are compressed together with their
//! neighbours, until they are asked for again: then a long one is compressed by itself, once. Its deflate
//! blocks look back at nothing before them and end at a byte's border, so that blocks of many pieces stand
//! behind each other, and their checksums combine. Short pieces alone would hardly shrink. [`Kept`] remembers
//! pieces by what was written ([`Kinds`]) of which row, for as long as the row's version stands. The whole
//! body is [`Printed`]: long pieces go to the socket from where they lie.
//!
//! ```
//! use press::{Form, Piece, Sheet};
//!
//! let (one, two) = (Piece::new(*br#""City":"Kent""#), Piece::new(*br#""City":"Seattle""#));
//! let mut sheet = Sheet::new(Form::Plain);
//! sheet.text(b"[{");
//! sheet.piece(&one);
//! sheet.text(b"},{");
//! sheet.piece(&two);
//! sheet.text(b"}]");
//! assert_eq!(sheet.finish().to_vec(), br#"[{"City":"Kent"},{"City":"Seattle"}]"#);
//! ```
//!
//! This crate knows no record, no request and no clock: versions are numbers, and so are instants.

mod form;
mod gzip;
mod kept;
mod kinds;
mod lent;
mod piece;
mod printed;
mod share;
mod sheet;

pub use form::Form;
pub use kept::{AsOf, Fresh, Kept, Wanted};
pub use kinds::{Kind, Kinds};
pub use piece::Piece;
pub use printed::Printed;
pub use sheet::Sheet;
