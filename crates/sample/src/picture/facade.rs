//! Houses seen from outside: steep and old, low and long, or boxes with large panes.

use super::canvas::{Canvas, Frame, Ink};
use super::palette::Palette;
use super::subject::{Age, Subject};
use crate::Dice;

/// Where the walls stand on the ground.
pub(super) const FOOT: f32 = 600.0;

/// Draws the house between these two; the garden before it is drawn later.
pub(super) fn house(canvas: &mut Canvas, subject: &Subject, palette: &Palette, back: bool, dice: &mut Dice) {
    let storeys = f32::from(subject.storeys);
    let garage = if back { 0.0 } else { [0.0, 120.0, 190.0, 260.0][usize::from(subject.garage.min(3))] };
    let wide = match subject.age {
        Age::Old => 380.0,
        Age::Middle => 540.0,
        Age::New => 460.0,
    };
    let left = (1024.0 - wide - garage) / 2.0 + if back { 0.0 } else { -10.0 };
    canvas.oval([left - 50.0, FOOT - 16.0, wide + garage + 100.0, 46.0], Ink::of(0x18220f).thin(70));
    if garage > 0.0 {
        attached_garage(canvas, [left + wide - 2.0, FOOT - 120.0, garage, 120.0], subject, palette);
    }
    match subject.age {
        Age::Old => {
            old(canvas, [left, FOOT - 120.0 * storeys, wide, 120.0 * storeys], subject, palette, back, dice)
        }
        Age::Middle => middle(
            canvas,
            [left, FOOT - 122.0 * storeys.min(2.0), wide, 122.0 * storeys.min(2.0)],
            palette,
            back,
        ),
        Age::New => {
            new(canvas, [left, FOOT - 124.0 * storeys, wide, 124.0 * storeys], subject, palette, back, dice)
        }
    }
}

fn old(
    canvas: &mut Canvas,
    [x, y, wide, high]: Frame,
    subject: &Subject,
    palette: &Palette,
    back: bool,
    dice: &mut Dice,
) {
    let rise = 150.0;
    let chimney = x + wide * if dice.chance(0.5) { 0.2 } else { 0.74 };
    canvas.rect([chimney, y - rise * 0.95, 40.0, rise], Ink::of(0x8a4b3a));
    canvas.rect([chimney - 5.0, y - rise * 0.98, 50.0, 12.0], Ink::of(0x6f3a2d));
    siding(canvas, [x, y, wide, high], palette.wall, 15.0);
    canvas.shape(&[(x, y), (x + wide / 2.0, y - rise), (x + wide, y)], palette.wall.shade(-0.05));
    // The edges of the roof stand out over the gable.
    let ridge = (x + wide / 2.0, y - rise - 18.0);
    for side in [-1.0, 1.0] {
        let eave = x + wide / 2.0 + side * (wide / 2.0 + 34.0);
        let inner = x + wide / 2.0 + side * (wide / 2.0 + 8.0);
        canvas.shape(
            &[ridge, (eave, y + 18.0), (inner, y + 22.0), (x + wide / 2.0, y - rise + 10.0)],
            palette.roof.shade(side * -0.08),
        );
    }
    canvas.oval([x + wide / 2.0 - 26.0, y - 92.0, 52.0, 52.0], palette.trim);
    canvas.oval([x + wide / 2.0 - 20.0, y - 86.0, 40.0, 40.0], palette.glass);
    for floor in 0..subject.storeys {
        let top = FOOT - 120.0 * f32::from(floor + 1) + 24.0;
        let ground = floor == 0;
        for column in 0..3_u8 {
            if !(ground && column == 1 && !back) {
                let left = x + 34.0 + f32::from(column) * (wide - 68.0 - 62.0) / 2.0;
                window(canvas, [left, top, 62.0, 74.0], palette, 2);
            }
        }
    }
    if back {
        patio_doors(canvas, [x + wide / 2.0 - 60.0, FOOT - 96.0, 120.0, 96.0], palette);
        return;
    }
    door(canvas, [x + wide / 2.0 - 27.0, FOOT - 98.0, 54.0, 98.0], palette);
    // A porch along the whole front.
    let roof = FOOT - 122.0;
    canvas.shape(
        &[
            (x + 14.0, roof - 30.0),
            (x + wide - 14.0, roof - 30.0),
            (x + wide + 16.0, roof + 8.0),
            (x - 16.0, roof + 8.0),
        ],
        palette.roof,
    );
    canvas.rect([x - 10.0, roof + 8.0, wide + 20.0, 9.0], palette.trim);
    for post in 0..4_u8 {
        let left = x - 4.0 + f32::from(post) * (wide - 4.0) / 3.0;
        canvas.rect([left, roof + 16.0, 12.0, 106.0], palette.trim);
        canvas.rect([left - 5.0, FOOT - 20.0, 22.0, 20.0], palette.trim.shade(-0.08));
    }
    for (from, to) in [(x, x + wide * 0.36), (x + wide * 0.66, x + wide)] {
        canvas.rect([from, FOOT - 44.0, to - from, 5.0], palette.trim);
        let mut rail = from + 8.0;
        while rail < to {
            canvas.rect([rail, FOOT - 40.0, 3.0, 34.0], palette.trim);
            rail += 12.0;
        }
    }
    canvas.rect([x - 12.0, FOOT - 8.0, wide + 24.0, 14.0], Ink::of(0x9a958c));
    canvas.rect([x + wide / 2.0 - 46.0, FOOT + 4.0, 92.0, 12.0], Ink::of(0xb0aba2));
}

