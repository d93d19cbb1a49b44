//! What a picture is to show: read from its key, so that nothing needs to be looked up.

use dictionary::Text;

use crate::Dice;
use crate::house::House;

/// The house that is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Subject {
    /// Colours, garden and weather.
    pub(crate) seed: u16,
    /// 1 to 3.
    pub(crate) storeys: u8,
    pub(crate) age: Age,
    pub(crate) setting: Setting,
    /// Cars, 0 to 3.
    pub(crate) garage: u8,
}

/// What the building looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Age {
    /// Steep gables and a porch.
    Old,
    /// Low and long.
    Middle,
    /// Flat roofs and large panes.
    New,
}

/// Where it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Setting {
    /// At the water.
    Water,
    /// Before mountains.
    Mountains,
    /// Among other houses.
    Town,
    /// Among trees.
    Woods,
}

const AGES: [(char, Age); 3] = [('o', Age::Old), ('m', Age::Middle), ('n', Age::New)];
const SETTINGS: [(char, Setting); 4] =
    [('w', Setting::Water), ('h', Setting::Mountains), ('t', Setting::Town), ('f', Setting::Woods)];

/// Pictures of one listing, at most.
const MOST: i64 = 8;

impl Subject {
    /// The house of a listing.
    pub(crate) fn of(house: &House, seed: u64, listing: &str) -> Self {
        let frame = &house.frame;
        Self {
            seed: (Dice::of(seed ^ 0x91c7, listing).bits() >> 48) as u16,
            storeys: u8::try_from(frame.storeys().clamp(1, 3)).unwrap_or(1),
            age: match frame.built {
                ..=1945 => Age::Old,
                1946..=1989 => Age::Middle,
                _ => Age::New,
            },
            setting: match frame.view {
                _ if frame.waterfront => Setting::Water,
                3.. => Setting::Mountains,
                _ if frame.lot > 15_000 => Setting::Woods,
                _ => Setting::Town,
            },
            garage: u8::try_from(house.garage.clamp(0, 3)).unwrap_or(0),
        }
    }

    /// The key of a listing's picture: `NWM1712345-3-2nw1a5f0`, of which the last part is the subject.
    pub(crate) fn media_key(&self, listing: &str, order: i64) -> Text {
        let age = AGES.iter().find(|(_, age)| *age == self.age).map_or('m', |(letter, _)| *letter);
        let setting =
            SETTINGS.iter().find(|(_, one)| *one == self.setting).map_or('t', |(letter, _)| *letter);
        Text::from(format!(
            "{listing}-{order}-{}{age}{setting}{}{:04x}",
            self.storeys, self.garage, self.seed
        ))
    }

    /// The subject and the order that a key says; none where it is not of that form, to the letter.
    pub(crate) fn read(key: &str) -> Option<(Self, i64)> {
        let mut parts = key.split('-');
        let listing = parts.next()?;
        let (order, traits) = (parts.next()?, parts.next()?);
        let id = listing.strip_prefix("NWM")?;
        let named = (1..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
        if !named || parts.next().is_some() || !traits.is_ascii() || traits.len() != 8 {
            return None;
        }
        let order: i64 = order.parse().ok().filter(|order| (1..=MOST).contains(order))?;
        let mut letters = traits.chars();
        let storeys = letters.next()?.to_digit(4).filter(|storeys| *storeys > 0)?;
        let age = letters.next()?;
        let setting = letters.next()?;
        let subject = Self {
            seed: u16::from_str_radix(&traits[4..], 16).ok()?,
            storeys: u8::try_from(storeys).ok()?,
            age: AGES.iter().find(|(letter, _)| *letter == age)?.1,
            setting: SETTINGS.iter().find(|(letter, _)| *letter == setting)?.1,
            garage: u8::try_from(letters.next()?.to_digit(4)?).ok()?,
        };
        // One address for each picture: `+1` and `1A5F` are read as numbers, too.
        (subject.media_key(listing, order) == key).then_some((subject, order))
    }
}

/// What the `order`th picture of a listing shows: ImageOf and a caption.
pub(crate) fn shows(order: i64, waterfront: bool) -> (&'static str, &'static str) {
    match order {
        2 => ("Living Room", "Living room"),
        3 => ("Kitchen", "Kitchen"),
        4 => ("Bedroom", "Bedroom"),
        5 => ("Bathroom", "Bathroom"),
        6 => ("Back of Structure", "Back of the house"),
        7 => ("Dining Room", "Dining room"),
        8 if waterfront => ("Waterfront", "Waterfront"),
        8 => ("View", "View"),
        _ => ("Front of Structure", "Front of the house"),
    }
}
