//! A copy of everything, pulled over HTTP from a Freehold into a store of another (RESO-080).
//!
//! Who pulls is a process of its own, so that its memory is its own: the benchmark starts itself again for it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use dictionary::{Dictionary, Record, Version};
use intake::{Clock, Moved, Places, Progress, Sources};
use pull::{Puller, Time};
use store::{Batch, Operation, Settings, Store};
use testkit::real_time;

use crate::http::Server;
use crate::machine;
use crate::report::{Figure, Report, Target};
use crate::town::Town;

/// The word with which the benchmark starts itself as the one who pulls.
pub(crate) const PULLER: &str = "puller";
/// The file in its folder that holds the key.
const KEY: &str = "key";
/// Megabytes that the puller may take at most.
const MEGABYTES: f64 = 300.0;

/// Pulls the town's records into an empty store.
pub(crate) async fn run(report: &mut Report, town: &Town, folder: &Path) -> Result<()> {
    let server = Server::start_at(town, real_time).await?;
    let copy = folder.join("copy");
    std::fs::create_dir_all(&copy)?;
    let mut puller = tokio::process::Command::new(std::env::current_exe()?);
    std::fs::write(copy.join(KEY), &town.key)?;
    puller.arg(PULLER).arg(server.address.to_string()).arg(&copy);
    let done = puller.kill_on_drop(true).output().await;
    drop(std::fs::remove_dir_all(&copy));
    let done = done?;
    if !done.status.success() {
        bail!("the puller: {}", String::from_utf8_lossy(&done.stderr));
    }
    let said = String::from_utf8(done.stdout)?;
    let mut words = said.split_whitespace();
    let mut number =
        || words.next().and_then(|word| word.parse::<f64>().ok()).context("what the puller says");
    let (records, seconds, megabytes) = (number()?, number()?, number()?);
    let what = "pulled from another Freehold into SQLite, durable";
    report.add(what, Figure::Rate(records / seconds, "records", None), Target::AtLeast(10_000.0));
    report.add(format!("{what}: records"), Figure::Amount(records, "records"), Target::Open);
    let memory = Figure::Amount(megabytes, "MB");
    report.add(format!("{what}: memory of who pulls, at its peak"), memory, Target::AtMost(MEGABYTES));
    Ok(())
}

/// The one who pulls: prints records, seconds and megabytes.
pub(crate) async fn puller(address: SocketAddr, folder: &Path) -> Result<()> {
    let words = Arc::new(Dictionary::standard(Version::V2_1));
    let store = Store::open(Settings::sqlite(folder.join("copy.sqlite")), Arc::clone(&words)).await?;
    let rules = outbound::Rules { allowed: vec!["127.0.0.0/8".parse()?] };
    let http = outbound::Client::new(outbound::Settings { rules, ..outbound::Settings::default() })?;
    let key = std::fs::read_to_string(folder.join(KEY))?;
    let clock: Clock = Arc::new(real_time);
    let time = Time::real(Arc::clone(&clock));
    let open = Arc::new(move |_: &str, _: &str| Some(key.clone()));
    let puller = Puller::new(store.clone(), Arc::clone(&words), time, http, open);
    let sources = Sources::new(store.clone(), Arc::clone(&words), clock, Places::default(), "bench");
    let sources = sources.with_api(Arc::new(puller));
    let own = words.known("Source");
    let mut record = Record::new(own.id);
    let location = format!("http://{address}/odata");
    for (name, text) in [
        ("SourceId", "town"),
        ("FeedId", "COPY"),
        ("SourceType", "RESO Web API"),
        ("SourceStatus", "Active"),
        ("SourceProfile", "reso"),
        ("SourceLocation", location.as_str()),
        ("SealedCredential", "sealed"),
    ] {
        record.set(own.find(name).context("Source has these fields")?, text.to_owned());
    }
    record.set(own.timestamp.context("Source has a timestamp")?, real_time());
    let operations = vec![Operation::put("freehold", record)];
    store.write(Batch { operations, ..Batch::new("bench", real_time()) }).await?;
    let began = Instant::now();
    let report = sources.run("town", Arc::new(Untold)).await?;
    let seconds = began.elapsed().as_secs_f64();
    println!("{} {seconds} {}", report.rows, machine::peak_megabytes().unwrap_or(0.0));
    Ok(())
}

/// Nobody looks on.
struct Untold;

impl Progress for Untold {
    fn moved(&self, _: &Moved) {}
}
