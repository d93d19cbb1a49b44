//! Matching: a text against a rule, with what is known of each place remembered.

use std::collections::HashMap;

use super::notation::{Piece, RuleId, Rules};
use super::tree::{Node, Tree};
use super::{Names, Stopped};

/// Steps before matching is given up: what a URL of some kilobytes takes many times over.
const STEPS: u32 = 4_000_000;
/// Rules inside each other: parentheses nest through ten of them, and a thread's stack has room.
const DEPTH: u32 = 700;

struct Run<'r> {
    rules: &'r Rules,
    text: &'r [u8],
    names: Names<'r>,
    nodes: Vec<Node>,
    /// Nodes of the rule that is being matched, complete so far.
    open: Vec<u32>,
    /// What each rule came to at each place: a node, or nothing. So no place is looked at twice by one rule,
    /// and time grows with the text and not with its nesting.
    known: HashMap<(RuleId, usize), Option<u32>>,
    furthest: usize,
    /// Looking ahead: what is seen there does not count as reached.
    ahead: u32,
    depth: u32,
    steps: u32,
}

pub(super) fn run(rules: &Rules, rule: RuleId, text: &str, names: Names<'_>) -> Result<Tree, Stopped> {
    let mut run = Run {
        rules,
        text: text.as_bytes(),
        names,
        nodes: Vec::new(),
        open: Vec::new(),
        known: HashMap::new(),
        furthest: 0,
        ahead: 0,
        depth: 0,
        steps: 0,
    };
    let end = run.rule(rule, 0);
    let gave_up = run.gave_up();
    match (end, run.open.pop()) {
        (Some(end), Some(root)) if end == text.len() && !gave_up => Ok(Tree::new(run.nodes, root)),
        _ => Err(Stopped { at: run.furthest, gave_up }),
    }
}

impl Run<'_> {
    fn gave_up(&self) -> bool {
        self.steps > STEPS
    }

    /// Matches at byte `at`; gives the byte after.
    fn piece(&mut self, piece: &Piece, at: usize) -> Option<usize> {
        self.steps += 1;
        if self.gave_up() {
            return None;
        }
        match piece {
            Piece::Text(wanted, any_case) => {
                let mut end = at;
                for byte in wanted {
                    let (found, width) = self.byte(end)?;
                    if found != *byte && !(*any_case && found.eq_ignore_ascii_case(byte)) {
                        return None;
                    }
                    end += width;
                }
                self.reached(end)
            }
            Piece::Class(set) => {
                let (found, width) = self.byte(at)?;
                if set[usize::from(found)] { self.reached(at + width) } else { None }
            }
            Piece::Rule(id) => self.rule(*id, at),
            Piece::Sequence(all) => {
                let mark = self.open.len();
                let mut end = at;
                for one in all {
                    let Some(next) = self.piece(one, end) else {
                        self.open.truncate(mark);
                        return None;
                    };
                    end = next;
                }
                Some(end)
            }
            Piece::Choice(all) => all.iter().find_map(|one| self.piece(one, at)),
            Piece::Repeat(one, least, most) => self.repeat(one, *least, *most, at),
            Piece::Ahead(one, wanted) => {
                let mark = self.open.len();
                self.ahead += 1;
                let found = self.piece(one, at).is_some();
                self.ahead -= 1;
                self.open.truncate(mark);
                (found == *wanted).then_some(at)
            }
        }
    }

    fn repeat(&mut self, one: &Piece, least: usize, most: usize, at: usize) -> Option<usize> {
        let mark = self.open.len();
        let (mut end, mut times) = (at, 0);
        while times < most {
            match self.piece(one, end) {
                Some(next) if next > end => end = next,
                // What matches nothing matches as often as one likes.
                Some(_) => return Some(end),
                None => break,
            }
            times += 1;
        }
        if times < least {
            self.open.truncate(mark);
            return None;
        }
        Some(end)
    }

    fn rule(&mut self, id: RuleId, at: usize) -> Option<usize> {
        if self.ahead == 0
            && let Some(known) = self.known.get(&(id, at))
        {
            let node = (*known)?;
            self.open.push(node);
            return Some(self.nodes[node as usize].end);
        }
        if self.depth >= DEPTH {
            self.steps = STEPS + 1;
            return None;
        }
        let rule = self.rules.get(id);
        let mark = self.open.len();
        self.depth += 1;
        let mut found = self.piece(&rule.piece, at);
        self.depth -= 1;
        if let Some(end) = found
            && rule.is_name
        {
            let name = String::from_utf8_lossy(&self.text[at..end]);
            found = (self.names)(rule.name, &name).then_some(end);
        }
        let node = match found {
            None => {
                self.open.truncate(mark);
                None
            }
            Some(end) => {
                let within = self.open.drain(mark..).collect();
                let node = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
                self.nodes.push(Node { rule: rule.name, start: at, end, within });
                self.open.push(node);
                Some(node)
            }
        };
        if self.ahead == 0 {
            self.known.insert((id, at), node);
        }
        found
    }

    fn reached(&mut self, end: usize) -> Option<usize> {
        if self.ahead == 0 {
            self.furthest = self.furthest.max(end);
        }
        Some(end)
    }

    /// The byte at `at` and how many bytes it was sent as: the escape of an unreserved character is that
    /// character (RFC 3986, 6.2.2.2).
    fn byte(&self, at: usize) -> Option<(u8, usize)> {
        let byte = *self.text.get(at)?;
        if byte == b'%' {
            let digit = |at: usize| self.text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
            if let (Some(high), Some(low)) = (digit(at + 1), digit(at + 2)) {
                let escaped = u8::try_from(high * 16 + low).unwrap_or_default();
                if escaped.is_ascii_alphanumeric() || matches!(escaped, b'-' | b'.' | b'_' | b'~') {
                    return Some((escaped, 3));
                }
            }
        }
        Some((byte, 1))
    }
}
