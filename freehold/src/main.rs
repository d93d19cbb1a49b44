//! Freehold: a self-hosted real-estate data exchange.
//!
//! The binary reads the settings, opens the store, starts the roles and stops them in order. It does not
//! know a rule of the domain.

mod clock;
mod commands;
mod local;
mod outside;
mod serve;
mod settings;
mod watch;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

/// Answers are made of many short-lived pieces of memory on several threads at once.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let line = commands::Line::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return commands::say_error(&error.into()),
    };
    match runtime.block_on(commands::run(line)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => commands::say_error(&error),
    }
}