fn middle(canvas: &mut Canvas, [x, y, wide, high]: Frame, palette: &Palette, back: bool) {
    canvas.rect([x + wide * 0.64, y - 92.0, 58.0, 92.0], Ink::of(0x9c5b45));
    canvas.rect([x, y, wide, high], palette.wall);
    bricks(canvas, [x, FOOT - 52.0, wide, 52.0], palette.accent);
    canvas.shape(
        &[
            (x - 38.0, y + 10.0),
            (x + 74.0, y - 78.0),
            (x + wide - 74.0, y - 78.0),
            (x + wide + 38.0, y + 10.0),
        ],
        palette.roof,
    );
    for row in 1..5_u8 {
        let share = f32::from(row) / 5.0;
        let (inset, line) = (74.0 - 112.0 * share, y - 78.0 + 88.0 * share);
        canvas.line(&[(x + inset, line), (x + wide - inset, line)], 2.0, palette.roof.shade(-0.12));
    }
    canvas.rect([x - 38.0, y + 8.0, wide + 76.0, 9.0], palette.trim);
    if high > 200.0 {
        for column in 0..4_u8 {
            window(
                canvas,
                [x + 40.0 + f32::from(column) * (wide - 160.0) / 3.0, y + 30.0, 80.0, 62.0],
                palette,
                1,
            );
        }
        canvas.rect([x, FOOT - 126.0, wide, 7.0], palette.trim);
    }
    window(canvas, [x + 36.0, FOOT - 96.0, 180.0, 78.0], palette, 3);
    window(canvas, [x + wide - 130.0, FOOT - 96.0, 90.0, 62.0], palette, 1);
    if back {
        patio_doors(canvas, [x + wide * 0.5 - 30.0, FOOT - 98.0, 150.0, 98.0], palette);
        return;
    }
    let left = x + wide * 0.54;
    door(canvas, [left, FOOT - 98.0, 52.0, 98.0], palette);
    canvas.rect([left - 22.0, FOOT - 94.0, 14.0, 88.0], palette.glass);
    canvas.rect([left - 40.0, FOOT - 4.0, 130.0, 10.0], Ink::of(0xb5b0a6));
}

