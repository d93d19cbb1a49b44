//! Colours of one listing: hour and weather, walls, roof, door, leaves.

use super::canvas::Ink;
use super::subject::{Age, Subject};
use crate::Dice;

/// The colours that all pictures of one listing share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Palette {
    pub(super) sky: [Ink; 2],
    /// The warmth of the light, laid thinly over what is far.
    pub(super) haze: Ink,
    pub(super) lawn: Ink,
    pub(super) leaf: Ink,
    pub(super) needle: Ink,
    pub(super) wall: Ink,
    pub(super) accent: Ink,
    pub(super) trim: Ink,
    pub(super) roof: Ink,
    pub(super) door: Ink,
    pub(super) glass: Ink,
    pub(super) floor: Ink,
    pub(super) paint: Ink,
    pub(super) cloth: Ink,
    /// Whether lamps are lit.
    pub(super) evening: bool,
}

/// Top of the sky, foot of the sky, haze, whether lamps are lit.
const HOURS: [(u32, u32, u32, bool); 6] = [
    (0x4a90d9, 0xcfe8fa, 0xdfeefa, false),
    (0x5fa8e0, 0xe8f3fb, 0xeef5fa, false),
    (0x3f7fc4, 0xf6dcc0, 0xf8dfc4, false),
    (0x8aa0b4, 0xdde4ea, 0xd9e0e6, false),
    (0x2c3e6b, 0xf0a878, 0xe9a884, true),
    (0x1d2a4d, 0x8a7fa8, 0x8d88ad, true),
];
const OLD_WALLS: [u32; 10] =
    [0xf3ead7, 0xd9e3d5, 0xb7c7cf, 0x7f9a8f, 0xa9584a, 0xe3c88f, 0x5d7285, 0xf7f5ef, 0xc9b2a0, 0x8f3f36];
const MIDDLE_WALLS: [u32; 8] =
    [0xb98d6b, 0xd8cdb8, 0x9a6b54, 0xc5c9bd, 0xe4dcc8, 0x87947f, 0xa45c44, 0xb4b0a4];
const NEW_WALLS: [u32; 8] = [0xf4f3ef, 0x4b4f55, 0xd9d6cf, 0x37474f, 0xbfc3c4, 0x6f7b74, 0xe9e2d6, 0x8a8f94];
const ACCENTS: [u32; 6] = [0x9c6b43, 0xb9854f, 0x5f4330, 0x7a8b8b, 0x3d3f42, 0xa34a38];
const ROOFS: [u32; 7] = [0x4b4a4d, 0x5b4a42, 0x3b4650, 0x6e4438, 0x6b6a66, 0x44524a, 0x2f3136];
const DOORS: [u32; 8] = [0xb1322c, 0x1f4e79, 0x2f6b4f, 0xe0a526, 0x5b2a4f, 0x222427, 0x8a5a34, 0x2a8a8f];
const FLOORS: [u32; 5] = [0xb98a5a, 0x8d6242, 0xd3b38a, 0x6d4a33, 0xc9bca6];
const PAINTS: [u32; 8] = [0xf2ede2, 0xe6e9e4, 0xdde5ea, 0xefe2d0, 0xd6ddd0, 0xf5f2ee, 0xe4dadf, 0xcfd8dc];
const CLOTHS: [u32; 8] = [0x4f6d7a, 0xb5523b, 0x6b8f71, 0xd0a24c, 0x5c5470, 0x8c6a5d, 0x35516b, 0x9aa5a0];

impl Palette {
    pub(super) fn of(subject: &Subject) -> Self {
        let mut dice = Dice::at(0x9a1e77e, u64::from(subject.seed));
        let mut one = |colours: &[u32]| Ink::of(colours[dice.index(colours.len())]);
        let wall = match subject.age {
            Age::Old => one(&OLD_WALLS),
            Age::Middle => one(&MIDDLE_WALLS),
            Age::New => one(&NEW_WALLS),
        };
        let (accent, roof, door) = (one(&ACCENTS), one(&ROOFS), one(&DOORS));
        let (floor, paint, cloth) = (one(&FLOORS), one(&PAINTS), one(&CLOTHS));
        let (top, foot, haze, evening) = HOURS[dice.index(HOURS.len())];
        let dim = if evening { -0.3 } else { 0.0 };
        let autumn = dice.chance(0.25);
        let leaf = if autumn { Ink::of(0xc8782f) } else { Ink::of(0x5c9442) };
        let lawn = Ink::of(if autumn { 0x93a552 } else { 0x74ac4e });
        Self {
            sky: [Ink::of(top), Ink::of(foot)],
            haze: Ink::of(haze),
            lawn: lawn.shade(dim),
            leaf: leaf.shade(dim),
            needle: Ink::of(0x2f5d46).shade(dim * 0.8),
            wall: wall.shade(dim * 0.6),
            accent: accent.shade(dim * 0.6),
            trim: Ink::of(if subject.age == Age::New { 0x2b2d30 } else { 0xfbfaf6 }).shade(dim * 0.5),
            roof: roof.shade(dim * 0.6),
            door: door.shade(dim * 0.4),
            glass: if evening { Ink::of(0xffd98a) } else { Ink::of(0x8fb7cf) },
            floor,
            paint,
            cloth,
            evening,
        }
    }
}
