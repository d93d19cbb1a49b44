//! Work shared out among threads, where there is enough of it.

use std::num::NonZeroUsize;
use std::sync::LazyLock;
use std::thread;

/// Pieces that a thread is worth: to start one takes as long as to write a few.
const WORTH_A_THREAD: usize = 32;

static THREADS: LazyLock<usize> =
    LazyLock::new(|| thread::available_parallelism().map_or(1, NonZeroUsize::get));

/// Items of which is told at once that they are next.
const AHEAD: usize = 32;

/// What `each` makes of each item, in their order; `ahead` is told of some items before they are made. Whoever copies everything for the first time, alone on the machine,
/// has its pages written by all its cores.
pub(crate) fn shared<T: Sync, R: Send>(
    items: &[T],
    ahead: impl Fn(&[T]) + Sync,
    each: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let all = |items: &[T]| {
        let mut made = Vec::with_capacity(items.len());
        for some in items.chunks(AHEAD) {
            ahead(some);
            made.extend(some.iter().map(&each));
        }
        made
    };
    let threads = (items.len() / WORTH_A_THREAD).min(*THREADS);
    if threads < 2 {
        return all(items);
    }
    let part = items.len().div_ceil(threads);
    let (first, rest) = items.split_at(part);
    let all = &all;
    thread::scope(|scope| {
        let others: Vec<_> = rest.chunks(part).map(|part| scope.spawn(move || all(part))).collect();
        let mut made: Vec<R> = all(first);
        for other in others {
            made.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        made
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::{WORTH_A_THREAD, shared};

    #[test]
    fn whatever_the_number_each_item_is_made_once_and_in_order() {
        for count in [0, 1, WORTH_A_THREAD, 2 * WORTH_A_THREAD, 2 * WORTH_A_THREAD + 1, 1_000] {
            let items: Vec<usize> = (0..count).collect();
            let told = Mutex::new(Vec::new());
            let made = shared(
                &items,
                |some| told.lock().expect("nobody panics").extend_from_slice(some),
                |item| item * 2,
            );
            let mut told = told.into_inner().expect("nobody panics");
            told.sort_unstable();
            assert_eq!(told, items, "{count}");
            assert_eq!(made, items.iter().map(|item| item * 2).collect::<Vec<_>>(), "{count}");
        }
    }
}
