//! Names that a question gives itself: of what it computes, and of the columns of an aggregation.

use dictionary::{FieldId, ResourceId, Type};
use query::{Computed, Expr, Kind};

use super::Limits;
use super::cursor::shown;
use super::expression::Parser;
use super::term::Term;
use crate::Fault;

/// What such a name stands for.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Alias {
    /// The name; of a column of a linked record's field its path, `ListAgent/MemberCity`.
    pub(super) name: String,
    pub(super) expr: Expr,
    pub(super) kind: Kind,
    pub(super) ty: Option<Type>,
    /// The field whose lookup its text is of.
    pub(super) field: Option<(ResourceId, FieldId)>,
    pub(super) height: usize,
    /// Whether it is a field's own name.
    pub(super) declared: bool,
}

impl Alias {
    pub(super) fn of(name: String, term: Term<'_>) -> Self {
        let Term { expr, kind, ty, field, height, .. } = term;
        Self { name, expr, kind, ty, field, height, declared: false }
    }

    /// The same as a value that is shown.
    pub(super) fn computed(&self) -> Computed {
        Computed { name: self.name.as_str().into(), of: self.expr.clone() }
    }

    /// The same as column `number` of a row.
    pub(super) fn column(self, number: usize) -> Self {
        Self { expr: Expr::column(number), height: 1, ..self }
    }
}

impl<'a> Parser<'a> {
    /// What `word`, which is read, stands for where it is such a name. On rows nothing else has a name.
    pub(super) fn alias(&mut self, at: usize, word: &'a str) -> Result<Option<Term<'a>>, Fault> {
        let begins =
            |name: &str, path: &str| name.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        let mut path = word.to_owned();
        while self.aliases.iter().any(|alias| begins(&alias.name, &path)) && self.cursor.eat(b'/') {
            path.push('/');
            path.push_str(self.cursor.name()?);
        }
        if let Some(alias) = self.aliases.iter().find(|alias| alias.name == path) {
            let Alias { expr, kind, ty, field, height, .. } = alias.clone();
            // Names that stand for names would double what is looked at each time.
            self.weight += parts(&expr);
            if self.weight > Limits::PARTS {
                let message = format!("What is computed has more than {} parts.", Limits::PARTS);
                return Err(self.cursor.bad(at, "too_many", message, "Use computed names less often."));
            }
            let mut term = Term::new(at, expr, kind);
            (term.ty, term.field) = (ty, field);
            return self.grown(term, height - 1).map(Some);
        }
        if !self.on_rows {
            return Ok(None);
        }
        if let Some(found) = self.of_join(at, word)? {
            return Ok(Some(found));
        }
        let names: Vec<&str> = self.aliases.iter().map(|alias| alias.name.as_str()).collect();
        let message = format!("After the aggregation there is no {}.", shown(&path));
        let hint = format!("There are {}.", names.join(", "));
        Err(self.cursor.bad(at, "unknown_field", message, hint))
    }

    /// `as Name`, with a space before: a name that nothing else has.
    pub(super) fn named_as(&mut self) -> Result<String, Fault> {
        let hint = "Give what is computed a name: … as Name.";
        let spaced = self.cursor.space();
        let word = self.cursor.peek_name();
        if !spaced || !word.eq_ignore_ascii_case("as") {
            return Err(self.cursor.expected("`as`", hint));
        }
        self.cursor.at += word.len();
        self.cursor.space();
        let at = self.cursor.at;
        let name = self.cursor.name()?;
        if name.is_empty() {
            return Err(self.cursor.expected("a name", hint));
        }
        let declared = self.reading.named(self.resource(), name).is_some();
        if declared || self.aliases.iter().any(|alias| alias.name.split('/').next() == Some(name)) {
            let message = format!("{} is the name of something else.", shown(name));
            return Err(self.cursor.bad(at, "name_taken", message, "Choose another name."));
        }
        Ok(name.to_owned())
    }

    /// `ListPrice div LivingArea as PerFoot, …`. Each name may be used by those after it.
    pub(super) fn compute(&mut self) -> Result<Vec<Alias>, Fault> {
        let before = self.aliases.len();
        let own = std::mem::replace(&mut self.named, true);
        loop {
            self.cursor.space();
            let term = self.expression()?;
            self.sound(&term)?;
            if matches!(term.kind, Kind::Polygon | Kind::LineString) || term.members_of.is_some() {
                let hint = "Compute a value of a field's type.";
                return Err(self.cursor.bad(term.at, "wrong_type", "This is no value.", hint));
            }
            let at = term.at;
            let name = self.named_as()?;
            if self.aliases.len() == Limits::NAMED {
                let message = format!("More than {} values are named.", Limits::NAMED);
                return Err(self.cursor.bad(at, "too_many", message, "Compute fewer."));
            }
            self.aliases.push(Alias::of(name, term));
            if !self.cursor.eat_spaced(b',') {
                self.named = own;
                return Ok(self.aliases[before..].to_vec());
            }
        }
    }
}

/// How many parts an expression has.
fn parts(expr: &Expr) -> usize {
    let mut parts = 0;
    expr.walk(&mut |_| parts += 1);
    parts
}
