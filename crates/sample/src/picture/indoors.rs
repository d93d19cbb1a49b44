//! Rooms: a wall, a floor, a window with what lies outside, and furniture.

use super::canvas::{Canvas, Frame, Ink};
use super::outdoors;
use super::palette::Palette;
use super::subject::{Setting, Subject};
use crate::Dice;

/// Where the wall meets the floor.
const FLOOR: f32 = 520.0;

fn room(canvas: &mut Canvas, palette: &Palette, tiles: bool) {
    canvas.fade([0.0, 0.0, 1024.0, FLOOR], palette.paint.shade(-0.04), palette.paint.shade(0.1));
    canvas.rect([0.0, 0.0, 1024.0, 26.0], Ink::of(0xfbfaf7));
    let floor = if tiles { Ink::of(0xd6d3cb) } else { palette.floor };
    canvas.fade([0.0, FLOOR, 1024.0, 248.0], floor.shade(-0.12), floor.shade(0.05));
    // Boards run towards the eye.
    for board in -14..15_i16 {
        let (top, foot) = (512.0 + f32::from(board) * 44.0, 512.0 + f32::from(board) * 150.0);
        canvas.line(&[(top, FLOOR), (foot, 768.0)], 2.0, floor.shade(-0.22).thin(150));
    }
    if tiles {
        for y in [548.0, 590.0, 648.0, 726.0] {
            canvas.rect([0.0, y, 1024.0, 2.0], floor.shade(-0.2).thin(150));
        }
    }
    canvas.rect([0.0, FLOOR - 16.0, 1024.0, 18.0], Ink::of(0xfdfcfa));
    canvas.rect([0.0, FLOOR + 2.0, 1024.0, 3.0], floor.shade(-0.35));
}

/// A window onto the land around the house.
fn outlook(
    canvas: &mut Canvas,
    [x, y, wide, high]: Frame,
    subject: &Subject,
    palette: &Palette,
    dice: &mut Dice,
) {
    canvas.rect([x - 14.0, y - 14.0, wide + 28.0, high + 28.0], Ink::of(0xfdfcfa));
    canvas.fade([x, y, wide, high], palette.sky[0], palette.sky[1]);
    let line = y + high * 0.68;
    match subject.setting {
        Setting::Mountains => {
            let far = Ink::of(0x5f7390).mix(palette.haze, 0.35);
            canvas.shape(&[(x, line), (x + wide * 0.3, y + high * 0.26), (x + wide * 0.56, line)], far);
            canvas.shape(
                &[(x + wide * 0.36, line), (x + wide * 0.7, y + high * 0.36), (x + wide, line)],
                far.shade(-0.08),
            );
            canvas.shape(
                &[
                    (x + wide * 0.3, y + high * 0.26),
                    (x + wide * 0.36, y + high * 0.38),
                    (x + wide * 0.24, y + high * 0.38),
                ],
                Ink::of(0xf6f8fa),
            );
        }
        Setting::Water => {
            canvas.rect([x, y + high * 0.56, wide, high * 0.2], palette.sky[0].mix(Ink::of(0x1f5f7a), 0.45));
            canvas.rect([x, y + high * 0.5, wide, high * 0.06], palette.needle.mix(palette.haze, 0.5));
        }
        Setting::Town => {
            for nth in 0..3_u8 {
                let left = x + wide * (0.06 + 0.32 * f32::from(nth));
                canvas.rect(
                    [left, line - high * 0.22, wide * 0.22, high * 0.22],
                    Ink::of(0xb9b2a5).mix(palette.haze, 0.2),
                );
                canvas.shape(
                    &[
                        (left - 6.0, line - high * 0.22),
                        (left + wide * 0.11, line - high * 0.36),
                        (left + wide * 0.22 + 6.0, line - high * 0.22),
                    ],
                    palette.roof,
                );
            }
        }
        Setting::Woods => {
            for nth in 0..7_u8 {
                let tall = high * outdoors::within(dice, 0.36, 0.6);
                outdoors::conifer(
                    canvas,
                    x + wide * (0.08 + 0.14 * f32::from(nth)),
                    line,
                    tall,
                    palette.needle,
                );
            }
        }
    }
    canvas.rect([x, line, wide, y + high - line], palette.lawn);
    let bars = (wide / 130.0).max(1.0) as u8;
    for bar in 1..=bars {
        canvas.rect([x + wide * f32::from(bar) / f32::from(bars + 1) - 3.0, y, 6.0, high], Ink::of(0xfdfcfa));
    }
    // Curtains hang on both sides.
    for left in [x - 50.0, x + wide + 8.0] {
        canvas.fade(
            [left, y - 24.0, 42.0, high + 90.0],
            palette.cloth.shade(0.45),
            palette.cloth.shade(0.25),
        );
        for fold in 1..3_u8 {
            canvas.rect(
                [left + f32::from(fold) * 14.0, y - 24.0, 2.0, high + 90.0],
                palette.cloth.shade(0.1).thin(120),
            );
        }
    }
    canvas.rect([x - 64.0, y - 32.0, wide + 128.0, 8.0], Ink::of(0x6b5140));
}

