//! Drawings of houses: each listing its own, the same at every call.
//!
//! What is drawn is read from the `MediaKey` alone, so that drawing needs no store: storeys, age,
//! garage and surroundings are the listing's own, colours and garden its seed's. Eight kinds of picture
//! by `Order`: the front, five rooms, the back, and the view.

mod canvas;
mod facade;
mod indoors;
mod outdoors;
mod palette;
mod subject;

use canvas::Canvas;
use palette::Palette;
use subject::Setting;
pub(crate) use subject::{Subject, shows};

use crate::Dice;

/// Pixels across.
pub const WIDTH: u16 = 1024;
/// Pixels down.
pub const HEIGHT: u16 = 768;

/// A drawn picture.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Picture {
    /// Pixels across.
    pub width: u16,
    /// Pixels down.
    pub height: u16,
    /// A JPEG file.
    pub jpeg: Vec<u8>,
}

/// Draws the picture of this `MediaKey` of the King County market, or none where the key is not of its
/// form. Some milliseconds.
#[must_use]
pub fn picture(key: &str) -> Option<Picture> {
    let (subject, order) = Subject::read(key)?;
    let palette = Palette::of(&subject);
    let mut canvas = Canvas::new()?;
    // A garden of its own for each picture, but the same sky and the same house.
    let mut dice = Dice::at(u64::from(subject.seed), order.unsigned_abs());
    match order {
        2 => indoors::living(&mut canvas, &subject, &palette, &mut dice),
        3 => indoors::kitchen(&mut canvas, &subject, &palette, &mut dice),
        4 => indoors::bedroom(&mut canvas, &subject, &palette, &mut dice),
        5 => indoors::bathroom(&mut canvas, &subject, &palette, &mut dice),
        7 => indoors::dining(&mut canvas, &subject, &palette, &mut dice),
        8 => view(&mut canvas, &subject, &palette, &mut dice),
        order => outside(&mut canvas, &subject, &palette, order == 6, &mut dice),
    }
    Some(Picture { width: WIDTH, height: HEIGHT, jpeg: canvas.jpeg()? })
}

/// Whether [`picture`] draws this key, found out without drawing.
#[must_use]
pub fn is_key(key: &str) -> bool {
    Subject::read(key).is_some()
}

fn outside(canvas: &mut Canvas, subject: &Subject, palette: &Palette, back: bool, dice: &mut Dice) {
    outdoors::sky(canvas, palette, dice);
    // The street side looks away from water and mountains, but a demonstration may show them.
    outdoors::background(canvas, palette, subject.setting, dice);
    outdoors::ground(canvas, palette, !back, dice);
    let (left, right) = (outdoors::within(dice, 30.0, 130.0), outdoors::within(dice, 900.0, 1000.0));
    outdoors::conifer(canvas, left, 590.0, outdoors::within(dice, 260.0, 400.0), palette.needle);
    facade::house(canvas, subject, palette, back, &mut Dice::at(u64::from(subject.seed), 0));
    outdoors::planting(canvas, 170.0, 420.0, 626.0, palette, dice);
    if back {
        outdoors::planting(canvas, 640.0, 860.0, 632.0, palette, dice);
        outdoors::tree(canvas, right - 40.0, 680.0, outdoors::within(dice, 260.0, 360.0), palette.leaf, dice);
    } else {
        outdoors::tree(canvas, left + 30.0, 676.0, outdoors::within(dice, 220.0, 320.0), palette.leaf, dice);
    }
    if subject.setting == Setting::Woods {
        outdoors::conifer(canvas, right, 660.0, 420.0, palette.needle.shade(0.06));
    }
}

fn view(canvas: &mut Canvas, subject: &Subject, palette: &Palette, dice: &mut Dice) {
    outdoors::sky(canvas, palette, dice);
    outdoors::background(canvas, palette, subject.setting, dice);
    outdoors::ground(canvas, palette, false, dice);
    for (x, tall) in [(110.0, 330.0), (930.0, 400.0)] {
        outdoors::tree(canvas, x, 700.0, tall, palette.leaf, dice);
    }
    outdoors::planting(canvas, 0.0, 1024.0, 768.0, palette, dice);
}

#[cfg(test)]
mod tests;
