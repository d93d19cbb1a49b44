//! A hash that is the same for ever: on another machine, in another version.

/// FNV-1a of 64 bits. It guards against accidents, not against people.
pub(crate) fn steady(parts: &[&[u8]]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        // A byte that no UTF-8 holds stands between the parts, so that they cannot flow together.
        for byte in part.iter().chain(&[0xFF]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}
