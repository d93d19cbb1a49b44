//! Words into an expression, by the grammar of RCP-19: `or` of `and` of `not` of an equality of a comparison of a
//! membership of a sum of a product of atoms.

use std::sync::Arc;

use dictionary::Text;

use crate::expression::{Node, Operator};
use crate::functions::Function;
use crate::lex::{Token, Word, words};
use crate::{Limits, Value};

/// Why a text is no expression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExpressionFault {
    /// What is wrong, in a sentence.
    pub message: String,
    /// What would be right, in a sentence.
    pub hint: String,
    /// Where, in bytes from the beginning.
    pub position: usize,
}

impl ExpressionFault {
    pub(crate) fn new(message: String, hint: &str, position: usize) -> Self {
        Self { message, hint: hint.to_owned(), position }
    }
}

impl std::fmt::Display for ExpressionFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.message, self.hint)
    }
}

impl std::error::Error for ExpressionFault {}

type Parsed = Result<Node, ExpressionFault>;

/// Reads a whole expression.
pub(crate) fn parse(text: &str) -> Parsed {
    if text.len() > Limits::BYTES {
        let message = format!("The expression has more than {} bytes.", Limits::BYTES);
        return Err(ExpressionFault::new(message, "Make several rules of it.", Limits::BYTES));
    }
    let words = words(text)?;
    let mut parser = Parser { words: &words, next: 0, depth: 0, end: text.len() };
    let root = parser.or()?;
    match parser.peek() {
        None => Ok(root),
        Some(_) => Err(parser.expected("an operator or the end")),
    }
}

