//! Text with columns in it: `{feed}-{id}`.

use super::columns::Columns;
use crate::MappingFault;

/// A template whose columns are known by number.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Template {
    pub(crate) pieces: Vec<Piece>,
    /// Whether one empty column makes the whole empty (a key), or all of them do (any other text).
    pub(crate) whole: bool,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Piece {
    Said(String),
    Column(usize),
    /// A column that no object of the sample had.
    Nowhere,
}

impl Template {
    /// Reads `text`; `{{` and `}}` are braces. `{feed}` is the mapping's feed, unless a column is so called.
    pub(super) fn read(
        text: &str,
        feed: &str,
        whole: bool,
        columns: &mut Columns<'_>,
        place: &str,
    ) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut said = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            said.push_str(&rest[..at]);
            let brace = rest[at..].chars().next();
            rest = &rest[at + 1..];
            if brace == rest.chars().next() {
                said.extend(brace);
                rest = &rest[1..];
                continue;
            }
            let Some((name, after)) = rest.split_once('}').filter(|_| brace == Some('{')) else {
                columns.faults.push(MappingFault::new(
                    "template_wrong",
                    place,
                    format!("{text:?} has a brace without its other half."),
                    "Write {column}; a brace that is meant as such is written twice.",
                ));
                return None;
            };
            rest = after;
            if name == "feed" {
                said.push_str(feed);
                continue;
            }
            if !said.is_empty() {
                pieces.push(Piece::Said(std::mem::take(&mut said)));
            }
            pieces.push(columns.place(name, place).map_or(Piece::Nowhere, Piece::Column));
        }
        said.push_str(rest);
        if !said.is_empty() {
            pieces.push(Piece::Said(said));
        }
        Some(Self { pieces, whole })
    }
}
