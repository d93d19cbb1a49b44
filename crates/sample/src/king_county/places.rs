//! ZIP codes of the county: cities, market areas, neighbourhoods.

use std::collections::HashMap;

use dictionary::Text;

/// What is known of a ZIP code.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) zip: Text,
    pub(crate) city: Text,
    pub(crate) state: Text,
    pub(crate) county: Text,
    pub(crate) zone: Text,
    /// The MLS's area, `705 - Ballard/Green Lake`.
    pub(crate) area: Text,
    pub(crate) neighbourhoods: Box<[Text]>,
    pub(crate) district: Text,
}

const ZIPS: &str = include_str!("../../data/king_county_zips.tsv");
const AREAS: &str = include_str!("../../data/king_county_areas.tsv");

/// Every ZIP code of the sales, in order.
pub(crate) fn places() -> Vec<Place> {
    let areas: HashMap<&str, [&str; 4]> =
        AREAS.lines().skip(1).filter_map(cells).map(|cells| (cells[0], cells)).collect();
    ZIPS.lines()
        .skip(1)
        .filter_map(cells)
        .map(|[zip, city, state, county, zone]| {
            let [_, area, neighbourhoods, district] =
                areas.get(zip).copied().unwrap_or([zip, city, city, city]);
            Place {
                zip: Text::new(zip),
                city: Text::new(city),
                state: Text::new(state),
                county: Text::new(county),
                zone: Text::new(zone),
                area: Text::new(area),
                neighbourhoods: neighbourhoods.split('|').map(Text::new).collect(),
                district: Text::from(format!("{district} School District")),
            }
        })
        .collect()
}

fn cells<const N: usize>(line: &str) -> Option<[&str; N]> {
    let mut cells = line.split('\t');
    let mut row = [""; N];
    for cell in &mut row {
        *cell = cells.next()?;
    }
    Some(row)
}
