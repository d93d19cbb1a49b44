//! The fields that the door itself asks by, bound to one dictionary.

use dictionary::{Dictionary, FieldId, LinkId, Resource, ResourceId};

use crate::request::Member;

/// Fields by what they are for.
pub(crate) struct Bound {
    pub(crate) property: ResourceId,
    pub(crate) open_house: ResourceId,
    pub(crate) listing_id: FieldId,
    pub(crate) place: FieldId,
    pub(crate) remarks: FieldId,
    pub(crate) address: FieldId,
    pub(crate) address_shown: FieldId,
    pub(crate) standard_status: FieldId,
    pub(crate) close_date: FieldId,
    pub(crate) summed: Summed,
    pub(crate) agent: PersonFields,
    pub(crate) office_of: PersonFields,
    pub(crate) open: OpenHouseFields,
    /// The sources of each text member, the first that has a value counts.
    members: Vec<(Member, Vec<FieldId>)>,
}

/// What agents and offices are asked by.
#[derive(Clone, Copy)]
pub(crate) struct PersonFields {
    pub(crate) id: FieldId,
    pub(crate) office: FieldId,
}

/// What sums are made of.
pub(crate) struct Summed {
    pub(crate) city: FieldId,
    pub(crate) zip: FieldId,
    pub(crate) beds: FieldId,
    pub(crate) list_price: FieldId,
    pub(crate) close_price: FieldId,
    pub(crate) area: FieldId,
    pub(crate) days: FieldId,
    pub(crate) listed: FieldId,
    /// What is suggested, by the name it is told under.
    pub(crate) suggested: [(&'static str, FieldId); 7],
}

/// What open houses are asked by.
pub(crate) struct OpenHouseFields {
    pub(crate) start: FieldId,
    pub(crate) end: FieldId,
    pub(crate) listing: LinkId,
}

impl Bound {
    /// Binds to `dictionary`, whose built-in tables have every field that is named here.
    pub(crate) fn new(dictionary: &Dictionary) -> Self {
        let [property, member, office, open_house] =
            ["Property", "Member", "Office", "OpenHouse"].map(|name| dictionary.known(name));
        let own = |name: &str| field(property, name);
        let sources = |names: &[&str]| names.iter().map(|name| own(name)).collect();
        Self {
            property: property.id,
            open_house: open_house.id,
            listing_id: own("ListingId"),
            place: own("Coordinates"),
            remarks: own("PublicRemarks"),
            address: own("UnparsedAddress"),
            address_shown: own("InternetAddressDisplayYN"),
            standard_status: own("StandardStatus"),
            close_date: own("CloseDate"),
            summed: Summed {
                city: own("City"),
                zip: own("PostalCode"),
                beds: own("BedroomsTotal"),
                list_price: own("ListPrice"),
                close_price: own("ClosePrice"),
                area: own("LivingArea"),
                days: own("DaysOnMarket"),
                listed: own("ListingContractDate"),
                suggested: [
                    ("City", own("City")),
                    ("Zip", own("PostalCode")),
                    ("Subdivision", own("SubdivisionName")),
                    ("SchoolDistrict", own("HighSchoolDistrict")),
                    ("School", own("HighSchool")),
                    ("ListingId", own("ListingId")),
                    ("Address", own("UnparsedAddress")),
                ],
            },
            agent: PersonFields { id: field(member, "MemberMlsId"), office: field(member, "OfficeMlsId") },
            office_of: PersonFields {
                id: field(office, "OfficeMlsId"),
                office: field(office, "OfficeMlsId"),
            },
            open: OpenHouseFields {
                start: field(open_house, "OpenHouseStartTime"),
                end: field(open_house, "OpenHouseEndTime"),
                listing: open_house.find_link("Listing").expect("OpenHouse links to its Listing"),
            },
            members: vec![
                (Member::AgentId, sources(&["ListAgentMlsId"])),
                (Member::OfficeId, sources(&["ListOfficeMlsId"])),
                (
                    Member::SchoolDistrict,
                    sources(&[
                        "HighSchoolDistrict",
                        "ElementarySchoolDistrict",
                        "MiddleOrJuniorSchoolDistrict",
                    ]),
                ),
                (Member::Subdivision, sources(&["SubdivisionName"])),
                (Member::Neighborhood, sources(&["SubdivisionName", "MLSAreaMinor"])),
                (Member::City, sources(&["City", "PostalCity"])),
                (Member::State, sources(&["StateOrProvince"])),
                (Member::Zip, sources(&["PostalCode"])),
            ],
        }
    }

    /// Where a text member comes from, the first source that has a value counts.
    pub(crate) fn sources(&self, member: Member) -> &[FieldId] {
        self.members.iter().find(|(known, _)| *known == member).map_or(&[], |(_, sources)| sources)
    }
}

fn field(of: &Resource, name: &str) -> FieldId {
    of.find(name).unwrap_or_else(|| panic!("the dictionary has no {}.{name}", of.name))
}
