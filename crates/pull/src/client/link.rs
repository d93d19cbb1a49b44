//! Links of servers: where they lead, and that they lead nowhere else.

use intake::IntakeError;

/// Characters of an address at most: page links of some servers hold the whole question.
pub(crate) const LONGEST: usize = 8_192;

/// `https://host:port` of an address, in small letters.
pub(crate) fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    (!host.is_empty()).then(|| format!("{scheme}://{host}").to_ascii_lowercase())
}

/// The address of a link that stood in the answer of `from`. The credential goes with each request, so a link
/// to an origin that is not among `ours` is refused.
///
/// # Errors
/// `link_elsewhere`, `link_too_long`.
pub(crate) fn follow(link: &str, from: &str, ours: &[String]) -> Result<String, IntakeError> {
    let base = origin(from).unwrap_or_default();
    let url = if link.contains("://") {
        link.to_owned()
    } else if link.starts_with('/') {
        format!("{base}{link}")
    } else if let Some(query) = link.strip_prefix('?') {
        format!("{}?{query}", from.split('?').next().unwrap_or_default())
    } else {
        let path = from.split('?').next().unwrap_or_default();
        format!("{}/{link}", path.rsplit_once('/').map_or(path, |(before, _)| before))
    };
    if url.len() > LONGEST {
        let message = format!("A page link has more than {LONGEST} characters.");
        return Err(IntakeError::new(
            "link_too_long",
            message,
            "Report it to the source; nothing can be done here.",
        ));
    }
    let to = origin(&url);
    // A proxy that ends TLS makes servers write http where https is asked: the same host, asked as before.
    let same = |ours: &String| {
        to.as_deref().and_then(|to| to.split_once("://")).map(|(_, host)| host)
            == ours.split_once("://").map(|(_, host)| host)
    };
    match ours.iter().find(|origin| same(origin)) {
        Some(origin) => {
            let path = &url[url.find("://").map_or(0, |at| at + 3)..];
            let path = path.find(['/', '?']).map_or("", |at| &path[at..]);
            Ok(without_token(&format!("{origin}{path}")))
        }
        None => Err(IntakeError::new(
            "link_elsewhere",
            format!(
                "A page link leads to {}, which is not the source.",
                to.unwrap_or_else(|| "nowhere".into())
            ),
            "The credential is not shown there. Name the origin among the profile's hosts if it is the source's.",
        )),
    }
}

/// The address without an `access_token`, which some servers repeat in their links: links are kept.
fn without_token(url: &str) -> String {
    let Some((path, query)) = url.split_once('?') else { return url.to_owned() };
    let kept: Vec<&str> = query.split('&').filter(|part| !part.starts_with("access_token=")).collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

/// `next` of a Link header (RFC 8288).
pub(crate) fn of_header(headers: &http::HeaderMap) -> Option<String> {
    headers.get_all(http::header::LINK).iter().filter_map(|value| value.to_str().ok()).find_map(|value| {
        value.split(',').find_map(|one| {
            let (target, parameters) = one.trim().strip_prefix('<')?.split_once('>')?;
            let next = parameters.split(';').any(|parameter| {
                let parameter = parameter.trim().to_ascii_lowercase();
                matches!(parameter.as_str(), "rel=next" | "rel=\"next\"")
            });
            next.then(|| target.to_owned())
        })
    })
}

/// Whether a link counts records: it drifts while others write.
pub(crate) fn counts_records(link: &str) -> bool {
    let query = link.split_once('?').map_or("", |(_, query)| query);
    query.split('&').any(|part| {
        let name = part.split('=').next().unwrap_or_default().to_ascii_lowercase();
        matches!(name.as_str(), "$skip" | "%24skip")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_source_and_nowhere_else() {
        let from = "https://api.example.org/odata/Property?$top=5";
        let ours = ["https://api.example.org".to_owned(), "https://replication.example.org:8443".to_owned()];
        let check = |link: &str, expect: Result<&str, &str>| {
            let found = follow(link, from, &ours);
            assert_eq!(found.as_deref().map_err(|error| error.code), expect, "{link}");
        };
        check(
            "https://api.example.org/odata/Property?$skiptoken=9",
            Ok("https://api.example.org/odata/Property?$skiptoken=9"),
        );
        check("http://API.example.org/odata/Property", Ok("https://api.example.org/odata/Property"));
        check("https://replication.example.org:8443/x", Ok("https://replication.example.org:8443/x"));
        check("/odata/Property?x", Ok("https://api.example.org/odata/Property?x"));
        check("Property?$skip=5", Ok("https://api.example.org/odata/Property?$skip=5"));
        check("?$skip=5", Ok("https://api.example.org/odata/Property?$skip=5"));
        check("/a?access_token=secret&b=1", Ok("https://api.example.org/a?b=1"));
        check("/a?access_token=secret", Ok("https://api.example.org/a"));
        check("https://api.example.org", Ok("https://api.example.org"));
        check("https://api.example.org.evil.example/x", Err("link_elsewhere"));
        check("https://api.example.org@evil.example/x", Err("link_elsewhere"));
        check("https://replication.example.org/x", Err("link_elsewhere"));
        check(&format!("/{}", "x".repeat(9_000)), Err("link_too_long"));
    }

    #[test]
    fn a_header_names_the_next_page_and_a_counting_link_is_known() {
        let check = |value: &str, expect: Option<&str>| {
            let mut headers = http::HeaderMap::new();
            headers.insert(http::header::LINK, value.parse().unwrap());
            assert_eq!(of_header(&headers).as_deref(), expect, "{value}");
        };
        check("<https://x/y?next=1>; rel=\"next\"", Some("https://x/y?next=1"));
        check("<https://x/a>; rel=\"prev\", </b>; title=x; rel=next", Some("/b"));
        check("<https://x/a>; rel=\"prev\"", None);
        check("nonsense", None);
        for (link, counts) in [
            ("/x?$skip=5", true),
            ("/x?a=1&%24skip=5", true),
            ("/x?$skiptoken=5", false),
            ("/$skip=1", false),
        ] {
            assert_eq!(counts_records(link), counts, "{link}");
        }
    }
}
