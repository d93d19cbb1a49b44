//! Associations, offices, members and teams as records.

use dictionary::{Date, Record, Text, Timestamp};

use super::people::{ASSOCIATIONS, Agent};
use super::{KingCounty, SYSTEM};
use crate::Dice;
use crate::calendar::{instant, plus_days};

/// Every so manieth office has a team, of its first three members.
const OFFICES_A_TEAM: usize = 12;

impl KingCounty {
    /// The MLS, associations, offices, members, their memberships, teams and who is in them.
    pub(super) fn people_records(&self) -> Vec<Record> {
        let mut records = vec![self.organization()];
        records.extend(ASSOCIATIONS.iter().map(|one| self.association(*one)));
        records.extend((0..self.people.offices.len()).map(|at| self.office(at)));
        records.extend((0..self.people.agents.len()).map(|at| self.member(at)));
        records.extend((0..self.people.agents.len()).map(|at| self.membership(at)));
        for office in (0..self.people.offices.len()).step_by(OFFICES_A_TEAM) {
            self.team(office, &mut records);
        }
        records
    }

    /// The office whose team this agent belongs to.
    pub(super) fn team_of(&self, agent: usize) -> Option<usize> {
        let office = self.people.agents[agent].office;
        let members = &self.people.offices[office].members;
        (office.is_multiple_of(OFFICES_A_TEAM) && agent < members.start + 3).then_some(office)
    }

    /// When somebody or something came, some years ago.
    fn since(&self, name: &str) -> (Date, Timestamp) {
        let mut dice = Dice::of(self.setting.seed ^ 0x51ce, name);
        let day = plus_days(self.today, -dice.between(200, 7_000));
        (day, instant(&self.zone, day, dice.between(9 * 3_600, 17 * 3_600)))
    }

    /// When it last changed: within the last year.
    fn changed(&self, name: &str) -> Timestamp {
        let mut dice = Dice::of(self.setting.seed ^ 0xc4a9, name);
        instant(&self.zone, plus_days(self.today, -dice.between(1, 190)), dice.between(8 * 3_600, 18 * 3_600))
    }

    fn organization(&self) -> Record {
        let mut draft = self.shapes.organization.draft(16);
        draft
            .word("OrganizationUniqueIdKey", super::SYSTEM_ID)
            .word("OrganizationUniqueId", super::SYSTEM_ID);
        draft.word("OrganizationName", SYSTEM).word("OrganizationMlsCode", super::FEED);
        draft.word("OrganizationType", "MLS").put("OrganizationStatus", true);
        draft.word("OrganizationCity", "Seattle").word("OrganizationStateOrProvince", "WA");
        draft.word("OrganizationCountry", "US").word("OrganizationContactEmail", "support@nwmls.example");
        draft.put(
            "OrganizationMemberCount",
            self.people.agents.iter().filter(|agent| agent.active).count() as i64,
        );
        let at = self.since(super::SYSTEM_ID).1;
        draft.put("OriginalEntryTimestamp", at).put("ModificationTimestamp", self.changed(super::SYSTEM_ID));
        draft.done()
    }

    fn association(
        &self,
        (key, number, name, city): (&'static str, &'static str, &'static str, &'static str),
    ) -> Record {
        let mut draft = self.shapes.association.draft(20);
        draft.word("AssociationKey", key).word("AssociationMlsId", key).word("AssociationName", name);
        draft.word("AssociationNationalAssociationId", number);
        draft.word("AssociationStatus", "Active").word("AssociationType", "Local");
        draft
            .word("AssociationCity", city)
            .word("AssociationStateOrProvince", "WA")
            .word("AssociationCountry", "US");
        draft.word("AssociationPhone", "206-555-0100").word("OriginatingSystemName", SYSTEM);
        let (day, at) = self.since(key);
        draft.put("AssociationCharterDate", plus_days(day, -20_000));
        draft.put("OriginalEntryTimestamp", at).put("ModificationTimestamp", self.changed(key));
        draft.done()
    }

