//! Text functions (OData 4.01 part 2, 5.1.1.5 and 5.1.1.7). Characters are Unicode scalar values, as they
//! are for MaxLength; a letter with a combining accent is two.

use dictionary::Value;

use super::{pattern, words};
use crate::Function;

/// A function of two texts.
pub(super) fn of_two(function: Function, a: &str, b: &str) -> Option<Value> {
    let truth = match function {
        Function::Contains => a.contains(b),
        Function::StartsWith => a.starts_with(b),
        Function::EndsWith => a.ends_with(b),
        Function::MatchesPattern => pattern::matches(a, b)?,
        Function::Mentions => words::Wanted::read(b).stand_in(a),
        Function::Concat => return Some([a, b].concat().into()),
        Function::IndexOf => return index_of(a, b),
        _ => return None,
    };
    Some(Value::Boolean(truth))
}

/// Where the second begins in the first, in characters; −1 where it is not there.
fn index_of(a: &str, b: &str) -> Option<Value> {
    let at = a.find(b).map_or(Some(-1), |at| i64::try_from(a[..at].chars().count()).ok())?;
    Some(Value::Integer(at))
}

/// Characters of a text, elements of a list.
pub(super) fn length(value: &Value) -> Option<Value> {
    let length = match value {
        Value::Text(text) => text.chars().count(),
        Value::TextList(list) => list.len(),
        _ => return None,
    };
    i64::try_from(length).ok().map(Value::Integer)
}

/// Up to `count` characters from `start`. A negative start counts from the end; a start past the end gives
/// empty text. A negative count is a bad request (5.1.1.5.7): `kind_of` refuses a literal one, and what a
/// record computes is null.
pub(super) fn substring(text: &str, start: i64, count: Option<i64>) -> Option<String> {
    let count = count.map(usize::try_from).transpose().ok()?.unwrap_or(usize::MAX);
    let skip = match usize::try_from(start) {
        Ok(start) => start,
        Err(_) => {
            let back = usize::try_from(start.unsigned_abs()).unwrap_or(usize::MAX);
            text.chars().count().saturating_sub(back)
        }
    };
    Some(text.chars().skip(skip).take(count).collect())
}
