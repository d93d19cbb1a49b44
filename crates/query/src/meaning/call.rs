//! Functions: each argument is found, and none may be null (OData 4.01 part 2, 5.1.1.4).

use dictionary::Value;

use super::{Frame, cast, geo, numbers, text, time, value};
use crate::{Expr, Function};

/// The value of a function; null where an argument is null or does not fit.
pub(super) fn call(function: Function, arguments: &[Expr], frame: &Frame<'_>) -> Option<Value> {
    match function {
        Function::Now => return Some(Value::Timestamp(frame.context.now)),
        Function::MinDateTime => return Some(Value::Timestamp(time::EARLIEST)),
        Function::MaxDateTime => return Some(Value::Timestamp(time::LATEST)),
        // A polygon and a line have no value: they stand in the question itself.
        Function::GeoIntersects => {
            let [at, Expr::Polygon(rings)] = arguments else { return None };
            let point = point(&*value(at, frame)?)?;
            return Some(Value::Boolean(geo::covers(rings, point)));
        }
        Function::GeoLength => {
            let Expr::LineString(line) = arguments.first()? else { return None };
            return numbers::finite(geo::length(line));
        }
        _ => {}
    }
    let first = value(arguments.first()?, frame)?;
    let second = || value(arguments.get(1)?, frame);
    match function {
        Function::Contains
        | Function::StartsWith
        | Function::EndsWith
        | Function::MatchesPattern
        | Function::Mentions
        | Function::IndexOf
        | Function::Concat => text::of_two(function, first.as_text()?, second()?.as_text()?),
        Function::Length => text::length(&first),
        Function::Substring => {
            let start = numbers::whole(&*second()?)?;
            let count = match arguments.get(2) {
                None => None,
                Some(count) => Some(numbers::whole(&*value(count, frame)?)?),
            };
            text::substring(first.as_text()?, start, count).map(Value::from)
        }
        Function::ToLower => Some(first.as_text()?.to_lowercase().into()),
        Function::ToUpper => Some(first.as_text()?.to_uppercase().into()),
        Function::Trim => Some(first.as_text()?.trim().into()),
        Function::Round | Function::Floor | Function::Ceiling => numbers::round(function, &first),
        Function::Cast(ty) => cast::cast(&first, ty),
        Function::IsOf(ty) => Some(Value::Boolean(cast::cast(&first, ty).is_some())),
        Function::GeoDistance => numbers::finite(geo::distance(point(&first)?, point(&*second()?)?)),
        _ => time::part(function, &first),
    }
}

fn point(value: &Value) -> Option<dictionary::Point> {
    match value {
        Value::Point(point) => Some(*point),
        _ => None,
    }
}
