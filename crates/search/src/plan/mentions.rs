//! Words in long text: found by the words of each chunk where these are known, read where they are not.

use dictionary::{FieldId, Value};
use query::{Expr, Function};

use super::compile::{Leaf, own};
use super::node::Node;
use super::words::{Runs, Wanted, Wording};
use crate::column::Body;
use crate::column::plain::Plain;
use crate::column::texts::Texts;
use crate::words::{Fit, RowBits, Words};

/// Rows that pass for certain, and rows whose text has to be read.
#[derive(Debug)]
pub(crate) struct Found<'i> {
    /// A bit a row.
    sure: RowBits,
    maybe: RowBits,
    wording: Wording<'i>,
    /// How many bits are set in each.
    counts: (usize, usize),
}

/// Bits of one chunk.
const WORDS: usize = crate::column::chunk::CHUNK_ROWS / 64;

/// Bytes of the shortest part of a word that is looked for among words.
const SHORTEST: usize = 3;

pub(super) fn is_wording(function: Function) -> bool {
    matches!(function, Function::Contains | Function::StartsWith | Function::EndsWith | Function::Mentions)
}

impl<'i: 'e, 'e> Leaf<'_, 'i, 'e> {
    /// One of these functions of a field whose text is not coded, and a literal.
    pub(super) fn wording(&self, function: Function, of: &'e [Expr]) -> Option<Node<'e>> {
        let [field, Expr::Value(Value::Text(text))] = of else { return None };
        let field = own(field)?;
        let plain = self.plain(field)?;
        let wanted = match function {
            Function::StartsWith => Wanted::Start(text),
            Function::EndsWith => Wanted::End(text),
            Function::Contains => Wanted::Within(text),
            _ => Wanted::Runs(Runs::read(text)),
        };
        let pieces = pieces(&wanted);
        if pieces.is_empty() || self.table.key_field == Some(field) {
            return Some(Node::Wording(Wording { plain, wanted, want: self.want }));
        }
        let exact = matches!(&wanted, Wanted::Runs(runs) if runs.are_words());
        let wording = Wording { plain, wanted, want: true };
        let node = Node::Found(Found::new(self.table.words(field), &pieces, exact, wording));
        // Of null it is null, and so neither.
        let with_text = || Some(self.null(field)?.negate());
        Some(if self.want { node } else { Node::all(vec![with_text()?, node.negate()], self.table.len()) })
    }

    fn plain(&self, field: FieldId) -> Option<&'i Plain> {
        if self.table.key_field == Some(field) {
            return Some(&self.table.keys);
        }
        let column = self.table.column(field).filter(|column| column.strays.is_empty())?;
        match &column.body {
            Body::Texts(Texts::Plain(plain)) => Some(plain),
            _ => None,
        }
    }
}

/// What every text that passes has among its words, and how it lies there. None says nothing.
fn pieces(wanted: &Wanted<'_>) -> Vec<(String, Fit)> {
    match wanted {
        Wanted::Runs(runs) => runs.words().iter().map(|word| (word.clone(), Fit::Whole)).collect(),
        Wanted::Within(text) => {
            let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let open = (is_letter(text.chars().next()), is_letter(text.chars().next_back()));
            let mut pieces: Vec<(String, Fit)> = Vec::new();
            crate::words::each_word(text, |word| pieces.push((word.to_owned(), Fit::Whole)));
            let last = pieces.len().saturating_sub(1);
            for (at, (_, fit)) in pieces.iter_mut().enumerate() {
                *fit = match (at == 0 && open.0, at == last && open.1) {
                    (true, true) => Fit::Within,
                    (true, false) => Fit::End,
                    (false, true) => Fit::Start,
                    (false, false) => Fit::Whole,
                };
            }
            // Few letters are in nearly every text, and finding out in which costs more than reading.
            pieces.retain(|(piece, fit)| *fit == Fit::Whole || piece.len() >= SHORTEST);
            pieces
        }
        // Reading where a text begins or ends is as fast.
        Wanted::Start(_) | Wanted::End(_) => Vec::new(),
    }
}

impl<'i> Found<'i> {
    fn new(words: &Words, pieces: &[(String, Fit)], exact: bool, wording: Wording<'i>) -> Self {
        let chunks = wording.plain.chunks();
        let (mut sure, mut maybe) = (vec![0; chunks * WORDS], vec![0; chunks * WORDS]);
        words.want();
        for chunk in 0..chunks {
            let part = chunk * WORDS..(chunk + 1) * WORDS;
            let Some(known) = words.chunk(chunk) else {
                maybe[part].fill(u64::MAX);
                continue;
            };
            let rows = pieces.iter().map(|(piece, fit)| known.rows(piece, *fit));
            let rows = rows.reduce(|mut all, one| {
                all.iter_mut().zip(&one).for_each(|(all, one)| *all &= one);
                all
            });
            let rows = rows.unwrap_or_default();
            for (at, (rows, changed)) in part.zip(rows.iter().zip(known.changed())) {
                maybe[at] = if exact { *changed } else { rows | changed };
                sure[at] = if exact { rows & !changed } else { 0 };
            }
        }
        let ones = |bits: &RowBits| bits.iter().map(|word| word.count_ones() as usize).sum();
        let counts = (ones(&sure), ones(&maybe));
        Self { sure, maybe, wording, counts }
    }

    pub(crate) fn count(&self) -> usize {
        self.counts.0 + self.counts.1
    }

    pub(crate) fn test(&self, row: u32) -> bool {
        let bit =
            |bits: &RowBits| bits.get(row as usize / 64).is_some_and(|word| word >> (row % 64) & 1 == 1);
        bit(&self.sure) || bit(&self.maybe) && self.wording.test(row)
    }

    /// Calls `visit` with each row that may pass, and whether it does for certain.
    pub(crate) fn each(&self, mut visit: impl FnMut(u32, bool)) {
        for (at, (sure, maybe)) in (0u32..).zip(self.sure.iter().zip(&self.maybe)) {
            let mut left = sure | maybe;
            while left != 0 {
                let bit = left.trailing_zeros();
                visit(at * 64 + bit, sure >> bit & 1 == 1);
                left &= left - 1;
            }
        }
    }

    pub(crate) fn keep(&self, start: u32, mask: &mut [u8]) {
        for (word, bytes) in (start as usize / 64..).zip(mask.chunks_mut(64)) {
            let either =
                self.sure.get(word).zip(self.maybe.get(word)).map_or(0, |(sure, maybe)| sure | maybe);
            if either == 0 {
                bytes.fill(0);
                continue;
            }
            for (row, keep) in (word as u32 * 64..).zip(bytes) {
                if *keep != 0 && !self.test(row) {
                    *keep = 0;
                }
            }
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a guess")]
    pub(crate) fn share(&self, rows: usize) -> f64 {
        (self.counts.0 as f64 + self.counts.1 as f64 / 4.0).min(rows as f64) / rows.max(1) as f64
    }

    /// Reading a text costs much more than looking at a bit.
    #[expect(clippy::cast_precision_loss, reason = "a guess")]
    pub(crate) fn cost(&self) -> f64 {
        3.0 + 200.0 * self.counts.1 as f64 / (self.wording.plain.chunks() * WORDS * 64).max(1) as f64
    }
}
