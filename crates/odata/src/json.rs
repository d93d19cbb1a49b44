//! Records as JSON, both ways (OData JSON format 4.01).
//!
//! Writing goes straight to bytes, with no tree of values between. A record that is asked for often is
//! rendered once ([`Rendered`]) and every answer copies ranges of those bytes; [`write_record`] writes the
//! same bytes from the fields themselves.

mod collection;
mod context;
mod escape;
mod path;
mod read;
mod rendered;
mod scan;
mod shape;
mod write;

pub use collection::{close_collection, next_item, open_collection};
pub use context::context_url;
pub use escape::write_string;
pub use path::entity_path;
pub use read::{
    Extra, LinkPolicy, NestedRecords, ReadLimits, ReadOptions, ReadPage, ReadRecord, UnknownPolicy, fuzz,
    read_page, read_record,
};
pub use rendered::Rendered;
pub(crate) use scan::read_text_list;
pub use shape::{Metadata, Numbers, Shape};
pub use write::{close_record, member, open_record, write_field, write_record, write_value};

#[cfg(test)]
mod tests;
