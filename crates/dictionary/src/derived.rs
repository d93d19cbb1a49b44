//! Fields that are computed from others.

use crate::{FieldId, Fields, Point, Record, Resource, Timestamp, Value, ValueRef};

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

/// The fields that say when this installation wrote a record and when it first held it, where a resource
/// has them. The store's log knows; a record that brings them is not believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct HubFields {
    /// HubModificationTimestamp: when the version that counts was written.
    pub modification: Option<FieldId>,
    /// HubEntryTimestamp: when the record came into being here.
    pub entry: Option<FieldId>,
}

impl HubFields {
    /// Their values for a version written at `modification` of a record that came into being at `entry`.
    pub fn values(self, modification: Timestamp, entry: Timestamp) -> impl Iterator<Item = (FieldId, Value)> {
        let one = |field: Option<FieldId>, at: Timestamp| Some((field?, Value::Timestamp(at)));
        [one(self.modification, modification), one(self.entry, entry)].into_iter().flatten()
    }

    /// Whether `field` is one of them.
    #[must_use]
    pub fn contains(self, field: FieldId) -> bool {
        self.modification == Some(field) || self.entry == Some(field)
    }
}

impl Resource {
    /// The fields that say when this installation saw a record.
    #[must_use]
    pub fn hub_fields(&self) -> HubFields {
        HubFields {
            modification: self.find("HubModificationTimestamp"),
            entry: self.find("HubEntryTimestamp"),
        }
    }

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
