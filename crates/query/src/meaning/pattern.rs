//! `matchesPattern`: ECMAScript's regular expressions (OData 4.01 part 2, 5.1.1.7.1), in linear time.

use std::cell::RefCell;

use regex::{Regex, RegexBuilder};

/// Longest pattern in characters. What it compiles to is bounded too, as `x{1000}{1000}` is short.
const LONGEST: usize = 1_000;
const COMPILED_BYTES: usize = 1 << 20;
const NESTED: u32 = 64;

/// How many compiled patterns a thread keeps. A question has one or two; a page of records asks each.
const KEPT: usize = 8;

thread_local! {
    static COMPILED: RefCell<Vec<(String, Option<Regex>)>> = const { RefCell::new(Vec::new()) };
}

/// Whether the pattern is found in `text`; none where it is no pattern.
///
/// The pattern is one of ECMAScript's, as in `matchesPattern`; the time is linear in the text.
#[must_use]
pub fn matches(text: &str, pattern: &str) -> Option<bool> {
    COMPILED.with_borrow_mut(|kept| {
        if let Some((_, regex)) = kept.iter().find(|(of, _)| of == pattern) {
            return regex.as_ref().map(|regex| regex.is_match(text));
        }
        if kept.len() == KEPT {
            kept.remove(0);
        }
        let regex = compile(pattern).ok();
        let answer = regex.as_ref().map(|regex| regex.is_match(text));
        kept.push((pattern.to_owned(), regex));
        answer
    })
}

/// Why a text is no pattern, where it is none.
pub(crate) fn fault(pattern: &str) -> Option<String> {
    compile(pattern).err()
}

fn compile(pattern: &str) -> Result<Regex, String> {
    if pattern.chars().count() > LONGEST {
        return Err(format!("it has more than {LONGEST} characters"));
    }
    RegexBuilder::new(&translate(pattern))
        .size_limit(COMPILED_BYTES)
        .dfa_size_limit(COMPILED_BYTES)
        .nest_limit(NESTED)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "it is too large".into(),
            // The last line says what is wrong; the ones before draw the pattern, as it was translated.
            other => {
                other.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").into()
            }
        })
}

/// The same pattern in the syntax of the crate `regex`: `\d`, `\w` and `\b` are ASCII's, `.` stops at four
/// line ends, a class has no classes inside it and an escaped letter that means nothing is that letter.
fn translate(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut chars = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(escaped) => escape(&mut out, escaped, in_class),
                None => out.push('\\'),
            },
            '.' if !in_class => out.push_str(r"[^\n\r\u{2028}\u{2029}]"),
            '[' if !in_class => {
                let negated = chars.next_if_eq(&'^').is_some();
                if chars.next_if_eq(&']').is_some() {
                    // `[]` matches nothing and `[^]` everything.
                    out.push_str(if negated { r"[\s\S]" } else { r"[^\s\S]" });
                } else {
                    out.push_str(if negated { "[^" } else { "[" });
                    in_class = true;
                }
            }
            ']' if in_class => {
                out.push(']');
                in_class = false;
            }
            // Unescaped, these would nest, intersect and subtract classes.
            '[' | '&' | '~' if in_class => {
                out.push('\\');
                out.push(c);
            }
            '-' if in_class && chars.peek() == Some(&'-') => out.push_str(r"\-"),
            _ => out.push(c),
        }
    }
    out
}

fn escape(out: &mut String, escaped: char, in_class: bool) {
    match escaped {
        'd' => out.push_str("[0-9]"),
        'D' => out.push_str("[^0-9]"),
        'w' => out.push_str("[0-9A-Za-z_]"),
        'W' => out.push_str("[^0-9A-Za-z_]"),
        's' => out.push_str(r"[\s\u{feff}]"),
        'S' => out.push_str(r"[^\s\u{feff}]"),
        'b' if in_class => out.push_str(r"\x08"),
        'b' => out.push_str(r"(?-u:\b)"),
        '0' => out.push_str(r"\x00"),
        // Digits are references back and k a named one: the crate refuses them, as they cannot be linear.
        'n' | 'r' | 't' | 'v' | 'f' | 'x' | 'u' | 'p' | 'P' | 'B' | 'k' | '1'..='9' => {
            out.push('\\');
            out.push(escaped);
        }
        _ if escaped.is_ascii_punctuation() => {
            out.push('\\');
            out.push(escaped);
        }
        _ => out.push(escaped),
    }
}
