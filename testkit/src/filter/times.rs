//! Random dates, instants and times of day.

use dictionary::Type;
use query::{Expr, Function, Kind};

use super::Writer;

impl Writer<'_> {
    pub(super) fn date(&mut self, depth: u8) -> Expr {
        match self.rng.u8(..6) {
            0 if depth > 0 => Expr::Call(Function::Date, vec![self.timestamp(depth - 1)]),
            1 if depth > 0 => Expr::Call(Function::Cast(Type::Date), vec![self.text(depth - 1)]),
            _ => self.leaf(Kind::Date),
        }
    }

    pub(super) fn timestamp(&mut self, _depth: u8) -> Expr {
        match self.rng.u8(..12) {
            0 => Expr::Call(Function::Now, vec![]),
            1 => Expr::Call(Function::MinDateTime, vec![]),
            2 => Expr::Call(Function::MaxDateTime, vec![]),
            _ => self.leaf(Kind::Timestamp),
        }
    }

    pub(super) fn time(&mut self, depth: u8) -> Expr {
        match self.rng.u8(..4) {
            0 if depth > 0 => Expr::Call(Function::Time, vec![self.timestamp(depth - 1)]),
            _ => self.leaf(Kind::Time),
        }
    }
}
