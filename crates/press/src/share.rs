//! Work shared out among threads, where there is enough of it.

use std::num::NonZeroUsize;
use std::sync::LazyLock;
use std::thread;

/// Pieces that a thread is worth: to start one takes as long as to write a few.
const WORTH_A_THREAD: usize = 32;

static THREADS: LazyLock<usize> =
    LazyLock::new(|| thread::available_parallelism().map_or(1, NonZeroUsize::get));

/// What `each` makes of each item, in their order. Whoever copies everything for the first time, alone on the machine,
/// has its pages written by all its cores.
pub(crate) fn shared<T: Sync, R: Send>(items: &[T], each: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = (items.len() / WORTH_A_THREAD).min(*THREADS);
    if threads < 2 {
        return items.iter().map(each).collect();
    }
    let part = items.len().div_ceil(threads);
    let (first, rest) = items.split_at(part);
    let each = &each;
    thread::scope(|scope| {
        let others: Vec<_> = rest
            .chunks(part)
            .map(|part| scope.spawn(move || part.iter().map(each).collect::<Vec<R>>()))
            .collect();
        let mut made: Vec<R> = first.iter().map(each).collect();
        for other in others {
            made.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        made
    })
}

#[cfg(test)]
mod tests {
    use super::{WORTH_A_THREAD, shared};

    #[test]
    fn whatever_the_number_each_item_is_made_once_and_in_order() {
        for count in [0, 1, WORTH_A_THREAD, 2 * WORTH_A_THREAD, 2 * WORTH_A_THREAD + 1, 1_000] {
            let items: Vec<usize> = (0..count).collect();
            let made = shared(&items, |item| item * 2);
            assert_eq!(made, items.iter().map(|item| item * 2).collect::<Vec<_>>(), "{count}");
        }
    }
}