fn new(
    canvas: &mut Canvas,
    [x, y, wide, high]: Frame,
    subject: &Subject,
    palette: &Palette,
    back: bool,
    dice: &mut Dice,
) {
    let flip = dice.chance(0.5) != back;
    let storeys = subject.storeys.max(1);
    for floor in 0..storeys {
        let top = FOOT - 124.0 * f32::from(floor + 1);
        // Every floor is a box of its own, moved to one side.
        let moved = f32::from(floor) * if flip { 34.0 } else { -34.0 };
        let narrow = f32::from(floor) * 36.0;
        let (left, size) = (x + narrow / 2.0 + moved, wide - narrow);
        let clad = floor % 2 == 1;
        let ink = if clad { palette.accent } else { palette.wall };
        if clad {
            siding(canvas, [left, top, size, 124.0], ink, 9.0)
        } else {
            canvas.rect([left, top, size, 124.0], ink)
        }
        canvas.rect([left, top + 112.0, size, 12.0], ink.shade(-0.14));
        canvas.rect([left - 14.0, top - 10.0, size + 28.0, 14.0], palette.roof);
        let pane = [
            left + size * if flip { 0.52 } else { 0.06 },
            top + 22.0,
            size * 0.42,
            if floor == 0 { 96.0 } else { 78.0 },
        ];
        window(canvas, pane, palette, 4);
        if floor > 0 {
            window(
                canvas,
                [left + size * if flip { 0.14 } else { 0.66 }, top + 30.0, size * 0.2, 56.0],
                palette,
                1,
            );
            canvas
                .rect([pane[0] - 8.0, top + 84.0, pane[2] + 16.0, 22.0], palette.glass.shade(0.4).thin(120));
            canvas.rect([pane[0] - 8.0, top + 82.0, pane[2] + 16.0, 4.0], palette.trim);
        }
    }
    if high < 130.0 {
        canvas.shape(
            &[
                (x - 20.0, y - 6.0),
                (x + wide + 26.0, y - 60.0),
                (x + wide + 26.0, y - 44.0),
                (x - 20.0, y + 8.0),
            ],
            palette.roof,
        );
        canvas.shape(&[(x, y + 6.0), (x + wide, y - 40.0), (x + wide, y + 6.0)], palette.wall.shade(-0.06));
    }
    let left = x + wide * if flip { 0.3 } else { 0.56 };
    if back {
        patio_doors(canvas, [left - 60.0, FOOT - 100.0, 150.0, 100.0], palette);
        return;
    }
    canvas.rect([left - 16.0, FOOT - 112.0, 88.0, 112.0], palette.accent);
    door(canvas, [left, FOOT - 100.0, 56.0, 100.0], palette);
    canvas.rect([left - 30.0, FOOT - 120.0, 116.0, 9.0], palette.trim);
    canvas.rect([left - 34.0, FOOT - 4.0, 124.0, 10.0], Ink::of(0xbab6ae));
}

fn attached_garage(canvas: &mut Canvas, [x, y, wide, high]: Frame, subject: &Subject, palette: &Palette) {
    canvas.rect([x, y, wide, high], palette.wall.shade(-0.07));
    if subject.age == Age::New {
        canvas.rect([x - 4.0, y - 10.0, wide + 18.0, 14.0], palette.roof);
    } else {
        canvas.shape(
            &[(x - 6.0, y + 6.0), (x + wide / 2.0, y - 56.0), (x + wide + 26.0, y + 6.0)],
            palette.roof,
        );
        canvas.shape(
            &[(x + 14.0, y + 6.0), (x + wide / 2.0, y - 40.0), (x + wide - 2.0, y + 6.0)],
            palette.wall.shade(-0.1),
        );
    }
    let doors = f32::from(subject.garage.max(1));
    let size = (wide - 16.0 * (doors + 1.0)) / doors;
    for nth in 0..subject.garage.max(1) {
        let left = x + 16.0 + f32::from(nth) * (size + 16.0);
        canvas.rect([left, y + 32.0, size, high - 32.0], palette.trim.mix(Ink::of(0xffffff), 0.3));
        for panel in 1..4_u8 {
            canvas.rect([left, y + 32.0 + f32::from(panel) * 22.0, size, 2.0], palette.trim.shade(-0.25));
        }
    }
    // The drive, widening towards the street.
    let corners = [(x + 8.0, FOOT), (x + wide - 4.0, FOOT), (x + wide + 60.0, 692.0), (x + 20.0, 692.0)];
    canvas.shape(&corners, Ink::of(0xb4b0aa));
    canvas.line(&[(x + wide / 2.0, FOOT), (x + wide / 2.0 + 34.0, 692.0)], 1.5, Ink::of(0x97938d));
}

