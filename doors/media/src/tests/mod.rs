//! The door on real files, a real disk and a real server of originals.

mod caches;
mod fetched;
mod readable;
mod server;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use dictionary::Timestamp;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use image::{DynamicImage, ImageFormat, RgbImage};
use tower::ServiceExt;

use crate::{Draw, Find, Origin, Photos, Settings, Sources, router};

/// A client that may ask this machine, which is otherwise a private address like any other.
fn client() -> outbound::Client {
    let rules = outbound::Rules { allowed: vec!["127.0.0.1".parse().unwrap()] };
    let timeout = std::time::Duration::from_secs(6);
    outbound::Client::new(outbound::Settings { rules, timeout, ..outbound::Settings::default() }).unwrap()
}

/// What draws: `house…` is a picture of that many bytes in its name, or a real one where it is named so.
fn drawing(made: Arc<AtomicUsize>) -> Draw {
    Arc::new(move |key| {
        made.fetch_add(1, Ordering::SeqCst);
        match key {
            "panic" => panic!("as the test wants"),
            "house-real" => Some(picture(1_024, 768, ImageFormat::Jpeg)),
            key if key.starts_with("house") => Some(format!("picture of {key}").into_bytes()),
            _ => None,
        }
    })
}

fn noon() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

fn open(find: Find, draw: Draw, settings: Settings) -> (Router, Photos) {
    let photos = Photos::open(settings, Sources { find, draw, client: client() }, noon).unwrap();
    (router(photos.clone()), photos)
}

fn all_drawn(draw: Draw, settings: Settings) -> Router {
    open(Arc::new(|_| Some(Origin::Drawn)), draw, settings).0
}

async fn ask(
    router: &Router,
    method: Method,
    path: &str,
    known: Option<&str>,
) -> (StatusCode, HeaderMap, Bytes) {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(tags) = known {
        request = request.header(header::IF_NONE_MATCH, tags);
    }
    let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, body.collect().await.unwrap().to_bytes())
}

/// A picture with a red left half, whose corners tell how it lies.
fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let painted = RgbImage::from_fn(width, height, |x, y| {
        let red = if x < width / 2 { 220 } else { 20 };
        let green = if y < height / 2 { 200 } else { 30 };
        image::Rgb([red, green, 90])
    });
    let mut file = std::io::Cursor::new(Vec::new());
    match format {
        ImageFormat::Jpeg => {
            let mut jpeg = Vec::new();
            let (across, down) = (u16::try_from(width).unwrap(), u16::try_from(height).unwrap());
            let encoder = jpeg_encoder::Encoder::new(&mut jpeg, 90);
            encoder.encode(painted.as_raw(), across, down, jpeg_encoder::ColorType::Rgb).unwrap();
            return jpeg;
        }
        format => DynamicImage::from(painted).write_to(&mut file, format).unwrap(),
    }
    file.into_inner()
}

/// The sides of a JPEG file, and the colour near each corner: top left, top right, bottom left.
fn seen(jpeg: &[u8]) -> (u32, u32, [[u8; 3]; 3]) {
    assert_eq!(image::guess_format(jpeg).unwrap(), ImageFormat::Jpeg);
    let picture = image::load_from_memory(jpeg).unwrap().into_rgb8();
    let (width, height) = picture.dimensions();
    let (x, y) = (2.min(width - 1), 2.min(height - 1));
    let at = |x: u32, y: u32| picture.get_pixel(x, y).0;
    (width, height, [at(x, y), at(width - 1 - x, y), at(x, height - 1 - y)])
}
