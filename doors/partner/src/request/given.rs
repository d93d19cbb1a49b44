//! What a request brings, by name, before anything of it is read: from a JSON body or from a query.

use std::collections::HashMap;

use serde_json::Value as Json;

/// Names of one request at most: every endpoint's parameters, many times over.
const MOST_NAMES: usize = 1_000;

/// The members of a request by their names in small letters. Clients of .NET read and write names in any
/// case, so that `feedidlist` is `FeedIdList` here, too.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Given {
    /// In the order of the names, so that each of an endpoint's many parameters is found without a copy of its name.
    members: Vec<(String, Json)>,
}

impl Given {
    /// Reads a JSON body; an empty one names nothing. None where it is no JSON object (PAR-206).
    pub(crate) fn from_body(body: &[u8]) -> Option<Self> {
        // Some clients put a byte order mark before UTF-8.
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        if body.iter().all(u8::is_ascii_whitespace) {
            return Some(Self::default());
        }
        let Ok(Json::Object(members)) = serde_json::from_slice(body) else { return None };
        let small = |(name, value): (String, Json)| (name.to_lowercase(), value);
        (members.len() <= MOST_NAMES).then(|| Self::of(members.into_iter().map(small).collect()))
    }

    /// Reads a query; a name that is repeated, or has brackets after it, names a list. None where it names
    /// too much.
    pub(crate) fn from_query(query: &str) -> Option<Self> {
        let mut members: HashMap<String, Json> = HashMap::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let bare = name.split('[').next().unwrap_or_default().to_lowercase();
            let value = Json::String(value.into_owned());
            match members.get_mut(&bare) {
                Some(Json::Array(list)) => list.push(value),
                Some(one) => *one = Json::Array(vec![one.take(), value]),
                None => drop(members.insert(bare, value)),
            }
            if members.len() > MOST_NAMES {
                return None;
            }
        }
        Some(Self::of(members))
    }

    fn of(members: HashMap<String, Json>) -> Self {
        let mut members: Vec<(String, Json)> = members.into_iter().collect();
        members.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        Self { members }
    }

    /// The members of both; where both name one, the other's counts.
    pub(crate) fn or(self, other: Self) -> Self {
        Self::of(self.members.into_iter().chain(other.members).collect())
    }

    /// What stands under a name, in whatever case.
    pub(crate) fn get(&self, name: &str) -> &Json {
        let small = || name.bytes().map(|byte| byte.to_ascii_lowercase());
        let found = self.members.binary_search_by(|(known, _)| known.bytes().cmp(small()));
        found.map_or(&Json::Null, |at| &self.members[at].1)
    }
}
