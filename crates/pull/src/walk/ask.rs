//! Addresses of questions.

use dictionary::Timestamp;

use crate::place::instant;
use crate::profile::Operator;

/// What is asked of one resource.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ask {
    /// The address of the service, without a slash at its end.
    pub(crate) root: String,
    /// The resource.
    pub(crate) resource: String,
    /// What stands behind the resource's address.
    pub(crate) path: String,
    /// What stands before the other options.
    pub(crate) query: Option<String>,
    /// The field that is the key.
    pub(crate) key: String,
    /// The timestamp that is walked by.
    pub(crate) time: String,
    pub(crate) operator: Option<Operator>,
    pub(crate) top: Option<u32>,
    /// Fields; all where there are none.
    pub(crate) select: Vec<String>,
    pub(crate) expand: Vec<String>,
    /// Conditions, all of which hold.
    pub(crate) filters: Vec<String>,
    /// Whether the server takes `$count` and `$select` alone.
    pub(crate) bare: bool,
    /// Whether the server is asked how many there are.
    pub(crate) count: bool,
}

impl Ask {
    /// The address with these further conditions and options.
    pub(crate) fn url(&self, filters: &[String], more: &[(&str, String)]) -> String {
        let mut options: Vec<String> = self.query.iter().cloned().collect();
        let mut add = |name: &str, value: &str| options.push(format!("{name}={}", escaped(value)));
        let all: Vec<&str> = self.filters.iter().chain(filters).map(String::as_str).collect();
        if !all.is_empty() {
            add("$filter", &all.join(" and "));
        }
        for (name, value) in more {
            add(name, value);
        }
        if let Some(top) = self.top.filter(|_| !self.bare) {
            add("$top", &top.to_string());
        }
        if !self.select.is_empty() {
            add("$select", &self.select.join(","));
        }
        if !self.expand.is_empty() && !self.bare {
            add("$expand", &self.expand.join(","));
        }
        if self.count {
            add("$count", "true");
        }
        let Self { root, resource, path, .. } = self;
        let query = options.join("&");
        if query.is_empty() {
            format!("{root}/{resource}{path}")
        } else {
            format!("{root}/{resource}{path}?{query}")
        }
    }

    /// At this instant of the timestamp or later.
    pub(crate) fn from(&self, at: i64) -> String {
        match self.operator {
            // A millisecond before, and later than that: what shares the instant is not lost.
            Some(Operator::Gt) => format!("{} gt {}", self.time, spelled(instant(at.saturating_sub(1_000)))),
            Some(Operator::Ge) | None => format!("{} ge {}", self.time, spelled(instant(at))),
        }
    }

    /// Behind this record in the order of timestamp and key.
    pub(crate) fn behind(&self, at: i64, key: &str) -> String {
        let Self { time, key: name, .. } = self;
        let at = spelled(instant(at));
        format!("({time} gt {at} or ({time} eq {at} and {name} gt {}))", quoted(key))
    }

    /// These keys, as far as one filter takes them: by `or`, of so many and so long.
    pub(crate) fn keys<'k>(&self, keys: &'k [String], most: usize, longest: usize) -> (String, &'k [String]) {
        let mut filter = String::new();
        for (at, key) in keys.iter().enumerate() {
            let one = format!("{} eq {}", self.key, quoted(key));
            if at > 0 && (at > most || escaped(&filter).len() + escaped(&one).len() + 8 > longest) {
                return (filter, &keys[at..]);
            }
            if at > 0 {
                filter.push_str(" or ");
            }
            filter.push_str(&one);
        }
        (filter, &[])
    }
}

/// An instant as OData writes it.
fn spelled(at: Timestamp) -> String {
    at.to_string()
}

/// Text as OData writes it.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// What a query holds as it is (RFC 3986); everything else as `%XX`.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~$(),:/'*@!".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_as_addresses() {
        let ask = Ask {
            root: "https://x/odata".into(),
            resource: "Property".into(),
            key: "ListingKey".into(),
            time: "ModificationTimestamp".into(),
            top: Some(5),
            ..Ask::default()
        };
        assert_eq!(ask.url(&[], &[]), "https://x/odata/Property?$top=5");
        let order = [("$orderby", "ModificationTimestamp,ListingKey".to_owned())];
        assert_eq!(
            ask.url(&[ask.behind(1_000_000, "a'b")], &order),
            "https://x/odata/Property?$filter=(ModificationTimestamp%20gt%201970-01-01T00:00:01Z%20or%20\
             (ModificationTimestamp%20eq%201970-01-01T00:00:01Z%20and%20ListingKey%20gt%20'a''b'))\
             &$orderby=ModificationTimestamp,ListingKey&$top=5"
        );
        assert_eq!(ask.from(1_500_000), "ModificationTimestamp ge 1970-01-01T00:00:01.5Z");
        let gt = Ask { operator: Some(Operator::Gt), ..ask.clone() };
        assert_eq!(gt.from(1_500_000), "ModificationTimestamp gt 1970-01-01T00:00:01.499Z");
        let bare = Ask {
            bare: true,
            path: "/replication".into(),
            query: Some("replication=true".into()),
            select: vec!["ListingKey".into()],
            expand: vec!["Media".into()],
            ..ask.clone()
        };
        assert_eq!(
            bare.url(&[], &[]),
            "https://x/odata/Property/replication?replication=true&$select=ListingKey"
        );
        let keys: Vec<String> = ["a", "b&", "c", "d"].map(String::from).into();
        let (filter, rest) = ask.keys(&keys, 2, 1_000);
        assert_eq!(filter, "ListingKey eq 'a' or ListingKey eq 'b&' or ListingKey eq 'c'");
        assert_eq!(rest, ["d"]);
        assert_eq!(ask.keys(&keys, 50, 10).1.len(), 3, "one goes, however long");
    }
}
