//! What leaves: a contact with the vendor's codes in the place of the association's words.

use dictionary::{Dictionary, Record, Text, Value};

use super::{Category, MappingSet};

/// The fields of contacts that hold mapped words; of those with `true` a contact needs one.
const FIELDS: [(&str, &str, Category, bool); 7] = [
    ("Member", "MemberStatus", Category::Status, true),
    ("Member", "MemberMlsSecurityClass", Category::UserClass, false),
    ("Member", "MemberType", Category::AgentType, false),
    ("Office", "OfficeStatus", Category::Status, true),
    ("Office", "OfficeType", Category::OfficeType, false),
    ("MemberAssociation", "MemberAssociationStatus", Category::Status, false),
    ("OfficeAssociation", "OfficeAssociationStatus", Category::Status, false),
];

/// Why a contact stays here: every word of it that has no mapping.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    /// What is missing, in the order of the fields; never empty.
    pub unmapped: Vec<Unmapped>,
}

/// A word without a mapping.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Unmapped {
    /// The field that holds it.
    pub field: &'static str,
    /// What it is a value of.
    pub category: Category,
    /// The word; none where the contact has none and needs one.
    pub value: Option<Text>,
}

impl std::fmt::Display for Unmapped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.value {
            Some(value) => write!(f, "{} {value:?} of {} has no mapping", self.category.name(), self.field),
            None => write!(f, "{} is missing", self.field),
        }
    }
}

/// The contact (Member, Office, MemberAssociation, OfficeAssociation) as the vendor reads it: each mapped
/// field holds its vendor code, everything else is as it was (AMS-034). Other resources have no mapped
/// fields and leave as they are.
///
/// # Errors
/// Every word that has no mapping: only mapped values leave.
pub fn convert(dictionary: &Dictionary, contact: &Record, set: &MappingSet) -> Result<Record, Held> {
    let own = dictionary.resource(contact.resource());
    let mut converted = contact.clone();
    let mut unmapped = Vec::new();
    for (resource, field, category, needed) in FIELDS {
        let Some(id) = own.find(field).filter(|_| own.name == resource) else { continue };
        let kept = contact.get(id).and_then(Value::as_text);
        match kept.map(|kept| set.of_kept(category, kept).ok_or(kept)) {
            Some(Ok(entry)) => drop(converted.set(id, entry.vendor_code.clone())),
            Some(Err(word)) => unmapped.push(Unmapped { field, category, value: Some(Text::new(word)) }),
            None if needed => unmapped.push(Unmapped { field, category, value: None }),
            None => {}
        }
    }
    if unmapped.is_empty() { Ok(converted) } else { Err(Held { unmapped }) }
}

#[cfg(test)]
mod tests {
    use dictionary::{Named, Version, named};

    use super::*;
    use crate::conversion::Entry;

    fn set(lines: &[(Category, &str, &str, &str)]) -> MappingSet {
        let entry = |(category, value, display, code): &(Category, &str, &str, &str)| Entry {
            category: *category,
            value: (*value).to_owned(),
            display_value: (*display).to_owned(),
            vendor_code: (*code).to_owned(),
        };
        MappingSet::new("t.mls.1".into(), 1, lines.iter().map(entry).collect())
    }

    /// AMS-034: only mapped values leave; what has none holds the contact and says which.
    #[test]
    fn ams_034_only_mapped_values_leave() {
        use Category::{AgentType, OfficeType, Status, UserClass};
        let dictionary = Dictionary::standard(Version::V2_1);
        let set = set(&[
            (Status, "A", "Active", "ACT"),
            (Status, "S", "Suspended", "SUS"),
            (UserClass, "1", "Agent", "AGT"),
            (AgentType, "RS", "REALTOR Salesperson", "SALES"),
            (OfficeType, "M", "Realtor Firm", "MAIN"),
        ]);
        let check = |resource: &str, words: &[(&str, &str)], expect: &str| {
            let own = dictionary.known(resource);
            let contact = named(own, words.iter().map(|(name, word)| (*name, Some((*word).into()))));
            let told = match convert(&dictionary, &contact, &set) {
                Ok(record) => words
                    .iter()
                    .map(|(name, _)| Named { own, record: &record }.text(name).unwrap().to_string())
                    .collect::<Vec<_>>()
                    .join(" "),
                Err(held) => held.unmapped.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
            };
            assert_eq!(told, expect, "{resource} {words:?}");
        };
        check("Member", &[("MemberStatus", "Active")], "ACT");
        check("Member", &[("MemberStatus", "active ")], "ACT");
        check("Member", &[("MemberStatus", "A")], "ACT");
        check("Member", &[("MemberStatus", "Active"), ("MemberLastName", "Active")], "ACT Active");
        check(
            "Member",
            &[("MemberStatus", "Suspended"), ("MemberMlsSecurityClass", "Agent"), ("MemberType", "RS")],
            "SUS AGT SALES",
        );
        check("Member", &[("MemberStatus", "Lost")], "status \"Lost\" of MemberStatus has no mapping");
        check("Member", &[("MemberLastName", "Ann")], "MemberStatus is missing");
        check(
            "Member",
            &[("MemberStatus", "Lost"), ("MemberMlsSecurityClass", "9")],
            "status \"Lost\" of MemberStatus has no mapping; \
             userClass \"9\" of MemberMlsSecurityClass has no mapping",
        );
        // A user class is no status, though the word is known there.
        check("Member", &[("MemberStatus", "Agent")], "status \"Agent\" of MemberStatus has no mapping");
        check("Office", &[("OfficeStatus", "Active"), ("OfficeType", "Realtor Firm")], "ACT MAIN");
        check("Office", &[("OfficeName", "One")], "OfficeStatus is missing");
        check("MemberAssociation", &[("MemberAssociationStatus", "Suspended")], "SUS");
        check("MemberAssociation", &[("MemberKey", "1")], "1");
        check(
            "OfficeAssociation",
            &[("OfficeAssociationStatus", "?")],
            "status \"?\" of OfficeAssociationStatus has no mapping",
        );
        check("Property", &[("StandardStatus", "Active")], "Active");
    }
}
