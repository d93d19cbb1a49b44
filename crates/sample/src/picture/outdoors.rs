//! Sky, what lies behind the house, garden and street.

use super::canvas::{Canvas, Ink};
use super::palette::Palette;
use super::subject::Setting;
use crate::Dice;

const WIDE: f32 = 1024.0;
const HIGH: f32 = 768.0;

/// Where the land ends.
pub(super) const HORIZON: f32 = 470.0;

/// A number of this range.
pub(super) fn within(dice: &mut Dice, low: f32, high: f32) -> f32 {
    low + dice.unit() as f32 * (high - low)
}

pub(super) fn sky(canvas: &mut Canvas, palette: &Palette, dice: &mut Dice) {
    canvas.fade([0.0, 0.0, WIDE, HORIZON + 60.0], palette.sky[0], palette.sky[1]);
    let (x, y) = (within(dice, 80.0, 940.0), within(dice, 60.0, 150.0));
    let sun = if palette.evening { Ink::of(0xffe9c9) } else { Ink::of(0xfff8dc) };
    canvas.oval([x - 60.0, y - 60.0, 120.0, 120.0], sun.thin(50));
    canvas.oval([x - 34.0, y - 34.0, 68.0, 68.0], sun.thin(235));
    for _ in 0..dice.between(1, 4) {
        let (x, y) = (within(dice, -60.0, 900.0), within(dice, 30.0, 230.0));
        let size = within(dice, 0.6, 1.4);
        let white = palette.haze.shade(0.5).thin(190);
        for (dx, dy, width, height) in [
            (0.0, 20.0, 190.0, 34.0),
            (28.0, 2.0, 84.0, 48.0),
            (82.0, -8.0, 74.0, 56.0),
            (60.0, 14.0, 110.0, 40.0),
        ] {
            canvas.oval([x + dx * size, y + dy * size, width * size, height * size], white);
        }
    }
}

pub(super) fn background(canvas: &mut Canvas, palette: &Palette, setting: Setting, dice: &mut Dice) {
    match setting {
        Setting::Mountains => mountains(canvas, palette, dice),
        Setting::Water => water(canvas, palette, dice),
        Setting::Town => town(canvas, palette, dice),
        Setting::Woods => {}
    }
    hills(canvas, palette, dice);
    let rows = if setting == Setting::Woods { 2 } else { 1 };
    for row in 0..rows {
        let far = row == 0;
        let ink = if far { palette.needle.mix(palette.haze, 0.45) } else { palette.needle };
        let (low, high) = if setting == Setting::Woods { (120.0, 250.0) } else { (40.0, 95.0) };
        let mut x = -20.0;
        while x < WIDE {
            let tall = within(dice, low, high) * if far { 1.0 } else { 0.8 };
            if setting == Setting::Woods || dice.chance(0.55) {
                conifer(canvas, x, HORIZON + 22.0, tall, ink);
            }
            x += within(dice, 22.0, 60.0);
        }
    }
}

fn mountains(canvas: &mut Canvas, palette: &Palette, dice: &mut Dice) {
    for (row, base) in [(0, 260.0), (1, 180.0)] {
        let ink = Ink::of(0x5f7390).mix(palette.haze, 0.5 - row as f32 * 0.25);
        let mut x = within(dice, -200.0, -60.0);
        while x < WIDE {
            let (wide, tall) = (within(dice, 220.0, 420.0), within(dice, base * 0.6, base));
            let (top, foot) = (HORIZON - tall, HORIZON + 20.0);
            let peak = x + wide * within(dice, 0.4, 0.6);
            canvas.shape(&[(x, foot), (peak, top), (x + wide, foot)], ink);
            canvas.shape(&[(peak, top), (x + wide, foot), (peak + wide * 0.08, foot)], ink.shade(-0.12));
            let (cap, left, right) = (tall * 0.3, (peak - x) * 0.3, (x + wide - peak) * 0.3);
            let snow = Ink::of(0xf5f8fb).mix(palette.haze, 0.2);
            let teeth = [
                (peak, top),
                (peak + right, top + cap),
                (peak + right * 0.4, top + cap * 0.75),
                (peak, top + cap * 1.1),
                (peak - left * 0.5, top + cap * 0.7),
                (peak - left, top + cap),
            ];
            canvas.shape(&teeth, snow);
            x += wide * 0.6;
        }
    }
}

fn water(canvas: &mut Canvas, palette: &Palette, dice: &mut Dice) {
    let shore = palette.needle.mix(palette.haze, 0.55);
    canvas.shape(
        &[
            (0.0, 400.0),
            (260.0, 372.0),
            (520.0, 392.0),
            (800.0, 366.0),
            (WIDE, 396.0),
            (WIDE, 430.0),
            (0.0, 430.0),
        ],
        shore,
    );
    canvas.fade(
        [0.0, 408.0, WIDE, 120.0],
        palette.sky[0].mix(palette.sky[1], 0.6),
        palette.sky[0].mix(Ink::of(0x1f5f7a), 0.5),
    );
    for _ in 0..40 {
        let (x, y) = (within(dice, 0.0, WIDE), within(dice, 414.0, HORIZON + 30.0));
        canvas.rect([x, y, within(dice, 20.0, 90.0), 2.0], palette.haze.thin(110));
    }
    for _ in 0..dice.between(1, 2) {
        let (x, y) = (within(dice, 60.0, 920.0), within(dice, 412.0, 430.0));
        canvas.shape(&[(x, y - 46.0), (x + 30.0, y), (x, y)], Ink::of(0xfdfdfb));
        canvas.shape(
            &[(x - 18.0, y + 2.0), (x + 34.0, y + 2.0), (x + 24.0, y + 10.0), (x - 12.0, y + 10.0)],
            palette.door,
        );
    }
}

