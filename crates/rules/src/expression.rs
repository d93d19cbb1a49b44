//! What an expression is made of.

use std::sync::Arc;

use dictionary::Text;

use crate::functions::Function;
use crate::parse::{ExpressionFault, parse};
use crate::{Context, EvaluationFault, Value};

/// An expression that was read.
#[derive(Clone, PartialEq, Debug)]
pub struct Expression {
    pub(crate) root: Node,
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn parse(text: &str) -> Result<Self, ExpressionFault> {
        parse(text).map(|root| Self { root })
    }

    /// Its value.
    ///
    /// # Errors
    /// It has none: a division by zero, a sum with nothing, kinds that do not go together, too much work.
    pub fn evaluate(&self, context: &Context<'_>) -> Result<Value, EvaluationFault> {
        crate::evaluate::evaluate(&self.root, context)
    }
}

/// A part of an expression.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Node {
    Value(Value),
    /// The field as it is to be.
    Field(Text),
    /// `LAST Field`: as it was.
    Last(Text),
    /// `.TODAY.`, `.USERID.` and the like.
    Named(Text),
    Not(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Binary(Operator, Arc<(Node, Node)>),
    List(Vec<Node>),
    Call(Function, Vec<Node>),
}

/// An operator of two sides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
    In,
    Plus,
    Minus,
    Concat,
    Times,
    Over,
    Modulo,
}
