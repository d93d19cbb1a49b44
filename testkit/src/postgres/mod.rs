//! A real PostgreSQL for tests: the one that `FREEHOLD_TEST_POSTGRES` names, or one of this process's own,
//! started from the installed programs and gone when the process is.

mod database;
mod programs;
mod server;

pub use database::Database;
#[cfg(test)]
pub(crate) use database::with_database;
pub use server::Server;

/// What to do where there is no server and none can be started.
const HINT: &str = "Install PostgreSQL's server programs (Debian: apt-get install postgresql), or name a server \
     where databases may be made: FREEHOLD_TEST_POSTGRES=postgres://user:password@host/postgres. \
     `cargo xtask test` sees to it by itself.";

/// Fails the test with what went wrong and the hint.
fn fail(wrong: impl std::fmt::Display) -> ! {
    panic!("{wrong}\n{HINT}")
}
