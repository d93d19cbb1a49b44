//! How fast a file goes in: `cargo run --release -p intake --example rate -- MAPPING FILE [TIMES]`, each
//! time into the same new store, so that the second time shows what finding no change costs.

use std::error::Error;
use std::sync::Arc;

use dictionary::{Dictionary, Version};
use intake::{Clock, Job, Limits, Mapping, RunOptions, Silent, Source};
use store::{Settings, Store};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut given = std::env::args().skip(1);
    let (Some(mapping), Some(file)) = (given.next(), given.next()) else {
        return Err("give a mapping and a file".into());
    };
    let times = given.next().map_or(Ok(2), |times| times.parse::<usize>())?;
    let words = Arc::new(Dictionary::standard(Version::V2_1));
    let dir = tempfile::tempdir()?;
    let store = Store::open(Settings::sqlite(dir.path().join("freehold.db")), Arc::clone(&words)).await?;
    let mapping = Mapping::read(&std::fs::read_to_string(mapping)?)?;
    let clock: Clock = Arc::new(testkit::real_time);
    for _ in 0..times {
        let job = Job::open(Arc::clone(&words), &mapping, Source::file(&file), Limits::default())?;
        report(&job.check(&clock, &Silent)?.to_string());
        let run = job.run(&store, RunOptions::new("rate", Arc::clone(&clock)), Arc::new(Silent)).await?;
        report(&run.to_string());
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "an example that shows figures")]
fn report(text: &str) {
    println!("{text}");
}
