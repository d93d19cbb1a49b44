//! Bytes that are not UTF-8.

use std::borrow::Cow;

/// What Windows-1252 has at 0x80 to 0x9F, where Latin-1 has control characters that nobody types. The five
/// places that it leaves open keep their control characters, as browsers do.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text of bytes in Latin-1, as Windows writes it (Windows-1252).
pub(super) fn latin(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| match byte {
            0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
            _ => char::from(*byte),
        })
        .collect()
}

/// The text of bytes, and whether they were UTF-8.
pub(super) fn text(bytes: &[u8], always_latin: bool) -> (Cow<'_, str>, bool) {
    if always_latin {
        return (Cow::Owned(latin(bytes)), true);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), true),
        Err(_) => (Cow::Owned(latin(bytes)), false),
    }
}