fn town(canvas: &mut Canvas, palette: &Palette, dice: &mut Dice) {
    let mut x = within(dice, -60.0, 0.0);
    while x < WIDE {
        let (wide, tall) = (within(dice, 90.0, 150.0), within(dice, 60.0, 110.0));
        let wall = Ink::of([0xc9bfae, 0xb5bfc4, 0xd8cfc0, 0xa9a39a][dice.index(4)]).mix(palette.haze, 0.35);
        let top = HORIZON + 20.0 - tall;
        canvas.rect([x, top, wide, tall], wall);
        canvas.shape(
            &[(x - 8.0, top), (x + wide / 2.0, top - 44.0), (x + wide + 8.0, top)],
            palette.roof.mix(palette.haze, 0.4),
        );
        for window in 0..2 {
            canvas.rect(
                [x + 18.0 + window as f32 * 44.0, top + 22.0, 22.0, 26.0],
                palette.glass.mix(palette.haze, 0.3),
            );
        }
        x += wide + within(dice, 14.0, 60.0);
    }
}

fn hills(canvas: &mut Canvas, palette: &Palette, dice: &mut Dice) {
    let ink = palette.lawn.mix(palette.haze, 0.25).shade(-0.05);
    let (left, middle, right) = (within(dice, 0.0, 26.0), within(dice, 0.0, 26.0), within(dice, 0.0, 26.0));
    let line =
        [(0.0, HORIZON - left), (340.0, HORIZON - middle), (690.0, HORIZON - right), (WIDE, HORIZON - left)];
    let mut corners = line.to_vec();
    corners.extend([(WIDE, HORIZON + 60.0), (0.0, HORIZON + 60.0)]);
    canvas.shape(&corners, ink);
}

/// The lawn before the house, and the street where there is one.
pub(super) fn ground(canvas: &mut Canvas, palette: &Palette, street: bool, dice: &mut Dice) {
    canvas.fade(
        [0.0, HORIZON + 16.0, WIDE, HIGH - HORIZON],
        palette.lawn.shade(-0.08),
        palette.lawn.shade(0.06),
    );
    for _ in 0..120 {
        let (x, y) = (within(dice, 0.0, WIDE), within(dice, 500.0, 690.0));
        canvas.line(&[(x, y), (x + within(dice, -3.0, 3.0), y - 7.0)], 1.5, palette.lawn.shade(-0.16));
    }
    if street {
        canvas.rect([0.0, 690.0, WIDE, 16.0], Ink::of(0xcfcac0).mix(palette.lawn, 0.1));
        canvas.rect([0.0, 706.0, WIDE, 62.0], Ink::of(0x5f6166).mix(palette.sky[0], 0.12));
        for dash in 0..7_u8 {
            canvas.rect([f32::from(dash) * 160.0 + 20.0, 736.0, 84.0, 5.0], Ink::of(0xf3e6b0).thin(200));
        }
    }
}

pub(super) fn conifer(canvas: &mut Canvas, x: f32, foot: f32, tall: f32, ink: Ink) {
    canvas.rect(
        [x - tall * 0.03, foot - tall * 0.14, tall * 0.06, tall * 0.14],
        Ink::of(0x5a4130).mix(ink, 0.3),
    );
    for tier in 0..3_u8 {
        let low = foot - tall * (0.1 + 0.27 * f32::from(tier));
        let half = tall * (0.24 - 0.055 * f32::from(tier));
        canvas.shape(
            &[(x - half, low), (x, low - tall * 0.42), (x + half, low)],
            ink.shade(0.05 * f32::from(tier)),
        );
    }
}

pub(super) fn tree(canvas: &mut Canvas, x: f32, foot: f32, tall: f32, ink: Ink, dice: &mut Dice) {
    let trunk = Ink::of(0x6b4d37);
    canvas.oval([x - tall * 0.36, foot - 8.0, tall * 0.72, 16.0], Ink::of(0x1d2a12).thin(60));
    canvas.shape(
        &[
            (x - tall * 0.045, foot),
            (x - tall * 0.02, foot - tall * 0.5),
            (x + tall * 0.02, foot - tall * 0.5),
            (x + tall * 0.045, foot),
        ],
        trunk,
    );
    for nth in 0..9_u8 {
        let size = tall * within(dice, 0.3, 0.44);
        let (dx, dy) = (within(dice, -0.24, 0.24) * tall, within(dice, -0.9, -0.5) * tall);
        let tint = ink.shade(-0.14 + 0.035 * f32::from(nth));
        canvas.oval([x + dx - size / 2.0, foot + dy - size / 2.0, size, size * 0.9], tint);
    }
}

/// Bushes and flowers along a wall.
pub(super) fn planting(
    canvas: &mut Canvas,
    from: f32,
    to: f32,
    foot: f32,
    palette: &Palette,
    dice: &mut Dice,
) {
    let mut x = from;
    while x < to - 20.0 {
        let size = within(dice, 26.0, 54.0);
        let green = palette.leaf.mix(palette.needle, within(dice, 0.3, 0.8));
        canvas.oval([x, foot - size * 0.75, size * 1.2, size * 0.85], green);
        canvas.oval([x + size * 0.2, foot - size * 0.75, size * 0.6, size * 0.4], green.shade(0.1));
        if dice.chance(0.6) {
            let bloom = Ink::of([0xf06a8a, 0xf7d154, 0xffffff, 0xb07fe0][dice.index(4)]);
            for _ in 0..6 {
                let (dx, dy) = (within(dice, 0.1, 1.0) * size, within(dice, 0.1, 0.6) * size);
                canvas.oval([x + dx, foot - dy, 6.0, 6.0], bloom);
            }
        }
        x += size * within(dice, 0.8, 1.5);
    }
}
