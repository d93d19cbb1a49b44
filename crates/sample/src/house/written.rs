//! A house as fields of a Property record.

use super::{House, choices as words};
use crate::Dice;
use crate::draft::Draft;

impl House {
    /// Some ninety fields of the building, its rooms, its lot.
    pub(crate) fn write(&self, draft: &mut Draft<'_>) {
        self.write_size(draft);
        self.write_rooms(draft);
        let mut dice = Dice::new(self.rest);
        self.write_building(draft, &mut dice);
        self.write_lot(draft, &mut dice);
        self.write_further(draft);
    }

    /// The same without areas and years told in other ways: for when a hundred fields are enough.
    pub(crate) fn write_lean(&self, draft: &mut Draft<'_>) {
        let frame = &self.frame;
        draft.word("PropertyType", "Residential").word("PropertySubType", self.sub_type);
        draft.dollars("LivingArea", frame.living).word("LivingAreaUnits", "Square Feet");
        draft.dollars("LotSizeSquareFeet", frame.lot);
        draft.decimal("LotSizeAcres", (frame.lot * 10_000 + 21_780) / 43_560, 4);
        draft.put("YearBuilt", frame.built);
        self.write_rooms(draft);
        let mut dice = Dice::new(self.rest);
        self.write_building(draft, &mut dice);
        self.write_lot(draft, &mut dice);
    }

    fn write_size(&self, draft: &mut Draft<'_>) {
        let frame = &self.frame;
        draft.word("PropertyType", "Residential").word("PropertySubType", self.sub_type);
        draft.words("StructureType", if frame.townhouse { &["Townhouse"] } else { &["House"] });
        draft.dollars("LivingArea", frame.living).word("LivingAreaUnits", "Square Feet");
        draft.word("LivingAreaSource", "Public Records");
        draft
            .dollars("BuildingAreaTotal", frame.living + frame.living / 16)
            .word("BuildingAreaUnits", "Square Feet");
        draft
            .dollars("AboveGradeFinishedArea", frame.above)
            .word("AboveGradeFinishedAreaUnits", "Square Feet");
        if frame.basement > 0 {
            draft.dollars("BelowGradeFinishedArea", frame.basement);
            draft.word("BelowGradeFinishedAreaUnits", "Square Feet");
        }
        draft.dollars("LotSizeSquareFeet", frame.lot);
        // An acre is 43,560 square feet; the field takes four digits after the point.
        draft.decimal("LotSizeAcres", (frame.lot * 10_000 + 21_780) / 43_560, 4);
        draft
            .dollars("LotSizeArea", frame.lot)
            .word("LotSizeUnits", "Square Feet")
            .word("LotSizeSource", "Public Records");
        draft.put("YearBuilt", frame.built).word("YearBuiltSource", "Public Records");
        let effective = if frame.renovated > 0 { frame.renovated } else { frame.built };
        draft.put("YearBuiltEffective", effective);
        if frame.renovated > 0 {
            draft.put("YearRenovated", frame.renovated);
            draft.put("YearBuiltDetails", format!("Renovated {}", frame.renovated));
        }
    }

    fn write_rooms(&self, draft: &mut Draft<'_>) {
        let frame = &self.frame;
        let (full, three_quarter, half) = frame.bathrooms;
        draft.put("BedroomsTotal", frame.bedrooms);
        draft.put("BathroomsTotalInteger", full + three_quarter + half);
        draft
            .put("BathroomsFull", full)
            .put("BathroomsHalf", half)
            .put("BathroomsThreeQuarter", three_quarter);
        draft.put("BathroomsPartial", three_quarter + half);
        draft.put("RoomsTotal", frame.bedrooms + full + three_quarter + half + 3);
        draft
            .put("Stories", frame.storeys())
            .put("StoriesTotal", frame.storeys() + i64::from(frame.basement > 0));
        let levels = match frame.half_floors {
            ..=2 => "One",
            3 => "One and One Half",
            4 => "Two",
            5 => "Multi/Split",
            _ => "Three Or More",
        };
        draft.words("Levels", &[levels]);
        draft.words(
            "RoomType",
            if frame.basement > 0 {
                &["Bedroom", "Dining Room", "Kitchen", "Living Room", "Basement"]
            } else {
                &["Bedroom", "Dining Room", "Kitchen", "Living Room"]
            },
        );
        draft.words("InteriorFeatures", &self.interior).words("Appliances", &self.appliances);
        draft.words("Flooring", &self.flooring);
        draft.put("FireplaceYN", self.fireplaces > 0).put("FireplacesTotal", self.fireplaces);
        if self.fireplaces > 0 {
            draft.words(
                "FireplaceFeatures",
                if frame.built < 1985 { &["Wood Burning", "Living Room"] } else { &["Gas", "Family Room"] },
            );
        }
    }

