//! Where people live: ZIP codes of the United States by population.

use std::io::Read;

use dictionary::{Dictionary, Lookup, Text};

/// A ZIP code.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) zip: Text,
    pub(super) city: Text,
    pub(super) state: Text,
    pub(super) county: Text,
    /// Ten-thousandths of a degree, as is the longitude.
    pub(super) latitude: i64,
    pub(super) longitude: i64,
    /// None where the dictionary's list of zones does not hold it.
    pub(super) zone: Option<Text>,
    /// Median value of a home, dollars.
    pub(super) value: i64,
}

/// A place of fewer people has too few homes to be told of.
const FEWEST_PEOPLE: u64 = 8_000;

/// Throws that decide a place: a power of two.
const THROWS: usize = 1 << 16;

/// Places and how often each is thrown.
#[derive(Debug)]
pub(super) struct Places {
    pub(super) all: Vec<Place>,
    thrown: Box<[u16]>,
}

impl Places {
    pub(super) fn read(dictionary: &Dictionary) -> Self {
        let zones = dictionary.find_lookup("IanaTimeZoneValues").map(|(_, lookup)| lookup);
        let mut text = String::new();
        flate2::read::GzDecoder::new(geocode::ZIP_TABLE)
            .read_to_string(&mut text)
            .expect("the file is built in and is tried by the tests");
        let (all, people): (Vec<Place>, Vec<u64>) =
            text.lines().skip(1).filter_map(|line| place(line, zones)).unzip();
        let whole: u64 = people.iter().sum();
        let mut thrown = Vec::with_capacity(THROWS);
        let mut sum = 0;
        for (at, count) in people.iter().enumerate() {
            sum += count;
            let until = usize::try_from(sum * THROWS as u64 / whole).unwrap_or(THROWS);
            while thrown.len() < until.min(THROWS) {
                thrown.push(u16::try_from(at).unwrap_or(0));
            }
        }
        thrown.resize(THROWS, 0);
        Self { all, thrown: thrown.into_boxed_slice() }
    }

    /// The place of these dice.
    pub(super) fn throw(&self, dice: &mut crate::Dice) -> &Place {
        &self.all[usize::from(self.thrown[dice.index(THROWS)])]
    }
}

/// The place of a line; none where few live, or what a home is worth is not known. Puerto Rico is left
/// out: the streets and people of the crowd are made up in English.
fn place(line: &str, zones: Option<&Lookup>) -> Option<(Place, u64)> {
    let mut cells = line.split('\t');
    let mut next = || cells.next();
    let units = |cell: &str| cell.parse::<f64>().ok().map(|degrees| (degrees * 10_000.0).round() as i64);
    let (zip, city, state, county) = (next()?, next()?, next()?, next()?);
    if state == "PR" {
        return None;
    }
    let (latitude, longitude, zone) = (units(next()?)?, units(next()?)?, next()?);
    let people = next()?.parse().ok().filter(|people| *people >= FEWEST_PEOPLE)?;
    let place = Place {
        zip: Text::new(zip),
        city: Text::new(city),
        state: Text::new(state),
        county: Text::new(county),
        latitude,
        longitude,
        zone: zones.and_then(|zones| zones.find(zone)).map(|zone| zone.value.clone()),
        value: next()?.parse().ok()?,
    };
    Some((place, people))
}
