//! Functions of expressions: their names, arguments and results (4.01 part 2, 5.1.1.5 to 5.1.1.13).

use dictionary::Type;
use query::{Expr, Function, Kind};

use super::cursor::shown;
use super::expression::Parser;
use super::term::{Term, called};
use crate::Fault;

/// The kinds that an argument may have.
type Kinds = &'static [Kind];

struct Signature {
    name: &'static str,
    function: Function,
    arguments: &'static [Kinds],
    /// How many of the arguments may be left away, from the last.
    optional: usize,
    result: Kind,
}

const TEXT: Kinds = &[Kind::Text];
const NUMBER: Kinds = &[Kind::Number];
const DAY: Kinds = &[Kind::Date, Kind::Timestamp];
const CLOCK: Kinds = &[Kind::Time, Kind::Timestamp];
const INSTANT: Kinds = &[Kind::Timestamp];
const POINT: Kinds = &[Kind::Point];
const POLYGON: Kinds = &[Kind::Polygon];
const LINE: Kinds = &[Kind::LineString];
/// Freehold's own, in a namespace of its own as OData asks of added functions.
pub(super) const MENTIONS: &str = "freehold.mentions";

const fn of(name: &'static str, function: Function, arguments: &'static [Kinds], result: Kind) -> Signature {
    Signature { name, function, arguments, optional: 0, result }
}

static SIGNATURES: [Signature; 31] = [
    of("contains", Function::Contains, &[TEXT, TEXT], Kind::Boolean),
    of("startswith", Function::StartsWith, &[TEXT, TEXT], Kind::Boolean),
    of("endswith", Function::EndsWith, &[TEXT, TEXT], Kind::Boolean),
    of("length", Function::Length, &[&[Kind::Text, Kind::TextList]], Kind::Number),
    of("indexof", Function::IndexOf, &[TEXT, TEXT], Kind::Number),
    Signature {
        name: "substring",
        function: Function::Substring,
        arguments: &[TEXT, NUMBER, NUMBER],
        optional: 1,
        result: Kind::Text,
    },
    of("tolower", Function::ToLower, &[TEXT], Kind::Text),
    of("toupper", Function::ToUpper, &[TEXT], Kind::Text),
    of("trim", Function::Trim, &[TEXT], Kind::Text),
    of("concat", Function::Concat, &[TEXT, TEXT], Kind::Text),
    of("matchesPattern", Function::MatchesPattern, &[TEXT, TEXT], Kind::Boolean),
    of("year", Function::Year, &[DAY], Kind::Number),
    of("month", Function::Month, &[DAY], Kind::Number),
    of("day", Function::Day, &[DAY], Kind::Number),
    of("hour", Function::Hour, &[CLOCK], Kind::Number),
    of("minute", Function::Minute, &[CLOCK], Kind::Number),
    of("second", Function::Second, &[CLOCK], Kind::Number),
    of("fractionalseconds", Function::FractionalSeconds, &[CLOCK], Kind::Number),
    of("date", Function::Date, &[INSTANT], Kind::Date),
    of("time", Function::Time, &[INSTANT], Kind::Time),
    of("totaloffsetminutes", Function::TotalOffsetMinutes, &[INSTANT], Kind::Number),
    of("now", Function::Now, &[], Kind::Timestamp),
    of("mindatetime", Function::MinDateTime, &[], Kind::Timestamp),
    of("maxdatetime", Function::MaxDateTime, &[], Kind::Timestamp),
    of("round", Function::Round, &[NUMBER], Kind::Number),
    of("floor", Function::Floor, &[NUMBER], Kind::Number),
    of("ceiling", Function::Ceiling, &[NUMBER], Kind::Number),
    of("geo.distance", Function::GeoDistance, &[POINT, POINT], Kind::Number),
    of("geo.intersects", Function::GeoIntersects, &[POINT, POLYGON], Kind::Boolean),
    of("geo.length", Function::GeoLength, &[LINE], Kind::Number),
    of(MENTIONS, Function::Mentions, &[TEXT, TEXT], Kind::Boolean),
];

/// Functions of OData that are not supported.
const LATER: [&str; 4] = ["hassubset", "hassubsequence", "case", "totalseconds"];

/// The name of a function; `cast` and `isof` are spelled with their type.
pub(super) fn name_of(function: Function) -> &'static str {
    let found = SIGNATURES.iter().find(|s| s.function == function);
    found.map_or("cast", |signature| signature.name)
}

