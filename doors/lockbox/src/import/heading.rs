//! What a heading means (LBX-001): the dictionary's own names in any case, the seed's misspelt ones, what people
//! write instead, and a tenant's own.

use std::collections::HashMap;

use dictionary::{FieldId, Resource, Text};

use super::part::Part;

/// Where a cell goes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Target {
    /// Into a field of the part's resource.
    Field(FieldId),
    /// Whether the lockbox's website is the member's to use.
    LockboxStatus,
    /// Whether the showing service is (SKSS).
    ShowingStatus,
    /// What identifies a listing's photos (LBX-020).
    PhotoKey,
}

/// Headings that are no field's name, without anything but letters and digits, and the field that is meant.
const OFFICES: [(&str, &str); 6] = [
    ("uniqueid", "OfficeMlsId"),
    ("officeid", "OfficeMlsId"),
    ("companyname", "OfficeName"),
    ("officephonenumber", "OfficePhone"),
    ("status", "OfficeStatus"),
    ("officezip", "OfficePostalCode"),
];
const MEMBERS: [(&str, &str); 18] = [
    ("uniqueid", "MemberMlsId"),
    ("userid", "MemberMlsId"),
    ("memberstatelicence", "MemberStateLicense"),
    ("realestatelicensenumber", "MemberStateLicense"),
    ("memberstatusfield", "MemberStatus"),
    ("accountstatus", "MemberStatus"),
    ("status", "MemberStatus"),
    ("nrds", "MemberNationalAssociationId"),
    ("nrdsid", "MemberNationalAssociationId"),
    ("nrdsnafnumber", "MemberNationalAssociationId"),
    ("type", "MemberType"),
    ("usertype", "MemberType"),
    ("username", "MemberLoginId"),
    ("firstname", "MemberFirstName"),
    ("lastname", "MemberLastName"),
    ("emailaddress", "MemberEmail"),
    ("cellnumber", "MemberMobilePhone"),
    ("officeuniqueid", "OfficeMlsId"),
];
const LISTINGS: [(&str, &str); 8] = [
    ("mlsnumber", "ListingId"),
    ("countyorpaish", "CountyOrParish"),
    ("subdivision", "SubdivisionName"),
    ("neighborhood", "SubdivisionName"),
    ("photocount", "PhotosCount"),
    ("squarefootage", "LivingArea"),
    ("saleprice", "ClosePrice"),
    ("listingstatus", "MlsStatus"),
];

/// What the headings of a file mean, each; none is passed over.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Headings {
    pub(crate) part: Part,
    pub(crate) names: Vec<String>,
    pub(crate) targets: Vec<Option<Target>>,
}

impl Headings {
    /// Reads headings; `own` are the tenant's: a heading, squeezed, and a field.
    pub(crate) fn read(
        part: Part,
        names: &[String],
        own: &HashMap<String, Text>,
        resource: &Resource,
    ) -> Self {
        let by_name: HashMap<String, FieldId> =
            resource.each().map(|(id, field)| (squeezed(&field.name), id)).collect();
        let targets = names.iter().map(|name| target(part, name, own, resource, &by_name)).collect();
        Self { part, names: names.to_vec(), targets }
    }

    /// The fields that the file has columns for: what they do not say is taken away, what has no column stays.
    pub(crate) fn fields(&self) -> Vec<FieldId> {
        let field = |target: &Option<Target>| match target {
            Some(Target::Field(id)) => Some(*id),
            _ => None,
        };
        let mut fields: Vec<FieldId> = self.targets.iter().filter_map(field).collect();
        fields.sort_unstable();
        fields.dedup();
        fields
    }

    /// Whether there is a column for it.
    pub(crate) fn has(&self, target: Target) -> bool {
        self.targets.contains(&Some(target))
    }

    /// Headings that mean nothing here.
    pub(crate) fn unknown(&self) -> impl Iterator<Item = &str> {
        self.names
            .iter()
            .zip(&self.targets)
            .filter(|(_, target)| target.is_none())
            .map(|(name, _)| name.as_str())
    }
}