fn picture_on_wall(canvas: &mut Canvas, [x, y, wide, high]: Frame, palette: &Palette, dice: &mut Dice) {
    canvas.rect([x - 8.0, y - 8.0, wide + 16.0, high + 16.0], Ink::of(0x3a3330));
    canvas.rect([x, y, wide, high], Ink::of(0xfaf6ee));
    for _ in 0..4 {
        let size = outdoors::within(dice, 0.2, 0.5) * wide;
        let (dx, dy) = (outdoors::within(dice, 0.0, 0.5) * wide, outdoors::within(dice, 0.0, 0.5) * high);
        let ink = [palette.cloth, palette.door, palette.leaf, palette.accent][dice.index(4)];
        canvas.oval([x + dx, y + dy, size, size.min(high * 0.5)], ink.thin(200));
    }
}

fn lamp(canvas: &mut Canvas, x: f32, foot: f32, tall: f32) {
    canvas.oval([x - 90.0, foot - tall - 70.0, 180.0, 180.0], Ink::of(0xfff0c0).thin(46));
    canvas.rect([x - 3.0, foot - tall, 6.0, tall], Ink::of(0x3c3734));
    canvas.oval([x - 26.0, foot - 8.0, 52.0, 14.0], Ink::of(0x3c3734));
    canvas.shape(
        &[
            (x - 24.0, foot - tall - 46.0),
            (x + 24.0, foot - tall - 46.0),
            (x + 40.0, foot - tall + 8.0),
            (x - 40.0, foot - tall + 8.0),
        ],
        Ink::of(0xfbeecb),
    );
}

fn plant(canvas: &mut Canvas, x: f32, foot: f32, palette: &Palette, dice: &mut Dice) {
    for _ in 0..14 {
        let (dx, tall) = (outdoors::within(dice, -60.0, 60.0), outdoors::within(dice, 90.0, 190.0));
        let tip = (x + dx, foot - 50.0 - tall);
        canvas.shape(
            &[(x - 5.0, foot - 50.0), tip, (x + 8.0, foot - 50.0)],
            palette.needle.shade(outdoors::within(dice, 0.0, 0.25)),
        );
    }
    canvas.shape(
        &[(x - 32.0, foot - 62.0), (x + 32.0, foot - 62.0), (x + 24.0, foot), (x - 24.0, foot)],
        palette.accent.shade(0.2),
    );
}

pub(super) fn living(canvas: &mut Canvas, subject: &Subject, palette: &Palette, dice: &mut Dice) {
    room(canvas, palette, false);
    outlook(canvas, [330.0, 120.0, 400.0, 240.0], subject, palette, dice);
    picture_on_wall(canvas, [90.0, 150.0, 130.0, 160.0], palette, dice);
    lamp(canvas, 900.0, 560.0, 260.0);
    plant(canvas, 120.0, 570.0, palette, dice);
    canvas.oval([200.0, 600.0, 640.0, 130.0], palette.cloth.mix(Ink::of(0xf5efe2), 0.6));
    canvas.oval([240.0, 612.0, 560.0, 104.0], palette.cloth.mix(Ink::of(0xf5efe2), 0.4));
    let sofa = palette.cloth;
    canvas.rect([270.0, 400.0, 500.0, 120.0], sofa.shade(-0.06));
    canvas.rect([250.0, 480.0, 540.0, 86.0], sofa);
    for seat in 0..3_u8 {
        canvas.rect([296.0 + f32::from(seat) * 152.0, 470.0, 146.0, 40.0], sofa.shade(0.12));
        canvas.rect([296.0 + f32::from(seat) * 152.0, 412.0, 146.0, 58.0], sofa.shade(0.06));
    }
    for arm in [236.0, 756.0] {
        canvas.rect([arm, 440.0, 50.0, 128.0], sofa.shade(-0.12));
        canvas.oval([arm, 424.0, 50.0, 34.0], sofa.shade(-0.06));
    }
    canvas.shape(&[(330.0, 416.0), (396.0, 420.0), (386.0, 480.0), (322.0, 474.0)], palette.door.shade(0.2));
    canvas.oval([400.0, 610.0, 250.0, 44.0], palette.floor.shade(-0.35));
    canvas.oval([400.0, 600.0, 250.0, 44.0], palette.floor.shade(0.15));
    canvas.rect([500.0, 582.0, 44.0, 26.0], Ink::of(0xf4f1ea));
}

