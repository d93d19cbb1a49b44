//! The demo market: a year of real sales in King County, Washington, as feed `NWMLS`.
//!
//! The file holds what was sold from 2 May 2014 to 27 May 2015. All days are moved by one whole number
//! of weeks, so that weekdays stay and the last sale lies 77 to 83 days after today: what closes in the
//! future is pending today, under contract, for sale or coming soon. A few of those that are recent or
//! ahead end otherwise (withdrawn, expired, canceled, on hold, a draft, deleted), so that every
//! StandardStatus is there. Prices are the file's. The day of the real sale is kept in PrivateRemarks.
//!
//! Real are sales, houses and positions (to four digits); everything else is made up and says so in
//! Disclaimer and PrivateRemarks. 177 of the 21,613 sales sell a parcel again: those listings share
//! their ParcelNumber, address and house.

mod around;
mod attached;
mod life;
mod listing;
mod load;
mod people;
mod people_records;
mod places;
mod remarks;
mod sales;
mod streets;
mod terms;

use std::collections::HashMap;
use std::ops::Range;

use dictionary::{Date, Dictionary, Record, Text, Timestamp};
use jiff::tz::TimeZone;

pub(crate) use attached::Open;
use life::Moment;
pub(crate) use life::{Event, Life, Turn, round_price};
pub(crate) use listing::Telling;
pub use load::{Loaded, load};

use crate::Dice;
use crate::calendar::{day_of, days_between, pacific, plus_days};
use crate::draft::Shape;
use listing::FIRST_ID;
use people::People;
use places::Place;
use sales::Sale;

/// The feed that every record of the market belongs to.
pub const FEED: &str = "NWMLS";

/// What records say they come from.
pub(crate) const SYSTEM: &str = "NWMLS (Freehold sample data)";

/// The organization's number, made up: OUID's key, so that the links to it lead somewhere.
const SYSTEM_ID: &str = "M00000099";

/// What the market depends on.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The instant as of which the market stands.
    pub now: Timestamp,
    /// What every `MediaURL` starts with, without a slash at its end: `http://127.0.0.1:8700`.
    pub media_base_url: String,
    /// Another seed, other streets, people and remarks; the sales stay.
    pub seed: u64,
}

/// The market, ready to be written out.
#[derive(Debug)]
pub struct KingCounty {
    pub(crate) setting: Setting,
    pub(crate) zone: TimeZone,
    pub(crate) today: Date,
    /// Days from the real sale to the one told; whole weeks.
    shift: i64,
    sales: Vec<Sale>,
    places: Vec<Place>,
    place_by_zip: HashMap<Text, usize>,
    pub(crate) people: People,
    pub(crate) shapes: Shapes,
}

/// The fields of every resource that is written.
#[derive(Debug)]
pub(crate) struct Shapes {
    pub(crate) property: Shape,
    media: Shape,
    pub(crate) history: Shape,
    room: Shape,
    open_house: Shape,
    organization: Shape,
    association: Shape,
    office: Shape,
    member: Shape,
    membership: Shape,
    team: Shape,
    team_member: Shape,
}

/// What is written at a time.
#[derive(Clone, Debug)]
enum Part {
    People(Range<usize>),
    /// The first `usize` events of the lives that have a past to show.
    Past(usize),
    Listings(Range<usize>),
    Attached(Range<usize>),
}

/// Every so manieth listing that is for sale is written once for each of its events.
const SHOW_PAST: usize = 5;
/// Events of one life that the log shows, at most.
const LONGEST_PAST: usize = 4;

