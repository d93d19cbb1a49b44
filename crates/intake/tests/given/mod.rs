//! What the tests of this crate are given.

use std::sync::{Arc, LazyLock};

use dictionary::{Dictionary, Version};

/// The standard dictionary, built once.
pub(crate) fn words() -> Arc<Dictionary> {
    static WORDS: LazyLock<Arc<Dictionary>> = LazyLock::new(|| Arc::new(Dictionary::standard(Version::V2_1)));
    Arc::clone(&WORDS)
}
