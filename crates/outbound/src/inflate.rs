//! Answers that were compressed, within a bound: a few thousand bytes may unpack to any number.

use std::io::Read as _;

use bytes::Bytes;
use flate2::bufread::MultiGzDecoder;
use http::header::CONTENT_ENCODING;

use crate::{Answer, Failure, FailureKind};

/// How many times as long as it is sent an answer is believed to be before it is unpacked.
const BELIEVED: usize = 16;

/// The body of an answer as it was before it was compressed (`Content-Encoding: gzip`), of `largest` bytes at
/// most. It is unpacked as far as the bound and no further, and takes some milliseconds a megabyte.
///
/// # Errors
/// `too_large`, of an answer that was cut or unpacks to more; `broken`, of one that does not unpack to its end
/// or is compressed in another way.
pub fn inflated(answer: Answer, largest: usize) -> Result<Bytes, Failure> {
    let too_large = || {
        let message = format!("The answer has more than {largest} bytes.");
        Failure::new(FailureKind::TooLarge, message)
    };
    if answer.cut {
        return Err(too_large());
    }
    let encoding = answer.headers.get(CONTENT_ENCODING).map(|value| value.as_bytes().to_ascii_lowercase());
    match encoding.as_deref() {
        None | Some(b"" | b"identity") if answer.body.len() > largest => Err(too_large()),
        None | Some(b"" | b"identity") => Ok(answer.body),
        Some(b"gzip" | b"x-gzip") => {
            let mut plain = Vec::with_capacity(told(&answer.body).min(largest));
            let mut room = MultiGzDecoder::new(&*answer.body).take(largest as u64 + 1);
            room.read_to_end(&mut plain).map_err(|error| {
                let message = format!("The answer does not unpack: {error}.");
                Failure::new(FailureKind::Broken, message)
            })?;
            if plain.len() > largest { Err(too_large()) } else { Ok(plain.into()) }
        }
        Some(_) => {
            let message = "The answer is compressed in a way that was not asked for.";
            Err(Failure::new(FailureKind::Broken, message))
        }
    }
}

/// How long the plain text is by what stands at the end of its last member (RFC 1952, 2.3.1), as far as what is sent can
/// be believed: a short answer that says that it is very long is given less room at first.
fn told(packed: &[u8]) -> usize {
    let length = packed.last_chunk().map_or(0, |length| u32::from_le_bytes(*length) as usize);
    length.min(packed.len().saturating_mul(BELIEVED))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use http::{HeaderMap, StatusCode};

    use super::*;

    fn zipped(bytes: &[u8]) -> Vec<u8> {
        let mut out = GzEncoder::new(Vec::new(), Compression::best());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    /// RESO-083: what is compressed is unpacked, and a small answer that unpacks to very much is refused.
    #[test]
    fn reso_083_answers_are_unpacked_within_their_bound() {
        let check = |encoding: &str, body: &[u8], cut: bool, expect: Result<usize, &str>| {
            let mut headers = HeaderMap::new();
            if !encoding.is_empty() {
                headers.insert(CONTENT_ENCODING, encoding.parse().unwrap());
            }
            let body = Bytes::copy_from_slice(body);
            let found = inflated(Answer { status: StatusCode::OK, headers, body, cut }, 1_000);
            let found = found.map(|plain| plain.len());
            assert_eq!(
                found.as_ref().map_err(Failure::code),
                expect.as_ref().map_err(|code| *code),
                "{encoding}"
            );
        };
        check("", &[b'x'; 1_000], false, Ok(1_000));
        check("", &[b'x'; 1_001], false, Err("too_large"));
        check("", b"x", true, Err("too_large"));
        check("identity", b"x", false, Ok(1));
        check("gzip", &zipped(&[b'x'; 1_000]), false, Ok(1_000));
        check("GZIP", &zipped(&[b'x'; 1_000]), false, Ok(1_000));
        check("gzip", &zipped(&vec![0; 50_000_000]), false, Err("too_large"));
        check("gzip", &zipped(&[b'x'; 100])[..20], false, Err("broken"));
        check("gzip", b"no gzip at all", false, Err("broken"));
        check("br", b"x", false, Err("broken"));
        // Several members in one body, as servers that join kept pieces send them.
        check("gzip", &[zipped(b"ab"), zipped(b"c")].concat(), false, Ok(3));
    }
}
