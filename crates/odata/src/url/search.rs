//! `$search` (4.01 part 2, 5.1.7): words and phrases in the text of a record (RESO-027).

use dictionary::{FieldId, Value};
use query::{Comparison, Expr, Function};

use super::Limits;
use super::cursor::shown;
use super::expression::Parser;
use crate::Fault;

/// What the text of a record is: what people read of it. Of other resources there is none.
const TEXT: [(&str, &[&str]); 5] = [
    ("Property", &["PublicRemarks", "UnparsedAddress", "City", "SubdivisionName", "BuildingName"]),
    ("Member", &["MemberFullName", "MemberCity"]),
    ("Office", &["OfficeName", "OfficeAddress1", "OfficeCity"]),
    ("Media", &["ShortDescription", "LongDescription"]),
    ("OpenHouse", &["OpenHouseRemarks"]),
];
const HINT: &str = "Write words, \"phrases in quotes\", AND, OR, NOT and parentheses.";

impl Parser<'_> {
    /// A search expression, up to a `)` or `;` that is not its own.
    pub(super) fn search(&mut self) -> Result<Expr, Fault> {
        let words = self.reading.words(self.resource());
        let known = TEXT.iter().find(|(name, _)| *name == words.name).map_or(&[][..], |(_, fields)| fields);
        let fields: Vec<FieldId> =
            known.iter().filter_map(|name| self.reading.field(words.id, name)).collect();
        if fields.is_empty() || self.on_rows {
            return Err(self.cursor.unsupported(self.cursor.at, "$search here"));
        }
        self.either(&fields)
    }

    fn either(&mut self, fields: &[FieldId]) -> Result<Expr, Fault> {
        let mut all = vec![self.both(fields)?];
        while self.operator("OR") {
            all.push(self.both(fields)?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Expr::Or(all) })
    }

    /// Words beside each other are joined by AND, with it or without.
    fn both(&mut self, fields: &[FieldId]) -> Result<Expr, Fault> {
        let mut all = vec![self.denied(fields)?];
        loop {
            let before = self.cursor.at;
            let joined = self.operator("AND");
            self.cursor.space();
            let ends = matches!(self.cursor.peek(), None | Some(b')' | b';'));
            if !joined && (ends || self.operator_is_next("OR")) {
                self.cursor.at = before;
                return Ok(if all.len() == 1 { all.remove(0) } else { Expr::And(all) });
            }
            all.push(self.denied(fields)?);
        }
    }

    fn denied(&mut self, fields: &[FieldId]) -> Result<Expr, Fault> {
        self.cursor.space();
        let at = self.cursor.at;
        if self.operator("NOT") {
            return Ok(Expr::Not(Box::new(self.deeper(at, |parser| parser.denied(fields))?)));
        }
        if self.cursor.eat(b'(') {
            let inner = self.deeper(at, |parser| parser.either(fields))?;
            self.cursor.expect(b')', "Close the parenthesis.")?;
            return Ok(inner);
        }
        let text = if self.cursor.peek() == Some(b'"') { self.phrase()? } else { self.word()? };
        self.terms += 1;
        if self.terms > Limits::SEARCHED {
            let message = format!("More than {} words are searched for.", Limits::SEARCHED);
            return Err(self.cursor.bad(at, "too_many", message, "Search for fewer."));
        }
        // Where a field has no text, its words are not there: null must not make the whole unknown, or NOT
        // would find nothing.
        let holds = |field: &FieldId| {
            let there =
                Expr::Compare(Comparison::NotEqual, Box::new(Expr::field(*field)), Box::new(Expr::Null));
            let words = vec![Expr::field(*field), Expr::Value(Value::from(text.as_str()))];
            there.and(Expr::Call(Function::Mentions, words))
        };
        let mut all: Vec<Expr> = fields.iter().map(holds).collect();
        Ok(if all.len() == 1 { all.remove(0) } else { Expr::Or(all) })
    }

    fn phrase(&mut self) -> Result<String, Fault> {
        let rest = self.cursor.rest();
        let Some(end) = rest[1..].find('"').filter(|end| *end > 0) else {
            return Err(self.cursor.bad(self.cursor.at, "syntax", "This phrase has no end.", HINT));
        };
        self.cursor.at += end + 2;
        Ok(rest[..end + 2].to_owned())
    }

    fn word(&mut self) -> Result<String, Fault> {
        let rest = self.cursor.rest();
        let end = rest.find([' ', '\t', '(', ')', '"', ';']).unwrap_or(rest.len());
        let word = &rest[..end];
        if word.is_empty() {
            return Err(self.cursor.expected("a word", HINT));
        }
        if !word.contains(char::is_alphanumeric) {
            let message = format!("There is no word in {}.", shown(word));
            return Err(self.cursor.bad(self.cursor.at, "no_word", message, HINT));
        }
        self.cursor.at += end;
        // What stands between words inside one, as in brand-new, makes it a phrase.
        Ok(if word.chars().all(char::is_alphanumeric) { word.to_owned() } else { format!("\"{word}\"") })
    }

    /// Passes an operator, which is in capitals, if something follows it.
    fn operator(&mut self, name: &str) -> bool {
        if !self.operator_is_next(name) {
            return false;
        }
        self.cursor.space();
        self.cursor.at += name.len();
        true
    }

    fn operator_is_next(&self, name: &str) -> bool {
        let rest = self.cursor.rest().trim_start_matches([' ', '\t']);
        let Some(after) = rest.strip_prefix(name) else { return false };
        let value = after.trim_start_matches([' ', '\t']);
        // At the end it is a word like others (4.01 ABNF, searchWord).
        value.len() < after.len() && !value.is_empty() && !value.starts_with([')', ';'])
            || after.starts_with(['(', '"'])
    }
}
