//! Words that records and filters share, so that random filters find something.

use fastrand::Rng;

/// Plain words, and those that break what counts bytes, folds case carelessly or forgets to quote.
const WORDS: &[&str] = &[
    "lake",
    "view",
    "Lake",
    "LAKE",
    "garden",
    "oak",
    "street",
    "Pine",
    "new",
    "roof",
    "the",
    "a",
    "bath",
    "2nd",
    "O'Brien",
    "São",
    "Paulo",
    "Žižkov",
    "straße",
    "STRASSE",
    "İstanbul",
    "日本橋",
    "e\u{301}tage",
    "🏠",
    "100%",
    "a_b",
    "\"quoted\"",
    "co-op",
    "x\u{a0}y",
    "\\d",
    "[a]",
    "&amp;",
];

/// What stands between words.
const GAPS: &[&str] = &[" ", " ", " ", " ", "  ", ", ", "-", "\n", "\t"];

/// One word.
pub(crate) fn word(rng: &mut Rng) -> &'static str {
    // The first dozen is what most text is made of.
    let most = if rng.u8(..4) < 3 { 12 } else { WORDS.len() };
    WORDS[rng.usize(..most)]
}

/// Some words, now and then none, at times with space around them; of at most `max_chars` characters.
pub(crate) fn phrase(rng: &mut Rng, max_chars: Option<u32>) -> String {
    let mut text = String::new();
    if rng.u8(..12) == 0 {
        text.push(' ');
    }
    for at in 0..[0, 1, 1, 1, 2, 2, 3, 6][rng.usize(..8)] {
        if at > 0 {
            text.push_str(GAPS[rng.usize(..GAPS.len())]);
        }
        text.push_str(word(rng));
    }
    match max_chars {
        Some(max) => text.chars().take(max as usize).collect(),
        None => text,
    }
}
