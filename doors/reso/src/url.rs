//! The words of a request's URL that a walk over pages depends on.

use odata::page_token;

/// A URL as it was sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Url<'a> {
    /// The whole path, such as `/odata/Property`.
    pub(crate) path: &'a str,
    /// What stands after `?`, as it was sent.
    pub(crate) query: &'a str,
}

impl<'a> Url<'a> {
    /// Each option: its name in small letters without `$`, and the whole of it as it was sent.
    fn options(self) -> impl Iterator<Item = (String, &'a str)> {
        self.query.split('&').filter(|option| !option.is_empty()).map(|option| {
            let name = option.split('=').next().unwrap_or_default().replace("%24", "$");
            (name.trim_start_matches('$').to_ascii_lowercase(), option)
        })
    }

    fn option(self, wanted: &str) -> Option<&'a str> {
        let (_, option) = self.options().find(|(name, _)| name == wanted)?;
        option.split_once('=').map(|(_, value)| value)
    }

    /// What must not change from page to page.
    pub(crate) fn question(self) -> u64 {
        let part = |name| self.option(name).unwrap_or_default();
        let path = self.path.trim_end_matches('/');
        let named = [part("apply"), part("compute"), part("search")];
        if named.iter().all(|part| part.is_empty()) {
            return page_token::fingerprint(&[path, part("filter"), part("orderby")]);
        }
        let [apply, compute, search] = named;
        page_token::fingerprint(&[path, part("filter"), part("orderby"), apply, compute, search])
    }

    /// The address of the page after this one: the same question with a token. `$skip` is behind it, and
    /// what is left of `$top` stands in the token; `access_token` is not repeated.
    pub(crate) fn next(self, public_url: &str, token: &str) -> String {
        self.with_token(public_url, token, &["skip", "skiptoken", "access_token"])
    }

    /// The same of rows of an aggregation: they are found anew for each page, and `$skip` goes before it.
    pub(crate) fn next_of_rows(self, public_url: &str, token: &str) -> String {
        self.with_token(public_url, token, &["skiptoken", "access_token"])
    }

    /// Whether the walk tracks changes already.
    pub(crate) fn has_delta(self) -> bool {
        self.option("deltatoken").is_some()
    }

    /// Whether it is asked in the manner of replication (RESO-044).
    pub(crate) fn is_replication(self) -> bool {
        self.path.trim_end_matches('/').ends_with("/replication")
    }

    /// What a delta link's answer shows of each record.
    pub(crate) fn selection(self) -> &'a str {
        self.option("select").unwrap_or_default()
    }

    /// The address of what changes, with this token.
    pub(crate) fn delta(self, public_url: &str, token: &str) -> String {
        let mut url = self.without(public_url, &["skip", "skiptoken", "deltatoken", "access_token", "count"]);
        url.push_str("$deltatoken=");
        url.push_str(token);
        url
    }

    fn with_token(self, public_url: &str, token: &str, without: &[&str]) -> String {
        let mut url = self.without(public_url, without);
        url.push_str("$skiptoken=");
        url.push_str(token);
        url
    }

    /// The address and its options but for these, ready for another.
    fn without(self, public_url: &str, without: &[&str]) -> String {
        let mut url = format!("{public_url}{}?", self.path);
        for (name, option) in self.options() {
            if !without.contains(&name.as_str()) {
                url.push_str(option);
                url.push('&');
            }
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::Url;

    #[test]
    fn the_next_page_asks_the_same_question() {
        let check = |query: &str, expect: &str| {
            let url = Url { path: "/odata/Property", query };
            assert_eq!(url.next("http://h", "T"), format!("http://h/odata/Property?{expect}$skiptoken=T"));
        };
        check("", "");
        check("$filter=City%20eq%20'A'&$skip=5&$top=9", "$filter=City%20eq%20'A'&$top=9&");
        check("$skiptoken=OLD&filter=X", "filter=X&");
        check("%24skip=5&access_token=secret&$count=true", "$count=true&");
    }

    #[test]
    fn a_token_belongs_to_its_question() {
        let question = |query: &str| Url { path: "/odata/Property", query }.question();
        assert_eq!(question("$filter=a&$top=5"), question("$top=7&filter=a&$skiptoken=T"));
        assert_ne!(question("$filter=a"), question("$filter=b"));
        assert_ne!(question("$orderby=a"), question(""));
    }
}
