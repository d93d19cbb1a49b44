//! A street address, read so that all ways of writing it are one.

use crate::words::{direction, is_unit, ordinal, suffix};

/// Characters of an address that are read at most; the Data Dictionary's `UnparsedAddress` has 255.
const LONGEST: usize = 300;

/// A house and its street. Parts that were not written are empty.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Address {
    /// The house number's digits; none where it has none.
    pub number: Option<u32>,
    /// What the number carries besides: `B` of `12B`, `1/2` of `12 1/2`.
    pub fraction: String,
    /// Direction before the name: `N`.
    pub before: String,
    /// The street's own name, in capitals: `MAIN`, `42`, `ST CHARLES`.
    pub name: String,
    /// What it is called, shortly: `ST`.
    pub suffix: String,
    /// Direction after it: `SW`.
    pub after: String,
}

impl Address {
    /// Reads the street line of an address. What follows a comma or names a part of the building is left out.
    /// None where no street is named.
    #[must_use]
    pub fn read(line: &str) -> Option<Self> {
        let words = words(line);
        let mut words: &[String] = &words;
        let mut address = Self::default();
        if let [first, rest @ ..] = words
            && !rest.is_empty()
            && let Some((number, fraction)) = house_number(first)
        {
            (address.number, address.fraction) = (Some(number), fraction);
            words = rest;
        }
        if let [half, rest @ ..] = words
            && address.number.is_some()
            && half.contains('/')
            && !rest.is_empty()
        {
            address.fraction.clone_from(half);
            words = rest;
        }
        // A direction or a suffix is one only beside a name: `N ST` is a street called N.
        if let [first, rest @ ..] = words
            && let Some(short) = direction(first)
            && !rest.is_empty()
            && !is_suffix_alone(rest)
        {
            short.clone_into(&mut address.before);
            words = rest;
        }
        if let [rest @ .., last] = words
            && let Some(short) = direction(last)
            && !rest.is_empty()
        {
            short.clone_into(&mut address.after);
            words = rest;
        }
        if let [rest @ .., last] = words
            && let Some(short) = suffix(last)
            && !rest.is_empty()
        {
            short.clone_into(&mut address.suffix);
            words = rest;
        }
        let name: Vec<&str> = words.iter().map(|word| ordinal(word).unwrap_or(word)).collect();
        address.name = name.join(" ");
        (!address.name.is_empty()).then_some(address)
    }

    /// Whether both may be the same street: what only one of them says does not tell them apart.
    #[must_use]
    pub fn may_be_street_of(&self, other: &Self) -> bool {
        let agree = |a: &str, b: &str| a.is_empty() || b.is_empty() || a == b;
        self.name == other.name
            && agree(&self.before, &other.before)
            && agree(&self.suffix, &other.suffix)
            && agree(&self.after, &other.after)
    }
}

/// Whether nothing is left but what a street is called, and where it leads.
fn is_suffix_alone(words: &[String]) -> bool {
    match words {
        [only] => suffix(only).is_some(),
        [only, last] => suffix(only).is_some() && direction(last).is_some(),
        _ => false,
    }
}

/// The words of a street line, in capitals, up to a comma or a part of the building.
fn words(line: &str) -> Vec<String> {
    let line: String = line.chars().take(LONGEST).collect();
    let line = line.split([',', ';', '\n']).next().unwrap_or_default();
    let mut words = Vec::new();
    for word in line.split(|c: char| c.is_whitespace()) {
        if word.starts_with('#') {
            break;
        }
        let word = word.split('#').next().unwrap_or_default();
        // Full stops and apostrophes are written or not; a slash makes a half, a hyphen a double name.
        let plain: String = word.chars().filter(|c| c.is_alphanumeric() || "/-".contains(*c)).collect();
        let plain = plain.to_uppercase();
        if plain.is_empty() {
            continue;
        }
        // The first word is the number, the second must be left for the street: a Lot Street there may be.
        if words.len() > 1 && is_unit(&plain) {
            break;
        }
        words.push(plain);
    }
    words
}

/// `123`, `123B`, `12-34` (Queens) as a number and what it carries; `42ND` is none.
fn house_number(word: &str) -> Option<(u32, String)> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let number = word.get(..digits)?.parse().ok()?;
    let rest = &word[digits..];
    let ordinal = matches!(rest, "ST" | "ND" | "RD" | "TH");
    (digits > 0 && rest.len() <= 6 && !ordinal).then(|| (number, rest.to_owned()))
}

/// The part of the building that a text names, without what it is called: `4B` of `12 Main St Apt 4-B`, of
/// `#4b`, of `Unit 4B`. None where it names none. A field that holds a unit alone is read with `alone`, which
/// takes `4B` for one, too.
#[must_use]
pub fn unit(text: &str, alone: bool) -> Option<String> {
    let text: String = text.chars().take(LONGEST).collect();
    let text = text.replace('#', " # ").to_uppercase();
    let plain = |word: &str| word.chars().filter(|c| c.is_alphanumeric() || *c == '#').collect::<String>();
    let words = text.split(|c: char| c.is_whitespace() || ",;".contains(c)).map(plain);
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    let called = |word: &str| word == "#" || is_unit(word);
    // Of a street line the first two words are the number and the street, whatever they say.
    let first = if alone || text.trim_start().starts_with('#') { 0 } else { 2 };
    let at = words.iter().enumerate().position(|(at, word)| at >= first && called(word));
    match at.and_then(|at| words[at + 1..].iter().find(|word| !called(word))) {
        Some(named) => Some(named.clone()),
        None if alone => Some(words.concat().replace('#', "")).filter(|whole| !whole.is_empty()),
        None => None,
    }
}
