//! A house: what its size, age and standing make likely, in the dictionary's words.

mod choices;
mod further;
mod written;

use crate::Dice;
use choices as words;

/// What is given about a house.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    pub(crate) built: i64,
    /// 0 where it never was.
    pub(crate) renovated: i64,
    /// The year in which it is looked at.
    pub(crate) year: i64,
    pub(crate) bedrooms: i64,
    /// Full bathrooms, those with a shower only, and those with neither bath nor shower.
    pub(crate) bathrooms: (i64, i64, i64),
    /// Square feet, also below.
    pub(crate) living: i64,
    pub(crate) above: i64,
    pub(crate) basement: i64,
    pub(crate) lot: i64,
    pub(crate) half_floors: i64,
    pub(crate) waterfront: bool,
    /// 0 (none) to 4 (excellent).
    pub(crate) view: i64,
    /// 1 (worn out) to 5 (very good).
    pub(crate) condition: i64,
    /// 1 (shed) to 13 (mansion).
    pub(crate) grade: i64,
    pub(crate) townhouse: bool,
}

/// What is made of it.
#[derive(Clone, Debug)]
pub(crate) struct House {
    pub(crate) frame: Frame,
    pub(crate) style: &'static str,
    pub(crate) sub_type: &'static str,
    pub(crate) heating: &'static [&'static str],
    pub(crate) cooling: &'static [&'static str],
    pub(crate) roof: &'static str,
    pub(crate) garage: i64,
    pub(crate) fireplaces: i64,
    pub(crate) views: Vec<&'static str>,
    pub(crate) interior: Vec<&'static str>,
    pub(crate) appliances: Vec<&'static str>,
    pub(crate) flooring: Vec<&'static str>,
    pub(crate) lot: Vec<&'static str>,
    pub(crate) outside: Vec<&'static str>,
    pub(crate) porch: Vec<&'static str>,
    pub(crate) rural: bool,
    /// What further choices are thrown from, so that a house is the same whoever asks first.
    pub(crate) rest: u64,
}

impl Frame {
    pub(crate) fn storeys(&self) -> i64 {
        (self.half_floors / 2).max(1)
    }

    /// Whether the year makes it a new building.
    pub(crate) fn is_new(&self) -> bool {
        self.built + 1 >= self.year
    }
}

impl House {
    /// The house of this frame and these dice.
    pub(crate) fn imagine(frame: Frame, dice: &mut Dice) -> Self {
        let rich = frame.grade >= 9;
        let fresh = frame.built >= 2000 || frame.renovated >= 2000;
        let rural = frame.lot > 43_560;
        let style = match frame.built {
            _ if frame.townhouse => dice.pick(&["Contemporary", "Modern", "Traditional"]),
            ..=1914 => dice.pick(&["Victorian", "Queen Anne", "Craftsman", "Farmhouse"]),
            1915..=1939 => dice.pick(&["Craftsman", "Bungalow", "Tudor", "Colonial", "Dutch Colonial"]),
            1940..=1955 => dice.pick(&["Cape Cod", "Bungalow", "Traditional", "Ranch"]),
            1956..=1979 if frame.half_floors > 2 => {
                dice.pick(&["Mid-Century Modern", "Split Level", "Colonial", "Traditional"])
            }
            1956..=1979 => dice.pick(&["Ranch", "Ranch", "Mid-Century Modern", "Raised Ranch"]),
            1980..=1999 => dice.pick(&["Traditional", "Contemporary", "Traditional", "A-Frame"]),
            _ => dice.pick(&["Craftsman", "Contemporary", "Modern", "Farmhouse", "Traditional"]),
        };
        let garage = match frame.built {
            ..=1939 => dice.between(0, 1),
            1940..=1969 => dice.between(0, 2),
            _ => dice.between(1, if rich { 4 } else { 2 }),
        };
        let mut views = Vec::new();
        if frame.view > 0 {
            let count = usize::try_from(frame.view.min(3)).unwrap_or(1);
            words::some_of(
                dice,
                if frame.waterfront { &words::WATER_VIEWS } else { &words::VIEWS },
                count,
                &mut views,
            );
        } else if dice.chance(0.3) {
            views.push(dice.pick(&["Territorial", "Neighborhood", "Trees/Woods"]));
        }
        let some = |dice: &mut Dice, pool: &[&'static str], low: i64, high: i64| {
            let mut chosen = Vec::with_capacity(8);
            let count = usize::try_from(dice.between(low, high)).unwrap_or(0);
            words::some_of(dice, pool, count, &mut chosen);
            chosen
        };
        Self {
            frame,
            style,
            sub_type: if frame.townhouse { "Townhouse" } else { "Single Family Residence" },
            heating: words::HEATING[dice.index(words::HEATING.len())],
            cooling: if fresh || dice.chance(0.25) {
                words::COOLING[dice.index(words::COOLING.len())]
            } else {
                &["None"]
            },
            roof: if frame.built < 1945 && dice.chance(0.2) { "Shake" } else { dice.pick(&words::ROOFS) },
            garage,
            fireplaces: if frame.living > 1_000 { dice.between(0, if rich { 3 } else { 1 }) } else { 0 },
            views,
            interior: some(dice, if rich { &words::RICH_INTERIOR } else { &words::INTERIOR }, 3, 7),
            appliances: some(dice, if fresh { &words::NEW_APPLIANCES } else { &words::APPLIANCES }, 3, 6),
            flooring: some(dice, &words::FLOORING, 2, 4),
            lot: some(dice, if rural { &words::RURAL_LOT } else { &words::CITY_LOT }, 2, 4),
            outside: some(dice, &words::EXTERIOR, 1, 3),
            porch: some(dice, &words::PORCH, 1, 2),
            rural,
            rest: dice.bits(),
        }
    }
}
