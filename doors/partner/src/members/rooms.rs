//! Rooms and units of a listing: what their own records say.

use dictionary::{Decimal, Fields as _, ValueRef};
use search::RowView;

use super::condition::{Test, number};
use super::measure::half_up;
use super::scene::Scene;
use super::write::{piece, text};

/// Hands every linked record that passes the test to `each`.
fn passing<'s>(test: &Test, scene: &Scene<'s>, mut each: impl FnMut(RowView<'s>)) {
    let Some((link, target)) = test.link else { return };
    for row in scene.linked(link).iter() {
        let view = scene.look.reader.view(target, *row);
        if test.holds_of(&view) == Some(true) {
            each(view);
        }
    }
}

/// What is said of the rooms: each one's description, dimensions and level, with semicolons between rooms.
pub(super) fn described(test: &Test, scene: &Scene<'_>, out: &mut Vec<u8>) -> bool {
    let known = scene.known();
    let mut said = String::new();
    passing(test, scene, |room| {
        let mut one = String::new();
        for field in [known.room_description, known.room_dimensions, known.room_level] {
            if let Some(ValueRef::Text(words)) = room.look(field) {
                piece(&mut one, words);
            }
        }
        if !said.is_empty() && !one.is_empty() {
            said.push_str("; ");
        }
        said.push_str(&one);
    });
    text(out, &said)
}

/// The area of the rooms, in square feet; none where none is stated.
pub(super) fn area(test: &Test, scene: &Scene<'_>) -> Option<Decimal> {
    let known = scene.known();
    let mut sum = None;
    passing(test, scene, |room| {
        let Some(area) = room.look(known.room_area).and_then(number) else { return };
        let metric = room.look(known.room_area_units) == Some(ValueRef::Text("Square Meters"));
        // A square foot is 0.09290304 square metres by definition.
        let feet = if metric { half_up(area / Decimal::new(9_290_304, 8), 0) } else { area };
        sum = Some(sum.unwrap_or(Decimal::ZERO) + feet);
    });
    sum
}

/// How many units there are; a kind of unit whose number is not stated is one unit.
pub(super) fn units(test: &Test, scene: &Scene<'_>) -> Option<Decimal> {
    let known = scene.known();
    let mut sum: Option<i64> = None;
    passing(test, scene, |unit| {
        let count = match unit.look(known.units_total) {
            Some(ValueRef::Integer(count)) => count,
            _ => 1,
        };
        sum = Some(sum.unwrap_or(0).saturating_add(count));
    });
    sum.map(Decimal::from)
}
