//! Strings.

/// What a byte becomes inside a string: 0 is itself, `u` is `\u00..`, another letter follows a backslash.
const ESCAPES: [u8; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 0x20 {
        table[at] = b'u';
        at += 1;
    }
    table[0x08] = b'b';
    table[b'\t' as usize] = b't';
    table[b'\n' as usize] = b'n';
    table[0x0C] = b'f';
    table[b'\r' as usize] = b'r';
    table[b'"' as usize] = b'"';
    table[b'\\' as usize] = b'\\';
    table
};

/// Writes `text` as a JSON string with its quotes. Characters beyond ASCII are sent as they are.
pub fn write_string(out: &mut Vec<u8>, text: &str) {
    let mut rest = text.as_bytes();
    out.reserve(rest.len() + 2);
    out.push(b'"');
    // Most text has nothing to escape: it is copied in one piece, else piece by piece.
    loop {
        let (plain, after) = rest.split_at(plain_length(rest));
        out.extend_from_slice(plain);
        let Some((byte, after)) = after.split_first() else { break };
        let escape = ESCAPES[usize::from(*byte)];
        out.push(b'\\');
        if escape == b'u' {
            const HEX: &[u8; 16] = b"0123456789abcdef";
            let digit = |n: u8| HEX[usize::from(n & 15)];
            out.extend_from_slice(&[b'u', b'0', b'0', digit(byte >> 4), digit(*byte)]);
        } else {
            out.push(escape);
        }
        rest = after;
    }
    out.push(b'"');
}

/// How many bytes come before the first that is escaped.
#[inline]
pub(super) fn plain_length(bytes: &[u8]) -> usize {
    let (words, _) = bytes.as_chunks::<8>();
    let plain_words = words.iter().take_while(|word| !has_escape(u64::from_le_bytes(**word))).count();
    let length = plain_words * 8;
    let left = bytes[length..].iter();
    length + left.take_while(|byte| ESCAPES[usize::from(**byte)] == 0).count()
}

/// Whether one of eight bytes is escaped: a control character, a quote or a backslash.
fn has_escape(bytes: u64) -> bool {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // The high bit of a byte that is below `limit`, where those before it are not.
    let below = |bytes: u64, limit: u64| bytes.wrapping_sub(EACH * limit) & !bytes & (EACH << 7);
    let is = |byte: u8| below(bytes ^ (EACH * u64::from(byte)), 1);
    below(bytes, 0x20) | is(b'"') | is(b'\\') != 0
}

#[cfg(test)]
mod tests {
    use super::{ESCAPES, plain_length};

    #[test]
    fn what_is_escaped_is_found_at_every_place_and_nothing_else() {
        for byte in 0..=u8::MAX {
            for length in 1..20 {
                for at in 0..length {
                    let mut bytes = vec![b'a'; length];
                    bytes[at] = byte;
                    let expect = if ESCAPES[usize::from(byte)] == 0 { length } else { at };
                    assert_eq!(plain_length(&bytes), expect, "{byte:#x} at {at} of {length}");
                }
            }
        }
    }
}
