//! Chance that can be had again.

use fastrand::Rng;

/// Random numbers for one test. The seed is `FREEHOLD_SEED` where that is set, and new otherwise; it is
/// printed, so that cargo shows it where the test fails.
///
/// # Panics
/// Where `FREEHOLD_SEED` is no whole number.
#[must_use]
#[expect(clippy::print_stdout, reason = "cargo keeps a test's output and shows it only where the test fails")]
pub fn rng(test: &str) -> Rng {
    let seed = match std::env::var("FREEHOLD_SEED") {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("FREEHOLD_SEED={text:?} is no whole number")),
        Err(_) => fastrand::u64(..1 << 48),
    };
    println!("{test}: FREEHOLD_SEED={seed}");
    Rng::with_seed(seed)
}
