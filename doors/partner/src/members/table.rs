//! The table of members as it is written, `data/members.tsv`: one line a member.

use super::class::{Class, ClassType};

const MEMBERS: &str = include_str!("../../data/members.tsv");

/// When a member is held back although its fields are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Held {
    #[default]
    No,
    /// Where the address is not shown (PAR-202).
    Address,
    /// Where the place is not shown on a map (PAR-202).
    Map,
    /// Always: what is paid to whom (PAR-302).
    Always,
}

/// One line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) class: Class,
    pub(crate) name: &'static str,
    pub(crate) ty: ClassType,
    pub(crate) rule: &'static str,
    pub(crate) from: &'static str,
    pub(crate) held: Held,
}

impl Line {
    fn read(line: &'static str) -> Option<Self> {
        let cells: Vec<&str> = line.split('\t').collect();
        let [class, name, ty, rule, from, held, _note] = cells[..] else { return None };
        let held = match held {
            "" => Held::No,
            "address" => Held::Address,
            "map" => Held::Map,
            "never" => Held::Always,
            _ => return None,
        };
        Some(Self { class: Class::find(class)?, name, ty: ClassType::read(ty)?, rule, from, held })
    }
}

/// Every line, in the order of the classes and of their members.
pub(crate) fn lines() -> impl Iterator<Item = Line> {
    rows(MEMBERS).map(|line| Line::read(line).unwrap_or_else(|| panic!("members.tsv: {line:?}")))
}

/// The lines of a table but for its comments and its heading.
pub(super) fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).skip(1)
}
