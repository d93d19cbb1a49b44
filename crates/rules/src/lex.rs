//! The words of an expression.

use dictionary::{Decimal, Text};

use crate::parse::ExpressionFault;
use crate::{Value, time};

/// A word, and the byte that it begins at.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Word {
    pub(crate) at: usize,
    pub(crate) token: Token,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Token {
    /// A name of letters, digits and `_`.
    Name(Text),
    /// `.NAME.`
    Dotted(Text),
    /// A text, a number without a sign, or an instant.
    Value(Value),
    /// `( ) [ ] , + - * / | = != < <= > >=`
    Sign(&'static str),
}

/// The longest first, so that none hides another.
const SIGNS: [&str; 17] =
    ["||", "!=", "<=", ">=", "(", ")", "[", "]", ",", "+", "-", "*", "/", "|", "=", "<", ">"];

/// Cuts a text into words; comments and space between them are passed over.
pub(crate) fn words(text: &str) -> Result<Vec<Word>, ExpressionFault> {
    let mut words = Vec::new();
    let mut at = 0;
    loop {
        at = passed(text, at)?;
        let rest = &text[at..];
        let Some(first) = rest.chars().next() else { return Ok(words) };
        let (token, length) = match first {
            'a'..='z' | 'A'..='Z' | '_' => {
                let name = name(rest);
                (Token::Name(Text::new(name)), name.len())
            }
            '0'..='9' => number(rest, at)?,
            '\'' | '"' => quoted(rest, first, at)?,
            '.' => dotted(rest, at)?,
            '#' => instant(rest, at)?,
            _ => match SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
                Some("|") => (Token::Sign("||"), 1),
                Some(sign) => (Token::Sign(sign), sign.len()),
                None => {
                    let message = format!("{first:?} has no place in an expression.");
                    return Err(ExpressionFault::new(message, "Texts stand between quotes.", at));
                }
            },
        };
        words.push(Word { at, token });
        at += length;
    }
}

/// Where the next word begins.
fn passed(text: &str, mut at: usize) -> Result<usize, ExpressionFault> {
    loop {
        let rest = text[at..].trim_start();
        at = text.len() - rest.len();
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if let Some(inside) = rest.strip_prefix("/*") {
            let end = inside
                .find("*/")
                .ok_or_else(|| ExpressionFault::new("A comment has no end.".into(), "End it with */.", at))?;
            at += 2 + end + 2;
        } else {
            return Ok(at);
        }
    }
}

fn name(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

fn number(rest: &str, at: usize) -> Result<(Token, usize), ExpressionFault> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut length = digits(rest);
    // The point belongs to the number where a digit follows: else it begins an operator, as in `1.OR.`.
    if let Some(fraction) = rest[length..].strip_prefix('.').map(digits).filter(|count| *count > 0) {
        length += 1 + fraction;
    }
    match Decimal::from_str_exact(&rest[..length]) {
        Ok(number) => Ok((Token::Value(Value::Number(number)), length)),
        Err(_) => {
            let hint = "A number has at most 28 digits.";
            Err(ExpressionFault::new("A number has too many digits.".into(), hint, at))
        }
    }
}

/// A text between quotes; a backslash stands before a quote or another one. Before anything else it is itself, as
/// patterns have it.
fn quoted(rest: &str, quote: char, at: usize) -> Result<(Token, usize), ExpressionFault> {
    let mut text = String::new();
    let mut letters = rest.char_indices().skip(1).peekable();
    while let Some((place, letter)) = letters.next() {
        match letter {
            '\\' => match letters.next_if(|(_, next)| matches!(next, '\\' | '\'' | '"')) {
                Some((_, escaped)) => text.push(escaped),
                None => text.push('\\'),
            },
            _ if letter == quote => return Ok((Token::Value(Value::from(text.as_str())), place + 1)),
            _ => text.push(letter),
        }
    }
    Err(ExpressionFault::new("A text has no end.".into(), "End it with the quote that it began with.", at))
}

fn dotted(rest: &str, at: usize) -> Result<(Token, usize), ExpressionFault> {
    let name = name(&rest[1..]);
    if name.is_empty() || !rest[1 + name.len()..].starts_with('.') {
        let hint = "Operators and special values stand between points: .AND., .EMPTY.";
        return Err(ExpressionFault::new("A point has no place here.".into(), hint, at));
    }
    Ok((Token::Dotted(Text::new(name)), name.len() + 2))
}

fn instant(rest: &str, at: usize) -> Result<(Token, usize), ExpressionFault> {
    let wrong = || {
        let hint = "Write #2026-11-23# or #2026-11-23T09:30:00Z#.";
        ExpressionFault::new("This is no instant.".into(), hint, at)
    };
    let end = rest[1..].find('#').ok_or_else(wrong)?;
    let when = time::read(&rest[1..=end]).ok_or_else(wrong)?;
    Ok((Token::Value(when.value()), end + 2))
}
