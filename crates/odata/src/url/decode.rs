//! Percent escapes: read, with the way back to where each byte stood.

use crate::Fault;

/// A part of the request with its percent escapes read.
#[derive(Debug)]
pub(crate) struct Decoded<'a> {
    /// The text.
    pub(crate) text: String,
    raw: &'a str,
    start: usize,
    /// After each escape: how much text there was, and how much of `raw`.
    shifts: Vec<(usize, usize)>,
}

/// Reads the escapes of `raw`, which begins at byte `start` of the request; `plus` says that a plus sign
/// stands for a space, as it does in a query string.
pub(crate) fn decode(raw: &str, start: usize, plus: bool) -> Result<Decoded<'_>, Fault> {
    let bytes = raw.as_bytes();
    let mut text = Vec::with_capacity(bytes.len());
    let mut shifts = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'%' => {
                let digit = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
                let (Some(high), Some(low)) = (digit(at + 1), digit(at + 2)) else {
                    let hint = "Write % and two hexadecimal digits; a percent sign itself is %25.";
                    return Err(Fault::bad("bad_escape", "This is no percent escape.", hint).at(start + at));
                };
                text.push(u8::try_from(high * 16 + low).unwrap_or_default());
                at += 3;
                shifts.push((text.len(), at));
            }
            b'+' if plus => {
                text.push(b' ');
                at += 1;
            }
            other => {
                text.push(*other);
                at += 1;
            }
        }
    }
    match String::from_utf8(text) {
        Ok(text) => Ok(Decoded { text, raw, start, shifts }),
        Err(wrong) => {
            let valid = wrong.utf8_error().valid_up_to();
            let place = back(&shifts, valid);
            let hint = "Write text in UTF-8, each byte beyond ASCII as a percent escape.";
            Err(Fault::bad("bad_escape", "These escapes are not UTF-8.", hint).at(start + place))
        }
    }
}

/// How much of the raw text stood before byte `at` of the decoded one.
fn back(shifts: &[(usize, usize)], at: usize) -> usize {
    match shifts.partition_point(|(text, _)| *text <= at).checked_sub(1) {
        None => at,
        Some(last) => shifts[last].1 + (at - shifts[last].0),
    }
}

impl Decoded<'_> {
    /// Where byte `at` of the text stood in the request.
    pub(super) fn place(&self, at: usize) -> usize {
        self.start + back(&self.shifts, at)
    }

    /// Whether the space at byte `at` was sent as a plus sign.
    pub(super) fn was_plus(&self, at: usize) -> bool {
        self.raw.as_bytes().get(back(&self.shifts, at)) == Some(&b'+')
    }
}