impl<'a> Parser<'a> {
    /// A function whose name, at byte `at`, is read; the cursor is at its parenthesis.
    pub(super) fn call(&mut self, at: usize, name: &'a str) -> Result<Term<'a>, Fault> {
        let lower = name.to_ascii_lowercase();
        if matches!(lower.as_str(), "cast" | "isof") {
            return self.cast(at, lower == "cast");
        }
        if LATER.contains(&lower.as_str()) {
            return Err(self.cursor.unsupported(at, &format!("The function {name}")));
        }
        let Some(signature) = SIGNATURES.iter().find(|s| lower == s.name.to_ascii_lowercase()) else {
            let message = format!("There is no function {}.", shown(name));
            let near = crate::url::spelling::nearest(&lower, SIGNATURES.iter().map(|s| s.name));
            let hint = match near {
                Some(near) => format!("Did you mean {near}?"),
                None => {
                    "OData's functions are contains, startswith, year, now, geo.distance and so on.".into()
                }
            };
            return Err(self.cursor.bad(at, "unknown_function", message, hint));
        };
        let arguments = self.arguments()?;
        self.fitting(at, signature, &arguments)?;
        let height = arguments.iter().map(|a| a.height).max().unwrap_or(0);
        let ty = match signature.function {
            Function::Round | Function::Floor | Function::Ceiling => arguments[0].ty,
            Function::Length | Function::IndexOf => Some(Type::Int64),
            _ => None,
        };
        let arguments = arguments.into_iter().map(|a| a.expr).collect();
        let mut term = Term::new(at, Expr::Call(signature.function, arguments), signature.result);
        term.ty = ty;
        self.grown(term, height)
    }

    fn arguments(&mut self) -> Result<Vec<Term<'a>>, Fault> {
        self.cursor.at += 1;
        self.cursor.space();
        let mut arguments = Vec::new();
        if self.cursor.eat(b')') {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression()?);
            if !self.cursor.eat_spaced(b',') {
                break;
            }
        }
        self.cursor.expect(b')', "Put commas between the arguments, and a parenthesis after the last.")?;
        Ok(arguments)
    }

    fn fitting(&self, at: usize, signature: &Signature, given: &[Term<'_>]) -> Result<(), Fault> {
        let most = signature.arguments.len();
        let Signature { name, optional, .. } = signature;
        if given.len() > most || given.len() + optional < most {
            let message = format!("{name} has {} arguments here.", given.len());
            let hint = match (most, optional) {
                (0, _) => format!("It takes none: {name}()."),
                (1, _) => "It takes one.".to_owned(),
                (_, 0) => format!("It takes {most}."),
                _ => format!("It takes {} or {most}.", most - optional),
            };
            return Err(self.cursor.bad(at, "wrong_arguments", message, hint));
        }
        for (argument, kinds) in given.iter().zip(signature.arguments) {
            let fits = argument.kind == Kind::Null || kinds.contains(&argument.kind);
            if !fits || argument.members_of.is_some() {
                let wanted: Vec<_> = kinds.iter().map(|kind| called(*kind)).collect();
                let wanted = wanted.join(" or ");
                let message = format!("{name} takes {wanted} here, not {}.", called(argument.kind));
                let hint = match argument.kind {
                    Kind::TextList => {
                        "Look at each element: Appliances/any(a:contains(a,'Oven')).".to_owned()
                    }
                    Kind::Number if kinds == &TEXT && argument.is_literal() => {
                        "Put it between single quotes.".into()
                    }
                    _ if kinds == &POINT => "Write geography'POINT(longitude latitude)'.".into(),
                    _ if kinds == &POLYGON => "Write geography'POLYGON((longitude latitude,…))'.".into(),
                    _ => format!("Give it {wanted}."),
                };
                return Err(self.cursor.bad(argument.at, "wrong_type", message, hint));
            }
        }
        Ok(())
    }

    /// `cast(expression,type)` or `isof(expression,type)`.
    fn cast(&mut self, at: usize, cast: bool) -> Result<Term<'a>, Fault> {
        self.cursor.at += 1;
        self.cursor.space();
        let before = self.cursor.at;
        let alone = self.cursor.dotted()?.contains('.') && self.cursor.peek() != Some(b'(');
        if alone && self.cursor.eat_spaced(b')') {
            return Err(self.cursor.unsupported(at, "The type of the whole record"));
        }
        self.cursor.at = before;
        let value = self.expression()?;
        let hint = "Write cast(field,Edm.String) or isof(field,Edm.String).";
        if !self.cursor.eat_spaced(b',') {
            return Err(self.cursor.expected("`,` and a type", hint));
        }
        let ty = self.type_name()?;
        self.cursor.expect(b')', hint)?;
        if value.members_of.is_some() {
            return Err(self.cursor.unsupported(value.at, "An enumeration's literal here"));
        }
        let height = value.height;
        let (function, result) = match cast {
            true => (Function::Cast(ty), Kind::of(ty)),
            false => (Function::IsOf(ty), Kind::Boolean),
        };
        let mut term = Term::new(at, Expr::Call(function, vec![value.expr]), result);
        term.ty = cast.then_some(ty);
        self.grown(term, height)
    }

    fn type_name(&mut self) -> Result<Type, Fault> {
        let at = self.cursor.at;
        let name = self.cursor.dotted()?;
        Ok(match name {
            "Edm.Boolean" => Type::Boolean,
            "Edm.Int16" => Type::Int16,
            "Edm.Int32" => Type::Int32,
            "Edm.Int64" => Type::Int64,
            "Edm.Decimal" => Type::Decimal { precision: None, scale: None },
            "Edm.Double" => Type::Double,
            "Edm.Date" => Type::Date,
            "Edm.DateTimeOffset" => Type::Timestamp,
            "Edm.TimeOfDay" => Type::Time,
            "Edm.String" => Type::Text { max_chars: None },
            "Edm.GeographyPoint" => Type::Point,
            "" => return Err(self.cursor.expected("a type", "Write a type such as Edm.String.")),
            other if self.cursor.peek() == Some(b'(') || !other.starts_with("Edm.") => {
                return Err(self.cursor.unsupported(at, &format!("The type {}", shown(other))));
            }
            "Edm.Binary" | "Edm.Byte" | "Edm.SByte" | "Edm.Single" | "Edm.Guid" | "Edm.Duration" => {
                return Err(self.cursor.unsupported(at, &format!("The type {name}")));
            }
            other => {
                let message = format!("There is no type {}.", shown(other));
                return Err(self.cursor.bad(at, "unknown_type", message, "Write a type such as Edm.String."));
            }
        })
    }
}
