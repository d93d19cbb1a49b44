//! From an original to JPEG files of our sizes.

use std::io::Cursor;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, ResizeOptions, Resizer};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, RgbImage};
use jpeg_encoder::{ColorType, Encoder};
use sha2::{Digest, Sha256};

/// A picture as it is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Form {
    /// As it was drawn; of originals that are elsewhere, as [`Large`](Self::Large).
    Whole,
    /// The seed's NormalSizeUrl.
    Normal,
    /// The seed's LargeSizeUrl.
    Large,
}

/// Pixels of the longer side, at most.
const NORMAL: u32 = 300;
const LARGE: u32 = 1_024;
/// Of 100. Small pictures show what is lost less than they show their weight.
const NORMAL_QUALITY: u8 = 80;
const LARGE_QUALITY: u8 = 84;
/// Pixels of one side of an original, at most: no camera has more, and no decoder plans a longer row.
const LONGEST_SIDE: u32 = 30_000;
/// Bytes of a colour profile that is handed on, at most; cameras' have 500 to 4,000.
const LARGEST_PROFILE: usize = 64 << 10;

impl Form {
    /// The form that the end of an address names.
    pub(crate) fn read(name: &str) -> Option<Self> {
        match name {
            "normal.jpg" => Some(Self::Normal),
            "large.jpg" => Some(Self::Large),
            _ => None,
        }
    }
}

/// What a rendition is kept under: changes with the key, the version and the form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Name(pub(crate) u128);

impl Name {
    pub(crate) fn of(key: &str, version: &str, form: Form) -> Self {
        let form: &[u8] = match form {
            Form::Whole => b"whole",
            Form::Normal => b"normal",
            Form::Large => b"large",
        };
        let mut hash = Sha256::new();
        for part in [key.as_bytes(), version.as_bytes(), form] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let digest = hash.finalize();
        let half: [u8; 16] = digest[..16].try_into().expect("SHA-256 has 32 bytes");
        Self(u128::from_be_bytes(half))
    }
}

/// Why an original became no rendition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unreadable {
    /// Not JPEG, PNG, WebP or GIF by its first bytes: SVG, HTML, a video.
    Format,
    /// More pixels than are decoded.
    Pixels,
    /// Damaged.
    Damaged,
}

/// A picture at both sizes.
#[derive(Debug)]
pub(crate) struct Renditions {
    pub(crate) normal: Vec<u8>,
    pub(crate) large: Vec<u8>,
}

/// Decodes an original of at most `most_pixels` and makes both sizes of it. Nothing is enlarged.
pub(crate) fn render(original: &[u8], most_pixels: u64) -> Result<Renditions, Unreadable> {
    let (picture, profile) = decode(original, most_pixels)?;
    let profile = profile.as_deref();
    let large = shrink(picture, LARGE).ok_or(Unreadable::Damaged)?;
    let encoded = encode(&large, LARGE_QUALITY, profile).ok_or(Unreadable::Damaged)?;
    let normal = shrink(large, NORMAL).ok_or(Unreadable::Damaged)?;
    let normal = encode(&normal, NORMAL_QUALITY, profile).ok_or(Unreadable::Damaged)?;
    Ok(Renditions { normal, large: encoded })
}

fn decode(original: &[u8], most_pixels: u64) -> Result<(RgbImage, Option<Vec<u8>>), Unreadable> {
    // What it is says the file itself: many servers call every picture application/octet-stream.
    let format = image::guess_format(original).map_err(|_| Unreadable::Format)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP | ImageFormat::Gif) {
        return Err(Unreadable::Format);
    }
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    // Eight bytes are the most that a pixel takes (16 bits a channel).
    limits.max_alloc = Some(most_pixels.saturating_mul(8));
    let mut reader = ImageReader::with_format(Cursor::new(original), format);
    reader.limits(limits);
    let limited = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => Unreadable::Pixels,
        _ => Unreadable::Damaged,
    };
    let mut decoder = reader.into_decoder().map_err(limited)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > most_pixels {
        return Err(Unreadable::Pixels);
    }
    let orientation = decoder.orientation().ok();
    let profile = decoder.icc_profile().ok().flatten().filter(|profile| {
        // Bytes 16 to 19 name the colours that it is about (ICC.1, 7.2.8).
        profile.len() <= LARGEST_PROFILE && profile.get(16..20) == Some(b"RGB ")
    });
    let mut picture = DynamicImage::from_decoder(decoder).map_err(limited)?;
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok((opaque(picture), profile))
}

/// Over white, as pages show it.
fn opaque(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    let mut flat = RgbImage::new(picture.width(), picture.height());
    for (to, from) in flat.pixels_mut().zip(picture.pixels()) {
        let [.., alpha] = from.0;
        let over = |channel: u8| {
            let mixed = u16::from(channel) * u16::from(alpha) + 255 * u16::from(255 - alpha);
            u8::try_from((mixed + 127) / 255).unwrap_or(255)
        };
        to.0 = [over(from.0[0]), over(from.0[1]), over(from.0[2])];
    }
    flat
}

fn shrink(picture: RgbImage, longest: u32) -> Option<RgbImage> {
    let (width, height) = picture.dimensions();
    let longer = width.max(height);
    if longer <= longest {
        return Some(picture);
    }
    let scaled = |side: u32| {
        let scaled = (u64::from(side) * u64::from(longest) + u64::from(longer) / 2) / u64::from(longer);
        u32::try_from(scaled).unwrap_or(longest).max(1)
    };
    let (to_width, to_height) = (scaled(width), scaled(height));
    let source = ImageRef::new(width, height, picture.as_raw(), PixelType::U8x3).ok()?;
    let mut small = Image::new(to_width, to_height, PixelType::U8x3);
    // Lanczos over three pixels, which is the default: sharp, without steps.
    Resizer::new().resize(&source, &mut small, &ResizeOptions::new()).ok()?;
    RgbImage::from_raw(to_width, to_height, small.into_vec())
}

fn encode(picture: &RgbImage, quality: u8, profile: Option<&[u8]>) -> Option<Vec<u8>> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, quality);
    if let Some(profile) = profile {
        encoder.add_icc_profile(profile).ok()?;
    }
    let (width, height) = (u16::try_from(picture.width()).ok()?, u16::try_from(picture.height()).ok()?);
    encoder.encode(picture.as_raw(), width, height, ColorType::Rgb).ok()?;
    Some(file)
}
