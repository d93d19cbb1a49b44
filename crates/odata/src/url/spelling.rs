//! The word that was perhaps meant.

/// The word that takes the fewest edits from `lower`, if those are few for its length.
pub(super) fn nearest<'a>(lower: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // Every word asked for is shorter; what is much longer was not meant to be one of them.
    const LONGEST: usize = 32;
    if lower.len() > LONGEST {
        return None;
    }
    words
        .map(|word| (edits(lower.as_bytes(), word.to_ascii_lowercase().as_bytes()), word))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| distance * 3 <= lower.len().max(3))
        .map(|(_, word)| word)
}

/// How many insertions, deletions, replacements and swaps of neighbours lead from one to the other.
fn edits(a: &[u8], b: &[u8]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}
