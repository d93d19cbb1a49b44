//! Paths inside an expression: fields, links to one record, `$count`, `any` and `all`.

use dictionary::{LinkId, ResourceId, Type};
use query::{Expr, FieldRef, Kind, LinkRef, Over, Quantifier, Quantity};

use super::Limits;
use super::cursor::shown;
use super::expression::{Parser, Ranged, Ranges};
use super::names::Named;
use super::term::Term;
use crate::Fault;

impl<'a> Parser<'a> {
    /// `$it`, which is the record asked about.
    pub(super) fn dollar(&mut self) -> Result<Term<'a>, Fault> {
        let at = self.cursor.at;
        self.cursor.at += 1;
        let word = self.cursor.name()?;
        // Inside $expand, $it is the outer record, and no filter of the inner one can look at it.
        if !word.eq_ignore_ascii_case("it") || self.nested || self.on_rows {
            return Err(self.cursor.unsupported(at, &format!("${word}")));
        }
        if !self.cursor.eat(b'/') {
            return Err(self.cursor.unsupported(at, "A whole record as a value"));
        }
        let name_at = self.cursor.at;
        let name = self.cursor.name()?;
        self.steps(at, name_at, 0, self.resource(), name)
    }

    /// A path whose first word, at byte `at`, is read.
    pub(super) fn path(&mut self, at: usize, word: &'a str) -> Result<Term<'a>, Fault> {
        if word.contains('.') {
            return Err(self.cursor.unsupported(at, &format!("The type or function {}", shown(word))));
        }
        // The innermost variable of the name; the record asked about has none.
        let scope = self.ranges.iter().rposition(|ranged| ranged.name == word);
        let Some(scope) = scope else {
            if let Some(found) = self.alias(at, word)? {
                return Ok(found);
            }
            return self.steps(at, at, 0, self.resource(), word);
        };
        let number = u8::try_from(scope).unwrap_or(u8::MAX);
        match self.ranges[scope].over {
            Ranges::Records(resource) => {
                if !self.cursor.eat(b'/') {
                    return Err(self.cursor.unsupported(at, "A whole record as a value"));
                }
                let name_at = self.cursor.at;
                let name = self.cursor.name()?;
                self.steps(at, name_at, number, resource, name)
            }
            Ranges::Elements(resource, field) => {
                if self.cursor.peek() == Some(b'/') {
                    let hint = "Compare it itself, such as any(a:a eq 'x').";
                    let message = "An element of a list is text and has no fields.";
                    return Err(self.cursor.bad(self.cursor.at, "wrong_type", message, hint));
                }
                let mut term = Term::new(at, Expr::Element(number), Kind::Text);
                term.field = Some((resource, field));
                Ok(term.typed(Type::Text { max_chars: None }))
            }
        }
    }

    /// What follows in a path from a record of `resource`; `name`, at byte `name_at`, is read.
    pub(super) fn steps(
        &mut self,
        at: usize,
        mut name_at: usize,
        scope: u8,
        mut resource: ResourceId,
        mut name: &'a str,
    ) -> Result<Term<'a>, Fault> {
        let mut via: Vec<LinkId> = Vec::new();
        loop {
            if name.is_empty() {
                self.refuse_at_sign()?;
                return Err(self
                    .cursor
                    .expected("a field", "Write the name of a field or link after the slash."));
            }
            match self.reading.named(resource, name) {
                None => return Err(self.reading.unknown(&self.cursor, name_at, resource, name)),
                Some(Named::Field(field)) => {
                    let ty = self.reading.words(resource).field(field).ty;
                    let found = FieldRef { scope, via: via.into(), field };
                    if self.cursor.peek() == Some(b'/') && ty.is_list() {
                        return self.collection(at, Over::List(found), Ranges::Elements(resource, field));
                    }
                    if self.cursor.eat(b'/') {
                        self.refuse_at_sign()?;
                        self.cursor.at -= 1;
                        let hint = format!("{name} holds one value: nothing may follow it.");
                        return Err(self.cursor.expected("an operator", hint));
                    }
                    let mut term = Term::new(at, Expr::Field(found), Kind::of(ty)).typed(ty);
                    term.field = Some((resource, field));
                    return Ok(term);
                }
                Some(Named::Link(id)) => {
                    let link = self.reading.words(resource).link(id);
                    if !self.cursor.eat(b'/') {
                        let message = format!("{name} is a link, not a value.");
                        let hint = match link.many {
                            true => format!("Write {name}/any(…), {name}/all(…) or {name}/$count."),
                            false => format!("Name a field of it: {name}/…"),
                        };
                        return Err(self.cursor.bad(name_at, "wrong_type", message, hint));
                    }
                    if link.many {
                        self.cursor.at -= 1;
                        let over = Over::Link(LinkRef { scope, via: via.into(), link: id });
                        return self.collection(at, over, Ranges::Records(link.target));
                    }
                    if via.len() == Limits::VIA {
                        let message = format!("A path follows at most {} links.", Limits::VIA);
                        return Err(self.cursor.bad(name_at, "too_deep", message, "Ask in two requests."));
                    }
                    via.push(id);
                    resource = link.target;
                }
            }
            name_at = self.cursor.at;
            name = self.cursor.name()?;
        }
    }

    /// `/$count`, `/any(…)` or `/all(…)`. The cursor is at the slash.
    fn collection(&mut self, at: usize, over: Over, ranges: Ranges) -> Result<Term<'a>, Fault> {
        self.cursor.at += 1;
        let word_at = self.cursor.at;
        if self.cursor.eat(b'$') {
            let word = self.cursor.name()?;
            if !word.eq_ignore_ascii_case("count") || self.cursor.peek() == Some(b'(') {
                return Err(self.cursor.unsupported(word_at, &format!("${word} here")));
            }
            return Ok(Term::new(at, Expr::Count(over), Kind::Number).typed(Type::Int64));
        }
        let word = self.cursor.peek_name();
        let quantity = match word.to_ascii_lowercase().as_str() {
            "any" => Quantity::Any,
            "all" => Quantity::All,
            _ => {
                let hint = "This leads to many: write any(x:…), all(x:…) or $count after the slash.";
                return Err(self.cursor.expected("any, all or $count", hint));
            }
        };
        self.cursor.at += word.len();
        if !self.cursor.eat(b'(') {
            return Err(self.cursor.expected("`(`", format!("Write {word}(x:…), with a condition on x.")));
        }
        self.cursor.space();
        if quantity == Quantity::Any && self.cursor.eat(b')') {
            let quantifier = Quantifier { quantity, over, body: None };
            return Ok(Term::new(at, Expr::Quantified(Box::new(quantifier)), Kind::Boolean));
        }
        let name = self.variable()?;
        if !self.cursor.eat_spaced(b':') {
            return Err(self
                .cursor
                .expected("`:`", format!("Write {word}({name}:…), with a condition on {name}.")));
        }
        self.ranges.push(Ranged { name, over: ranges });
        let body = self.deeper(word_at, Self::expression);
        self.ranges.pop();
        let body = body?;
        self.condition(&body)?;
        self.cursor.expect(b')', "Close the parenthesis of any or all.")?;
        let height = body.height;
        let quantifier = Quantifier { quantity, over, body: Some(body.expr) };
        self.grown(Term::new(at, Expr::Quantified(Box::new(quantifier)), Kind::Boolean), height)
    }

    fn variable(&mut self) -> Result<&'a str, Fault> {
        let at = self.cursor.at;
        let name = self.cursor.name()?;
        if name.is_empty() {
            return Err(self.cursor.expected("a variable", "Write any(x:…), with a condition on x."));
        }
        if self.ranges.iter().any(|ranged| ranged.name == name) {
            let message = format!("{name} is the variable of an any or all around this one.");
            return Err(self.cursor.bad(at, "name_taken", message, "Give each its own name."));
        }
        Ok(name)
    }
}
