//! Which operands an operator takes.

use super::{Kind, TypeFault, Typed, Typing, faults};
use crate::{Arithmetic, Comparison, Expr, Quantifier};

impl Typing<'_> {
    pub(super) fn must_be_boolean(&self, kind: Kind, expr: &Expr, what: &str) -> Result<(), TypeFault> {
        if matches!(kind, Kind::Boolean | Kind::Null) {
            return Ok(());
        }
        Err(TypeFault {
            message: format!("{what} must be true or false; {} is {}.", self.shown(expr), kind.shown()),
            hint: "Compare it with something: Field eq value, Field gt value, contains(Field,'text').".into(),
        })
    }

    pub(super) fn all_boolean(&mut self, list: &[Expr], operator: &str) -> Typed {
        for expr in list {
            let kind = self.kind(expr)?;
            self.must_be_boolean(kind, expr, &format!("Each side of {operator}"))?;
        }
        Ok(Kind::Boolean)
    }

    pub(super) fn compare(&mut self, comparison: Comparison, a: &Expr, b: &Expr) -> Typed {
        let (left, right) = (self.kind(a)?, self.kind(b)?);
        let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        self.comparable(a, left, b, right)?;
        let kind = if left == Kind::Null { right } else { left };
        // Places and lists are held against null, and lists against lists.
        let against_null = left == Kind::Null || right == Kind::Null;
        if kind.is_ordered() || (equality && (against_null || kind == Kind::TextList)) {
            return Ok(Kind::Boolean);
        }
        Err(faults::no_order(&self.shown(if left == Kind::Null { b } else { a }), kind, comparison))
    }

    /// Whether two sides can be held against each other at all.
    fn comparable(&self, a: &Expr, left: Kind, b: &Expr, right: Kind) -> Result<(), TypeFault> {
        if left == right || left == Kind::Null || right == Kind::Null {
            return Ok(());
        }
        Err(faults::different(&self.shown(a), left, &self.shown(b), right))
    }

    pub(super) fn is_in(&mut self, a: &Expr, list: &[Expr]) -> Typed {
        let left = self.kind(a)?;
        for one in list {
            let right = self.kind(one)?;
            self.comparable(a, left, one, right)?;
        }
        if left.is_ordered() || left == Kind::TextList {
            return Ok(Kind::Boolean);
        }
        Err(faults::no_order(&self.shown(a), left, Comparison::Equal))
    }

    pub(super) fn has(&mut self, a: &Expr, b: &Expr) -> Typed {
        let (left, right) = (self.kind(a)?, self.kind(b)?);
        let fits = |kind| matches!(kind, Kind::Text | Kind::TextList | Kind::Null);
        for (expr, kind) in [(a, left), (b, right)] {
            if !fits(kind) {
                return Err(TypeFault {
                    message: format!("has takes lists and text; {} is {}.", self.shown(expr), kind.shown()),
                    hint: "Write Appliances has 'Dishwasher', or use eq for a field with one value.".into(),
                });
            }
        }
        Ok(Kind::Boolean)
    }

    pub(super) fn arithmetic(&mut self, operator: Arithmetic, a: &Expr, b: &Expr) -> Typed {
        let name = match operator {
            Arithmetic::Add => "add",
            Arithmetic::Subtract => "sub",
            Arithmetic::Multiply => "mul",
            Arithmetic::Divide => "div",
            Arithmetic::DivideBy => "divby",
            Arithmetic::Modulo => "mod",
        };
        self.number(a, name)?;
        self.number(b, name)
    }

    pub(super) fn number(&mut self, a: &Expr, operator: &str) -> Typed {
        match self.kind(a)? {
            Kind::Number | Kind::Null => Ok(Kind::Number),
            kind => Err(TypeFault {
                message: format!("{operator} takes numbers; {} is {}.", self.shown(a), kind.shown()),
                hint: match kind {
                    Kind::Text => "Turn text into a number with cast(…,Edm.Decimal).".into(),
                    Kind::Date | Kind::Timestamp => "Compare dates with each other, or take year(…).".into(),
                    _ => "Use numbers on both sides.".into(),
                },
            }),
        }
    }

    pub(super) fn quantified(&mut self, quantifier: &Quantifier) -> Typed {
        let variable = self.over(&quantifier.over)?;
        if let Some(body) = &quantifier.body {
            self.scopes.push(variable);
            let kind = self.kind(body);
            let checked = kind.and_then(|kind| self.must_be_boolean(kind, body, "What any or all asks"));
            self.scopes.pop();
            checked?;
        }
        Ok(Kind::Boolean)
    }
}
