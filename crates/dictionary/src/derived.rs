//! Fields that are computed from others.

use crate::{FieldId, Fields, Point, Record, Resource, Value, ValueRef};

/// A point that a resource offers beside its longitude and latitude (Property's `Coordinates`).
///
/// It is not kept: whoever shows or finds records computes it, so that it cannot differ from the fields
/// it comes from. A record that brings one of its own keeps that.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Derived {
    /// The point.
    pub field: FieldId,
    longitude: FieldId,
    latitude: FieldId,
}

impl Resource {
    /// The point that is computed from this resource's longitude and latitude, where it has all three.
    #[must_use]
    pub fn derived(&self) -> Option<Derived> {
        let (field, longitude, latitude) =
            (self.find("Coordinates")?, self.find("Longitude")?, self.find("Latitude")?);
        Some(Derived { field, longitude, latitude })
    }
}

impl Derived {
    /// What the point of `record` is, where it brings none of its own and has a place on the globe.
    #[must_use]
    pub fn value(&self, record: &impl Fields) -> Option<Value> {
        if record.look(self.field).is_some() {
            return None;
        }
        let degrees = |field: FieldId| match record.look(field)? {
            // Both are exact as doubles up to 15 digits, so the quotient is the nearest one there is.
            #[expect(clippy::cast_precision_loss, reason = "degrees have at most 12 digits")]
            ValueRef::Decimal(number) => {
                Some(number.mantissa() as f64 / 10f64.powi(i32::try_from(number.scale()).ok()?))
            }
            ValueRef::Double(number) => Some(number),
            _ => None,
        };
        let (longitude, latitude) = (degrees(self.longitude)?, degrees(self.latitude)?);
        let on_the_globe = longitude.abs() <= 180.0 && latitude.abs() <= 90.0;
        on_the_globe.then_some(Value::Point(Point { longitude, latitude }))
    }

    /// Puts the point into `record`.
    pub fn complete(&self, record: &mut Record) {
        if let Some(point) = self.value(record) {
            record.set(self.field, point);
        }
    }
}
