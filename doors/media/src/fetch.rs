//! Originals from elsewhere: one bounded request, and the redirects that it leads through.

use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use outbound::{Client, Failure, Request};

use bytes::Bytes;

/// Redirects that are followed: CDNs need one, sometimes two.
const MOST_REDIRECTS: usize = 4;

/// Why there is no original.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum NoOriginal {
    /// The other side says that there is none: 404, 410.
    Gone,
    /// It has more bytes than are read.
    TooLarge,
    /// Anything else.
    Unreachable(String),
}

impl From<Failure> for NoOriginal {
    fn from(failure: Failure) -> Self {
        Self::Unreachable(format!("{}: {failure}", failure.code()))
    }
}

/// Fetches an original of at most `most` bytes. Every address on the way is looked at by the client.
pub(crate) async fn fetch(client: &Client, url: &str, most: usize) -> Result<Bytes, NoOriginal> {
    let mut url = spelled(url);
    for _ in 0..=MOST_REDIRECTS {
        let uri = outbound::target(&url)?;
        let mut headers = HeaderMap::new();
        let accepted = "image/jpeg, image/webp, image/png, image/gif";
        headers.insert(header::ACCEPT, HeaderValue::from_static(accepted));
        let agent = concat!("Freehold/", env!("CARGO_PKG_VERSION"));
        headers.insert(header::USER_AGENT, HeaderValue::from_static(agent));
        let request = Request {
            method: Method::GET,
            uri: uri.clone(),
            headers,
            body: Bytes::new(),
            largest_answer: most.saturating_add(1),
        };
        let answer = client.send(request).await?;
        match answer.status {
            StatusCode::OK if answer.cut || answer.body.len() > most => return Err(NoOriginal::TooLarge),
            StatusCode::OK => return Ok(answer.body),
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(NoOriginal::Gone),
            status if status.is_redirection() => {
                let to = answer.headers.get(header::LOCATION).and_then(|to| to.to_str().ok());
                let to = to.ok_or_else(|| NoOriginal::Unreachable("a redirect to nowhere".into()))?;
                url = spelled(&joined(&uri, to));
            }
            status => return Err(NoOriginal::Unreachable(format!("it answers {status}"))),
        }
    }
    Err(NoOriginal::Unreachable(format!("more than {MOST_REDIRECTS} redirects")))
}

/// An address as HTTP spells it: what MLSs write has spaces and letters beyond ASCII in it, and sometimes
/// a fragment, which is nobody's business.
fn spelled(url: &str) -> String {
    let url = url.trim().split('#').next().unwrap_or_default();
    let mut spelled = String::with_capacity(url.len());
    for byte in url.bytes() {
        match byte {
            b'!' | b'#'..=b';' | b'=' | b'?'..=b'_' | b'a'..=b'z' | b'~' => spelled.push(char::from(byte)),
            _ => spelled.push_str(&format!("%{byte:02X}")),
        }
    }
    spelled
}

/// Where a redirect leads (RFC 3986, 5.2, as far as servers of pictures use it).
fn joined(base: &Uri, to: &str) -> String {
    let scheme = base.scheme_str().unwrap_or("https");
    let authority = base.authority().map_or("", |authority| authority.as_str());
    if to.contains("://") {
        to.to_owned()
    } else if let Some(host) = to.strip_prefix("//") {
        format!("{scheme}://{host}")
    } else if to.starts_with('/') {
        format!("{scheme}://{authority}{to}")
    } else {
        let room = base.path().rsplit_once('/').map_or("", |(room, _)| room);
        format!("{scheme}://{authority}{room}/{to}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_spelled_and_joined() {
        let check = |base: &str, to: &str, expect: &str| {
            assert_eq!(joined(&base.parse().unwrap(), to), expect, "{to}");
        };
        check("https://a.example/x/1.jpg?y", "https://b.example/2", "https://b.example/2");
        check("https://a.example/x/1.jpg?y", "//b.example/2", "https://b.example/2");
        check("http://a.example:81/x/1.jpg", "/2.jpg", "http://a.example:81/2.jpg");
        check("http://a.example/x/1.jpg", "2.jpg?z=/", "http://a.example/x/2.jpg?z=/");
        check("http://a.example", "2.jpg", "http://a.example/2.jpg");
        assert_eq!(spelled(" https://a.example/Küche 1.jpg#top"), "https://a.example/K%C3%BCche%201.jpg");
        assert_eq!(spelled("https://a.example/a%20b.jpg?w=1&h=[2]"), "https://a.example/a%20b.jpg?w=1&h=[2]");
        assert_eq!(spelled("https://a.example/\r\nx"), "https://a.example/%0D%0Ax");
    }
}
