//! How typed text is to be read: what a mapping says for all fields, and for one.

use dictionary::Value;
use jiff::tz::TimeZone;

use super::Bad;

/// The settings, as a mapping holds them; what a field leaves out, `[parse]` says, and then the default.
#[derive(Clone, PartialEq, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ParseSettings {
    pub(crate) trim: Option<bool>,
    pub(crate) null_words: Option<Vec<String>>,
    pub(crate) date_formats: Option<Vec<String>>,
    pub(crate) decimal: Option<char>,
    pub(crate) thousands: Option<String>,
    pub(crate) round: Option<bool>,
    pub(crate) yes: Option<Vec<String>>,
    pub(crate) no: Option<Vec<String>>,
    pub(crate) list_separator: Option<String>,
    pub(crate) time_zone: Option<String>,
}

/// The same, ready for use.
#[derive(Clone, Debug)]
pub(crate) struct Parse {
    trim: bool,
    null_words: Vec<String>,
    pub(crate) date_formats: Option<Vec<String>>,
    pub(crate) decimal: char,
    pub(crate) thousands: Vec<char>,
    pub(crate) round: bool,
    yes: Vec<String>,
    no: Vec<String>,
    pub(crate) list_separator: String,
    pub(crate) time_zone: Option<TimeZone>,
}

const NULL_WORDS: [&str; 2] = ["NULL", "null"];
const YES: [&str; 6] = ["y", "yes", "true", "t", "1", "x"];
const NO: [&str; 5] = ["n", "no", "false", "f", "0"];

impl ParseSettings {
    /// These settings, and where they are silent those of `wider`.
    pub(crate) fn or(&self, wider: &Self) -> Self {
        Self {
            trim: self.trim.or(wider.trim),
            null_words: self.null_words.clone().or_else(|| wider.null_words.clone()),
            date_formats: self.date_formats.clone().or_else(|| wider.date_formats.clone()),
            decimal: self.decimal.or(wider.decimal),
            thousands: self.thousands.clone().or_else(|| wider.thousands.clone()),
            round: self.round.or(wider.round),
            yes: self.yes.clone().or_else(|| wider.yes.clone()),
            no: self.no.clone().or_else(|| wider.no.clone()),
            list_separator: self.list_separator.clone().or_else(|| wider.list_separator.clone()),
            time_zone: self.time_zone.clone().or_else(|| wider.time_zone.clone()),
        }
    }

    /// Ready for use, or what is wrong: code, message and hint.
    pub(crate) fn ready(&self) -> Result<Parse, Bad> {
        let decimal = self.decimal.unwrap_or('.');
        if !matches!(decimal, '.' | ',') {
            return Err(Bad::new(
                "setting_wrong",
                format!("decimal is {decimal:?}."),
                "Write \".\" or \",\".",
            ));
        }
        let default = if decimal == ',' { "." } else { "," };
        let thousands: Vec<char> = self.thousands.as_deref().unwrap_or(default).chars().collect();
        if thousands.contains(&decimal) || thousands.iter().any(char::is_ascii_digit) {
            return Err(Bad::new(
                "setting_wrong",
                "thousands holds the decimal character or a digit.",
                "Numbers such as 1.250.000,50 need thousands = \".\" and decimal = \",\".",
            ));
        }
        let time_zone = match &self.time_zone {
            None => None,
            Some(name) => Some(TimeZone::get(name).map_err(|_| {
                Bad::new(
                    "time_zone_unknown",
                    format!("{name:?} is no time zone."),
                    "Write a name of the IANA list, such as America/Los_Angeles.",
                )
            })?),
        };
        if let Some(empty) = self.date_formats.iter().flatten().find(|format| !format.contains('%')) {
            return Err(Bad::new(
                "setting_wrong",
                format!("{empty:?} in date_formats names no part of a date."),
                "Write it as strftime does: %m/%d/%Y for 10/13/2014.",
            ));
        }
        let list_separator = self.list_separator.clone().unwrap_or_else(|| ",".into());
        if list_separator.is_empty() {
            return Err(Bad::new(
                "setting_wrong",
                "list_separator is empty.",
                "Write what stands between the elements.",
            ));
        }
        let words = |given: &Option<Vec<String>>, default: &[&str]| match given {
            Some(given) => given.iter().map(|w| w.to_lowercase()).collect(),
            None => default.iter().map(|w| (*w).to_owned()).collect(),
        };
        Ok(Parse {
            trim: self.trim.unwrap_or(true),
            null_words: match &self.null_words {
                Some(given) => given.clone(),
                None => NULL_WORDS.map(str::to_owned).into(),
            },
            date_formats: self.date_formats.clone(),
            decimal,
            thousands,
            round: self.round.unwrap_or(false),
            yes: words(&self.yes, &YES),
            no: words(&self.no, &NO),
            list_separator,
            time_zone,
        })
    }
}

impl Parse {
    /// The text without the spaces around it, unless they are to stay.
    pub(crate) fn trimmed<'t>(&self, text: &'t str) -> &'t str {
        if self.trim { text.trim() } else { text }
    }

    /// Whether the text stands for no value.
    pub(crate) fn is_null(&self, text: &str) -> bool {
        text.is_empty() || self.null_words.iter().any(|word| word == text)
    }

    pub(super) fn truth(&self, text: &str) -> Result<Value, Bad> {
        let among = |words: &[String]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
        if among(&self.yes) {
            Ok(Value::Boolean(true))
        } else if among(&self.no) || text.eq_ignore_ascii_case("false") {
            Ok(Value::Boolean(false))
        } else if text.eq_ignore_ascii_case("true") {
            Ok(Value::Boolean(true))
        } else {
            Err(Bad::new(
                "wrong_value",
                format!("{} is neither yes nor no.", super::shown(text)),
                format!("Yes is written {}; no is written {}.", self.yes.join(", "), self.no.join(", ")),
            ))
        }
    }
}
