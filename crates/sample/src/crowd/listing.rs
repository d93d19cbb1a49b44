//! A listing of the crowd: a house, a place, a price, where it stands.

use dictionary::{Date, Record, Text, Timestamp};

use super::Crowd;
use super::people::{MEMBER_LISTINGS, OFFICE_MEMBERS};
use super::places::Place;
use crate::Dice;
use crate::calendar::plus_days;
use crate::draft::Draft;
use crate::house::{Frame, House};

const STREETS: [&str; 32] = [
    "Main",
    "Oak",
    "Maple",
    "Cedar",
    "Pine",
    "Elm",
    "Walnut",
    "Lake",
    "Hill",
    "Washington",
    "Park",
    "View",
    "Sunset",
    "Ridge",
    "River",
    "Spring",
    "Church",
    "Willow",
    "Meadow",
    "Forest",
    "Highland",
    "Dogwood",
    "Hickory",
    "Laurel",
    "Jackson",
    "Franklin",
    "Lincoln",
    "Cherry",
    "Adams",
    "Jefferson",
    "Birch",
    "Magnolia",
];
const SUFFIXES: [&str; 6] = ["Street", "Avenue", "Drive", "Lane", "Court", "Road"];
const SUBDIVISIONS: [&str; 16] = [
    "Oak Hills",
    "Stone Creek",
    "Heritage",
    "Willow Bend",
    "Eagle Ridge",
    "Summerfield",
    "The Preserve",
    "Old Town",
    "Lakeside",
    "Fox Run",
    "Cypress Point",
    "Northgate",
    "Mill Pond",
    "Sunrise",
    "Cedar Glen",
    "Harbor Pointe",
];
/// Market areas: a name for each tenth of a state, near enough.
const AREAS: [&str; 10] = [
    "North",
    "Northeast",
    "East",
    "Southeast",
    "South",
    "Southwest",
    "West",
    "Northwest",
    "Central",
    "Metro",
];

/// Where a listing stands, and its days.
struct Standing {
    status: &'static str,
    listed: Date,
    /// When it left the market.
    left: Option<Date>,
    closed: Option<Date>,
    changed: Timestamp,
}

impl Crowd {
    pub(super) fn write_listing(&self, index: u64) -> Record {
        let mut dice = Dice::at(self.seed, index);
        let member = dice.below(index / MEMBER_LISTINGS + 1);
        let place = match dice.chance(0.5) {
            true => self.office_place(member / OFFICE_MEMBERS),
            false => self.places.throw(&mut dice),
        };
        let (frame, price) = frame(place, i64::from(self.today.year()), &mut dice);
        let house = House::imagine(frame, &mut dice);
        let standing = self.standing(&mut dice);
        let mut draft = self.property.draft(128);
        draft.put("ListingKey", format!("CR{index}")).put("ListingId", (10_000_000 + index).to_string());
        draft.word("OriginatingSystemName", "Crowd (Freehold sample data)");
        house.write_lean(&mut draft);
        write_place(place, &mut dice, &mut draft);
        self.write_standing(&standing, price, &frame, &mut dice, &mut draft);
        let party = self.party(member);
        draft.put("ListAgentKey", party.agent_key).put("ListAgentMlsId", party.agent_mls_id);
        draft.put("ListAgentFullName", party.full);
        draft.put("ListOfficeKey", party.office_key).put("ListOfficeMlsId", party.office_mls_id);
        draft.put("ListOfficeName", party.office_name);
        if standing.closed.is_some() {
            let buyer = self.party(dice.below(index / MEMBER_LISTINGS + 1));
            draft.put("BuyerAgentKey", buyer.agent_key).put("BuyerAgentFullName", buyer.full);
            draft.put("BuyerOfficeKey", buyer.office_key).put("BuyerOfficeName", buyer.office_name);
        }
        draft.put("PublicRemarks", self.words.remarks(&mut dice));
        draft.done()
    }

    /// Mostly closed, over seven years; about a fifth for sale, most of it new.
    fn standing(&self, dice: &mut Dice) -> Standing {
        let recent = (dice.unit() * dice.unit() * 180.0) as i64;
        let status = match dice.below(1_000) {
            0..=699 => "Closed",
            700..=889 => "Active",
            890..=934 => "Pending",
            935..=949 => "Active Under Contract",
            950..=957 => "Coming Soon",
            958..=974 => "Expired",
            975..=986 => "Withdrawn",
            987..=994 => "Canceled",
            _ => "Hold",
        };
        let ago = if matches!(status, "Closed" | "Expired" | "Withdrawn" | "Canceled") {
            dice.between(0, 2_500)
        } else {
            recent
        };
        let changed_on = plus_days(self.today, -ago);
        let days = (dice.unit() * dice.unit() * 140.0) as i64 + 2;
        let open = matches!(status, "Active" | "Coming Soon");
        let escrow = if status == "Closed" { 33 } else { 0 };
        // What is for sale may have changed a little since it came.
        let listed = plus_days(changed_on, -(days / if open { 3 } else { 1 }) - escrow);
        let left = (!open).then(|| plus_days(changed_on, -escrow));
        let closed = (status == "Closed").then_some(changed_on);
        let changed = Self::instant(changed_on, dice).min(self.now);
        Standing { status, listed, left, closed, changed }
    }

