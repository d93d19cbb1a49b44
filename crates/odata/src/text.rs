//! The lexical form of every type: how one value is written as text and read from it.
//!
//! These are the strict forms of OData (4.01 ABNF, primitive literals) and ISO 8601, without the quotes
//! that a URL puts around text. Whoever reads what people typed (`intake`) bends it to these first.

mod instant;
mod number;
mod point;
mod write;

use dictionary::{Type, Value};

pub use instant::{read_date, read_time, read_timestamp};
pub use number::{read_decimal, read_double, read_integer};
pub(crate) use point::on_globe;
pub use point::read_point;
pub use write::write_value;
pub(crate) use write::{integer, write_decimal, write_point_json};

#[cfg(test)]
mod tests;

/// Why a text is not a value of its type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextFault {
    /// What is wrong, in a sentence.
    pub message: String,
    /// What would be right.
    pub hint: String,
}

impl TextFault {
    /// A fault about `text`, of which at most the first 60 characters are shown.
    pub(crate) fn about(text: &str, wrong: &str, hint: impl Into<String>) -> Self {
        Self { message: format!("{} {wrong}.", shown(text)), hint: hint.into() }
    }
}

impl std::fmt::Display for TextFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.message, self.hint)
    }
}

impl std::error::Error for TextFault {}

/// Text between double quotes, cut where it is long, for the sentence of a fault.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        None => format!("{text:?}"),
        Some((end, _)) => format!("{:?}…", &text[..end]),
    }
}

/// Reads `text` as a value of `ty`. Text is taken as it is, of any length and empty too; a list is a JSON
/// array of strings; everything else takes no space around it.
///
/// The bounds of the type itself hold (an `Edm.Int16` ends at 32,767); what a field declares beyond it,
/// such as MaxLength and Scale, is [`dictionary::check`]'s to say.
///
/// # Errors
/// Where the text is not of the type, with what would be right.
pub fn read_value(ty: Type, text: &str) -> Result<Value, TextFault> {
    Ok(match ty {
        Type::Boolean => Value::Boolean(read_boolean(text)?),
        Type::Int16 => Value::Integer(read_integer(text, i16::MIN.into(), i16::MAX.into())?),
        Type::Int32 => Value::Integer(read_integer(text, i32::MIN.into(), i32::MAX.into())?),
        Type::Int64 => Value::Integer(read_integer(text, i64::MIN, i64::MAX)?),
        Type::Decimal { .. } => Value::Decimal(read_decimal(text)?),
        Type::Double => Value::Double(read_double(text)?),
        Type::Date => Value::Date(read_date(text)?),
        Type::Timestamp => Value::Timestamp(read_timestamp(text)?),
        Type::Time => Value::Time(read_time(text)?),
        Type::Text { .. } => Value::from(text),
        Type::TextList { .. } => Value::TextList(crate::json::read_text_list(text)?),
        Type::Point => Value::Point(read_point(text)?),
    })
}

/// `true` or `false`, in any case of letters (4.01 ABNF, booleanValue).
///
/// # Errors
/// For any other text.
pub fn read_boolean(text: &str) -> Result<bool, TextFault> {
    if text.eq_ignore_ascii_case("true") {
        Ok(true)
    } else if text.eq_ignore_ascii_case("false") {
        Ok(false)
    } else {
        Err(TextFault::about(text, "is not true or false", "Write true or false."))
    }
}
