//! Values of parameters, read as the API's clients write them: "" is not set, "3" is 3 (PAR-117).

use std::hash::{Hash as _, Hasher};

use dictionary::{Decimal, Text, Timestamp};
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use serde_json::{Value as Json, json};

/// How a parameter is read, and its bounds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum ReadAs {
    /// Text of at most so many characters, without space around it.
    Text(usize),
    /// Up to so many texts of at most 255 characters. One alone need not stand in a list.
    Texts(usize),
    /// A whole number within bounds.
    Whole(i64, i64),
    /// A number within bounds, fractions too.
    Number(i64, i64),
    /// True or not: `false` says nothing (group 1 of item 6).
    Only,
    /// True, false or nothing (group 2 of item 6).
    Either,
    /// An instant; without a distance from UTC it is in UTC, a date alone is its beginning (PAR-140).
    Moment,
}

/// A value that was read.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Value {
    Text(Text),
    Texts(Vec<Text>),
    Whole(i64),
    Number(Decimal),
    Truth(bool),
    Moment(Timestamp),
}

/// The most characters of an element of a list.
const LONGEST_ELEMENT: usize = 255;

impl ReadAs {
    /// Reads what stands under the name; none where it is not set.
    ///
    /// # Errors
    /// What is wrong, in the words that the API's clients know.
    pub(crate) fn read(self, name: &str, given: &Json) -> Result<Option<Value>, String> {
        if let Self::Texts(most) = self {
            return texts(name, given, most).map(|list| (!list.is_empty()).then_some(Value::Texts(list)));
        }
        let invalid = || format!("The value '{}' is not valid for {name}.", shown(given));
        let Some(text) = scalar(given).ok_or_else(invalid)? else { return Ok(None) };
        let value = match self {
            Self::Text(most) => {
                if text.chars().count() > most {
                    return Err(format!(
                        "The field {name} must be a string with a maximum length of {most}."
                    ));
                }
                Value::Text(Text::from(text))
            }
            Self::Whole(least, most) => {
                let number = text.parse::<Decimal>().ok().filter(|number| number.is_integer());
                let number = number.ok_or_else(invalid)?;
                let within = i64::try_from(number).ok().filter(|number| (least..=most).contains(number));
                Value::Whole(within.ok_or_else(|| between(name, least, most))?)
            }
            Self::Number(least, most) => {
                let number = text.parse::<Decimal>().or_else(|_| Decimal::from_scientific(&text));
                let number = number.map_err(|_| invalid())?;
                if number < Decimal::from(least) || number > Decimal::from(most) {
                    return Err(between(name, least, most));
                }
                Value::Number(number)
            }
            Self::Only => match truth(&text).ok_or_else(invalid)? {
                true => Value::Truth(true),
                false => return Ok(None),
            },
            Self::Either => Value::Truth(truth(&text).ok_or_else(invalid)?),
            Self::Moment => Value::Moment(moment(&text).ok_or_else(invalid)?),
            Self::Texts(_) => return Err(invalid()),
        };
        Ok(Some(value))
    }
}

impl Value {
    /// Adds it to a hash.
    pub(crate) fn hash_into(&self, hasher: &mut impl Hasher) {
        match self {
            Self::Text(text) => text.hash(hasher),
            Self::Texts(list) => list.hash(hasher),
            Self::Whole(number) => number.hash(hasher),
            Self::Number(number) => number.hash(hasher),
            Self::Truth(truth) => truth.hash(hasher),
            Self::Moment(at) => at.hash(hasher),
        }
    }

    /// As it is shown again in a refusal, cut where it is long.
    pub(crate) fn echo(&self) -> Json {
        const FEW: usize = 20;
        match self {
            Self::Text(text) => cut(text).into(),
            Self::Texts(list) => list.iter().take(FEW).map(|text| cut(text)).collect(),
            Self::Whole(number) => json!(number),
            Self::Number(number) => json!(f64::try_from(*number).unwrap_or_default()),
            Self::Truth(truth) => json!(truth),
            Self::Moment(at) => at.to_string().into(),
        }
    }
}

/// What was sent, as it is shown again in a refusal: a number or a truth as it is, a text cut where it is
/// long, nothing of what holds more.
pub(crate) fn again(sent: &Json) -> Json {
    match sent {
        Json::Number(_) | Json::Bool(_) => sent.clone(),
        // What a query says is text, and was meant as a number where it is one.
        Json::String(text) => match text.parse::<i64>() {
            Ok(number) => number.into(),
            Err(_) => cut(text).into(),
        },
        _ => Json::Null,
    }
}

fn between(name: &str, least: i64, most: i64) -> String {
    format!("The field {name} must be between {least} and {most}.")
}

/// The text of a value that is no list: none inside where it is not set, none where it is a list or more.
fn scalar(given: &Json) -> Option<Option<String>> {
    let text = match given {
        Json::Null => return Some(None),
        Json::String(text) => text.trim().to_owned(),
        Json::Number(number) => number.to_string(),
        Json::Bool(truth) => truth.to_string(),
        // A query that repeats a name which takes one value: the first counts, as it does elsewhere.
        Json::Array(list) => match list.first() {
            Some(Json::String(text)) => text.trim().to_owned(),
            _ => return None,
        },
        Json::Object(_) => return None,
    };
    Some((!text.is_empty()).then_some(text))
}

fn texts(name: &str, given: &Json, most: usize) -> Result<Vec<Text>, String> {
    let list = match given {
        Json::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    if list.len() > most {
        return Err(format!("The field {name} must be a list with a maximum length of {most}."));
    }
    let mut texts = Vec::with_capacity(list.len());
    for one in list {
        let found = match one {
            Json::Array(_) => None,
            one => scalar(one),
        };
        match found.ok_or_else(|| format!("The value '{}' is not valid for {name}.", shown(one)))? {
            Some(text) if text.chars().count() > LONGEST_ELEMENT => {
                return Err(format!(
                    "The elements of {name} must be strings with a maximum length of {LONGEST_ELEMENT}."
                ));
            }
            Some(text) => texts.push(Text::from(text)),
            None => {}
        }
    }
    Ok(texts)
}

fn truth(text: &str) -> Option<bool> {
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// `2019-05-01T11:15:39.837`, with a distance from UTC or without, or a date.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    // A plus that was not encoded in a query has become a space.
    let text = match text.as_bytes() {
        [.., b' ', _, _, b':', _, _] if text.contains('T') => &text.replace(' ', "+"),
        _ => text,
    };
    // Digits past the seventh of a second are nobody's; a year has four digits.
    if !text.is_ascii() || text.len() > 40 || !text.as_bytes().first()?.is_ascii_digit() {
        return None;
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let civil = match text.parse::<DateTime>() {
        Ok(civil) => civil,
        Err(_) => text.parse::<Date>().ok()?.to_datetime(jiff::civil::Time::midnight()),
    };
    // What is left of an offset that is no offset would be read as none.
    let plain = |c: char| c.is_ascii_digit() || "-:.T ".contains(c);
    text.chars().all(plain).then(|| Offset::UTC.to_timestamp(civil).ok())?
}

fn cut(text: &str) -> String {
    text.chars().take(100).collect()
}

fn shown(given: &Json) -> String {
    match given {
        Json::String(text) => cut(text),
        other => cut(&other.to_string()),
    }
}
