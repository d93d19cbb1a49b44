//! From a file and a mapping to what `intake` does with it: which column becomes which field, which words become
//! which, and which rows stay outside.

use std::fmt::Write as _;

use super::columns::Columns;
use super::examine::{Counts, category};
use super::set::{Category, MappingSet};
use crate::words::FileKind;

/// What an import is of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) kind: FileKind,
    pub(crate) columns: &'a Columns,
    pub(crate) counts: &'a Counts,
    pub(crate) set: &'a MappingSet,
    pub(crate) feed: &'a str,
    /// What the association is called in the records that tie people and offices to it.
    pub(crate) association: &'a str,
}

/// A text as TOML quotes it; its escapes are those of JSON.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text has a form in JSON").replace('\u{7f}', "\\u007f")
}

impl Plan<'_> {
    /// The mapping file that says it (`docs/reference/mapping-file.md`).
    pub(crate) fn mapping(&self) -> String {
        let (resource, tie, key, status, tie_status) = match self.kind {
            FileKind::Agent => {
                ("Member", "MemberAssociation", "MemberKey", "MemberStatus", "MemberAssociationStatus")
            }
            FileKind::Office => {
                ("Office", "OfficeAssociation", "OfficeKey", "OfficeStatus", "OfficeAssociationStatus")
            }
        };
        let name = format!("{} file by {}", self.kind.name(), self.set.id);
        let id = self.columns.parts.get("id").map_or("", String::as_str);
        let template = quoted(&format!("{{feed}}-{{{id}}}"));
        let dropped = self.dropped();
        let mut out =
            format!("name = {}\nfeed = {}\nunknown_columns = \"ignore\"\n", quoted(&name), quoted(self.feed));
        let _ =
            write!(out, "\n[[record]]\nresource = \"{resource}\"\nkey = {template}\ndrop_if = {dropped}\n");
        out.push_str("[record.fields]\n");
        for (field, heading) in &self.columns.fields {
            let _ = writeln!(out, "{field} = {}", self.source(field, heading));
        }
        if let Some(office) = self.columns.fields.get("OfficeMlsId").filter(|_| self.kind == FileKind::Agent)
            && !office.contains(['{', '}'])
        {
            let _ =
                writeln!(out, "OfficeKey = {{ template = {} }}", quoted(&format!("{{feed}}-{{{office}}}")));
        }
        // What ties it to the association, with the same status.
        let _ = write!(out, "\n[[record]]\nresource = \"{tie}\"\ndrop_if = {dropped}\n[record.fields]\n");
        let _ = writeln!(out, "{key} = {{ template = {template} }}");
        let _ = writeln!(out, "AssociationKey = {{ constant = {} }}", quoted(self.association));
        if let Some(heading) = self.columns.fields.get(status) {
            let _ = writeln!(out, "{tie_status} = {}", self.source(status, heading));
        }
        out
    }

    /// Where a field comes from: mapped words through the mapping, everything else as it stands, where it can be
    /// kept.
    fn source(&self, field: &str, heading: &str) -> String {
        let column = quoted(heading);
        let part = self.columns.parts.iter().find(|(_, of)| of.as_str() == heading).map(|(part, _)| *part);
        let category = part.and_then(|part| category(self.kind, part)).filter(|_| is_mapped(field));
        let Some(category) = category else {
            let on_fault = if part == Some("id") { "refuse" } else { "leave out" };
            return format!("{{ column = {column}, on_fault = \"{on_fault}\" }}");
        };
        let words = self.counts.get(&category).into_iter().flatten().filter_map(|(value, _)| {
            let entry = self.set.of_value(category, value)?;
            Some(format!("{} = {}", quoted(value), quoted(&entry.display_value)))
        });
        let words = words.collect::<Vec<_>>().join(", ");
        format!("{{ column = {column}, map = {{ {words} }} }}")
    }

    /// The rows that stay outside: those with a word that has no mapping, and those without a status.
    fn dropped(&self) -> String {
        let conditions = self.columns.parts.iter().filter_map(|(part, heading)| {
            let category = category(self.kind, part)?;
            let unknown = self.counts.get(&category).into_iter().flatten();
            let mut words: Vec<String> = unknown
                .filter(|(value, _)| self.set.of_value(category, value).is_none())
                .map(|(value, _)| quoted(value))
                .collect();
            if category == Category::Status {
                words.push(quoted(""));
            }
            let condition = format!("{{ column = {}, is = [{}] }}", quoted(heading), words.join(", "));
            (!words.is_empty()).then_some(condition)
        });
        format!("[{}]", conditions.collect::<Vec<_>>().join(", "))
    }
}

/// Whether a field holds mapped words: a status that plays no part in the file does not.
fn is_mapped(field: &str) -> bool {
    matches!(field, "MemberStatus" | "MemberMlsSecurityClass" | "MemberType" | "OfficeStatus" | "OfficeType")
}