fn target(
    part: Part,
    heading: &str,
    own: &HashMap<String, Text>,
    resource: &Resource,
    by_name: &HashMap<String, FieldId>,
) -> Option<Target> {
    let plain = squeezed(heading);
    let table: &[(&str, &str)] = match part {
        Part::Offices => &OFFICES,
        Part::Members => &MEMBERS,
        Part::Listings => &LISTINGS,
    };
    let plain = match own.get(&plain) {
        Some(field) => squeezed(field),
        None => plain,
    };
    match (part, plain.as_str()) {
        (Part::Members, "lockboxservicestatus") => return Some(Target::LockboxStatus),
        (Part::Members, "skssstatus" | "showingservicestatus") => return Some(Target::ShowingStatus),
        (Part::Listings, "listingkey" | "listingkeynumeric") => return Some(Target::PhotoKey),
        _ => {}
    }
    let known = by_name.get(&plain).copied();
    let meant = || resource.find(table.iter().find(|(name, _)| *name == plain)?.1);
    let id = known.or_else(meant)?;
    let field = resource.field(id);
    // When this installation wrote a record, its own log says.
    let ours = Some(id) == resource.timestamp || field.name == "OriginalEntryTimestamp";
    // Another system's keys lead to its own records: ours are found by ids (LBX-011).
    let foreign = field.key
        || (field.name.ends_with("Key")
            && !field.name.starts_with("OriginatingSystem")
            && !field.name.starts_with("SourceSystem"));
    (!ours && !foreign).then_some(Target::Field(id))
}

/// Letters and digits alone, in small letters: `SKSS Status` and `SKSS_STATUS` are one.
pub(crate) fn squeezed(heading: &str) -> String {
    heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use dictionary::{Dictionary, Version};

    use super::*;

    /// LBX-001: every heading of the seed is known as it stands there, in any case, misspelt or not.
    #[test]
    fn lbx_001_the_seeds_headings_are_known_as_they_are_written() {
        let words = Dictionary::standard(Version::V2_1);
        let check = |part: Part, heading: &str, expect: &str| {
            let resource = words.known(part.resource());
            let own = HashMap::from([("agentnumber".to_owned(), Text::new("MemberMlsId"))]);
            let read = Headings::read(part, &[heading.to_owned()], &own, resource);
            let told = match read.targets[0] {
                Some(Target::Field(id)) => resource.field(id).name.to_string(),
                other => format!("{other:?}"),
            };
            assert_eq!(told, expect, "{heading}");
        };
        for name in [
            "OfficeMlsId",
            "OfficeName",
            "OfficePhone",
            "OfficeAddress1",
            "OfficeAddress2",
            "OfficeCity",
            "OfficeStateOrProvince",
            "OfficePostalCode",
            "OfficeStatus",
        ] {
            check(Part::Offices, &name.to_uppercase(), name);
            check(Part::Offices, &name.to_lowercase(), name);
        }
        for name in [
            "MemberMlsId",
            "MemberNationalAssociationId",
            "MemberType",
            "MemberFirstName",
            "MemberLastName",
            "MemberOfficePhone",
            "MemberMobilePhone",
            "MemberEmail",
            "OfficeMlsId",
        ] {
            check(Part::Members, &name.to_uppercase(), name);
        }
        for name in [
            "ListingId",
            "ListAgentMlsId",
            "CoListAgentMlsId",
            "StreetDirPrefix",
            "StreetNumber",
            "StreetName",
            "StreetSuffix",
            "UnitNumber",
            "City",
            "StateOrProvince",
            "PostalCode",
            "Country",
            "Township",
            "ListPrice",
            "MlsStatus",
            "ClosePrice",
            "BedroomsTotal",
            "BathroomsFull",
            "BathroomsHalf",
            "LivingArea",
            "HighSchoolDistrict",
            "ShowingInstructions",
            "OnMarketDate",
            "OffMarketDate",
            "PriceChangeTimestamp",
            "YearBuilt",
            "Longitude",
            "Latitude",
            "DaysOnMarket",
            "CumulativeDaysOnMarket",
            "PhotosChangeTimestamp",
        ] {
            check(Part::Listings, &name.to_uppercase(), name);
        }
        check(Part::Members, "MEMBERSTATELICENCE", "MemberStateLicense");
        check(Part::Members, "MEMBERSTATUSFIELD", "MemberStatus");
        check(Part::Members, "SKSS Status", "Some(ShowingStatus)");
        check(Part::Members, "Lockbox Service Status", "Some(LockboxStatus)");
        check(Part::Members, "Agent Number", "MemberMlsId");
        check(Part::Listings, "COUNTYORPAISH", "CountyOrParish");
        check(Part::Listings, "SUBDIVISION", "SubdivisionName");
        check(Part::Listings, "PHOTOCOUNT", "PhotosCount");
        check(Part::Listings, "LISTINGKEYNUMERIC", "Some(PhotoKey)");
        check(Part::Listings, "ListingKey", "Some(PhotoKey)");
        check(Part::Listings, "MODIFICATIONTIMESTAMP", "None");
        check(Part::Listings, "ListAgentKey", "None");
        check(Part::Offices, "Agent Number", "None");
    }
}
