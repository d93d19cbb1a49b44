//! `If-Match` and `If-None-Match` of a write (RFC 9110, 13.1; RESO-060).

use http::{HeaderMap, HeaderName, header};
use odata::Fault;
use store::Sequence;

/// What is there when a request's turn comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum There {
    /// No record.
    Nothing,
    /// This version of one.
    Version(Sequence),
    /// A version that a request before it in the same change set makes: it has no number yet, and no client knows it.
    Unnumbered,
}

/// Holds the headers against what is there.
///
/// # Errors
/// 412 where they do not hold.
pub(super) fn hold(headers: &HeaderMap, there: There) -> Result<(), Fault> {
    if let Some(tags) = listed(headers, &header::IF_MATCH)
        && !tags.any(there)
    {
        let message = "The record is not the version that If-Match names.";
        return Err(failed(
            "If-Match",
            message,
            "Read it again, and send what is to change with its new ETag.",
        ));
    }
    if let Some(tags) = listed(headers, &header::IF_NONE_MATCH)
        && tags.any(there)
    {
        let message = "The record is a version that If-None-Match names.";
        return Err(failed("If-None-Match", message, "Leave the header out to change what is there."));
    }
    Ok(())
}

/// Whether the client names the version that it writes on.
pub(super) fn is_guarded(headers: &HeaderMap) -> bool {
    headers.contains_key(header::IF_MATCH) || headers.contains_key(header::IF_NONE_MATCH)
}

/// What a client is told whose version was overtaken while it wrote.
pub(super) fn overtaken() -> Fault {
    let message = "The record has been changed by somebody else meanwhile.";
    failed("If-Match", message, "Read it again, and send what is to change with its new ETag.")
}

fn failed(name: &str, message: &str, hint: &str) -> Fault {
    Fault::new(412, "precondition_failed", message, hint).about(name)
}

/// The tags of a header.
struct Tags<'a>(Vec<&'a str>);

fn listed<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Tags<'a>> {
    let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty())
        .then(|| Tags(values.iter().flat_map(|value| value.split(',')).map(str::trim).collect()))
}

impl Tags<'_> {
    /// All ETags here are weak, and so is the comparison.
    fn any(&self, there: There) -> bool {
        let own = match there {
            There::Nothing => return false,
            There::Version(version) => Some(format!("\"{version}\"")),
            There::Unnumbered => None,
        };
        let is = |tag: &str| own.as_deref().is_some_and(|own| tag.trim_start_matches("W/") == own);
        self.0.iter().any(|tag| *tag == "*" || is(tag))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_tags_are_held_against_the_version() {
        let check = |name: &'static str, value: &str, version: Option<Sequence>, holds: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            let version = version
                .map_or(There::Nothing, |at| if at == 0 { There::Unnumbered } else { There::Version(at) });
            assert_eq!(hold(&headers, version).is_ok(), holds, "{name}: {value} of {version:?}");
            assert!(is_guarded(&headers));
        };
        check("if-match", "W/\"7\"", Some(7), true);
        check("if-match", "\"7\"", Some(7), true);
        check("if-match", "W/\"6\", W/\"7\"", Some(7), true);
        check("if-match", "W/\"6\"", Some(7), false);
        check("if-match", "7", Some(7), false);
        check("if-match", "*", Some(7), true);
        check("if-match", "*", None, false);
        check("if-none-match", "*", Some(7), false);
        check("if-none-match", "*", None, true);
        check("if-none-match", "W/\"7\"", Some(7), false);
        check("if-none-match", "W/\"6\"", Some(7), true);
        // 0 stands for a version that has no number yet.
        check("if-match", "W/\"0\"", Some(0), false);
        check("if-match", "*", Some(0), true);
        check("if-none-match", "*", Some(0), false);
        check("if-none-match", "W/\"0\"", Some(0), true);
        assert!(hold(&HeaderMap::new(), There::Version(7)).is_ok() && !is_guarded(&HeaderMap::new()));
    }
}
