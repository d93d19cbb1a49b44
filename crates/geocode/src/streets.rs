//! The streets of a neighbourhood, from houses whose place is known.

use std::collections::HashMap;

use crate::{Address, Position};

/// A house whose place is known.
#[derive(Clone, PartialEq, Debug)]
pub struct Known {
    /// Its address.
    pub address: Address,
    /// Its place.
    pub position: Position,
}

/// The farthest that two houses may lie apart, in kilometres, for a third to be thought between them: streets
/// bend, and a longer one is no line any more.
const LONGEST_GAP: f64 = 3.0;
/// House numbers from a known one within which a house is thought to be there, where only one side is
/// known: half a block.
const NEAR: u32 = 50;

/// Streets by name, of one ZIP code or one city.
#[derive(Clone, Debug, Default)]
pub struct Streets {
    by_name: HashMap<String, Vec<Street>>,
    houses: usize,
}

#[derive(Clone, Debug)]
struct Street {
    /// The address of its first house, for the parts of its name.
    address: Address,
    /// By number, then by what it carries.
    houses: Vec<House>,
}

#[derive(Clone, Debug)]
struct House {
    number: u32,
    fraction: String,
    position: Position,
}

impl Streets {
    /// The streets of these houses. A house without a number says nothing.
    #[must_use]
    pub fn new(known: impl IntoIterator<Item = Known>) -> Self {
        let mut streets = Self::default();
        for Known { address, position } in known {
            let Some(number) = address.number else { continue };
            let house = House { number, fraction: address.fraction.clone(), position };
            let named = streets.by_name.entry(address.name.clone()).or_default();
            let same = |street: &&mut Street| {
                let known = &street.address;
                (&known.before, &known.suffix, &known.after)
                    == (&address.before, &address.suffix, &address.after)
            };
            match named.iter_mut().find(same) {
                Some(street) => street.houses.push(house),
                None => named.push(Street { address, houses: vec![house] }),
            }
            streets.houses += 1;
        }
        for street in streets.by_name.values_mut().flatten() {
            street.houses.sort_by(|a, b| a.number.cmp(&b.number).then_with(|| a.fraction.cmp(&b.fraction)));
        }
        streets
    }

    /// How many houses are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.houses
    }

    /// Whether no house is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.houses == 0
    }

    /// The house itself, where it is known. What stands at one number (flats of a house) is one place.
    #[must_use]
    pub fn house(&self, address: &Address) -> Option<Position> {
        let number = address.number?;
        let mut found = self.streets(address).flat_map(|street| street.at(number, &address.fraction));
        let first = found.next()?;
        // Two streets of one name, told apart by what the address does not say: nobody knows which.
        found.all(|other| first.kilometres_to(other) < 0.3).then_some(first)
    }

    /// Where the house must be about, from the known numbers beside it.
    #[must_use]
    pub fn between(&self, address: &Address) -> Option<Position> {
        let number = address.number?;
        let mut found = self.streets(address).filter_map(|street| street.between(number));
        let first = found.next()?;
        found.all(|other| first.kilometres_to(other) < LONGEST_GAP).then_some(first)
    }

    /// The streets that the address may name: those of exactly these parts, else all that agree with them.
    fn streets<'s>(&'s self, address: &'s Address) -> impl Iterator<Item = &'s Street> {
        let named = self.by_name.get(&address.name).map_or(&[][..], Vec::as_slice);
        let exact = |street: &Street| {
            let known = &street.address;
            (&known.before, &known.suffix, &known.after) == (&address.before, &address.suffix, &address.after)
        };
        let any_exact = named.iter().any(exact);
        named.iter().filter(
            move |street| {
                if any_exact { exact(street) } else { street.address.may_be_street_of(address) }
            },
        )
    }
}

impl Street {
    fn at<'s>(&'s self, number: u32, fraction: &'s str) -> impl Iterator<Item = Position> + 's {
        let from = self.houses.partition_point(|house| house.number < number);
        let same = self.houses[from..].iter().take_while(move |house| house.number == number);
        same.filter(move |house| house.fraction == fraction).map(|house| house.position)
    }

    fn between(&self, number: u32) -> Option<Position> {
        // Even and odd stand on two sides: those of the same side first, then any.
        self.beside(number, |house| house.number % 2 == number % 2).or_else(|| self.beside(number, |_| true))
    }

    fn beside(&self, number: u32, counts: impl Fn(&House) -> bool) -> Option<Position> {
        let from = self.houses.partition_point(|house| house.number < number);
        let (below, above) = self.houses.split_at(from);
        let below = below.iter().rev().find(|house| counts(house));
        let above = above.iter().find(|house| counts(house));
        match (below, above) {
            (Some(below), Some(above)) if below.position.kilometres_to(above.position) <= LONGEST_GAP => {
                let span = f64::from(above.number - below.number);
                let share = if span > 0.0 { f64::from(number - below.number) / span } else { 0.0 };
                let mix = |a: f64, b: f64| a + (b - a) * share;
                Some(Position {
                    latitude: mix(below.position.latitude, above.position.latitude),
                    longitude: mix(below.position.longitude, above.position.longitude),
                })
            }
            (below, above) => {
                let sides = [below, above].into_iter().flatten();
                let near = sides.filter(|house| house.number.abs_diff(number) <= NEAR);
                near.min_by_key(|house| house.number.abs_diff(number)).map(|house| house.position)
            }
        }
    }
}
