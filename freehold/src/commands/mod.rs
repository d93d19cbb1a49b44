//! The command line: one word a command, each a file of this room.

mod backup;
mod crowd;
mod demo;
mod doctor;
mod export;
mod import;
mod line;
mod operate;
mod progress;
mod pull;
mod run;
mod webhooks;

#[cfg(test)]
mod tests;

use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;

use anyhow::Result;

use line::Command;
pub(crate) use line::Line;

use crate::settings::{REFERENCE, Settings};

/// Does what the line says.
pub(crate) async fn run(line: Line) -> Result<()> {
    let mut settings = Settings::read(line.settings.as_deref())?;
    line.command.override_settings(&mut settings);
    crate::watch::start_log(&settings.log);
    match line.command {
        Command::Run(_) => run::run(&settings).await,
        Command::Demo(demo) => demo::demo(&demo, settings).await,
        Command::Crowd(crowd) => crowd::crowd(&crowd, &settings).await,
        Command::Import(import) => import::import(&import, &settings).await,
        Command::Pull(pull) => pull::pull(&pull, &settings).await,
        Command::Compare(compare) => pull::compare(&compare, &settings).await,
        Command::Propose { file, resource, feed } => import::propose(&file, &resource, &feed, &settings),
        Command::Backup { file, .. } => backup::backup(&file, &settings).await,
        Command::Restore { file, .. } => backup::restore(&file, &settings).await,
        Command::Export { resource, file, feed, .. } => {
            export::export(&resource, &file, feed.as_deref(), &settings).await
        }
        Command::Doctor(_) => doctor::doctor(&settings).await,
        Command::Operate { what, .. } => operate::operate(&what, &settings).await,
        Command::Settings => {
            say(REFERENCE.trim_end());
            Ok(())
        }
    }
}

/// Prints a line for the person at the terminal. Who stops reading (`| head`) has seen enough.
pub(crate) fn say(text: &str) {
    if let Err(error) = writeln!(std::io::stdout(), "{text}")
        && error.kind() != ErrorKind::BrokenPipe
    {
        tracing::error!("what was to be said cannot be printed: {error}");
    }
}

/// Prints why a command failed.
#[expect(clippy::print_stderr, reason = "the log may not have begun")]
pub(crate) fn say_error(error: &anyhow::Error) -> ExitCode {
    match code(error) {
        Some(code) => eprintln!("{error:#} ({code})"),
        None => eprintln!("{error:#}"),
    }
    ExitCode::FAILURE
}

/// The code of what went wrong, for whoever looks it up or acts on it.
fn code(error: &anyhow::Error) -> Option<&'static str> {
    error.chain().find_map(|cause| {
        let store = cause.downcast_ref().map(store::StoreError::code);
        store.or_else(|| cause.downcast_ref::<intake::IntakeError>().map(|error| error.code))
    })
}
