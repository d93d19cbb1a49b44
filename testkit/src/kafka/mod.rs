//! A real Apache Kafka for tests: the one that `FREEHOLD_TEST_KAFKA` names, or one node of this process's own
//! (KRaft: broker and controller in one), started from the archives that `cargo xtask kafka` fetched and gone
//! when the process is.

mod broker;

use std::sync::OnceLock;

pub use broker::Broker;

/// What to do where there is no broker and none can be started.
const HINT: &str = "`cargo xtask kafka` fetches Apache Kafka from Maven Central into target/kafka (it needs Java 17 and \
     Maven; as root on Debian it installs them), or name a broker: FREEHOLD_TEST_KAFKA=host:port. \
     `cargo xtask test` sees to it by itself.";

/// `host:port` of the broker that this process's tests share; topics are made where they are first named.
///
/// # Panics
/// Where there is none and none can be started, with a hint.
#[must_use]
pub fn bootstrap() -> &'static str {
    static ADDRESS: OnceLock<String> = OnceLock::new();
    // Nothing in a static is dropped: the broker ends with the process (see its guard).
    static BROKER: OnceLock<Broker> = OnceLock::new();
    ADDRESS.get_or_init(|| match std::env::var("FREEHOLD_TEST_KAFKA") {
        Ok(address) if !address.is_empty() => address,
        _ => BROKER.get_or_init(Broker::start).address(),
    })
}

/// Fails the test with what went wrong and the hint.
fn fail(wrong: impl std::fmt::Display) -> ! {
    panic!("{wrong}\n{HINT}")
}
