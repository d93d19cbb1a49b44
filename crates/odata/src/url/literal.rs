//! Literals (4.01 ABNF, primitiveLiteral).

use dictionary::{Decimal, Value};
use query::{Expr, Kind};

use super::cursor::{Cursor, shown};
use super::geography;
use crate::text::{self, TextFault};
use crate::{Fault, metadata};

/// A literal before it is known what it is compared with.
pub(super) enum Literal<'a> {
    /// What it says by itself, and its kind.
    Plain(Expr, Kind),
    /// `namespace.Enum'A,B'`: the lookup's name and the members.
    Members { lookup: &'a str, members: String },
}

/// Reads a literal that begins with a digit, a sign and a digit, or a quote; none where no such stands at
/// the cursor.
pub(super) fn read<'a>(cursor: &mut Cursor<'a>) -> Result<Option<Literal<'a>>, Fault> {
    let digit = |at: usize| cursor.peek_after(at).is_some_and(|b| b.is_ascii_digit());
    let plain = |expr, kind| Ok(Some(Literal::Plain(expr, kind)));
    match cursor.peek() {
        Some(b'\'') => plain(Expr::Value(Value::from(cursor.quoted()?)), Kind::Text),
        Some(b'-' | b'+') if digit(1) => number(cursor).map(Some),
        Some(byte) if byte.is_ascii_digit() => {
            refuse_guid(cursor)?;
            number(cursor).map(Some)
        }
        _ => Ok(None),
    }
}

/// Reads what follows the word that stands between `from` and the cursor, where the two are a literal:
/// `null`, `true`, `geography'…'`, `namespace.Enum'…'`.
pub(super) fn worded<'a>(
    cursor: &mut Cursor<'a>,
    from: usize,
    word: &'a str,
) -> Result<Option<Literal<'a>>, Fault> {
    if cursor.peek() == Some(b'\'') {
        return quoted(cursor, from, word).map(Some);
    }
    let is = |name: &str| word.eq_ignore_ascii_case(name);
    let (expr, kind) = match () {
        () if is("null") => (Expr::Null, Kind::Null),
        () if is("true") => (Expr::Value(Value::Boolean(true)), Kind::Boolean),
        () if is("false") => (Expr::Value(Value::Boolean(false)), Kind::Boolean),
        () if matches!(word, "INF" | "NaN") => {
            return Err(cursor.unsupported(from, "A number that is not finite"));
        }
        () => return Ok(None),
    };
    Ok(Some(Literal::Plain(expr, kind)))
}

fn quoted<'a>(cursor: &mut Cursor<'a>, from: usize, word: &'a str) -> Result<Literal<'a>, Fault> {
    let at = cursor.at + 1;
    match word.to_ascii_lowercase().as_str() {
        "geography" | "geo" => {
            let end = cursor.at;
            let content = cursor.quoted()?;
            if content.contains('\'') {
                return Err(cursor.bad(end, "bad_literal", "A geography holds no quote.", geography::HINT));
            }
            let (expr, kind) = geography::read(cursor, at, &content)?;
            return Ok(Literal::Plain(expr, kind));
        }
        "geometry" => return Err(cursor.unsupported(from, "A flat geometry")),
        "duration" => return Err(cursor.unsupported(from, "A duration")),
        "binary" => return Err(cursor.unsupported(from, "A binary literal")),
        _ => {}
    }
    let Some((namespace, lookup)) = word.rsplit_once('.') else {
        let message = format!("{} begins no literal.", shown(word));
        let hint = "Text stands between single quotes, with nothing before it.";
        return Err(cursor.bad(from, "bad_literal", message, hint));
    };
    if !matches!(namespace, metadata::ENUMS | metadata::NAMESPACE) {
        let message = format!("{} is no namespace of this service.", shown(namespace));
        let hint = format!("Enumerations are in {}.", metadata::ENUMS);
        return Err(cursor.bad(from, "unknown_type", message, hint));
    }
    Ok(Literal::Members { lookup, members: cursor.quoted()? })
}

