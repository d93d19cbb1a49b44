//! A column of points: longitude and latitude in steps of 1e-8 degrees where that says them exactly,
//! their bits where it does not.

use dictionary::Point;

use super::ahead::codes;
use super::chunk::Frame;
use super::ints::Ints;
use super::numbers::{bits_of, double_of};

/// A point or null for each row.
#[derive(Clone, Debug)]
pub(crate) struct Points {
    longitude: Ints,
    latitude: Ints,
    /// Whether the numbers are bits.
    exact: bool,
}

/// Steps in a degree: the dictionary's Longitude and Latitude have eight digits after the point.
const STEPS: f64 = 1e8;

impl Points {
    pub(crate) fn new() -> Self {
        Self { longitude: Ints::new(Frame::Fitted), latitude: Ints::new(Frame::Fitted), exact: false }
    }

    #[inline]
    pub(crate) fn get(&self, row: u32) -> Option<Point> {
        let (longitude, latitude) = (self.longitude.get(row)?, self.latitude.get(row)?);
        Some(if self.exact {
            Point { longitude: double_of(longitude), latitude: double_of(latitude) }
        } else {
            Point { longitude: from_steps(longitude), latitude: from_steps(latitude) }
        })
    }

    /// As [`Column::look_ahead`](super::Column::look_ahead).
    pub(super) fn look_ahead(&self, rows: &[u32]) -> usize {
        codes(&self.longitude, rows).chain(codes(&self.latitude, rows)).fold(0, usize::wrapping_add)
    }

    /// Gives `row` this point; false where a part of it is no number.
    pub(crate) fn set(&mut self, row: u32, point: Point) -> bool {
        if point.longitude.is_nan() || point.latitude.is_nan() {
            return false;
        }
        if !self.exact && (steps(point.longitude).is_none() || steps(point.latitude).is_none()) {
            self.make_exact();
        }
        let number = |degrees: f64| if self.exact { bits_of(degrees) } else { steps(degrees).unwrap_or(0) };
        let (longitude, latitude) = (number(point.longitude), number(point.latitude));
        self.longitude.set(row, longitude);
        self.latitude.set(row, latitude);
        true
    }

    fn make_exact(&mut self) {
        for ints in [&mut self.longitude, &mut self.latitude] {
            let mut exact = Ints::new(Frame::Fitted);
            ints.each(|row, steps| exact.set(row, bits_of(from_steps(steps))));
            *ints = exact;
        }
        self.exact = true;
    }

    pub(crate) fn clear(&mut self, row: u32) {
        self.longitude.clear(row);
        self.latitude.clear(row);
    }

    /// What is null where a row has no point.
    pub(crate) fn presence(&self) -> &Ints {
        &self.longitude
    }

    pub(crate) fn bytes(&self) -> usize {
        self.longitude.bytes() + self.latitude.bytes()
    }

    pub(crate) fn shrink(&mut self) {
        self.longitude.shrink();
        self.latitude.shrink();
    }
}

/// Whole steps that say `degrees` exactly.
fn steps(degrees: f64) -> Option<i64> {
    let steps = (degrees * STEPS).round();
    #[expect(clippy::cast_possible_truncation, reason = "bounded by the comparison")]
    let whole = (steps.abs() < 1e15).then_some(steps as i64)?;
    // Bits are compared so that −0 stays −0.
    (from_steps(whole).to_bits() == degrees.to_bits()).then_some(whole)
}

fn from_steps(steps: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "steps are below 1e15")]
    let steps = steps as f64;
    steps / STEPS
}
