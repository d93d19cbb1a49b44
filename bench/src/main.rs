//! The benchmark: everything in one run on one machine, as a table for `docs/benchmarks.md`.
//!
//! `cargo run --release -p bench -- [LISTINGS …]` (default 100000 1000000). No test asserts a time; this
//! prints them, with the ratios that hold on other machines too.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints")]

mod http;
mod inside;
mod machine;
mod town;

use std::time::Instant;

use anyhow::Result;

fn main() -> Result<()> {
    let mut sizes: Vec<u64> = std::env::args().skip(1).map(|word| word.parse()).collect::<Result<_, _>>()?;
    if sizes.is_empty() {
        sizes = vec![100_000, 1_000_000];
    }
    println!("{}\n", machine::describe());
    println!("| listings | what | figure | target |\n|---|---|---|---|");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    for size in sizes {
        let began = Instant::now();
        runtime.block_on(one(size))?;
        eprintln!("{size} listings took {:.0} s", began.elapsed().as_secs_f64());
    }
    Ok(())
}

/// Everything at one size.
async fn one(size: u64) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("freehold-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let done = async {
        let town = town::Town::build(&folder, size).await?;
        inside::run(&town, size);
        http::run(&town, size).await
    }
    .await;
    std::fs::remove_dir_all(&folder)?;
    done
}

/// A line of the table.
fn row(size: u64, what: &str, figure: &str, target: &str) {
    println!("| {size} | {what} | {figure} | {target} |");
}
