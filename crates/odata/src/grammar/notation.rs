//! The notation of the rules: `name = …`, `|` for choice, `? * + {n,m}`, `!` and `&` to look ahead,
//! `"any case"`, `'exact'`, `[classes]`, `#` for comments.

use std::collections::HashMap;

/// The number of a rule.
pub(super) type RuleId = u16;

/// What a rule is made of.
#[derive(Debug)]
pub(super) enum Piece {
    /// These bytes; in any case of letters.
    Text(Box<[u8]>, bool),
    /// One byte of these.
    Class(Box<[bool; 256]>),
    Rule(RuleId),
    Sequence(Vec<Piece>),
    /// The first that matches.
    Choice(Vec<Piece>),
    /// At least and at most so often.
    Repeat(Box<Piece>, usize, usize),
    /// What follows matches, or does not; nothing is passed.
    Ahead(Box<Piece>, bool),
}

#[derive(Debug)]
pub(super) struct Rule {
    pub(super) name: &'static str,
    pub(super) piece: Piece,
    /// Whether what matches must be a name of this kind.
    pub(super) is_name: bool,
}

#[derive(Debug)]
pub(super) struct Rules {
    list: Vec<Rule>,
    by_name: HashMap<&'static str, RuleId>,
}

#[derive(Clone, PartialEq, Debug)]
enum Token {
    Name(&'static str),
    Text(&'static str, bool),
    Class(Box<[bool; 256]>),
    Times(usize, usize),
    Sign(u8),
    /// `@=`
    IsName,
}

impl Rules {
    /// Reads the rules of all files; they may name each other.
    pub(super) fn read(files: &[&'static str]) -> Result<Self, String> {
        let mut tokens = Vec::new();
        for file in files {
            tokenize(file, &mut tokens)?;
        }
        let starts: Vec<usize> = (1..tokens.len())
            .filter(|at| matches!(tokens[*at], Token::Sign(b'=') | Token::IsName))
            .map(|at| at - 1)
            .collect();
        let mut by_name = HashMap::new();
        for (number, start) in starts.iter().enumerate() {
            let Token::Name(name) = tokens[*start] else {
                return Err(format!("no name before = ({number})"));
            };
            let number = RuleId::try_from(number).map_err(|wrong| wrong.to_string())?;
            if by_name.insert(name, number).is_some() {
                return Err(format!("{name} is defined twice"));
            }
        }
        let mut list = Vec::new();
        for (at, start) in starts.iter().enumerate() {
            let end = starts.get(at + 1).copied().unwrap_or(tokens.len());
            let Token::Name(name) = tokens[*start] else { continue };
            let mut reader = Reader { tokens: &tokens[start + 2..end], at: 0, by_name: &by_name };
            let piece = reader.choice().map_err(|wrong| format!("{name}: {wrong}"))?;
            if reader.at < reader.tokens.len() {
                return Err(format!("{name}: {:?} is too much", reader.tokens[reader.at]));
            }
            list.push(Rule { name, piece, is_name: tokens[start + 1] == Token::IsName });
        }
        Ok(Self { list, by_name })
    }

    pub(super) fn find(&self, name: &str) -> Option<RuleId> {
        self.by_name.get(name).copied()
    }

    pub(super) fn get(&self, id: RuleId) -> &Rule {
        &self.list[usize::from(id)]
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.list.iter().map(|rule| rule.name)
    }
}

fn tokenize(file: &'static str, tokens: &mut Vec<Token>) -> Result<(), String> {
    let bytes = file.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let rest = &file[at..];
        let close = |quote: char| rest[1..].find(quote).ok_or_else(|| format!("{rest:.20} has no end"));
        match byte {
            b' ' | b'\n' => at += 1,
            b'#' => at += rest.find('\n').unwrap_or(rest.len()),
            b'\'' | b'"' => {
                let end = close(char::from(*byte))?;
                tokens.push(Token::Text(&rest[1..=end], *byte == b'"'));
                at += end + 2;
            }
            b'[' => {
                let end = close(']')?;
                tokens.push(Token::Class(class(&bytes[at + 1..=at + end])?));
                at += end + 2;
            }
            b'{' => {
                let end = close('}')?;
                tokens.push(times(&rest[1..=end])?);
                at += end + 2;
            }
            b'@' if rest.starts_with("@=") => {
                tokens.push(Token::IsName);
                at += 2;
            }
            b'=' | b'|' | b'(' | b')' | b'?' | b'*' | b'+' | b'!' | b'&' => {
                tokens.push(Token::Sign(*byte));
                at += 1;
            }
            _ => {
                let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(rest.len());
                if end == 0 {
                    return Err(format!("{rest:.20} is no part of the notation"));
                }
                tokens.push(Token::Name(&rest[..end]));
                at += end;
            }
        }
    }
    Ok(())
}

fn times(text: &str) -> Result<Token, String> {
    let number = |text: &str| text.parse::<usize>().map_err(|_| format!("{{{text}}} is no number"));
    Ok(match text.split_once(',') {
        None => Token::Times(number(text)?, number(text)?),
        Some((least, "")) => Token::Times(number(least)?, usize::MAX),
        Some((least, most)) => Token::Times(number(least)?, number(most)?),
    })
}

/// `A-Z_`, `^'`, `\t`, `\x80-\xff`.
fn class(text: &[u8]) -> Result<Box<[bool; 256]>, String> {
    let (text, outside) = text.strip_prefix(b"^").map_or((text, false), |rest| (rest, true));
    let mut set = Box::new([outside; 256]);
    let mut at = 0;
    let mut one = || -> Result<Option<(u8, bool)>, String> {
        let Some(byte) = text.get(at) else { return Ok(None) };
        at += 1;
        if *byte != b'\\' {
            return Ok(Some((*byte, *byte == b'-' && at < text.len() && at > 1)));
        }
        at += 1;
        match text.get(at - 1) {
            Some(b't') => Ok(Some((b'\t', false))),
            Some(b'x') => {
                let digits = text.get(at..at + 2).and_then(|two| std::str::from_utf8(two).ok());
                at += 2;
                let byte = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
                byte.map(|byte| Some((byte, false))).ok_or_else(|| "\\x needs two digits".to_owned())
            }
            _ => Err("only \\t and \\x are known".to_owned()),
        }
    };
    let mut last: Option<u8> = None;
    while let Some((byte, dash)) = one()? {
        match (last, dash) {
            (Some(low), true) => {
                let Some((high, _)) = one()? else { return Err("a range has no end".to_owned()) };
                (low..=high).for_each(|byte| set[usize::from(byte)] = !outside);
                last = None;
            }
            _ => {
                set[usize::from(byte)] = !outside;
                last = Some(byte);
            }
        }
    }
    Ok(set)
}

struct Reader<'t> {
    tokens: &'t [Token],
    at: usize,
    by_name: &'t HashMap<&'static str, RuleId>,
}

impl Reader<'_> {
    fn sign(&mut self, sign: u8) -> bool {
        let there = self.tokens.get(self.at) == Some(&Token::Sign(sign));
        self.at += usize::from(there);
        there
    }

