//! A sheet to draw on: coloured shapes, laid one over the other.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use tiny_skia::{
    FillRule, Paint, Path, PathBuilder, Pixmap, PremultipliedColorU8, Rect, Shader, Stroke, Transform,
};

use super::{HEIGHT, WIDTH};

/// A colour that covers what is below by `alpha` of 255.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Ink {
    red: u8,
    green: u8,
    blue: u8,
    alpha: u8,
}

impl Ink {
    /// The colour of this number, `0xRRGGBB`.
    pub(super) const fn of(rgb: u32) -> Self {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Self { red, green, blue, alpha: 255 }
    }

    /// Lighter where `by` is above 0, darker where it is below; 1 is white, −1 black.
    pub(super) fn shade(self, by: f32) -> Self {
        let to = if by > 0.0 { Self::of(0xff_ffff) } else { Self::of(0) };
        Self { alpha: self.alpha, ..self.mix(to, by.abs()) }
    }

    /// So much of the way to another colour.
    pub(super) fn mix(self, other: Self, share: f32) -> Self {
        let part = |from: u8, to: u8| {
            let value = f32::from(from) + (f32::from(to) - f32::from(from)) * share.clamp(0.0, 1.0);
            value.round() as u8
        };
        Self {
            red: part(self.red, other.red),
            green: part(self.green, other.green),
            blue: part(self.blue, other.blue),
            alpha: part(self.alpha, other.alpha),
        }
    }

    /// The same, through which one sees.
    pub(super) fn thin(self, alpha: u8) -> Self {
        Self { alpha, ..self }
    }

    fn color(self) -> tiny_skia::Color {
        tiny_skia::Color::from_rgba8(self.red, self.green, self.blue, self.alpha)
    }
}

/// The sheet, 1024 by 768, the origin at the upper left.
pub(super) struct Canvas {
    sheet: Pixmap,
}

/// Pixels from which a rectangle's edges may lie between pixels unseen.
const LARGE: f32 = 4_000.0;

/// Left, top, width, height.
pub(super) type Frame = [f32; 4];

impl Canvas {
    /// An empty sheet; none where memory is short.
    pub(super) fn new() -> Option<Self> {
        Pixmap::new(u32::from(WIDTH), u32::from(HEIGHT)).map(|sheet| Self { sheet })
    }

    fn fill(&mut self, path: Option<Path>, shader: Shader<'_>) {
        if let Some(path) = path {
            let paint = Paint { shader, anti_alias: true, ..Paint::default() };
            self.sheet.fill_path(&path, &paint, FillRule::Winding, Transform::identity(), None);
        }
    }

    pub(super) fn rect(&mut self, [x, y, width, height]: Frame, ink: Ink) {
        if ink.alpha == 255 && width * height > LARGE {
            return self.fade([x, y, width, height], ink, ink);
        }
        let path = Rect::from_xywh(x, y, width, height).map(PathBuilder::from_rect);
        self.fill(path, Shader::SolidColor(ink.color()));
    }

    pub(super) fn oval(&mut self, [x, y, width, height]: Frame, ink: Ink) {
        let path = Rect::from_xywh(x, y, width, height).and_then(PathBuilder::from_oval);
        self.fill(path, Shader::SolidColor(ink.color()));
    }

    pub(super) fn shape(&mut self, corners: &[(f32, f32)], ink: Ink) {
        self.fill(path(corners), Shader::SolidColor(ink.color()));
    }

    /// An upright rectangle that goes from one colour at its top to another at its foot. Its edges lie
    /// between pixels, and it is written row by row: a gradient of the drawing library takes ten times
    /// as long.
    pub(super) fn fade(&mut self, [x, y, width, height]: Frame, top: Ink, foot: Ink) {
        let bound = |at: f32, most: u16| usize::from((at.round().clamp(0.0, f32::from(most))) as u16);
        let (left, right) = (bound(x, WIDTH), bound(x + width, WIDTH));
        let (first, last) = (bound(y, HEIGHT), bound(y + height, HEIGHT));
        let rows = self.sheet.pixels_mut().chunks_exact_mut(usize::from(WIDTH)).enumerate();
        for (row, pixels) in rows.take(last).skip(first) {
            let Ink { red, green, blue, .. } = top.mix(foot, (row as f32 - y) / height);
            if let Some(colour) = PremultipliedColorU8::from_rgba(red, green, blue, 255) {
                pixels[left..right.max(left)].fill(colour);
            }
        }
    }

    pub(super) fn line(&mut self, corners: &[(f32, f32)], width: f32, ink: Ink) {
        let mut builder = PathBuilder::new();
        for (at, (x, y)) in corners.iter().enumerate() {
            if at == 0 { builder.move_to(*x, *y) } else { builder.line_to(*x, *y) }
        }
        if let Some(path) = builder.finish() {
            let paint =
                Paint { shader: Shader::SolidColor(ink.color()), anti_alias: true, ..Paint::default() };
            let stroke = Stroke { width, ..Stroke::default() };
            self.sheet.stroke_path(&path, &paint, &stroke, Transform::identity(), None);
        }
    }

    /// The sheet as a JPEG file.
    pub(super) fn jpeg(&self) -> Option<Vec<u8>> {
        const QUALITY: u8 = 84;
        let mut file = Vec::with_capacity(96 << 10);
        let mut encoder = Encoder::new(&mut file, QUALITY);
        encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
        encoder.encode(self.sheet.data(), WIDTH, HEIGHT, ColorType::Rgba).ok()?;
        Some(file)
    }
}

fn path(corners: &[(f32, f32)]) -> Option<Path> {
    let mut builder = PathBuilder::with_capacity(corners.len() + 2, corners.len() + 2);
    for (at, (x, y)) in corners.iter().enumerate() {
        if at == 0 { builder.move_to(*x, *y) } else { builder.line_to(*x, *y) }
    }
    builder.close();
    builder.finish()
}
