//! Random numbers.

use dictionary::Type;
use query::{Arithmetic, Expr, Function, Kind};

use super::Writer;

const ARITHMETIC: [Arithmetic; 6] = [
    Arithmetic::Add,
    Arithmetic::Subtract,
    Arithmetic::Multiply,
    Arithmetic::Divide,
    Arithmetic::DivideBy,
    Arithmetic::Modulo,
];

/// Every numeric type, for casts.
const NUMBERS: [Type; 5] = [
    Type::Int16,
    Type::Int32,
    Type::Int64,
    Type::Decimal { precision: Some(10), scale: Some(2) },
    Type::Double,
];

impl Writer<'_> {
    pub(super) fn number(&mut self, depth: u8) -> Expr {
        if depth == 0 {
            return self.leaf(Kind::Number);
        }
        let depth = depth - 1;
        match self.rng.u8(..16) {
            0..=3 => {
                let operator = self.pick(&ARITHMETIC);
                Expr::Arithmetic(operator, Box::new(self.number(depth)), Box::new(self.number(depth)))
            }
            4 => Expr::Negate(Box::new(self.number(depth))),
            5 => {
                let function = self.pick(&[Function::Round, Function::Floor, Function::Ceiling]);
                Expr::Call(function, vec![self.number(depth)])
            }
            6 => Expr::Call(Function::Length, vec![self.text(depth)]),
            7 => Expr::Call(Function::IndexOf, vec![self.text(depth), self.text(0)]),
            8 => {
                let function = self.pick(&[Function::Year, Function::Month, Function::Day]);
                let of = if self.rng.bool() { self.date(depth) } else { self.timestamp(depth) };
                Expr::Call(function, vec![of])
            }
            9 => {
                let function = self.pick(&[
                    Function::Hour,
                    Function::Minute,
                    Function::Second,
                    Function::FractionalSeconds,
                ]);
                let of = if self.rng.bool() { self.time(depth) } else { self.timestamp(depth) };
                Expr::Call(function, vec![of])
            }
            10 => self.count().unwrap_or(Expr::Null),
            11 => Expr::Call(Function::GeoDistance, vec![self.point(), self.point()]),
            12 => {
                let to = self.pick(&NUMBERS);
                let from = if self.rng.bool() { self.number(depth) } else { self.text(depth) };
                Expr::Call(Function::Cast(to), vec![from])
            }
            13 if self.rng.bool() => Expr::Call(Function::TotalOffsetMinutes, vec![self.timestamp(depth)]),
            13 => Expr::Call(Function::GeoLength, vec![self.line()]),
            _ => self.leaf(Kind::Number),
        }
    }

    pub(super) fn is_of(&mut self, depth: u8) -> Expr {
        let to = self.pick(&NUMBERS);
        let of = if self.rng.bool() { self.number(depth - 1) } else { self.text(depth - 1) };
        Expr::Call(Function::IsOf(to), vec![of])
    }
}
