//! Records as JSON, both ways (OData JSON format 4.01).
//!
//! Writing goes straight to bytes, with no tree of values between.

mod collection;
mod context;
mod escape;
mod path;
mod read;
mod rows;
mod scan;
mod shape;
mod write;

pub use collection::{close_collection, close_with_delta, next_item, open_collection};
pub use context::context_url;
pub use escape::write_string;
pub use path::entity_path;
pub use read::{
    Extra, LinkPolicy, MistypedPolicy, NestedRecords, ReadLimits, ReadOptions, ReadPage, ReadRecord,
    UnknownPolicy, fuzz, glimpse_next, read_page, read_record, salvage_record,
};
pub use rows::{RowShape, computed_member, rows_context_url, write_rows};
pub(crate) use scan::read_text_list;
pub use shape::{Metadata, Numbers, Shape};
pub use write::{close_record, member, open_record, write_field, write_record, write_value};

#[cfg(test)]
mod tests;
