//! Associations, offices and members: who lists and who buys.

use std::collections::HashMap;

use dictionary::Text;

use super::places::Place;
use super::sales::Sale;
use crate::{Dice, names};

/// An office.
#[derive(Clone, Debug)]
pub(crate) struct Office {
    pub(crate) key: Text,
    pub(crate) mls_id: Text,
    /// The number of the national association, nine digits.
    pub(crate) national_id: Text,
    pub(crate) name: Text,
    pub(crate) place: usize,
    pub(crate) association: usize,
    /// The main office of its firm; its own place in the list where it is that.
    pub(crate) main: usize,
    pub(crate) branches: i64,
    pub(crate) phone: Text,
    pub(crate) domain: Text,
    /// The places of its members in the list, first the broker.
    pub(crate) members: std::ops::Range<usize>,
}

/// A member.
#[derive(Clone, Debug)]
pub(crate) struct Agent {
    pub(crate) key: Text,
    pub(crate) mls_id: Text,
    /// The NRDS number, nine digits.
    pub(crate) national_id: Text,
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    pub(crate) full: Text,
    pub(crate) email: Text,
    pub(crate) phone: Text,
    pub(crate) mobile: Text,
    pub(crate) license: Text,
    pub(crate) office: usize,
    /// Whether still a member; who has left names no listing.
    pub(crate) active: bool,
}

/// Everyone.
#[derive(Clone, Debug)]
pub(crate) struct People {
    pub(crate) offices: Vec<Office>,
    pub(crate) agents: Vec<Agent>,
    /// Offices by place.
    by_place: Vec<Vec<usize>>,
}

/// Names of the local associations; none of them is real.
pub(crate) const ASSOCIATIONS: [(&str, &str, &str, &str); 3] = [
    ("NWMAOR1", "8251", "Emerald Sound Association of REALTORS", "Seattle"),
    ("NWMAOR2", "8252", "Eastlake Foothills Association of REALTORS", "Bellevue"),
    ("NWMAOR3", "8253", "South Valley Association of REALTORS", "Kent"),
];

const FIRMS: [(&str, &str); 10] = [
    ("Harborlight Homes", "harborlight"),
    ("Cascade & Cove Realty", "cascadecove"),
    ("Tidewater Real Estate", "tidewater"),
    ("Evergreen Gate Properties", "evergreengate"),
    ("Northlake Brokers", "northlake"),
    ("Madrona House", "madronahouse"),
    ("Summit & Sound", "summitsound"),
    ("Red Cedar Realty Group", "redcedar"),
    ("Skyline Residential", "skylineres"),
    ("Ferryman Real Estate", "ferryman"),
];

/// A larger office for every this many sales.
const SALES_AN_OFFICE: usize = 130;

pub(crate) fn people(seed: u64, places: &[Place], sales: &[Sale]) -> People {
    let mut by_zip: HashMap<&str, usize> = HashMap::new();
    for sale in sales {
        *by_zip.entry(sale.zip.as_str()).or_default() += 1;
    }
    let mut everyone = People { offices: Vec::new(), agents: Vec::new(), by_place: Vec::new() };
    let mut mains: [Option<usize>; FIRMS.len()] = [None; FIRMS.len()];
    for (at, place) in places.iter().enumerate() {
        let sold = by_zip.get(place.zip.as_str()).copied().unwrap_or(0);
        let mut here = Vec::new();
        for nth in 0..1 + sold / SALES_AN_OFFICE {
            let id = everyone.offices.len();
            let mut dice = Dice::at(seed ^ 0x0ff1ce, id as u64);
            // The first office of a ZIP code is its own firm, most others are branches.
            let firm = (nth > 0 && dice.chance(0.75)).then(|| dice.index(FIRMS.len()));
            everyone.open_office(id, at, place, firm, &mut mains, &mut dice);
            here.push(id);
        }
        everyone.by_place.push(here);
    }
    everyone
}

