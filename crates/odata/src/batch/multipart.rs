//! The form as `multipart/mixed` of `application/http`; a change set is a `multipart/mixed` inside.

use super::{Answer, MOST_HEADERS, MOST_PARTS, Part, too_many};
use crate::Fault;

/// Characters of a boundary (RFC 2046, 5.1.1).
const LONGEST_BOUNDARY: usize = 70;
const HINT: &str = "A part is header fields, an empty line, and a request such as `GET Property HTTP/1.1`.";

fn bad(message: impl Into<String>) -> Fault {
    Fault::bad("malformed_body", message, HINT)
}

pub(super) fn read(kind: &str, body: &[u8]) -> Result<Vec<Part>, Fault> {
    let mut parts = Vec::new();
    for piece in pieces(kind, body)? {
        let (headers, content) = headers(piece)?;
        let kind = value(&headers, "content-type").unwrap_or("application/http").to_owned();
        if kind.to_ascii_lowercase().starts_with("multipart/mixed") {
            // A change set has no name of its own in this form: its boundary is one.
            let group = boundary(&kind)?.to_owned();
            for piece in pieces(&kind, content)? {
                let (headers, content) = self::headers(piece)?;
                let mut part = request(&headers, content)?;
                part.group = Some(group.clone());
                parts.push(part);
            }
        } else {
            parts.push(request(&headers, content)?);
        }
        if parts.len() > MOST_PARTS {
            return Err(too_many());
        }
    }
    Ok(parts)
}

fn boundary(kind: &str) -> Result<&str, Fault> {
    let found = kind.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"'))
    });
    found
        .filter(|found| !found.is_empty() && found.len() <= LONGEST_BOUNDARY)
        .ok_or_else(|| bad("The content type has no boundary of 1 to 70 characters."))
}

/// What stands between the boundaries, the line ends beside them left away.
fn pieces<'b>(kind: &str, body: &'b [u8]) -> Result<Vec<&'b [u8]>, Fault> {
    let delimiter = format!("--{}", boundary(kind)?);
    let (mut pieces, mut begun, mut at) = (Vec::new(), None, 0);
    loop {
        let end = body[at..].iter().position(|byte| *byte == b'\n').map_or(body.len(), |end| at + end + 1);
        let line = body[at..end].trim_ascii_end();
        let rest = line.strip_prefix(delimiter.as_bytes());
        if let Some(rest) = rest.filter(|rest| rest.is_empty() || *rest == b"--") {
            if let Some(begun) = begun.replace(end) {
                let piece: &[u8] = &body[begun..at];
                let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
                pieces.push(piece.strip_suffix(b"\r").unwrap_or(piece));
                if pieces.len() > MOST_PARTS {
                    return Err(too_many());
                }
            }
            if rest == b"--" {
                return Ok(pieces);
            }
        }
        if end == body.len() {
            return Err(bad(format!("The closing boundary {delimiter}-- is missing.")));
        }
        at = end;
    }
}

type Headers = Vec<(String, String)>;

fn value<'h>(headers: &'h Headers, name: &str) -> Option<&'h str> {
    headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// Header fields up to an empty line or the end, and what follows.
fn headers(mut rest: &[u8]) -> Result<(Headers, &[u8]), Fault> {
    let (mut headers, mut room) = (Headers::new(), MOST_HEADERS);
    while !rest.is_empty() {
        let (line, after) = line(rest);
        rest = after;
        if line.is_empty() {
            break;
        }
        let left = room.checked_sub(line.len());
        room = left.ok_or_else(|| Fault::new(413, "too_large", "Header fields are too long.", HINT))?;
        let text = std::str::from_utf8(line).map_err(|_| bad("A header field is no text."))?;
        let Some((name, value)) = text.split_once(':') else {
            return Err(bad(format!("{text:.60?} is no header field.")));
        };
        headers.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    Ok((headers, rest))
}

/// The first line, its end left away, and what follows.
fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let (line, rest) = match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &[][..]),
    };
    (line.strip_suffix(b"\r").unwrap_or(line), rest)
}

/// `GET Property HTTP/1.1`, header fields, an empty line, a body.
fn request(about: &Headers, content: &[u8]) -> Result<Part, Fault> {
    let kind = value(about, "content-type").unwrap_or("application/http").to_ascii_lowercase();
    if !kind.starts_with("application/http") {
        return Err(bad(format!("A part is {kind:.60?}, not application/http.")));
    }
    let (first, rest) = line(content);
    let text = std::str::from_utf8(first).map_err(|_| bad("A request line is no text."))?;
    let Some((method, target)) = text.trim_ascii().split_once(|between: char| between.is_ascii_whitespace())
    else {
        return Err(bad(format!("{text:.60?} is no request line.")));
    };
    // Some clients leave spaces in a URL as they are: it goes on until the version.
    let url = match target.rsplit_once(|between: char| between.is_ascii_whitespace()) {
        Some((url, version)) if version.starts_with("HTTP/") => url,
        _ => target,
    };
    let (headers, body) = headers(rest)?;
    Ok(Part {
        id: value(about, "content-id").map(str::to_owned),
        method: method.to_ascii_uppercase(),
        url: url.trim_ascii().to_owned(),
        headers,
        body: body.to_vec(),
        ..Part::default()
    })
}

pub(super) fn write(answers: &[Answer]) -> (String, Vec<u8>) {
    let boundary = free(answers, "batchresponse");
    let mut out = Vec::new();
    let mut rest = answers;
    while let Some(first) = rest.first() {
        let together = match &first.group {
            None => 1,
            group => rest.iter().take_while(|answer| &answer.group == group).count(),
        };
        let (now, later) = rest.split_at(together);
        rest = later;
        out.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        // A change set that was refused has one answer, which stands for all of it (11.7.4).
        if first.group.is_none() || now.iter().any(|answer| answer.status >= 400) {
            let told =
                now.iter().find(|answer| answer.status >= 400 && answer.status != 424).unwrap_or(first);
            one(&mut out, told);
        } else {
            let inner = free(now, "changesetresponse");
            out.extend_from_slice(
                format!("Content-Type: multipart/mixed; boundary={inner}\r\n\r\n").as_bytes(),
            );
            for answer in now {
                out.extend_from_slice(format!("--{inner}\r\n").as_bytes());
                one(&mut out, answer);
            }
            out.extend_from_slice(format!("--{inner}--\r\n").as_bytes());
        }
    }
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/mixed; boundary={boundary}"), out)
}

fn one(out: &mut Vec<u8>, answer: &Answer) {
    out.extend_from_slice(b"Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n");
    if let Some(id) = &answer.id {
        out.extend_from_slice(format!("Content-ID: {id}\r\n").as_bytes());
    }
    out.extend_from_slice(format!("\r\nHTTP/1.1 {} {}\r\n", answer.status, reason(answer.status)).as_bytes());
    for (name, value) in &answer.headers {
        out.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(&answer.body);
    out.extend_from_slice(b"\r\n");
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        410 => "Gone",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        424 => "Failed Dependency",
        429 => "Too Many Requests",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        _ => "Other",
    }
}

/// A boundary that stands in none of the bodies.
fn free(answers: &[Answer], name: &str) -> String {
    let mut number = 0;
    loop {
        let boundary = format!("{name}_{number}");
        let stands =
            |answer: &Answer| answer.body.windows(boundary.len()).any(|window| window == boundary.as_bytes());
        if !answers.iter().any(stands) {
            return boundary;
        }
        number += 1;
    }
}
