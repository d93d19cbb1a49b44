//! URLs that may be asked for.

use http::Uri;
use http::uri::Scheme;

use crate::{Failure, FailureKind};

/// Characters of a URL at most.
pub const LONGEST_URL: usize = 2_048;

/// Reads a URL that a stranger gave: `http` or `https`, a host, no user and no password.
///
/// # Errors
/// Anything else. Where it resolves to is not looked at here.
pub fn target(url: &str) -> Result<Uri, Failure> {
    target_within(url, LONGEST_URL)
}

/// As [`target`], of another length: page links of some servers hold the whole question.
///
/// # Errors
/// As [`target`].
pub fn target_within(url: &str, longest: usize) -> Result<Uri, Failure> {
    let wrong = |message: &str| Failure::new(FailureKind::UrlWrong, message);
    if url.len() > longest {
        return Err(wrong(&format!("The URL has more than {longest} characters.")));
    }
    let uri: Uri = url.parse().map_err(|_| wrong("This is no URL."))?;
    if let Some(scheme) = uri.scheme_str()
        && ![Scheme::HTTP.as_str(), Scheme::HTTPS.as_str()].contains(&scheme)
    {
        return Err(wrong(&format!("Scheme {scheme} is not supported; http and https are.")));
    }
    let authority = uri.authority().filter(|_| uri.scheme().is_some());
    let authority = authority.ok_or_else(|| wrong("The URL must begin with https:// and a host."))?;
    if authority.as_str().contains('@') {
        return Err(wrong("The URL must not hold a user or a password."));
    }
    if authority.host().is_empty() || authority.host().len() > 255 {
        return Err(wrong("The URL has no host."));
    }
    if authority.port_u16() == Some(0) || (authority.port().is_none() && authority.as_str().contains("]:")) {
        return Err(wrong("The URL's port is no port."));
    }
    Ok(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_that_may_be_asked_for() {
        let check = |url: &str, expect: Result<(), &str>| {
            let said = target(url).map(drop).map_err(|failure| failure.message);
            match (&said, expect) {
                (Ok(()), Ok(())) => {}
                (Err(said), Err(part)) if said.contains(part) => {}
                _ => panic!("{url}: {said:?}"),
            }
        };
        check("https://example.org/hook?x=1", Ok(()));
        check("http://example.org:8080", Ok(()));
        check("https://[2606:4700::1111]/", Ok(()));
        check("aws-sqs://queue", Err("Scheme aws-sqs is not supported"));
        check("ftp://example.org/", Err("Scheme ftp is not supported"));
        check("file:///etc/passwd", Err(""));
        check("/hook", Err("https://"));
        check("example.org", Err("https://"));
        check("https://user:secret@example.org/", Err("password"));
        check("https://", Err(""));
        check("https://exa mple.org", Err("no URL"));
        check(&format!("https://example.org/{}", "x".repeat(2_048)), Err("2048"));
    }
}
