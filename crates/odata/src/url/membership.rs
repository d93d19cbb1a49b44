//! `in` and `has`, which bind tighter than every other operator.

use dictionary::Value;
use query::{Expr, Kind};

use super::Limits;
use super::expression::Parser;
use super::term::{Term, called, capital, mismatch, suit};
use crate::Fault;

impl<'a> Parser<'a> {
    /// `left in (…)` and `left has …`, as often as they follow.
    pub(super) fn membership(&mut self, mut left: Term<'a>) -> Result<Term<'a>, Fault> {
        loop {
            let before = self.cursor.at;
            let spaced = self.cursor.space();
            let word = self.cursor.peek_name();
            let is_in = word.eq_ignore_ascii_case("in");
            if !spaced || !(is_in || word.eq_ignore_ascii_case("has")) {
                self.cursor.at = before;
                return Ok(left);
            }
            self.cursor.at += word.len();
            let spaced = self.cursor.space();
            if !spaced && !matches!(self.cursor.peek(), Some(b'(' | b'[')) {
                return Err(self.cursor.expected("a space", "Put a space before and after the operator."));
            }
            left = if is_in { self.one_of(left)? } else { self.has(left)? };
        }
    }

    fn one_of(&mut self, left: Term<'a>) -> Result<Term<'a>, Fault> {
        let open = self.cursor.at;
        let json = self.cursor.eat(b'[');
        if !json && !self.cursor.eat(b'(') {
            return self.element_of(left);
        }
        let close = if json { b']' } else { b')' };
        if matches!(left.kind, Kind::TextList | Kind::Polygon | Kind::LineString) {
            let message = format!("{} is not one value.", capital(called(left.kind)));
            let hint = "Look at each element: Appliances/any(a:a in ('Dishwasher','Oven')).";
            return Err(self.cursor.bad(left.at, "wrong_type", message, hint));
        }
        let mut left = left;
        let mut list = Vec::new();
        let mut height = left.height;
        self.cursor.space();
        let mut more = self.cursor.peek() != Some(close);
        while more {
            self.cursor.space();
            let mut value = match self.cursor.peek() {
                Some(b'"') if json => self.json_text()?,
                _ => self.deeper(open, Self::value)?,
            };
            self.fit(&mut left, &mut value, list.is_empty())?;
            if list.len() == Limits::IN_LIST {
                let message = format!("There are more than {} values.", Limits::IN_LIST);
                return Err(self.cursor.bad(
                    value.at,
                    "too_many",
                    message,
                    "Ask for the rest in another request.",
                ));
            }
            height = height.max(value.height);
            list.push(value.expr);
            more = self.cursor.eat_spaced(b',');
        }
        self.cursor.expect(close, "Put commas between the values, and close the list after the last.")?;
        let at = left.at;
        self.grown(Term::new(at, Expr::In(Box::new(left.expr), list), Kind::Boolean), height)
    }

    /// Refuses a value that `left` cannot be, and gives it `left`'s type.
    fn fit(&self, left: &mut Term<'a>, value: &mut Term<'a>, first: bool) -> Result<(), Fault> {
        suit(self.reading, &self.cursor, value, left)?;
        if first {
            suit(self.reading, &self.cursor, left, value)?;
        }
        let null = left.kind == Kind::Null || value.kind == Kind::Null;
        if value.kind == left.kind || null { Ok(()) } else { Err(mismatch(&self.cursor, left, value)) }
    }

    /// Text between double quotes, as JSON has it.
    fn json_text(&mut self) -> Result<Term<'a>, Fault> {
        let at = self.cursor.at;
        let bytes = self.cursor.rest().as_bytes();
        let mut end = 1;
        while bytes.get(end).is_some_and(|byte| *byte != b'"') {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        let text =
            self.cursor.rest().get(..=end).map(|quoted| crate::json::read_text_list(&format!("[{quoted}]")));
        let Some(Ok([text])) = text.as_ref().map(|read| read.as_deref()) else {
            let hint = "Write text as JSON has it: \"Seattle\", with \\ before a double quote inside it.";
            return Err(self.cursor.bad(at, "syntax", "This is no JSON string.", hint));
        };
        self.cursor.at += end + 1;
        Ok(Term::new(at, Expr::Value(Value::Text(text.clone())), Kind::Text))
    }

    /// `'Dishwasher' in Appliances` says the same as `Appliances has 'Dishwasher'`.
    fn element_of(&mut self, left: Term<'a>) -> Result<Term<'a>, Fault> {
        let list = self.value()?;
        if !matches!(list.kind, Kind::TextList) {
            let hint = "Put the values between parentheses: StandardStatus in ('Active','Pending').";
            return Err(self.cursor.bad(list.at, "wrong_type", "A list is expected after `in`.", hint));
        }
        self.held(left.at, list, left)
    }

    fn has(&mut self, left: Term<'a>) -> Result<Term<'a>, Fault> {
        if !matches!(left.kind, Kind::Text | Kind::TextList | Kind::Null) {
            let message = format!("{} has no members.", capital(called(left.kind)));
            return Err(self.cursor.bad(
                left.at,
                "wrong_type",
                message,
                "Use `has` with a field of a lookup.",
            ));
        }
        let right = self.value()?;
        self.held(left.at, left, right)
    }

    /// `holder has member`; of several members, as `Enum'A,B'`, each.
    fn held(&mut self, at: usize, holder: Term<'a>, mut member: Term<'a>) -> Result<Term<'a>, Fault> {
        let height = holder.height.max(member.height);
        let several = match &member.expr {
            Expr::Value(Value::Text(text)) if member.members_of.is_some() && text.contains(',') => {
                Some(text.clone())
            }
            _ => None,
        };
        let of = member.members_of;
        if several.as_ref().is_some_and(|text| text.split(',').count() > Limits::FLAGS) {
            let message = format!("There are more than {} members.", Limits::FLAGS);
            return Err(self.cursor.bad(
                member.at,
                "too_many",
                message,
                "An enumeration of flags has no more.",
            ));
        }
        let mut all = Vec::new();
        for name in several.iter().flat_map(|text| text.split(',')) {
            let mut one = Term::new(member.at, Expr::Value(Value::from(name.trim())), Kind::Text);
            one.members_of = of;
            suit(self.reading, &self.cursor, &mut one, &holder)?;
            all.push(Expr::Has(Box::new(holder.expr.clone()), Box::new(one.expr)));
        }
        if !all.is_empty() {
            return self.grown(Term::new(at, Expr::And(all), Kind::Boolean), height + 1);
        }
        suit(self.reading, &self.cursor, &mut member, &holder)?;
        if !matches!(member.kind, Kind::Text | Kind::Null) {
            let message = format!("A member is text, not {}.", called(member.kind));
            return Err(self.cursor.bad(member.at, "wrong_type", message, "Put it between single quotes."));
        }
        let expr = Expr::Has(Box::new(holder.expr), Box::new(member.expr));
        self.grown(Term::new(at, expr, Kind::Boolean), height)
    }
}
