//! What a full listing says of a house beside the rest: how it stands, what goes with it, what it may be used for.

use super::House;
use super::choices::{self as words, some_of};
use crate::Dice;
use crate::draft::Draft;

impl House {
    /// Some forty further fields. Their dice are their own, so that the other fields stay as they were thrown.
    pub(super) fn write_further(&self, draft: &mut Draft<'_>) {
        let mut dice = Dice::new(self.rest ^ 0x00f0_4e11);
        self.write_floors(draft, &mut dice);
        self.write_places_for_cars(draft, &mut dice);
        self.write_ground(draft, &mut dice);
        self.write_use(draft, &mut dice);
        self.write_comforts(draft, &mut dice);
    }

    fn write_floors(&self, draft: &mut Draft<'_>, dice: &mut Dice) {
        let frame = &self.frame;
        let storeys = frame.storeys();
        draft.dollars("FoundationArea", frame.above / storeys);
        draft.word("EntryLocation", "Main");
        let below = if storeys == 1 { frame.bedrooms } else { dice.between(0, 1).min(frame.bedrooms) };
        draft.put("MainLevelBedrooms", below);
        let (full, three_quarter, half) = frame.bathrooms;
        let baths = full + three_quarter + half;
        draft.put("MainLevelBathrooms", if storeys == 1 { baths } else { baths.min(1) });
        if frame.townhouse {
            draft.words("CommonWalls", if dice.chance(0.3) { &["End Unit"] } else { &["2+ Common Walls"] });
        } else {
            draft.words("CommonWalls", &["No Common Walls"]);
        }
        if frame.is_new() {
            draft.word("BuilderName", dice.pick(&words::BUILDERS));
            draft.word("BuilderModel", dice.pick(&["The Alder", "The Cedar", "The Hemlock", "The Madrona"]));
        }
    }

    fn write_places_for_cars(&self, draft: &mut Draft<'_>, dice: &mut Dice) {
        let carport = self.garage == 0 && dice.chance(0.35);
        draft.put("CarportYN", carport);
        if carport {
            draft.dollars("CarportSpaces", 1);
        }
        draft.dollars("CoveredSpaces", self.garage + i64::from(carport));
        draft.put("OpenParkingYN", true).dollars("OpenParkingSpaces", 2 - i64::from(carport));
    }

    fn write_ground(&self, draft: &mut Draft<'_>, dice: &mut Dice) {
        let frame = &self.frame;
        // A lot is about twice as deep as it is wide.
        let width = ((frame.lot as f64 / 2.0).sqrt() as i64).max(20);
        let depth = frame.lot / width;
        draft.put("LotSizeDimensions", format!("{width} x {depth}"));
        draft.put("FrontageLength", format!("{width} ft"));
        draft.words("RoadFrontageType", if self.rural { &["County Road"] } else { &["City Street"] });
        let slope = if self.lot.contains(&"Sloped") { "Sloped" } else { "Level" };
        draft.word("Topography", slope);
        let green: &[&str] = match (self.rural, self.lot.contains(&"Wooded")) {
            (_, true) => &["Heavily Wooded"],
            (true, false) => &["Partially Wooded", "Grassed"],
            (false, false) => &["Grassed"],
        };
        draft.words("Vegetation", green);
        let mut chosen = Vec::with_capacity(2);
        if self.rural || dice.chance(0.25) {
            let count = usize::try_from(dice.between(1, 2)).unwrap_or(1);
            let pool: &[&str] = if self.rural { &words::FARM_BUILDINGS } else { &words::GARDEN_BUILDINGS };
            some_of(dice, pool, count, &mut chosen);
            draft.words("OtherStructures", &chosen);
        }
        if self.rural && frame.lot > 100_000 {
            draft.words("HorseAmenities", if dice.chance(0.4) { &["Barn", "Pasture"] } else { &["None"] });
        }
        if frame.waterfront {
            draft.word("WaterBodyName", dice.pick(&["Lake Washington", "Lake Sammamish", "Puget Sound"]));
        }
        draft.put("IrrigationWaterRightsYN", false);
    }

    fn write_use(&self, draft: &mut Draft<'_>, dice: &mut Dice) {
        let zone = if self.rural { "RA5" } else { dice.pick(&["R6", "R8", "NR3", "R4"]) };
        draft.word("Zoning", zone);
        draft.word("ZoningDescription", if self.rural { "Rural area" } else { "Residential" });
        draft.words("CurrentUse", &["Residential"]).words("PossibleUse", &["Residential"]);
        draft.word("Ownership", "Fee Simple").put("LandLeaseYN", false);
        let building =
            if self.frame.is_new() && dice.chance(0.3) { "Under Construction" } else { "Completed" };
        draft.words("DevelopmentStatus", &[building]);
        let homes = if self.frame.townhouse { "Planned Development" } else { "None" };
        draft.word("CommonInterest", homes).put("SeniorCommunityYN", dice.chance(0.02));
        draft.put("NumberOfUnitsTotal", 1);
        draft.words("Disclosures", &["Seller Disclosure"]);
        draft.words("PetsAllowed", if dice.chance(0.9) { &["Yes"] } else { &["Number Limit", "Size Limit"] });
    }

    fn write_comforts(&self, draft: &mut Draft<'_>, dice: &mut Dice) {
        let frame = &self.frame;
        let mut chosen = Vec::with_capacity(3);
        some_of(dice, &words::DOORS, 1, &mut chosen);
        draft.words("DoorFeatures", &chosen);
        if frame.built >= 2000 || frame.renovated >= 2000 {
            chosen.clear();
            some_of(dice, &words::THRIFTY, 2, &mut chosen);
            draft.words("GreenEnergyEfficient", &chosen);
        }
        if dice.chance(0.06) {
            draft.words("GreenEnergyGeneration", &["Solar"]);
        }
        if frame.storeys() == 1 && dice.chance(0.2) {
            draft.words("AccessibilityFeatures", &["Accessible Entrance", "Accessible Full Bath"]);
        }
        if dice.chance(0.15) {
            draft.words("OtherEquipment", &["Irrigation Equipment"]);
        }
        draft.word("Inclusions", if self.appliances.is_empty() { "None" } else { "Appliances as listed" });
        draft.word("Exclusions", if dice.chance(0.15) { "Dining room chandelier" } else { "None" });
    }
}
