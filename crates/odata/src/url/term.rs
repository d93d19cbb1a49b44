//! Terms: parts of an expression with what is known of their type, so that a fault names the place.

use dictionary::{FieldId, LookupStatus, ResourceId, Type, Value};
use query::{Expr, Kind};

use super::Reading;
use super::cursor::{Cursor, shown};
use super::literal::{Literal, suited};
use crate::Fault;

/// A part of an expression.
pub(super) struct Term<'a> {
    pub(super) expr: Expr,
    /// The byte of the option's text where it begins.
    pub(super) at: usize,
    pub(super) kind: Kind,
    /// The type, where it is of a field or a function that says one.
    pub(super) ty: Option<Type>,
    /// The field whose lookup its text is of.
    pub(super) field: Option<(ResourceId, FieldId)>,
    /// The lookup of an enumeration's literal, whose value is the members.
    pub(super) members_of: Option<&'a str>,
    /// How deep the expression is.
    pub(super) height: usize,
    /// Whether more may be joined to it by the same `and` or `or`: not after a parenthesis.
    pub(super) open: bool,
}

impl<'a> Term<'a> {
    pub(super) fn new(at: usize, expr: Expr, kind: Kind) -> Self {
        let height = 1;
        Self { expr, at, kind, ty: None, field: None, members_of: None, height, open: false }
    }

    pub(super) fn typed(mut self, ty: Type) -> Self {
        self.ty = Some(ty);
        self
    }

    pub(super) fn literal(at: usize, literal: Literal<'a>) -> Self {
        match literal {
            Literal::Plain(expr, kind) => Self::new(at, expr, kind),
            Literal::Members { lookup, members } => {
                let mut term = Self::new(at, Expr::Value(Value::from(members)), Kind::Text);
                term.members_of = Some(lookup);
                term
            }
        }
    }

    pub(super) fn is_literal(&self) -> bool {
        matches!(self.expr, Expr::Value(_) | Expr::Polygon(_) | Expr::LineString(_))
    }
}

/// What a sentence calls a kind.
pub(super) fn called(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Boolean => "true or false",
        Kind::Number => "a number",
        Kind::Date => "a date",
        Kind::Timestamp => "a date and time",
        Kind::Time => "a time of day",
        Kind::Text => "text",
        Kind::TextList => "a list",
        Kind::Point => "a point",
        Kind::Polygon => "a polygon",
        Kind::LineString => "a line",
    }
}

/// Gives a literal the type of what it is compared with, and an enumeration's member its standard value.
pub(super) fn suit<'a>(
    reading: &Reading<'_>,
    cursor: &Cursor<'_>,
    literal: &mut Term<'a>,
    other: &Term<'a>,
) -> Result<(), Fault> {
    if !matches!(literal.expr, Expr::Value(_)) {
        return Ok(());
    }
    let covered = other.field.filter(|(resource, field)| reading.enums.covers(*resource, *field));
    if let Some(named) = literal.members_of.take() {
        let lookup = covered.and_then(|(r, f)| reading.words(r).field(f).lookup);
        let Some(lookup) = lookup.map(|id| reading.dictionary.lookup(id)) else {
            let hint = "Enumerations are text here: compare with the standard value, such as 'Active'.";
            return Err(cursor.bad(
                literal.at,
                "wrong_type",
                "This is not compared with an enumeration.",
                hint,
            ));
        };
        if lookup.name != named {
            let message = format!("{named} is not the enumeration of this field.");
            return Err(cursor.bad(literal.at, "wrong_type", message, format!("Write {}.", lookup.name)));
        }
    }
    let Expr::Value(value) = &mut literal.expr else { return Ok(()) };
    if let Some(ty) = other.ty {
        *value = suited(std::mem::replace(value, Value::Boolean(false)), ty);
    }
    let (Some((resource, field)), Value::Text(text)) = (covered, &*value) else { return Ok(()) };
    let field = reading.words(resource).field(field);
    let Some(lookup) = field.lookup else { return Ok(()) };
    match reading.enums.value(lookup, text) {
        Some(standard) => *value = Value::Text(standard.clone()),
        None if field.lookup_status == Some(LookupStatus::Locked) => {
            let lookup = reading.dictionary.lookup(lookup);
            let message = format!("{} is no member of {}.", shown(text), lookup.name);
            let hint = match lookup.nearest(text) {
                Some(near) => format!("Did you mean '{}'?", crate::metadata::member_name(near)),
                None => format!("$metadata lists the members of {}.", lookup.name),
            };
            return Err(cursor.bad(literal.at, "unknown_member", message, hint));
        }
        // An open lookup holds values beyond the dictionary's: they are compared as they are.
        None => {}
    }
    Ok(())
}

/// The fault that two operands are of different kinds, at the literal if one is, else at the second.
pub(super) fn mismatch(cursor: &Cursor<'_>, left: &Term<'_>, right: &Term<'_>) -> Fault {
    let (wrong, other) = if left.is_literal() && !right.is_literal() { (left, right) } else { (right, left) };
    let message = format!("{} cannot be compared with {}.", capital(called(other.kind)), called(wrong.kind));
    let hint = match (other.kind, wrong.kind) {
        (Kind::TextList, _) | (_, Kind::TextList) => {
            "Look at each element: Appliances/any(a:a eq 'Dishwasher').".to_owned()
        }
        (Kind::Text, Kind::Number | Kind::Boolean | Kind::Date | Kind::Timestamp | Kind::Time) => {
            "Put it between single quotes.".to_owned()
        }
        (Kind::Number | Kind::Boolean | Kind::Date | Kind::Timestamp | Kind::Time, Kind::Text)
            if wrong.is_literal() =>
        {
            format!("Write {} without quotes.", called(other.kind))
        }
        (Kind::Timestamp, Kind::Date) => {
            "Write date, time and distance from UTC, such as 2026-11-23T00:00:00Z, or compare date(…)."
                .to_owned()
        }
        (Kind::Date, Kind::Timestamp) => "Write the date alone, such as 2026-11-23.".to_owned(),
        (kind, _) => format!("Compare it with {}.", called(kind)),
    };
    cursor.bad(wrong.at, "wrong_type", message, hint)
}

pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