    fn choice(&mut self) -> Result<Piece, String> {
        let mut all = vec![self.sequence()?];
        while self.sign(b'|') {
            all.push(self.sequence()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Piece::Choice(all) })
    }

    fn sequence(&mut self) -> Result<Piece, String> {
        let mut all = Vec::new();
        while !matches!(self.tokens.get(self.at), None | Some(Token::Sign(b'|' | b')'))) {
            all.push(self.repeated()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Piece::Sequence(all) })
    }

    fn repeated(&mut self) -> Result<Piece, String> {
        for (sign, wanted) in [(b'!', false), (b'&', true)] {
            if self.sign(sign) {
                return Ok(Piece::Ahead(Box::new(self.repeated()?), wanted));
            }
        }
        let piece = self.one()?;
        let (least, most) = match self.tokens.get(self.at) {
            Some(Token::Sign(b'?')) => (0, 1),
            Some(Token::Sign(b'*')) => (0, usize::MAX),
            Some(Token::Sign(b'+')) => (1, usize::MAX),
            Some(Token::Times(least, most)) => (*least, *most),
            _ => return Ok(piece),
        };
        self.at += 1;
        Ok(Piece::Repeat(Box::new(piece), least, most))
    }

    fn one(&mut self) -> Result<Piece, String> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        match token {
            Some(Token::Text(text, any_case)) => Ok(Piece::Text(text.as_bytes().into(), any_case)),
            Some(Token::Class(set)) => Ok(Piece::Class(set)),
            Some(Token::Name(name)) => {
                let id = self.by_name.get(name).ok_or_else(|| format!("there is no rule {name}"))?;
                Ok(Piece::Rule(*id))
            }
            Some(Token::Sign(b'(')) => {
                let inner = self.choice()?;
                if self.sign(b')') { Ok(inner) } else { Err("a parenthesis is open".to_owned()) }
            }
            other => Err(format!("{other:?} stands where something is expected")),
        }
    }
}
