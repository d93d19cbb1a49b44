//! Sides of a lot, and street addresses: parts of text.

use dictionary::{FieldId, Fields, ValueRef};

use super::read::{Names, parts};

/// One side of "front x right x rear x left"; of two numbers, front and depth, each is two sides. Anything
/// else does not say which side is which.
pub(super) fn side(dimensions: &str, nth: usize) -> Option<&str> {
    let sides: Vec<&str> = dimensions.split(['x', 'X', '×', '*']).map(str::trim).collect();
    if !sides.iter().all(|side| side.starts_with(|c: char| c.is_ascii_digit())) {
        return None;
    }
    match sides.len() {
        2 => Some(sides[nth % 2]),
        4 => sides.get(nth).copied(),
        _ => None,
    }
}

/// The fields of a street address, in the order in which they are said; the last is the whole of it.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Address {
    said: Vec<FieldId>,
    name: FieldId,
    whole: FieldId,
}

impl Address {
    pub(super) fn read(names: &mut Names<'_>, cell: &str) -> Option<Self> {
        let mut said: Vec<FieldId> = parts(cell).filter_map(|name| names.field(name)).collect();
        let whole = said.pop()?;
        let name = names.resource.find("StreetName")?;
        Some(Self { said, name, whole })
    }

    /// The street line without the unit: said part by part; where the street has no name, the whole address
    /// up to its first comma.
    pub(super) fn line(&self, record: &impl Fields) -> String {
        let text = |field| match record.look(field) {
            Some(ValueRef::Text(text)) => text.trim().to_owned(),
            _ => String::new(),
        };
        if text(self.name).is_empty() {
            let whole = text(self.whole);
            return whole.split(',').next().unwrap_or_default().trim().to_owned();
        }
        let said = self.said.iter().map(|field| text(*field)).filter(|part| !part.is_empty());
        said.collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_told_where_it_is_clear_which_is_which() {
        let check = |dimensions: &str, expect: [Option<&str>; 4]| {
            assert_eq!([0, 1, 2, 3].map(|nth| side(dimensions, nth)), expect, "{dimensions}");
        };
        check("50 x 120", [Some("50"), Some("120"), Some("50"), Some("120")]);
        check("50X120x52.5×118", [Some("50"), Some("120"), Some("52.5"), Some("118")]);
        check("50 ft x 120 ft", [Some("50 ft"), Some("120 ft"), Some("50 ft"), Some("120 ft")]);
        check("50x120x60", [None; 4]);
        check("irregular", [None; 4]);
        check("50 x irregular", [None; 4]);
        check("", [None; 4]);
    }
}