pub(super) fn kitchen(canvas: &mut Canvas, subject: &Subject, palette: &Palette, dice: &mut Dice) {
    room(canvas, palette, dice.chance(0.4));
    let front = if dice.chance(0.5) { Ink::of(0xf6f4ee) } else { palette.cloth.shade(0.1) };
    canvas.rect([0.0, 250.0, 1024.0, 110.0], Ink::of(0xeceae4));
    for tile in 0..26_u8 {
        canvas.rect([f32::from(tile) * 40.0, 250.0, 1.5, 110.0], Ink::of(0xcfccc4));
    }
    canvas.rect([0.0, 304.0, 1024.0, 1.5], Ink::of(0xcfccc4));
    outlook(canvas, [400.0, 110.0, 230.0, 170.0], subject, palette, dice);
    for (from, count) in [(20.0, 3_u8), (700.0, 2)] {
        for nth in 0..count {
            cupboard(canvas, [from + f32::from(nth) * 104.0, 80.0, 98.0, 150.0], front);
        }
    }
    for nth in 0..8_u8 {
        cupboard(canvas, [10.0 + f32::from(nth) * 110.0, 376.0, 104.0, 140.0], front.shade(-0.03));
    }
    canvas.rect([0.0, 356.0, 900.0, 20.0], Ink::of(0x4a4744));
    // Stove, hood and refrigerator.
    canvas.rect([120.0, 376.0, 130.0, 142.0], Ink::of(0xb9bcc0));
    canvas.rect([134.0, 416.0, 102.0, 66.0], Ink::of(0x2c2e31));
    canvas.shape(&[(150.0, 200.0), (220.0, 200.0), (256.0, 244.0), (114.0, 244.0)], Ink::of(0xa9adb2));
    canvas.rect([900.0, 110.0, 124.0, 408.0], Ink::of(0xc3c6ca));
    canvas.rect([960.0, 110.0, 3.0, 408.0], Ink::of(0x8e9297));
    canvas.rect([944.0, 240.0, 7.0, 120.0], Ink::of(0x7b7f84));
    canvas.rect([500.0, 316.0, 6.0, 42.0], Ink::of(0x9aa0a6));
    canvas.oval([210.0, 700.0, 620.0, 50.0], Ink::of(0x2a2018).thin(70));
    canvas.rect([230.0, 560.0, 580.0, 160.0], palette.accent.shade(0.1));
    canvas.rect([206.0, 536.0, 628.0, 30.0], Ink::of(0xf2efe9));
    for stool in 0..3_u8 {
        let x = 310.0 + f32::from(stool) * 190.0;
        canvas.oval([x - 38.0, 600.0, 76.0, 22.0], palette.floor.shade(-0.3));
        canvas.rect([x - 28.0, 612.0, 6.0, 136.0], Ink::of(0x2c2a28));
        canvas.rect([x + 22.0, 612.0, 6.0, 136.0], Ink::of(0x2c2a28));
    }
    for pendant in 0..2_u8 {
        let x = 400.0 + f32::from(pendant) * 230.0;
        canvas.rect([x - 1.5, 0.0, 3.0, 392.0], Ink::of(0x2c2a28));
        canvas.oval([x - 80.0, 360.0, 160.0, 130.0], Ink::of(0xfff0c0).thin(50));
        canvas.shape(
            &[(x - 12.0, 390.0), (x + 12.0, 390.0), (x + 42.0, 436.0), (x - 42.0, 436.0)],
            palette.door,
        );
    }
    for fruit in 0..4_u8 {
        let x = 480.0 + f32::from(fruit) * 16.0;
        canvas.oval(
            [x, 510.0, 24.0, 24.0],
            Ink::of([0xd9482b, 0xe8a72e, 0x7fb23a, 0xd9482b][usize::from(fruit)]),
        );
    }
    canvas.shape(&[(466.0, 522.0), (570.0, 522.0), (548.0, 540.0), (488.0, 540.0)], Ink::of(0x5d7f91));
}

