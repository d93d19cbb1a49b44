//! The three ways to a place, the best first (PAR-123).

use crate::{Address, Position, Streets, zip};

/// How a place was found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Accuracy {
    /// At the address itself.
    Address,
    /// On its street.
    Street,
    /// Somewhere in its ZIP code.
    Zip,
}

impl Accuracy {
    /// The word of the header `X-Geocode-Accuracy`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Street => "street",
            Self::Zip => "zip",
        }
    }
}

/// A place that was found.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Located {
    /// Where.
    pub position: Position,
    /// How.
    pub accuracy: Accuracy,
}

/// The farthest that a house is believed to lie from the middle of its ZIP code, in kilometres. In Alaska
/// there are wider ones, where the middle is as good as any place.
pub const WIDEST_ZIP: f64 = 150.0;

/// Where a street line lies in a ZIP code of which these streets are known. None for an unknown ZIP code,
/// whatever the street: it is what tells the Springfields apart.
#[must_use]
pub fn locate(line: &str, zip_code: &str, streets: &Streets) -> Option<Located> {
    let middle = zip(zip_code)?;
    let found = |position: Position, accuracy| {
        (middle.kilometres_to(position) <= WIDEST_ZIP).then_some(Located { position, accuracy })
    };
    let address = Address::read(line);
    let house = address.as_ref().and_then(|address| streets.house(address));
    let between = || address.as_ref().and_then(|address| streets.between(address));
    house
        .and_then(|position| found(position, Accuracy::Address))
        .or_else(|| between().and_then(|position| found(position, Accuracy::Street)))
        .or(Some(Located { position: middle, accuracy: Accuracy::Zip }))
}
