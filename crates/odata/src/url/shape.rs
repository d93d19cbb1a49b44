//! `$select` and `$orderby`.

use query::{Kind, Order, Selection};

use super::Limits;
use super::expression::Parser;
use super::names::Named;
use super::term::{called, capital};
use crate::Fault;

impl Parser<'_> {
    /// `ListPrice,City,Media` or `*`. A link among them asks for nothing by itself: `$expand` does.
    pub(super) fn select(&mut self) -> Result<Selection, Fault> {
        let resource = self.resource();
        let mut fields = Vec::new();
        let mut all = false;
        self.cursor.space();
        loop {
            let at = self.cursor.at;
            if self.cursor.eat(b'*') {
                all = true;
            } else {
                self.refuse_at_sign()?;
                let name = self.cursor.dotted()?;
                if name.is_empty() {
                    return Err(self.cursor.expected("a field", "Write fields with commas between, or *."));
                }
                if name.contains('.') {
                    return Err(self.cursor.unsupported(at, "A qualified name in $select"));
                }
                if self.aliases.iter().any(|alias| alias.name == name) {
                    self.selected.push(name.to_owned());
                    if !self.cursor.eat_spaced(b',') {
                        break;
                    }
                    continue;
                }
                match self.reading.named(resource, name) {
                    Some(Named::Field(field)) => fields.push(field),
                    Some(Named::Link(_)) => {}
                    None => return Err(self.reading.unknown(&self.cursor, at, resource, name)),
                }
            }
            if matches!(self.cursor.peek(), Some(b'/' | b'(')) && !all {
                let hint = "Put it inside $expand: $expand=Media($select=MediaURL).";
                return Err(self.cursor.expected("a comma", hint));
            }
            if !self.cursor.eat_spaced(b',') {
                break;
            }
        }
        fields.sort_unstable();
        fields.dedup();
        if all {
            self.selected = self.aliases.iter().map(|alias| alias.name.clone()).collect();
        }
        Ok(if all { Selection::All } else { Selection::Fields(fields) })
    }

    /// `ListPrice desc,City`
    pub(super) fn order(&mut self) -> Result<Vec<Order>, Fault> {
        let mut order = Vec::new();
        loop {
            self.cursor.space();
            let term = self.expression()?;
            if matches!(term.kind, Kind::TextList | Kind::Point | Kind::Polygon | Kind::LineString)
                || term.members_of.is_some()
            {
                let message = format!("{} has no order.", capital(called(term.kind)));
                let hint = "Order by a field of one value, or by geo.distance(…).";
                return Err(self.cursor.bad(term.at, "wrong_type", message, hint));
            }
            self.sound(&term)?;
            if order.len() == Limits::ORDER {
                let message = format!("There are more than {} terms.", Limits::ORDER);
                return Err(self.cursor.bad(term.at, "too_many", message, "Order by fewer."));
            }
            let descending = self.direction();
            order.push(Order { descending, ..Order::ascending(term.expr) });
            if !self.cursor.eat_spaced(b',') {
                return Ok(order);
            }
        }
    }

    fn direction(&mut self) -> bool {
        let before = self.cursor.at;
        if self.cursor.space() {
            let word = self.cursor.peek_name();
            if word.eq_ignore_ascii_case("asc") || word.eq_ignore_ascii_case("desc") {
                self.cursor.at += word.len();
                return word.len() == 4;
            }
        }
        self.cursor.at = before;
        false
    }
}