fn cupboard(canvas: &mut Canvas, [x, y, wide, high]: Frame, ink: Ink) {
    canvas.rect([x, y, wide, high], ink);
    canvas.rect([x, y, wide, 2.0], ink.shade(-0.2));
    canvas.rect([x + 10.0, y + 12.0, wide - 20.0, high - 24.0], ink.shade(-0.07));
    canvas.rect([x + wide - 18.0, y + high * 0.45, 5.0, 20.0], Ink::of(0x5c5a57));
}

pub(super) fn bedroom(canvas: &mut Canvas, subject: &Subject, palette: &Palette, dice: &mut Dice) {
    room(canvas, palette, false);
    outlook(canvas, [690.0, 130.0, 230.0, 220.0], subject, palette, dice);
    picture_on_wall(canvas, [300.0, 110.0, 180.0, 110.0], palette, dice);
    canvas.oval([90.0, 640.0, 620.0, 100.0], palette.cloth.mix(Ink::of(0xf5efe2), 0.55));
    canvas.rect([180.0, 290.0, 430.0, 240.0], palette.accent);
    canvas.rect([196.0, 306.0, 398.0, 200.0], palette.accent.shade(0.12));
    for pillow in [226.0, 410.0] {
        canvas.oval([pillow, 370.0, 160.0, 80.0], Ink::of(0xfdfcf8));
        canvas.oval([pillow + 16.0, 384.0, 128.0, 60.0], Ink::of(0xefebe2));
    }
    canvas.shape(&[(190.0, 430.0), (600.0, 430.0), (660.0, 640.0), (130.0, 640.0)], Ink::of(0xf8f5ee));
    canvas.shape(&[(176.0, 500.0), (614.0, 500.0), (662.0, 650.0), (128.0, 650.0)], palette.cloth);
    canvas
        .shape(&[(128.0, 650.0), (662.0, 650.0), (662.0, 690.0), (128.0, 690.0)], palette.cloth.shade(-0.18));
    for stripe in 0..3_u8 {
        let y = 530.0 + f32::from(stripe) * 36.0;
        canvas.rect(
            [166.0 - f32::from(stripe) * 12.0, y, 458.0 + f32::from(stripe) * 24.0, 8.0],
            palette.cloth.shade(0.2),
        );
    }
    for table in [64.0, 640.0] {
        canvas.rect([table, 440.0, 90.0, 100.0], palette.floor.shade(-0.2));
        canvas.rect([table - 6.0, 430.0, 102.0, 12.0], palette.floor.shade(-0.32));
        lamp(canvas, table + 45.0, 432.0, 60.0);
    }
    plant(canvas, 950.0, 590.0, palette, dice);
}

