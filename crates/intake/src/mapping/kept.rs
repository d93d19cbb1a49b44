//! Columns that a mapping does not name.

use dictionary::{FieldId, Origin, Resource};

use super::columns::list;
use crate::MappingFault;
use crate::source::Layout;

/// The fault that a file has more columns than the mapping knows.
pub(super) fn refuse(unused: &[usize], layout: &Layout) -> Option<MappingFault> {
    let names: Vec<String> = unused.iter().map(|at| layout.headings[*at].clone()).collect();
    (!names.is_empty()).then(|| {
        MappingFault::new(
            "unknown_columns",
            "",
            format!("The mapping does not say what becomes of {}.", list(&names)),
            "Map them, name them in ignore_columns, or set unknown_columns = \"ignore\".",
        )
    })
}

/// The same as a note.
pub(super) fn note(unused: &[usize], layout: &Layout) -> Option<String> {
    let names: Vec<String> = unused.iter().map(|at| layout.headings[*at].clone()).collect();
    (!names.is_empty()).then(|| format!("Not read, as the mapping does not name them: {}.", list(&names)))
}

/// The local field for a heading: of its name, or of its letters and digits after `X_`.
pub(super) fn local(resource: &Resource, heading: &str) -> Result<FieldId, MappingFault> {
    let letters: String = heading.chars().filter(char::is_ascii_alphanumeric).collect();
    let name = format!("X_{letters}");
    let found = [heading, &name].into_iter().find_map(|name| resource.find(name));
    match found {
        Some(id) if resource.field(id).origin == Origin::Local => Ok(id),
        Some(id) => Err(MappingFault::new(
            "unknown_columns",
            resource.name.as_str(),
            format!("{heading:?} is the name of a field of the dictionary and is not mapped."),
            format!("Map it: {} = {heading:?}.", resource.field(id).name),
        )),
        None => Err(MappingFault::new(
            "local_field_missing",
            resource.name.as_str(),
            format!("There is no local field for the column {heading:?}."),
            format!(
                "Declare it in the installation's fields.tsv: {}\t{name}\tEdm.String\t255",
                resource.name
            ),
        )),
    }
}
