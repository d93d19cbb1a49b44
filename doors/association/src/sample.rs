//! The associations that the source document lists, as sample data: what it knew on one day, and no more.

/// The list, a name a line.
const LIST: &str = include_str!("sample.txt");

/// An association of the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SampleAssociation {
    /// TenantId
    pub id: &'static str,
    /// TenantName
    pub name: &'static str,
}

/// The day on which the list was right: TenantAsOfDate. Region codes stand in no list and are to be filled in.
pub const SAMPLE_AS_OF: &str = "2024-06-04";

/// The nine associations (AMS-044).
pub fn sample_associations() -> impl Iterator<Item = SampleAssociation> {
    LIST.lines().filter_map(|line| {
        let (id, name) = line.split_once('\t')?;
        Some(SampleAssociation { id, name })
    })
}