/// A number, date, time or instant.
fn number<'a>(cursor: &mut Cursor<'a>) -> Result<Literal<'a>, Fault> {
    let from = cursor.at;
    let mut lexeme = String::new();
    loop {
        match cursor.peek() {
            Some(byte)
                if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b':' | b'-' | b'+' | b'_') =>
            {
                lexeme.push(char::from(byte));
                cursor.at += 1;
            }
            // The sign of an offset or exponent that was sent as a bare plus.
            Some(b' ') if cursor.was_plus() && signs(cursor, &lexeme) => {
                lexeme.push('+');
                cursor.at += 1;
            }
            _ => break,
        }
    }
    let (expr, kind) =
        scalar(&lexeme).map_err(|wrong| cursor.bad(from, "bad_literal", wrong.message, wrong.hint))?;
    Ok(Literal::Plain(expr, kind))
}

/// Whether a plus sign after `lexeme` belongs to it.
fn signs(cursor: &Cursor<'_>, lexeme: &str) -> bool {
    let digit = |at: usize| cursor.peek_after(at).is_some_and(|b| b.is_ascii_digit());
    let offset = digit(1) && digit(2) && cursor.peek_after(3) == Some(b':');
    let exponent = lexeme.ends_with(['e', 'E']) && digit(1);
    exponent || (offset && lexeme.contains(['T', 't']))
}

fn scalar(lexeme: &str) -> Result<(Expr, Kind), TextFault> {
    let bytes = lexeme.as_bytes();
    let has = |at: usize, byte: u8| bytes.get(at) == Some(&byte);
    if has(4, b'-') && bytes.iter().take(4).all(u8::is_ascii_digit) {
        return Ok(if lexeme.contains(['T', 't']) {
            (Expr::Value(Value::Timestamp(text::read_timestamp(lexeme)?)), Kind::Timestamp)
        } else {
            (Expr::Value(Value::Date(text::read_date(lexeme)?)), Kind::Date)
        });
    }
    if has(2, b':') {
        return Ok((Expr::Value(Value::Time(text::read_time(lexeme)?)), Kind::Time));
    }
    Ok((Expr::Value(plain_number(lexeme)?), Kind::Number))
}

/// Whole numbers as integers where they fit, others as decimals where they fit, else as doubles; what has
/// an exponent is a double.
fn plain_number(lexeme: &str) -> Result<Value, TextFault> {
    if let Ok(number) = text::read_integer(lexeme, i64::MIN, i64::MAX) {
        return Ok(Value::Integer(number));
    }
    if !lexeme.contains(['e', 'E'])
        && let Ok(number) = text::read_decimal(lexeme)
    {
        return Ok(Value::Decimal(number));
    }
    text::read_double(lexeme).map(Value::Double)
}

/// A GUID is a literal of OData that no field here has the type of.
pub(super) fn refuse_guid(cursor: &Cursor<'_>) -> Result<(), Fault> {
    let Some(candidate) = cursor.rest().as_bytes().get(..36) else { return Ok(()) };
    let guid = candidate.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    if !guid {
        return Ok(());
    }
    let hint = "Keys are text here: put it between single quotes.";
    Err(cursor.bad(cursor.at, "wrong_type", "No field is a GUID.", hint))
}

/// `value` as a field of `ty` would hold it, where nothing is lost.
pub(super) fn suited(value: Value, ty: dictionary::Type) -> Value {
    use dictionary::Type::{Decimal as Dec, Double, Int16, Int32, Int64};
    match (value, ty) {
        (Value::Integer(number), Dec { .. }) => Value::Decimal(Decimal::from(number)),
        (Value::Integer(number), Double) => {
            number.to_string().parse().map_or(Value::Integer(number), Value::Double)
        }
        (Value::Decimal(number), Double) => {
            number.to_string().parse().map_or(Value::Decimal(number), Value::Double)
        }
        (Value::Decimal(number), Int16 | Int32 | Int64) if number.is_integer() => {
            i64::try_from(number).map_or(Value::Decimal(number), Value::Integer)
        }
        (Value::Double(number), Dec { .. }) => {
            text::read_decimal(&number.to_string()).map_or(Value::Double(number), Value::Decimal)
        }
        (value, _) => value,
    }
}
