//! A bar for the person who waits; nothing where nobody watches.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over `total` things that are called `what`. It is drawn at a terminal only.
pub(super) fn bar(total: u64, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(total);
    let form = "{msg} {bar:32} {human_pos}/{human_len} {per_sec} {eta} left";
    if let Ok(style) = ProgressStyle::with_template(form) {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar
}
