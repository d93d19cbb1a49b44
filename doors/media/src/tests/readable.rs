//! What becomes of an original: its size, how it lies, its colours, and what is not read at all.

use super::*;
use crate::rendition::{Unreadable, render};

const MOST: u64 = 50_000_000;

/// PAR-204: the longer side has at most 300 and 1,024 pixels; nothing is enlarged.
#[test]
fn par_204_the_longer_side_is_bounded() {
    let check = |width: u32, height: u32, format: ImageFormat, normal: (u32, u32), large: (u32, u32)| {
        let made = render(&picture(width, height, format), MOST).unwrap();
        let sides = |jpeg: &[u8]| (seen(jpeg).0, seen(jpeg).1);
        assert_eq!((sides(&made.normal), sides(&made.large)), (normal, large), "{width} × {height}");
    };
    check(1_600, 1_200, ImageFormat::Jpeg, (300, 225), (1_024, 768));
    check(1_050, 1_400, ImageFormat::Jpeg, (225, 300), (768, 1_024));
    check(1_024, 768, ImageFormat::Jpeg, (300, 225), (1_024, 768));
    check(1_025, 1_025, ImageFormat::Png, (300, 300), (1_024, 1_024));
    check(301, 100, ImageFormat::WebP, (300, 100), (301, 100));
    check(200, 100, ImageFormat::Gif, (200, 100), (200, 100));
    check(3_000, 6, ImageFormat::Png, (300, 1), (1_024, 2));
}

#[test]
fn a_picture_lies_as_the_camera_was_held() {
    let plain = picture(80, 40, ImageFormat::Jpeg);
    let close = |a: [u8; 3], b: [u8; 3]| a.iter().zip(b).all(|(a, b)| a.abs_diff(b) < 30);
    // Red and green say the corner: top left has both, top right green alone, bottom left red alone.
    let (both, green, red, none) = ([220, 200, 90], [20, 200, 90], [220, 30, 90], [20, 30, 90]);
    let check = |orientation: u8, wide: u32, corners: [[u8; 3]; 3]| {
        let made = render(&held(&plain, orientation), MOST).unwrap();
        let (width, _, found) = seen(&made.large);
        assert_eq!(width, wide, "{orientation}");
        assert!(found.iter().zip(corners).all(|(a, b)| close(*a, b)), "{orientation}: {found:?}");
    };
    check(1, 80, [both, green, red]);
    check(3, 80, [none, red, green]);
    check(6, 40, [red, both, none]);
    check(8, 40, [green, none, both]);
}

#[test]
fn where_it_was_taken_is_not_handed_on() {
    let held = held(&picture(80, 40, ImageFormat::Jpeg), 1);
    assert!(held.windows(4).any(|part| part == b"Exif"));
    let made = render(&held, MOST).unwrap();
    for jpeg in [made.normal, made.large] {
        assert!(!jpeg.windows(4).any(|part| part == b"Exif"));
    }
}

#[test]
fn what_is_clear_is_white() {
    let mut clear = image::RgbaImage::from_pixel(10, 10, image::Rgba([0, 0, 0, 0]));
    clear.put_pixel(2, 2, image::Rgba([0, 0, 0, 0]));
    let mut file = std::io::Cursor::new(Vec::new());
    DynamicImage::from(clear).write_to(&mut file, ImageFormat::Png).unwrap();
    let (_, _, [corner, ..]) = seen(&render(file.get_ref(), MOST).unwrap().large);
    assert!(corner.iter().all(|channel| *channel > 250), "{corner:?}");
}

#[test]
fn what_is_no_picture_is_refused() {
    let check = |original: &[u8], expect: Unreadable| {
        assert_eq!(render(original, MOST).unwrap_err(), expect);
    };
    check(b"", Unreadable::Format);
    check(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", Unreadable::Format);
    check(b"<!doctype html>", Unreadable::Format);
    check(b"%PDF-1.7", Unreadable::Format);
    check(b"BM\0\0\0\0", Unreadable::Format);
    check(b"\xff\xd8\xff", Unreadable::Damaged);
    check(&picture(50, 50, ImageFormat::Jpeg)[..60], Unreadable::Damaged);
    // 20,000 × 20,000 pixels in a file of a few bytes: what it would unpack to is in its head.
    check(&bomb(20_000, 20_000), Unreadable::Pixels);
    check(&bomb(u32::from(u16::MAX), 2), Unreadable::Pixels);
    check(&picture(1_000, 60, ImageFormat::Png)[..40], Unreadable::Damaged);
    assert_eq!(render(&picture(100, 100, ImageFormat::Jpeg), 9_999).unwrap_err(), Unreadable::Pixels);
}

/// Whatever bytes come, the answer is a picture or a refusal.
#[test]
fn whatever_comes_nothing_breaks() {
    let mut dice = testkit::rng("whatever_comes_nothing_breaks");
    let originals = [
        picture(64, 48, ImageFormat::Jpeg),
        picture(64, 48, ImageFormat::Png),
        picture(64, 48, ImageFormat::WebP),
        picture(64, 48, ImageFormat::Gif),
    ];
    for round in 0..200 {
        let mut broken = originals[round % originals.len()].clone();
        for _ in 0..dice.usize(1..8) {
            let at = dice.usize(..broken.len());
            broken[at] = dice.u8(..);
        }
        if dice.bool() {
            broken.truncate(dice.usize(..broken.len()));
        }
        if let Ok(made) = render(&broken, 1_000_000) {
            let (width, height, _) = seen(&made.large);
            assert!(width.max(height) <= 1_024);
        }
    }
}

/// The head of a PNG file of these sides.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = b"IHDR".to_vec();
    head.extend_from_slice(&width.to_be_bytes());
    head.extend_from_slice(&height.to_be_bytes());
    head.extend_from_slice(&[8, 2, 0, 0, 0]);
    file.extend_from_slice(&13_u32.to_be_bytes());
    file.extend_from_slice(&head);
    file.extend_from_slice(&crc(&head).to_be_bytes());
    let data = b"IDAT";
    file.extend_from_slice(&0_u32.to_be_bytes());
    file.extend_from_slice(data);
    file.extend_from_slice(&crc(data).to_be_bytes());
    file
}

/// CRC-32 as PNG has it (ISO 3309).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| {
                if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
            },
        )
    })
}

/// The JPEG file with an Exif part that says how the camera was held.
fn held(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01".to_vec();
    // Tag 0x0112, SHORT, one value.
    exif.extend_from_slice(&[1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);
    let mut file = jpeg[..2].to_vec();
    file.extend_from_slice(&[0xff, 0xe1]);
    file.extend_from_slice(&u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    file.extend_from_slice(&exif);
    file.extend_from_slice(&jpeg[2..]);
    file
}
