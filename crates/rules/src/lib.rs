//! Validation Expressions (RESO RCP-19): what an expression means, and what a rule says of a record (RESO-063).
//!
//! An [`Expression`] is parsed once and evaluated against a record, the version before it and the moment ([`Facts`],
//! [`Context`]). A [`Rule`] is an expression, the field that it speaks of and an [`Action`]; [`judge`] holds a record
//! against rules in their order.
//!
//! Nothing here loops or recurses over what a rule could make longer: a parser that goes no deeper than [`Limits`] says,
//! and an evaluation that visits each part of the expression once and pays for every byte that it makes.
//!
//! | module | what it does |
//! |---|---|
//! | `lex`, `parse` | text to [`Expression`] |
//! | `value`, `time` | what expressions are of, and how two are compared |
//! | `evaluate`, `arithmetic`, `functions` | an expression's value |
//! | `rule`, `judge` | rules and what they say of a record |
//!
//! This crate is pure: it does not know storage, HTTP or what time it is.

mod arithmetic;
mod evaluate;
mod expression;
mod functions;
mod judge;
mod lex;
mod parse;
mod rule;
mod time;
mod value;

pub use evaluate::{Context, EvaluationFault, Facts};
pub use expression::Expression;
pub use judge::{Finding, Verdict, Writing, judge};
pub use parse::ExpressionFault;
pub use rule::{Action, Rule, RuleFault};
pub use value::Value;

/// The bounds of an expression.
pub struct Limits;

impl Limits {
    /// Bytes of its text: the dictionary's own length of RuleExpression, in characters of up to four bytes.
    pub const BYTES: usize = 32_000;
    /// Parentheses, functions and operators inside each other.
    pub const DEPTH: usize = 64;
    /// Bytes and elements that one evaluation may make and look at.
    pub const WORK: usize = 4 << 20;
}

/// Reads any bytes as an expression and evaluates it, for the fuzzer: nothing may panic, and a fault has its place.
///
/// # Panics
/// Where that does not hold.
pub fn fuzz(text: &str, context: &Context<'_>) {
    match Expression::parse(text) {
        Ok(expression) => drop(expression.evaluate(context)),
        Err(fault) => assert!(fault.position <= text.len(), "{fault:?}"),
    }
}
