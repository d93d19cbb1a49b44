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

/// How long a test goes on that could go on for ever: `usual`, or the seconds that `FREEHOLD_TEST_SECONDS` names.
///
/// # Panics
/// Where the variable is no whole number.
#[must_use]
pub fn lasting(usual: std::time::Duration) -> std::time::Duration {
    match std::env::var("FREEHOLD_TEST_SECONDS") {
        Ok(text) => {
            let seconds =
                text.parse().unwrap_or_else(|_| panic!("FREEHOLD_TEST_SECONDS is no number: {text:?}"));
            std::time::Duration::from_secs(seconds)
        }
        Err(_) => usual,
    }
}
