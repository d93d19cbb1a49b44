//! Random values that a field may hold.

use dictionary::{Date, Decimal, Dictionary, Field, Point, Text, Time, Timestamp, Type, Value};
use fastrand::Rng;
use jiff::SignedDuration;

use crate::words::{phrase, word};

/// A value that `field` may hold: mostly from a small stock, so that there are ties and filters find
/// something; now and then from the ends of the type. It passes [`dictionary::check`].
pub fn value(rng: &mut Rng, dictionary: &Dictionary, field: &Field) -> Value {
    let edge = rng.u8(..16) == 0;
    match field.ty {
        Type::Boolean => Value::Boolean(rng.bool()),
        Type::Int16 => Value::Integer(integer(rng, edge, i16::MIN.into(), i16::MAX.into())),
        Type::Int32 => Value::Integer(integer(rng, edge, i32::MIN.into(), i32::MAX.into())),
        Type::Int64 => Value::Integer(integer(rng, edge, i64::MIN, i64::MAX)),
        Type::Decimal { precision, scale } => Value::Decimal(decimal(rng, edge, precision, scale)),
        Type::Double => Value::Double(double(rng, edge)),
        Type::Date => Value::Date(date(rng, edge)),
        Type::Timestamp => Value::Timestamp(timestamp(rng, edge)),
        Type::Time => Value::Time(time(rng, edge)),
        Type::Text { max_chars } => Value::Text(text(rng, dictionary, field, max_chars)),
        Type::TextList { max_chars } => {
            let mut list: Vec<Text> = Vec::new();
            for _ in 0..rng.usize(..5) {
                let item = text(rng, dictionary, field, max_chars);
                if !list.contains(&item) {
                    list.push(item);
                }
            }
            Value::TextList(list.into())
        }
        Type::Point => Value::Point(point(rng, edge)),
    }
}

fn integer(rng: &mut Rng, edge: bool, least: i64, most: i64) -> i64 {
    if edge {
        return [least, most, least + 1, -1, 0][rng.usize(..5)];
    }
    match rng.u8(..8) {
        0 => rng.i64(1900..2030),
        _ => rng.i64(0..7),
    }
}

fn decimal(rng: &mut Rng, edge: bool, precision: Option<u8>, scale: Option<u8>) -> Decimal {
    let scale = u32::from(scale.unwrap_or(2)).min(10);
    let digits = u32::from(precision.unwrap_or(14)).min(18).max(scale + 1);
    let room = 10_i64.pow(digits - scale) - 1;
    let unit = 10_i64.pow(scale);
    if edge {
        let full = i64::try_from(10_i128.pow(digits) - 1).unwrap_or(i64::MAX);
        return Decimal::new([full, -full, 1, -1, 0][rng.usize(..5)], scale);
    }
    // A price of a few round ones, at times with a fraction.
    let whole = if room >= 1_000_000 { rng.i64(4..40) * 25_000 } else { rng.i64(0..=room.min(9)) };
    if scale > 0 && rng.u8(..4) == 0 {
        // 1.5 and 1.50 are one number and two spellings.
        let fraction = [unit / 2, unit / 10, unit - 1, 1][rng.usize(..4)];
        let number = Decimal::new(whole * unit + fraction, scale);
        return if rng.bool() { number.normalize() } else { number };
    }
    Decimal::from(whole)
}

fn double(rng: &mut Rng, edge: bool) -> f64 {
    const EDGES: &[f64] =
        &[f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, -0.0, 9_007_199_254_740_993.0, 0.1, 1e300, -1e-300];
    if edge { EDGES[rng.usize(..EDGES.len())] } else { f64::from(rng.i32(-8..40)) / 4.0 }
}

fn date(rng: &mut Rng, edge: bool) -> Date {
    const EDGES: &[Date] = &[
        Date::constant(1, 1, 1),
        Date::constant(1900, 2, 28),
        Date::constant(2000, 2, 29),
        Date::constant(2024, 12, 31),
        Date::constant(9999, 12, 31),
    ];
    if edge {
        return EDGES[rng.usize(..EDGES.len())];
    }
    Date::constant(2024, [2, 2, 3, 12][rng.usize(..4)], rng.i8(1..=29))
}

fn timestamp(rng: &mut Rng, edge: bool) -> Timestamp {
    const EDGES: &[Timestamp] = &[
        Timestamp::UNIX_EPOCH,
        Timestamp::constant(-62_135_596_800, 0),
        Timestamp::constant(-1, -1_000),
        Timestamp::constant(951_782_399, 999_999_000),
        Timestamp::constant(253_370_764_799, 999_999_000),
    ];
    if edge {
        return EDGES[rng.usize(..EDGES.len())];
    }
    // 1 March 2024; a few seconds, so that there are ties, or a few days.
    let base = Timestamp::constant(1_709_251_200, 0);
    let away = if rng.bool() { rng.i64(-4..4) } else { rng.i64(-30..30) * 86_400 + rng.i64(..86_400) };
    let micros = if rng.u8(..4) == 0 { [1, 500_000, 999_999][rng.usize(..3)] } else { 0 };
    base + SignedDuration::from_micros(away.wrapping_rem(10_000_000) * 1_000_000 + micros)
}

fn time(rng: &mut Rng, edge: bool) -> Time {
    if edge {
        return [Time::MIN, Time::constant(23, 59, 59, 999_999_000)][rng.usize(..2)];
    }
    Time::constant(rng.i8(8..20), [0, 15, 30, 45][rng.usize(..4)], 0, 0)
}

fn point(rng: &mut Rng, edge: bool) -> Point {
    const EDGES: &[(f64, f64)] =
        &[(180.0, 90.0), (-180.0, -90.0), (0.0, 0.0), (179.999, 0.0), (-180.0, 10.0)];
    if edge {
        let (longitude, latitude) = EDGES[rng.usize(..EDGES.len())];
        return Point { longitude, latitude };
    }
    // A grid of a few corners on the land around Seattle, so that borders are met.
    Point {
        longitude: -122.5 + f64::from(rng.i32(0..40)) / 64.0,
        latitude: 47.25 + f64::from(rng.i32(0..32)) / 64.0,
    }
}

fn text(rng: &mut Rng, dictionary: &Dictionary, field: &Field, max_chars: Option<u32>) -> Text {
    if let Some(lookup) = field.lookup.map(|id| dictionary.lookup(id)).filter(|l| !l.values.is_empty()) {
        // A few values are what most records hold.
        let most = if rng.u8(..8) == 0 { lookup.values.len() } else { lookup.values.len().min(3) };
        return lookup.values[rng.usize(..most)].value.clone();
    }
    if rng.bool() {
        let room = max_chars.map_or(usize::MAX, |max| max as usize);
        return word(rng).chars().take(room).collect::<String>().into();
    }
    phrase(rng, max_chars).into()
}
