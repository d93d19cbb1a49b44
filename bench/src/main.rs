//! The benchmark: everything in one run on one machine, as tables for `docs/benchmarks.md`.
//!
//! ```text
//! cargo run --release -p bench -- [SECTION …] [LISTINGS …]
//! ```
//! Sections: `start` (nothing but the town itself), `inside` (searches in the process), `http` (the RESO
//! door over HTTP, against the same bytes ready-made), `partner` (the questions of a listing site, against
//! PostgreSQL with PostGIS), `pull` (a copy of everything by the RESO Web API, into a store of its own), `walk` (a copy of
//! everything by SyncListings, beside a writer), and by itself
//! `events` (reports published, events delivered: so many as the number says, 100000 without) and `lockbox-import`
//! (an association of so many members, 100000 without, and twice as many listings, imported twice) and `lockbox` (who may
//! open which box, and an audit of so many entries, 1000000 without) and `association` (a forced resync of so many members,
//! 100000 without, pulled by another Freehold, and a year planned). Without any,
//! `inside` and `http`; without numbers, 100000 1000000. Import, start and memory are measured while the
//! town of each size is built, and with more than one size a table of growth ends the report. `--keep`
//! leaves each town's store in the temporary directory and finds it there the next time; `--only WORD` asks, of
//! `inside`, the questions with this word in their name for some seconds, for a profiler, of `partner` the
//! doors alone such questions, and of `http` the partner door's.
//!
//! No test asserts a time; this prints them, with the ratios that hold on other machines too.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints")]

mod association;
mod client;
mod events;
mod http;
mod inside;
mod lockbox;
mod lockbox_import;
mod machine;
mod partner;
mod partner_door;
mod pictures;
mod postgis;
mod pull;
mod questions;
mod ready;
mod report;
mod town;
mod walk;

use std::time::Instant;

use anyhow::{Result, bail};
use mimalloc::MiMalloc;

use crate::report::Report;
use crate::town::Town;

/// The allocator of the `freehold` binary.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// What is measured besides the town itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Start,
    Inside,
    Http,
    Partner,
    Pull,
    Walk,
}

/// What is measured by itself, without a town.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Alone {
    Events,
    LockboxImport,
    Lockbox,
    Association,
}

impl Alone {
    fn find(word: &str) -> Option<Self> {
        match word {
            "events" => Some(Self::Events),
            "lockbox-import" => Some(Self::LockboxImport),
            "lockbox" => Some(Self::Lockbox),
            "association" => Some(Self::Association),
            _ => None,
        }
    }

    /// How many, where nobody says.
    fn assumed(self) -> u64 {
        if self == Self::Lockbox { 1_000_000 } else { 100_000 }
    }
}

/// What the command line asks for.
struct Asked {
    sections: Vec<Section>,
    alone: Option<Alone>,
    sizes: Vec<u64>,
    keep: bool,
    only: Option<String>,
}

impl Asked {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let mut asked =
            Self { sections: Vec::new(), alone: None, sizes: Vec::new(), keep: false, only: None };
        while let Some(word) = words.next() {
            match word.as_str() {
                "start" => asked.sections.push(Section::Start),
                "inside" => asked.sections.push(Section::Inside),
                "http" => asked.sections.push(Section::Http),
                "partner" => asked.sections.push(Section::Partner),
                "pull" => asked.sections.push(Section::Pull),
                "walk" => asked.sections.push(Section::Walk),
                "events" | "lockbox-import" | "lockbox" | "association" if asked.alone.is_none() => {
                    asked.alone = Alone::find(&word);
                }
                "--keep" => asked.keep = true,
                "--only" => asked.only = words.next(),
                number => match number.parse() {
                    Ok(size) => asked.sizes.push(size),
                    Err(_) => bail!(
                        "{word:?} is neither a section (start, inside, http, partner, pull, walk, events, \
                         lockbox-import, lockbox, association) nor a number"
                    ),
                },
            }
        }
        if let Some(alone) = asked.alone {
            if !asked.sections.is_empty() {
                bail!("this is measured by itself: what the others leave in memory is not its own");
            }
            asked.sizes.extend(asked.sizes.is_empty().then_some(alone.assumed()));
            return Ok(asked);
        }
        if asked.sections.is_empty() {
            asked.sections = vec![Section::Inside, Section::Http];
        }
        // A walk is beside a writer, who takes away what others ask for.
        asked.sections.sort_by_key(|section| *section == Section::Walk);
        if asked.sizes.is_empty() {
            asked.sizes = vec![100_000, 1_000_000];
        }
        Ok(asked)
    }
}

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [word, address, folder] = &words[..]
        && word == pull::PULLER
    {
        return runtime.block_on(pull::puller(address.parse()?, folder.as_ref()));
    }
    let asked = Asked::read(words.into_iter())?;
    let mut report = Report::begin(&machine::describe());
    for size in &asked.sizes {
        let began = Instant::now();
        match asked.alone {
            Some(alone) => runtime.block_on(by_itself(&mut report, alone, *size))?,
            None => runtime.block_on(one(&mut report, &asked, *size))?,
        }
        eprintln!("{size} took {:.0} s", began.elapsed().as_secs_f64());
    }
    report.growth();
    Ok(())
}

/// What needs no town, in a folder of its own.
async fn by_itself(report: &mut Report, what: Alone, size: u64) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("freehold-bench-alone-{}", std::process::id()));
    let done = match what {
        Alone::Events => events::run(report, &folder, size).await,
        Alone::LockboxImport => lockbox_import::run(report, &folder, size).await,
        Alone::Lockbox => lockbox::run(report, &folder, size).await,
        Alone::Association => association::run(report, &folder, size).await,
    };
    drop(std::fs::remove_dir_all(&folder));
    done
}

/// Everything at one size.
async fn one(report: &mut Report, asked: &Asked, size: u64) -> Result<()> {
    report.size(size);
    let name = if asked.keep { size.to_string() } else { format!("{size}-{}", std::process::id()) };
    let folder = std::env::temp_dir().join(format!("freehold-bench-{name}"));
    std::fs::create_dir_all(&folder)?;
    let done = async {
        let town = Town::build(report, &folder, size).await?;
        let only = asked.only.as_deref();
        for section in &asked.sections {
            match section {
                Section::Start => {}
                Section::Inside => inside::run(report, &town, only),
                Section::Http => {
                    if only.is_none() {
                        http::run(report, &town).await?;
                    }
                    partner_door::shares(report, &town, only).await?;
                }
                Section::Partner => partner::run(report, &town, size, only).await?,
                Section::Pull => pull::run(report, &town, &folder).await?,
                Section::Walk => walk::run(report, &town).await?,
            }
        }
        anyhow::Ok(())
    }
    .await;
    if !asked.keep {
        // The store closes on a thread of its own and takes its files away, too.
        drop(std::fs::remove_dir_all(&folder));
    }
    done
}