    fn office(&self, at: usize) -> Record {
        let office = &self.people.offices[at];
        let main = &self.people.offices[office.main];
        let broker = &self.people.agents[office.members.start];
        let (kind, branch) = match (office.main == at, office.branches) {
            (true, 0) => ("Realtor Office", "Stand Alone"),
            (true, _) => ("Realtor Firm", "Main"),
            (false, _) => ("Realtor Branch Office", "Branch"),
        };
        let mut draft = self.shapes.office.draft(48);
        draft.put("OfficeKey", office.key.clone()).put("OfficeMlsId", office.mls_id.clone());
        draft
            .put("OfficeName", office.name.clone())
            .put("OfficeNationalAssociationId", office.national_id.clone());
        draft.word("OfficeStatus", "Active").word("OfficeType", kind).word("OfficeBranchType", branch);
        draft.put("MainOfficeKey", main.key.clone()).put("MainOfficeMlsId", main.mls_id.clone());
        draft.put("NumberOfBranches", office.branches);
        draft.put("OfficeBrokerKey", broker.key.clone()).put("OfficeBrokerMlsId", broker.mls_id.clone());
        draft.put("OfficeBrokerNationalAssociationId", broker.national_id.clone());
        draft.put("OfficeManagerKey", broker.key.clone()).put("OfficeManagerMlsId", broker.mls_id.clone());
        draft
            .put("OfficePhone", office.phone.clone())
            .put("OfficeEmail", format!("office@{}", office.domain));
        let place = &self.places[office.place];
        draft
            .put("OfficeAddress1", format!("{} Main St", 100 + at * 3))
            .put("OfficeCity", place.city.clone());
        draft.put("OfficeStateOrProvince", place.state.clone()).put("OfficePostalCode", place.zip.clone());
        draft.put("OfficeCountyOrParish", place.county.clone()).word("OfficeCountry", "US");
        let (key, number, name, _) = ASSOCIATIONS[office.association];
        draft.word("OfficeAOR", name).word("OfficeAORkey", key).word("OfficeAORMlsId", key);
        draft.word("OfficePrimaryAorId", number).word("OfficePrimaryStateOrProvince", "WA");
        draft.put("OfficeCorporateLicense", format!("WA-{}", 9_000_000 + at * 11));
        draft.put("IDXOfficeParticipationYN", true).put("VirtualOfficeWebsiteYN", at.is_multiple_of(3));
        draft.word("OriginatingSystemName", SYSTEM).put("OriginatingSystemOfficeKey", office.key.clone());
        draft.put("OriginalEntryTimestamp", self.since(&office.key).1);
        draft.put("ModificationTimestamp", self.changed(&office.key));
        draft.done()
    }

    fn member(&self, at: usize) -> Record {
        let agent = &self.people.agents[at];
        let office = &self.people.offices[agent.office];
        let (key, number, name, _) = ASSOCIATIONS[office.association];
        let mut dice = Dice::of(self.setting.seed ^ 0x3e3b, &agent.key);
        let mut draft = self.shapes.member.draft(56);
        draft.put("MemberKey", agent.key.clone()).put("MemberMlsId", agent.mls_id.clone());
        draft.put("MemberNationalAssociationId", agent.national_id.clone());
        draft.word("MemberFirstName", agent.first).word("MemberLastName", agent.last);
        draft.put("MemberFullName", agent.full.clone()).put("MemberEmail", agent.email.clone());
        draft.put("MemberLoginId", agent.mls_id.clone());
        draft.put("MemberDirectPhone", agent.phone.clone()).put("MemberPreferredPhone", agent.phone.clone());
        draft.put("MemberMobilePhone", agent.mobile.clone()).put("MemberOfficePhone", office.phone.clone());
        draft.put("MemberStateLicense", agent.license.clone()).word("MemberStateLicenseState", "WA");
        let renewal =
            plus_days(self.today, if agent.active { dice.between(20, 700) } else { -dice.between(20, 400) });
        draft.put("MemberStateLicenseExpirationDate", renewal);
        draft.word("MemberStatus", if agent.active { "Active" } else { "Inactive" });
        draft.put("MemberMlsAccessYN", agent.active).word("MemberMlsSecurityClass", "Agent");
        let broker = at == office.members.start;
        let kind = if broker {
            "Designated REALTOR Participant"
        } else {
            dice.pick(&["REALTOR Salesperson", "REALTOR Salesperson", "REALTOR Broker Associate"])
        };
        draft.word("MemberType", kind).word("JobTitle", if broker { "Designated Broker" } else { "Broker" });
        draft.words(
            "MemberDesignation",
            match dice.below(6) {
                0 => &["Accredited Buyer's Representative / ABR"],
                1 => &["Certified Residential Specialist / CRS", "Graduate, REALTOR Institute / GRI"],
                2 => &["e-PRO"],
                _ => &[],
            },
        );
        draft.words(
            "MemberLanguages",
            match dice.below(5) {
                0 => &["English", "Spanish"],
                1 => &["English", "Mandarin"],
                2 => &["English", "Korean"],
                _ => &["English"],
            },
        );
        draft
            .word("MemberAOR", name)
            .word("MemberAORkey", key)
            .word("MemberAORMlsId", key)
            .word("MemberPrimaryAorId", number);
        draft.put("OfficeKey", office.key.clone()).put("OfficeMlsId", office.mls_id.clone());
        draft
            .put("OfficeName", office.name.clone())
            .put("OfficeNationalAssociationId", office.national_id.clone());
        let place = &self.places[office.place];
        draft.put("MemberCity", place.city.clone()).put("MemberPostalCode", place.zip.clone());
        draft.put("MemberStateOrProvince", place.state.clone()).word("MemberCountry", "US");
        draft.put("MemberCountyOrParish", place.county.clone());
        let (joined, at) = self.since(&agent.key);
        draft.put("MemberNationalAssociationEntryDate", joined).put("OriginalEntryTimestamp", at);
        draft.word("OriginatingSystemName", SYSTEM).put("OriginatingSystemMemberKey", agent.key.clone());
        draft.put("ModificationTimestamp", self.changed(&agent.key));
        draft.done()
    }

