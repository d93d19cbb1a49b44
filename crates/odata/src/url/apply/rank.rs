//! `topcount(2,ListPrice)` and its like (Data Aggregation 4.0, 3.3.1).

use dictionary::{Decimal, Value};
use query::{Expr, Kind, Most, Order, Rank};

use super::super::expression::Parser;
use super::super::term::{called, capital};
use crate::Fault;

impl Parser<'_> {
    /// What stands in the parentheses of `word`: how many, and by what.
    pub(super) fn rank(&mut self, word: &str) -> Result<Rank, Fault> {
        let (top, how) = match word.strip_prefix("top") {
            Some(how) => (true, how),
            None => (false, word.strip_prefix("bottom").unwrap_or(word)),
        };
        let at = self.cursor.at;
        let most = self.expression()?;
        let Expr::Value(Value::Integer(_) | Value::Decimal(_) | Value::Double(_)) = most.expr else {
            let hint = format!("Write {word}(10,ListPrice), with a number first.");
            if most.kind == Kind::Number {
                return Err(self.cursor.unsupported(at, "A number that is computed here"));
            }
            return Err(self.cursor.bad(at, "wrong_type", "A number is expected here.", hint));
        };
        let most = match most.expr {
            Expr::Value(Value::Integer(number)) => Some(Decimal::from(number)),
            Expr::Value(Value::Decimal(number)) => Some(number),
            Expr::Value(Value::Double(number)) => Decimal::try_from(number).ok(),
            _ => None,
        };
        let bad = |message: &str, hint: &str| Err(self.cursor.bad(at, "out_of_range", message, hint));
        let most = match (how, most) {
            ("count", Some(number)) if number > Decimal::ZERO && number.fract().is_zero() => {
                Most::Count(number.try_into().unwrap_or(u64::MAX))
            }
            ("count", _) => {
                return bad("The number of records is whole, and 1 at least.", "Write topcount(10,…).");
            }
            ("percent", Some(number)) if number > Decimal::ZERO && number <= Decimal::ONE_HUNDRED => {
                Most::Percent(number)
            }
            ("percent", _) => {
                return bad("A percentage is more than 0 and 100 at most.", "Write toppercent(50,…).");
            }
            (_, Some(number)) => Most::Sum(number),
            _ => return bad("This number is too large to add up to.", "Write a smaller one."),
        };
        if !self.cursor.eat_spaced(b',') {
            let hint = format!("Write {word}(10,ListPrice).");
            return Err(self.cursor.expected("a comma and what is ranked by", hint));
        }
        self.cursor.space();
        let term = self.expression()?;
        self.sound(&term)?;
        let fits = match how {
            "count" => term.kind.is_ordered() || term.kind == Kind::Boolean,
            _ => matches!(term.kind, Kind::Number | Kind::Null),
        };
        if !fits || term.members_of.is_some() {
            let message = format!("{} is not what {word} ranks by.", capital(called(term.kind)));
            return Err(self.cursor.bad(term.at, "wrong_type", message, "Rank by a number."));
        }
        Ok(Rank { order: Order { descending: top, ..Order::ascending(term.expr) }, most })
    }
}