impl KingCounty {
    /// Reads the sales and settles who lives and works there: some milliseconds.
    #[must_use]
    pub fn new(dictionary: &Dictionary, setting: &Setting) -> Self {
        let zone = pacific();
        let today = day_of(&zone, setting.now);
        let sales = sales::sales();
        let places = places::places();
        let last = sales.iter().map(|sale| sale.date).max().unwrap_or(today);
        let shape = |name: &str| Shape::new(dictionary, name);
        Self {
            shift: (days_between(last, today) + 83).div_euclid(7) * 7,
            place_by_zip: places.iter().enumerate().map(|(at, place)| (place.zip.clone(), at)).collect(),
            people: people::people(setting.seed, &places, &sales),
            shapes: Shapes {
                property: shape("Property"),
                media: shape("Media"),
                history: shape("HistoryTransactional"),
                room: shape("PropertyRooms"),
                open_house: shape("OpenHouse"),
                organization: shape("OUID"),
                association: shape("Association"),
                office: shape("Office"),
                member: shape("Member"),
                membership: shape("MemberAssociation"),
                team: shape("Teams"),
                team_member: shape("TeamMembers"),
            },
            setting: setting.clone(),
            zone,
            today,
            sales,
            places,
        }
    }

    /// Every record, in batches of at most 5,000; what another refers to comes before it, but for an
    /// office's broker. A key may come more than once: each time as it stood next, so that a listing has
    /// a past in the log as well.
    pub fn batches(&self) -> impl Iterator<Item = Vec<Record>> + use<'_> {
        let everyone = self.people_records();
        let count = self.sales.len();
        let mut parts: Vec<Part> = ranges(everyone.len(), 4_000).map(Part::People).collect();
        parts.extend((1..=LONGEST_PAST).map(Part::Past));
        parts.extend(ranges(count, 2_000).map(Part::Listings));
        parts.extend(ranges(count, 200).map(Part::Attached));
        parts.into_iter().map(move |part| match part {
            Part::People(range) => everyone[range].to_vec(),
            part => self.part(part),
        })
    }

    fn part(&self, part: Part) -> Vec<Record> {
        match part {
            Part::People(_) => Vec::new(),
            Part::Past(count) => self.past(count),
            Part::Listings(range) => range.map(|at| self.property(&self.sold(at))).collect(),
            Part::Attached(range) => range.flat_map(|at| self.attached(&self.sold(at))).collect(),
        }
    }

    /// Listings that are for sale as they were after `count` events, where they have had more since.
    fn past(&self, count: usize) -> Vec<Record> {
        // What is for sale is sold last.
        let recent = self.sales.len().saturating_sub(5_000)..self.sales.len();
        recent
            .step_by(SHOW_PAST)
            .filter_map(|at| {
                let mut telling = self.sold(at);
                let open = telling.life.standing().turn.is_open();
                if !open || telling.life.events.len() <= count {
                    return None;
                }
                telling.life = telling.life.until(count);
                Some(self.property(&telling))
            })
            .collect()
    }

    /// About how many records the batches hold in all, within a tenth: for a progress bar.
    #[must_use]
    pub fn about(&self) -> u64 {
        // A listing has about three pictures and three turns.
        (self.sales.len() * 8 + self.people.agents.len() * 2) as u64
    }

    /// The listing of the `index`th sale.
    pub(crate) fn sold(&self, index: usize) -> Telling<'_> {
        let moment = Moment { now: self.setting.now, today: self.today, zone: &self.zone };
        self.telling(index, FIRST_ID + index as u64, |sale, dice| {
            life::life(sale.price, plus_days(sale.date, self.shift), moment, dice)
        })
    }

    /// An agent of any office.
    pub(crate) fn anyone(&self, dice: &mut Dice) -> usize {
        self.people.of_office(dice.index(self.people.offices.len()), dice)
    }

    /// How many sales there are.
    pub(crate) fn len(&self) -> usize {
        self.sales.len()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.setting.now
    }

    fn place_of(&self, sale: &Sale) -> usize {
        self.place_by_zip.get(&sale.zip).copied().unwrap_or(0)
    }
}

fn ranges(end: usize, step: usize) -> impl Iterator<Item = Range<usize>> {
    (0..end).step_by(step).map(move |start| start..(start + step).min(end))
}

#[cfg(test)]
mod tests;
