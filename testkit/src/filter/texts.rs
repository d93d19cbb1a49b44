//! Random text, and questions about text.

use dictionary::Type;
use query::{Expr, Function, Kind};

use super::Writer;
use crate::words::{phrase, word};

/// Patterns that every executor must read alike.
const PATTERNS: [&str; 8] = ["^[Ll]ake", "a.e", "\\d+", "^\\w+$", "\\s", "(oak|Pine)$", "[^a-z ]", ""];

impl Writer<'_> {
    pub(super) fn text(&mut self, depth: u8) -> Expr {
        if depth == 0 {
            return match self.rng.u8(..8) {
                0 | 1 => Expr::Value(word(self.rng).into()),
                2 => Expr::Value(phrase(self.rng, None).into()),
                _ => self.leaf(Kind::Text),
            };
        }
        let depth = depth - 1;
        match self.rng.u8(..12) {
            0 => {
                let function = self.pick(&[Function::ToLower, Function::ToUpper, Function::Trim]);
                Expr::Call(function, vec![self.text(depth)])
            }
            1 => Expr::Call(Function::Concat, vec![self.text(depth), self.text(depth)]),
            2 => {
                let mut arguments = vec![self.text(depth), self.small(-3)];
                if self.rng.bool() {
                    arguments.push(self.small(0));
                }
                Expr::Call(Function::Substring, arguments)
            }
            3 => {
                let max_chars = if self.rng.bool() { Some(8) } else { None };
                let kind = self.pick(&[Kind::Number, Kind::Date, Kind::Timestamp, Kind::Time, Kind::Text]);
                let of = self.expr(kind, depth);
                Expr::Call(Function::Cast(Type::Text { max_chars }), vec![of])
            }
            _ => self.text(0),
        }
    }

    /// `contains`, `startswith` and the like.
    pub(super) fn about_text(&mut self, depth: u8) -> Expr {
        let text = self.text(depth - 1);
        match self.rng.u8(..5) {
            0 => {
                let pattern = Expr::Value(self.pick(&PATTERNS).into());
                Expr::Call(Function::MatchesPattern, vec![text, pattern])
            }
            1 => {
                let wanted = match self.rng.u8(..3) {
                    0 => format!("\"{} {}\"", word(self.rng), word(self.rng)),
                    1 => format!("{} {}", word(self.rng), word(self.rng)),
                    _ => word(self.rng).to_owned(),
                };
                Expr::Call(Function::Mentions, vec![text, Expr::Value(wanted.into())])
            }
            _ => {
                let function = self.pick(&[Function::Contains, Function::StartsWith, Function::EndsWith]);
                Expr::Call(function, vec![text, self.text(0)])
            }
        }
    }

    fn small(&mut self, least: i64) -> Expr {
        Expr::Value(self.rng.i64(least..8).into())
    }
}