struct Parser<'w> {
    words: &'w [Word],
    next: usize,
    depth: usize,
    end: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.words.get(self.next).map(|word| &word.token)
    }

    fn place(&self) -> usize {
        self.words.get(self.next).map_or(self.end, |word| word.at)
    }

    fn expected(&self, what: &str) -> ExpressionFault {
        ExpressionFault::new(
            format!("Here {what} is missing."),
            "See RESO's Validation Expressions (RCP-19).",
            self.place(),
        )
    }

    fn eat(&mut self, sign: &str) -> bool {
        let there = matches!(self.peek(), Some(Token::Sign(found)) if *found == sign);
        self.next += usize::from(there);
        there
    }

    fn eat_dotted(&mut self, name: &str) -> bool {
        let there = matches!(self.peek(), Some(Token::Dotted(found)) if found == name);
        self.next += usize::from(there);
        there
    }

    /// Goes one deeper for as long as `read` reads.
    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth == Limits::DEPTH {
            let message = format!("The expression is more than {} deep.", Limits::DEPTH);
            return Err(ExpressionFault::new(message, "Make several rules of it.", self.place()));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn or(&mut self) -> Parsed {
        self.deeper(|parser| parser.chain("OR", Self::and, Node::Or))
    }

    fn and(&mut self) -> Parsed {
        self.chain("AND", Self::not, Node::And)
    }

    fn chain(&mut self, by: &str, part: fn(&mut Self) -> Parsed, all: fn(Vec<Node>) -> Node) -> Parsed {
        let first = part(self)?;
        let mut parts = vec![first];
        while self.eat_dotted(by) {
            parts.push(part(self)?);
        }
        Ok(if parts.len() == 1 { parts.swap_remove(0) } else { all(parts) })
    }

    fn not(&mut self) -> Parsed {
        if self.eat_dotted("NOT") {
            return Ok(Node::Not(Box::new(self.deeper(Self::not)?)));
        }
        self.equality()
    }

    fn equality(&mut self) -> Parsed {
        let signs = [("=", Operator::Equal), ("!=", Operator::NotEqual)];
        self.once(&signs, Self::comparison)
    }

    fn comparison(&mut self) -> Parsed {
        let signs = [
            ("<", Operator::Less),
            ("<=", Operator::LessOrEqual),
            (">", Operator::Greater),
            (">=", Operator::GreaterOrEqual),
        ];
        self.once(&signs, Self::membership)
    }

    /// One operator at most: `1 < 2 < 3` means nothing.
    fn once(&mut self, signs: &[(&str, Operator)], part: fn(&mut Self) -> Parsed) -> Parsed {
        let left = part(self)?;
        let Some((_, operator)) = signs.iter().find(|(sign, _)| self.eat(sign)) else { return Ok(left) };
        let right = part(self)?;
        Ok(Node::Binary(*operator, Arc::new((left, right))))
    }

    fn membership(&mut self) -> Parsed {
        let left = self.sum()?;
        let operator = if self.eat_dotted("CONTAINS") {
            Operator::Contains
        } else if self.eat_dotted("IN") {
            Operator::In
        } else {
            return Ok(left);
        };
        let right = self.sum()?;
        Ok(Node::Binary(operator, Arc::new((left, right))))
    }

    fn sum(&mut self) -> Parsed {
        let signs = [("+", Operator::Plus), ("-", Operator::Minus), ("||", Operator::Concat)];
        self.row(&signs, None, Self::product)
    }

    fn product(&mut self) -> Parsed {
        let signs = [("*", Operator::Times), ("/", Operator::Over)];
        self.row(&signs, Some(("MOD", Operator::Modulo)), Self::atom)
    }

    /// Operators one after the other, from the left. Each makes the tree one deeper, and so counts.
    fn row(
        &mut self,
        signs: &[(&str, Operator)],
        dotted: Option<(&str, Operator)>,
        part: fn(&mut Self) -> Parsed,
    ) -> Parsed {
        let mut left = part(self)?;
        let mut operators = 0;
        loop {
            let sign = signs.iter().find(|(sign, _)| self.eat(sign)).copied();
            let Some((_, operator)) = sign.or_else(|| dotted.filter(|(name, _)| self.eat_dotted(name)))
            else {
                return Ok(left);
            };
            operators += 1;
            if operators > Limits::DEPTH {
                let message = format!("More than {} operators stand in one row.", Limits::DEPTH);
                return Err(ExpressionFault::new(
                    message,
                    "Put parts of it between parentheses.",
                    self.place(),
                ));
            }
            let right = part(self)?;
            left = Node::Binary(operator, Arc::new((left, right)));
        }
    }

    fn atom(&mut self) -> Parsed {
        let Some(token) = self.peek().cloned() else { return Err(self.expected("a value")) };
        match token {
            Token::Value(value) => {
                self.next += 1;
                Ok(Node::Value(value))
            }
            Token::Sign(sign @ ("+" | "-")) => {
                self.next += 1;
                match self.peek() {
                    Some(Token::Value(Value::Number(number))) => {
                        let number = if sign == "-" { -*number } else { *number };
                        self.next += 1;
                        Ok(Node::Value(Value::from(number)))
                    }
                    _ => Err(self.expected("a number")),
                }
            }
            Token::Sign("(") => {
                self.next += 1;
                let mut parts = self.listed()?;
                // One value between parentheses is that value; LIST(1) is a list of it.
                Ok(if parts.len() == 1 { parts.swap_remove(0) } else { Node::List(parts) })
            }
            Token::Sign("[") => {
                self.next += 1;
                let field = self.field()?;
                if self.eat("]") { Ok(field) } else { Err(self.expected("`]`")) }
            }
            Token::Dotted(name) => {
                self.next += 1;
                Ok(match name.as_str() {
                    "TRUE" => Node::Value(true.into()),
                    "FALSE" => Node::Value(false.into()),
                    "EMPTY" => Node::Value(Value::Empty),
                    "AND" | "OR" | "IN" | "CONTAINS" | "MOD" | "NOT" => {
                        self.next -= 1;
                        return Err(self.expected("a value"));
                    }
                    _ => Node::Named(name),
                })
            }
            Token::Name(name) => {
                let calls =
                    matches!(self.words.get(self.next + 1), Some(Word { token: Token::Sign("("), .. }));
                if calls { self.call(&name) } else { self.field() }
            }
            Token::Sign(_) => Err(self.expected("a value")),
        }
    }

    /// `Field`, `LAST Field`
    fn field(&mut self) -> Parsed {
        let name = self.name()?;
        if name == "LAST" {
            return Ok(Node::Last(self.name()?));
        }
        Ok(if name == "NULL" { Node::Value(Value::Empty) } else { Node::Field(name) })
    }

    fn name(&mut self) -> Result<Text, ExpressionFault> {
        let Some(Token::Name(name)) = self.peek() else { return Err(self.expected("the name of a field")) };
        let name = name.clone();
        self.next += 1;
        Ok(name)
    }

    fn call(&mut self, name: &str) -> Parsed {
        let at = self.place();
        let Some(function) = Function::find(name) else {
            let names: Vec<&str> = Function::ALL.iter().map(|(name, ..)| *name).collect();
            let hint = format!("There are {}.", names.join(", "));
            return Err(ExpressionFault::new(format!("There is no function {name}."), &hint, at));
        };
        self.next += 2;
        let given = self.listed()?;
        let (least, most) = function.takes();
        if !(least..=most).contains(&given.len()) {
            let takes = match (least, most) {
                (least, usize::MAX) => format!("{least} values or more"),
                (least, most) if least == most => format!("{least} values"),
                (least, most) => format!("{least} to {most} values"),
            };
            let message = format!("{name} is given {} values.", given.len());
            return Err(ExpressionFault::new(message, &format!("It takes {takes}."), at));
        }
        Ok(Node::Call(function, given))
    }

    /// Values with commas between, and the closing parenthesis.
    fn listed(&mut self) -> Result<Vec<Node>, ExpressionFault> {
        let mut parts = Vec::new();
        if self.eat(")") {
            return Ok(parts);
        }
        loop {
            parts.push(self.or()?);
            if self.eat(")") {
                return Ok(parts);
            }
            if !self.eat(",") {
                return Err(self.expected("a comma or `)`"));
            }
        }
    }
}

#[cfg(test)]
mod tests;