    fn write_building(&self, draft: &mut Draft<'_>, dice: &mut Dice) {
        let frame = &self.frame;
        let mut chosen = Vec::with_capacity(4);
        let mut some =
            |draft: &mut Draft<'_>, dice: &mut Dice, name: &str, pool: &[&'static str], count: usize| {
                chosen.clear();
                words::some_of(dice, pool, count, &mut chosen);
                draft.words(name, &chosen);
            };
        draft.words("ArchitecturalStyle", &[self.style]).words("Roof", &[self.roof]);
        draft.put("HeatingYN", true).words("Heating", self.heating);
        draft.put("CoolingYN", self.cooling != ["None"]).words("Cooling", self.cooling);
        some(draft, dice, "ConstructionMaterials", &words::WALLS, 1);
        some(draft, dice, "LaundryFeatures", &words::LAUNDRY, 1);
        some(draft, dice, "WindowFeatures", &words::WINDOWS, 2);
        some(draft, dice, "SecurityFeatures", &words::SECURITY, 2);
        draft.words(
            "FoundationDetails",
            if frame.built < 1930 {
                &["Concrete Perimeter", "Brick/Mortar"]
            } else {
                &["Concrete Perimeter"]
            },
        );
        draft.put("BasementYN", frame.basement > 0);
        draft.words(
            "Basement",
            match (frame.basement, frame.condition) {
                (0, _) => &["Crawl Space"],
                (_, ..=2) => &["Unfinished"],
                (_, 3) => &["Partially Finished", "Daylight"],
                _ => &["Finished", "Daylight"],
            },
        );
        draft.put("NewConstructionYN", frame.is_new());
        draft.words(
            "PropertyCondition",
            match frame.condition {
                _ if frame.is_new() => &["New Construction"],
                ..=2 => &["Fixer"],
                _ if frame.renovated > 1990 || frame.condition >= 4 => &["Updated/Remodeled"],
                _ => &[],
            },
        );
        draft.put("GarageYN", self.garage > 0).dollars("GarageSpaces", self.garage);
        draft.put("AttachedGarageYN", self.garage > 0 && frame.built > 1960);
        draft.dollars("ParkingTotal", self.garage + 2);
        some(draft, dice, "ParkingFeatures", &words::PARKING, 2);
        draft
            .words("Electric", if frame.built > 1990 { &["200+ Amp Service"] } else { &["100 Amp Service"] });
        draft.put("PropertyAttachedYN", frame.townhouse);
        let pool = frame.grade >= 10 && dice.chance(0.3);
        draft.put("PoolPrivateYN", pool);
        if pool {
            draft.words("PoolFeatures", &["In Ground", "Heated"]);
        }
        draft.put("SpaYN", frame.grade >= 9 && dice.chance(0.15));
    }

    fn write_lot(&self, draft: &mut Draft<'_>, dice: &mut Dice) {
        let frame = &self.frame;
        let mut chosen = Vec::with_capacity(4);
        draft.words("LotFeatures", &self.lot).words("ExteriorFeatures", &self.outside);
        draft.words("PatioAndPorchFeatures", &self.porch);
        words::some_of(dice, &words::FENCES, 1, &mut chosen);
        draft.words("Fencing", &chosen);
        chosen.clear();
        words::some_of(dice, &words::COMMUNITY, 2, &mut chosen);
        draft.words("CommunityFeatures", &chosen);
        chosen.clear();
        let terms = usize::try_from(dice.between(1, 3)).unwrap_or(1);
        words::some_of(dice, &words::TERMS, terms, &mut chosen);
        draft.words("ListingTerms", &chosen);
        draft.put("ViewYN", !self.views.is_empty()).words("View", &self.views);
        draft.put("WaterfrontYN", frame.waterfront);
        if frame.waterfront {
            draft.words("WaterfrontFeatures", &["Waterfront", "Navigable Water"]);
        }
        draft.words("Sewer", if self.rural { &["Septic Tank"] } else { &["Public Sewer"] });
        draft.words("WaterSource", if self.rural && dice.chance(0.5) { &["Well"] } else { &["Public"] });
        draft.words(
            "Utilities",
            if self.rural {
                &["Electricity Connected", "Propane"]
            } else {
                &[
                    "Cable Available",
                    "Electricity Connected",
                    "Natural Gas Connected",
                    "Sewer Connected",
                    "Water Connected",
                ]
            },
        );
        draft.words("RoadSurfaceType", if self.rural && dice.chance(0.3) { &["Gravel"] } else { &["Paved"] });
        draft
            .word("DirectionFaces", dice.pick(&["North", "East", "South", "West", "Southeast", "Southwest"]));
        draft.put("HorseYN", self.rural && frame.lot > 100_000);
    }
}
