//! Which column of a vendor's file holds what: by its heading, or as whoever sends the file says.

use std::collections::BTreeMap;

use odata::Fault;

use crate::words::FileKind;

/// Headings by which fields are known, one field a line.
const HEADINGS: &str = include_str!("columns.tsv");

/// The columns of a file, by the part that they play and by field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Columns {
    /// By part (`id`, `status`, `userClass`, `type`): the heading.
    pub(crate) parts: BTreeMap<&'static str, String>,
    /// By field of Member or Office: the heading.
    pub(crate) fields: BTreeMap<&'static str, String>,
}

/// A line of the table: field, part, headings.
fn lines(kind: FileKind) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    HEADINGS.lines().skip(1).filter_map(move |line| {
        let mut cells = line.split('\t');
        (cells.next()? == kind.name()).then_some(())?;
        Some((cells.next()?, cells.next()?, cells.next()?))
    })
}

/// A heading without what writers vary.
fn plain(heading: &str) -> String {
    heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Finds the columns among the headings; `said` names headings by part, where the usual ones do not stand.
///
/// # Errors
/// 422 with every part that no column plays, and with every heading said that the file does not have.
pub(crate) fn find(
    kind: FileKind,
    headings: &[String],
    said: &BTreeMap<&'static str, String>,
) -> Result<Columns, Fault> {
    let place = |wanted: &str| headings.iter().find(|heading| plain(heading) == plain(wanted));
    let mut columns = Columns { parts: BTreeMap::new(), fields: BTreeMap::new() };
    let mut faults = Vec::new();
    for (field, part, known) in lines(kind) {
        let found = match said.get(part).filter(|_| !part.is_empty()) {
            Some(heading) => place(heading),
            // The headings stand in the order in which they are likely.
            None => known.split('|').find_map(place),
        };
        match found {
            // In the keys of records a heading stands between braces.
            Some(heading) if part == "id" && heading.contains(['{', '}']) => {
                let message = format!("The heading {heading:?} has braces.");
                faults
                    .push(Fault::new(422, "column_wrong", message, "Call the column otherwise.").about(part));
            }
            Some(heading) => {
                columns.fields.insert(field, heading.clone());
                if !part.is_empty() {
                    columns.parts.insert(part, heading.clone());
                }
            }
            None if part.is_empty() => {}
            None => faults.push(missing(part, said.get(part), known, headings)),
        }
    }
    if faults.is_empty() { Ok(columns) } else { Err(Fault::of_all(faults)) }
}

fn missing(part: &'static str, said: Option<&String>, known: &str, headings: &[String]) -> Fault {
    let message = match said {
        Some(heading) => format!("The file has no column {heading:?}."),
        None => format!("No column of the file is its {part}: it has {}.", some(headings)),
    };
    let known = known.replace('|', ", ");
    let hint = format!("Name it in the address, {part}=Heading, or call it one of: {known}.");
    Fault::new(422, "column_missing", message, hint).about(part)
}

/// The first headings.
fn some(headings: &[String]) -> String {
    let first = headings.iter().take(20).map(String::as_str).collect::<Vec<_>>().join(", ");
    if headings.len() > 20 { format!("{first} and {} more", headings.len() - 20) } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headings(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    /// AMS-002: a file parses where its columns are found, whatever their capitals and spaces.
    #[test]
    fn ams_002_columns_are_found_by_their_headings() {
        let check = |kind: FileKind, text: &str, said: &[(&'static str, &str)], expect: &str| {
            let said = said.iter().map(|(part, heading)| (*part, (*heading).to_owned())).collect();
            let told = match find(kind, &headings(text), &said) {
                Ok(columns) => columns
                    .parts
                    .iter()
                    .map(|(part, heading)| format!("{part}:{heading}"))
                    .collect::<Vec<_>>(),
                Err(fault) => {
                    let all = if fault.details.is_empty() { vec![fault] } else { fault.details };
                    all.iter().map(|one| format!("{} {}", one.code, one.target.as_deref().unwrap())).collect()
                }
            };
            assert_eq!(told.join(", "), expect, "{text}");
        };
        use FileKind::{Agent, Office};
        let whole = "id:Agent ID, status:STATUS, type:agent_type, userClass:UserClass";
        check(Agent, "Agent ID,STATUS,UserClass,agent_type,Other", &[], whole);
        check(Office, "MLS ID,Status,Type", &[], "id:MLS ID, status:Status, type:Type");
        check(Agent, "Agent ID,Status,Type", &[], "column_missing userClass");
        check(
            Agent,
            "A,B",
            &[],
            "column_missing id, column_missing status, column_missing userClass, column_missing type",
        );
        let said = [("id", "Nr"), ("status", "St"), ("type", "Ty"), ("userClass", "Cl")];
        check(Agent, "Nr,St,Ty,Cl", &said, "id:Nr, status:St, type:Ty, userClass:Cl");
        check(Office, "Nr,Status,Type", &[("id", "Number")], "column_missing id");
        check(Office, "{ID},Status,Type", &[], "column_wrong id");
    }

    /// Each field of the table is one of its resource.
    #[test]
    fn fields_are_the_dictionarys() {
        let dictionary = dictionary::Dictionary::standard(dictionary::Version::V2_1);
        for (kind, resource) in [(FileKind::Agent, "Member"), (FileKind::Office, "Office")] {
            for (field, ..) in lines(kind) {
                assert!(dictionary.known(resource).find(field).is_some(), "{resource}.{field}");
            }
        }
    }
}
