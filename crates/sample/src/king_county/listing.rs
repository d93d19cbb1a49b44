//! A sale and its life as a Property record.

use dictionary::{Date, Decimal, Record, Text};

use super::life::{Life, Turn};
use super::places::Place;
use super::sales::Sale;
use super::{KingCounty, remarks, streets, terms};
use crate::Dice;
use crate::draft::Draft;
use crate::house::{Frame, House};
use crate::parties::{self, Party};

/// A sale with all that is made up about it.
pub(crate) struct Telling<'a> {
    pub(crate) id: Text,
    pub(crate) key: Text,
    pub(crate) sale: &'a Sale,
    pub(crate) place: &'a Place,
    pub(crate) house: House,
    pub(crate) neighbourhood: Text,
    pub(crate) life: Life,
    /// Who lists, lists with them, buys, buys with them.
    pub(crate) agents: [Option<usize>; 4],
    /// What only this sale decides, unlike the house, which stays.
    pub(crate) dice: Dice,
}

/// Listings are numbered from here, in the order of their sales.
pub(crate) const FIRST_ID: u64 = 1_700_000;

impl KingCounty {
    /// The listing of the `index`th sale, with its life.
    pub(crate) fn telling(
        &self,
        index: usize,
        id: u64,
        life: impl FnOnce(&Sale, &mut Dice) -> Life,
    ) -> Telling<'_> {
        let sale = &self.sales[index];
        let at = self.place_of(sale);
        let place = &self.places[at];
        let mut house_dice = Dice::of(self.setting.seed, &sale.parcel);
        let frame = Frame {
            built: sale.built,
            renovated: sale.renovated,
            year: i64::from(sale.date.year()),
            bedrooms: sale.bedrooms,
            bathrooms: sale.bathrooms(),
            living: sale.living,
            above: sale.above,
            basement: sale.basement,
            lot: sale.lot,
            half_floors: sale.half_floors,
            waterfront: sale.waterfront,
            view: sale.view,
            condition: sale.condition,
            grade: sale.grade,
            townhouse: sale.is_townhouse(),
        };
        let neighbourhood = place.neighbourhoods[house_dice.index(place.neighbourhoods.len())].clone();
        let house = House::imagine(frame, &mut house_dice);
        let mut dice = Dice::at(self.setting.seed ^ 0x5a1e, id);
        let life = life(sale, &mut dice);
        // Not the dice of the life, which fall otherwise on another day: who lists it stays.
        let mut chooser = Dice::at(self.setting.seed ^ 0xa9e7, id);
        let lister = self.people.near(at, 0.7, &mut chooser);
        let with =
            dice.chance(0.22).then(|| self.people.of_office(self.people.agents[lister].office, &mut chooser));
        let bought = matches!(life.standing().turn, Turn::Pending | Turn::Closed);
        let buyer = self.people.near(at, 0.25, &mut chooser);
        let buyer_with =
            dice.chance(0.08).then(|| self.people.of_office(self.people.agents[buyer].office, &mut chooser));
        Telling {
            id: Text::from(id.to_string()),
            key: Text::from(format!("NWM{id}")),
            sale,
            place,
            house,
            neighbourhood,
            life,
            agents: [
                Some(lister),
                with.filter(|agent| *agent != lister),
                Some(buyer).filter(|_| bought),
                buyer_with.filter(|agent| bought && *agent != buyer),
            ],
            dice,
        }
    }

    pub(crate) fn party(&self, agent: usize) -> Party {
        let agent = &self.people.agents[agent];
        let office = &self.people.offices[agent.office];
        Party {
            agent_key: agent.key.clone(),
            agent_mls_id: agent.mls_id.clone(),
            national_id: agent.national_id.clone(),
            first: agent.first,
            last: agent.last,
            full: agent.full.clone(),
            email: agent.email.clone(),
            phone: agent.phone.clone(),
            license: agent.license.clone(),
            association: super::people::ASSOCIATIONS[office.association].2,
            office_key: office.key.clone(),
            office_mls_id: office.mls_id.clone(),
            office_name: office.name.clone(),
            office_phone: office.phone.clone(),
        }
    }

    /// The Property record as the life stands.
    pub(crate) fn property(&self, telling: &Telling<'_>) -> Record {
        let mut dice = telling.dice.clone();
        let mut draft = self.shapes.property.draft(250);
        draft.put("ListingKey", telling.key.clone()).put("ListingId", telling.id.clone());
        draft.word("SourceSystemName", super::SYSTEM).word("OriginatingSystemName", super::SYSTEM);
        draft.word("SourceSystemID", super::SYSTEM_ID).word("OriginatingSystemID", super::SYSTEM_ID);
        draft.put("OriginatingSystemKey", telling.key.clone()).put("SourceSystemKey", telling.key.clone());
        self.write_place(telling, &mut draft);
        self.write_around(telling, &mut draft);
        telling.house.write(&mut draft);
        terms::write(telling, self.today, self.now(), &mut dice, &mut draft);
        let sides = [&parties::LIST, &parties::CO_LIST, &parties::BUYER, &parties::CO_BUYER];
        for (side, agent) in sides.into_iter().zip(telling.agents) {
            if let Some(agent) = agent {
                self.party(agent).write(side, &mut draft);
            }
        }
        if let Some(team) = telling.agents[0].and_then(|agent| self.team_of(agent)) {
            let (key, name) = super::people_records::team_name(self, team);
            draft.put("ListTeamKey", key).put("ListTeamName", name);
        }
        // Dice of their own: the words stay when the status changes.
        let mut words = Dice::of(self.setting.seed ^ 0x4e3a, &telling.key);
        draft.put("PublicRemarks", remarks::public(telling, &mut words));
        draft.put("PrivateRemarks", private_remarks(telling, telling.sale.date));
        draft.word("Disclaimer", "Sample data made from public records of 2014 and 2015. Address, people, remarks and pictures are made up.");
        let photos = super::attached::photo_count(telling);
        draft.put("PhotosCount", photos);
        draft.done()
    }

    fn write_place(&self, telling: &Telling<'_>, draft: &mut Draft<'_>) {
        let (sale, place) = (telling.sale, telling.place);
        let address = streets::address(self.setting.seed, sale);
        draft.put("StreetNumber", address.number.to_string()).put("StreetNumberNumeric", address.number);
        if let Some(prefix) = address.prefix {
            draft.word("StreetDirPrefix", prefix);
        }
        if let Some(direction) = address.direction {
            draft.word("StreetDirSuffix", direction);
        }
        let whole = format!("{}, {}, {} {}", address.line(), place.city, place.state, place.zip);
        draft
            .put("StreetName", address.name)
            .word("StreetSuffix", address.suffix)
            .put("UnparsedAddress", whole);
        draft.put("City", place.city.clone()).put("PostalCity", place.city.clone());
        draft.put("StateOrProvince", place.state.clone()).put("PostalCode", place.zip.clone());
        draft.put("CountyOrParish", place.county.clone()).word("Country", "US");
        draft.put("MLSAreaMajor", place.area.clone()).put("SubdivisionName", telling.neighbourhood.clone());
        draft.put("ElementarySchoolDistrict", place.district.clone());
        draft.put("HighSchoolDistrict", place.district.clone());
        draft.decimal("Latitude", sale.latitude, 4).decimal("Longitude", sale.longitude, 4);
        draft.put("PropertyTimeZoneName", place.zone.clone()).put("PropertyTimeZoneObservesDstYN", true);
        draft.put("PropertyTimeZoneStandardOffset", -8);
        draft.put("ParcelNumber", sale.parcel.clone());
        draft.put("UniversalPropertyId", format!("US-53033-N-{}-R-N", sale.parcel));
        let tax = (sale.price * 92) / 10_000;
        draft.dollars("TaxAnnualAmount", tax).put("TaxAssessedValue", sale.price * 84 / 100);
        draft.put("TaxYear", i64::from(self.today.year()) - 1);
        draft.put("TaxLot", (sale.lot % 40 + 1).to_string());
        let rate = Decimal::new(tax * 100 / sale.living.max(1), 2);
        draft.put("TaxAnnualAmountPerLivingAreaUnit", rate.normalize());
        draft.put("Elevation", sale.latitude.rem_euclid(380) + 20).word("ElevationUnits", "Feet");
    }
}

fn private_remarks(telling: &Telling<'_>, sold: Date) -> String {
    let how = match telling.house.frame.condition {
        ..=2 => "Cash or rehab loan only.",
        3 => "Please leave a card and lock the back door.",
        _ => "Pre-inspection and title report on request.",
    };
    format!(
        "{how} Sample listing made from the public record of a sale on {sold}; address, people and remarks are made up."
    )
}
