//! What is around a house: its schools, its corner, its plat, who keeps its listing.

use super::listing::Telling;
use super::{KingCounty, SYSTEM};
use crate::Dice;
use crate::draft::Draft;

/// Schools are called after trees and people; these are made up.
const NAMESAKES: [&str; 16] = [
    "Alder",
    "Bracken",
    "Cascade",
    "Denny",
    "Evergreen",
    "Foothill",
    "Garfield",
    "Hawthorn",
    "Juniper",
    "Kelsey",
    "Larch",
    "Maplewood",
    "Northlake",
    "Overlook",
    "Puget",
    "Sunset",
];

impl KingCounty {
    /// A dozen fields that follow from the ZIP code, the parcel and the lister.
    pub(super) fn write_around(&self, telling: &Telling<'_>, draft: &mut Draft<'_>) {
        let (sale, place) = (telling.sale, telling.place);
        let mut zip = Dice::of(self.setting.seed ^ 0x5c_4001, &place.zip);
        let near = zip.index(NAMESAKES.len());
        // A ZIP code has three elementary schools, one middle school and one high school.
        let parcel = Dice::of(self.setting.seed ^ 0x5c_4002, &sale.parcel).index(3);
        let name = |at: usize| NAMESAKES[(near + at) % NAMESAKES.len()];
        draft.put("ElementarySchool", format!("{} Elementary", name(parcel)));
        draft.put("MiddleOrJuniorSchool", format!("{} Middle", name(3)));
        draft.put("HighSchool", format!("{} High", name(4)));
        draft.put("MiddleOrJuniorSchoolDistrict", place.district.clone());
        let mut dice = Dice::of(self.setting.seed ^ 0x5c_4003, &sale.parcel);
        let avenue = dice.between(1, 160);
        draft.put("CrossStreet", format!("{} Ave", super::streets::ordinal(avenue)));
        draft.put(
            "Directions",
            format!("From the middle of {}, towards {}.", place.city, telling.neighbourhood),
        );
        let (lot, block) = (sale.lot % 40 + 1, dice.between(1, 24));
        draft.put(
            "TaxLegalDescription",
            format!("Lot {lot}, block {block}, {}, division {}", telling.neighbourhood, dice.between(1, 6)),
        );
        draft.put("TaxBlock", block.to_string()).put("MLSAreaMinor", telling.neighbourhood.clone());
        if let Some(lister) = telling.agents[0] {
            draft.word("ListAOR", self.party(lister).association);
        }
        draft.put("AttributionContact", format!("{SYSTEM}: ask the listing office"));
    }
}
