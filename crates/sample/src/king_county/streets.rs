//! Made-up addresses on the county's real grid: streets count north and south, avenues east and west.

use dictionary::Text;

use super::sales::Sale;
use crate::Dice;

/// An address as the dictionary takes it apart.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Address {
    pub(crate) number: i64,
    /// `NE` of `NE 63rd St`.
    pub(crate) prefix: Option<&'static str>,
    pub(crate) name: Text,
    /// The dictionary's word, `Street`.
    pub(crate) suffix: &'static str,
    /// The post's word, `St`.
    pub(crate) short: &'static str,
    /// `NE` of `45th Ave NE`.
    pub(crate) direction: Option<&'static str>,
}

/// Where the count of streets begins, in ten-thousandths of a degree: north of it they rise northward,
/// south of `YESLER` southward, and between the two they have names.
const DENNY: i64 = 476_286;
const YESLER: i64 = 476_016;
/// Avenues rise eastward from the first line and westward from the second.
const FIRST_EAST: i64 = -1_223_285;
const FIRST_WEST: i64 = -1_223_578;
/// East of this, across the lake, southern streets are called south-east.
const LAKE: i64 = -1_222_400;

const DOWNTOWN: [&str; 12] = [
    "Pike",
    "Pine",
    "Olive",
    "Howell",
    "Madison",
    "Cherry",
    "James",
    "Union",
    "Marion",
    "Columbia",
    "Spring",
    "Jefferson",
];
const AVENUES: [&str; 12] = [
    "Meridian",
    "Wallingford",
    "Stone",
    "Ashworth",
    "Densmore",
    "Corliss",
    "Bagley",
    "Sunnyside",
    "Woodlawn",
    "Interlake",
    "Aurora",
    "Whitman",
];
const FIRST: [&str; 24] = [
    "Cedar", "Alder", "Maple", "Madrona", "Hemlock", "Fern", "Heron", "Salmon", "Eagle", "Osprey", "Quail",
    "Larch", "Orchard", "Meadow", "Cascade", "Summit", "Lake", "Harbor", "Mill", "Canyon", "Willow",
    "Cherry", "Juniper", "Aspen",
];
const SECOND: [&str; 16] = [
    "Ridge", "Creek", "Glen", "Crest", "Hollow", "Vista", "View", "Grove", "Park", "Run", "Point", "Heights",
    "Brook", "Woods", "Bend", "Landing",
];
const WAYS: [(&str, &str); 6] =
    [("Drive", "Dr"), ("Lane", "Ln"), ("Court", "Ct"), ("Place", "Pl"), ("Way", "Way"), ("Circle", "Cir")];

/// The address of a house: of its parcel and place alone, so that it stays when it is sold again.
pub(crate) fn address(seed: u64, sale: &Sale) -> Address {
    let mut dice = Dice::of(seed ^ 0x57_4ee7, &sale.parcel);
    let street = street_of(sale.latitude);
    let avenue = avenue_of(sale.longitude);
    let quarter = quarter_of(sale);
    let within = dice.between(0, 49) * 2 + dice.between(0, 1);
    let suburban = sale.built > 1965 && sale.lot > 4_000;
    if suburban && dice.chance(0.35) {
        let name = format!("{} {}", dice.pick(&FIRST), dice.pick(&SECOND));
        let (suffix, short) = WAYS[dice.index(WAYS.len())];
        let number = street.unwrap_or(avenue) * 100 + within;
        return Address { number, prefix: None, name: name.into(), suffix, short, direction: None };
    }
    if dice.chance(0.5) {
        let name = match street {
            Some(n) => Text::from(ordinal(n)),
            None => Text::new_static(DOWNTOWN[place(YESLER - sale.latitude, DOWNTOWN.len())]),
        };
        let prefix = if street.is_some() { Some(quarter) } else { Some("E").filter(|_| avenue > 10) };
        Address {
            number: avenue * 100 + within,
            prefix,
            name,
            suffix: "Street",
            short: "St",
            direction: None,
        }
    } else {
        let middle = quarter == "N";
        let name = if middle {
            Text::new_static(AVENUES[place(sale.longitude - FIRST_WEST, AVENUES.len())])
        } else {
            Text::from(ordinal(avenue))
        };
        let number = street.unwrap_or(4) * 100 + within;
        let direction = Some(if street.is_some() { quarter } else { "E" });
        Address { number, prefix: None, name, suffix: "Avenue", short: "Ave", direction }
    }
}

impl Address {
    /// `4512 NE 63rd St`.
    pub(crate) fn line(&self) -> String {
        let mut line = self.number.to_string();
        let parts = [self.prefix, Some(self.name.as_str()), Some(self.short), self.direction];
        for part in parts.into_iter().flatten() {
            line.push(' ');
            line.push_str(part);
        }
        line
    }
}

/// The street's number at this latitude; none between the two counts.
fn street_of(latitude: i64) -> Option<i64> {
    if latitude >= DENNY {
        Some(((latitude - DENNY) * 100 / 727).max(1))
    } else if latitude < YESLER {
        Some(((YESLER - latitude) / 9).max(1))
    } else {
        None
    }
}

fn avenue_of(longitude: i64) -> i64 {
    if longitude > FIRST_EAST {
        ((longitude - FIRST_EAST) * 100 / 1_210).max(1)
    } else if longitude < FIRST_WEST {
        ((FIRST_WEST - longitude) * 100 / 1_210).max(1)
    } else {
        // Between the two firsts avenues have names and house numbers count from the western one.
        ((longitude - FIRST_WEST) * 100 / 1_210).max(1)
    }
}

fn quarter_of(sale: &Sale) -> &'static str {
    let [north, south] = match sale.longitude {
        west if west < FIRST_WEST => ["NW", "SW"],
        middle if middle <= FIRST_EAST => ["N", "S"],
        near if near <= LAKE => ["NE", "S"],
        _ => ["NE", "SE"],
    };
    if sale.latitude >= YESLER { north } else { south }
}

/// A place in a list, by a distance on the ground.
fn place(distance: i64, len: usize) -> usize {
    usize::try_from(distance.unsigned_abs() / 25).unwrap_or(0) % len
}

/// `63rd`.
pub(crate) fn ordinal(n: i64) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}
