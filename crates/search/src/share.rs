//! Work for several threads.

use parking_lot::Mutex;

/// Does `each` of these, every thread the next that nobody has begun; returns when all is done.
pub(crate) fn share<W: Send>(threads: usize, work: impl Iterator<Item = W> + Send, each: impl Fn(W) + Sync) {
    let left = Mutex::new(work);
    let run = || {
        loop {
            // The lock is given back before the work begins.
            let next = left.lock().next();
            let Some(next) = next else { return };
            each(next);
        }
    };
    std::thread::scope(|scope| {
        (1..threads).for_each(|_| drop(scope.spawn(run)));
        run();
    });
}