pub(super) fn bathroom(canvas: &mut Canvas, subject: &Subject, palette: &Palette, dice: &mut Dice) {
    room(canvas, palette, true);
    let tile = palette.cloth.mix(Ink::of(0xffffff), 0.72);
    canvas.rect([0.0, 270.0, 1024.0, 236.0], tile);
    for column in 0..18_u8 {
        canvas.rect([f32::from(column) * 60.0, 270.0, 1.5, 236.0], tile.shade(-0.12));
    }
    for row in 1..4_u8 {
        canvas.rect([0.0, 270.0 + f32::from(row) * 60.0, 1024.0, 1.5], tile.shade(-0.12));
    }
    outlook(canvas, [650.0, 90.0, 220.0, 160.0], subject, palette, dice);
    canvas.oval([120.0, 96.0, 220.0, 240.0], Ink::of(0x4a4744));
    canvas.oval([130.0, 106.0, 200.0, 220.0], Ink::of(0xcfe0e8));
    canvas
        .shape(&[(170.0, 300.0), (250.0, 120.0), (284.0, 130.0), (206.0, 318.0)], Ink::of(0xffffff).thin(90));
    canvas.rect([60.0, 420.0, 350.0, 150.0], palette.accent.shade(0.1));
    canvas.rect([234.0, 436.0, 3.0, 120.0], palette.accent.shade(-0.25));
    canvas.rect([44.0, 396.0, 382.0, 28.0], Ink::of(0xf4f2ee));
    canvas.oval([150.0, 384.0, 170.0, 34.0], Ink::of(0xffffff));
    canvas.rect([230.0, 346.0, 8.0, 46.0], Ink::of(0xb6babf));
    canvas.oval([500.0, 640.0, 470.0, 50.0], Ink::of(0x2a2018).thin(60));
    canvas.shape(&[(500.0, 500.0), (960.0, 500.0), (920.0, 660.0), (540.0, 660.0)], Ink::of(0xfdfdfc));
    canvas.oval([488.0, 476.0, 484.0, 56.0], Ink::of(0xffffff));
    canvas.oval([506.0, 484.0, 448.0, 40.0], Ink::of(0xbfdbe6));
    canvas.rect([930.0, 420.0, 9.0, 74.0], Ink::of(0xb6babf));
    canvas.rect([890.0, 420.0, 46.0, 8.0], Ink::of(0xb6babf));
    canvas.rect([470.0, 330.0, 8.0, 8.0], Ink::of(0x8d9196));
    canvas.rect([440.0, 336.0, 70.0, 120.0], palette.cloth.shade(0.1));
    plant(canvas, 450.0, 640.0, palette, dice);
}

pub(super) fn dining(canvas: &mut Canvas, subject: &Subject, palette: &Palette, dice: &mut Dice) {
    room(canvas, palette, false);
    outlook(canvas, [290.0, 110.0, 440.0, 230.0], subject, palette, dice);
    picture_on_wall(canvas, [850.0, 140.0, 110.0, 150.0], palette, dice);
    canvas.oval([120.0, 610.0, 790.0, 130.0], palette.cloth.mix(Ink::of(0xf5efe2), 0.6));
    let wood = palette.floor.shade(-0.3);
    for chair in 0..3_u8 {
        let x = 270.0 + f32::from(chair) * 180.0;
        canvas.rect([x, 400.0, 90.0, 110.0], palette.cloth);
        canvas.rect([x, 392.0, 90.0, 12.0], wood);
    }
    canvas.rect([250.0, 520.0, 22.0, 170.0], wood);
    canvas.rect([750.0, 520.0, 22.0, 170.0], wood);
    canvas.shape(&[(220.0, 470.0), (800.0, 470.0), (880.0, 530.0), (140.0, 530.0)], wood.shade(0.2));
    canvas.rect([140.0, 530.0, 740.0, 18.0], wood);
    for chair in 0..2_u8 {
        let x = 300.0 + f32::from(chair) * 300.0;
        canvas.rect([x, 560.0, 120.0, 130.0], palette.cloth.shade(-0.12));
        canvas.rect([x - 4.0, 552.0, 128.0, 14.0], wood);
        canvas.rect([x, 690.0, 10.0, 56.0], wood);
        canvas.rect([x + 110.0, 690.0, 10.0, 56.0], wood);
    }
    plant(canvas, 80.0, 570.0, palette, dice);
    canvas.oval([466.0, 440.0, 90.0, 60.0], palette.leaf);
    canvas.rect([492.0, 470.0, 40.0, 36.0], Ink::of(0xf4f1ea));
    canvas.rect([509.0, 0.0, 4.0, 60.0], Ink::of(0x2c2a28));
    for bulb in 0..5_u8 {
        let x = 411.0 + f32::from(bulb) * 50.0;
        canvas.oval([x - 30.0, 40.0, 60.0, 60.0], Ink::of(0xfff0c0).thin(70));
        canvas.oval([x - 10.0, 60.0, 20.0, 26.0], Ink::of(0xfff3cf));
    }
    canvas.rect([405.0, 58.0, 212.0, 6.0], Ink::of(0x2c2a28));
}
