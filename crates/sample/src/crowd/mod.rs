//! Any number of listings all over the country, with the people and offices that they name.
//!
//! For benchmarks: places are thrown by population, prices spread around each place's median, about a
//! fifth of the listings are for sale, remarks have 300 to 600 characters whose words are as unevenly
//! common as words are, and about a hundred fields of a listing are filled.

mod listing;
mod people;
mod places;
mod words;

use dictionary::{Date, Dictionary, Record, Timestamp};
use jiff::tz::TimeZone;

use crate::Dice;
use crate::calendar::day_of;
use crate::draft::Shape;
use places::{Place, Places};
use words::Words;

/// The feed that the crowd is meant to be written under.
pub const FEED: &str = "CROWD";

/// A market of any size. Each record is a function of the seed, the instant and its number alone, so that
/// threads can share the work.
#[derive(Debug)]
pub struct Crowd {
    seed: u64,
    now: Timestamp,
    today: Date,
    places: Places,
    words: Words,
    property: Shape,
    member: Shape,
    office: Shape,
}

impl Crowd {
    /// The market of this seed with its newest change shortly before `now`.
    #[must_use]
    pub fn new(dictionary: &Dictionary, seed: u64, now: Timestamp) -> Self {
        Self {
            seed,
            now,
            today: day_of(&TimeZone::UTC, now),
            places: Places::read(dictionary),
            words: Words::new(),
            property: Shape::new(dictionary, "Property"),
            member: Shape::new(dictionary, "Member"),
            office: Shape::new(dictionary, "Office"),
        }
    }

    /// The `index`th listing (Property), `CR{index}`.
    #[must_use]
    pub fn listing(&self, index: u64) -> Record {
        self.write_listing(index)
    }

    /// How many members and offices the first `listings` listings name: the numbers below these.
    #[must_use]
    pub fn people(listings: u64) -> (u64, u64) {
        if listings == 0 {
            return (0, 0);
        }
        let members = (listings - 1) / people::MEMBER_LISTINGS + 1;
        let offices = members.div_ceil(people::OFFICE_MEMBERS);
        // Offices are whole, so that the broker of each is there.
        (offices * people::OFFICE_MEMBERS, offices)
    }

    /// The `index`th member (Member), `CRM{index}`.
    #[must_use]
    pub fn member(&self, index: u64) -> Record {
        self.write_member(index)
    }

    /// The `index`th office (Office), `CRO{index}`.
    #[must_use]
    pub fn office(&self, index: u64) -> Record {
        self.write_office(index)
    }

    fn office_place(&self, office: u64) -> &Place {
        self.places.throw(&mut Dice::at(self.seed ^ 0x97a, office))
    }

    /// A microsecond of this day, by UTC.
    fn instant(day: Date, dice: &mut Dice) -> Timestamp {
        let midnight = crate::calendar::days_between(Date::constant(1970, 1, 1), day) * 86_400_000_000;
        Timestamp::from_microsecond(midnight + dice.between(0, 86_399_999_999))
            .unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// The first `n` listings of the crowd of this seed.
pub fn crowd(
    dictionary: &Dictionary,
    seed: u64,
    now: Timestamp,
    n: u64,
) -> impl Iterator<Item = Record> + use<> {
    let crowd = Crowd::new(dictionary, seed, now);
    (0..n).map(move |index| crowd.listing(index))
}

/// The offices, then the members, that the first `n` listings of the crowd of this seed name.
pub fn crowd_people(
    dictionary: &Dictionary,
    seed: u64,
    now: Timestamp,
    n: u64,
) -> impl Iterator<Item = Record> + use<> {
    let crowd = Crowd::new(dictionary, seed, now);
    let (members, offices) = Crowd::people(n);
    (0..offices + members).map(move |index| match index.checked_sub(offices) {
        None => crowd.office(index),
        Some(member) => crowd.member(member),
    })
}

#[cfg(test)]
mod tests;
