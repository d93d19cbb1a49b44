//! What answers say beside their bodies.

use std::fmt::Write as _;

use gate::Caller;

use crate::Door;
use crate::reply::Reply;
use crate::request::Asked;

/// How many match in all, and where the pages around this one are (PAR-121). The links of a search that is
/// posted are posted the same body.
pub(super) fn paged(reply: Reply, door: &Door, asked: &Asked, (page, size): (u64, u32), total: u64) -> Reply {
    let last = total.div_ceil(u64::from(size)).max(1);
    let settings = &door.settings;
    let root = format!("{}{}/{}", settings.public_url, settings.root, asked.endpoint.name());
    let mut links = String::new();
    let mut link = |rel: &str, page: u64| {
        let before = if links.is_empty() { "" } else { ", " };
        let _ = write!(links, "{before}<{root}?Page={page}&PageSize={size}>; rel=\"{rel}\"");
    };
    link("first", 1);
    if page > 1 {
        link("prev", (page - 1).min(last));
    }
    if page < last {
        link("next", page + 1);
    }
    link("last", last);
    reply.with("x-total-count", total.to_string()).with("link", links)
}

/// Whom each feed's records are to be credited to, and what is to stand beside them, where the request
/// asks for it (PAR-304).
pub(super) fn notices(mut reply: Reply, caller: &Caller, asked: &Asked) -> Reply {
    if !asked.is("IncludeNotices") {
        return reply;
    }
    for (feed, _) in caller.feeds() {
        let Some(terms) = caller.feed_terms(feed) else { continue };
        let mut notice = format!("feed=\"{}\"", quoted(feed));
        for (name, text) in [("attribution", &terms.attribution), ("disclaimer", &terms.disclaimer)] {
            if let Some(text) = text {
                let _ = write!(notice, "; {name}=\"{}\"", quoted(text));
            }
        }
        reply = reply.with("x-feed-notice", notice);
    }
    reply
}

/// Text for a header: visible ASCII, everything else percent-encoded (RFC 8187 encodes so, too).
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' '..=b'~' if byte != b'"' && byte != b'\\' && byte != b'%' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