fn window(canvas: &mut Canvas, [x, y, wide, high]: Frame, palette: &Palette, panes: u8) {
    canvas.rect([x - 6.0, y - 6.0, wide + 12.0, high + 12.0], palette.trim);
    canvas.fade([x, y, wide, high], palette.glass.shade(-0.1), palette.glass.shade(0.25));
    canvas.shape(
        &[
            (x + wide * 0.1, y + high),
            (x + wide * 0.45, y),
            (x + wide * 0.62, y),
            (x + wide * 0.27, y + high),
        ],
        Ink::of(0xffffff).thin(46),
    );
    for bar in 1..panes {
        canvas.rect([x + wide * f32::from(bar) / f32::from(panes) - 1.5, y, 3.0, high], palette.trim);
    }
    if panes <= 2 {
        canvas.rect([x, y + high / 2.0 - 1.5, wide, 3.0], palette.trim);
    }
    canvas.rect([x - 9.0, y + high + 5.0, wide + 18.0, 6.0], palette.trim.shade(-0.12));
}

fn door(canvas: &mut Canvas, [x, y, wide, high]: Frame, palette: &Palette) {
    canvas.rect([x - 7.0, y - 8.0, wide + 14.0, high + 8.0], palette.trim);
    canvas.rect([x, y, wide, high], palette.door);
    for (dx, dy) in [(0.14, 0.1), (0.56, 0.1), (0.14, 0.54), (0.56, 0.54)] {
        let ink = if dy < 0.2 { palette.glass } else { palette.door.shade(-0.2) };
        canvas.rect([x + wide * dx, y + high * dy, wide * 0.3, high * 0.34], ink);
    }
    canvas.oval([x + wide * 0.86, y + high * 0.5, 6.0, 6.0], Ink::of(0xe8c65a));
}

fn patio_doors(canvas: &mut Canvas, [x, y, wide, high]: Frame, palette: &Palette) {
    window(canvas, [x, y, wide, high - 8.0], palette, 3);
    canvas.rect([x - 70.0, y + high - 4.0, wide + 140.0, 18.0], Ink::of(0xa77f55));
    for plank in 0..6_u8 {
        canvas
            .rect([x - 70.0, y + high + f32::from(plank) * 3.0 - 2.0, wide + 140.0, 0.8], Ink::of(0x7d5c3b));
    }
}

fn siding(canvas: &mut Canvas, [x, y, wide, high]: Frame, ink: Ink, step: f32) {
    canvas.rect([x, y, wide, high], ink);
    let mut line = y + step;
    while line < y + high {
        canvas.rect([x, line, wide, 1.5], ink.shade(-0.1));
        line += step;
    }
}

fn bricks(canvas: &mut Canvas, [x, y, wide, high]: Frame, ink: Ink) {
    canvas.rect([x, y, wide, high], ink);
    let mut row = 0.0;
    while row * 13.0 < high {
        canvas.rect([x, y + row * 13.0, wide, 1.5], ink.shade(0.25));
        let mut left = x + if row as i32 % 2 == 0 { 14.0 } else { 0.0 };
        while left < x + wide - 4.0 {
            canvas.rect([left, y + row * 13.0, 1.5, 13.0], ink.shade(0.25));
            left += 28.0;
        }
        row += 1.0;
    }
}
