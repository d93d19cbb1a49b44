//! Ids of profiles, made from keys of records and read again.

use dictionary::Text;

/// Characters of a name in DNS between two dots.
pub(super) const LONGEST_LABEL: usize = 63;

/// What a profile stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// A `Member`.
    Agent,
    /// An `Office`.
    Office,
    /// An organization, `OUID`.
    Company,
    /// A `Client`.
    App,
    /// A `Feed`, whose listings are told of.
    Feed,
}

/// Every kind with the word that its ids begin with, its type in linked data, and its resource.
const KINDS: [(Kind, &str, &str, &str); 5] = [
    (Kind::Agent, "agent", "RealEstateAgent", "Member"),
    (Kind::Office, "office", "RealEstateOffice", "Office"),
    (Kind::Company, "company", "RealEstateOrganization", "OUID"),
    (Kind::App, "app", "SoftwareApplication", "Client"),
    (Kind::Feed, "feed", "DataFeed", "Feed"),
];

impl Kind {
    fn row(self) -> &'static (Self, &'static str, &'static str, &'static str) {
        KINDS.iter().find(|(kind, ..)| *kind == self).expect("every kind has a row")
    }

    /// Its `type`.
    pub(crate) fn linked_type(self) -> &'static str {
        self.row().2
    }

    /// The resource whose records have such profiles.
    pub(crate) fn resource(self) -> &'static str {
        self.row().3
    }
}

/// Whose profile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Pod {
    pub(crate) kind: Kind,
    /// The key of the record.
    pub(crate) key: Text,
}

/// Digits of base 32 that DNS, which knows no case, tells apart (RFC 4648, 7, in small letters).
const DIGITS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";

impl Pod {
    /// The id: `agent-` and the key where that is a part of a name in DNS already, else `agent--` and the
    /// key's bytes in base 32. A feed's is never in DNS: its key stands as it is where a path takes it.
    pub(crate) fn id(&self) -> String {
        let word = self.kind.row().1;
        if is_plain(&self.key) || (self.kind == Kind::Feed && is_in_path(&self.key)) {
            format!("{word}-{}", self.key)
        } else {
            format!("{word}--{}", encoded(&self.key))
        }
    }

    /// The profile of an id, by its one spelling.
    pub(crate) fn read(id: &str) -> Option<Self> {
        let (word, rest) = id.split_once('-')?;
        let (kind, ..) = KINDS.iter().find(|(_, known, ..)| *known == word)?;
        let key = match rest.strip_prefix('-') {
            Some(digits) => decoded(digits)?,
            None => rest.to_owned(),
        };
        let pod = Self { kind: *kind, key: key.into() };
        (pod.id() == id).then_some(pod)
    }
}

/// Whether a key is small letters and digits, with hyphens between them.
fn is_plain(key: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !key.is_empty()
        && key.len() <= 48
        && key.bytes().all(plain)
        && !key.starts_with('-')
        && !key.ends_with('-')
}

/// Whether a key is letters, digits and what else a path holds unescaped, and is not taken for base 32.
fn is_in_path(key: &str) -> bool {
    !key.is_empty()
        && !key.starts_with('-')
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

fn encoded(key: &str) -> String {
    let (mut text, mut held, mut bits) = (String::new(), 0_u32, 0);
    for byte in key.bytes() {
        held = (held << 8) | u32::from(byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(DIGITS[((held >> bits) & 31) as usize]));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(char::from(DIGITS[((held << (5 - bits)) & 31) as usize]));
    }
    text
}

fn decoded(digits: &str) -> Option<String> {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for digit in digits.bytes() {
        let value = DIGITS.iter().position(|known| *known == digit)?;
        held = (held << 5) | u32::try_from(value).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    String::from_utf8(bytes).ok()
}

/// The id that stands before the domain in a Host header.
pub(crate) fn host_pod<'a>(host: &'a str, domain: &str) -> Option<&'a str> {
    let host = host.rsplit_once(':').map_or(host, |(name, _port)| name);
    let (label, rest) = host.split_once('.')?;
    (!domain.is_empty() && rest.eq_ignore_ascii_case(domain)).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EVT-051: an id is made from the key alone, read back to it, and nobody shares it.
    #[test]
    fn evt_051_ids_are_read_as_they_are_made() {
        let check = |key: &str, expect: &str| {
            let pod = Pod { kind: Kind::Agent, key: key.into() };
            assert_eq!(pod.id(), expect);
            assert_eq!(Pod::read(expect), Some(pod), "{key}");
        };
        check("1657897", "agent-1657897");
        check("nwm-42", "agent-nwm-42");
        check("NWM42", "agent--9pbkqd1i");
        check("a|b", "agent--c5u64");
        check("-x", "agent--5ls0");
        check("é", "agent--oekg");
        for wrong in ["agent-NWM42", "agent--c5u65", "agent--!", "person-1", "agent", "agent-", ""] {
            assert_eq!(Pod::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn evt_050_a_feeds_id_holds_its_key() {
        let check = |key: &str, expect: &str| {
            let pod = Pod { kind: Kind::Feed, key: key.into() };
            assert_eq!(pod.id(), expect);
            assert_eq!(Pod::read(expect), Some(pod), "{key}");
        };
        check("NWMLS", "feed-NWMLS");
        check("nwm-42", "feed-nwm-42");
        check("-x", "feed--5ls0");
        check("a b", "feed--c4g64");
    }

    #[test]
    fn a_host_names_a_profile_below_the_domain_alone() {
        let check =
            |host: &str, expect: Option<&str>| assert_eq!(host_pod(host, "hub.example"), expect, "{host}");
        check("agent-1.hub.example", Some("agent-1"));
        check("agent-1.HUB.example:8700", Some("agent-1"));
        check("hub.example", None);
        check("agent-1.evil.example", None);
        check("a.b.hub.example", None);
        assert_eq!(host_pod("agent-1.", ""), None);
    }
}
