//! A photo of a user, judged by its content and not by its name (LBX-022).

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader};

/// Bytes of a file.
pub(crate) const LARGEST: usize = 8 << 20;
/// Pixels of the shorter side, at least.
const SMALLEST_SIDE: u32 = 150;
/// Pixels of a side, and in all: no camera takes more, and no decoder is asked for more.
const LONGEST_SIDE: u32 = 12_000;
const MOST_PIXELS: u64 = 40_000_000;
/// What is recommended: width to height, and bytes.
const RATIO: f64 = 0.75;
const TOLERANCE: f64 = 0.02;
const BYTES: std::ops::RangeInclusive<usize> = 200_000..=500_000;

/// A photo that may be kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Photo {
    /// `jpg`, `png` or `gif`, by its content.
    pub(crate) format: &'static str,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// What is not as it is recommended: code, sentence, hint.
    pub(crate) warnings: Vec<(&'static str, String, &'static str)>,
}

/// Why a file is none.
pub(crate) type Rejected = (&'static str, String, &'static str);

/// Judges a file. It is measured before it is decoded, and decoded to see that it is whole; that takes some hundred
/// milliseconds at most.
pub(crate) fn judge(bytes: &[u8]) -> Result<Photo, Rejected> {
    const HINT: &str = "Send a headshot as JPEG, PNG or GIF.";
    let none = || ("photo_not_an_image", "The file is no JPEG, PNG or GIF.".to_owned(), HINT);
    let format = image::guess_format(bytes).map_err(|_| none())?;
    let name = match format {
        ImageFormat::Jpeg => "jpg",
        ImageFormat::Png => "png",
        ImageFormat::Gif => "gif",
        _ => return Err(none()),
    };
    let too_large = || {
        let message = format!("The photo has more than {LONGEST_SIDE} pixels on a side, or too many in all.");
        ("photo_too_large", message, "Make it smaller: 600 × 800 is plenty.")
    };
    let damaged = || ("photo_damaged", "The photo cannot be read to its end.".to_owned(), HINT);
    let wrong = |error: ImageError| match error {
        ImageError::Limits(_) => too_large(),
        _ => damaged(),
    };
    let mut limits = image::Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(LONGEST_SIDE), Some(LONGEST_SIDE));
    limits.max_alloc = Some(MOST_PIXELS * 8);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(wrong)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(too_large());
    }
    if width.min(height) < SMALLEST_SIDE {
        let message = format!("The photo has {width} × {height} pixels.");
        return Err(("photo_too_small", message, "It needs 150 pixels on each side at least."));
    }
    DynamicImage::from_decoder(decoder).map_err(wrong)?;
    let mut warnings = Vec::new();
    let ratio = f64::from(width) / f64::from(height);
    if (ratio - RATIO).abs() > TOLERANCE {
        let message = format!("Its width to its height is {ratio:.2}.");
        warnings.push(("photo_ratio", message, "0.75 is recommended: 300 × 400."));
    }
    if !BYTES.contains(&bytes.len()) {
        let message = format!("It has {} bytes.", bytes.len());
        warnings.push(("photo_size", message, "200 to 500 KB are recommended."));
    }
    Ok(Photo { format: name, width, height, warnings })
}

#[cfg(test)]
mod tests {
    use image::{ImageEncoder, RgbImage};

    use super::*;

    fn drawn(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let picture = RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 0]));
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::from(picture).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// A file of a few bytes that says it has so many pixels.
    fn claimed(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
        encoder.write_image(&[0; 3], 1, 1, image::ExtendedColorType::Rgb8).unwrap();
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        // The checksum of the header, as it is now.
        let mut crc = u32::MAX;
        for byte in &bytes[12..29] {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
            }
        }
        bytes[29..33].copy_from_slice(&(!crc).to_be_bytes());
        bytes
    }

    /// LBX-022: too small, too large, no image, damaged; and what is only not recommended.
    #[test]
    fn lbx_022_a_photo_is_judged_by_its_content() {
        let check = |bytes: &[u8], expect: Result<&[&str], &str>| {
            let found = judge(bytes);
            let codes = found.map(|photo| photo.warnings.iter().map(|one| one.0).collect::<Vec<_>>());
            assert_eq!(codes.as_deref().map_err(|one| one.0), expect);
        };
        check(&drawn(300, 400, ImageFormat::Jpeg), Ok(&["photo_size"]));
        check(&drawn(300, 400, ImageFormat::Gif), Ok(&["photo_size"]));
        check(b"BM an old bitmap", Err("photo_not_an_image"));
        check(&drawn(300, 300, ImageFormat::Png), Ok(&["photo_ratio", "photo_size"]));
        check(&drawn(310, 400, ImageFormat::Png), Ok(&["photo_ratio", "photo_size"]));
        check(&drawn(306, 400, ImageFormat::Png), Ok(&["photo_size"]));
        check(&drawn(149, 200, ImageFormat::Png), Err("photo_too_small"));
        check(&drawn(1, 1, ImageFormat::Gif), Err("photo_too_small"));
        check(&claimed(30_000, 30_000), Err("photo_too_large"));
        check(&claimed(12_000, 11_000), Err("photo_too_large"));
        check(
            b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"300\" height=\"400\"/>",
            Err("photo_not_an_image"),
        );
        check(b"PK\x03\x04 a bomb", Err("photo_not_an_image"));
        check(b"", Err("photo_not_an_image"));
        let whole = drawn(300, 400, ImageFormat::Png);
        check(&whole[..whole.len() / 2], Err("photo_damaged"));
        let mut padded = drawn(300, 400, ImageFormat::Jpeg);
        padded.resize(300_000, 0);
        check(&padded, Ok(&[]));
        padded.resize(500_001, 0);
        check(&padded, Ok(&["photo_size"]));
    }
}
