//! The tables: tab-separated text, one line a field, a link or a lookup value.
//!
//! | table | columns |
//! |---|---|
//! | fields | resource, field, type, max_length, precision, scale, lookup, lookup_status, key, synonyms (`\|` between), since |
//! | links | resource, link, target, many, source_field, target_field, where (`Field=text`), since |
//! | lookups | lookup, value, legacy_value, since |
//!
//! The first line names the columns and must be these, in this order. A line that begins with `#` is a
//! comment. Nothing is quoted.

use crate::Origin;

/// The release of the RESO Data Dictionary that an installation offers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Version {
    /// Data Dictionary 2.0.
    V2_0,
    /// Data Dictionary 2.1: all of 2.0 and what came with 2.1.
    V2_1,
}

impl Version {
    /// The version's name, as `2.1`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::V2_0 => "2.0",
            Self::V2_1 => "2.1",
        }
    }

    /// Whether something that came `since` is part of this version.
    pub(crate) fn holds(self, since: &str) -> bool {
        self == Self::V2_1 || since != "2.1"
    }
}

/// Three tables and who declares what is in them. An empty text declares nothing.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    /// Who declares.
    pub origin: Origin,
    /// The fields; resources come into being by their first field.
    pub fields: &'a str,
    /// The links.
    pub links: &'a str,
    /// The lookup values.
    pub lookups: &'a str,
}

/// The RESO Data Dictionary, as facts (names, types and relations; RESO's definitions are not here).
pub(crate) const RESO: Tables<'static> = Tables {
    origin: Origin::Reso,
    fields: include_str!("../../../dictionary/reso/fields.tsv"),
    links: include_str!("../../../dictionary/reso/links.tsv"),
    lookups: include_str!("../../../dictionary/reso/lookups.tsv"),
};

/// Freehold's own resources.
pub(crate) const FREEHOLD: Tables<'static> = Tables {
    origin: Origin::Freehold,
    fields: include_str!("../../../dictionary/freehold/fields.tsv"),
    links: include_str!("../../../dictionary/freehold/links.tsv"),
    lookups: include_str!("../../../dictionary/freehold/lookups.tsv"),
};

/// Fields that are computed from RESO's and offered beside them.
pub(crate) const DERIVED: Tables<'static> = Tables {
    origin: Origin::Local,
    fields: include_str!("../../../dictionary/derived/fields.tsv"),
    links: "",
    lookups: "",
};

/// The columns of the fields table.
pub(crate) const FIELD_COLUMNS: [&str; 11] = [
    "resource",
    "field",
    "type",
    "max_length",
    "precision",
    "scale",
    "lookup",
    "lookup_status",
    "key",
    "synonyms",
    "since",
];
/// The columns of the links table.
pub(crate) const LINK_COLUMNS: [&str; 8] =
    ["resource", "link", "target", "many", "source_field", "target_field", "where", "since"];
/// The columns of the lookups table.
pub(crate) const LOOKUP_COLUMNS: [&str; 4] = ["lookup", "value", "legacy_value", "since"];

/// A line of a table that is not a comment: its number, counted from 1, and its cells.
pub(crate) struct Row<'a, const N: usize> {
    pub(crate) line: usize,
    pub(crate) cells: [&'a str; N],
}

/// Reads the rows of a table; on a line of the wrong shape, its number and what is wrong.
pub(crate) fn rows<'a, const N: usize>(
    text: &'a str,
    columns: &[&str; N],
) -> Result<Vec<Row<'a, N>>, (usize, String)> {
    let mut lines = text
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line.trim_end_matches('\r')))
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    let Some((first, heading)) = lines.next() else { return Ok(Vec::new()) };
    if !heading.split('\t').eq(columns.iter().copied()) {
        return Err((first, format!("the first line must name the columns: {}", columns.join(", "))));
    }
    lines
        .map(|(line, text)| {
            let mut cells = [""; N];
            let given = text.split('\t').count();
            if given > N {
                return Err((line, format!("{given} columns where {N} are expected")));
            }
            for (cell, text) in cells.iter_mut().zip(text.split('\t')) {
                *cell = text.trim();
            }
            Ok(Row { line, cells })
        })
        .collect()
}
