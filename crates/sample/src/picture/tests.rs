//! Pictures can be read, differ, and stay the same.

use std::collections::HashSet;

use image::GenericImageView;

use super::*;

#[test]
fn a_picture_is_a_jpeg_of_the_size_that_media_records_say() {
    for order in 1..=8 {
        let drawn = picture(&format!("NWM1712345-{order}-2ow1a5f0")).unwrap();
        let read = image::load_from_memory_with_format(&drawn.jpeg, image::ImageFormat::Jpeg).unwrap();
        assert_eq!(read.dimensions(), (u32::from(WIDTH), u32::from(HEIGHT)));
        assert!((8_000..400_000).contains(&drawn.jpeg.len()), "{} bytes", drawn.jpeg.len());
    }
}

#[test]
fn each_listing_has_its_own_and_keeps_it() {
    let keys = ["1-2ow1a5f0", "1-2ow1a5f1", "1-1mt00001", "1-3nh2beef", "6-3nh2beef"];
    let mut seen = HashSet::new();
    for key in keys.map(|key| format!("NWM1-{key}")) {
        let drawn = picture(&key).unwrap();
        assert_eq!(Some(&drawn), picture(&key).as_ref());
        assert!(seen.insert(drawn.jpeg), "{key} looks like another");
    }
}

#[test]
fn other_keys_have_no_picture() {
    for key in [
        "",
        "NWM",
        "NWM1-1",
        "NWM1-9-2ow1a5f0",
        "NWM1-0-2ow1a5f0",
        "NWM1-01-2ow1a5f0",
        "NWM1-+1-2ow1a5f0",
        "NWM-1-2ow1a5f0",
        "NWM1-1-2ow1A5F0",
        "NWM1-1-0ow1a5f0",
        "NWM1-1-4ow1a5f0",
        "NWM1-1-2xw1a5f0",
        "NWM1-1-2ow1a5f0-",
        "XYZ1-1-2ow1a5f0",
        "NWM1-1-2ow1+5f0",
        "NWM1/1-1-2ow1a5f0",
        "NWM1-1-2ow1ä5f",
        "NWM111111111111111111111-1-2ow1a5f0",
    ] {
        assert_eq!(Subject::read(key), None, "{key}");
    }
}
