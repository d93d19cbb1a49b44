//! Members and offices of the crowd, each a function of its number.

use dictionary::{Record, Text, Timestamp};

use super::Crowd;
use crate::calendar::plus_days;
use crate::parties::Party;
use crate::{Dice, names};

/// Members of one office.
pub(super) const OFFICE_MEMBERS: u64 = 12;
/// Listings for each member.
pub(super) const MEMBER_LISTINGS: u64 = 25;

pub(super) const ASSOCIATION: &str = "Crowd Association of REALTORS";
const SYSTEM: &str = "Crowd (Freehold sample data)";

impl Crowd {
    /// What the member of this number writes under a listing.
    pub(super) fn party(&self, member: u64) -> Party {
        let office = member / OFFICE_MEMBERS;
        let mut dice = Dice::at(self.seed ^ 0x3e3, member);
        let (first, last) = names::person(&mut dice);
        let mut house = Dice::at(self.seed ^ 0x0ff, office);
        let (_, firm) = names::person(&mut house);
        Party {
            agent_key: Text::from(format!("CRM{member}")),
            agent_mls_id: Text::from(member.to_string()),
            national_id: Text::from(format!("{:09}", 700_000_000 + member % 99_999_999)),
            first,
            last,
            full: Text::from(format!("{first} {last}")),
            email: Text::from(format!("agent{member}@office{office}.example")),
            phone: Text::from(format!("{}-555-01{:02}", 201 + office % 700, dice.below(100))),
            license: Text::from(format!("L-{}", 1_000_000 + member)),
            association: ASSOCIATION,
            office_key: Text::from(format!("CRO{office}")),
            office_mls_id: Text::from(office.to_string()),
            office_name: Text::from(format!("{firm} Realty {office}")),
            office_phone: Text::from(format!("{}-555-01{:02}", 201 + office % 700, house.below(100))),
        }
    }

    fn entered(&self, dice: &mut Dice) -> Timestamp {
        let day = plus_days(self.today, -dice.between(30, 4_000));
        Self::instant(day, dice)
    }

    pub(super) fn write_member(&self, index: u64) -> Record {
        let party = self.party(index);
        let mut dice = Dice::at(self.seed ^ 0x3e4, index);
        let place = self.office_place(index / OFFICE_MEMBERS);
        let mut draft = self.member.draft(36);
        draft.put("MemberKey", party.agent_key.clone()).put("MemberMlsId", party.agent_mls_id);
        draft.put("MemberNationalAssociationId", party.national_id).put("MemberFullName", party.full);
        draft.word("MemberFirstName", party.first).word("MemberLastName", party.last);
        draft.put("MemberEmail", party.email).put("MemberDirectPhone", party.phone.clone());
        draft.put("MemberPreferredPhone", party.phone).put("MemberStateLicense", party.license);
        draft.put("MemberStateLicenseState", place.state.clone()).word("MemberStatus", "Active");
        draft
            .word("MemberType", "REALTOR Salesperson")
            .word("MemberAOR", ASSOCIATION)
            .put("MemberMlsAccessYN", true);
        draft.put("OfficeKey", party.office_key).put("OfficeMlsId", party.office_mls_id);
        draft.put("OfficeName", party.office_name).put("MemberOfficePhone", party.office_phone);
        draft.put("MemberCity", place.city.clone()).put("MemberPostalCode", place.zip.clone());
        draft.put("MemberStateOrProvince", place.state.clone()).word("MemberCountry", "US");
        draft.word("OriginatingSystemName", SYSTEM).put("OriginatingSystemMemberKey", party.agent_key);
        let at = self.entered(&mut dice);
        draft.put("OriginalEntryTimestamp", at).put("ModificationTimestamp", at);
        draft.done()
    }

    pub(super) fn write_office(&self, index: u64) -> Record {
        let broker = self.party(index * OFFICE_MEMBERS);
        let mut dice = Dice::at(self.seed ^ 0x0fe, index);
        let place = self.office_place(index);
        let mut draft = self.office.draft(30);
        draft.put("OfficeKey", broker.office_key.clone()).put("OfficeMlsId", broker.office_mls_id.clone());
        draft.put("OfficeName", broker.office_name).put("OfficePhone", broker.office_phone);
        draft.put("OfficeBrokerKey", broker.agent_key).put("OfficeBrokerMlsId", broker.agent_mls_id);
        draft.put("MainOfficeKey", broker.office_key.clone()).put("MainOfficeMlsId", broker.office_mls_id);
        draft
            .word("OfficeStatus", "Active")
            .word("OfficeType", "Realtor Office")
            .word("OfficeAOR", ASSOCIATION);
        draft.put("OfficeEmail", format!("desk@office{index}.example"));
        draft.put("OfficeAddress1", format!("{} Main St", dice.between(1, 9_999)));
        draft.put("OfficeCity", place.city.clone()).put("OfficePostalCode", place.zip.clone());
        draft
            .put("OfficeStateOrProvince", place.state.clone())
            .put("OfficeCountyOrParish", place.county.clone());
        draft.word("OfficeCountry", "US").put("IDXOfficeParticipationYN", true);
        draft.word("OriginatingSystemName", SYSTEM).put("OriginatingSystemOfficeKey", broker.office_key);
        let at = self.entered(&mut dice);
        draft.put("OriginalEntryTimestamp", at).put("ModificationTimestamp", at);
        draft.done()
    }
}
