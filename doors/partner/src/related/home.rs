//! What tells one home from another.

use dictionary::{Dictionary, FieldId, Fields, ValueRef};
use geocode::{Address, unit, zip_digits};

/// The fields that say which home a listing is of.
pub(crate) struct HomeFields {
    pub(crate) parcel: FieldId,
    pub(crate) number: FieldId,
    pub(crate) whole: FieldId,
    pub(crate) zip: FieldId,
    /// Number, direction, name, suffix, direction of the street.
    street: [FieldId; 5],
    unit: FieldId,
    county: FieldId,
    state: FieldId,
}

/// A home, as far as a listing shows which one it is of.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Home {
    /// The assessor's number, in letters and digits alone.
    pub(crate) parcel: Option<String>,
    /// The house and its five-digit ZIP code.
    pub(crate) house: Option<(Address, String)>,
    /// Empty where it is no part of a building.
    unit: String,
    county: String,
    state: String,
}

/// Digits of a parcel number at least; `0`, `TBD` and `N/A` are none.
const DIGITS: usize = 4;

impl HomeFields {
    pub(super) fn bind(dictionary: &Dictionary) -> Self {
        let own = |name: &str| super::field(dictionary, name);
        Self {
            parcel: own("ParcelNumber"),
            number: own("StreetNumber"),
            whole: own("UnparsedAddress"),
            zip: own("PostalCode"),
            street: ["StreetNumber", "StreetDirPrefix", "StreetName", "StreetSuffix", "StreetDirSuffix"]
                .map(own),
            unit: own("UnitNumber"),
            county: own("CountyOrParish"),
            state: own("StateOrProvince"),
        }
    }
}

impl Home {
    /// The home of a listing.
    pub(crate) fn of(listing: &impl Fields, fields: &HomeFields) -> Self {
        let text = |field| match listing.look(field) {
            Some(ValueRef::Text(text)) => text.trim().to_owned(),
            _ => String::new(),
        };
        let whole = text(fields.whole);
        let line = match text(fields.street[2]).is_empty() {
            true => whole.clone(),
            false => fields.street.map(text).join(" "),
        };
        let address = Address::read(&line).filter(|address| address.number.is_some());
        let zip = zip_digits(&text(fields.zip)).map(str::to_owned);
        Self {
            parcel: parcel(&text(fields.parcel)),
            house: address.zip(zip),
            unit: unit(&text(fields.unit), true).or_else(|| unit(&whole, false)).unwrap_or_default(),
            county: text(fields.county).to_uppercase(),
            state: text(fields.state).to_uppercase(),
        }
    }

    /// Whether both are the same home: by their parcel numbers, where both have one; else by their addresses.
    pub(crate) fn is(&self, other: &Self) -> bool {
        let agree = |a: &str, b: &str| a.is_empty() || b.is_empty() || a == b;
        match (&self.parcel, &other.parcel) {
            // A county gives its own numbers, and the flats of a house may share the land's.
            (Some(a), Some(b)) => {
                a == b
                    && agree(&self.state, &other.state)
                    && agree(&self.county, &other.county)
                    && agree(&self.unit, &other.unit)
            }
            _ => self.house.is_some() && self.house == other.house && self.unit == other.unit,
        }
    }
}

/// A parcel number as it compares; none where the text stands in for one.
fn parcel(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_uppercase();
    let digits: Vec<char> = plain.chars().filter(char::is_ascii_digit).collect();
    let told = digits.len() >= DIGITS && digits.iter().any(|digit| *digit != digits[0]);
    told.then_some(plain)
}
