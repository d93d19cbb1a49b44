//! The report as a person reads it.

use std::fmt;

use super::Report;
use crate::Stage;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = match self.stage {
            Stage::Preview => "previewed",
            Stage::Check => "checked, nothing written",
            Stage::Write | Stage::Remove => "imported",
        };
        let (how, what) = match self.format {
            Some(_) => ("mapping", "rows"),
            None => ("profile", "records"),
        };
        writeln!(f, "{} into feed {} by {how} {}: {done}.", self.file, self.feed, self.mapping)?;
        write!(f, "{} {what}", self.rows)?;
        if self.rows_dropped > 0 {
            write!(f, ", {} left out by the mapping's conditions", self.rows_dropped)?;
        }
        if self.rows_refused > 0 {
            write!(f, ", {} refused as a whole", self.rows_refused)?;
        }
        write!(f, "; {:.1} s", self.seconds)?;
        match self.rows_per_second {
            Some(rate) => writeln!(f, ", {rate:.0} {what}/s.")?,
            None => writeln!(f, ".")?,
        }
        if !self.resources.is_empty() {
            writeln!(
                f,
                "\n{:<20} {:>10} {:>10} {:>10} {:>10} {:>10} {:>10} {:>10}",
                "", "read", "new", "changed", "unchanged", "refused", "repeated", "removed"
            )?;
        }
        for c in &self.resources {
            writeln!(
                f,
                "{:<20} {:>10} {:>10} {:>10} {:>10} {:>10} {:>10} {:>10}",
                c.resource, c.read, c.new, c.changed, c.unchanged, c.refused, c.repeated, c.removed
            )?;
        }
        for reason in &self.reasons {
            let what = if reason.refused { "refused" } else { "field left out" };
            write!(f, "\n{} × {} ({what})", reason.count, reason.code)?;
            if let Some(resource) = &reason.resource {
                write!(f, " {resource}")?;
            }
            if let Some(field) = &reason.field {
                write!(f, ".{field}")?;
            }
            if let Some(column) = &reason.column {
                write!(f, " from column {column:?}")?;
            }
            writeln!(f, "\n  {}", reason.hint)?;
            for example in &reason.examples {
                writeln!(f, "  line {}: {}", example.line, example.message)?;
            }
        }
        for drift in &self.drift {
            write!(f, "\n{} {}: {} ({})", drift.name, drift.about, drift.message, drift.code)?;
        }
        for one in &self.differences {
            write!(f, "\n{} {}: {}", one.resource, one.key, one.code)?;
        }
        if !self.drift.is_empty() || !self.differences.is_empty() {
            writeln!(f)?;
        }
        if !self.notes.is_empty() {
            writeln!(f)?;
        }
        for note in &self.notes {
            writeln!(f, "Note: {note}")?;
        }
        Ok(())
    }
}
