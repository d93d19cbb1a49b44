//! The mapping: which column becomes which field.

mod apply;
mod bind;
mod columns;
mod condition;
mod kept;
mod plan;
mod propose;
mod raw;
mod template;
mod words;

use crate::{IntakeError, Limits, MappingFault};

pub(crate) use apply::{Mapped, RowFault, cut};
pub(crate) use bind::bind;
pub(crate) use plan::{Plan, Target};
pub use propose::{Proposal, propose};
pub(crate) use raw::{Duplicates, RawMapping, Write};

#[cfg(test)]
mod tests;

/// A mapping as it was written, its form checked; what it names is looked up once there is a file.
#[derive(Clone, PartialEq, Debug)]
pub struct Mapping {
    pub(crate) raw: RawMapping,
}

/// Records that one row may yield.
pub(crate) const MOST_RECORDS: usize = 16;

impl Mapping {
    /// Reads a mapping file: TOML, as `docs/reference/mapping-file.md` describes it.
    ///
    /// # Errors
    /// `mapping_wrong`: what is no TOML, an unknown setting, or a setting of the wrong type, with the line.
    pub fn read(text: &str) -> Result<Self, IntakeError> {
        let most = Limits::default().mapping_bytes;
        if text.len() > most {
            return Err(IntakeError::mapping(vec![MappingFault::new(
                "mapping_too_large",
                "",
                format!("The mapping has {} bytes.", text.len()),
                format!("At most {most} are read."),
            )]));
        }
        let raw: RawMapping = toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| 1 + text[..span.start.min(text.len())].matches('\n').count());
            let message = error.message().trim_end_matches('.').replace('\n', ", ");
            let place = line.map_or(String::new(), |line| format!("line {line}"));
            let hint = "See docs/reference/mapping-file.md for every setting.";
            let fault = MappingFault::new("mapping_syntax", place, format!("{message}."), hint);
            let wrong = IntakeError::mapping(vec![fault]);
            IntakeError { line: line.map(|line| line as u64), ..wrong }
        })?;
        let mut faults = Vec::new();
        for (setting, value, most) in [("name", &raw.name, 128), ("feed", &raw.feed, 64)] {
            if value.trim().is_empty() || value.chars().count() > most {
                let message = format!("{setting} has {} characters.", value.chars().count());
                let hint = format!("Give 1 to {most} characters.");
                faults.push(MappingFault::new("setting_wrong", setting, message, hint));
            }
        }
        if raw.record.is_empty() || raw.record.len() > MOST_RECORDS {
            faults.push(MappingFault::new(
                "records_wrong",
                "",
                format!("The mapping has {} [[record]] parts.", raw.record.len()),
                format!("Give 1 to {MOST_RECORDS}: one for each resource that a row yields a record of."),
            ));
        }
        if faults.is_empty() { Ok(Self { raw }) } else { Err(IntakeError::mapping(faults)) }
    }

    /// What the mapping calls itself.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.raw.name
    }

    /// The feed that its records belong to.
    #[must_use]
    pub fn feed(&self) -> &str {
        &self.raw.feed
    }

    /// The names of the resources that it yields records of, in the order of its parts.
    pub fn resources(&self) -> impl Iterator<Item = &str> {
        self.raw.record.iter().map(|record| record.resource.as_str())
    }

    /// The same for another feed: one mapping may serve many that send the same form.
    #[must_use]
    pub fn with_feed(mut self, feed: impl Into<String>) -> Self {
        self.raw.feed = feed.into();
        self
    }
}
