//! The photos of a listing.

use dictionary::{FieldId, Fields as _, ValueRef};

use super::class::ClassType;
use super::scene::Scene;
use super::write;

/// When photos were last added or changed: as the listing says, else the newest photo's stamp, else when the
/// listing was taken in; nothing where there is no photo (PAR-203). When an original was first fetched is not
/// told: that is when somebody first looked, and would change without the listing's own dates.
pub(super) fn stamp(field: FieldId, scene: &Scene<'_>, out: &mut Vec<u8>) -> bool {
    let photos = scene.photos();
    if photos.is_empty() {
        return false;
    }
    if let Some(value @ ValueRef::Timestamp(_)) = scene.field(field) {
        return write::value(out, ClassType::DateTimeOrNull, value);
    }
    let known = scene.known();
    let stamps = photos.iter().filter_map(|row| {
        match scene.look.reader.view(known.media, *row).look(known.media_stamp) {
            Some(ValueRef::Timestamp(at)) => Some(at),
            _ => None,
        }
    });
    stamps.max().or_else(|| scene.taken_in()).is_some_and(|at| {
        write::instant(out, at);
        true
    })
}

/// Where a photo is served in a size: `…/media/{MediaKey}/normal.jpg?v=…`, `…/large.jpg?v=…` (PAR-204). With
/// the version of its record in the address, whoever has the picture need not ask again for a year.
pub(super) fn address(size: &str, scene: &Scene<'_>, out: &mut Vec<u8>) -> bool {
    let mut url = String::with_capacity(96);
    url.push_str(&scene.dress.public_url);
    url.push_str("/media/");
    for byte in scene.view.key().bytes() {
        // A key may hold anything; a path's segment may not (RFC 3986, 3.3).
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            const HEX: &[u8; 16] = b"0123456789ABCDEF";
            url.push('%');
            url.push(char::from(HEX[usize::from(byte >> 4)]));
            url.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    url.push('/');
    url.push_str(size);
    url.push_str(".jpg?v=");
    url.push_str(&scene.view.sequence().to_string());
    write::text(out, &url)
}
