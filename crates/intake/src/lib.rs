//! Brings records in from files: CSV, JSON (an array, or an OData page), NDJSON and XLSX, through a
//! mapping file that says which column becomes which field.
//!
//! Four steps, each of which may refuse: the mapping is read ([`Mapping::read`]), held against the
//! dictionary and the file's headings ([`Job::open`]), tried on rows ([`Job::preview`], [`Job::check`]),
//! and only then written ([`Job::run`]). A file that cannot be read to its end changes nothing; a row
//! that cannot be a record is refused and reported, and the others go in. The same file again changes
//! nothing, so that an import which was cut off is brought to its end by starting it again.
//!
//! What comes again and again is a record Source with its Mapping: [`Sources`] runs them when they are due.
//! Sources that are servers are run by it as well, through whoever it is given for that ([`Bring`]).
//!
//! This crate does not know inbound HTTP, SQL, or what time it is: the clock comes in with what is asked.

mod fault;
mod fuzz;
mod job;
mod limits;
mod mapping;
mod progress;
mod report;
mod run;
mod source;
mod sources;
mod table;
mod value;

pub use fault::{IntakeError, MappingFault};
pub use fuzz::fuzz_csv;
pub use job::{Job, Preview, PreviewRecord, PreviewRow};
pub use limits::Limits;
pub use mapping::{Mapping, Proposal, propose};
pub use progress::{Moved, Progress, Silent, Stage};
pub use report::{Counts, Difference, Drift, Example, Reason, Report};
pub use run::{Clock, OWN_FEED, RemoveMissing, RunOptions, SourceRun};
pub use source::{Format, Source};
pub use sources::{
    Bring, Brought, Commission, LastRun, Places, Sources, check_mapping, check_source, last_run,
};
pub use table::{Table, TableEnd, TableRow, Typist};
