//! The sales, as they lie in the file.

use std::io::Read;

use dictionary::{Date, Text};

/// One row: a house and the sale of it.
#[derive(Clone, Debug)]
pub(crate) struct Sale {
    /// Ten digits, the county's own.
    pub(crate) parcel: Text,
    pub(crate) date: Date,
    /// Dollars.
    pub(crate) price: i64,
    pub(crate) bedrooms: i64,
    /// Quarters of a bathroom: 9 is 2.25, one full, one with a shower and one with neither.
    pub(crate) bath_quarters: i64,
    /// Square feet, also below.
    pub(crate) living: i64,
    pub(crate) lot: i64,
    /// Half storeys.
    pub(crate) half_floors: i64,
    pub(crate) waterfront: bool,
    /// 0 (none) to 4 (excellent).
    pub(crate) view: i64,
    /// 1 (worn out) to 5 (very good).
    pub(crate) condition: i64,
    /// 1 (shed) to 13 (mansion), the assessor's.
    pub(crate) grade: i64,
    pub(crate) above: i64,
    pub(crate) basement: i64,
    pub(crate) built: i64,
    /// 0 where it never was.
    pub(crate) renovated: i64,
    pub(crate) zip: Text,
    /// Ten-thousandths of a degree.
    pub(crate) latitude: i64,
    /// Ten-thousandths of a degree.
    pub(crate) longitude: i64,
}

const FILE: &[u8] = include_bytes!("../../data/king_county_house_prices.csv.gz");

/// Every sale, by day, and those of a day in the order of the file.
pub(crate) fn sales() -> Vec<Sale> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(FILE)
        .read_to_string(&mut text)
        .expect("the file is built in and is tried by the tests");
    let mut sales: Vec<Sale> = text.lines().skip(1).filter_map(sale).collect();
    sales.sort_by_key(|sale| sale.date);
    sales
}

fn sale(line: &str) -> Option<Sale> {
    let mut cells = line.split(',');
    let parcel: u64 = cells.next()?.parse().ok()?;
    Some(Sale {
        parcel: Text::from(format!("{parcel:010}")),
        date: cells.next()?.parse().ok()?,
        price: scaled(cells.next()?, 1)?,
        bedrooms: scaled(cells.next()?, 1)?,
        bath_quarters: scaled(cells.next()?, 4)?,
        living: scaled(cells.next()?, 1)?,
        lot: scaled(cells.next()?, 1)?,
        half_floors: scaled(cells.next()?, 2)?,
        waterfront: cells.next()?.eq_ignore_ascii_case("true"),
        view: scaled(cells.next()?, 1)?,
        condition: scaled(cells.next()?, 1)?,
        grade: scaled(cells.next()?, 1)?,
        above: scaled(cells.next()?, 1)?,
        basement: scaled(cells.next()?, 1)?,
        built: scaled(cells.next()?, 1)?,
        renovated: scaled(cells.next()?, 1)?,
        zip: Text::new(cells.next()?),
        latitude: scaled(cells.next()?, 10_000)?,
        longitude: scaled(cells.next()?, 10_000)?,
    })
}

/// A number of the file, times `factor`, as the nearest whole one.
fn scaled(cell: &str, factor: u32) -> Option<i64> {
    let number = cell.parse::<f64>().ok()? * f64::from(factor);
    // The largest number in the file is far below 2^53: nothing is lost.
    number.is_finite().then_some(number.round() as i64)
}

impl Sale {
    /// Full bathrooms, those with a shower only, and those with neither bath nor shower.
    pub(crate) fn bathrooms(&self) -> (i64, i64, i64) {
        let whole = self.bath_quarters / 4;
        match self.bath_quarters % 4 {
            0 => (whole, 0, 0),
            // A quarter over is three quarters and a half, less one.
            1 => ((whole - 1).max(0), 1, 1),
            2 => (whole, 0, 1),
            _ => (whole, 1, 0),
        }
    }

    /// Whether a house shares its walls: three storeys on a lot hardly larger than itself.
    pub(crate) fn is_townhouse(&self) -> bool {
        self.half_floors >= 4 && self.lot < 2_600 && self.built > 1985
    }
}