    fn write_standing(
        &self,
        standing: &Standing,
        price: i64,
        frame: &Frame,
        dice: &mut Dice,
        draft: &mut Draft<'_>,
    ) {
        let asked = crate::king_county::round_price(price as f64);
        draft.word("StandardStatus", standing.status).word("MlsStatus", standing.status);
        draft.dollars("ListPrice", asked);
        let cut = dice.chance(0.35);
        let original = if cut { crate::king_county::round_price(price as f64 * 1.04) } else { asked };
        draft.dollars("OriginalListPrice", original);
        if cut {
            draft.dollars("PreviousListPrice", original).put("PriceChangeTimestamp", standing.changed);
        }
        draft.put("ListingContractDate", standing.listed).put("OnMarketDate", standing.listed);
        let until = standing.left.unwrap_or(self.today);
        draft.put("DaysOnMarket", crate::calendar::days_between(standing.listed, until).max(0));
        if let Some(closed) = standing.closed {
            let paid = asked * dice.between(960, 1_050) / 1_000;
            draft.put("CloseDate", closed).dollars("ClosePrice", paid);
            draft.words("BuyerFinancing", if dice.chance(0.7) { &["Conventional"] } else { &["Cash"] });
        }
        draft.put_some("OffMarketDate", standing.left);
        draft.put("OriginalEntryTimestamp", Self::instant(standing.listed, dice).min(standing.changed));
        draft.put("StatusChangeTimestamp", standing.changed).put("ModificationTimestamp", standing.changed);
        draft.word(
            "MajorChangeType",
            match standing.status {
                "Active" if cut => "Price Change",
                "Active" => "New Listing",
                other => other,
            },
        );
        draft.put("InternetEntireListingDisplayYN", dice.chance(0.98)).put("InternetAddressDisplayYN", true);
        draft.word("ListingAgreement", "Exclusive Right To Sell");
        draft.dollars("TaxAnnualAmount", price / 90).put("TaxYear", i64::from(self.today.year()) - 1);
        let shared = frame.townhouse || dice.chance(0.3);
        draft.put("AssociationYN", shared);
        if shared {
            draft
                .dollars("AssociationFee", dice.between(3, 60) * 10)
                .word("AssociationFeeFrequency", "Monthly");
        }
        draft.put("PhotosCount", dice.between(1, 40));
    }
}

fn write_place(place: &Place, dice: &mut Dice, draft: &mut Draft<'_>) {
    let number = dice.between(1, 9_999);
    let (street, suffix) = (dice.pick(&STREETS), dice.pick(&SUFFIXES));
    draft.put("StreetNumber", number.to_string()).word("StreetName", street).word("StreetSuffix", suffix);
    draft.put(
        "UnparsedAddress",
        format!("{number} {street} {suffix}, {}, {} {}", place.city, place.state, place.zip),
    );
    draft.put("City", place.city.clone()).put("StateOrProvince", place.state.clone());
    draft
        .put("PostalCode", place.zip.clone())
        .put("CountyOrParish", place.county.clone())
        .word("Country", "US");
    draft.word("MLSAreaMajor", AREAS[usize::try_from(place.latitude.rem_euclid(10)).unwrap_or(0)]);
    draft.word("SubdivisionName", dice.pick(&SUBDIVISIONS));
    // About five kilometres around the middle of the ZIP code, as millionths of a degree.
    let near = |dice: &mut Dice| (dice.normal() * 20_000.0) as i64;
    draft.decimal("Latitude", place.latitude * 100 + near(dice), 6);
    draft.decimal("Longitude", place.longitude * 100 + near(dice), 6);
    draft.put_some("PropertyTimeZoneName", place.zone.clone());
    draft.put("ParcelNumber", Text::from(format!("{:010}", dice.below(10_000_000_000))));
}

/// The house and what it costs there.
fn frame(place: &Place, year: i64, dice: &mut Dice) -> (Frame, i64) {
    let living = (7.55 + dice.normal() * 0.36).exp().clamp(380.0, 12_000.0) as i64 / 10 * 10;
    let bedrooms = (living / 620 + dice.between(0, 1)).clamp(1, 8);
    let basement = if dice.chance(0.3) { living / 3 } else { 0 };
    let townhouse = dice.chance(0.12);
    let lot =
        if townhouse { 1_800 } else { (9.1 + dice.normal() * 0.9).exp().clamp(1_200.0, 4_000_000.0) as i64 };
    let built = year - (dice.unit() * dice.unit() * 125.0) as i64;
    let dear = 1.0 + dice.normal() * 0.22;
    let price =
        (place.value as f64 * (living as f64 / 1_750.0) * dear.max(0.4)).clamp(25_000.0, 60_000_000.0) as i64;
    let renovated = if built < 1995 && dice.chance(0.2) { dice.between(2_000, year - 1) } else { 0 };
    let frame = Frame {
        built,
        renovated,
        year,
        bedrooms,
        bathrooms: ((bedrooms + 1) / 2, i64::from(dice.chance(0.4)), i64::from(dice.chance(0.5))),
        living,
        above: living - basement,
        basement,
        lot,
        half_floors: [2, 2, 2, 3, 4, 4, 4, 6][dice.index(8)],
        waterfront: dice.chance(0.03),
        view: if dice.chance(0.2) { dice.between(1, 4) } else { 0 },
        condition: dice.between(2, 5),
        grade: (7.0 + dice.normal() * 1.6).clamp(3.0, 13.0) as i64,
        townhouse,
    };
    (frame, price)
}
