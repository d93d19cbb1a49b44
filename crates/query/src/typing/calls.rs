//! Which arguments a function takes.

use dictionary::Value;

use super::{Kind, TypeFault, Typed, Typing};
use crate::{Expr, Function};

/// What a function takes, argument by argument, and how many of them must be there; what it gives.
struct Signature {
    takes: &'static [&'static [Kind]],
    required: usize,
    gives: Kind,
}

const TEXT: &[Kind] = &[Kind::Text];
const NUMBER: &[Kind] = &[Kind::Number];
const POINT: &[Kind] = &[Kind::Point];
const INSTANT: &[Kind] = &[Kind::Timestamp];
const CALENDAR: &[Kind] = &[Kind::Date, Kind::Timestamp];
const CLOCK: &[Kind] = &[Kind::Time, Kind::Timestamp];
const VALUE: &[Kind] = &[
    Kind::Boolean,
    Kind::Number,
    Kind::Date,
    Kind::Timestamp,
    Kind::Time,
    Kind::Text,
    Kind::TextList,
    Kind::Point,
];

fn signature(function: Function) -> Signature {
    let all = |takes: &'static [&'static [Kind]], gives| Signature { takes, required: takes.len(), gives };
    match function {
        Function::Contains
        | Function::StartsWith
        | Function::EndsWith
        | Function::MatchesPattern
        | Function::Mentions => all(&[TEXT, TEXT], Kind::Boolean),
        Function::Length => all(&[&[Kind::Text, Kind::TextList]], Kind::Number),
        Function::IndexOf => all(&[TEXT, TEXT], Kind::Number),
        Function::Substring => Signature { takes: &[TEXT, NUMBER, NUMBER], required: 2, gives: Kind::Text },
        Function::ToLower | Function::ToUpper | Function::Trim => all(&[TEXT], Kind::Text),
        Function::Concat => all(&[TEXT, TEXT], Kind::Text),
        Function::Year | Function::Month | Function::Day => all(&[CALENDAR], Kind::Number),
        Function::Hour | Function::Minute | Function::Second | Function::FractionalSeconds => {
            all(&[CLOCK], Kind::Number)
        }
        Function::Date => all(&[INSTANT], Kind::Date),
        Function::Time => all(&[INSTANT], Kind::Time),
        Function::TotalOffsetMinutes => all(&[INSTANT], Kind::Number),
        Function::Now | Function::MinDateTime | Function::MaxDateTime => all(&[], Kind::Timestamp),
        Function::Round | Function::Floor | Function::Ceiling => all(&[NUMBER], Kind::Number),
        Function::Cast(ty) => all(&[VALUE], Kind::of(ty)),
        Function::IsOf(_) => all(&[VALUE], Kind::Boolean),
        Function::GeoDistance => all(&[POINT, POINT], Kind::Number),
        Function::GeoIntersects => all(&[POINT, &[Kind::Polygon]], Kind::Boolean),
        Function::GeoLength => all(&[&[Kind::LineString]], Kind::Number),
    }
}

impl Typing<'_> {
    pub(super) fn call(&mut self, function: Function, arguments: &[Expr]) -> Typed {
        let name = function.name();
        let signature = signature(function);
        let (least, most) = (signature.required, signature.takes.len());
        if arguments.len() < least || arguments.len() > most {
            let wanted = match (least, most) {
                (0, 0) => "none".to_owned(),
                (1, 1) => "1".to_owned(),
                (a, b) if a == b => a.to_string(),
                (a, b) => format!("{a} or {b}"),
            };
            return Err(TypeFault {
                message: format!("{name} has {} arguments.", arguments.len()),
                hint: format!("It takes {wanted}."),
            });
        }
        for (at, (argument, kinds)) in arguments.iter().zip(signature.takes).enumerate() {
            let kind = self.kind(argument)?;
            if kind != Kind::Null && !kinds.contains(&kind) {
                let wanted: Vec<&str> = kinds.iter().map(|kind| kind.shown()).collect();
                return Err(TypeFault {
                    message: format!(
                        "Argument {} of {name} is {}: {}.",
                        at + 1,
                        kind.shown(),
                        self.shown(argument)
                    ),
                    hint: format!("{name} takes {} there.", wanted.join(" or ")),
                });
            }
        }
        self.literals(function, arguments)?;
        Ok(signature.gives)
    }

    /// What a literal argument can be seen to be wrong in.
    fn literals(&self, function: Function, arguments: &[Expr]) -> Result<(), TypeFault> {
        let refuse = |message: String, hint: &str| Err(TypeFault { message, hint: hint.into() });
        match (function, arguments) {
            (Function::MatchesPattern, [_, Expr::Value(Value::Text(pattern))]) => {
                match crate::meaning::pattern_fault(pattern) {
                    None => Ok(()),
                    Some(why) => refuse(
                        format!("{} is no pattern: {why}.", self.shown(&arguments[1])),
                        "Write a regular expression as in JavaScript, without looking around ((?=…), (?<!…)) and \
                         without references back (\\1): a match must take linear time.",
                    ),
                }
            }
            (Function::Substring, [_, numbers @ ..]) => {
                for (at, number) in numbers.iter().enumerate() {
                    let Expr::Value(value) = number else { continue };
                    let whole = crate::meaning::whole(value);
                    if whole.is_none() || (at == 1 && whole < Some(0)) {
                        return refuse(
                            format!("{} is no place in a text.", self.shown(number)),
                            "substring takes a whole start from 0 (from the end where it is negative) and a length of 0 or more.",
                        );
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}