    fn membership(&self, at: usize) -> Record {
        let agent = &self.people.agents[at];
        let (key, number, ..) = ASSOCIATIONS[self.people.offices[agent.office].association];
        let (joined, entered) = self.since(&agent.key);
        let changed = self.changed(&agent.key);
        let mut draft = self.shapes.membership.draft(18);
        draft
            .word("AssociationKey", key)
            .word("AssociationMlsId", key)
            .word("AssociationNationalAssociationId", number);
        draft.put("MemberKey", agent.key.clone()).put("MemberMlsId", agent.mls_id.clone());
        draft.word("MemberAssociationStatus", if agent.active { "Active" } else { "Inactive" });
        draft.put("MemberAssociationJoinDate", joined).word("MemberAssociationPrimaryIndicator", "Primary");
        draft.word("MemberAssociationBillStatus", if agent.active { "Paid" } else { "Not Billed" });
        draft.put("AssociationStaffYN", false).word("OriginatingSystemName", SYSTEM);
        draft.put("MemberAssociationModificationDateTime", changed);
        draft.put("OriginalEntryTimestamp", entered).put("ModificationTimestamp", changed);
        draft.done()
    }

    fn team(&self, office: usize, records: &mut Vec<Record>) {
        let house = &self.people.offices[office];
        let lead = &self.people.agents[house.members.start];
        let (key, name) = team_name(self, office);
        let (_, at) = self.since(&key);
        let changed = self.changed(&key);
        let place = &self.places[house.place];
        let mut draft = self.shapes.team.draft(24);
        draft.put("TeamKey", key.clone()).put("TeamName", name).word("TeamStatus", "Active");
        draft.put("TeamLeadKey", lead.key.clone()).put("TeamLeadMlsId", lead.mls_id.clone());
        draft.put("TeamLeadNationalAssociationId", lead.national_id.clone());
        draft.put("TeamLeadStateLicense", lead.license.clone()).word("TeamLeadStateLicenseState", "WA");
        draft.put("TeamEmail", format!("team@{}", house.domain)).put("TeamOfficePhone", house.phone.clone());
        draft.put("TeamCity", place.city.clone()).put("TeamPostalCode", place.zip.clone());
        draft.put("TeamStateOrProvince", place.state.clone()).word("TeamCountry", "US");
        draft
            .word("TeamDescription", "Three brokers who share their listings.")
            .word("OriginatingSystemName", SYSTEM);
        draft.put("OriginalEntryTimestamp", at).put("ModificationTimestamp", changed);
        records.push(draft.done());
        for (nth, agent) in self.people.agents[house.members.start..].iter().take(3).enumerate() {
            records.push(self.team_member(&key, agent, nth, changed));
        }
    }

    fn team_member(&self, team: &Text, agent: &Agent, nth: usize, changed: Timestamp) -> Record {
        let mut draft = self.shapes.team_member.draft(14);
        draft.put("TeamMemberKey", format!("{team}-{nth}")).put("TeamKey", team.clone());
        draft.put("MemberKey", agent.key.clone()).put("MemberMlsId", agent.mls_id.clone());
        draft.put("TeamMemberNationalAssociationId", agent.national_id.clone());
        draft.put("TeamMemberStateLicense", agent.license.clone());
        draft.word("TeamMemberType", ["Team Lead", "Listing Agent", "Buyer Agent"][nth.min(2)]);
        draft.word("OriginatingSystemName", SYSTEM);
        draft.put("OriginalEntryTimestamp", changed).put("ModificationTimestamp", changed);
        draft.done()
    }
}

/// The key and the name of an office's team.
pub(super) fn team_name(market: &KingCounty, office: usize) -> (Text, Text) {
    let lead = &market.people.agents[market.people.offices[office].members.start];
    (Text::from(format!("NWMT{}", 500 + office)), Text::from(format!("The {} Team", lead.last)))
}
