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
    let bytes = text.as_bytes();
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    // Most text has nothing to escape: it is copied in one piece, else piece by piece.
    let mut copied = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let escape = ESCAPES[usize::from(*byte)];
        if escape == 0 {
            continue;
        }
        out.extend_from_slice(&bytes[copied..at]);
        copied = at + 1;
        out.push(b'\\');
        if escape == b'u' {
            const HEX: &[u8; 16] = b"0123456789abcdef";
            let digit = |n: u8| HEX[usize::from(n & 15)];
            out.extend_from_slice(&[b'u', b'0', b'0', digit(byte >> 4), digit(*byte)]);
        } else {
            out.push(escape);
        }
    }
    out.extend_from_slice(&bytes[copied..]);
    out.push(b'"');
}