impl People {
    fn open_office(
        &mut self,
        id: usize,
        at: usize,
        place: &Place,
        firm: Option<usize>,
        mains: &mut [Option<usize>],
        dice: &mut Dice,
    ) {
        let (name, domain) = match firm {
            Some(firm) => (
                format!("{} - {}", FIRMS[firm].0, place.neighbourhoods[id % place.neighbourhoods.len()]),
                FIRMS[firm].1.to_owned(),
            ),
            None => {
                let (_, last) = names::person(dice);
                let kind = dice.pick(&[
                    "Realty",
                    "Properties",
                    "& Daughters Real Estate",
                    "Homes",
                    "Real Estate Co.",
                ]);
                (format!("{last} {kind} {}", place.zip), format!("{}{}", last.to_lowercase(), place.zip))
            }
        };
        let main = match firm {
            Some(firm) => *mains[firm].get_or_insert(id),
            None => id,
        };
        let association = association_of(place);
        let first = self.agents.len();
        let size = usize::try_from(dice.between(5, 14)).unwrap_or(5);
        let office = Office {
            key: Text::from(format!("NWMO{}", 1000 + id)),
            mls_id: Text::from((1000 + id).to_string()),
            national_id: Text::from(format!("{}{:05}", ASSOCIATIONS[association].1, 20_000 + id)),
            name: Text::from(name),
            place: at,
            association,
            main,
            branches: 0,
            phone: phone(place, dice),
            domain: Text::from(format!("{domain}.example")),
            members: first..first + size + 1,
        };
        // One more than the office has: who left it.
        for nth in 0..=size {
            self.agents.push(agent(first + nth, id, &office, place, nth < size, dice));
        }
        if main != id {
            self.offices[main].branches += 1;
        }
        self.offices.push(office);
    }

    /// Someone who works where this place is, mostly; of any office of the county now and then.
    pub(crate) fn near(&self, place: usize, loyalty: f64, dice: &mut Dice) -> usize {
        let here = &self.by_place[place];
        let office = if !here.is_empty() && dice.chance(loyalty) {
            here[dice.index(here.len())]
        } else {
            dice.index(self.offices.len())
        };
        self.of_office(office, dice)
    }

    /// Someone of this office; those who came first do more.
    pub(crate) fn of_office(&self, office: usize, dice: &mut Dice) -> usize {
        let members = &self.offices[office].members;
        let working = members.len() - 1;
        members.start + dice.index(working).min(dice.index(working))
    }
}

fn agent(id: usize, office: usize, house: &Office, place: &Place, active: bool, dice: &mut Dice) -> Agent {
    let (first, last) = names::person(dice);
    Agent {
        key: Text::from(format!("NWMM{}", 30_000 + id)),
        mls_id: Text::from((30_000 + id).to_string()),
        national_id: Text::from(format!("{}{:05}", ASSOCIATIONS[house.association].1, 30_000 + id)),
        first,
        last,
        full: Text::from(format!("{first} {last}")),
        email: Text::from(format!("{}.{}.{id}@{}", first.to_lowercase(), last.to_lowercase(), house.domain)),
        phone: phone(place, dice),
        mobile: phone(place, dice),
        license: Text::from(format!("WA-{}", 21_000_000 + id * 37)),
        office,
        active,
    }
}

/// A number of the range that is kept for fiction.
fn phone(place: &Place, dice: &mut Dice) -> Text {
    let code = match place.city.as_str() {
        "Seattle" | "Mercer Island" | "Vashon" => "206",
        "Auburn" | "Federal Way" | "Kent" | "Enumclaw" | "Black Diamond" => "253",
        _ => "425",
    };
    Text::from(format!("{code}-555-01{:02}", dice.below(100)))
}

fn association_of(place: &Place) -> usize {
    match place.city.as_str() {
        "Seattle" | "Vashon" | "Kenmore" | "Bothell" => 0,
        "Auburn" | "Federal Way" | "Kent" | "Enumclaw" | "Black Diamond" | "Maple Valley" | "Renton" => 2,
        _ => 1,
    }
}
